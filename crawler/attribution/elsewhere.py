"""Decides portions of a long queue in other processes, which only read the store.

What an article is, is a pure function of what the store holds. As long as nobody but the process that writes changes
the store, and that one nothing that deciding looks at, an answer from here is the one that it would find itself.
See docs/decisions/0100-a-long-queue-is-decided-on-all-cores.md.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass

from crawler.attribution.choose import Rules
from crawler.attribution.counted import Counted
from crawler.attribution.decisions import Decisions, decide_linked
from crawler.attribution.sight import Sight
from crawler.children import collect_seldom, deaf_to_interrupts, end_with_parent
from crawler.sites import Site
from crawler.storage import open_store


class HelperLostError(Exception):
    """A process died, most often because the system had no memory left for it."""


@dataclass(frozen=True, slots=True)
class Portion:
    """Articles to be decided. `reading`: another number means that what was read for the portion before may be another
    now."""

    ids: Sequence[int]
    reading: int


@dataclass(frozen=True, slots=True)
class Helpers:
    """How many processes may help, and what they are to know."""

    count: int
    store: str
    """Its URL."""
    declared: tuple[Site, ...]
    weights: Mapping[str, float]

    @contextmanager
    def at_work(self) -> Iterator[Desks]:
        """The processes, for the time of a `with` block."""
        context = multiprocessing.get_context("spawn")
        pool = ProcessPoolExecutor(self.count, context, _start, (self.store, self.declared, dict(self.weights)))
        try:
            yield Desks(pool, self.count)
        except BrokenProcessPool as error:
            raise HelperLostError from error
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


class Desks:
    """Processes as the one that writes sees them. Raises BrokenProcessPool where one has died."""

    def __init__(self, pool: ProcessPoolExecutor, count: int) -> None:
        self._pool = pool
        with deaf_to_interrupts():
            self._started = pool.submit(os.getpid)
        self.count = count

    @property
    def ready(self) -> bool:
        """Whether one of them has read what it needs."""
        return self._started.done() and bool(self._started.result())

    def ask(self, portion: Portion) -> Future[Decisions | None]:
        """Decides those of a portion that are tied to others. The answer is None where none could be found."""
        return self._pool.submit(_decide, portion)


# -- in the other process ------------------------------------------------------------------------------------------


class _Desk:
    """One process's view of the store."""

    def __init__(self, store: str, declared: Sequence[Site], weights: Mapping[str, float]) -> None:
        self._store = open_store(store, read_only=True)
        self._counted = Counted(self._store, declared)
        self._sight = Sight(self._store, self._counted, Rules(weights, self._counted.habits))
        self._reading: int | None = None

    def decide(self, portion: Portion) -> Decisions:
        if portion.reading != self._reading:
            self._counted.reread()
            self._sight.forget()
            self._reading = portion.reading
        scene = self._sight.scene()
        lonely = scene.lonely(portion.ids)
        return decide_linked(scene, (number for number in portion.ids if number not in lonely))


_desk: _Desk


def _start(store: str, declared: Sequence[Site], weights: Mapping[str, float]) -> None:
    """In a new process: leaves Ctrl-C to its parent, ends with it, and reads what the first portion would wait for."""
    global _desk
    end_with_parent()
    gc.freeze()
    collect_seldom()
    _desk = _Desk(store, declared, weights)


def _decide(portion: Portion) -> Decisions | None:
    try:
        return _desk.decide(portion)
    except Exception:  # half of what somebody else has written was read; any other reason the writer meets too
        return None
