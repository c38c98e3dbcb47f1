"""A process pool with a deadline that kills, a memory limit, and a word in the log for what was abandoned.

pebble keeps the processes; this adds the memory watch, errors of our own, workers that cannot outlive their parent,
and a close that ends.
"""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any, TypeVar

from pebble import ProcessExpired, ProcessPool

from crawler.items import SkipReason

log = logging.getLogger(__name__)

T = TypeVar("T")
_WATCH_EVERY = 0.5
"""Seconds between two looks at the workers' memory."""
_GRACE = 5.0
"""Seconds after the deadline at which the kernel kills a worker whose parent did not."""
_CLOSING = 10.0
"""Seconds that `close` waits for processes to end."""
_TRIES = 3
"""How often a task is tried whose pool broke under it."""
_PAGE_SIZE = os.sysconf("SC_PAGE_SIZE")


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


class ReadingPool:
    """Runs functions in `workers` processes.

    `timeout`: seconds from a task's start to its worker's death; None for no deadline. `memory_limit`: bytes resident
    at which a worker is killed. `max_tasks`: a worker is replaced after so many. `preload`: modules for the process
    that workers are forked from, beside our own. Processes start with the first task.
    """

    def __init__(
        self,
        workers: int = 2,
        timeout: float | None = 10.0,
        memory_limit: int = 1 << 30,
        max_tasks: int = 500,
        preload: Sequence[str] = (),
    ) -> None:
        self.workers, self.timeout, self.memory_limit = max(1, workers), timeout, memory_limit
        self._max_tasks = max_tasks
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["crawler.extraction.preload", *preload])
        self._lock = threading.RLock()
        self._pool = self._make_pool()
        self._running: dict[Future[Any], _Task] = {}
        self._over: set[Future[Any]] = set()
        self._closed = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="reading-pool-memory", daemon=True)

    def submit(self, function: Callable[..., T], *args: Any) -> Future[T]:
        """Queues `function(*args)`. The future raises PoolTimeout, PoolMemory or PoolCrash where there is no result.

        Both must be picklable. Raises RuntimeError after `close`.
        """
        if self._closed.is_set():
            raise RuntimeError("the pool is closed")
        task = _Task(function, args)
        task.future.set_running_or_notify_cancel()
        self._schedule(task)
        with self._lock:
            if self._watcher.ident is None:
                self._watcher.start()
        return task.future

    @property
    def pending(self) -> int:
        """Tasks queued or running: what a downloader looks at to hold back."""
        with self._lock:
            return len(self._running)

    def close(self) -> None:
        """Kills what still runs and fails what still waits. Ends within seconds, also when called twice."""
        if self._closed.is_set():
            return
        self._closed.set()
        with self._lock:
            waiting = list(self._running.items())
        _retire(self._pool).join(_CLOSING)
        for inner, task in waiting:
            inner.cancel()
            _fail(task.future, PoolCrash("the pool was closed"))

    def __enter__(self) -> ReadingPool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _make_pool(self) -> ProcessPool:
        return ProcessPool(
            max_workers=self.workers, max_tasks=self._max_tasks, initializer=_start_worker, context=self._context
        )

    def _schedule(self, task: _Task) -> None:
        with self._lock:
            try:
                inner = self._queue(task)
            except RuntimeError:
                self._renew()
                inner = self._queue(task)
            self._running[inner] = task
        inner.add_done_callback(lambda done: self._finish(done, task))

    def _renew(self) -> None:
        """Another pool in place of one that broke, and the tasks that were stranded in it.

        pebble gives a pool up for good when a worker dies while no task runs, the OOM killer's habit, and never
        settles what was still queued.
        """
        with self._lock:
            broken = self._pool
            if broken.active or self._closed.is_set():
                return
            log.warning("the reading pool broke; starting another")
            self._pool = self._make_pool()
            stranded = [(inner, task) for inner, task in self._running.items() if not inner.done()]
            for inner, _ in stranded:
                del self._running[inner]
        _retire(broken)
        for _, task in stranded:
            self._again(task, "the pool broke under it")

    def _again(self, task: _Task, why: str) -> None:
        """Another try of a task that lost its pool; it fails after some."""
        task.tries += 1
        if task.tries <= _TRIES and not self._closed.is_set():
            try:
                self._schedule(task)
            except RuntimeError as error:
                why = str(error)
            else:
                return
        log.warning("abandoned %s: %s", task.name, why)
        _fail(task.future, PoolCrash(why))

    def _queue(self, task: _Task) -> Future[Any]:
        queued: Future[Any] = self._pool.schedule(
            _run, args=(self.timeout, task.function, *task.args), timeout=self.timeout
        )
        return queued

    def _finish(self, inner: Future[Any], task: _Task) -> None:
        with self._lock:
            stranded = self._running.pop(inner, None) is None
            over = inner in self._over
            self._over.discard(inner)
        if stranded or task.future.done():
            return
        try:
            result = inner.result(0)
        except (CancelledError, FutureTimeoutError) as error:
            abandoned = self._abandoned(over, isinstance(error, CancelledError))
        except ProcessExpired as error:
            abandoned = self._died(error)
        except BrokenExecutor as error:
            self._again(task, str(error))
            return
        except Exception as error:
            abandoned = PoolCrash(f"{type(error).__name__}: {error}")
        else:
            task.future.set_result(result)
            return
        if not self._closed.is_set():
            log.warning("abandoned %s: %s", task.name, abandoned)
        _fail(task.future, abandoned)

    def _abandoned(self, over: bool, cancelled: bool) -> PoolError:
        if over:
            return PoolMemory(f"over {self.memory_limit >> 20} MiB")
        if cancelled:
            return PoolCrash("cancelled")
        return PoolTimeout(f"over {self.timeout:g} s")

    def _died(self, error: ProcessExpired) -> PoolError:
        if error.exitcode == -signal.SIGALRM:
            return PoolTimeout(f"over {self.timeout or 0:g} s")
        return PoolCrash(f"the worker died with {error.exitcode}")

    def _watch(self) -> None:
        while not self._closed.wait(_WATCH_EVERY):
            self._renew()
            tasks = dict(self._busy())
            for pid, size in _resident(tasks).items():
                if size > self.memory_limit:
                    with self._lock:
                        self._over.add(tasks[pid])
                    tasks[pid].cancel()  # pebble then stops the worker at a moment when it holds no lock

    def _busy(self) -> list[tuple[int, Future[Any]]]:
        # pebble tells which worker has which task in no public way
        manager = self._pool._pool_manager.task_manager
        return [(task.worker_id, task.future) for task in list(manager.tasks.values()) if task.worker_id]


def _retire(pool: ProcessPool) -> threading.Thread:
    """Stops a pool without waiting for it; the thread ends when its processes have."""
    pool.stop()  # type: ignore[no-untyped-call]

    def join() -> None:
        with contextlib.suppress(RuntimeError, OSError):
            pool.join()

    waiting = threading.Thread(target=join, name="reading-pool-stop", daemon=True)
    waiting.start()
    return waiting


def _fail(future: Future[Any], error: Exception) -> None:
    with contextlib.suppress(Exception):  # somebody else settled it in the meantime
        future.set_exception(error)


def _start_worker() -> None:
    """In a new worker: die when told, and when the parent is gone."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # pebble's handler waits for Python code to run, which may be never
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_leave_with, args=(parent.sentinel,), daemon=True).start()


def _leave_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


def _run(timeout: float | None, function: Callable[..., T], *args: Any) -> T:
    """One task, under an alarm of the kernel's: should the parent be gone, even a worker stuck in C ends."""
    if timeout is None:
        return function(*args)
    signal.setitimer(signal.ITIMER_REAL, timeout + _GRACE)
    try:
        return function(*args)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _resident(pids: Iterable[int]) -> dict[int, int]:
    """Resident bytes by process id; those that are gone are left out."""
    if Path("/proc/self/statm").exists():
        sizes = {}
        for pid in pids:
            with contextlib.suppress(OSError, ValueError, IndexError):
                sizes[pid] = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE_SIZE
        return sizes
    return _ask_ps(list(pids))


def _ask_ps(pids: list[int]) -> dict[int, int]:
    """The same where there is no /proc, as on macOS: ps tells KiB."""
    if not pids:
        return {}
    command = ["/bin/ps", "-o", "pid=,rss=", "-p", ",".join(map(str, pids))]
    try:
        told = subprocess.run(command, capture_output=True, text=True, timeout=5, check=False).stdout  # noqa: S603
        return {int(pid): int(size) << 10 for pid, size in (line.split() for line in told.splitlines())}
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return {}
