"""Floors rise by themselves and fall only with a reason; what is missing is told, never passed over."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.benchmarks import floors, gate
from tests.benchmarks.charsets_quality import cases
from tests.benchmarks.floors import Floor
from tests.benchmarks.gate import Group
from tests.benchmarks.noise_pages import pages
from tests.benchmarks.worlds import make
from tests.dedup.generate import fiction


def test_a_floor_rises_and_never_falls_by_itself() -> None:
    floor = Floor("noise", 0.9)
    assert floor.raised(0.95678).floor == 0.956
    assert floor.raised(0.5).floor == 0.9
    ceiling = Floor("noise", 0.2, higher=False)
    assert ceiling.raised(0.1001).floor == 0.101
    assert ceiling.raised(0.5).floor == 0.2
    assert Floor("noise").raised(25.0).floor == 25.0


def test_a_floor_is_lowered_with_its_reason_only() -> None:
    lowered = Floor("noise", 0.9).lowered(0.8123, "2026-10-01: the corpus has changed")
    assert lowered.floor == 0.812
    assert lowered.lowered_because == ("2026-10-01: the corpus has changed (0.9 to 0.812)",)
    with pytest.raises(SystemExit):
        Floor("noise", 0.9).lowered(0.95, "no need")


def test_the_file_of_floors_is_read_as_it_was_written(tmp_path: Path) -> None:
    held = {
        "kept": Floor("noise", 0.995, 1.0),
        "left": Floor("noise", 0.125, None, higher=False, lowered_because=('a "word"',)),
        "new": Floor("direction"),
    }
    floors.write(held, tmp_path / "floors.toml")
    assert floors.read(tmp_path / "floors.toml") == held


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def go(held: dict[str, Floor], groups: list[Group], *arguments: str) -> tuple[int, dict[str, Floor], dict]:
        path = tmp_path / "floors.toml"
        floors.write(held, path)
        monkeypatch.setattr(gate, "GROUPS", groups)
        monkeypatch.setattr(gate, "ROOT", tmp_path)
        monkeypatch.setattr(gate, "REPORT", tmp_path / "build" / "gate.json")
        monkeypatch.setattr(gate.floors.read, "__defaults__", (path,))
        monkeypatch.setattr(gate.floors.write, "__defaults__", (path,))
        monkeypatch.setattr(sys, "argv", ["gate", *arguments])
        code = gate.main()
        report = gate.REPORT
        return code, floors.read(path), json.loads(report.read_text()) if report.exists() else {}

    return go


def test_below_a_floor_and_without_a_figure_the_gate_fails(run, capsys: pytest.CaptureFixture[str]) -> None:
    good = Group("noise", lambda: {"kept": 0.97, "besides": 3.0})
    code, _, report = run({"kept": Floor("noise", 0.96)}, [good])
    assert (code, report) == (0, {"kept": 0.97, "besides": 3.0})
    assert run({"kept": Floor("noise", 0.98)}, [good])[0] == 1
    assert run({"gone": Floor("noise", 0.5)}, [good])[0] == 1
    assert run({"some_day": Floor("noise", aim=0.5)}, [good])[0] == 0
    assert "missing" in capsys.readouterr().out

    def broken() -> dict[str, float]:
        raise ValueError("no figures")

    assert run({}, [Group("noise", broken)])[0] == 1


def test_an_absent_corpus_is_named_and_fails_nothing(run, capsys: pytest.CaptureFixture[str]) -> None:
    group = Group("far", lambda: {"away": 1.0}, ("no-such-corpus",))
    code, _, report = run({"away": Floor("far", 0.5)}, [group])
    assert (code, report) == (0, {})
    assert "far: left out: no-such-corpus not there" in capsys.readouterr().out


def test_floors_are_lifted_and_lowered_on_request(run) -> None:
    group = Group("noise", lambda: {"kept": 0.97, "left": 0.3})
    held = {"kept": Floor("noise", 0.96), "left": Floor("noise", 0.2, higher=False)}
    code, after, _ = run(held, [group], "--raise", "--lower", "left", "--because", "a harder list")
    assert code == 0
    assert after["kept"].floor == 0.97
    assert after["left"].floor == 0.3
    assert "a harder list" in after["left"].lowered_because[0]
    with pytest.raises(SystemExit):
        run(held, [group], "--lower", "left")


def test_every_floor_has_a_group_that_measures_it() -> None:
    assert {floor.group for floor in floors.read().values()} == {group.name for group in gate.GROUPS}


def test_noise_pages_hold_what_they_say_in_twelve_languages() -> None:
    held = list(pages())
    assert len(held) >= 60
    assert len({page.language for page in held}) == 12
    assert all(len(page.inserts) >= 8 and len(page.sentences) >= 8 for page in held)
    assert len(list(cases())) == 25


def test_worlds_are_made_as_they_are_described() -> None:
    world = make([fiction(seed, 200) for seed in range(120)], 4)
    copies = [page for page in world.prints if page.roots and page.stratum != "roundup"]
    urls = {page.article.url: page for page in world.prints}
    assert len(urls) == len(world.prints)
    assert all(urls[root].came < page.came for page in copies for root in page.roots)

    def share(mark: str, of: list) -> float:
        return sum(mark in page.marks for page in of) / len(of)

    assert share("uncredited", copies) >= 0.6
    assert 0.27 < share("day_only", world.prints) < 0.4
    assert 0.05 < share("undated", world.prints) < 0.15
    lying = [page for page in copies if page.marks & {"back_dated", "back_dated_traced"}]
    assert 0.05 < len(lying) / len(copies) < 0.16
    assert make([fiction(seed, 200) for seed in range(120)], 4) == world
