"""Texts a second of `scrapy load` against a plain datasketch script, interleaved on one archive.

    python -m tests.benchmarks.load_speed [texts] [--alone] [--profile FILE]

Both read the same lines from a pipe, a tenth of the archive at a time, while the other is stopped: what else runs on
the machine hits both alike. `load_vs_stock` is the peer's wall time to ours over all tenths, `load_vs_stock_cpu` the
same in CPU with all children; `load_growth` is our time for the last tenth of the texts to that for the third (until
then processes start and load what they need), to store them and to decide them, as somebody sees it who looks into the
store; `load_end_share` is how much of the whole is spent after the last line, on deciding. What only starting costs is
in the CPU and not in the wall figures. `bytes_per_text` is what the store takes beside the texts themselves, its outbox
delivered and pruned; `load_mb` the peak of main memory over all processes together, helpers at the end included.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from tests.benchmarks.archive_texts import lines
from tests.benchmarks.turns import Contender, environment

SLICES = 10
WARM = 500
"""Lines before the clock starts: interpreter, imports, compiled kernels."""


class Reader:
    """A process that reads lines from its pipe, and what each slice cost it."""

    def __init__(self, command: Sequence[str], folder: Path) -> None:
        self.process = Contender(command, folder, stdin=subprocess.PIPE)
        self.process.stop()
        self.seconds: list[float] = []
        self.end = 0.0
        self._since: float | None = None

    def clock(self) -> float:
        """Seconds that it has run so far, its stops left out."""
        since = self._since
        return sum(self.seconds) + (time.monotonic() - since if since is not None else 0.0)

    def feed(self, portion: Iterable[bytes], *, last: bool = False) -> None:
        """Writes lines as fast as they are read, then stops the process (or, at the end, waits for it)."""
        self.process.go()
        self._since = start = time.monotonic()
        try:
            self.process.pipe.writelines(portion)
            self.process.pipe.flush()
        except BrokenPipeError:
            self.process.ended(wait=True)
            raise
        fed = time.monotonic()
        self.process.look()
        if last:
            self.process.pipe.close()
            self.process.ended(wait=True)
            self.end = time.monotonic() - fed
        self._since = None
        self.seconds.append(fed - start)
        self.process.stop()

    @property
    def all_seconds(self) -> float:
        return sum(self.seconds) + self.end


class Onlooker(threading.Thread):
    """Looks into the store every fifth of a second: (the reader's clock, articles stored, articles decided)."""

    def __init__(self, reader: Reader, store: Path) -> None:
        super().__init__(daemon=True)
        self.seen: list[tuple[float, int, int]] = []
        self._reader, self._store = reader, store
        self._over = threading.Event()

    def run(self) -> None:
        while not self._over.wait(0.2):
            with contextlib.suppress(sqlite3.Error), contextlib.closing(self._open()) as database:
                clock = self._reader.clock()
                stored = database.execute("SELECT coalesce(max(id), 0) FROM article").fetchone()[0]
                waiting = database.execute("SELECT count(*) FROM undecided").fetchone()[0]
                self.seen.append((clock, stored, stored - waiting))

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(f"file:{self._store}?mode=ro", uri=True, timeout=1)

    def stop(self) -> None:
        self._over.set()
        self.join()

    def growth(self, texts: int, end: float) -> float:
        """Time for the last tenth to that for the third, storing and deciding together."""
        seen = [*self.seen, (end, texts, texts)]

        def spent(first: float, last: float) -> float:
            return sum(_passed(seen, what, last * texts) - _passed(seen, what, first * texts) for what in (1, 2))

        return spent(0.9, 1.0) / max(spent(0.2, 0.3), 1e-9)


def _passed(seen: Sequence[tuple[float, int, int]], what: int, count: float) -> float:
    """When a count was reached, between two looks as if it had grown evenly."""
    before = (0.0, 0, 0)
    for now in seen:
        if now[what] >= count:
            return before[0] + (now[0] - before[0]) * (count - before[what]) / max(now[what] - before[what], 1)
        before = now
    return before[0]


def _store(folder: Path) -> list[str]:
    return ["-s", f"STORE_URL=sqlite:///{folder}/store.db", "-s", "SITES_FILE=", "-s", "PROGRESS=False"]


def ours(folder: Path, archive: str = "-") -> list[str]:
    return [sys.executable, "-m", "crawler", "load", archive, *_store(folder)]


def stock() -> list[str]:
    return [sys.executable, "-m", "tests.benchmarks.stock_dedup"]


def race(archive: Iterator[bytes], texts: int, readers: Sequence[Reader]) -> None:
    """Feeds every reader every slice, one reader at a time."""
    size = -(-(texts - WARM) // SLICES)
    for number in range(SLICES + 1):
        portion = list(islice(archive, size if number else WARM))
        for reader in readers:
            reader.feed(portion, last=number == SLICES)
            if not number:
                reader.seconds.clear()


def bytes_beside(folder: Path, count: int) -> dict[str, float]:
    """Delivers and prunes the outbox, then weighs the store, its index and, apart, its sketches."""
    command = [sys.executable, "-m", "crawler", "deliver", *_store(folder), "-s", f"SINKS=jsonl:{folder}/events.jsonl"]
    subprocess.run(command, check=True, env=environment(), cwd=folder, capture_output=True)
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
    with tempfile.TemporaryDirectory(prefix="firstprint-load-") as name:
        folder = Path(name)
        readers = [Reader(ours(folder), folder), *([Reader(stock(), folder)] if peer else [])]
        onlooker = Onlooker(mine := readers[0], folder / "store.db")
        onlooker.start()
        try:
            race(lines(texts), texts, readers)
        finally:
            onlooker.stop()
            for reader in readers:
                reader.process.end()
        result = {
            "load_texts": float(texts),
            "load_texts_a_second": round((texts - WARM) / mine.all_seconds, 1),
            "load_growth": round(onlooker.growth(texts, mine.all_seconds), 3),
            "load_end_share": round(mine.end / mine.all_seconds, 3),
            "load_cpu_ms": round(1000 * mine.process.cpu / texts, 3),
            "load_mb": round(mine.process.megabytes, 1),
            **bytes_beside(folder, texts),
        }
        for other in readers[1:]:
            result |= {
                "load_vs_stock": round(other.all_seconds / mine.all_seconds, 3),
                "load_vs_stock_cpu": round(other.process.cpu / mine.process.cpu, 3),
                "stock_texts_a_second": round((texts - WARM) / other.all_seconds, 1),
                "stock_mb": round(other.process.megabytes, 1),
            }
    return result


def profile(texts: int, target: Path) -> None:
    """Writes a cProfile of the load to a file."""
    with tempfile.TemporaryDirectory(prefix="firstprint-load-") as name:
        folder = Path(name)
        archive = folder / "archive.jsonl"
        archive.write_bytes(b"".join(lines(texts)))
        command = [sys.executable, "-m", "cProfile", "-o", str(target.resolve()), *ours(folder, str(archive))[1:]]
        subprocess.run(command, check=True, cwd=folder, env=environment())


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
