from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta

import pytest

from crawler.discovery import sitemap
from crawler.discovery.base import Fetched, Found, Visit
from crawler.discovery.recognition import sitemaps_of

SITE = "http://post.example/"
ROOT = SITE + "sitemap.xml"
NOW = datetime(2026, 11, 20, tzinfo=UTC)


def visit(cursor: dict[str, object] | None = None, **changes: object) -> Visit:
    return Visit(SITE, cursor or {"roots": {ROOT: {}}}, NOW, **changes)  # type: ignore[arg-type]


def read(body: str | bytes, at: Visit | None = None, url: str = ROOT, status: int = 200) -> Found:
    body = body.encode() if isinstance(body, str) else body
    return sitemap.read(Fetched(url, status, {}, body), at or visit())


def urlset(*entries: tuple[str, str]) -> str:
    urls = "".join(f"<url><loc>{loc}</loc>{f'<lastmod>{mod}</lastmod>' if mod else ''}</url>" for loc, mod in entries)
    return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'


def index(*entries: tuple[str, str]) -> str:
    return urlset(*entries).replace("urlset", "sitemapindex").replace("url>", "sitemap>")


STORIES = urlset(
    (SITE, "2026-11-19"),
    (SITE + "world/", ""),
    (SITE + "world/storm-over-the-strait.html", "2026-11-19T08:00:00+01:00"),
    (SITE + "world/bridge-opens-late.html", "2026-11-18"),
    (SITE + "about/", ""),
    (SITE + "tag/sea/", ""),
    (SITE + "picture.jpg", ""),
    ("http://ads.example/buy", ""),
)


def test_a_list_of_pages() -> None:
    found = read(STORIES)
    assert [link.url for link in found.articles] == [
        SITE + "world/storm-over-the-strait.html",
        SITE + "world/bridge-opens-late.html",
    ]
    assert found.articles[0].modified == datetime(2026, 11, 19, 7, tzinfo=UTC)
    assert found.whole


@pytest.mark.parametrize(
    "body",
    [
        gzip.compress(STORIES.encode()),
        gzip.compress(STORIES.encode()) [:-10],
        b"\xef\xbb\xbf\n" + STORIES.encode(),
        STORIES.replace(' xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"', ""),
        STORIES.replace("</url>", "", 1),
        STORIES.replace("urlset", "ns:urlset").replace("url>", "ns:url>").replace("loc>", "ns:loc>"),
        STORIES.replace("<urlset", "<!-- made by a plugin & more --><urlset").replace("late", "late?a=1&b=2"),
        STORIES[:-30],
        "\n".join([SITE, SITE + "world/storm-over-the-strait.html", "rubbish", SITE + "x.html"]),
    ],
)  # fmt: skip
def test_every_form_of_it(body: str | bytes) -> None:
    assert SITE + "world/storm-over-the-strait.html" in [link.url for link in read(body).articles]


def test_google_news_with_twins() -> None:
    found = read(
        f"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"
        xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
        xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
        <url><loc>{SITE}a-b-c-d</loc><news:news><news:publication><news:name>Post</news:name></news:publication>
        <news:publication_date>2026-11-19T10:00+01:00</news:publication_date><news:title>A &amp; B</news:title>
        <news:keywords>x, y</news:keywords></news:news><image:image><image:loc>{SITE}i.jpg</image:loc></image:image>
        <xhtml:link rel="alternate" hreflang="de" href="{SITE}de/a-b-c-d"/>
        <xhtml:link rel="alternate" media="handheld" href="{SITE}amp/a-b-c-d"/></url>
        <url><loc>{SITE}a-b-c-d/amp</loc></url></urlset>"""
    )
    news, twin = found.articles
    assert (news.url, news.title, news.tags) == (SITE + "a-b-c-d", "A & B", ("x", "y"))
    assert news.published == datetime(2026, 11, 19, 9, tzinfo=UTC)
    assert twin.url == SITE + "de/a-b-c-d"
    assert not found.whole, "a news sitemap holds two days"


def test_an_index_and_its_children() -> None:
    body = index(
        (SITE + "post-sitemap1.xml", "2026-01-01"), (SITE + "post-sitemap2.xml", "2026-11-19"),
        (SITE + "category-sitemap.xml", "2026-11-19"), (SITE + "author-sitemap.xml", ""),
        (SITE + "page-sitemap.xml", ""),
        ("http://other.example/sitemap.xml", "2026-11-19"),
    )  # fmt: skip
    found = read(body, visit(first=True))
    assert [link.url for link in found.more] == [SITE + "post-sitemap2.xml", SITE + "post-sitemap1.xml"]
    assert all(link.kind == "list" and link.method == "sitemap" and not link.poll for link in found.more)
    assert found.more[0].modified == datetime(2026, 11, 19, tzinfo=UTC)
    assert found.cursor is not None
    assert [link.url for link in sitemap.seeds(visit(dict(found.cursor)))] == [ROOT]


def test_dated_children_that_pile_up_are_left_alone_once_they_have_brought_nothing() -> None:
    old, older = SITE + "2025-01.xml", SITE + "2025-02.xml"
    body = index((old, "2025-01-31"), (older, "2025-02-28"), (SITE + "2026-11.xml", "2026-11-19"))
    cursor = dict(read(body, visit(first=True)).cursor or {})
    cursor = dict(read(urlset(), visit(cursor), old).cursor or {})
    cursor = dict(read(urlset((SITE + "one-two-three.html", "")), visit(cursor), older).cursor or {})
    assert {link.url for link in read(body, visit(cursor)).more} == {older, SITE + "2026-11.xml"}


def test_of_children_without_dates_the_youngest_is_polled() -> None:
    names = [SITE + f"wp-sitemap-posts-post-{n}.xml" for n in (1, 2, 10)]
    body = index(*((name, "") for name in names), (SITE + "wp-sitemap-taxonomies-category-1.xml", ""))
    found = read(body, visit(first=True))
    assert {link.url for link in found.more} == set(names)
    cursor = dict(found.cursor or {})
    for name in names:
        cursor = dict(read(urlset((name[:-4] + "-x-y", "")), visit(cursor, first=True), name).cursor or cursor)
    assert [link.url for link in sitemap.seeds(visit(cursor))] == [names[2], ROOT]
    cursor = dict(read(urlset((SITE + "new-in-the-first", "")), visit(cursor), names[2]).cursor or {})
    assert sitemap.seeds(visit(cursor))[0].url == names[2]


def test_dates_that_prove_untrue_are_not_believed() -> None:
    """Each child is said to have changed at every visit, and never has."""
    cursor: dict[str, object] = {"roots": {ROOT: {}}}
    children = [SITE + f"a{n}.xml" for n in range(4)]
    for step in range(3):
        stated = [(child, (NOW + timedelta(minutes=step * 10 + n)).isoformat()) for n, child in enumerate(children)]
        found = read(index(*stated), visit(cursor))
        cursor = dict(found.cursor or cursor)
        for link in found.more:
            cursor = dict(read(urlset((link.url + "/one-two-three", "")), visit(cursor), link.url).cursor or cursor)
    found = read(index(*stated), visit(cursor))
    assert all(link.modified is None for link in found.more)


def test_one_date_for_all_is_when_the_site_was_built() -> None:
    stories = [(SITE + f"story-number-{n}-here", "2026-11-19T10:00:00Z") for n in range(5)]
    found = read(urlset(*stories, (SITE + "an-edited-story-here", "2026-11-20")))
    assert [link.modified is None for link in found.articles] == [True] * 5 + [False]


def test_what_is_no_sitemap() -> None:
    cursor: dict[str, object] = {"probes": [ROOT, SITE + "sitemap_index.xml"]}
    (probe,) = sitemap.seeds(visit(cursor))
    assert (probe.url, probe.probe) == (ROOT, True)
    found = read("<!doctype html><html><body>Home</body></html>", visit(cursor))
    assert [link.url for link in found.more] == [SITE + "sitemap_index.xml"]
    found = read(STORIES, visit(dict(found.cursor or {})), SITE + "sitemap_index.xml")
    assert [link.url for link in sitemap.seeds(visit(dict(found.cursor or {})))] == [SITE + "sitemap_index.xml"]
    assert sitemap.lists_all(found.cursor or {})
    assert read("", visit(), status=503) == Found()


def test_an_empty_news_sitemap_is_a_sitemap() -> None:
    found = read(urlset(), visit({"roots": {ROOT: {"kind": "news"}}}))
    assert not found.note
    assert not found.articles


def test_robots() -> None:
    def told(body: str, status: int = 200) -> list[str]:
        return sitemaps_of(Fetched(SITE + "robots.txt", status, {}, body.encode()))

    lines = "User-agent: *\nsitemap : /a.xml\nSitemap:http://post.example/b.xml # x\nSitemap: http://o.example/c.xml"
    assert told(lines) == [SITE + "a.xml", SITE + "b.xml"]
    assert told("<html>Sitemap: /a.xml</html>") == []
    assert told("Sitemap: /a.xml", 404) == []
    assert sitemaps_of(None) == []


def test_a_bomb_ends_at_the_limit() -> None:
    bomb = gzip.compress(b"<urlset>" + b"<url><loc>http://post.example/a</loc></url>" * 200_000, 1)
    assert len(read(bomb).articles) == 1


def test_a_news_child_is_not_read_beside_one_of_all_pages_that_changed_too() -> None:
    months, news = SITE + "2026-11.xml", SITE + "news.xml"
    before = index((months, "2026-11-18T10:00:00Z"), (news, "2026-11-18T10:00:00Z"))
    cursor = dict(read(before, visit(first=True)).cursor or {})
    of_two_days = urlset((SITE + "a-b-c-d", "")).replace("</loc>", "</loc><news><title>T</title></news>")
    cursor = dict(read(of_two_days, visit(cursor, first=True), news).cursor or {})
    both = index((months, "2026-11-19T10:00:00Z"), (news, "2026-11-19T10:00:00Z"))
    assert [link.url for link in read(both, visit(cursor)).more] == [months]
    ahead = index((months, "2026-11-18T10:00:00Z"), (news, "2026-11-19T10:00:00Z"))
    assert {link.url for link in read(ahead, visit(cursor)).more} == {months, news}
