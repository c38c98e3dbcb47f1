"""`make bench`: performance as ratios against named peers in the same run.

    python -m tests.benchmarks.bench [--documents 1000000] [--texts 20000] [--pages 2000] [--only GROUP …]

Peers and ours take turns in each group, so that what else the machine does hits both; a ratio above 1 means that we
are faster. Peers that are no part of the lock file live in environments of their own (peers.py); one that cannot be
had is named as left out. Ends with a table and build/bench.json.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.benchmarks import crawl_speed, index_growth, load_speed, peers, read_speed, sketch_speed

ROOT = Path(__file__).resolve().parents[2]
REPORT = ROOT / "build" / "bench.json"
Figures = dict[str, float]

# Key of build/bench.json -> (what we are measured against, what we want to reach)
AIMS: dict[str, tuple[str, str]] = {
    "sketch_vs_datasketch": ("sketching a text of 600 words: datasketch's default", "≥ 150"),
    "sketch_vs_bulk": ("… MinHash.bulk with xxh32", "≥ 10"),
    "sketch_vs_rensa": ("… rensa", "≥ 6"),
    "sketch_vs_daft": ("… Daft's minhash", "≥ 1.5"),
    "index_growth": ("the index: its last 100,000 texts to its first", "≤ 2"),
    "boilerplate_query_ratio": ("… a query where 20,000 pages share a paragraph", "≤ 2"),
    "boilerplate_linked": ("… such pages that are linked", "≤ 0"),
    "index_mb": ("… main memory, MB", "≤ 1000"),
    "sketch_and_index_bytes": ("… with the sketch, bytes a text", "≤ 1200"),
    "read_vs_trafilatura_median": ("reading a page: trafilatura with metadata, median of pages", "≥ 1.15"),
    "read_vs_trafilatura_total": ("… all pages", "≥ 1.25"),
    "read_vs_newspaper4k": ("… newspaper4k, all pages", ""),
    "read_vs_readability": ("… readability-lxml, all pages", ""),
    "crawl_vs_inline": ("a whole crawl: Scrapy with trafilatura inline", "≥ 1.5"),
    "crawl_vs_news_please": ("… news-please's crawler", "≥ 8"),
    "crawl_vs_news_please_cpu": ("… by CPU", ""),
    "crawl_vs_news_please_library": ("… news-please as a library, on all cores", ""),
    "load_vs_stock": ("loading an archive: a plain datasketch script", "≥ 1.5"),
    "load_growth": ("… the last tenth to the third", "≤ 2"),
    "load_mb": ("… main memory, MB", "≤ 1000"),
    "bytes_per_text": ("stored beside the text, bytes", "≤ 3000"),
}
_MISSING = {"xxhash": "sketch_vs_bulk", "rensa": "sketch_vs_rensa", "daft": "sketch_vs_daft"}


def groups(options: argparse.Namespace) -> dict[str, Callable[[], Figures]]:
    return {
        "sketch": sketch_speed.measure,
        "index": lambda: index_growth.measure(options.documents),
        "read": read_speed.measure,
        "crawl": lambda: crawl_speed.measure(options.pages),
        "load": lambda: load_speed.measure(options.texts),
    }


def with_peers(arguments: Sequence[str]) -> None:
    """Starts this program anew in the environment that has the peers, if there is one and it is not this one."""
    if Path(sys.prefix) == peers.TOGETHER:
        return
    python = peers.together()
    if python is not None:
        os.execv(python, [str(python), "-m", "tests.benchmarks.bench", *arguments])


def measured(chosen: dict[str, Callable[[], Figures]]) -> tuple[Figures, dict[str, str]]:
    """The figures, and which group failed with what."""
    figures: Figures = {}
    failed: dict[str, str] = {}
    for name, measure in chosen.items():
        start = time.monotonic()
        print(f"bench: {name} …", file=sys.stderr, flush=True)
        try:
            figures |= measure()
        except Exception as error:
            traceback.print_exc()
            failed[name] = f"{type(error).__name__}: {error}"
        print(f"bench: {name} took {time.monotonic() - start:.0f} s", file=sys.stderr)
    return figures, failed


def absent() -> list[str]:
    """Peers that cannot be imported here."""
    found = []
    for module in _MISSING:
        try:
            importlib.import_module(module)
        except ImportError:
            found.append(module)
    return found


def show(figures: Figures, *, whole: bool) -> None:
    """The table, on stdout; of a whole run also what is missing."""
    table = Table(title="make bench", title_justify="left")
    for heading in ("figure", "against", "value", "aim"):
        table.add_column(heading, justify="right" if heading in ("value", "aim") else "left")
    for name, (told, aim) in AIMS.items():
        value = figures.get(name)
        if value is None and not whole:
            continue
        style = "dim" if value is None else "" if not aim or reached(value, aim) else "yellow"
        table.add_row(name, told, "missing" if value is None else f"{value:g}", aim, style=style)
    Console(width=None if sys.stdout.isatty() else 130).print(table)


def reached(value: float, aim: str) -> bool:
    """Whether a figure is where "≥ 1.5" or "≤ 2" wants it."""
    return value >= float(aim[2:]) if aim[0] == "≥" else value <= float(aim[2:])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=1_000_000, help="of the index that grows")
    parser.add_argument("--texts", type=int, default=20_000, help="of the archive that is loaded")
    parser.add_argument("--pages", type=int, default=2000, help="of the site that is crawled")
    parser.add_argument(
        "--only", nargs="+", choices=["sketch", "index", "read", "crawl", "load"], help="writes no report"
    )
    options = parser.parse_args()
    with_peers(sys.argv[1:])
    chosen = {name: one for name, one in groups(options).items() if not options.only or name in options.only}
    figures, failed = measured(chosen)
    show(figures, whole=not options.only)
    for module in absent():
        print(f"left out: {module} is not installed, so {_MISSING[module]} is missing or stands on a substitute")
    for name, said in failed.items():
        print(f"{name} FAILED: {said}")
    if not options.only:
        REPORT.parent.mkdir(exist_ok=True)
        REPORT.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
        print(f"bench: {REPORT.relative_to(ROOT)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
