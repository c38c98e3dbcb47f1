from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.base import Link
from crawler.items import Skip, SkipReason
from crawler.storage import open_store
from crawler.storage.base import PageResult, RobotsFile, SiteState, Store
from crawler.storage.page_rows import pack, unpack

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
SITE = "a.example"


def link(path: str, **fields: object) -> Link:
    return Link(f"http://a.example/{path}", **fields)  # type: ignore[arg-type]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path}/s.db")
    yield opened
    opened.close()


def lease(store: Store, now: datetime = NOW, limit: int = 100, sites: tuple[str, ...] = (SITE,), per_site: int = 100):
    with store.transaction():
        return store.pages.lease(
            sites, now=now, owner="me", until=now + timedelta(minutes=1), limit=limit, per_site=per_site
        )


def add(store: Store, *links: Link, site: str = SITE, now: datetime = NOW, **how: object) -> int:
    with store.transaction():
        return store.pages.add(site, links, now=now, **how)  # type: ignore[arg-type]


def finish(store: Store, page_id: int, state: str = "held", **fields: object) -> None:
    with store.transaction():
        store.pages.finish(PageResult(page_id, state=state, **{"fetched_at": NOW, **fields}))  # type: ignore[arg-type]


def urls(pages) -> list[str]:
    return [page.link.url.removeprefix("http://a.example/") for page in pages]


def test_what_is_known_is_not_queued_again(store):
    assert add(store, link("1"), link("2")) == 2
    assert add(store, link("2"), link("3")) == 1
    assert urls(lease(store)) == ["1", "2", "3"]
    assert lease(store) == []


def test_leases_go_by_priority_then_by_age_and_in_turn_over_sites(store):
    add(store, link("old"), priority=1)
    add(store, link("fresh"), priority=9)
    add(store, Link("http://b.example/1"), Link("http://b.example/2"), site="b.example")
    pages = lease(store, sites=("b.example", SITE), limit=3, per_site=2)
    assert [page.link.url for page in pages] == ["http://b.example/1", "http://b.example/2", "http://a.example/fresh"]


def test_what_is_not_due_waits(store):
    add(store, link("1"), due_at=LATER)
    assert lease(store) == []
    assert store.pages.waiting([SITE], NOW) == (0, LATER)
    assert store.pages.waiting([SITE], LATER) == (1, None)
    assert urls(lease(store, LATER)) == ["1"]
    assert store.pages.waiting([SITE], LATER) == (1, None)


def test_a_dead_runs_leases_come_back(store):
    add(store, link("1"), link("2"))
    first, second = lease(store)
    finish(store, first.id)
    with store.transaction():
        assert store.pages.release([SITE], owner="somebody else") == 0
        assert store.pages.release([SITE]) == 1
    assert [page.id for page in lease(store)] == [second.id]


def test_a_page_is_finished_once(store):
    add(store, link("1"))
    (page,) = lease(store)
    finish(store, page.id, text_hash="first")
    finish(store, page.id, text_hash="second", state="gone")
    known = store.pages.get(page.link.url)
    assert (known.state, known.text_hash) == ("held", "first")


def test_a_known_article_is_due_only_when_its_list_says_that_it_changed(store):
    add(store, link("1", modified=NOW - timedelta(days=1)))
    finish(store, lease(store)[0].id)
    assert add(store, link("1", modified=NOW - timedelta(days=1))) == 0
    assert add(store, link("1")) == 0
    assert add(store, link("1", modified=LATER)) == 1
    assert add(store, link("1", modified=LATER)) == 0
    page = lease(store)[0]
    assert page.state == "held"


def test_the_first_statement_of_an_old_change_is_no_news(store):
    add(store, link("1"))
    finish(store, lease(store)[0].id)
    assert add(store, link("1", modified=NOW - timedelta(days=1))) == 0
    assert add(store, link("1", modified=NOW - timedelta(hours=1))) == 1


def test_a_polled_list_is_read_once_a_visit(store):
    polled = link("feed", kind="list", poll=True)
    add(store, polled, visit=NOW)
    finish(store, lease(store)[0].id)
    assert add(store, polled, visit=NOW) == 0
    assert add(store, polled, visit=LATER, now=LATER) == 1


def test_another_list_is_read_once(store):
    add(store, link("page/2", kind="list"))
    finish(store, lease(store)[0].id)
    assert add(store, link("page/2", kind="list"), now=LATER) == 0


def test_a_page_taken_for_an_article_can_prove_to_be_a_list(store):
    add(store, link("news"))
    finish(store, lease(store)[0].id, "skipped")
    assert add(store, link("news", kind="list", poll=True), visit=LATER) == 1
    assert lease(store)[0].link.kind == "list"


def test_an_article_is_not_taken_for_a_list(store):
    add(store, link("1"))
    finish(store, lease(store)[0].id, text_hash="x")
    assert add(store, link("1", kind="list", poll=True), visit=LATER) == 0


def test_retries_end_in_death_and_can_be_revived(store):
    add(store, link("1"))
    for attempt in range(3):
        (page,) = lease(store)
        assert page.attempts == attempt
        with store.transaction():
            state = store.pages.retry(page.id, due_at=NOW, reason="refused", dead_after=3)
    assert state == "dead"
    assert lease(store) == []
    assert store.pages.reasons(SITE, "dead") == {"refused": 1}
    assert [(page.link.url, page.reason) for page in store.pages.of_state(SITE, "dead", 5)] == [
        (link("1").url, "refused")
    ]
    with store.transaction():
        assert store.pages.revive(SITE, now=NOW, priority=0) == 1
    assert lease(store)[0].state == "queued"


def test_a_visit_asks_lists_that_failed_but_no_articles(store):
    add(store, link("feed", kind="list", poll=True), link("1"))
    for page in lease(store):
        with store.transaction():
            store.pages.retry(page.id, due_at=LATER, reason="refused", dead_after=3)
    assert lease(store) == []
    with store.transaction():
        assert store.pages.hasten(SITE, now=NOW) == 1
        assert store.pages.hasten(SITE, now=NOW) == 0
    assert [page.link.kind for page in lease(store)] == ["list"]


def test_a_page_under_two_urls_is_one_page(store):
    add(store, link("?p=1"))
    (page,) = lease(store)
    finish(store, page.id, final_url="http://a.example/one/", text_hash="x")
    assert store.pages.get("http://a.example/?p=1").state == "off"
    known = store.pages.get("http://a.example/one/")
    assert (known.state, known.text_hash) == ("held", "x")
    assert add(store, link("?p=1"), link("one/")) == 0
    assert store.pages.counts(SITE) == {"held": 1, "off": 1}


def test_two_addresses_in_flight_at_once_end_as_one(store):
    add(store, link("?p=1"), link("one/"))
    short, long = lease(store)
    finish(store, long.id, text_hash="x")
    finish(store, short.id, final_url="http://a.example/one/", text_hash="x")
    assert store.pages.counts(SITE) == {"held": 1, "off": 1}


def test_a_known_key_under_a_new_url_makes_us_look_at_the_page(store):
    add(store, link("old", key="7"))
    finish(store, lease(store)[0].id, text_hash="x")
    assert add(store, link("new", key="7"), now=LATER) == 0
    (page,) = lease(store, LATER)
    assert urls([page]) == ["old"]
    finish(store, page.id, "missing", fetched_at=LATER)
    assert urls(lease(store, LATER)) == ["new"]


def test_a_page_with_two_urls_is_looked_at_once_for_it(store):
    add(store, link("old", key="7"))
    finish(store, lease(store)[0].id, text_hash="x")
    add(store, link("new", key="7"), now=LATER)
    finish(store, lease(store, LATER)[0].id, text_hash="x")
    assert add(store, link("new", key="7"), now=LATER) == 0
    assert lease(store, LATER) == []


def test_what_a_list_no_longer_shows_is_looked_at(store):
    add(store, link("list", kind="list"))
    parent = lease(store)[0]
    finish(store, parent.id)
    add(store, link("1"), link("2"), link("3"), parent=parent.id)
    one, two, three = lease(store)
    for page in (one, two):
        finish(store, page.id, text_hash="x")
    finish(store, three.id, text_hash="x", final_url="http://a.example/moved")
    with store.transaction():
        lost = store.pages.vanished(parent.id, ["http://a.example/1", "http://a.example/3"], now=NOW, priority=5)
    assert lost == 1
    assert urls(lease(store)) == ["2"]


def test_the_ladder_wakes_the_missing_first(store):
    add(store, link("1"), link("2"), link("3"))
    one, two, three = lease(store)
    finish(store, one.id, text_hash="x", due_at=NOW)
    finish(store, two.id, "missing", text_hash="x", due_at=LATER)
    finish(store, three.id, text_hash="x", due_at=LATER + timedelta(days=9))
    with store.transaction():
        assert store.pages.wake(SITE, now=LATER, limit=1, priority=1) == 1
    assert urls(lease(store, LATER)) == ["2"]


def test_the_audit_asks_for_held_articles(store):
    add(store, link("1"), link("2"), link("list", kind="list"))
    for page in lease(store):
        finish(store, page.id, text_hash="x")
    with store.transaction():
        assert store.pages.audit(SITE, now=NOW, limit=5, priority=1) == 2
    assert len(lease(store)) == 2


def test_the_audit_comes_round(store):
    add(store, link("1"), link("2"), link("3"))
    for number, page in enumerate(lease(store)):
        finish(store, page.id, text_hash="x", fetched_at=NOW - timedelta(days=number))
    looked_at = []
    for day in range(3):
        with store.transaction():
            assert store.pages.audit(SITE, now=LATER, limit=1, priority=1) == 1
        (page,) = lease(store, LATER)
        looked_at += urls([page])
        finish(store, page.id, text_hash="x", fetched_at=LATER + timedelta(days=day))
    assert looked_at == ["3", "2", "1"]


def test_only_a_list_that_says_so_takes_an_article_over(store):
    whole, feed = (add(store, link(name, kind="list", poll=True)) and lease(store)[0] for name in ("map", "feed"))
    add(store, link("1"), parent=whole.id)
    finish(store, lease(store)[0].id, text_hash="x")
    add(store, link("1"), parent=None)
    with store.transaction():
        assert store.pages.vanished(feed.id, [], now=NOW, priority=5) == 0
        assert store.pages.vanished(whole.id, [], now=NOW, priority=5) == 1


def test_what_a_site_declares_gone_needs_no_request(store):
    add(store, link("1"), link("2"))
    finish(store, lease(store, limit=1)[0].id, text_hash="x")
    with store.transaction():
        assert store.pages.mark("http://a.example/1", "gone", reason="said so", now=NOW).state == "held"
        assert store.pages.mark("http://a.example/unknown", "gone", reason="said so", now=NOW) is None
    assert store.pages.counts(SITE) == {"gone": 1, "queued": 1}


def test_what_strangers_say_is_bounded(store):
    add(store, link("1", title="t" * 10_000, tags=("x" * 999,) * 500, key="k" * 9_000))
    page = lease(store)[0]
    assert len(page.link.title) == 500
    assert len(page.link.tags) == 30
    assert len(page.link.key) == 500


@given(
    st.builds(
        Link,
        url=st.just("http://a.example/x"),
        kind=st.sampled_from(["article", "list"]),
        title=st.text(max_size=50),
        authors=st.lists(st.text(max_size=9), max_size=3).map(tuple),
        modified=st.none() | st.datetimes(timezones=st.just(UTC)),
        key=st.text(max_size=9),
        poll=st.booleans(),
    )
)
def test_links_survive_the_table(one):
    assert unpack(one.url, one.kind, pack(one)) == one


def test_sites_are_remembered(store):
    state = SiteState(
        "Ähre",
        "http://a.example/",
        "mirror",
        ("Эхо",),
        {"methods": {"feed": {}}},
        NOW,
        None,
        LATER,
        60,
        1,
        2,
        3,
        4,
        5,
        "e",
    )
    with store.transaction():
        store.sites.save(state)
        store.sites.save_robots("http://a.example", RobotsFile(200, b"x", NOW))
        store.skip(Skip("http://a.example/1", SkipReason.TOO_SHORT, "12 words"), "Ähre", NOW)
    assert store.sites.get("Ähre") == state
    assert store.sites.all() == [state]
    assert store.sites.robots("http://a.example") == RobotsFile(200, b"x", NOW)
    assert store.sites.get("nobody") is None
    with store.transaction():
        assert store.sites.forget("Ähre") == 2
    assert store.sites.all() == []


def test_forgetting_is_by_site_and_time(store):
    add(store, link("1"))
    add(store, link("2"), now=LATER)
    add(store, Link("http://b.example/"), site="b.example")
    with store.transaction():
        assert store.pages.forget(SITE, LATER) == 1
        assert store.pages.forget(SITE) == 1
    assert store.pages.get("http://b.example/") is not None


def test_new_dates_of_held_articles_can_be_put_aside(store):
    later = link("1", modified=LATER), link("2", modified=LATER), link("3", modified=LATER)
    add(store, link("1", modified=NOW), link("2", modified=NOW))
    for page in lease(store):
        finish(store, page.id, text_hash="x")
    with store.transaction():
        assert store.pages.add(SITE, later, now=LATER, aside=7) == 1
        assert store.pages.wake(SITE, now=LATER, limit=9, priority=8, aside=6) == 0
    assert [page.link.url for page in lease(store, now=LATER)] == [link("3").url]
    with store.transaction():
        assert store.pages.add(SITE, later, now=LATER, aside=7) == 0
        assert store.pages.wake(SITE, now=LATER, limit=1, priority=8, aside=7) == 1
        assert store.pages.wake(SITE, now=LATER, limit=9, priority=20) == 1
    assert sorted(page.priority for page in lease(store, now=LATER)) == [8, 20]


# -- one text under addresses that differ in their query only


def test_held_pages_of_one_path_and_text_are_found(store):
    names = ("a?n=1", "a?n=2", "a?n=3", "a", "a/b?n=1", "ab?n=1", "b?n=1", "c?n=1")
    add(store, *(link(name) for name in names))
    for name, page in zip(names, lease(store), strict=True):
        finish(
            store, page.id, text_hash="other" if name == "a?n=3" else "x", state="gone" if name == "c?n=1" else "held"
        )
    found = {name: urls(store.pages.same_path(f"http://a.example/{name}", SITE, "x")) for name in (*names, "b")}
    assert found == {
        "a?n=1": ["a", "a?n=2"], "a?n=2": ["a", "a?n=1"], "a?n=3": ["a", "a?n=1", "a?n=2"], "a": ["a?n=1", "a?n=2"],
        "a/b?n=1": [], "ab?n=1": [], "b?n=1": [], "c?n=1": [], "b": ["b?n=1"],
    }  # fmt: skip
    assert store.pages.same_path("http://a.example/a?n=9", "b.example", "x") == []


@pytest.mark.parametrize("in_flight", [True, False])
def test_an_echo_changes_nothing_of_the_page_that_it_repeats(store, in_flight):
    add(store, link("a?n=1"), link("a?n=2", key="k"))
    first, echo = lease(store)
    if not in_flight:
        finish(store, first.id, text_hash="x", etag='"1"', ladder=3)
    before = store.pages.by_id(first.id)
    finish(store, echo.id, state="off", final_url=first.link.url)
    assert store.pages.get(echo.link.url).state == "off"
    assert store.pages.by_id(first.id) == before
    assert store.pages.by_key(SITE, "k").link.url == first.link.url
    finish(store, first.id, text_hash="x")  # its own lease, if it has not ended yet
    assert store.pages.by_id(first.id).state == "held"


def test_where_a_page_went_its_last_echo_is_asked(store):
    add(store, *(link(f"a?n={number}") for number in range(4)))
    first, *echoes = lease(store)
    finish(store, first.id, text_hash="x")
    for echo in echoes:
        finish(store, echo.id, state="off", final_url=first.link.url)
    add(store, link("b"))
    (other,) = lease(store)
    finish(store, other.id, text_hash="y", final_url="http://a.example/c")  # a redirect is no echo
    with store.transaction():
        store.pages.audit(SITE, now=NOW, limit=9, priority=1)
    for page in lease(store):
        finish(store, page.id, state="missing")
    assert urls(lease(store)) == ["a?n=3"]


def echo(store: Store, known: str, *echoes: str) -> None:
    """Holds a page, and pages that say the same."""
    add(store, link(known), *(link(one) for one in echoes))
    for page in lease(store):
        if page.link.url == link(known).url:
            finish(store, page.id, text_hash=f"text of {known}", memo={"title": "t"})
        else:
            finish(store, page.id, state="off", final_url=link(known).url)


def test_pages_that_teach_are_those_with_a_query_and_what_repeats_them(store):
    echo(store, "a?n=1", "a?n=2")
    echo(store, "b", "b?n=3")
    echo(store, "c")
    echo(store, "d?n=4")
    found = {(url.removeprefix("http://a.example/"), text) for url, text in store.pages.addresses(SITE, 100)}
    assert found == {
        ("a?n=1", "text of a?n=1t"), ("a?n=2", "text of a?n=1t"), ("b?n=3", "text of bt"), ("d?n=4", "text of d?n=4t")
    }  # fmt: skip
    assert len(store.pages.addresses(SITE, 1)) == 2  # the last held one, and the last echo
    assert urls_of(store.pages.held_urls(SITE, 3)) == ["d?n=4", "c", "b"]


def test_what_leads_to_a_page_follows_it(store):
    echo(store, "a?n=1", "a?n=2")
    with store.transaction():
        store.pages.left("http://a.example/a?n=1", "http://a.example/b")
    assert store.pages.get("http://a.example/a?n=1").state == "off"
    assert store.pages.get("http://a.example/a?n=2").memo["of"] == "http://a.example/b"
    assert lease(store) == []
    add(store, link("b"))
    finish(store, lease(store)[0].id, final_url="http://a.example/c", text_hash="x")
    assert store.pages.get("http://a.example/a?n=2").memo["of"] == "http://a.example/c"
    assert add(store, link("a?n=2", modified=LATER)) == 1


def urls_of(found: list[str]) -> list[str]:
    return [url.removeprefix("http://a.example/") for url in found]


def test_pages_are_known_without_what_says_nothing(store):
    echo(store, "a?n=1", "a?n=2")
    add(store, link("gone?n=1"))
    finish(store, lease(store)[0].id, state="gone")
    add(store, link("in-flight?n=1"), priority=9)
    (flying,) = lease(store, limit=1)
    add(store, *(link(name) for name in ("a?n=3", "new?n=1&id=2", "new?n=2&id=2", "new?id=3")))
    with store.transaction():
        store.pages.drop_parameters(SITE, {"n"}, now=NOW)
    assert urls(lease(store)) == ["new?id=2", "new?id=3"]
    held = store.pages.get("http://a.example/a?n=1")
    assert (held.state, store.pages.get("http://a.example/a").memo["of"]) == ("held", held.link.url)
    assert store.pages.get("http://a.example/gone") is None
    assert store.pages.get(flying.link.url).state == "queued"
    finish(store, flying.id, text_hash="y")

    assert add(store, link("a"), link("a?n=3")) == 0
    assert add(store, link("a", modified=LATER)) == 1  # an edit that a list tells is one of the page that we hold
    assert urls(lease(store)) == ["a?n=1"]
    finish(store, held.id, text_hash="x")
    with store.transaction():
        assert store.pages.look(["http://a.example/a"], now=NOW, priority=1) == 1
        assert store.pages.mark("http://a.example/a", "gone", reason="deleted", now=NOW).state == "held"
    assert store.pages.get(held.link.url).state == "gone"


def test_a_list_that_shows_a_page_without_what_says_nothing_shows_it(store):
    add(store, link("list", kind="list"))
    (listing,) = lease(store)
    add(store, link("a?n=1"), link("b?n=1"), parent=listing.id)
    for page in lease(store):
        finish(store, page.id, text_hash=page.link.url)
    with store.transaction():
        store.pages.drop_parameters(SITE, {"n"}, now=NOW)
        assert store.pages.vanished(listing.id, ["http://a.example/a"], now=NOW, priority=1) == 1
    assert urls(lease(store)) == ["b?n=1"]


def test_a_page_that_is_not_there_any_more_is_asked_for_without_what_says_nothing(store):
    echo(store, "a?n=1")
    with store.transaction():
        store.pages.drop_parameters(SITE, {"n"}, now=NOW)
        store.pages.look(["http://a.example/a"], now=NOW, priority=1)
    finish(store, lease(store)[0].id, state="missing")
    assert urls(lease(store)) == ["a"]
