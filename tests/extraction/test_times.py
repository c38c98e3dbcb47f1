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
from crawler.extraction.worded import read_line
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
        ("July 15, 2026 4:30 PM ET", "2026-07-15T16:30:00-04:00", "minute"),
        ("December 15, 2026 4:30 PM ET", "2026-12-15T16:30:00-05:00", "minute"),
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


def read_shown(line: str, language: str = "", head: str = "", hints: Link | None = None, layout: str = "") -> Article:
    """A page whose only date is a line below its heading, as `layout` has it."""
    body = "".join(f"<p>{piece}</p>" for piece in STORY)
    shown = (
        layout or '<h1>Brackwater votes on its wall</h1><div class="meta"><span class="when">@</span></div>'
    ).replace("@", line)
    page = f'<html lang="{language}"><head><title>Brackwater votes on its wall</title>{head}</head><body><article>{shown}<div>{body}</div></article></body></html>'
    article = extract(URL, page.encode(), fetched_at=NOW, hints=hints)
    assert isinstance(article, Article), article
    return article


AT_1040 = datetime(2026, 10, 15, 16, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("Posted on Thursday, October 15th, 2026 at 4:40 pm", "en"),
        ("16:40, Thursday 15 October 2026 · 4 min read", "en"),
        ("October 15, 2026 4.40 p.m. by Wanda Ferrow", "en"),
        ("10/15/2026 4:40 PM", "en-US"),
        ("15/10/2026 16:40", "en-GB"),
        ("Erschienen am Donnerstag, den 15. Oktober 2026, um 16.40 Uhr", "de"),
        ("Do., 15.10.2026, 16:40 Uhr", "de"),
        ("Paru le jeudi 15 octobre 2026 à 16h40", "fr"),
        ("Par Odile Ferrand | 15 oct. 2026 à 16 h 40", "fr"),
        ("Publicado el 15 de octubre de 2026 a las 16:40 h.", "es"),
        ("15 OCT 2026 - 16:40", "es"),
        ("Publicado em 15/10/2026 às 16h40", "pt"),
        ("quinta-feira, 15 de outubro de 2026 | 16:40", "pt"),
        ("Pubblicato il 15 ottobre 2026 alle ore 16:40", "it"),
        ("Geplaatst op donderdag 15 oktober 2026 om 16.40 uur", "nl"),
        ("Publicerad 15 oktober 2026 kl. 16.40", "sv"),
        ("Udgivet 15. okt. 2026 kl. 16:40", "da"),
        ("Publisert: torsdag 15. oktober 2026 klokken 16.40", "no"),
        ("Julkaistu torstaina 15. lokakuuta 2026 klo 16.40", "fi"),
        ("Opublikowano: czwartek, 15 października 2026 r., godz. 16:40", "pl"),
        ("Zveřejněno 15. října 2026 v 16:40", "cs"),
        ("Megjelent: 2026. október 15., csütörtök 16:40", "hu"),
        ("Publicat pe 15 octombrie 2026, ora 16:40", "ro"),
        ("Δημοσιεύθηκε: Πέμπτη 15 Οκτωβρίου 2026, 4:40 μ.μ.", "el"),
        ("Опубликовано 15 октября 2026 г. в 16:40", "ru"),
        ("16:40, 15 жовтня 2026", "uk"),
        ("Публикувано на 15 октомври 2026 г., 16:40 часа", "bg"),
        ("Објављено: 15. октобар 2026. у 16:40", "sr"),
        ("15 Ekim 2026 Perşembe, 16:40", "tr"),
        ("نشر في 15 أكتوبر 2026 - 16:40", "ar"),
        ("الخميس ١٥ تشرين الأول ٢٠٢٦ الساعة ٠٤:٤٠ مساءً", "ar"),
        ("۱۵ اکتبر ۲۰۲۶ ساعت ۱۶:۴۰", "fa"),
        ("פורסם ב-15 באוקטובר 2026 בשעה 16:40", "he"),
        ("प्रकाशित: 15 अक्टूबर 2026, 16:40", "hi"),
        ("প্রকাশিত: ১৫ অক্টোবর ২০২৬, ১৬:৪০", "bn"),
        ("Diterbitkan Kamis, 15 Oktober 2026 pukul 16.40", "id"),
        ("Thứ Năm, ngày 15 tháng 10 năm 2026, 16:40", "vi"),
        ("2026 m. spalio 15 d. 16:40", "lt"),
        ("2026. gada 15. oktobris, 16:40", "lv"),
        ("2026/10/15 16:40", "ja"),
    ],
)
def test_lines_for_readers_in_their_language(line, language):
    article = read_shown(line, language)
    assert (article.published_at, article.published_precision) == (AT_1040, "day")


@pytest.mark.parametrize(
    ("line", "moment"),
    [
        ("Published Thu 15 Oct 2026 10.40 CEST", "2026-10-15T08:40:00+00:00"),
        ("October 15th, 2026 7:05 pm EDT by Wanda Ferrow", "2026-10-15T23:05:00+00:00"),
        ("15 oct 2026 - 23:40 CEST", "2026-10-15T21:40:00+00:00"),
        ("15. Oktober 2026, 10:40 Uhr (MESZ)", "2026-10-15T08:40:00+00:00"),
        ("15 октября 2026, 10:40 (МСК)", "2026-10-15T07:40:00+00:00"),
        ("October 15, 2026 at 4:40 a.m. ET", "2026-10-15T08:40:00+00:00"),
        ("January 15, 2026 at 4:40 a.m. PT", "2026-01-15T12:40:00+00:00"),
        ("Kamis, 15 Oktober 2026 10:40 WIB", "2026-10-15T03:40:00+00:00"),
        ("15 October 2026, 10:40 GMT+5:30", "2026-10-15T05:10:00+00:00"),
        ("2026-10-15 10:40 -03:00", "2026-10-15T13:40:00+00:00"),
    ],
)
def test_a_line_that_names_its_zone_states_an_instant(line, moment):
    article = read_shown(line)
    assert (article.published_at, article.published_precision) == (datetime.fromisoformat(moment), "minute")


@pytest.mark.parametrize(
    "line",
    [
        "On 15 October 2026 at 16:40 the council met",
        "On 15 October 2026, at 16:40, the council met for the last time.",
        "It was 15 October 2026, 16:40.",
        "Concert: 15 October 2026, 16:40",
        "Registration closes 15 October 2026 16:40",
        "15 October 2026 16:40 tonnes of stone",
        "From 15 October 2026 16:40 to 18 October 2026 16:40",
        "BRACKWATER, 15 October 2026 16:40 - The wall that gave way in January is to be rebuilt by spring.",
        "Le 15 octobre 2026 à 16h40, le conseil a voté la digue",
        "Am 15. Oktober 2026 um 16:40 Uhr brach die Mauer.",
        "El 15 de octubre de 2026 a las 16:40 cayó el muro",
        "15 октября 2026 в 16:40 рухнула стена",
        "15 Ekim 2026 saat 16:40 itibarıyla duvar yıkıldı",
        "31 February 2026 16:40",
        "15 October 2026 99:99 and on",
        "11/10/2026 16:40",
        "11-10-2026 16:40",
    ],
)
def test_lines_that_say_something_else_or_nothing_certain(line):
    assert list(read_line(line)) == []
    found = read_shown(line, layout=f"<h1>Brackwater votes on its wall</h1><p>{line}</p>").published_at
    assert found is None or (found.hour, found.minute) == (0, 0), "at most the day that a search through the text finds"


@pytest.mark.parametrize(
    ("line", "language", "day"),
    [
        ("11/10/2026", "en-US", (11, 10)),
        ("11/10/2026", "en-GB", (10, 11)),
        ("11-10-2026", "nl", (10, 11)),
        ("11/10/2026", "pt-BR", (10, 11)),
        ("11.10.2026", "", (10, 11)),
        ("10/25/2026", "", (10, 25)),
        ("25/10/2026", "", (10, 25)),
        ("11/10/2026", "en", None),
        ("11/10/2026", "en-CA", None),
        ("15 listopada 2026", "pl", (11, 15)),
        ("15 listopada 2026", "hr", (10, 15)),
        ("15 listopada 2026", "", None),
    ],
)
def test_what_only_the_language_tells(line, language, day):
    found = [(one.moment.month, one.moment.day) for one in read_line(line, lambda: language)]
    assert found == ([day] if day else [])


@pytest.mark.parametrize("tag", ["", "en", "en-US"])
def test_a_line_in_another_language_has_the_day_first_wherever_it_stands(tag):
    for line in (
        "11/10/2026 às 16h40",
        "Publicado em 11/10/2026",
        "Veröffentlicht am: 11/10/2026, 16:40",
        "11/10/2026 Qui 16:40",
    ):
        assert [one.moment.date() for one in read_line(line, lambda: tag)] == [date(2026, 10, 11)]
    for line in ("Posted on Thu 11/10/2026 at 4:40 pm", "Wanda Ferrow | 11/10/2026 16:40"):
        assert [one.moment.month for one in read_line(line, lambda: tag)] == ([11] if tag == "en-US" else [])


@pytest.mark.parametrize(("tag", "month"), [("en-US", 11), ("en-GB", 10), ("de", 10), ("en", None), ("", None)])
@pytest.mark.parametrize(
    "text", ["11/10/2026", "11/10/2026 16:40:33", "Wed, 11/10/2026 - 16:40", "11/10/2026 4:40:33 PM +0200"]
)
def test_numbers_in_a_field_have_the_order_of_the_country(text, tag, month):
    stated = read_moment(text, lambda: tag)
    assert (stated and stated.moment.month) == month


def test_a_field_in_numbers_is_read_by_the_language_of_the_page():
    for tag, day in (("en-US", (11, 10)), ("en-GB", (10, 11))):
        found = read_shown("", tag, head='<meta name="date" content="11/10/2026 16:40">').published_at
        assert found == datetime(2026, *day, 16, 40, tzinfo=UTC)


def test_the_language_of_the_text_goes_before_that_of_the_theme():
    story = "O conselho da cidade decidiu na quinta-feira que o muro do mar será reconstruído, e não há mais dúvidas de que as obras vão começar em abril para que o porto não fique fechado por dois invernos. "
    page = f'<html lang="en-US"><body><article><h1>O muro do mar</h1><p class="data">05/10/2026 às 16h40</p>{f"<p>{story * 2}</p>" * 4}</article></body></html>'
    article = extract(URL, page.encode(), fetched_at=NOW)
    assert isinstance(article, Article)
    assert article.published_at == datetime(2026, 10, 5, 16, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    "layout",
    [
        "<h1>Brackwater votes on its wall</h1><ul><li>Wanda Ferrow</li><li>15 October 2026</li><li>16:40</li><li>3 comments</li></ul>",
        "<h1>Brackwater votes on its wall</h1><p>By Wanda Ferrow<br>15<sup>th</sup> October 2026, 16:40</p>",
        "<h1>Brackwater votes on its wall</h1><p>The harbour office says that the old wall is to be left standing.</p><p>15 October 2026 16:40</p>",
        '<header><p class="date">15 October 2026 16:40</p><h1>Brackwater votes on its wall</h1></header>',
        "<div class='entry'><small>Posted: 15 October 2026 16:40</small><h2>Brackwater votes on its wall</h2></div>",
        "<h1>The Eastern Ledger</h1><p>20 November 2026 08:00</p><h2>Brackwater votes on its wall</h2><p>15 October 2026 16:40</p>",
        "<h1>Brackwater votes on its wall</h1><p>Updated 18 October 2026 09:10</p><p>Published 15 October 2026 16:40</p>",
        "<h1>Brackwater votes on its wall</h1><div><b>Updated:</b> 18 October 2026 09:10 | <b>Published:</b> 15 October 2026 16:40</div>",
        "<h1>Brackwater votes on its wall</h1><figure><figcaption>18 October 2026 09:10</figcaption></figure><p>15 October 2026 16:40</p>",
    ],
)
def test_where_a_line_of_the_date_stands(layout):
    assert read_shown("", layout=layout).published_at == AT_1040


def test_a_line_about_a_change_states_no_publication():
    layout = "<h1>Brackwater votes on its wall</h1><p>Published 15 October 2026 16:40 CEST</p><p>Last updated 18 October 2026 09:10 CEST</p>"
    article = read_shown("", layout=layout)
    assert article.published_at == datetime(2026, 10, 15, 14, 40, tzinfo=UTC)
    assert article.modified_at == datetime(2026, 10, 18, 7, 10, tzinfo=UTC)


def test_a_line_adds_its_time_of_day_to_a_field_that_knows_the_day_and_to_no_other():
    day, instant = (f'<meta name="date" content="{value}">' for value in ("2026-10-15", "2026-10-15T08:30:15Z"))
    assert read_shown("15 October 2026, 16:40", head=day).published_at == AT_1040
    assert read_shown("14 October 2026, 16:40", head=day).published_at == datetime(2026, 10, 15, tzinfo=UTC)
    assert read_shown("15 October 2026, 16:40", head=instant).published_at == MOMENT


def test_discovery_tells_the_offset_of_a_line():
    article = read_shown(
        "15 October 2026, 10:30", head='<meta name="date" content="2026-10-15">', hints=Link(URL, published=MOMENT)
    )
    assert article.published_at == datetime(2026, 10, 15, 8, 30, tzinfo=UTC)
    assert article.published_precision == "minute"
    day = Link(URL, published=datetime(2026, 10, 15, tzinfo=UTC))  # midnight is no time of day to go by
    assert read_shown("15 October 2026, 12:15", hints=day).published_precision == "day"


@given(st.text(alphabet="0123456789 :./-|,()+octoberнояam15h2026", max_size=130))
def test_no_line_is_too_strange(text):
    for one in read_line(text, lambda: "en-GB"):
        assert 1900 <= one.moment.year <= 2099


@given(
    st.datetimes(datetime(1991, 1, 1), datetime(2090, 1, 1)),
    st.sampled_from(["de", "fr", "pl", "ru", "tr", "el", "sv", "fi", "uk", "id"]),
)
def test_each_month_of_a_language_is_found(moment, language):
    """Against CLDR: the names are written by a library, not by the table that is read."""
    from babel.dates import format_date

    written = f"{format_date(moment, 'd MMMM y', locale=language)}, {moment:%H:%M}"
    found = [one.moment for one in read_line(written, lambda: language)]
    assert found == [moment.replace(second=0, microsecond=0)]
