# ruff: noqa: E501  pages and tables of cases read better unbroken
"""Where pages of real systems keep their dates, and how they write them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.base import Link
from crawler.extraction import extract
from crawler.extraction.calendars import gregorian
from crawler.extraction.dates import read_moment
from crawler.items import Article
from tests.extraction.looks import STORY

URL = "https://eastern-ledger.example/wall"
NOW = datetime(2026, 11, 20, tzinfo=UTC)
MOMENT = datetime(2026, 10, 15, 8, 30, 15, tzinfo=UTC)


def read(above: str = "", head: str = "", below: str = "", fetched_at: datetime | None = NOW) -> Article:
    body = "".join(f"<p>{piece}</p>" for piece in STORY)
    page = f"<html><head>{head}</head><body><article><h1>Brackwater votes on its wall</h1>{above}<div>{body}</div></article>{below}</body></html>"
    article = extract(URL, page.encode(), fetched_at=fetched_at)
    assert isinstance(article, Article), article
    return article


@pytest.mark.parametrize(
    "markup",
    [
        '<abbr class="published" itemprop="datePublished" title="2026-10-15T10:30:15+02:00">10:30</abbr>',
        '<a rel="bookmark" title="permanent link"><abbr class="published" title="2026-10-15T10:30:15+02:00">10:30</abbr></a>',
        '<span property="dc:date dc:created" content="2026-10-15T10:30:15+02:00" datatype="xsd:dateTime">Thu, 15/10/2026</span>',
        '<span property="schema:dateCreated" content="2026-10-15T08:30:15+00:00">Thursday</span>',
        '<span property="http://schema.org/datePublished" content="2026-10-15T08:30:15Z">Thursday</span>',
        '<time property="dcterms:issued" datetime="2026-10-15T08:30:15Z">Thursday</time>',
    ],
)
def test_dates_in_the_attributes_of_a_body(markup):
    article = read(markup)
    assert article.published_at == MOMENT
    assert article.published_precision == "second"


def test_a_title_that_is_no_date_states_none():
    assert read('<abbr class="published" title="2026 Brackwater games">BG</abbr>').published_at is None
    shown = read('<abbr class="published" itemprop="datePublished" title="The day">2026-10-15</abbr>')
    assert (shown.published_at, shown.published_precision) == (datetime(2026, 10, 15, tzinfo=UTC), "day")


def test_a_mere_year_is_no_day():
    assert read("<span class='date'>Autumn 2026</span>").published_at is None


def test_the_date_and_the_author_of_a_comment_are_not_the_articles():
    comment = '<div class="comment"><span property="schema:dateCreated" content="2026-10-18T08:30:15Z">x</span> by <span itemprop="author">Gull</span></div>'
    article = read(head='<meta name="date" content="2026-10-15">', below=comment)
    assert (article.published_at, article.published_precision) == (datetime(2026, 10, 15, tzinfo=UTC), "day")
    assert article.authors == ()
    assert read(comment + '<span itemprop="author">Ada Quill</span>').authors == ("Ada Quill",)


@pytest.mark.parametrize("number", ["1792053015", "1792053015000", "1792053015.0", '"1792053015"'])
def test_seconds_since_1970_in_json_ld(number):
    told = f'<script type="application/ld+json">{{"@type":"NewsArticle","datePublished":{number}}}</script>'
    assert read(head=told).published_at == MOMENT


@pytest.mark.parametrize("number", ["true", "1e400", "-5", "99999999999999999999", "NaN", "{}", "[[]]"])
def test_numbers_that_are_no_date(number):
    told = f'<script type="application/ld+json">{{"@type":"NewsArticle","datePublished":{number}}}</script>'
    assert read(head=told).published_at is None


@pytest.mark.parametrize(
    ("text", "moment", "precision"),
    [
        ("Thu Oct 15 2026 10:30:15 GMT+0200 (Central European Summer Time)", "2026-10-15T10:30:15+02:00", "second"),
        ("Thu, 15 Oct 2026 08:30:15 UTC+00:00", "2026-10-15T08:30:15+00:00", "second"),
        ("Thu Oct 15 2026 04:30:15 GMT-0400 (EDT)", "2026-10-15T04:30:15-04:00", "second"),
        ("2026年10月15日", "2026-10-15T00:00:00", "day"),
        ("2026년 10월 15일 오후 4:05", "2026-10-15T16:05:00", "minute"),
        ("公開日：2026年10月15日（木） 8時30分", "2026-10-15T08:30:00", "minute"),
        ("发布时间：2026年10月15日 20:30", "2026-10-15T20:30:00", "minute"),
    ],
)
def test_moments_as_scripts_and_east_asia_write_them(text, moment, precision):
    stated = read_moment(text)
    assert stated is not None
    assert (stated.moment.isoformat(), stated.precision) == (moment, precision)


@pytest.mark.parametrize(
    ("text", "moment", "precision"),
    [
        ("۲۳ مهر ۱۴۰۵", "2026-10-15T00:00:00", "day"),
        ("پنج‌شنبه ۲۳ مهرماه ۱۴۰۵ - ۱۰:۳۰", "2026-10-15T10:30:00", "minute"),
        ("مهر 23, 1405", "2026-10-15T00:00:00", "day"),
        ("۲۳ میزان ۱۴۰۵", "2026-10-15T00:00:00", "day"),
        ("تاریخ انتشار: ۱۴۰۵/۰۷/۲۳ ۰۸:۳۰:۱۵", "2026-10-15T08:30:15", "second"),
        ("1405/7/23", "2026-10-15T00:00:00", "day"),
        ("1405-07-23T10:30:15+03:30", "2026-10-15T10:30:15+03:30", "second"),
        ("۳۰ اسفند ۱۴۰۳", "2025-03-20T00:00:00", "day"),
        ("۱ فروردین ۱۴۰۴", "2025-03-21T00:00:00", "day"),
        ("1387-12-30", "2009-03-20T00:00:00", "day"),
        ("15 ตุลาคม 2569", "2026-10-15T00:00:00", "day"),
        ("วันพฤหัสบดีที่ 15 ตุลาคม พ.ศ. 2569 เวลา 10:30 น.", "2026-10-15T10:30:00", "minute"),
        ("15 ต.ค. 69 10.30 น.", "2026-10-15T10:30:00", "minute"),
        ("15 ต.ค. 2026", "2026-10-15T00:00:00", "day"),
        ("๑๕ ต.ค. ๒๕๖๙", "2026-10-15T00:00:00", "day"),
        ("15/10/2569 10:30", "2026-10-15T10:30:00", "minute"),
        ("2569-10-15T10:30:15+07:00", "2026-10-15T10:30:15+07:00", "second"),
    ],
)
def test_the_calendars_of_iran_afghanistan_and_thailand(text, moment, precision):
    stated = read_moment(text)
    assert stated is not None
    assert (stated.moment.isoformat(), stated.precision) == (moment, precision)


@pytest.mark.parametrize(
    "text",
    ["۳۱ مهر ۱۴۰۵", "1404-12-30", "۲۳ مهر ۱۰:۳۰", "15 ต.ค. 10:30", "32 ตุลาคม 2569", "1405/13/01", "31/02/2569", "۱۴۰۵"],
)
def test_days_that_no_calendar_has(text):
    assert read_moment(text) is None


@given(st.dates(date(1922, 3, 21), date(2033, 3, 19)))
def test_each_day_of_the_solar_calendar_is_one_of_ours(day):
    """Walks the months from the new year of the day: what comes out must be that day."""
    year = day.year - (622 if (day.month, day.day) < (3, 19) else 621)
    while date(*gregorian(year, 1, 1)) > day:
        year -= 1
    month = 1
    while month < 12 and date(*gregorian(year, month + 1, 1)) <= day:
        month += 1
    rest = (day - date(*gregorian(year, month, 1))).days
    assert gregorian(year, month, rest + 1) == (day.year, day.month, day.day)


@given(st.text(alphabet="۰۱۲۳۴۵۶۷۸۹0123456789/:- مهر.ต.คม,", max_size=40))
def test_no_sign_of_a_calendar_is_too_strange(text):
    read_moment(text)


@pytest.mark.parametrize("text", ["2026年13月41日", "2026年", "在2026年10月", "2026年10月15日 99:99"])
def test_signs_that_name_no_day(text):
    assert read_moment(text) is None


@pytest.mark.parametrize(
    "page",
    [
        {"above": '<span class="date">2026年10月15日</span>'},
        {"above": "<p><span>2026</span>年<span>10</span>月<span>15</span>日</p>"},
        {"above": '<div class="post-meta">입력 2026년 10월 15일 10:30</div>'},
        {"above": "<p>2026年10月15日</p>", "below": "<ul><li>2026年9月3日</li></ul>"},
        {"above": '<span class="post-date">پنج‌شنبه ۲۳ مهر ۱۴۰۵</span>'},
        {"above": "<p>کد خبر: ۱۲۳۴</p><p>۱۴۰۵/۰۷/۲۳ - ۱۰:۳۰</p>"},
        {"above": "<p>15 ตุลาคม 2569</p>", "below": "<p>3 กันยายน 2569</p>"},
    ],
)
def test_visible_days_in_the_signs_of_their_country(page):
    article = read(**page)
    assert article.published_at is not None
    assert article.published_at.date() == MOMENT.date()
    assert article.published_precision == "day"


def test_the_day_of_the_visit_stands_above_the_heading():
    page = f"<html><body><p>2026年10月19日 星期一</p><h1>Brackwater</h1><p>2026年10月15日</p>{''.join(f'<p>{one}</p>' for one in STORY)}</body></html>"
    article = extract(URL, page.encode(), fetched_at=NOW)
    assert isinstance(article, Article)
    assert article.published_at is not None
    assert article.published_at.date() == MOMENT.date()


@pytest.mark.parametrize("fetched_at", [None, NOW])
def test_dates_ahead_of_now_are_not_believed_whoever_reads(fetched_at):
    told = '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2199-01-01T00:00:01Z"}</script>'
    shown = '<time class="published" datetime="2021-10-15T08:30:15Z">then</time>'
    assert read(shown, told, fetched_at=fetched_at).published_at == MOMENT.replace(year=2021)
    assert read(shown, told, fetched_at=fetched_at).fetched_at == fetched_at


@pytest.mark.parametrize(
    ("listed", "read"),
    [
        (datetime(2027, 3, 1, 9, 15, tzinfo=UTC), (None, None)),
        (datetime(1970, 1, 1, tzinfo=UTC), (None, None)),
        (datetime(2026, 10, 15, tzinfo=UTC), (datetime(2026, 10, 15, tzinfo=UTC), "day")),
        (MOMENT, (MOMENT, "second")),
    ],
)
def test_what_a_feed_says_is_believed_no_more_than_the_page(listed, read):
    page = f"<html><body><article><h1>Brackwater votes</h1>{''.join(f'<p>{piece}</p>' for piece in STORY)}</article></body></html>"
    article = extract(URL, page.encode(), fetched_at=NOW, hints=Link(URL, published=listed, modified=listed))
    assert isinstance(article, Article)
    assert (article.published_at, article.published_precision) == read
    assert article.modified_at == read[0]
