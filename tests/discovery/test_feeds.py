from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crawler.discovery import feed
from crawler.discovery.base import Fetched, Found, Visit

SITE = "http://relay.example/"
NOW = datetime(2026, 11, 20, tzinfo=UTC)


def read(
    body: str | bytes, visit: Visit | None = None, url: str = SITE + "feed/", status: int = 200, **headers: str
) -> Found:
    body = body.encode() if isinstance(body, str) else body
    return feed.read(Fetched(url, status, {}, body), visit or Visit(SITE, {"urls": {url: {}}}, NOW))


RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"
 xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0" xmlns:media="http://search.yahoo.com/mrss/">
<channel><title>Relay</title><generator>https://wordpress.org/?v=6.1</generator>
<atom:link href="http://relay.example/feed/" rel="self" type="application/rss+xml"/>
<item><title>Ferry &amp;amp; fog: &lt;b&gt;three&lt;/b&gt; hours late</title><media:title>no</media:title>
 <link> http://relay.example/ferry-fog/?utm_source=rss </link><dc:creator><![CDATA[Ina Holt]]></dc:creator>
 <pubDate>Thu, 19 Nov 2026 08:30:00 +0200</pubDate><category>Sea</category><category><![CDATA[Fog]]></category>
 <guid isPermaLink="false">http://relay.example/?p=41</guid>
 <source url="http://times.example/feed">The Times</source></item>
<item><title>Counted link</title><link>http://counter.example/~r/x/1</link>
 <feedburner:origLink>http://relay.example/counted/</feedburner:origLink><guid>http://times.example/counted</guid></item>
<item><title>Win a boat</title><link>http://ads.example/boat</link></item>
<item><title>Only a guid</title><guid>http://relay.example/only-a-guid/</guid>
 <enclosure url="http://relay.example/a.mp3" type="audio/mpeg"/></item>
<item><title>Comment on Ferry</title><link>http://relay.example/ferry-fog/#comment-7</link></item>
<item><title>AMP</title><link>http://relay.example/ferry-fog/amp/</link></item>
</channel></rss>"""


def test_rss() -> None:
    found = read(RSS)
    by_url = {link.url: link for link in found.articles}
    assert list(by_url) == [SITE + "ferry-fog/", SITE + "counted/", SITE + "only-a-guid/"]
    ferry = by_url[SITE + "ferry-fog/"]
    assert ferry.title == "Ferry & fog: three hours late"
    assert ferry.authors == ("Ina Holt",)
    assert ferry.published == datetime(2026, 11, 19, 6, 30, tzinfo=UTC)
    assert ferry.tags == ("Sea", "Fog")
    assert ferry.key == "?p=41"
    assert ferry.source == "http://times.example/feed"
    assert by_url[SITE + "counted/"].source == "http://times.example/counted"


def test_atom_with_relative_links_and_sources() -> None:
    found = read(
        """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://relay.example/news/">
        <link rel="self" href="atom.xml"/><link rel="next" href="atom.xml?page=2"/>
        <entry><id>tag:relay.example,2026:1</id><title type="html">A &amp;lt;quiet&amp;gt; day</title>
        <link rel="enclosure" href="a.mp3"/><link rel="edit" href="e"/>
        <link rel="alternate" type="text/html" href="quiet-day.html"/>
        <link rel="via" href="http://times.example/quiet"/><author><name>Omar Reis</name></author>
        <published>2026-11-18T10:00:00Z</published><updated>2026-11-19T10:00:00.5+01:00</updated>
        <category term="calm"/></entry>
        <entry><title>Two</title><link href="two.html"/><source><title>The Gazette</title></source></entry></feed>""",
        Visit(SITE, {"urls": {SITE + "feed/": {}}}, NOW, first=True, round=1),
    )
    one, two = found.articles
    assert one.url == SITE + "news/quiet-day.html"
    assert (one.title, one.authors, one.tags) == ("A <quiet> day", ("Omar Reis",), ("calm",))
    assert one.modified == datetime(2026, 11, 19, 9, tzinfo=UTC)
    assert one.source == "http://times.example/quiet"
    assert two.source == "The Gazette"
    assert [link.url for link in found.more] == [SITE + "news/atom.xml?page=2"]


def test_rss_1_and_json_feed() -> None:
    (link,) = read(
        """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
        xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="http://relay.example/"><title>R</title></channel>
        <item rdf:about="http://relay.example/a"><title>A</title><link>http://relay.example/a</link>
        <dc:date>2026-11-18</dc:date><dc:source>The Gazette</dc:source><dc:subject>x</dc:subject></item></rdf:RDF>"""
    ).articles
    assert (link.url, link.source, link.tags, link.key) == (SITE + "a", "The Gazette", ("x",), SITE + "a")
    (link,) = read(
        '{"version": "https://jsonfeed.org/version/1.1", "title": "R", "next_url": "http://relay.example/f?2", "items":'
        '[{"id": 7, "url": "http://relay.example/j", "title": "J", "date_published": "2026-11-18T09:00:00+03:00",'
        ' "authors": [{"name": "Lu"}], "tags": ["t", 3], "external_url": "http://times.example/j"}, 5, {"url": "x:"}]}'
    ).articles
    assert (link.url, link.title, link.authors, link.tags, link.key) == (SITE + "j", "J", ("Lu",), ("t",), "7")
    assert link.source == "http://times.example/j"


@pytest.mark.parametrize(
    "body",
    [
        "<br />\n<b>Warning</b>: include() in /x.php<br />" + RSS,
        RSS.replace("</item>", "", 1),
        RSS.replace("&amp;amp;", "& &nbsp;&eacute; &bogus; &#1; \x0b"),
        RSS.replace(' xmlns:dc="http://purl.org/dc/elements/1.1/"', ""),
        RSS.replace("<?xml", "\n\n  <?xml"),
        RSS[:-200],
        RSS.replace('encoding="UTF-8"', 'encoding="utf-17"'),
        RSS.encode() + b"\xff\xfe",
        RSS.encode("utf-16"),
        '<!DOCTYPE rss [<!ENTITY a "aa"><!ENTITY b "&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
        + RSS.replace("Relay", "&b;&c;"),
    ],
)  # fmt: skip
def test_broken_feeds_are_read_all_the_same(body: str | bytes) -> None:
    found = read(body)
    assert SITE + "only-a-guid/" in [link.url for link in found.articles]
    assert not any("root:" in link.title for link in found.articles)


def test_windows_1251_is_read_by_its_declaration() -> None:
    item = "<item><title>Маяк</title><link>/m</link></item>"
    body = f'<?xml version="1.0" encoding="windows-1251"?><rss><channel>{item}</channel></rss>'
    assert read(body.encode("cp1251")).articles[0].title == "Маяк"


def page(*numbers: int, generator: str = "https://wordpress.org/?v=6.4") -> str:
    items = "".join(f"<item><title>{n}</title><link>{SITE}story-{n}/</link></item>" for n in numbers)
    return f"<rss><channel><generator>{generator}</generator>{items}</channel></rss>"


def follow(
    pages: dict[str, str], visit: Visit, start: str = SITE + "feed/"
) -> tuple[set[str], list[str], dict[str, object]]:
    """Reads a feed as a crawl does: the first page in round 0, what is noted in round 1."""
    asked, found, cursor = [], set(), dict(visit.cursor)
    todo, rounds = [start], 0
    while todo:
        url = todo.pop(0)
        asked.append(url.partition("example/")[2])
        body = pages.get(url)
        answer = Fetched(url, 200 if body else 404, {}, (body or page()).encode())
        got = feed.read(answer, replace(visit, cursor=cursor, round=rounds))
        cursor = dict(got.cursor) if got.cursor is not None else cursor
        found |= {link.url for link in got.articles}
        todo += [link.url for link in got.more]
        if not todo and rounds == 0:
            rounds = 1
            todo = [link.url for link in feed.further_seeds(replace(visit, cursor=cursor))]
    return found, asked, cursor


def test_paging_to_the_end_on_a_first_visit_and_to_what_is_known_later() -> None:
    pages = {SITE + "feed/": page(*range(30, 20, -1)), SITE + "feed/?paged=2": page(*range(20, 10, -1)),
             SITE + "feed/?paged=3": page(*range(10, 0, -1))}  # fmt: skip
    first = Visit(SITE, {"urls": {SITE + "feed/": {}}}, NOW, first=True)
    found, asked, cursor = follow(pages, first)
    assert len(found) == 30
    assert asked == ["feed/", "feed/?paged=2", "feed/?paged=3", "feed/?paged=4"]
    assert feed.lists_all(cursor)

    later = Visit(SITE, cursor, NOW, held=30, number=1)
    assert follow(pages, later)[1] == ["feed/"]

    pages = {SITE + "feed/": page(*range(45, 35, -1)), SITE + "feed/?paged=2": page(*range(35, 25, -1)),
             SITE + "feed/?paged=3": page(*range(25, 15, -1))}  # fmt: skip
    found, asked, _ = follow(pages, later)
    assert {f"{SITE}story-{n}/" for n in range(31, 46)} <= found
    assert asked == ["feed/", "feed/?paged=2", "feed/?paged=3"]


def test_a_site_that_ignores_the_page_number_ends() -> None:
    class Same(dict[str, str]):
        def get(self, key: str, default: object = None) -> str:  # type: ignore[override]
            return page(*range(10))

    _, asked, _ = follow(Same(), Visit(SITE, {"urls": {SITE + "feed/": {}}}, NOW, first=True))
    assert len(asked) == 2


def test_a_feed_that_no_longer_reaches_back_says_so() -> None:
    start = SITE + "feed/"
    _, _, cursor = follow(
        {start: page(*range(10), generator="own")}, Visit(SITE, {"urls": {start: {}}}, NOW, first=True)
    )
    _, _, cursor = follow({start: page(*range(50, 60), generator="own")}, Visit(SITE, cursor, NOW))
    assert cursor["gap"] is True
    _, _, cursor = follow({start: page(*range(50, 60), generator="own")}, Visit(SITE, cursor, NOW))
    assert "gap" not in cursor


def test_what_was_taken_out_is_told_from_what_moved_on() -> None:
    start = SITE + "feed/"
    _, _, cursor = follow({start: page(9, 8, 7, 6, 5)}, Visit(SITE, {"urls": {start: {}}}, NOW, first=True))
    assert feed.read(Fetched(start, 200, {}, page(11, 10, 9, 8, 6).encode()), Visit(SITE, cursor, NOW)).vanished == (
        SITE + "story-7/",
    )


def test_probes_go_on_until_one_is_a_feed_and_are_not_repeated() -> None:
    places = [SITE + "feed/", SITE + "rss.xml", SITE + "atom.xml"]
    cursor: dict[str, object] = {"probes": places}
    (probe,) = feed.seeds(Visit(SITE, cursor))
    assert (probe.url, probe.probe) == (places[0], True)
    found = read("<html><body>Not here</body></html>", Visit(SITE, cursor), places[0])
    assert [link.url for link in found.more] == [places[1]]
    assert found.cursor is not None
    found = read(page(1, 2), Visit(SITE, found.cursor, NOW), places[1])
    assert found.cursor is not None
    assert list(found.cursor["urls"]) == [places[1]]
    assert [link.url for link in feed.seeds(Visit(SITE, found.cursor))] == [places[1]]
    cursor = {"probes": [places[2]]}
    found = read("", Visit(SITE, cursor), places[2], 404)
    assert feed.seeds(Visit(SITE, found.cursor or {})) == []


def test_a_feed_that_fails_is_given_some_visits_and_one_that_moved_is_followed() -> None:
    start = SITE + "feed/"
    cursor = read(page(1), Visit(SITE, {"urls": {start: {}}}, NOW)).cursor
    for _ in range(feed.PATIENCE - 1):
        cursor = read("", Visit(SITE, cursor or {}, NOW), status=404).cursor
        assert feed.seeds(Visit(SITE, cursor or {}))
    assert not feed.seeds(Visit(SITE, read("", Visit(SITE, cursor or {}, NOW), status=404).cursor or {}))
    assert read("", Visit(SITE, {"urls": {start: {}}}, NOW), status=503) == Found()

    moved = Fetched(SITE + "rss", 200, {}, page(1).encode(), asked=start)
    cursor = feed.read(moved, Visit(SITE, {"urls": {start: {}}}, NOW)).cursor
    assert [link.url for link in feed.seeds(Visit(SITE, cursor or {}))] == [SITE + "rss"]


def test_no_feed() -> None:
    assert "no feed" in read("<html><head><title>Relay</title></head><body><p>rss feed</p></body></html>").note
    assert "no feed" in read('{"items": 3}').note
