"""The one thread that owns the store. The reactor hands it work and never waits for the disk.

Whatever waits is done together: small writes share one transaction, and articles are linked in batches. A caller
gets its answer when the commit that holds its work has been made.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from crawler.items import Verdict
from crawler.storage.base import Store

if TYPE_CHECKING:
    from crawler.attribution.arrivals import Arrival
    from crawler.attribution.linker import Linker

logger = logging.getLogger(__name__)

T = TypeVar("T")

BATCH = 50
"""How much work one commit takes in."""


@dataclass(eq=False)
class _Job(Generic[T]):
    work: Callable[[Store], T]
    future: Future[T] = field(default_factory=Future)


@dataclass(eq=False)
class _Arrival:
    arrival: Arrival
    future: Future[tuple[Verdict, ...]] = field(default_factory=Future)


class Writer:
    """Runs work on a store in a thread of its own.

    `open_store` and `make_linker` are called in that thread; a linker only when there is something to link.
    """

    def __init__(self, open_store: Callable[[], Store], make_linker: Callable[[Store], Linker]) -> None:
        self._open_store = open_store
        self._make_linker = make_linker
        self._jobs: queue.SimpleQueue[_Job[Any] | _Arrival | None] = queue.SimpleQueue()
        self._opened: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, name="store", daemon=True)
        self._linker: Linker | None = None
        self._store: Store | None = None
        self._alone: set[_Job[Any]] = set()

    async def open(self) -> None:
        """Starts the thread and opens the store. Raises what that raises."""
        self._thread.start()
        await asyncio.wrap_future(self._opened)

    async def do(self, work: Callable[[Store], T]) -> T:
        """Runs `work` inside a transaction that may hold the work of others too, and returns when it is durable.

        If the transaction fails, each part of it is run again in one of its own.
        """
        return await self._put(_Job(work))

    async def alone(self, work: Callable[[Store], T]) -> T:
        """Runs `work` outside any transaction; it makes its own."""
        job = _Job(work)
        self._alone.add(job)
        return await self._put(job)

    async def with_linker(self, work: Callable[[Store, Linker], T]) -> T:
        """Runs `work` outside any transaction, with the linker."""
        return await self.alone(lambda store: work(store, self._linker_of(store)))

    async def link(self, arrival: Arrival) -> tuple[Verdict, ...]:
        """Links an article, together with what else waits; returns when its verdict is durable."""
        job = _Arrival(arrival)
        self._jobs.put(job)
        return await asyncio.wrap_future(job.future)

    async def close(self) -> None:
        """Does what waits, and closes the store."""
        if not self._thread.is_alive():
            return
        self._jobs.put(None)
        await asyncio.get_running_loop().run_in_executor(None, self._thread.join)

    async def _put(self, job: _Job[T]) -> T:
        self._jobs.put(job)
        return await asyncio.wrap_future(job.future)

    # -- in the thread -------------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            store = self._store = self._open_store()
        except BaseException as error:
            self._opened.set_exception(error)
            return
        self._opened.set_result(None)
        try:
            while self._turn(store):
                pass
        finally:
            store.close()

    def _turn(self, store: Store) -> bool:
        """Takes what waits, and does it. False: that was all there will be."""
        batch = [self._jobs.get()]
        while len(batch) < BATCH:
            try:
                batch.append(self._jobs.get_nowait())
            except queue.Empty:
                break
        ready = [job for job in batch if job is not None and job.future.set_running_or_notify_cancel()]
        jobs = [job for job in ready if isinstance(job, _Job)]
        self._together(store, [job for job in jobs if job not in self._alone])
        self._link(store, [job for job in ready if isinstance(job, _Arrival)])
        for job in jobs:
            if job in self._alone:
                self._alone.discard(job)
                _settle(job.future, lambda work=job.work: work(store))  # type: ignore[misc]
        return None not in batch

    def _together(self, store: Store, jobs: Sequence[_Job[Any]]) -> None:
        if not jobs:
            return
        try:
            with store.transaction():
                results = [job.work(store) for job in jobs]
        except Exception as error:
            if len(jobs) == 1:
                jobs[0].future.set_exception(error)
                return
            for job in jobs:
                self._together(store, [job])
            return
        for job, result in zip(jobs, results, strict=True):
            job.future.set_result(result)

    def _link(self, store: Store, jobs: Sequence[_Arrival]) -> None:
        if not jobs:
            return
        try:
            verdicts = self._linker_of(store).link([job.arrival for job in jobs])
        except Exception as error:
            if len(jobs) == 1:
                jobs[0].future.set_exception(error)
                return
            logger.warning("A batch of %d articles could not be linked at once; each is tried alone", len(jobs))
            for job in jobs:
                self._link(store, [job])
            return
        for job, lines in zip(jobs, verdicts, strict=True):
            job.future.set_result(lines)

    def _linker_of(self, store: Store) -> Linker:
        if self._linker is None:
            self._linker = self._make_linker(store)
        return self._linker


def _settle(future: Future[Any], work: Callable[[], Any]) -> None:
    try:
        result = work()
    except Exception as error:
        future.set_exception(error)
    else:
        future.set_result(result)
