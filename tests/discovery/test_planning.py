from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from walker import Walker

from crawler import discovery
from crawler.discovery import planning
from crawler.discovery.base import Lesson, Visit
from crawler.sites import Site, site_of_url
from fixtures.web import FixtureWeb

URL = "http://relay.example/"
SITE = site_of_url(URL)
NOW = datetime(2026, 11, 20, tzinfo=UTC)
DAYS_AGO = (NOW - timedelta(days=9)).isoformat()


def plan(methods: dict[str, Any], site: Site = SITE, **visit: Any) -> list[str]:
    profile = {"methods": {"listing": {"front": URL}, **methods}}
    return [link.url.removeprefix(URL) for link in discovery.plan(profile, Visit(URL, now=NOW, **visit), site)]


REST = {"api": URL + "wp-json/", "ids": "5,5", "modified": NOW.isoformat(), "changed": NOW.isoformat()}
FEED = {"urls": {URL + "feed/": {"shown": ["x"]}}}
MAP = {"roots": {URL + "sitemap.xml": {"kind": "pages", "listed": 9}}}


def test_a_first_visit_asks_everything_but_listings() -> None:
    methods = {"wordpress": {"api": URL + "wp-json/"}, "feed": FEED, "sitemap": {"probes": [URL + "sitemap.xml"]}}
    first = plan(methods, first=True)
    assert first[0].startswith("wp-json/wp/v2/posts")
    assert first[1:] == ["sitemap.xml", "feed/"]
    assert plan(methods | {"wordpress": REST}, first=True, round=1) == []
    assert plan({"feed": FEED, "sitemap": MAP}, first=True, round=1) == []
    assert plan({}, first=True) == [""]


def test_a_feed_is_followed_back_before_listings_are() -> None:
    deep = {"urls": {URL + "feed/": {"shown": ["x"], "next": URL + "feed/?paged=2"}}}
    assert plan({"feed": deep}, first=True, round=1) == ["feed/?paged=2"]
    assert plan({"feed": FEED}, first=True, round=1) == [""]
    assert plan({"feed": {"urls": {URL + "feed/": {"whole": True}}}}, first=True, round=2) == []


@pytest.mark.parametrize("number", range(8))
def test_a_later_visit_costs_two_lists_at_most(number: int) -> None:
    lists = {"lists": {URL + f"s{n}/": {} for n in range(5)}, "front": URL}
    assert len(plan({"wordpress": REST, "feed": FEED, "sitemap": MAP}, number=number)) == 1  # that asks another one
    assert plan({"feed": FEED, "sitemap": MAP, "listing": lists}, number=number) == ["sitemap.xml", "feed/"]
    front, section = plan({"listing": lists}, number=number)
    assert (front, section) == ("", f"s{number % 5}/")


def test_the_archive_takes_turns_where_nothing_tells_the_whole() -> None:
    paged = {"front": URL, "near": [URL + "?page=3", 3], "far": [URL + "?page=9", 9]}
    assert [plan({"listing": paged}, number=number) for number in range(4)] == [
        [""],
        ["", "?page=3"],
        [""],
        ["", "?page=9"],
    ]
    assert plan({"feed": FEED, "listing": paged}, number=1) == ["feed/", "?page=3"]
    assert plan({"feed": FEED, "sitemap": MAP, "listing": paged}, number=1) == ["sitemap.xml", "feed/"]


def test_a_site_that_renders_is_asked_for_one_page() -> None:
    rendered = replace(SITE, render=True)
    paged = {"front": URL, "near": [URL + "?page=3", 3], "lists": {URL + "s1/": {}}}
    assert all(plan({"listing": paged}, rendered, number=number) == [""] for number in range(8))
    profile = {"methods": {"listing": paged | {"far": [URL + "?page=9", 9]}}}
    audited = [discovery.audit(profile, Visit(URL, now=NOW, number=2 * day), rendered) for day in range(4)]
    assert [[link.url.removeprefix(URL) for link in one] for one in audited] == [["?page=3"], ["?page=9"]] * 2
    assert discovery.audit(profile, Visit(URL, now=NOW), SITE) == []
    assert plan({"feed": FEED, "listing": paged}, rendered, number=1) == ["feed/"]


def test_a_complete_method_that_died_is_replaced_and_tried_again() -> None:
    died = {"wordpress": REST | {"misses": 3}, "feed": FEED}
    assert plan(died) == ["feed/", ""]
    tried = [number for number in range(60) if any("wp-json" in url for url in plan(died, number=number))]
    assert tried == [27, 55]
    assert plan(died, number=27)[0] == "feed/"
    assert len(plan(died, number=27)) == 2
    assert plan(died, first=True) == ["feed/"]


def test_a_method_that_tells_nothing_new_while_others_do_is_not_relied_on() -> None:
    stale, fresh = REST | {"changed": DAYS_AGO}, FEED | {"changed": NOW.isoformat()}
    planned = plan({"wordpress": stale, "feed": fresh})
    assert planned[0] == "feed/"
    assert len(planned) == 2


def test_a_silent_complete_method_is_compared_with_others_now_and_then() -> None:
    silent = {"wordpress": REST | {"changed": DAYS_AGO}, "feed": FEED | {"changed": DAYS_AGO}}
    assert [plan(silent, number=n)[0].partition("?")[0] for n in range(4)] == ["wp-json/wp/v2/posts"] * 3 + ["feed/"]


def test_a_gap_in_the_feed_leads_to_other_lists() -> None:
    gap = FEED | {"gap": True}
    assert plan({"feed": gap}, round=1) == []  # the front page was read with it
    assert plan({"feed": gap, "listing": {"front": URL, "lists": {URL + "s/": {}}}}, round=1) == ["s/"]
    assert plan({"feed": gap, "sitemap": MAP}, round=1) == [], "the sitemap tells it all"
    assert plan({"feed": gap}, round=2) == []


def test_what_is_declared_goes() -> None:
    site = replace(SITE, discovery=("feed",), feeds=(URL + "own.rss",), sitemaps=(URL + "own.xml",))
    assert plan({"wordpress": REST}, site) == ["own.rss"]
    assert plan({}, replace(site, discovery=())) == ["own.xml", "own.rss"]


def test_learning() -> None:
    profile = {"methods": {"listing": {"front": URL}}, "found": {"feed": 2}}
    lesson = Lesson(proven=(URL + "a/1234", URL + "a/1235", URL + "a/99999"), new={"feed": 1, "listing": 2})
    learned = discovery.learn(profile, lesson)
    assert learned["found"] == {"feed": 3, "listing": 2}
    assert learned["methods"]["listing"]["patterns"]["yes"] == {"/a/D": 3}
    assert "patterns" not in profile["methods"]["listing"]


def test_every_method_is_listed_under_its_own_name() -> None:
    assert all(name == method.NAME for name, method in planning.METHODS.items())


@pytest.mark.parametrize(
    "host",
    ["kestrel-times", "nordpost", "alwaha", "dailyrelay", "worldbrief", "newsquilt", "quickmirror", "paperboy"],
)
def test_every_article_of_the_fixture_web_and_nothing_else(discovery_web: FixtureWeb, host: str) -> None:
    walker = Walker(f"http://{host}.example/", discovery_web.port)
    walker.visit(discovery_web.now())
    posts = [row for row in discovery_web.posts(f"{host}.example") if row["state"] == "publish"]
    own = {row["url"] for row in posts if row["page"] or "hello-world" in row["url"] or row["number"] == 1}
    assert {row["url"] for row in posts} - own == set(walker.rows) - own
    assert not own & {url for url in walker.rows if "hello" in url or "page" in url}
    for _ in range(3):
        quiet = walker.visit(discovery_web.now())
        assert quiet.requests <= 2
        assert not quiet.new
