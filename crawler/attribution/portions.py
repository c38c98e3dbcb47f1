"""A long queue in portions, in its order, decided by whoever is free: other processes, and meanwhile this one."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass

from crawler.attribution.decisions import Decisions, decide, told_of
from crawler.attribution.elsewhere import Desks, Portion
from crawler.attribution.scene import few_pairs
from crawler.attribution.sight import Sight
from crawler.storage.base import Store

ROUND = 1000
"""Articles that are decided in one transaction."""
_AHEAD = 2
"""Portions that each process has before it: one that it decides, and the next."""
_HELD = 8
"""Portions that wait for their turn to be written."""


@dataclass(slots=True)
class Decided:
    """A portion, and what was decided of it: here, elsewhere, or not yet."""

    portion: Portion
    here: Decisions | None = None
    elsewhere: Future[Decisions | None] | None = None

    @property
    def ready(self) -> bool:
        """Whether nobody needs to wait for it."""
        return self.elsewhere is None or self.elsewhere.done()

    def made(self, reading: int) -> Decisions | None:
        """What was decided of it and holds; None where it is still to be decided."""
        found = self.elsewhere.result() if self.elsewhere is not None else self.here
        return found if self.portion.reading == reading else None


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
            if self._waiting and (self._waiting[0].ready or len(self._waiting) >= _HELD):
                yield self._waiting.popleft()
            elif (portion := self._next()) is not None:
                if self._waiting:
                    self._waiting.append(self._decided(portion))
                else:
                    yield Decided(portion)
            elif self._waiting:
                yield self._waiting.popleft()
            else:
                return

    def _hand_out(self) -> None:
        """Gives the other processes enough to do; not once somebody else writes, whose changes they cannot see."""
        desks = self._desks
        if desks is None or not self._sight.asked or not desks.ready:
            return
        asked = sum(not one.ready for one in self._waiting)
        while asked < _AHEAD * desks.count and len(self._waiting) < _HELD and (portion := self._next()) is not None:
            self._waiting.append(Decided(portion, elsewhere=desks.ask(portion)))
            asked += 1

    def _next(self) -> Portion | None:
        size = ROUND if self._most is None else min(ROUND, self._most)
        ids = few_pairs(self._store, self._store.links.ready(self._last, size))
        if not ids:
            return None
        self._last = ids[-1]
        if self._most is not None:
            self._most -= len(ids)
        return Portion(ids, told_of(self._store.links.queued(ids, ready=True)), self._sight.reading)

    def _decided(self, portion: Portion) -> Decided:
        """Decides a portion before its turn. The transaction writes nothing: it keeps others from writing."""
        with self._store.transaction():
            scene = self._sight.look()
            return Decided(portion, decide(scene, portion.ids, portion.told))
