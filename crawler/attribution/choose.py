"""What one article was taken from: a pure function of the article, its verified matches, and the pages matched.

Nothing here knows what arrived first, and nothing looks further than one step: a copy of a copy points at the copy.
`stories.py` follows the pointers.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from crawler.attribution.credits import Credit
from crawler.attribution.habits import Habits, order_of
from crawler.attribution.one_site import why_first
from crawler.attribution.pairs import Page, Pair, Shared
from crawler.attribution.publishers import name_key
from crawler.attribution.signals import TRACES
from crawler.attribution.signals.declared import told_suffix
from crawler.attribution.weights import CREDIBLE, THRESHOLD, Weighed, asked, both_sides
from crawler.items import Evidence
from crawler.storage.base import Judgement

LEAST_SOURCE = 25
"""Words that a further source must explain which no source before it did."""
SLIP = 12
"""Words that a page must share with one source and not with another for it to be a trace: a caption, an added sentence.
Sources that explain no fewer than that are as good as the best; then credits, evidence and time decide."""
LEAST_HEADLINE = 12
"""Letters from which two equal headlines are no chance."""
JUDGED = 20.0
"""Log-odds of an editor's word."""
_MOST_HALVES = 10_000
"""Pairs whose other half has not been asked for that are kept."""
_TRACE = 1.0
"""Weight of the traces of one page in another from which a shared agency does not explain the likeness."""

_SAME_SITE = 3.0
"""Log-odds that the earlier of two copies on one site is the first."""

Relationship = Literal["copy", "same_site", "sibling", "common"]
"""sibling: both credit one agency. common: both credit one publisher whose page we do not hold."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A page with which verified passages are shared, seen from the article in question."""

    page: Page
    shared: Shared
    judgement: Judgement | None = None


@dataclass(frozen=True, slots=True)
class Pointer:
    """From an article to a page that it was taken from (or, as sibling or common, stands beside)."""

    parent: int
    relationship: Relationship
    score: float
    """Log-odds."""
    origin: str = ""
    """The parent's URL."""
    weighed: tuple[Weighed, ...] = ()
    judged: bool = False

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """What speaks for the parent and against it, strongest first."""
        told = [one.evidence(self.origin) for one in self.weighed]
        return tuple(sorted(told, key=lambda one: (-abs(one.weight), one.signal, one.reason)))

    @property
    def traces(self) -> float:
        """Weight of what shows that it was taken from this very page."""
        return sum(one.weight for one in self.weighed if one.signal in TRACES and one.weight > 0)

    @property
    def confidence(self) -> float:
        """The score as a probability."""
        return 1 / (1 + math.exp(-min(self.score, JUDGED)))


@dataclass(frozen=True, slots=True)
class Choice:
    """What an article comes from, one step up."""

    sources: tuple[Pointer, ...] = ()
    """The pages it was taken from; several for a round-up, the one that explains most first."""
    beside: tuple[Pointer, ...] = ()
    """Pages with the same upstream, earliest first."""
    first_beside: int | None = None
    """The earliest of them, where it is earlier than the article."""
    upstream: str | None = None
    """The agency or publisher that it credits and whose page is not among the sources."""
    credited: tuple[Evidence, ...] = ()
    """Why `upstream` is believed."""
    is_credited: bool = False
    """Those credits suffice to call it a repost."""
    doubts: tuple[Evidence, ...] = ()
    """Of matches in which nobody can be called the source."""
    ruling: Judgement | None = None

    @property
    def parents(self) -> tuple[int, ...]:
        """All pages on which the article's root or story rests directly, in order of number."""
        beside = () if self.first_beside is None else (self.first_beside,)
        return tuple(sorted({*(pointer.parent for pointer in self.sources), *beside}))


@dataclass(frozen=True, slots=True)
class Rules:
    """What decisions rest on besides the two pages: the weights, and the habits of sites."""

    weights: Mapping[str, float]
    habits: Habits
    _halves: dict[tuple[int, int], tuple[Pair, list[Weighed], list[Weighed]]] = field(default_factory=dict)

    def weighed(self, pair: Pair) -> list[Weighed]:
        """Everything that speaks for `pair.source` and against it. Both pages ask this of each other: what was found
        for one is kept until the other asks."""
        pages = (pair.copy.id, pair.source.id)
        held = self._halves.pop((pages[1], pages[0]), None)
        if held is not None and _is_mirrored(pair, held[0]):
            return both_sides(held[2], held[1])
        if len(self._halves) >= _MOST_HALVES:
            self._halves.clear()
        self._halves[pages] = found = (pair, asked(pair, self.weights), asked(pair.swapped(), self.weights))
        return both_sides(found[1], found[2])


def _is_mirrored(pair: Pair, other: Pair) -> bool:
    same = pair.copy is other.source and pair.source is other.copy
    return same and pair.habit == other.habit.swapped() and pair.shared == other.shared.swapped()


def choose(page: Page, neighbours: Sequence[Neighbour], rules: Rules, ruling: Judgement | None = None) -> Choice:
    """What `page` was taken from. The order of `neighbours` does not matter."""
    if ruling is not None:
        return _ruled(neighbours, ruling)
    if not neighbours and not page.credits:
        return _NOBODY
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
    sources = _cover(parents)
    upstream, credited, strong = _credited(page, rules.weights)
    if not sources and not strong and any(pointer.relationship == "sibling" for _, pointer in beside):
        upstream, credited = _agency(page, [neighbour.page for neighbour, _ in beside])
    return Choice(
        sources=sources,
        beside=tuple(pointer for _, pointer in beside),
        first_beside=next((one.page.id for one, _ in beside if one.page.order < page.order), None),
        upstream=upstream,
        credited=credited,
        is_credited=strong,
        doubts=tuple(doubts),
    )


_NOBODY = Choice()
"""Of most pages: they share nothing with anybody and credit nobody."""


def may_come_from(page: Page, neighbour: Neighbour, rules: Rules) -> bool:
    """Whether a neighbour has any say in what `page` is called: as its source, beside it, or because nobody knows."""
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
    habit = rules.habits.of(page.site, other.site, order_of(page.moment, other.moment))
    found = rules.weighed(Pair(page, other, neighbour.shared, habit))
    score = sum(one.weight for one in found)
    trace = sum(abs(one.weight) for one in found if one.signal in TRACES) + _TRACE * _same_headline(page, other)
    relationship: Relationship = "copy"
    if trace < _TRACE:
        if _agencies(page) & _agencies(other):
            relationship = "sibling"
        elif _shared_upstream(page, other, weights):
            relationship = "common"
    if relationship == "copy" and score > 0:
        contrary = _credited_elsewhere(page, other, weights)
        if contrary is not None:
            found.append(contrary)
            score += contrary.weight
    return Pointer(other.id, relationship, score, other.url, tuple(found))


def _same_site(page: Page, other: Page) -> Pointer:
    """Of two copies on one site one is the first, whatever else is said."""
    why = why_first(page, other)
    if why is None:
        return Pointer(other.id, "same_site", -_SAME_SITE, other.url)
    reason = f"Both pages are of {page.site}; {why}."
    return Pointer(other.id, "same_site", _SAME_SITE, other.url, (Weighed("same_site", _SAME_SITE, reason),))


def _same_headline(page: Page, other: Page) -> bool:
    """Houses write their own headlines over an agency's text; who has another's headline has another's page."""
    key = name_key(page.article.title)
    return len(key) >= LEAST_HEADLINE and key == name_key(other.article.title)


def _agencies(page: Page) -> set[str]:
    return {credit.publisher.key for credit in page.credits if credit.signal == "agency"}


def _strong(page: Page, weights: Mapping[str, float]) -> dict[str, tuple[Credit, float]]:
    """Publisher key -> the first of the credits that name it, and their weight in all."""
    found: dict[str, tuple[Credit, float]] = {}
    for credit in page.credits:
        weight = _CREDITING.get(credit.signal, 0.0) * weights.get(credit.signal, 0.0)
        if weight > 0:
            first, before = found.get(credit.publisher.key, (credit, 0.0))
            found[credit.publisher.key] = (first, before + weight)
    return found


# What part of its weight a signal has where it names somebody whose page does not share text with this one.
_CREDITING = {
    "canonical": 0.6,
    "declared_source": 0.6,
    "declared_publisher": 0.5,
    "title_suffix": 1.0,
    "credit_line": 1.0,
}


def _shared_upstream(page: Page, other: Page, weights: Mapping[str, float]) -> bool:
    """Both credit one publisher that is neither of them."""
    mine, theirs = _strong(page, weights), _strong(other, weights)
    both = {key for key in mine if key in theirs and min(mine[key][1], theirs[key][1]) >= CREDIBLE}
    return any(not page.publisher.goes_by(key) and not other.publisher.goes_by(key) for key in both)


def _credited_elsewhere(page: Page, other: Page, weights: Mapping[str, float]) -> Weighed | None:
    """The page credits somebody, and the neighbour is known by another name: it speaks against the neighbour."""
    if not other.publisher.named:
        return None
    for key, (credit, weight) in sorted(_strong(page, weights).items()):
        if weight < CREDIBLE:
            continue
        if other.publisher.goes_by(key) or credit.publisher.site == other.site:
            return None
        against = -weights.get("credit_elsewhere", 0.0) * weight
        reason = f"The page credits {credit.publisher.name}, not {other.publisher.name}."
        return Weighed("credit_elsewhere", round(against, 3), reason)
    return None


def _credited(page: Page, weights: Mapping[str, float]) -> tuple[str | None, tuple[Evidence, ...], bool]:
    """The publisher whom the page credits most, why, and whether that suffices."""
    found = _strong(page, weights)
    if not found:
        return None, (), False
    key = min(found, key=lambda name: (-found[name][1], name))
    first, weight = found[key]
    reasons = tuple(
        _as_evidence(credit, weights)
        for credit in page.credits
        if credit.publisher.key == key and _CREDITING.get(credit.signal, 0.0) * weights.get(credit.signal, 0.0) > 0
    )
    return first.publisher.name, reasons, weight >= CREDIBLE


def _as_evidence(credit: Credit, weights: Mapping[str, float]) -> Evidence:
    weight = round(_CREDITING[credit.signal] * weights[credit.signal], 3)
    said = " ".join((credit.clue.quote or credit.clue.target).split())[:120]
    told = {
        "canonical": f"The page's canonical address ({credit.clue.kind}) is {credit.clue.target[:120]}",
        "declared_source": f"The page declares a source ({credit.clue.kind}): {credit.clue.target[:120]}",
        "declared_publisher": f"The page names {credit.clue.target[:120]} in its {credit.clue.kind}",
        "title_suffix": told_suffix(credit).removesuffix("."),
        "credit_line": f"The page credits {credit.publisher.name}: “{said}”",
    }
    reason = f"{told[credit.signal]}; no page of theirs with this text is held."
    return Evidence(credit.signal, credit.url or credit.publisher.name, weight, reason)


def _agency(page: Page, others: Sequence[Page]) -> tuple[str | None, tuple[Evidence, ...]]:
    """The agency that the page and its siblings credit, and that both do."""
    for credit in page.credits:
        if credit.signal != "agency":
            continue
        beside = [other for other in others if credit.publisher.key in _agencies(other)]
        if beside:
            said = " ".join((credit.clue.quote or credit.clue.target).split())[:120]
            name, first = credit.publisher.name, min(beside, key=lambda other: other.order).url
            # not how many: each further print would revise all the others
            reason = (
                f"This page (“{said}”) and others with its text, as {first}, credit {name}; none shows a trace of"
                " another."
            )
            return name, (Evidence("agency", name, 2.0, reason),)
    return None, ()


def _nothing_said(neighbour: Neighbour) -> Evidence:
    shared = neighbour.shared
    reason = f"{shared.copied:.0%} of this page stands in {neighbour.page.url}, and nothing says who had it first."
    return Evidence("unknown", neighbour.page.url, 0.0, reason)


def _cover(parents: Sequence[tuple[Neighbour, Pointer]]) -> tuple[Pointer, ...]:
    """The fewest parents that explain what is shared: each takes the passages that no one before it explains."""
    left = list(parents)
    explained: list[tuple[int, int]] = []
    chosen: list[Pointer] = []
    while left:
        gains = [_gain(neighbour.shared, explained) for neighbour, _ in left]
        best = max(gains)
        if best < LEAST_SOURCE and chosen:
            break
        good = [one for one, gain in zip(left, gains, strict=True) if gain > best - SLIP]
        # what names this very page first, then what speaks most for it; of two equal sources the earlier one
        neighbour, pointer = min(good, key=lambda one: (-round(one[1].traces), -round(one[1].score), one[0].page.order))
        chosen.append(pointer)
        explained += [(start, end) for start, end, _, _ in neighbour.shared.passages]
        left = [one for one in left if one[0] is not neighbour]
    return tuple(chosen)


def _gain(shared: Shared, explained: Sequence[tuple[int, int]]) -> float:
    """Words in passages that are not explained yet."""
    total = sum(end - start for start, end, _, _ in shared.passages)
    if not total:
        return 0.0
    free = sum(_uncovered(start, end, explained) for start, end, _, _ in shared.passages)
    return shared.words * free / total


def _uncovered(start: int, end: int, explained: Sequence[tuple[int, int]]) -> int:
    free, at = 0, start
    for low, high in sorted(explained):
        if high <= at or low >= end:
            continue
        free += max(0, low - at)
        at = max(at, high)
    return free + max(0, end - at)
