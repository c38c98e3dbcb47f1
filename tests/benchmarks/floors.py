"""floors.toml: below which figure (or above which ceiling) the gate fails, and why a floor was ever lowered."""

from __future__ import annotations

import json
import math
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path

FILE = Path(__file__).with_name("floors.toml")
_STEP = 1000
"""Floors are rounded to a thousandth, towards the lax side, so that noise in the last digit fails nothing."""
_HEAD = """\
# Floors of quality. They only rise: `python -m tests.benchmarks.gate --raise` lifts them to what was reached, and
# `--lower NAME --because "…"` lowers one, with the reason kept here. `aim` is what the project wants to reach,
# `lower_is_better` turns a floor into a ceiling, `slack` is how far below what was reached a floor is set. A figure
# without a floor is told and fails nothing.
"""


@dataclass(frozen=True, slots=True)
class Floor:
    """What one figure must reach. `group` names the group of the gate that measures it."""

    group: str = ""
    floor: float | None = None
    aim: float | None = None
    higher: bool = True
    slack: float = 0.0
    """How far below what was reached a floor is set: what a page or two of a small stratum come to."""
    lowered_because: tuple[str, ...] = ()

    def holds(self, value: float) -> bool:
        if self.floor is None:
            return True
        return value >= self.floor if self.higher else value <= self.floor

    def raised(self, value: float) -> Floor:
        """At what was reached, rounded down a little; never laxer than before."""
        if self.higher:
            reached = math.floor((value - self.slack) * _STEP + 1e-6) / _STEP
        else:
            reached = math.ceil((value + self.slack) * _STEP - 1e-6) / _STEP
        if self.floor is not None:
            reached = max(reached, self.floor) if self.higher else min(reached, self.floor)
        return replace(self, floor=reached)

    def lowered(self, value: float, reason: str) -> Floor:
        """At a worse figure, with the reason. Raises SystemExit where the figure is no worse."""
        if self.holds(value):
            raise SystemExit("gate: what was reached is not below its floor; nothing to lower")
        new = replace(self, floor=None).raised(value)
        return replace(new, lowered_because=(*self.lowered_because, f"{reason} ({self.floor:g} to {new.floor:g})"))

    def told(self) -> str:
        return "" if self.floor is None else f"{'≥' if self.higher else '≤'} {self.floor:g}"

    def aimed(self) -> str:
        return "" if self.aim is None else f"{self.aim:g}"


def read(path: Path = FILE) -> dict[str, Floor]:
    """All entries, in the order of the file."""
    return {
        name: Floor(
            group=str(entry["group"]),
            floor=entry.get("floor"),
            aim=entry.get("aim"),
            higher=not entry.get("lower_is_better", False),
            slack=entry.get("slack", 0.0),
            lowered_because=tuple(entry.get("lowered_because", ())),
        )
        for name, entry in tomllib.loads(path.read_text("utf-8")).items()
    }


def write(held: dict[str, Floor], path: Path = FILE) -> None:
    """All entries, in their order."""
    path.write_text(_HEAD + "".join(_entry(name, floor) for name, floor in held.items()), encoding="utf-8")


def _entry(name: str, floor: Floor) -> str:
    lines = [f"\n[{name}]", f"group = {json.dumps(floor.group)}"]
    if floor.floor is not None:
        lines.append(f"floor = {floor.floor:g}")
    if floor.aim is not None:
        lines.append(f"aim = {floor.aim:g}")
    if floor.slack:
        lines.append(f"slack = {floor.slack:g}")
    if not floor.higher:
        lines.append("lower_is_better = true")
    if floor.lowered_because:
        lines.append(f"lowered_because = {json.dumps(list(floor.lowered_because), ensure_ascii=False)}")
    return "\n".join(lines) + "\n"
