# ruff: noqa: E501  pages and tables of cases read better unbroken
from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.base import Link
from crawler.extraction import authors, extract
from crawler.extraction.dates import day_on_title, read_moment, settle
from crawler.extraction.jsonld import article, nodes, text_of, url_of
from crawler.extraction.parse import parse
from crawler.extraction.titles import bare_title
from crawler.items import Article
from tests.extraction.looks import STORY, TITLE

URL = "https://eastern-ledger.example/wall"
BODY = "<article>" + "".join(f"<p>{piece}</p>" for piece in STORY) + "</article>"


def read(head: str, body: str = BODY, **kwargs) -> Article:
    known = {"fetched_at": datetime(2026, 11, 1, tzinfo=UTC), **kwargs}
    page = extract(URL, f"<html><head>{head}</head><body>{body}</body></html>".encode(), **known)
    assert isinstance(page, Article), page
    return page


def meta(**values: str) -> str:
    return "".join(f'<meta property="{name.replace("__", ":")}" content="{value}">' for name, value in values.items())


def ld(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


# -- moments -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "moment", "precision"),
    [
        ("2026-10-15T08:30:15-04:00", "2026-10-15T08:30:15-04:00", "second"),
        ("2026-10-15T08:30:15.250Z", "2026-10-15T08:30:15.250000+00:00", "second"),
        ("2026-10-15T08:30:15+0530", "2026-10-15T08:30:15+05:30", "second"),
        ("2026-10-15 08:30 +02:00", "2026-10-15T08:30:00+02:00", "minute"),
        ("2026-10-15T08:30Z", "2026-10-15T08:30:00+00:00", "minute"),
        ("20261015T083015Z", "2026-10-15T08:30:15+00:00", "second"),
        ("2026-10-15", "2026-10-15T00:00:00", "day"),
        ("2026-10-15T00:00:00+00:00", "2026-10-15T00:00:00+00:00", "day"),
        ("Thu, 15 Oct 2026 08:30:15 +0200", "2026-10-15T08:30:15+02:00", "second"),
        ("October 15, 2026 8:30 am EST", "2026-10-15T08:30:00-05:00", "minute"),
        ("15 October 2026", "2026-10-15T00:00:00", "day"),
        ("1792053015", "2026-10-15T08:30:15+00:00", "second"),
        ("1792053015123", "2026-10-15T08:30:15+00:00", "second"),
    ],
)
def test_moments(text, moment, precision):
    stated = read_moment(text)
    assert stated is not None
    assert stated.moment.isoformat() == moment
    assert stated.precision == precision


@pytest.mark.parametrize(
    "text", ["", "soon", "8:30", "2026-13-45", "October", "99999999999999", "May 2026", "0000-00-00", "١٥ أكتوبر"]
)
def test_no_moments(text):
    assert read_moment(text) is None


@given(st.text(max_size=60))
def test_reading_moments_never_raises(text):
    read_moment(text)


@given(st.datetimes(datetime(1995, 1, 1), datetime(2040, 1, 1)), st.integers(-48, 56))
def test_iso_moments_are_read_exactly(moment, quarters):
    aware = moment.replace(tzinfo=timezone(timedelta(minutes=15 * quarters)))
    stated = read_moment(aware.isoformat())
    assert stated is not None
    assert stated.moment == aware


def test_naive_time_takes_the_offset_that_makes_it_agree_with_the_feed():
    stated = read_moment("2026-10-15T08:30:15")
    assert stated is not None
    moment, sure = settle(stated, [], datetime(2026, 10, 15, 3, 0, 15, tzinfo=UTC))
    assert moment.isoformat() == "2026-10-15T08:30:15+05:30"
    assert sure


def test_naive_time_takes_the_offset_of_another_date_of_the_page():
    page = read(meta(article__published_time="2026-10-15T08:30:15", article__modified_time="2026-10-15T09:00:00+03:00"))
    assert page.published_at is not None
    assert page.published_at.isoformat() == "2026-10-15T08:30:15+03:00"
    assert page.published_precision == "second"


def test_naive_time_without_help_is_only_sure_of_its_day():
    page = read(meta(article__published_time="2026-10-15T08:30:15"))
    assert page.published_at == datetime(2026, 10, 15, 8, 30, 15, tzinfo=UTC)
    assert page.published_precision == "day"


def test_a_day_gives_way_to_a_time_that_agrees():
    page = read(
        ld('{"@type":"Article","datePublished":"2026-10-15"}') + meta(article__published_time="2026-10-15T08:30:15Z")
    )
    assert page.published_at == datetime(2026, 10, 15, 8, 30, 15, tzinfo=UTC)


def test_an_update_is_not_the_publication():
    both = meta(article__published_time="2026-10-16T10:00:00Z", article__modified_time="2026-10-16T10:00:00Z")
    page = read(both + '<meta itemprop="datePublished" content="2026-10-15T08:30:15Z">')
    assert page.published_at == datetime(2026, 10, 15, 8, 30, 15, tzinfo=UTC)
    assert page.modified_at == datetime(2026, 10, 16, 10, 0, tzinfo=UTC)


def test_dates_ahead_of_now_are_not_believed():
    now = datetime(2026, 10, 20, tzinfo=UTC)
    page = read(
        meta(article__published_time="2036-01-01T00:00:00Z", datePublished="2026-10-15T08:30:15Z"), fetched_at=now
    )
    assert page.published_at == datetime(2026, 10, 15, 8, 30, 15, tzinfo=UTC)


def test_the_feed_tells_what_the_page_does_not():
    told = Link(
        URL, published=datetime(2026, 10, 15, 8, tzinfo=UTC), authors=("Ada Quill",), title=TITLE, tags=("sea",)
    )
    page = read("", hints=told)
    assert (page.published_at, page.authors, page.title, page.tags) == (told.published, ("Ada Quill",), TITLE, ("sea",))


# -- JSON-LD -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        '{"@type":"NewsArticle","headline":"H"}',
        '[{"@type":"WebSite"},{"@type":"NewsArticle","headline":"H"}]',
        '{"@context":"x","@graph":[{"@type":"WebPage"},{"@type":["NewsArticle","Article"],"headline":"H"}]}',
        '{"@type":"WebPage","mainEntity":{"@type":"BlogPosting","headline":"H"}}',
        '{"@type":"http://schema.org/NewsArticle","headline":"H",}',
        '<!-- {"@type":"NewsArticle","headline":"H"} -->',
        '//<![CDATA[\n{"@type":"NewsArticle","headline":"H"}\n//]]>',
        '{"@type":"WebSite"}{"@type":"NewsArticle","headline":"H"}',
        '{"@type":"NewsArticle","description":"two\nlines","headline":"H"}',
        "{&quot;@type&quot;:&quot;NewsArticle&quot;,&quot;headline&quot;:&quot;H&quot;}",
        '{"@type":"NewsArticle","headline":"H","author":{"name":"A "B" C"}}',
        '{"@type":"NewsArticle","headline":"H","body": ',
    ],
)
def test_json_ld_as_it_is_found(text):
    tree = parse(f"<html><head>{ld(text)}</head><body></body></html>")
    assert tree is not None
    assert text_of(article(nodes(tree), frozenset(), "")["headline"]) == "H"


def test_of_several_articles_the_one_of_this_page_counts():
    found = ld(
        f'[{{"@type":"NewsArticle","headline":"Another","url":"{URL}2"}},{{"@type":"NewsArticle","headline":"This","url":"{URL}/"}}]'
    )
    assert read(found).title == "This"


@given(
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.text()),
        lambda inner: st.one_of(
            st.lists(inner), st.dictionaries(st.sampled_from(["name", "url", "@id", "@type", "x"]), inner)
        ),
        max_leaves=15,
    )
)
def test_any_json_is_read_without_complaint(value):
    assert isinstance(text_of(value), str)
    assert isinstance(url_of(value), str)
    assert isinstance(authors.stated({"author": value}, []), tuple)


# -- titles ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("main", "document", "own", "text", "suffixes"),
    [
        (f"{TITLE} | Coast | The Courier", "", [], TITLE, [("The Courier", False), ("Coast", False)]),
        (TITLE, f"{TITLE} - Daily Relay", ["dailyrelay"], TITLE, [("Daily Relay", True)]),
        (f"{TITLE} – The Courier", "", [], TITLE, [("The Courier", False)]),
        (f"{TITLE} « Daily Relay", f"{TITLE} « Daily Relay", ["Daily Relay"], TITLE, [("Daily Relay", True)]),
        ("Interview | What the mayor really thinks of the wall", "", [], "Interview | What the mayor really thinks of the wall", []),
        ("What we know about the wall - and what we don't", "", [], "What we know about the wall - and what we don't", []),
        ("Wall falls – two hurt", "", [], "Wall falls – two hurt", []),
        ("Стена обрушилась во время шторма - Вестник", "", [], "Стена обрушилась во время шторма", [("Вестник", False)]),
        ("انهيار الجدار البحري خلال العاصفة | الجزيرة نت", "", [], "انهيار الجدار البحري خلال العاصفة", [("الجزيرة نت", False)]),
        ("海堤在暴风雨中倒塌两人受伤_新华网", "", [], "海堤在暴风雨中倒塌两人受伤", [("新华网", False)]),
    ],
)  # fmt: skip
def test_suffixes(main, document, own, text, suffixes):
    title = bare_title(main, [], document, own)
    assert title.text == text
    assert list(title.suffixes) == suffixes


def test_a_suffix_goes_where_another_title_lacks_it():
    title = bare_title(f"{TITLE} - the town decides", [TITLE], "", [])
    assert title.text == TITLE


def test_a_suffix_that_only_the_document_carries_is_the_themes():
    assert bare_title(TITLE, [TITLE], f"{TITLE} | Something", []).theme_suffix == "Something"
    assert bare_title(f"{TITLE} | Something", [], f"{TITLE} | Something", []).theme_suffix == ""


@given(st.text(max_size=200), st.lists(st.text(max_size=80), max_size=3), st.text(max_size=200))
def test_titles_never_raise(main, others, document):
    title = bare_title(main, others, document, ["x"])
    assert main.strip() == "" or title.text
    assert len(title.text) <= 500


# -- people and the rest -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stated", "names"),
    [
        (["By Ada Quill"], ("Ada Quill",)),
        (["Ada Quill and Ines Holloway"], ("Ada Quill", "Ines Holloway")),
        (["Von Ada Quill und Ines Holloway"], ("Ada Quill", "Ines Holloway")),
        (["Ada Quill, Ines Holloway; Wilf Moss"], ("Ada Quill", "Ines Holloway", "Wilf Moss")),
        (["Quill, Ada"], ("Ada Quill",)),
        (["Ada Quill", "ada  quill"], ("Ada Quill",)),
        (["Ada Quill (aq)"], ("Ada Quill",)),
        (["ada@quill.example", "https://quill.example/ada"], ()),
        (["Анна Перова и Олег Стрижак"], ("Анна Перова", "Олег Стрижак")),
        (["بقلم ليلى منصور"], ("ليلى منصور",)),
        (["Eastern Ledger"], ()),
        (["Ada Quill, freelance journalist"], ("Ada Quill",)),
        (["Ada Quill, Ines Holloway, correspondents"], ("Ada Quill", "Ines Holloway")),
        (["Анна Перова, спецкор"], ("Анна Перова",)),
        (["Jana Dolná, šéfredaktor"], ("Jana Dolná",)),
        (["Selin Ak, Mehmet Yazar"], ("Selin Ak", "Mehmet Yazar")),
    ],
)
def test_names(stated, names):
    assert authors.clean(stated, ["Eastern Ledger"]) == names


def test_a_site_that_names_itself_is_its_own_author():
    found = ld('{"@type":"Article","author":"Eastern Ledger","publisher":{"name":"Eastern Ledger"}}')
    assert read(found).authors == ("Eastern Ledger",)


def test_language_is_that_of_the_text_not_of_the_theme():
    text = (
        "Городской совет Бракуотера проголосовал в четверг за восстановление морской стены, которая рухнула в январе. "
    )
    body = "".join(f"<p>{text} Это решение номер {n}, и оно далось совету труднее остальных.</p>" for n in range(4))
    page = extract(URL, f'<html lang="en-US"><body><article>{body}</article></body></html>'.encode())
    assert isinstance(page, Article)
    assert page.language == "ru"


def test_lists_and_images():
    head = (
        meta(article__tag="sea", og__image="/a.jpg", article__section="Coast")
        + '<meta property="article:tag" content="wall, levy">'
    )
    page = read(head)
    assert page.tags == ("sea", "wall", "levy")
    assert page.image == "https://eastern-ledger.example/a.jpg"
    assert page.section == "Coast"


def test_no_way_into_an_article_brings_controls_along():
    sign = "\x1b\x07\x9b\u202e\u2066"
    escaped = "".join(f"\\u{ord(one):04x}" for one in sign)
    ld = f'{{"@type":"NewsArticle","headline":"The {escaped}wall","author":"Ann {escaped}Holm","articleSection":"Co{escaped}ast","image":"https://a.example/{escaped}i.jpg"}}'
    html = (
        f"<html><head><title>The {sign}wall</title><meta name='keywords' content='s{sign}ea'><meta property='og:site_name' content='L{sign}edger'>"
        f"<script type='application/ld+json'>{ld}</script></head><body><h1>The {sign}wall</h1>"
        + "".join(f"<p>{piece}{sign}</p>" for piece in STORY)
        + f"<p>Source: <a href='https://b.example/{sign}'>The B{sign}ell</a></p></body></html>"
    )
    hints = Link(URL, "article", "feed", title=f"The {sign}wall", authors=(f"Ann {sign}Holm",), tags=(f"s{sign}ea",))
    for page in (html, html.replace("headline", "x")):
        article = extract(URL, page.encode(), hints=hints)
        assert isinstance(article, Article)
        told = json.dumps(article.to_dict(), default=str)
        assert [one for one in sign if json.dumps(one)[1:-1] in told] == []
        assert article.title == "The wall"


# -- what the site is called -------------------------------------------------------------------------------------


def test_the_name_that_a_front_page_says_credits_nobody_on_its_pages():
    head = f"<title>{TITLE} – Harbour Gazette</title>"
    strange, known = read(head), read(head, names=("Harbour Gazette", "hg"))
    assert [clue.kind for clue in strange.clues if clue.target == "Harbour Gazette"] == ["title_suffix"]
    assert [clue.kind for clue in known.clues if clue.target == "Harbour Gazette"] == ["site_suffix"]
    assert known.site_name == "Harbour Gazette"
    assert known.title == strange.title == TITLE


def test_what_a_page_says_of_its_site_stands_above_the_front_page():
    page = read(meta(og__site_name="Harbour Gazette") + f"<title>{TITLE}</title>", names=("Home of news",))
    assert page.site_name == "Harbour Gazette"


def test_a_theme_before_the_headline_goes_where_the_page_says_it_without():
    ld = (
        '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Coast: Sea wall to be rebuilt"}</script>'
    )
    assert read(f"{ld}{meta(og__title='Sea wall to be rebuilt')}").title == "Sea wall to be rebuilt"
    assert read(f"{ld}{meta(og__title='Coast: Sea wall to be rebuilt')}").title == "Coast: Sea wall to be rebuilt"
    assert read(f"{ld}{meta(og__title='wall to be rebuilt')}").title == "Coast: Sea wall to be rebuilt"


@pytest.mark.parametrize(
    ("title", "day"),
    [
        ("Brackwater votes on its wall | Coast | BW | 28.04.2023", datetime(2023, 4, 28, tzinfo=UTC)),
        ("Brackwater votes on its wall – 6. 1. 2026", datetime(2026, 1, 6, tzinfo=UTC)),
        ("Brackwater votes on its wall - 2023-04-28", datetime(2023, 4, 28, tzinfo=UTC)),
        ("Brackwater votes on its wall | 31.02.2023", None),  # no such day
        ("Brackwater votes on its wall | 04/05/2023", None),  # April or May
        ("Brackwater remembers 28.04.2023", None),  # not hung on, but said
    ],
)
def test_the_day_that_a_title_ends_with(title, day):
    found = day_on_title(title)
    assert (found and found.moment.replace(tzinfo=UTC)) == day


def test_a_day_on_the_title_goes_before_one_in_the_text():
    head = "<title>Brackwater votes on its wall | Coast | The Brackwater Bee | 28.04.2023</title>"
    caption = "<figure><img src='a.jpg'><figcaption>The wall on 24 April 2023</figcaption></figure>"
    article = read(head, caption + BODY)
    assert article.published_at == datetime(2023, 4, 28, tzinfo=UTC)
    assert article.published_precision == "day"
    assert [clue.target for clue in article.clues if clue.kind == "title_suffix"] == ["The Brackwater Bee"]


def test_a_headline_for_search_engines_gives_way_to_the_one_that_is_shown():
    shown, searched = "Brackwater keeps its old wall", "Brackwater wall vote 2026: result and reactions"
    told = ld(f'{{"@type":"NewsArticle","headline":"{searched}"}}')
    body = f"<h1>{shown}</h1>{BODY}"
    head = f'<title>{searched} | The Bee</title><meta property="og:title" content="{shown}">{told}'
    assert read(head, body).title == shown
    # where <title> says what is shown too, the stated headline is the paper's own
    agreed = f'<title>{shown} | The Bee</title><meta property="og:title" content="{shown}">{told}'
    assert read(agreed, body).title == searched
