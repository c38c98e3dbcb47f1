"""Weights are learned from pairs, no further than the pairs carry, and only those that can teach are asked."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from newsroom import article, link, part, text

from crawler.attribution.fitting import Example, UnfitError, fit
from crawler.attribution.labelled import Label, gather
from crawler.attribution.weights import DEFAULT_WEIGHTS, merged, read_weights
from crawler.storage.base import Store

FERRY = text("ferry", 8)
AGENCY = ("dateline", "Harrow Press", "OSLO (Harrow Press) -")


def example(number: int, strengths: dict[str, float], story: int | None = None) -> Example:
    sites = (f"copier{number % 7}.example", f"paper{number % 5}.example")
    return Example(f"http://{sites[0]}/{number}", f"http://{sites[1]}/{number}", sites,
                   f"story {number if story is None else story}", strengths)  # fmt: skip


def press(seed: int, pairs: int = 200, truthful: float = 0.98) -> list[Example]:
    """Authors tell the truth nearly always, times in two of three pairs."""
    dice = random.Random(seed)
    return [
        example(number, {
            "generic_author": 1.0 if dice.random() < truthful else -1.0,
            "time_gap": 2.2 if dice.random() < 0.67 else -2.2,
        })
        for number in range(pairs)
    ]  # fmt: skip


def test_what_tells_the_truth_gains_and_what_lies_loses() -> None:
    found = fit(press(1), DEFAULT_WEIGHTS)
    assert found.signals["generic_author"].after > DEFAULT_WEIGHTS["generic_author"] + 0.5
    assert found.signals["time_gap"].after < DEFAULT_WEIGHTS["time_gap"] - 0.3
    assert found.is_better
    assert found.after.right > found.before.right
    assert set(found.signals) == {"generic_author", "time_gap"}, "what did not speak keeps its default"
    heard = found.signals["generic_author"]
    assert heard.pairs == heard.for_truth + heard.against == 200


def test_little_data_moves_little() -> None:
    moved = [abs(fit(press(2, pairs), DEFAULT_WEIGHTS).signals["generic_author"].after - 0.8) for pairs in (30, 800)]
    assert moved[0] < moved[1] / 2


def test_no_weight_turns_its_sentence_round() -> None:
    lying = [replace(one, strengths={**one.strengths, "inserts": -1.0}) for one in press(3, 400)]
    assert fit(lying, DEFAULT_WEIGHTS).signals["inserts"].after == 0.0


def test_a_signal_that_says_nothing_new_is_told_as_no_better() -> None:
    dice = random.Random(4)
    noise = [example(n, {"role": 1.0, "inserts": dice.choice((1.0, -1.0))}) for n in range(40)]
    found = fit(noise, merged({"role": 40.0}))
    assert not found.is_better, "weights in force that leave nothing to gain"


@settings(max_examples=25, deadline=None)
@given(st.randoms(use_true_random=False))
def test_order_of_labels_changes_no_weight(dice: random.Random) -> None:
    examples = press(5, 60)
    shuffled = dice.sample(examples, len(examples))
    assert fit(shuffled, DEFAULT_WEIGHTS) == fit(examples, DEFAULT_WEIGHTS)


def test_pairs_of_one_story_are_held_out_together() -> None:
    """A hundred copies of each text are no hundred witnesses of what is true of the next text."""
    names = list(DEFAULT_WEIGHTS)[:12]
    odd = [example(n, {names[n % 12]: -1.0 if n % 12 < 4 else 1.0}, story=n % 12) for n in range(600)]
    alone = [replace(one, story=one.copy) for one in odd]
    assert fit(alone, DEFAULT_WEIGHTS).is_better
    assert not fit(odd, DEFAULT_WEIGHTS).is_better


@pytest.mark.parametrize(
    ("examples", "said"),
    [
        ([], "0 pairs of pages in 0 stories"),
        (press(7, 29), "at least 30"),
        ([replace(one, story="one") for one in press(7, 90)], "90 pairs of pages in 1 stories"),
        ([replace(one, sites=("m.example", "p.example")) for one in press(7)], "m.example taken from p.example"),
        ([example(n, {"time_gap": -2.2}) for n in range(50)], "get 50 wrong"),
    ],
)  # fmt: skip
def test_too_little_and_one_sided_labels_are_refused(examples: list[Example], said: str) -> None:
    with pytest.raises(UnfitError, match=said):
        fit(examples, DEFAULT_WEIGHTS)


def pairs_of(store: Store, *labels: tuple[str, str | None]) -> tuple[set[tuple[str, str]], dict[str, int]]:
    told = [Label(f"http://{url}", f"http://{original}" if original else None) for url, original in labels]
    found = gather(store, [], told, DEFAULT_WEIGHTS)
    bare = {(one.copy.removeprefix("http://"), one.source.removeprefix("http://")) for one in found.examples}
    return bare, dict(found.passed_over)


def test_a_label_gives_the_pair_that_it_names(store: Store) -> None:
    link(store, article("paper.example/a", FERRY), article("mirror.example/a", FERRY, hours=3),
         article("other.example/a", part(FERRY, 0, 5), hours=5))  # fmt: skip
    pairs, passed = pairs_of(store, ("mirror.example/a", "paper.example/a"))
    assert pairs == {("mirror.example/a", "paper.example/a")}
    assert not passed
    pairs, _ = pairs_of(store, ("paper.example/a", None))
    assert pairs == {("mirror.example/a", "paper.example/a"), ("other.example/a", "paper.example/a")}


def test_labels_that_give_no_pair_are_counted(store: Store) -> None:
    link(store, article("paper.example/a", FERRY), article("paper.example/b", FERRY, hours=1),
         article("mirror.example/a", FERRY, hours=3), article("mirror.example/z", text("another", 8)))  # fmt: skip
    pairs, passed = pairs_of(
        store,
        ("mirror.example/gone", "paper.example/a"),
        ("mirror.example/z", "paper.example/a"),
        ("paper.example/b", "paper.example/a"),
        ("mirror.example/a", "paper.example/a"),
        ("paper.example/a", "mirror.example/a"),
    )
    assert pairs == set()
    assert passed == {
        "name a page that is not held": 1,
        "name a page with which no text is shared": 1,
        "name a page of the same site": 1,
        "contradict each other": 1,
    }


def test_prints_of_one_agency_are_no_pair(store: Store) -> None:
    link(
        store,
        article("one.example/x", FERRY, clues=[AGENCY], title="One headline of ours"),
        article("two.example/y", FERRY, hours=1, clues=[AGENCY], title="Quite another one"),
    )
    assert pairs_of(store, ("one.example/x", None)) == (set(), {})
    assert pairs_of(store, ("one.example/x", None), ("two.example/y", None)) == (set(), {})


def test_the_strengths_are_those_that_the_verdict_rests_on(store: Store) -> None:
    lines = link(store, article("paper.example/a", FERRY, authors=("Jane Roe",)),
                 article("mirror.example/a", FERRY, hours=3, authors=("admin",)))  # fmt: skip
    labels = [Label("http://mirror.example/a", "http://paper.example/a")]
    (one,) = gather(store, [], labels, DEFAULT_WEIGHTS).examples
    (line,) = lines["mirror.example/a"]
    told = {evidence.signal: evidence.weight for evidence in line.evidence}
    assert {name: round(DEFAULT_WEIGHTS[name] * one.strengths[name], 2) for name in one.strengths} == {
        name: round(weight, 2) for name, weight in told.items()
    }


@pytest.mark.parametrize("setting", ["{bad", "[1]", '{"time_gap": "much"}', '{"time_gap": NaN}', {"time_gap": None}, 7])
def test_weights_that_cannot_be_read_are_refused(setting: object) -> None:
    with pytest.raises(ValueError, match="ATTRIBUTION_WEIGHTS is not understood"):
        read_weights(setting)


@pytest.mark.parametrize("setting", ["", None, {}, "{}"])
def test_no_weights_are_no_overrides(setting: object) -> None:
    assert read_weights(setting) == {}
