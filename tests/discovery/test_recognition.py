from __future__ import annotations

import pytest

from crawler.discovery import recognise
from crawler.discovery.base import Fetched

SITE = "http://relay.example/"


def front(body: str = "", url: str = SITE, **headers: str) -> Fetched:
    return Fetched(url, 200, headers, body.encode())


def robots(body: str) -> Fetched:
    return Fetched(SITE + "robots.txt", 200, {}, body.encode())


LINKS = "".join(f'<a href="/story-{n}">A story</a>' for n in range(9))


def test_wordpress_by_its_header_and_everything_it_declares() -> None:
    profile = recognise(
        front(
            '<html lang="en-GB"><head><title>The Relay – News that moves</title>'
            '<meta name="generator" content="WordPress 6.1"><meta property="og:site_name" content="Relay">'
            '<link rel="alternate" type="application/rss+xml" href="/feed/">'
            f'<link rel="alternate" type="application/rss+xml" href="/comments/feed/"></head><body>{LINKS}</body>',
            link='<http://relay.example/wp-json/>; rel="https://api.w.org/", <http://relay.example/>; rel=shortlink',
        ),
        robots("Sitemap: http://relay.example/wp-sitemap.xml"),
    )
    assert profile["cms"] == "wordpress"
    assert profile["methods"]["wordpress"] == {"api": SITE + "wp-json/"}
    assert profile["methods"]["feed"] == {"urls": {SITE + "feed/": {}}}
    assert profile["methods"]["sitemap"] == {"roots": {SITE + "wp-sitemap.xml": {}}}
    assert (profile["generator"], profile["language"], profile["shell"]) == ("WordPress 6.1", "en", False)
    assert profile["names"] == ["Relay", "The Relay"]


@pytest.mark.parametrize(
    ("body", "headers", "api"),
    [
        ("", {"link": '<http://relay.example/?rest_route=/>; rel="https://api.w.org/"'}, "?rest_route=/"),
        ('<link rel="https://api.w.org/" href="/blog/wp-json/">', {}, "blog/wp-json/"),
        ('<link href="/wp-content/themes/x/style.css" rel="stylesheet">', {}, "?rest_route=/"),
        ('<meta name="generator" content="WordPress 5.2">', {}, "?rest_route=/"),
    ],
)
def test_other_marks_of_wordpress(body: str, headers: dict[str, str], api: str) -> None:
    profile = recognise(front(f"<html><head>{body}</head><body>{LINKS}</body></html>", **headers), None)
    assert profile["methods"]["wordpress"]["api"] == SITE + api


def test_a_picture_that_is_hot_linked_from_a_wordpress_makes_none() -> None:
    profile = recognise(front(f'<body>{LINKS}<img src="http://times.example/wp-content/uploads/a.jpg"></body>'), None)
    assert profile["cms"] is None


def test_blogger() -> None:
    for mark in (
        '<meta content="blogger" name="generator">',
        '<link rel="alternate" type="application/atom+xml" href="http://relay.example/feeds/posts/default">',
    ):
        profile = recognise(front(f"<html><head>{mark}</head><body>{LINKS}</body></html>"), None)
        assert profile["cms"] == "blogger"
        assert profile["methods"]["blogger"] == {"feed": SITE + "feeds/posts/default"}


def test_an_unknown_site_gets_probes() -> None:
    profile = recognise(front(f"<body>{LINKS}</body>"), robots("<html>Home Sitemap: /x.xml</html>"))
    assert profile["cms"] is None
    assert SITE + "sitemap.xml" in profile["methods"]["sitemap"]["probes"]
    assert SITE + "feed/" in profile["methods"]["feed"]["probes"]


def test_a_feed_that_is_only_linked() -> None:
    profile = recognise(
        front(f'<body>{LINKS}<a href="rss.xml">RSS</a><a href="http://o.example/feed/">o</a></body>'), None
    )
    assert profile["methods"]["feed"] == {"urls": {SITE + "rss.xml": {}}}


@pytest.mark.parametrize(
    ("body", "shell"),
    [
        ('<body><div id="root"></div><script src="/main.js"></script></body>', True),
        ('<body><div id="app"><noscript>Please enable JavaScript</noscript></div><script>1</script></body>', True),
        (f"<body>{LINKS}<script>1</script></body>", False),
        ("<body><p>" + "A page of words without any script or link. " * 20 + "</p></body>", False),
        ("<body></body>", False),
    ],
)
def test_shells(body: str, shell: bool) -> None:
    assert recognise(front(body), None)["shell"] is shell


def test_what_was_learned_is_kept_and_what_died_has_another_chance() -> None:
    known = {
        "methods": {
            "wordpress": {"api": SITE + "old/", "ids": "5", "misses": 3},
            "feed": {"urls": {SITE + "rss": {"shown": ["x"]}}, "dead": [SITE + "feed/"]},
            "listing": {"front": SITE, "patterns": {"yes": {"/D": 3}}},
        },
        "found": {"feed": 4},
        "language": "en",
    }
    feed = '<link rel="alternate" type="application/rss+xml" href="/feed/">'
    head = feed + '<link rel="https://api.w.org/" href="/wp-json/">'
    profile = recognise(front(f"<html><head>{head}</head><body>{LINKS}</body></html>"), None, known)
    assert profile["methods"]["feed"] == {"urls": {SITE + "feed/": {}, SITE + "rss": {"shown": ["x"]}}}
    assert profile["methods"]["wordpress"] == {"api": SITE + "wp-json/", "ids": "5"}
    assert profile["methods"]["listing"]["patterns"] == {"yes": {"/D": 3}}
    assert (profile["found"], profile["language"]) == ({"feed": 4}, "en")


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("Home – The Relay", ["The Relay"]),
        ("The Relay | News that moves", ["The Relay"]),
        ("首页｜接力报", ["接力报"]),
        ("Home", []),
    ],
)
def test_a_site_is_called_what_its_front_page_is_titled(title: str, names: list[str]) -> None:
    assert recognise(front(f"<html><head><title>{title}</title></head><body>{LINKS}</body>"), None)["names"] == names
