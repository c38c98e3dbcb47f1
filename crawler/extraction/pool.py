"""A process pool with a deadline that kills, a memory limit, and a word in the log for what was abandoned.

A thread for each process: it starts it, hands it tasks, waits for each result no longer than the deadline, and
replaces it. Nothing polls, and whichever process dies takes its own task with it and no other.
"""

from __future__ import annotations

import logging
import multiprocessing
import pickle
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from multiprocessing import forkserver
from typing import Any, TypeVar

from crawler.children import deaf_to_interrupts
from crawler.extraction.processes import RaisedError, Worker, WorkerGone, resident
from crawler.items import SkipReason

log = logging.getLogger(__name__)

T = TypeVar("T")
_CONTEXT = multiprocessing.get_context("forkserver")
# each worker runs the main script's imports again, and that is Scrapy's
_CONTEXT.set_forkserver_preload(["crawler.extraction.preload", "scrapy.cmdline"])
_WATCH_EVERY = 0.5
"""Seconds between two looks at the workers' memory."""
_CLOSING = 10.0
"""Seconds that `close` waits for processes to end."""
_TRIES = 3
"""How often a task is tried whose worker died under it: somebody else may have killed it."""
_AT_ONCE = 4
"""Tasks that a worker is given in one message at most, where many wait: it need not wait for its parent's attention
between them."""


class PoolError(Exception):
    """A task that gave no result. `reason` is what a Skip would say."""

    reason = SkipReason.CRASHED


class PoolTimeout(PoolError):  # noqa: N818  it is what callers wait for
    """The task was still running at its deadline; its worker was killed."""

    reason = SkipReason.TIMEOUT


class PoolMemory(PoolError):  # noqa: N818
    """The task's worker went over the memory limit and was killed."""

    reason = SkipReason.OUT_OF_MEMORY


class PoolCrash(PoolError):  # noqa: N818
    """The worker died of itself, or the function raised: a fault of ours, or of a library below."""

    reason = SkipReason.CRASHED


class _Task:
    """A call on its way, and the future that its caller holds."""

    def __init__(self, function: Callable[..., Any], args: tuple[Any, ...]) -> None:
        self.function, self.args = function, args
        self.future: Future[Any] = Future()
        self.tries = 1

    @property
    def name(self) -> str:
        """What the log calls it: a URL comes first in the arguments of what we run."""
        first = self.args[0] if self.args and isinstance(self.args[0], str) else getattr(self.function, "__name__", "")
        return first[:200]


def start_early() -> None:
    """Starts the process from which all workers are forked, and waits for nothing: while it loads what reads pages,
    others can make ready what fetches them."""
    with deaf_to_interrupts():
        forkserver.ensure_running()


class ReadingPool:
    """Runs functions in `workers` processes.

    `timeout`: seconds from a task's start to its worker's death; None for no deadline. `memory_limit`: bytes resident
    at which a worker is killed. `max_tasks`: a worker is replaced after so many. Processes start with the first task,
    and nobody waits for that.
    """

    def __init__(
        self,
        workers: int = 2,
        timeout: float | None = 10.0,
        memory_limit: int = 1 << 30,
        max_tasks: int = 500,
    ) -> None:
        self.workers, self.timeout, self.memory_limit = max(1, workers), timeout, memory_limit
        self._max_tasks = max(1, max_tasks)
        self._queue: deque[_Task] = deque()
        self._given = 0
        self._changed = threading.Condition()
        self._closed = threading.Event()
        self._starting = threading.Lock()
        self._alive: set[Worker] = set()
        self._threads: list[threading.Thread] = []

    def submit(self, function: Callable[..., T], *args: Any) -> Future[T]:
        """Queues `function(*args)`. The future raises PoolTimeout, PoolMemory or PoolCrash where there is no result.

        Both must be picklable. Raises RuntimeError after `close`.
        """
        task = _Task(function, args)
        task.future.set_running_or_notify_cancel()
        with self._changed:
            if self._closed.is_set():
                raise RuntimeError("the pool is closed")
            self._queue.append(task)
            self._start()
            self._changed.notify()
        return task.future

    @property
    def pending(self) -> int:
        """Tasks queued or running: what a downloader looks at to hold back."""
        with self._changed:
            return len(self._queue) + self._given

    def close(self) -> None:
        """Kills what still runs and fails what still waits. Ends within seconds, also when called twice."""
        with self._changed:
            if self._closed.is_set():
                return
            self._closed.set()
            waiting = list(self._queue)
            self._queue.clear()
            self._changed.notify_all()
            for worker in self._alive:
                worker.kill()
        for task in waiting:
            task.future.set_exception(PoolCrash("the pool was closed"))
        until = time.monotonic() + _CLOSING
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))

    def __enter__(self) -> ReadingPool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _start(self) -> None:
        if self._threads:
            return
        self._threads = [threading.Thread(target=self._watch, name="reading-memory", daemon=True)]
        for number in range(self.workers):
            self._threads.append(threading.Thread(target=self._serve, name=f"reading-{number}", daemon=True))
        for thread in self._threads:
            thread.start()

    def _watch(self) -> None:
        while not self._closed.wait(_WATCH_EVERY):
            with self._changed:
                workers = {worker.pid: worker for worker in self._alive}
            for pid, size in resident(workers).items():
                if size > self.memory_limit:
                    workers[pid].over = True
                    workers[pid].kill()

    # -- a worker's thread -------------------------------------------------------------------------------------------

    def _serve(self) -> None:
        worker: Worker | None = None
        while tasks := self._take(worker.left if worker is not None else self._max_tasks):
            try:
                if worker is None or not worker.alive:
                    self._dismiss(worker)
                    worker = None
                    worker = self._employ()
            except Exception as error:
                self._give_back(tasks, tasks, f"no worker could be started ({type(error).__name__}: {error})")
                continue
            self._work_off(worker, deque(tasks))
            if worker.left <= 0:
                self._dismiss(worker)
                worker = None
        self._dismiss(worker)

    def _take(self, most: int) -> list[_Task]:
        """What to do next; [] when the pool is closed. Several tasks where every worker has as many to come."""
        with self._changed:
            while not self._queue and not self._closed.is_set():
                self._changed.wait()
            count = min(max(1, len(self._queue) // (2 * self.workers)), _AT_ONCE, most, len(self._queue))
            self._given += count
            return [self._queue.popleft() for _ in range(count)]

    def _employ(self) -> Worker:
        with self._starting:  # one at a time: the first one starts the process that all are forked from
            start_early()
            worker = Worker(_CONTEXT, self._max_tasks, self.timeout)
        with self._changed:
            self._alive.add(worker)
            if self._closed.is_set():
                worker.kill()
        try:
            worker.greet()
        except Exception:
            worker.kill()
            self._dismiss(worker)
            raise
        return worker

    def _dismiss(self, worker: Worker | None) -> None:
        if worker is not None:
            with self._changed:
                self._alive.discard(worker)
            worker.leave()

    def _work_off(self, worker: Worker, tasks: deque[_Task]) -> None:
        """Settles tasks in turn; those behind one that took the process with it go back into the queue."""
        pickled = {task: self._pickled(task) for task in tasks}
        tasks = deque(task for task in tasks if pickled[task])
        if not tasks:
            return
        try:
            worker.give([pickled[task] for task in tasks])
            while tasks:
                value = self._result(worker)
                self._settle(tasks.popleft(), value)
        except TimeoutError:
            worker.kill()
            self._settle(tasks.popleft(), PoolTimeout(f"over {self.timeout:g} s"))
            self._give_back(tasks)
        except WorkerGone as gone:
            self._lost(worker, tasks, gone)

    def _pickled(self, task: _Task) -> bytes:
        """Nothing where it cannot be sent; then its caller knows."""
        try:
            return pickle.dumps((task.function, task.args), pickle.HIGHEST_PROTOCOL)
        except Exception as error:
            self._settle(task, PoolCrash(f"{type(error).__name__}: {error}"))
            return b""

    def _result(self, worker: Worker) -> Any:
        try:
            return worker.result()
        except RaisedError as error:
            return PoolCrash(str(error))

    def _lost(self, worker: Worker, tasks: deque[_Task], gone: WorkerGone) -> None:
        """The process died under the first of these tasks."""
        if self._closed.is_set():
            for task in tasks:
                self._settle(task, PoolCrash("the pool was closed"))
            return
        if worker.over:
            self._settle(tasks.popleft(), PoolMemory(f"over {self.memory_limit >> 20} MiB"))
        elif gone.code == -signal.SIGALRM:
            self._settle(tasks.popleft(), PoolTimeout(f"over {self.timeout or 0:g} s"))
        else:
            self._give_back(tasks, [tasks[0]], str(gone))
            return
        self._give_back(tasks)

    def _give_back(self, tasks: Sequence[_Task], tried: Sequence[_Task] = (), why: str = "") -> None:
        """Back into the queue, where it was; what was tried in vain goes to its end, and fails after some tries."""
        with self._changed:
            again = (
                [] if self._closed.is_set() else [task for task in tasks if task.tries < _TRIES or task not in tried]
            )
            for task in tried:
                task.tries += 1
            self._queue.extendleft(task for task in reversed(again) if task not in tried)
            self._queue.extend(task for task in again if task in tried)
            self._given -= len(again)
            self._changed.notify_all()
        for task in tasks:
            if task not in again:
                self._settle(task, PoolCrash(why or "the pool was closed"))

    def _settle(self, task: _Task, outcome: Any) -> None:
        """Gives a caller its result or error; an error has its line in the log."""
        with self._changed:
            self._given -= 1
        if not isinstance(outcome, PoolError):
            task.future.set_result(outcome)
            return
        if not self._closed.is_set():
            log.warning("abandoned %s: %s", task.name, outcome)
        task.future.set_exception(outcome)
