# ruff: noqa: E501  pages and tables of cases read better unbroken
"""Where pages of real systems keep their dates, and how they write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.extraction import extract
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
    ],
)
def test_visible_days_in_east_asian_signs(page):
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
