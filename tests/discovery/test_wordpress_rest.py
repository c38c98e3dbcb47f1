"""Against the fixture web's REST interface, which answers as WordPress 6.1 does."""

from __future__ import annotations

import itertools

import pytest
from walker import Outcome, Walker

from crawler.discovery import wordpress
from crawler.discovery.base import Fetched, Visit
from crawler.discovery.numbers import packed
from fixtures.web import FixtureWeb

HOSTS = (f"rest-{number}.example" for number in itertools.count())


class Site:
    """A fresh WordPress of some posts, visited once."""

    def __init__(self, web: FixtureWeb, posts: int, **changes: object) -> None:
        self.web, self.host = web, next(HOSTS)
        web.add_site(self.host, "kestrel-times.example", **changes)
        self.urls = web.add_posts(self.host, posts)
        self.walker = Walker(f"http://{self.host}/", web.port)
        self.first = self.walker.visit(web.now())

    def again(self) -> Outcome:
        self.web.advance("1h")
        return self.walker.visit(self.web.now())

    def number(self, url: str) -> str:
        return next(f"?p={row['number']}" for row in self.web.posts(self.host) if row["url"] == url)


@pytest.fixture(scope="module")
def site(empty_web: FixtureWeb) -> Site:
    return Site(empty_web, 730)


def test_the_whole_site_is_found_and_a_quiet_visit_costs_two_questions(site: Site) -> None:
    assert set(site.walker.rows) == set(site.urls)
    assert all(link.key.startswith("?p=") and link.published for link in site.walker.rows.values())
    for _ in range(3):
        quiet = site.again()
        assert quiet.requests == 2
        assert not quiet.new
        assert not quiet.due


def test_a_post_with_a_past_date_is_found(site: Site) -> None:
    site.web.insert_post(site.host, title="Found late", text="It was.", published="2026-10-01T00:00:00+00:00")
    found = site.again()
    assert len(found.new) == 1
    assert found.requests == 2


def test_an_edit_of_an_old_post_is_found(site: Site) -> None:
    site.web.edit_post(site.host, site.urls[11], text="Other words.")
    found = site.again()
    assert found.due == [site.urls[11]]
    assert not site.again().due


def test_a_deletion_is_found_where_it_is(site: Site) -> None:
    key = site.number(site.urls[300])
    site.web.erase_post(site.host, site.urls[300])
    found = site.again()
    assert found.gone_keys == [key]
    assert found.requests <= 2 + 5
    assert site.again().requests == 2


def test_a_deletion_and_a_late_post_at_once(site: Site) -> None:
    key = site.number(site.urls[450])
    site.web.trash_post(site.host, site.urls[450])
    site.web.insert_post(site.host, title="In its place", text="It is.", published="2026-10-02T00:00:00+00:00")
    found = site.again()
    assert found.gone_keys == [key]
    assert len(found.new) == 1


def test_a_moved_post_keeps_its_key(site: Site) -> None:
    moved = site.web.move_post(site.host, site.urls[20], "another-slug")
    found = site.again()
    assert found.new == [moved["url"]]
    assert found.articles[moved["url"]].key == site.number(moved["url"])


def test_more_new_posts_than_fit_on_a_page(site: Site) -> None:
    new = site.web.add_posts(site.host, 230)
    found = site.again()
    assert set(new) <= set(found.new)
    assert found.requests <= 4
    assert site.again().requests == 2


def test_a_small_site_needs_one_question(empty_web: FixtureWeb) -> None:
    small = Site(empty_web, 30)
    assert small.again().requests == 1
    key = small.number(small.urls[4])
    small.web.erase_post(small.host, small.urls[4])
    found = small.again()
    assert found.gone_keys == [key]
    assert found.requests == 2
    assert small.again().requests == 1


def test_reading_everything_again_finds_what_balanced_out(empty_web: FixtureWeb) -> None:
    site = Site(empty_web, 350)
    key = site.number(site.urls[100])
    site.web.erase_post(site.host, site.urls[100])
    memory = site.walker.profile["methods"]["wordpress"]
    ids = wordpress.unpacked(memory["ids"])
    memory["ids"] = packed([*ids, 1])  # as if a post that we never saw had been published when the other one went
    memory["census"] = {"slack": 2}
    site.web.advance("1h")
    assert set(site.walker.visit(site.web.now(), full=True).gone_keys) == {key, "?p=1"}


def test_the_other_form_of_the_address(empty_web: FixtureWeb) -> None:
    plain = Site(empty_web, 30, pretty=False)
    assert set(plain.walker.rows) == set(plain.urls)
    assert "rest_route=" in plain.first.asked[0]
    off = Site(empty_web, 30, rest=False)
    assert set(off.walker.rows) == set(off.urls), "by other methods"
    assert not any("wp/v2" in url for url in off.again().asked)


API = "http://w.example/wp-json/"


def read(
    body: str, cursor: dict[str, object] | None = None, status: int = 200, query: str = "order=desc", **headers: str
):
    url = f"{API}wp/v2/posts?per_page=100&{query}"
    fetched = Fetched(url, status, {name.replace("_", "-"): value for name, value in headers.items()}, body.encode())
    return wordpress.read(fetched, Visit("http://w.example/", cursor or {"api": API}))


def test_refusals_lead_to_the_other_form_and_then_to_silence() -> None:
    found = read('{"code": "rest_forbidden"}', status=401)
    assert "rest_route=" in found.more[0].url
    found = read("<html>", dict(found.cursor or {}), status=404)
    assert not found.more
    assert wordpress.seeds(Visit("http://w.example/", found.cursor or {})) == []


def test_one_that_answered_before_is_given_some_visits() -> None:
    cursor: dict[str, object] = {"api": API, "ids": "5,5"}
    for _ in range(wordpress.PATIENCE):
        assert wordpress.seeds(Visit("http://w.example/", cursor))
        cursor = dict(read("", cursor, status=403).cursor or {})
    assert not wordpress.seeds(Visit("http://w.example/", cursor))


def test_posts_that_are_no_articles_of_this_site() -> None:
    found = read(
        '<br/>Warning [{"id": 1, "link": "http://w.example/hallo-welt/", "title": {"rendered": "Hallo Welt!"}},'
        '{"id": 5, "link": "http://w.example/a-b/", "title": {"rendered": "A &#8211; B"},'
        ' "date_gmt": "2026-11-19T10:00:00", "modified_gmt": "2026-11-19T11:00:00"},'
        ' {"id": 6, "link": "http://other.example/c/"}, {"id": "x"}, 7]'
    )
    (link,) = found.articles
    assert (link.title, link.key) == ("A – B", "?p=5")
    assert str(link.published) == "2026-11-19 10:00:00+00:00"


def test_an_empty_answer_deletes_nothing() -> None:
    found = read("[]", {"api": API, "ids": "5,5,5", "modified": "2026-11-19T11:00:00+00:00"}, x_wp_total="0")
    assert not found.gone_keys
    assert all("modified_after" in link.url for link in found.more)


def test_the_bound_is_written_in_the_sites_own_time() -> None:
    cursor = {"api": API, "ids": "5", "modified": "2026-11-19T11:20:00+00:00", "offset": -300}
    found = read(
        '[{"id": 7, "link": "http://w.example/c-d/"}, {"id": 5}]', cursor, x_wp_total="900", x_wp_totalpages="9"
    )
    assert "modified_after=2026-11-19T04:00:00-05:00" in found.more[0].url
