from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from walker import Walker

from crawler.discovery import blogger
from crawler.discovery.base import Fetched, Visit
from crawler.discovery.numbers import packed
from fixtures.web import FixtureWeb

SITE = "http://quilt.example/"
FEED = SITE + "feeds/posts/default"


def test_every_post_every_edit_every_deletion(empty_web: FixtureWeb) -> None:
    host = "blog-1.example"
    empty_web.add_site(host, "newsquilt.example")
    urls = empty_web.add_posts(host, 330)
    walker = Walker(f"http://{host}/", empty_web.port)
    walker.visit(empty_web.now())
    assert walker.profile["cms"] == "blogger"
    assert set(walker.rows) == set(urls)

    for _ in range(2):
        quiet = walker.visit(empty_web.advance("1h"))
        assert (quiet.requests, quiet.new, quiet.due) == (2, [], [])
    empty_web.edit_post(host, urls[40], text="Other words.")
    assert walker.visit(empty_web.advance("1h")).due == [urls[40]]
    number = next(row["number"] for row in empty_web.posts(host) if row["url"] == urls[200])
    empty_web.erase_post(host, urls[200])
    found = walker.visit(empty_web.advance("1h"))
    assert found.gone_keys == [f"post-{number}"]
    new = empty_web.add_posts(host, 4)
    found = walker.visit(empty_web.advance("1h"))
    assert set(found.new) == set(new)
    assert found.requests == 2


def test_a_deletion_in_a_large_archive_is_narrowed_down(empty_web: FixtureWeb) -> None:
    host = "blog-2.example"
    empty_web.add_site(host, "newsquilt.example")
    urls = empty_web.add_posts(host, 1_350)
    walker = Walker(f"http://{host}/", empty_web.port)
    walker.visit(empty_web.now())
    assert len(walker.rows) == 1_350
    for index in (433, 1_340, 5):
        number = next(row["number"] for row in empty_web.posts(host) if row["url"] == urls[index])
        empty_web.erase_post(host, urls[index])
        found = walker.visit(empty_web.advance("1h"))
        assert found.gone_keys == [f"post-{number}"]
        assert found.requests <= 2 + 12
        assert walker.visit(empty_web.advance("1h")).requests == 2
    published = empty_web.now() - timedelta(days=60)
    late = empty_web.insert_post(host, title="Late", text="One.\n\nTwo.", published=published)["url"]
    found = walker.visit(empty_web.advance("1h"))
    assert found.new == [late]
    assert found.requests <= 2 + 12
    assert walker.visit(empty_web.advance("1h")).requests == 2
    published = empty_web.now() - timedelta(hours=40)
    late = empty_web.insert_post(host, title="A little late", text="One.\n\nTwo.", published=published)["url"]
    found = walker.visit(empty_web.advance("1h"))
    assert (found.new, found.requests) == ([late], 3), "the newest are looked at before the archive is halved"
    assert walker.visit(empty_web.advance("1h")).requests == 2


def answer(*numbers: int, total: int, following: bool = False) -> bytes:
    entries = [
        {
            "id": {"$t": f"tag:blogger.com,1999:blog-9.post-{number}"},
            "title": {"$t": f"Story &amp; {number}"},
            "published": {"$t": "2026-11-18T08:00:00.001-08:00"},
            "updated": {"$t": f"2026-11-19T08:00:{number % 60:02}.001-08:00"},
            "link": [
                {"rel": "replies", "href": "x"},
                {"rel": "alternate", "href": f"{SITE}2026/11/story-{number}.html"},
            ],
            "author": [{"name": {"$t": "Noor"}}],
            "category": [{"term": "sea"}],
        }
        for number in numbers
    ]
    links = [{"rel": "next", "href": FEED + "?start-index=9"}] if following else []
    return json.dumps(
        {"feed": {"entry": entries, "openSearch$totalResults": {"$t": str(total)}, "link": links}}
    ).encode()


def test_what_an_entry_says() -> None:
    fetched = Fetched(FEED + "?alt=json&start-index=1&max-results=150", 200, {}, answer(7, total=1))
    found = blogger.read(fetched, Visit(SITE, {"feed": FEED}, first=True))
    (link,) = found.articles
    assert (link.url, link.title, link.key) == (SITE + "2026/11/story-7.html", "Story & 7", "post-7")
    assert (link.authors, link.tags) == (("Noor",), ("sea",))
    assert not found.more


def test_an_archive_that_breaks_off_deletes_nothing() -> None:
    held = [blogger.rank_of(number, datetime(2026, 11, 18, 16, tzinfo=UTC)) for number in (1, 2, 3, 4)]
    cursor = {"feed": FEED, "ids": packed(held), "updated": "2026-11-19T00:00:00+00:00", "deep": True}
    first = Fetched(FEED + "?alt=json&start-index=1&max-results=150", 200, {}, answer(1, 2, total=3, following=True))
    found = blogger.read(first, Visit(SITE, cursor))
    last = Fetched(FEED + "?alt=json&start-index=3&max-results=150", 200, {}, answer(total=3))
    found = blogger.read(last, Visit(SITE, found.cursor or {}))
    assert not found.gone_keys


def test_no_posts_feed() -> None:
    for body in (b"", b"<html></html>", b"[1]", b'{"feed": []}'):
        found = blogger.read(Fetched(FEED + "?alt=json", 200, {}, body), Visit(SITE, {"feed": FEED}))
        assert found.note
        assert not blogger.seeds(Visit(SITE, found.cursor or {}))
