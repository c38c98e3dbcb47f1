"""Processes that are measured against each other in turns: one runs while the others are stopped.

What else the machine does meanwhile then hits all alike, and a ratio of their times means something on a busy one too.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[2]
_TURN = 1.0
_LOOK = 0.01
_TICKS = os.sysconf("SC_CLK_TCK")
_WEIGHED_EVERY = 1.0
"""Seconds: to weigh a process costs it some milliseconds."""
_PSS = re.compile(r"^Pss:\s+(\d+)", re.MULTILINE)
"""In /proc/…/smaps_rollup: memory in kB, of what is shared with others only its part."""


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """That of a process that imports the project from the checkout."""
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return os.environ | {"PYTHONPATH": path, "SCRAPY_SETTINGS_MODULE": "crawler.settings"} | dict(extra or {})


class Contender:
    """A process with its children, stopped until it is its turn.

    `seconds` is the wall time of its own turns, from the start, or from when the file `ready` appeared; `cpu` what all
    its processes have used in that time once it has ended, `megabytes` the peak of the memory of all of them,
    in which a page that several share counts once.
    """

    def __init__(
        self,
        command: Sequence[str],
        folder: Path,
        *,
        env: Mapping[str, str] | None = None,
        stdin: int | None = subprocess.DEVNULL,
        ready: Path | None = None,
    ) -> None:
        self.command, self.ready = list(command), ready
        self.seconds = self.cpu = self.megabytes = 0.0
        self.output = ""
        self.code: int | None = None
        self._children: dict[int, float] = {}
        self._cpu_before = 0.0
        self._log = (folder / f"{id(self)}.log").open("w+")
        self._process = subprocess.Popen(
            self.command,
            cwd=folder,
            env=environment(env),
            stdin=stdin,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._over, self._running = threading.Event(), True
        self._watch = threading.Thread(target=self._weigh, daemon=True)
        self._watch.start()

    @property
    def pipe(self) -> IO[bytes]:
        """Its standard input, where that is a pipe."""
        assert self._process.stdin is not None
        return self._process.stdin

    def go(self) -> None:
        """Lets it run."""
        self._running = True
        if self.code is None:
            os.killpg(self._process.pid, signal.SIGCONT)

    def stop(self) -> None:
        """Stops it where it is."""
        self._running = False
        if self.code is None:
            os.killpg(self._process.pid, signal.SIGSTOP)

    def run(self, seconds: float) -> bool:
        """Lets it run for so long; whether it has ended."""
        self.go()
        start = time.monotonic()
        while time.monotonic() - start < seconds and not self.ended():
            time.sleep(_LOOK)
            if self.ready is not None and self.ready.exists():
                self.look()
                self._cpu_before = sum(self._children.values())
                self.ready, self.seconds, start = None, 0.0, time.monotonic()
        self.seconds += time.monotonic() - start
        self.stop()
        self.look()
        return self.code is not None

    def look(self) -> None:
        """Notes the CPU of all its processes, where the system tells: what somebody else waits for is in nobody's
        account."""
        for process, used in self._processes():
            self._children[int(process.name)] = used

    def _processes(self) -> Iterator[tuple[Path, float]]:
        """The folder in /proc of each process of its group, and the CPU that it has used."""
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):  # it has just ended
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
                if int(fields[2]) == self._process.pid:
                    yield folder, (int(fields[11]) + int(fields[12])) / _TICKS

    def _weigh(self) -> None:
        """Notes the memory of all its processes again and again, until it has ended: helpers come and go."""
        while not self._over.wait(_WEIGHED_EVERY):
            if not self._running:
                continue
            memory = 0
            for process, _ in self._processes():
                with contextlib.suppress(OSError):
                    memory += sum(map(int, _PSS.findall((process / "smaps_rollup").read_text())))
            self.megabytes = max(self.megabytes, memory / 1024)

    def ended(self, *, wait: bool = False) -> bool:
        """Whether it has ended. Raises RuntimeError with its last words where it failed."""
        if self.code is None:
            pid, status, used = os.wait4(self._process.pid, 0 if wait else os.WNOHANG)
            if not pid:
                return False
            self.code = self._process.returncode = os.waitstatus_to_exitcode(status)
            own = used.ru_utime + used.ru_stime
            self.cpu = max(own, sum(self._children.values())) - self._cpu_before
            self._over.set()
            self._watch.join()
            if not self.megabytes:
                self.megabytes = used.ru_maxrss / 1024**2  # bytes on macOS
            self._log.seek(0)
            self.output = self._log.read()[-3000:]
            self._log.close()
            if self.code:
                raise RuntimeError(f"{' '.join(self.command)} failed: {self.output}")
        return True

    def end(self) -> None:
        """Ends it and its children if it still runs."""
        if self.code is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._over.set()


def race(contenders: Sequence[Contender], turn: float = _TURN, patience: float = 1800) -> None:
    """Gives each its turns until all have ended."""
    for one in contenders:
        one.stop()
    deadline = time.monotonic() + patience
    running = list(contenders)
    try:
        while running:
            running = [one for one in running if not one.run(turn)]
            if time.monotonic() > deadline:
                raise TimeoutError(f"not ended after {patience:.0f} s: {running[0].command}")
    finally:
        for one in contenders:
            one.end()
