"""From records to articles that are ready to be saved: read, made fit, sketched and hashed; where there are many of
them, in other processes.

All of this is a pure function of the record, and half of the work of a load. Nothing here imports Scrapy: the other
processes need none of it.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from crawler.children import collect_seldom, deaf_to_interrupts, end_with_parent
from crawler.commands.records import Portion, RecordError, article_of
from crawler.discovery.urls import host_name, site_key

if TYPE_CHECKING:
    from crawler.attribution.ready import Ready

MOST_WORKERS = 3
"""More cannot be kept busy: saving and matching what they prepare is one process's work."""
_AHEAD = 2
"""Portions for each worker that are read before their turn."""


class WorkerLostError(Exception):
    """A process died, most often because the system had no memory left for it."""


class Refused(NamedTuple):
    """A record that is no article, and why."""

    line: int
    reason: str


Outcomes: TypeAlias = "list[Ready | Refused]"


@dataclass(frozen=True, slots=True)
class Preparing:
    """Prepares portions; `sites` are the declared names by `site_key`."""

    sites: Mapping[str, str]

    def __call__(self, portion: Portion) -> Outcomes:
        """What became of each record, in their order."""
        from crawler.attribution.arrivals import Arrival
        from crawler.attribution.ready import made_ready

        outcomes: Outcomes = []
        for record in portion.records():
            try:
                outcomes.append(made_ready(Arrival(article_of(record, self._site_of))))
            except RecordError as error:
                outcomes.append(Refused(record.line, str(error)))
        return outcomes

    def _site_of(self, url: str) -> str:
        return self.sites.get(site_key(url)) or host_name(url)


def workers_here() -> int:
    """How many processes are of use beside this one."""
    free = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(free - 1, MOST_WORKERS)


def prepared(portions: Iterable[Portion], prepare: Preparing, workers: int) -> Iterator[tuple[Portion, Outcomes]]:
    """Each portion with what became of its records, in their order. Raises WorkerLostError.

    The first portion is prepared here; where it is full, processes start meanwhile, and take over once they are ready.
    """
    stream = iter(portions)
    first = next(stream, None)
    if first is None:
        return
    if not first.full or workers < 1:
        yield from ((portion, prepare(portion)) for portion in chain([first], stream))
        return
    pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _start)
    try:
        with deaf_to_interrupts():
            ready = [pool.submit(os.getpid) for _ in range(workers)]
        yield first, prepare(first)
        yield from _in_turn(pool, prepare, stream, ready)
    except BrokenProcessPool as error:
        raise WorkerLostError from error
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _in_turn(
    pool: ProcessPoolExecutor, prepare: Preparing, portions: Iterator[Portion], ready: Sequence[Future[int]]
) -> Iterator[tuple[Portion, Outcomes]]:
    """Gives the others enough to do, then hands on what is prepared, then lends a hand, and waits only after that."""
    waiting: deque[tuple[Portion, Future[Outcomes]]] = deque()
    most, portion = _AHEAD * len(ready), next(portions, None)
    while portion is not None or waiting:
        room = portion if len(waiting) <= most else None
        if room is not None and ready[0].done() and sum(not future.done() for _, future in waiting) < most:
            waiting.append((room, pool.submit(prepare, room)))
            portion = next(portions, None)
        elif room is None or (waiting and waiting[0][1].done()):
            done, future = waiting.popleft()
            yield done, future.result()
        else:
            waiting.append((room, _done(prepare(room))))
            portion = next(portions, None)


def _done(outcomes: Outcomes) -> Future[Outcomes]:
    future: Future[Outcomes] = Future()
    future.set_result(outcomes)
    return future


def _start() -> None:
    """In a new process: leaves Ctrl-C to its parent, ends with it, and loads what the first portion would wait for."""
    end_with_parent()
    Preparing({})(Portion([{"url": "http://warm.invalid/", "text": "Loads what is slow to load."}]))
    collect_seldom()
    gc.freeze()
