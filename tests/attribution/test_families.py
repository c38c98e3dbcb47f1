"""Of a text with several copies their times together tell whose stated time is false."""

from __future__ import annotations

import math
import random
import tempfile
from collections.abc import Iterable
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from newsroom import NOON, article, link, linker, part, text, told

from crawler.attribution.arrivals import Arrival
from crawler.attribution.families import SAME_DAY, Early, _densities, too_early
from crawler.attribution.times import Moment
from crawler.storage import open_store
from crawler.storage.base import Store

HARBOUR = text("harbour", 6)
SOON = (0, 0.7, 1.5, 3, 6)


def at(hours: float) -> Moment:
    return Moment(NOON + timedelta(hours=hours), NOON + timedelta(hours=hours), stated=True)


def day(number: int) -> Moment:
    start = NOON.replace(hour=0) + timedelta(days=number)
    return Moment(start, start + timedelta(days=1), stated=True)


def asked(mine: Moment, others: Iterable[Moment]) -> Early | None:
    return too_early(("mine.example", mine), ((f"{n}.example", one) for n, one in enumerate(others)))


def test_a_page_two_days_before_all_others_that_follow_one_another_is_not_believed() -> None:
    early = asked(at(-50), map(at, SOON))
    assert early is not None
    assert early.level == 3
    assert early[1:] == (5, 48, 2)


def test_the_source_of_copies_that_came_as_copies_come_is_believed() -> None:
    assert asked(at(0), map(at, (0.5, 2, 4, 9, 30))) is None
    assert asked(at(0), map(at, (24, 30, 47, 90, 200))) is None, "slow, but no slower than one another"


def test_a_pair_alone_says_nothing_here() -> None:
    assert asked(at(-50), [at(0)]) is None
    one_site = [("house.example", at(hours)) for hours in SOON]
    assert too_early(("mine.example", at(-50)), one_site) is None, "nor do many pages of one site"
    assert too_early(("house.example", at(-50)), one_site) is None


@pytest.mark.parametrize("start", [-40.0, -23.0, -22.5, -3.0, 0.0, 1.0, 100.0])
def test_how_likely_a_day_is_is_the_mean_of_its_hours(start: float) -> None:
    """Also where little of it is left behind the source."""
    moments = np.linspace(start, start + 24, 100_001)[1:-1]
    by_hours = _densities(np.stack((moments, moments), axis=1)).mean(axis=1)
    assert _densities(np.array([[start, start + 24]]))[:, 0] == pytest.approx(by_hours, rel=0.02)


def test_pages_of_the_day_on_which_a_late_source_came_do_not_speak_for_an_earlier_one() -> None:
    """The source came at half past ten in the evening; who has the text within the hour may state only that day."""
    others = [*(at(10.5 + late) for late in (0, 0.3, 0.5, 0.9, 1.6, 2, 3, 3.5, 4, 6, 8, 11)), *[day(0)] * 5]
    assert asked(at(1), others) is not None, "nine hours before all that state a time"
    assert asked(at(10.5), others[1:]) is None


def test_more_copies_say_more_up_to_a_bound() -> None:
    levels = [asked(at(-50), map(at, (n * 0.4 for n in range(count)))) for count in (2, 3, 5, 8, 60)]
    numbers = [0 if one is None else one.level for one in levels]
    assert numbers == sorted(numbers)
    assert numbers[-1] == 4


def test_an_old_text_that_is_printed_again_is_believed() -> None:
    assert asked(at(-24 * 60), map(at, SOON)) is None


def test_what_is_not_stated_or_lies_later_is_not_asked() -> None:
    unbelieved = Moment(NOON - timedelta(days=3), NOON - timedelta(days=2), stated=False, doubt="states another")
    assert asked(unbelieved, map(at, SOON)) is None
    assert asked(at(7), map(at, SOON)) is None
    assert asked(at(2), map(at, SOON)) is None


def test_a_day_is_given_the_benefit_of_its_end() -> None:
    assert asked(day(-3), map(at, SOON)) is not None
    assert asked(day(0), map(at, SOON)) is None
    assert asked(at(-100), [day(0), day(0), day(1), at(15)]) is not None, "days count among the others"


def test_in_a_crowd_a_day_is_asked_for_each_of_its_hours() -> None:
    """Copies follow from 23:00 on: whoever names that day only was there in its last minutes, or is one of them."""
    late = [at(11 + lag) for lag in (0, 0.3, 0.5, 0.8, 1, 1.3, 1.7, 2, 2.5, 3, 3.6, 4.2, 5, 6, 7.5, 9, 11, 14, 20)]
    early = asked(day(0), late)
    assert early is not None
    assert early.gap == SAME_DAY
    assert asked(day(0), late[:10]) is None, "of few pages it is as likely the first as any"


@given(st.lists(st.integers(-(10**6), 10**6), min_size=2, max_size=90), st.integers(-(10**6), 10**6), st.booleans())
@settings(max_examples=60, deadline=None)
def test_no_times_are_too_odd(hours: list[int], mine: int, whole: bool) -> None:
    early = asked(day(mine // 24) if whole else at(mine), [at(one) if one % 4 else day(one // 24) for one in hours])
    assert early is None or 1 <= early.level <= 4


@given(st.randoms(use_true_random=False), st.lists(st.floats(-300, 300), min_size=2, max_size=70))
@settings(max_examples=60, deadline=None)
def test_the_order_of_the_others_does_not_matter(rng: random.Random, hours: list[float]) -> None:
    others = [at(one) if n % 3 else day(int(one // 24)) for n, one in enumerate(hours)]
    shuffled = rng.sample([(f"{n % 40}.example", one) for n, one in enumerate(others)], len(others))
    straight = too_early(("mine.example", at(-20)), [(f"{n % 40}.example", one) for n, one in enumerate(others)])
    assert too_early(("mine.example", at(-20)), shuffled) == straight


@pytest.mark.parametrize("tempo", [1 / 3, 1, 3])
@pytest.mark.parametrize("copies", [4, 12, 50])
def test_quick_and_slow_families_are_judged_alike(tempo: float, copies: int) -> None:
    """Lags of a third and of three times the usual ones: originals keep their place, lies of two days lose it."""
    rng = random.Random(f"{tempo} {copies}")
    accused = caught = 0
    for _ in range(40):
        lags = [math.exp(rng.gauss(math.log(3.5 * tempo), 1.3)) for _ in range(copies)]
        accused += asked(at(0), map(at, lags)) is not None
        caught += asked(at(-48 * max(tempo, 1)), map(at, (0, *lags))) is not None
    assert accused <= 3
    assert caught >= 36


# -- in verdicts -----------------------------------------------------------------------------------------------------


def test_the_original_is_found_behind_a_copy_that_claims_to_be_days_older(store: Store) -> None:
    pages = [article(f"m{n}.example/a", HARBOUR, hours=hours) for n, hours in enumerate(SOON)]
    lines = link(store, article("liar.example/a", HARBOUR, hours=-50), *pages)
    assert lines["m0.example/a"][0].status == "original"
    for name in ("liar", "m1", "m2", "m3", "m4"):
        assert lines[f"{name}.example/a"][0].original_url == "http://m0.example/a", name
    reasons = {one.signal: one for one in lines["liar.example/a"][0].evidence}
    assert reasons["too_early"].reason == (
        "The page is dated at least 2 d before 5 other pages with its text, half of which follow within 2 h of the"
        " first of them."
    )
    assert "time_gap" not in reasons, "its time is not believed"


def test_a_page_that_another_credits_is_believed(store: Store) -> None:
    credit = [("credit_line", "The Liar", "Source: The Liar")]
    pages = [article(f"m{n}.example/a", HARBOUR, hours=hours) for n, hours in enumerate(SOON)]
    first = article("liar.example/a", HARBOUR, hours=-50, site_name="The Liar")
    lines = link(store, first, *pages, article("n.example/a", HARBOUR, hours=8, clues=credit))
    assert lines["liar.example/a"][0].status == "original"
    assert lines["m0.example/a"][0].original_url == "http://liar.example/a"


def test_an_older_page_of_which_others_hold_only_a_part_is_believed(store: Store) -> None:
    background = part(HARBOUR, 0, 2) + "\n\n" + text("elsewhere", 5)
    pages = [article(f"m{n}.example/a", background, hours=hours) for n, hours in enumerate(SOON)]
    lines = link(store, article("older.example/a", HARBOUR, hours=-50), *pages)
    assert lines["older.example/a"][0].status == "original"


@given(st.permutations(range(9)), st.sampled_from([2, 4, 24]))
@settings(max_examples=6, deadline=None)
def test_families_end_the_same_in_any_order_and_size(order: list[int], at_once: int) -> None:
    """Also those that outgrow what is asked with each arrival."""
    pages = [article(f"m{n}.example/a", HARBOUR, hours=h) for n, h in enumerate((*SOON, 9, 14, -50, -30))]
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr("crawler.attribution.deciding.ASKED_AT_ONCE", at_once)
        store = open_store(f"sqlite:///{folder}/store.db")
        room = linker(store)
        for number in order:
            room.link([Arrival(pages[number])])
        room.drain()
        before = told(store)
        assert {lines[0].original_url for lines in before.values()} == {None, "http://m0.example/a"}
        room.relink()
        assert told(store) == before, "not even a revision"
        assert store.families.marked() == []
        store.close()


def test_a_corrected_time_is_believed_again(store: Store) -> None:
    pages = [article(f"m{n}.example/a", HARBOUR, hours=hours) for n, hours in enumerate(SOON)]
    link(store, article("liar.example/a", HARBOUR, hours=-50), *pages)
    held = store.articles.ids(["http://liar.example/a"])
    assert store.families.too_early(held.values())
    lines = link(store, article("liar.example/a", HARBOUR, hours=5))
    assert not store.families.too_early(held.values())
    assert "time_gap" in {one.signal for one in lines["liar.example/a"][0].evidence}
