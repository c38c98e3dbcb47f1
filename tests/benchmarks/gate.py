"""`make gate`: quality against floors that only rise.

    python -m tests.benchmarks.gate [--raise] [--lower NAME --because "…"] [--only GROUP …]

Every figure of every group is measured and compared with floors.toml; below a floor (above a ceiling), or missing
though there is a floor, the gate fails with exit code 1. What rests on a corpus that is not on this machine
(FIRSTPRINT_CORPORA) is named as left out and fails nothing. `--raise` lifts the floors to what was reached, rounded
down a little. A floor is lowered only by name and with a reason, which stays in floors.toml.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.benchmarks import charsets_quality, direction_quality, floors, noise_quality, read_quality, reposts_quality
from tests.benchmarks.corpora import folder
from tests.benchmarks.floors import Floor
from tests.dedup import generate

ROOT = Path(__file__).resolve().parents[2]
REPORT = ROOT / "build" / "gate.json"
Figures = dict[str, float]


@dataclass(frozen=True)
class Group:
    """Figures that are measured together. `corpora` are all needed; without `needs` they only add to what is made."""

    name: str
    measure: Callable[[], Figures]
    corpora: tuple[str, ...] = ()
    needs: bool = True

    def absent(self) -> list[str]:
        return [name for name in self.corpora if not _is_here(name)]

    @property
    def label(self) -> str:
        here = [name for name in self.corpora if _is_here(name)]
        return " + ".join(here) if self.needs and here else " + ".join(["our own", *here])


def _is_here(corpus: str) -> bool:
    return folder(corpus) is not None or (generate.corpora() / corpus).is_dir()


GROUPS = (
    Group("aeb", lambda: read_quality.bodies("aeb"), ("aeb",)),
    Group("news", lambda: read_quality.bodies("news"), ("news",)),
    Group("metadata", read_quality.metadata, ("news",)),
    Group("noise", noise_quality.measure),
    Group("charsets", charsets_quality.measure),
    Group("reposts", reposts_quality.measure, ("aeb", "news", "plagiarised"), needs=False),
    Group("direction", direction_quality.measure, ("aeb", "news"), needs=False),
)


def measured(groups: Sequence[Group]) -> tuple[Figures, dict[str, str], dict[str, str]]:
    """The figures, the label of the corpus of each, and what was left out or failed, by group."""
    figures: Figures = {}
    labels: dict[str, str] = {}
    trouble: dict[str, str] = {}
    for group in groups:
        if group.needs and (absent := group.absent()):
            trouble[group.name] = f"left out: {', '.join(absent)} not there"
            continue
        start = time.monotonic()
        print(f"gate: {group.name} …", end="", file=sys.stderr, flush=True)
        try:
            found = group.measure()
        except Exception as error:
            traceback.print_exc()
            trouble[group.name] = f"failed: {type(error).__name__}: {error}"
            continue
        print(f" {time.monotonic() - start:.0f} s", file=sys.stderr)
        figures |= found
        labels |= dict.fromkeys(found, group.label)
    return figures, labels, trouble


@dataclass(frozen=True)
class Row:
    """One line of the table. `fails` is whether the gate does because of it."""

    name: str
    value: float | None
    floor: Floor
    corpus: str
    said: str
    fails: bool


def rows(held: dict[str, Floor], figures: Figures, labels: dict[str, str], trouble: dict[str, str]) -> list[Row]:
    """A line for every figure of floors.toml; what is measured besides (counts, intervals) is in the report."""
    found = []
    for name, floor in held.items():
        value, problem = figures.get(name), trouble.get(floor.group, "")
        if value is not None:
            fine = floor.holds(value)
            said = "ok" if fine else "BELOW" if floor.higher else "ABOVE"
            found.append(
                Row(name, value, floor, labels[name], said if floor.floor is not None else "no floor", not fine)
            )
        elif problem.startswith("left out"):
            found.append(Row(name, None, floor, "", problem, False))
        else:
            found.append(Row(name, None, floor, "", problem or "missing", floor.floor is not None))
    return found


def show(lines: Sequence[Row]) -> None:
    """The table, on stdout."""
    table = Table(title="make gate", title_justify="left")
    for heading in ("figure", "value", "floor", "aim", "corpus", ""):
        table.add_column(heading, justify="right" if heading in ("value", "floor", "aim") else "left")
    for row in lines:
        style = "red" if row.fails else "dim" if row.value is None or row.floor.floor is None else ""
        value = "–" if row.value is None else f"{row.value:g}"
        table.add_row(row.name, value, row.floor.told(), row.floor.aimed(), row.corpus, row.said, style=style)
    Console(width=None if sys.stdout.isatty() else 140).print(table)


def change(held: dict[str, Floor], figures: Figures, options: argparse.Namespace) -> dict[str, Floor]:
    """The floors after --raise and --lower. Raises SystemExit where a reason or a figure is missing."""
    changed = dict(held)
    for name in options.lower:
        if name not in figures or name not in held:
            raise SystemExit(f"gate: {name} was not measured, or has no entry in floors.toml")
        changed[name] = held[name].lowered(figures[name], f"{datetime.now(UTC):%Y-%m-%d}: {options.because}")
    if options.lift:
        for name, floor in changed.items():
            if name in figures and math.isfinite(figures[name]):
                changed[name] = floor.raised(figures[name])
    return changed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--raise", dest="lift", action="store_true", help="lift floors to what was reached")
    parser.add_argument("--lower", action="append", default=[], metavar="NAME", help="lower this floor, with --because")
    parser.add_argument("--because", metavar="REASON")
    parser.add_argument("--only", nargs="+", choices=[one.name for one in GROUPS], help="some groups; writes no report")
    options = parser.parse_args()
    if bool(options.lower) != bool(options.because and options.because.strip()):
        parser.error("a floor is lowered with a reason: --lower NAME --because '…'")
    groups = [one for one in GROUPS if not options.only or one.name in options.only]
    figures, labels, trouble = measured(groups)
    held = floors.read()
    if options.only:
        held = {name: floor for name, floor in held.items() if floor.group in options.only}
    if options.lift or options.lower:
        new = change(held, figures, options)
        floors.write(floors.read() | new)
        held = new
    lines = rows(held, figures, labels, trouble)
    show(lines)
    for group, said in trouble.items():
        print(f"{group}: {said}")
    if not options.only:
        REPORT.parent.mkdir(exist_ok=True)
        REPORT.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    failing = [row.name for row in lines if row.fails]
    if failing or any(said.startswith("failed") for said in trouble.values()):
        print(f"gate: FAILED: {', '.join(failing) or 'a group could not be measured'}")
        return 1
    print("gate: passed" + (" (some groups only)" if options.only else f"; {REPORT.relative_to(ROOT)}"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
