"""A long queue in portions, in its order, decided by whoever is free: other processes, and meanwhile this one."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass

from crawler.attribution.decisions import Decisions
from crawler.attribution.elsewhere import Desks, Portion
from crawler.attribution.scene import few_pairs
from crawler.attribution.sight import Sight
from crawler.storage.base import Store

ROUND = 1000
"""Articles that are decided in one transaction."""
_AHEAD = 2
"""Portions that each process has before it: one that it decides, and the next."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A portion, and what was decided of it elsewhere, if anything."""

    portion: Portion
    elsewhere: Future[Decisions | None] | None = None

    def made(self, reading: int) -> Decisions:
        """What was decided of it and holds."""
        found = self.elsewhere.result() if self.elsewhere is not None else None
        return found or {} if self.portion.reading == reading else {}


class Portions:
    """Goes through the queue once. What is queued behind it meanwhile is for the next time."""

    def __init__(self, store: Store, sight: Sight, desks: Desks | None, most: int | None) -> None:
        """`most`: how many articles at most."""
        self._store = store
        self._sight = sight
        self._desks = desks
        self._most = most
        self._last = 0
        self._waiting: deque[Decided] = deque()

    def __iter__(self) -> Iterator[Decided]:
        while True:
            self._hand_out()
            if self._waiting:
                yield self._awaited()
            elif (portion := self._next()) is not None:
                yield Decided(portion)
            else:
                return

    def _hand_out(self) -> None:
        """Gives the other processes enough to do; not once somebody else writes, whose changes they cannot see."""
        desks = self._desks
        if desks is None or not self._sight.asked or not desks.ready:
            return
        while len(self._waiting) < _AHEAD * desks.count and (portion := self._next()) is not None:
            self._waiting.append(Decided(portion, desks.ask(portion)))

    def _awaited(self) -> Decided:
        """The first portion that was handed out, once its answer is there: nobody waits in a transaction."""
        one = self._waiting.popleft()
        if one.elsewhere is not None:
            one.elsewhere.result()
        return one

    def _next(self) -> Portion | None:
        size = ROUND if self._most is None else min(ROUND, self._most)
        ids = few_pairs(self._store, self._store.links.ready(self._last, size))
        if not ids:
            return None
        self._last = ids[-1]
        if self._most is not None:
            self._most -= len(ids)
        return Portion(ids, self._sight.reading)
