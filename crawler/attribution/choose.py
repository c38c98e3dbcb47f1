"""What one article was taken from: a pure function of the article, its verified matches, and the pages matched.

Nothing here knows what arrived first, and nothing looks further than one step: a copy of a copy points at the copy.
`ways.py` and `stories.py` follow the pointers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from crawler.attribution.covering import cover
from crawler.attribution.habits import Habit, Habits, order_of
from crawler.attribution.one_site import why_first
from crawler.attribution.pairs import Page, Pair
from crawler.attribution.pointers import JUDGED, Choice, Neighbour, Pointer, Relationship
from crawler.attribution.publishers import name_key
from crawler.attribution.signals import TRACES
from crawler.attribution.standing import is_part, without_standing
from crawler.attribution.upstream import (
    agencies,
    agency,
    credited,
    credited_elsewhere,
    credited_unheld,
    is_theirs,
    shared_upstream,
)
from crawler.attribution.weights import THRESHOLD, Weighed, asked, both_sides
from crawler.items import Evidence
from crawler.storage.base import Judgement

LEAST_HEADLINE = 12
"""Letters from which two equal headlines are no chance."""
_MOST_HALVES = 10_000
"""Pairs whose other half has not been asked for that are kept."""
_TRACE = 1.0
"""Weight of the traces of one page in another from which a shared agency does not explain the likeness."""

_SAME_SITE = 3.0
"""Log-odds that the earlier of two copies on one site is the first."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What decisions rest on besides the two pages: the weights, and the habits of sites."""

    weights: Mapping[str, float]
    habits: Habits
    _halves: dict[tuple[int, int], tuple[Pair, list[Weighed], list[Weighed]]] = field(default_factory=dict)

    def weighed(self, pair: Pair) -> list[Weighed]:
        """Everything that speaks for `pair.source` and against it. Both pages ask this of each other: what was found
        for one is kept until the other asks."""
        held = self._halves.pop((pair.copy.id, pair.source.id), None)
        if held is not None and _is_same(pair, held[0]):
            return both_sides(held[1], held[2])
        if len(self._halves) >= _MOST_HALVES:
            self._halves.clear()
        other = pair.swapped()
        found, against = asked(pair, self.weights), asked(other, self.weights)
        self._halves[other.copy.id, other.source.id] = (other, against, found)
        return both_sides(found, against)


def _is_same(pair: Pair, other: Pair) -> bool:
    same = pair.copy is other.copy and pair.source is other.source
    return same and pair.habit == other.habit and pair.shared == other.shared


def choose(page: Page, neighbours: Sequence[Neighbour], rules: Rules, ruling: Judgement | None = None) -> Choice:
    """What `page` was taken from. The order of `neighbours` does not matter."""
    if ruling is not None:
        return _ruled(neighbours, ruling)
    if not neighbours and not page.credits:
        return _NOBODY
    neighbours = without_standing(page, neighbours)
    parents: list[tuple[Neighbour, Pointer]] = []
    beside: list[tuple[Neighbour, Pointer]] = []
    doubts: list[Evidence] = []
    for neighbour in sorted(neighbours, key=lambda one: one.page.order):
        pointer = _compare(page, neighbour, rules)
        if pointer.relationship in ("sibling", "common"):
            beside.append((neighbour, pointer))
        elif pointer.score >= THRESHOLD:
            parents.append((neighbour, pointer))
        elif pointer.score > -THRESHOLD:
            doubts += pointer.evidence or (_nothing_said(neighbour),)
    sources = cover(parents)
    upstream, why, strong = (
        credited_unheld(page, (one.page for one in neighbours), rules.weights)
        if sources
        else credited(page, rules.weights)
    )
    if not sources and not strong and any(pointer.relationship == "sibling" for _, pointer in beside):
        upstream, why = agency(page, [neighbour.page for neighbour, _ in beside])
    return Choice(
        sources=sources,
        beside=tuple(pointer for _, pointer in beside),
        first_beside=next((one.page.id for one, _ in beside if one.page.order < page.order), None),
        upstream=upstream,
        credited=why,
        is_credited=strong,
        refused=next((pointer.evidence for _, pointer in beside if _is_refused(pointer)), ()),
        doubts=tuple(doubts),
    )


def _is_refused(pointer: Pointer) -> bool:
    """Whether only the page's credits of somebody else keep the other from being its source."""
    return any(one.signal == "credit_elsewhere" for one in pointer.weighed)


_NOBODY = Choice()
"""Of most pages: they share nothing with anybody and credit nobody."""


def may_come_from(page: Page, neighbour: Neighbour, rules: Rules) -> bool:
    """Whether a neighbour has any say in what `page` is called: as its source, beside it, because nobody knows, or
    because a passage may be standing, or because the page credits it."""
    if is_part(neighbour.shared) or any(is_theirs(credit, neighbour.page) for credit in page.credits):
        return True
    pointer = _compare(page, neighbour, rules)
    return pointer.relationship in ("sibling", "common") or pointer.score > -THRESHOLD


def stands_beside(page: Page, neighbour: Neighbour, rules: Rules) -> bool:
    """Whether both come from one upstream, as far as they show it, and neither from the other."""
    return _compare(page, neighbour, rules).relationship in ("sibling", "common")


def _ruled(neighbours: Iterable[Neighbour], ruling: Judgement) -> Choice:
    if ruling.ruling == "not_a_repost":
        return Choice(ruling=ruling)
    for neighbour in neighbours:
        if neighbour.page.url == ruling.original_url:
            return Choice(
                sources=(
                    Pointer(neighbour.page.id, "copy", JUDGED, neighbour.page.url, (_word(ruling),), judged=True),
                ),
                ruling=ruling,
            )
    return Choice(ruling=ruling)


def judged(ruling: Judgement) -> Evidence:
    """An editor's word as evidence."""
    return _word(ruling).evidence(ruling.original_url or ruling.url)


def _word(ruling: Judgement) -> Weighed:
    said = "is no repost" if ruling.ruling == "not_a_repost" else f"was taken from {ruling.original_url}"
    reason = f"An editor ruled on {ruling.at:%Y-%m-%d} that this page {said}"
    return Weighed("judgement", JUDGED, f"{reason}: {ruling.reason}" if ruling.reason else f"{reason}.")


def _compare(page: Page, neighbour: Neighbour, rules: Rules) -> Pointer:
    """How the page stands to one neighbour."""
    other, word, weights = neighbour.page, neighbour.judgement, rules.weights
    if word is not None and (word.ruling == "original" and word.original_url == page.url):
        return Pointer(other.id, "copy", -JUDGED, other.url, judged=True)
    if page.site == other.site:
        return _same_site(page, other)
    found = rules.weighed(Pair(page, other, neighbour.shared, habit_of(page, other, rules.habits)))
    score = sum(one.weight for one in found)
    relationship = _upstream_of_both(page, other, found, weights) if page.credits and other.credits else "copy"
    if relationship == "copy" and score > -THRESHOLD and page.credits:
        contrary = credited_elsewhere(page, other, weights)
        if contrary is not None:
            found.append(contrary)
            score += contrary.weight
            if score < THRESHOLD:  # two copies of a page that is not held
                relationship = "common"
    return Pointer(other.id, relationship, score, other.url, tuple(found))


def habit_of(page: Page, other: Page, habits: Habits) -> Habit:
    """How the sites of two pages usually stand, without these two."""
    found = habits.of(page.site, other.site, order_of(page.claimed, other.claimed))
    if page.publisher.has_habits and other.publisher.has_habits:
        return found
    return Habit(found.later, found.earlier)


def _same_site(page: Page, other: Page) -> Pointer:
    """Of two copies on one site one is the first, whatever else is said."""
    why = why_first(page, other)
    if why is None:
        return Pointer(other.id, "same_site", -_SAME_SITE, other.url)
    reason = f"Both pages are of {page.site}; {why}."
    return Pointer(other.id, "same_site", _SAME_SITE, other.url, (Weighed("same_site", _SAME_SITE, reason),))


def _upstream_of_both(page: Page, other: Page, found: Sequence[Weighed], weights: Mapping[str, float]) -> Relationship:
    """How two pages stand that both credit somebody."""
    trace = sum(abs(one.weight) for one in found if one.signal in TRACES)
    if trace + _TRACE * _same_headline(page, other) >= _TRACE:
        return "copy"
    if agencies(page) & agencies(other):
        return "sibling"
    return "common" if shared_upstream(page, other, weights) else "copy"


def _same_headline(page: Page, other: Page) -> bool:
    """Houses write their own headlines over an agency's text; who has another's headline has another's page."""
    key = name_key(page.article.title)
    return len(key) >= LEAST_HEADLINE and key == name_key(other.article.title)


def _nothing_said(neighbour: Neighbour) -> Evidence:
    shared = neighbour.shared
    reason = f"{shared.copied:.0%} of this page stands in {neighbour.page.url}, and nothing says who had it first."
    return Evidence("unknown", neighbour.page.url, 0.0, reason)
