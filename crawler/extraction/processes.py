"""A worker process as its parent holds it, and what runs inside: tasks in by one pipe, results out, one after another.

Only public means of `multiprocessing`: a process and a pipe each, so that one can be killed at any moment and no lock,
queue or neighbour is harmed.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import subprocess
from collections.abc import Iterable, Sequence
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

from crawler.children import end_with_parent

STARTING = 120.0
"""Seconds in which a new worker has to say that it is there: a busy machine may take long over its imports."""
_GRACE = 5.0
"""Seconds after the deadline at which the kernel kills a worker whose parent did not."""
_LEAVING = 2.0
"""Seconds that a worker which is replaced may take to leave."""
_PAGE_SIZE = os.sysconf("SC_PAGE_SIZE")


class WorkerGone(Exception):  # noqa: N818  it is what callers wait for
    """The process has ended. `code` is its exit code, negative for a signal, None where it is not known."""

    def __init__(self, code: int | None) -> None:
        super().__init__(f"the worker died with {code}")
        self.code = code


class RaisedError(Exception):
    """The task raised in the worker; the message names its error."""


class Worker:
    """A process that runs tasks. `over`: it was killed for its memory; `left`: tasks before it is replaced."""

    def __init__(self, context: ForkServerContext, max_tasks: int, timeout: float | None) -> None:
        self.left, self.over, self._ended, self._timeout = max_tasks, False, False, timeout
        self._pipe, there = context.Pipe()
        try:
            self._process = context.Process(target=_work, args=(there, timeout), name="reading", daemon=True)
            self._process.start()
        except BaseException:
            self._pipe.close()
            raise
        finally:
            there.close()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid or 0

    @property
    def alive(self) -> bool:
        """Whether it can take a task."""
        return not self._ended and not wait([self._process.sentinel], 0)

    def greet(self) -> None:
        """Waits until it has started. Raises WorkerGone."""
        self._receive(STARTING)

    def give(self, tasks: Sequence[bytes]) -> None:
        """Hands over pickled tasks, all in one message, which it takes in before it begins: neither side ever waits
        for the other to read. Raises WorkerGone."""
        self.left -= len(tasks)
        try:
            self._pipe.send_bytes(pickle.dumps(list(tasks)))
        except OSError:
            raise WorkerGone(self._code()) from None

    def result(self) -> Any:
        """What its next task gave. Raises TimeoutError at the deadline, WorkerGone, or RaisedError."""
        data = self._receive(self._timeout)
        try:
            raised, value = pickle.loads(data)  # noqa: S301  from our own process
        except Exception as error:
            raised, value = True, f"{type(error).__name__}: {error}"
        if raised:
            raise RaisedError(value)
        return value

    def kill(self) -> None:
        """Ends it at once, whatever it does."""
        self._ended = True
        with contextlib.suppress(OSError, ValueError, AttributeError):
            self._process.kill()

    def leave(self) -> None:
        """Lets go of it: it ends when its pipe does, and is killed if it does not."""
        self._pipe.close()
        self._process.join(_LEAVING)
        self.kill()
        self._process.join(_LEAVING)

    def _receive(self, timeout: float | None) -> bytes:
        try:
            if not self._pipe.poll(timeout):
                raise TimeoutError
            return self._pipe.recv_bytes()
        except (EOFError, ConnectionError):
            raise WorkerGone(self._code()) from None

    def _code(self) -> int | None:
        self._ended = True
        self._process.join(_LEAVING)
        return self._process.exitcode


# -- inside the process ------------------------------------------------------------------------------------------


def _work(pipe: Connection, timeout: float | None) -> None:
    """Takes tasks until the pipe ends."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    end_with_parent()
    with contextlib.suppress(EOFError, OSError):
        pipe.send_bytes(b"here")
        while True:
            for task in pickle.loads(pipe.recv_bytes()):  # noqa: S301  from our own parent
                pipe.send_bytes(_run(task, timeout))


def _run(task: bytes, timeout: float | None) -> bytes:
    """One task, under an alarm of the kernel's: should the parent be gone, even a worker stuck in C ends."""
    if timeout is not None:
        signal.setitimer(signal.ITIMER_REAL, timeout + _GRACE)
    try:
        function, args = pickle.loads(task)  # noqa: S301
        return pickle.dumps((False, function(*args)), pickle.HIGHEST_PROTOCOL)
    except Exception as error:
        return pickle.dumps((True, f"{type(error).__name__}: {error}"))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


# -- memory ------------------------------------------------------------------------------------------------------


def resident(pids: Iterable[int]) -> dict[int, int]:
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
