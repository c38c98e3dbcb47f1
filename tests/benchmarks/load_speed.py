"""Texts a second of `scrapy load` against a plain datasketch script, interleaved on one archive.

    python -m tests.benchmarks.load_speed [texts] [--profile FILE] [--growth]

Both read the same lines from a pipe, a tenth of the archive at a time, while the other is stopped: what else runs on
the machine hits both alike. `load_vs_stock` is the peer's wall time to ours over all tenths, `load_vs_stock_cpu` the
same in CPU with all children; `load_growth` is our time for the last tenth to that for the first, after the first
batch. What only starting costs is in the CPU and not in the wall figures. `bytes_per_text` is what the store takes
beside the texts themselves, its outbox delivered and pruned; `load_mb` the peak of main memory.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.archive_texts import lines

ROOT = Path(__file__).resolve().parents[2]
SLICES = 10
WARM = 500
"""Lines before the clock starts: interpreter, imports, compiled kernels."""
_SETTINGS = ("-s", "SITES_FILE=", "-s", "PROGRESS=False")


@dataclass
class Reader:
    """A process that reads lines from its pipe, and what each slice cost it. Stopped while it is not asked."""

    command: Sequence[str]
    folder: Path
    seconds: list[float] = field(default_factory=list)
    cpu: float = 0.0
    megabytes: float = 0.0
    output: str = ""

    def __post_init__(self) -> None:
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
        self._log = tempfile.TemporaryFile("w+")  # noqa: SIM115  closed by `_wait`
        self._process = subprocess.Popen(
            self.command,
            cwd=self.folder,
            env=os.environ | {"PYTHONPATH": path, "SCRAPY_SETTINGS_MODULE": "crawler.settings"},
            stdin=subprocess.PIPE,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def feed(self, portion: Iterable[bytes], *, last: bool = False) -> None:
        """Writes lines as fast as they are read, then stops the process (or, at the end, waits for it)."""
        assert self._process.stdin is not None
        os.killpg(self._process.pid, signal.SIGCONT)
        start = time.monotonic()
        try:
            for line in portion:
                self._process.stdin.write(line)
            self._process.stdin.flush()
            if last:
                self._process.stdin.close()
                self._wait()
        except BrokenPipeError:
            self._wait()
            raise RuntimeError(f"{' '.join(self.command)} ended early: {self.output}") from None
        self.seconds.append(time.monotonic() - start)
        if not last:
            os.killpg(self._process.pid, signal.SIGSTOP)

    def _wait(self) -> None:
        _, status, used = os.wait4(self._process.pid, 0)
        self._process.returncode = os.waitstatus_to_exitcode(status)
        self.cpu = used.ru_utime + used.ru_stime
        self.megabytes = used.ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
        self._log.seek(0)
        self.output = self._log.read()[-2000:]
        self._log.close()
        if self._process.returncode:
            raise RuntimeError(f"{' '.join(self.command)} failed: {self.output}")

    def end(self) -> None:
        """Ends the process if it still runs."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


def ours(folder: Path) -> list[str]:
    return [sys.executable, "-m", "crawler", "load", "-", "-s", f"STORE_URL=sqlite:///{folder}/store.db", *_SETTINGS]


def stock() -> list[str]:
    return [sys.executable, "-m", "tests.benchmarks.stock_dedup"]


def race(archive: Sequence[bytes], readers: Sequence[Reader]) -> None:
    """Feeds every reader every slice, one reader at a time."""
    for reader in readers:
        reader.feed(archive[:WARM])
        reader.seconds.clear()
    rest = archive[WARM:]
    size = -(-len(rest) // SLICES)
    for start in range(0, len(rest), size):
        for reader in readers:
            reader.feed(rest[start : start + size], last=start + size >= len(rest))


def bytes_beside(folder: Path, count: int) -> dict[str, float]:
    """Delivers and prunes the outbox, then weighs the store, its index and, apart, its sketches."""
    command = [
        sys.executable,
        "-m",
        "crawler",
        "deliver",
        *ours(folder)[5:7],
        "-s",
        f"SINKS=jsonl:{folder}/events.jsonl",
    ]
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    subprocess.run(
        [*command, *_SETTINGS], check=True, env=os.environ | {"PYTHONPATH": path}, cwd=folder, capture_output=True
    )
    database = sqlite3.connect(folder / "store.db")
    database.execute("VACUUM")  # the pages that the outbox has left are free for what comes next
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    (texts,) = database.execute("SELECT sum(length(CAST(text AS BLOB))) FROM article").fetchone()
    (sketches,) = database.execute("SELECT sum(length(data)) FROM sketch").fetchone()
    database.close()
    index = sum(file.stat().st_size for file in folder.glob("store.db.index/*"))
    return {
        "bytes_per_text": round(((folder / "store.db").stat().st_size + index - texts) / count, 1),
        "sketch_bytes": round(sketches / count, 1),
        "index_bytes": round(index / count, 1),
    }


def measure(texts: int = 20_000, *, peer: bool = True) -> dict[str, float]:
    """Ratios, seconds, bytes and megabytes; without the peer only what is ours."""
    archive = list(lines(texts))
    with tempfile.TemporaryDirectory(prefix="firstprint-load-") as name:
        folder = Path(name)
        readers = [Reader(ours(folder), folder), *([Reader(stock(), folder)] if peer else [])]
        try:
            race(archive, readers)
        finally:
            for reader in readers:
                reader.end()
        mine = readers[0]
        result = {
            "load_texts": float(texts),
            "load_texts_a_second": round((texts - WARM) / sum(mine.seconds), 1),
            "load_growth": round(mine.seconds[-1] / mine.seconds[0], 3),
            "load_cpu_ms": round(1000 * mine.cpu / texts, 3),
            "load_mb": round(mine.megabytes, 1),
            **bytes_beside(folder, texts),
        }
        for other in readers[1:]:
            result |= {
                "load_vs_stock": round(sum(other.seconds) / sum(mine.seconds), 3),
                "load_vs_stock_cpu": round(other.cpu / mine.cpu, 3),
                "stock_texts_a_second": round((texts - WARM) / sum(other.seconds), 1),
                "stock_mb": round(other.megabytes, 1),
            }
    return result


def profile(texts: int, target: Path) -> None:
    """Writes a cProfile of the load to a file."""
    with tempfile.TemporaryDirectory(prefix="firstprint-load-") as name:
        folder = Path(name)
        archive = folder / "archive.jsonl"
        archive.write_bytes(b"".join(lines(texts)))
        command = ours(folder)
        command[1:5] = ["-m", "cProfile", "-o", str(target.resolve()), "-m", "crawler", "load", str(archive)]
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
        subprocess.run(command, check=True, cwd=folder, env=os.environ | {"PYTHONPATH": path})
    print(f"{resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime:.1f} s of CPU; see python -m pstats {target}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", type=int, nargs="?", default=20_000)
    parser.add_argument("--alone", action="store_true", help="without the peer")
    parser.add_argument("--profile", type=Path, metavar="FILE", help="a cProfile of the load instead")
    options = parser.parse_args()
    if options.profile:
        profile(options.texts, options.profile)
    else:
        print(json.dumps(measure(options.texts, peer=not options.alone), indent=2))
