"""Which sites print what others printed before: told by all pairs of two sites whose times say who was later.

One page may lie about its time; that a site is the later one in nine of ten texts that it shares with another is a
fact about the two sites. What is counted are verified pairs, so the order of arrival plays no part. Larger counts are
used in steps: one more pair seldom means that others have to be decided again.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from crawler.attribution.lags import probability_after
from crawler.attribution.times import Moment
from crawler.storage.base import Store

LEAST_PAIRS = 2
_LEAST_SHARED = 4
"""Pairs of two sites, and pairs that each of them has with anybody, from which there is a habit."""
CAP = 3.0
"""Log-odds beyond which no habit goes."""
_APART = timedelta(minutes=1)
_SURE = 0.95

Sited = tuple[str, Moment | None]
"""A site, and what is known of the time of one of its articles."""


@dataclass(frozen=True, slots=True)
class Habit:
    """How two sites stand to each other, seen from the first; all counts in steps.

    `later`, `earlier`: pairs in which the first was the later, the earlier one. `mine`, `theirs`: the same for each of
    the sites with all others, as (later, earlier).
    """

    later: int = 0
    earlier: int = 0
    mine: tuple[int, int] = (0, 0)
    theirs: tuple[int, int] = (0, 0)

    def swapped(self) -> Habit:
        """Seen from the second."""
        return Habit(self.earlier, self.later, self.theirs, self.mine)

    @property
    def of_pair(self) -> float:
        """Log-odds that the first copies the second, by the texts that the two share."""
        if self.later + self.earlier < LEAST_PAIRS:
            return 0.0
        return _capped(math.log((self.later + 0.5) / (self.earlier + 0.5)))

    @property
    def of_sites(self) -> float:
        """Log-odds that the first copies the second, by what each shares with anybody."""
        if min(sum(self.mine), sum(self.theirs)) < _LEAST_SHARED:
            return 0.0
        return _capped(_lateness(self.mine) - _lateness(self.theirs))


def _lateness(counts: tuple[int, int]) -> float:
    return math.log((counts[0] + 1) / (counts[1] + 1))


def _capped(value: float) -> float:
    return max(-CAP, min(CAP, value))


class Habits:
    """Tallies of who was later, read from the store's counters."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._later: defaultdict[tuple[str, str], int] = defaultdict(int)
        self._as_later: defaultdict[str, int] = defaultdict(int)
        self._as_earlier: defaultdict[str, int] = defaultdict(int)
        self.reread()

    def reread(self) -> None:
        """After another process has written."""
        self._later.clear()
        self._as_later.clear()
        self._as_earlier.clear()
        for later, earlier, count in self._store.names.counts("later"):
            self._add((later, earlier), count)

    def of(self, site: str, other: str, own: int = 0) -> Habit:
        """How `site` stands to `other`. `own`: what the pair in question itself adds to that (1 if its page of `site`
        is the later one, -1 if the earlier), which must not count for itself."""
        after, before = int(own > 0), int(own < 0)
        pairs, later, earlier = self._later.get, self._as_later.get, self._as_earlier.get
        return Habit(
            step_of(pairs((site, other), 0) - after),
            step_of(pairs((other, site), 0) - before),
            (step_of(later(site, 0) - after), step_of(earlier(site, 0) - before)),
            (step_of(later(other, 0) - before), step_of(earlier(other, 0) - after)),
        )

    def record(self, pairs: Iterable[tuple[Sited, Sited, int]]) -> set[str]:
        """Counts pairs of articles with their sites (or, with -1, takes them back).

        Returns the sites with a habit that is another now. Must run inside a transaction.
        """
        counted: Counter[tuple[str, str]] = Counter()
        for (site, one), (other_site, other), by in pairs:
            order = order_of(one, other) if site != other_site else 0
            if order:
                counted[(site, other_site) if order > 0 else (other_site, site)] += by
        counted = Counter({pair: by for pair, by in counted.items() if by})
        sites = {site for pair in counted for site in pair}
        pairs_were, sites_were = {pair: _seen(self._later[pair]) for pair in counted}, self._sites_seen(sites)
        self._store.names.count_many("later", [(*pair, by) for pair, by in counted.items()])
        for pair, by in counted.items():
            self._add(pair, by)
        turned = {site for site, was in self._sites_seen(sites).items() if was != sites_were[site]}
        return {
            site
            for pair in counted
            if _seen(self._later[pair]) != pairs_were[pair] or not turned.isdisjoint(pair)
            for site in pair
        }

    def _sites_seen(self, sites: Iterable[str]) -> dict[str, tuple[int, ...]]:
        return {site: (*_seen(self._as_later[site]), *_seen(self._as_earlier[site])) for site in sites}

    def _add(self, pair: tuple[str, str], by: int) -> None:
        self._later[pair] += by
        self._as_later[pair[0]] += by
        self._as_earlier[pair[1]] += by


def _seen(count: int) -> tuple[int, int]:
    """All that `Habits.of` may make of a count."""
    return step_of(count), step_of(count - 1)


def step_of(count: int) -> int:
    """A count, from 8 on rounded down to 8, 12, 16, 24, 32 …"""
    if count <= 8:
        return max(count, 0)
    power = 1 << (count.bit_length() - 1)
    return power + (power // 2 if count >= power + power // 2 else 0)


def told_count(step: int) -> str:
    """A count in steps, in words."""
    return str(step) if step < 8 else f"{step} or more"


def order_of(a: Moment | None, b: Moment | None) -> int:
    """1 if the first of two is the later one, -1 if the earlier; 0 where the times do not say it."""
    if a is None or b is None or a.doubt or b.doubt or abs(a.middle - b.middle) < _APART:
        return 0
    probability = probability_after(a, b)
    return int(probability >= _SURE) - int(probability <= 1 - _SURE)
