"""Where a site numbers its posts as they come, a number tells a false date."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from newsroom import article, link, linker, text, told

from crawler.attribution.arrivals import Arrival
from crawler.attribution.numbers import Misplaced, Row, misplaced, slots_of
from crawler.items import Article
from crawler.storage import open_store
from crawler.storage.base import Store

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOURS = START.timestamp() / 3600


def rows(days: list[float]) -> list[Row]:
    """Posts of a slot, two numbers apart, each so many days after the start."""
    return [(1000 + 2 * n, HOURS + 24 * day, n) for n, day in enumerate(days)]


def daily(count: int) -> list[float]:
    return [float(day) for day in range(count)]


def test_a_number_among_those_of_later_days_tells_when_a_page_was_posted() -> None:
    days = daily(60)
    days[40] = 10.0
    assert misplaced(rows(days)) == {40: Misplaced(1080, "2026-04-08", "2026-04-14")}


def test_numbers_in_their_order_say_nothing() -> None:
    assert not misplaced(rows(daily(60)))
    drafts = daily(60)
    drafts[20] = 45.0
    assert not misplaced(rows(drafts)), "a draft is numbered long before it is published"
    drafts[40] = 38.5
    assert not misplaced(rows(drafts)), "nor do a few days"


def test_an_archive_that_was_imported_is_no_lie() -> None:
    imported = [*daily(40), *(-700 + 3 * day for day in daily(40)), *(41 + day for day in daily(30))]
    assert not misplaced(rows(imported))


def test_the_first_and_the_last_numbers_have_nobody_beside_them() -> None:
    days = daily(40)
    days[-1] = days[-2] = -90.0
    assert not misplaced(rows(days))
    assert not misplaced(rows([-90.0, *daily(40)]))
    assert not misplaced(rows([0, 1, 2, 3, 4, -90.0, 5, 6, 7])), "a handful of pages is no order"


@settings(max_examples=60)
@given(st.randoms(use_true_random=False), st.integers(12, 400))
def test_numbers_that_do_not_follow_dates_say_nothing(rng: random.Random, count: int) -> None:
    assert not misplaced(rows([rng.uniform(0, 700) for _ in range(count)]))
    assert not misplaced(rows([-day for day in daily(count)]))


@pytest.mark.parametrize(
    ("url", "slots"),
    [
        ("https://a.example/?p=4711", {"?p": 4711}),
        ("https://a.example/?p=57", {"?p": 57}),
        ("https://a.example/?id=2020#top", {"?id": 2020}),
        ("https://a.example/?page=2&year=2020", {}),
        ("https://a.example/archives/812?page=3", {"/1": 812}),
        ("https://a.example/4711-a-slug", {"n-": 4711}),
        ("https://a.example/news/a-slug-4711.html", {"-n": 4711}),
        ("https://a.example/2026/05/12/4711/", {"/1": 4711}),
        ("https://a.example/2026/4711/900123/", {"/1": 4711, "/2": 900123}),
        ("https://a.example/2026/05/12/a-slug/", {}),
        ("https://a.example/top-10-things", {}),
        ("https://a.example/covid-2020", {}),
        ("https://4711.example", {}),
        ("https://a.example/a?x=4711111111111", {}),
    ],
)
def test_where_numbers_stand(url: str, slots: dict[str, int]) -> None:
    assert dict(slots_of(Article(url, "a.example", "T", "x", published_at=START))) == slots
    assert slots_of(Article(url, "a.example", "T", "x")) == [], "without a time there is nothing to contradict"


@pytest.mark.parametrize("year", [1, 999, 1970, 9999])
def test_years_that_cannot_be_are_no_times(year: int, store: Store) -> None:
    there = datetime(year, 12, 31, tzinfo=UTC)
    assert slots_of(Article("https://a.example/?p=4711", "a.example", "T", "x", published_at=there)) == []
    posts = [
        article(f"a.example/?p={1000 + n}", text(f"year {n}", 1), published_at=there, hours=None) for n in range(14)
    ]
    assert len(link(store, *posts)) == 14


def test_short_links_and_body_classes_tell_numbers_too() -> None:
    page = article("a.example/slug", "x", clues=[("shortlink", "https://a.example/?p=88123"), ("post_id", "4711")])
    assert dict(slots_of(page)) == {"?p": 88123, "post_id": 4711}
    foreign = article("a.example/slug", "x", clues=[("shortlink", "https://wp.example/?p=88123")])
    assert slots_of(foreign) == [], "another site counts its own posts"
    odd = article("a.example/slug", "x", clues=[("post_id", "²³"), ("post_id", "9" * 40), ("shortlink", "?p=")])
    assert slots_of(odd) == []


# -- in verdicts -----------------------------------------------------------------------------------------------------

FERRY = text("ferry", 6)


def blog(at: int, day: float) -> list[Article]:
    """A mirror's posts, one a day, of which one is back-dated; and the page that this one was taken from."""
    made = [
        article(f"mirror.example/?p={1000 + 3 * n}", text(f"post {n}", 2, 30), hours=24 * n)
        for n in range(40)
        if n != at
    ]
    liar = article(f"mirror.example/?p={1000 + 3 * at}", FERRY, hours=24 * day)
    return [*made, liar, article("kestrel.example/ferry", FERRY, hours=24 * at - 5)]


def test_a_back_dated_copy_is_told_by_its_number(store: Store) -> None:
    lines = link(store, *blog(30, 8))
    line = lines["mirror.example/?p=1090"][0]
    assert line.original_url == "http://kestrel.example/ferry"
    assert {one.signal: one.reason for one in line.evidence}["back_dated"] == (
        "The page states 2026-10-13, but its number (1090) stands among those of pages of 2026-11-01 to 2026-11-07."
    )
    assert lines["kestrel.example/ferry"][0].status == "original"


@settings(max_examples=5, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from([1, 7, 41]))
def test_numbers_come_to_the_same_in_any_order(
    tmp_path_factory: pytest.TempPathFactory, rng: random.Random, size: int
) -> None:
    pages = blog(30, 8)
    rng.shuffle(pages)
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('numbers')}/store.db")
    room = linker(store)
    for start in range(0, len(pages), size):
        arrivals = [Arrival(one) for one in pages[start : start + size]]
        (room.take if rng.random() < 0.5 else room.link)(arrivals)
    room.drain()
    before = told(store)
    assert before["mirror.example/?p=1090"][0].original_url == "http://kestrel.example/ferry"
    room.relink()
    assert told(store) == before, "not even a revision"
    assert store.numbers.unreviewed() == []
    store.close()


def test_a_corrected_date_is_believed_again(store: Store) -> None:
    link(store, *blog(30, 8))
    lines = link(store, article("mirror.example/?p=1090", FERRY, hours=24 * 30 + 1))
    held = store.articles.ids(["http://mirror.example/?p=1090"])
    assert not store.numbers.misplaced(held.values())
    assert "back_dated" not in {one.signal for one in lines["mirror.example/?p=1090"][0].evidence}
    rows_held = store.numbers.read("mirror.example", "?p", (1090, 0, 0), 1)
    assert (
        rows_held[0][1] == int((article("x.example/", "", hours=24 * 30 + 1).published_at or START).timestamp()) * 10**6
    )
