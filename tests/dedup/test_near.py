from __future__ import annotations

import doctest
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

import crawler.dedup
from crawler.dedup import NearDuplicates, compiling
from tests.dedup import generate
from tests.dedup.generate import fiction

ROOT = Path(__file__).parents[2]


def test_documented_example() -> None:
    assert doctest.testmod(crawler.dedup).failed == 0


def test_example_in_the_docs(capsys: pytest.CaptureFixture[str]) -> None:
    page = (ROOT / "docs" / "sketches.md").read_text("utf-8")
    exec(page.partition("```python\n")[2].partition("```")[0], {})
    assert capsys.readouterr().out.startswith("gazette copy 0.8")


def test_copies_are_found_and_near_misses_are_not() -> None:
    texts = [fiction(seed, 300 + seed) for seed in range(40)]
    held = NearDuplicates()
    for number, text in enumerate(texts):
        held.add(number, text)
    for pair in generate.copies(texts):
        if pair.stratum != "replaced30":  # found in all but a few of a hundred: tests/benchmarks/reposts_quality.py
            assert texts.index(pair.source) in [match.key for match in held.matches(pair.page)], pair.stratum
    for pair in generate.near_misses(texts):
        if pair.stratum in ("quotation", "same_topic"):
            keys = [match.key for match in held.matches(pair.page)]
            assert texts.index(pair.source) not in keys, pair.stratum


def test_best_first_replaced_and_removed() -> None:
    whole = fiction(50, 400)
    held = NearDuplicates()
    held.add("half", whole[: len(whole) // 2])
    held.add("whole", whole)
    assert [match.key for match in held.matches(whole)] == ["whole", "half"]
    held.add("whole", fiction(51, 400))
    assert [match.key for match in held.matches(whole)] == ["half"]
    assert held.remove("half")
    assert not held.remove("half")
    assert "half" not in held
    assert len(held) == 1
    assert held.matches(whole) == []


def test_threshold_and_kinds() -> None:
    whole, page = fiction(52, 400), fiction(53, 400)
    page = page + "\n\n" + whole[:800] + "\n\n" + page
    everything, strict = NearDuplicates(), NearDuplicates(threshold=0.6)
    for held in (everything, strict):
        held.add("whole", whole)
    assert everything.matches(page)
    assert not strict.matches(page)
    monday, tuesday = generate.template(1, 1), generate.template(1, 2)
    reports = NearDuplicates(kinds=("template",))
    reports.add("monday", monday)
    assert [match.kind for match in reports.matches(tuesday)] == ["template"]


def _python(code: str, **environment: str) -> str:
    kept = {name: value for name, value in os.environ.items() if name not in ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME")}
    result = subprocess.run(
        [sys.executable, "-c", code], env={**kept, **environment}, capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_importing_is_cheap_and_needs_no_numba() -> None:
    code = "import sys, crawler.dedup; print('numba' in sys.modules, 'datasketch' in sys.modules)"
    assert _python(code) == "False False\n"
    code = "import sys; from crawler.dedup import sketch; print(sketch('one two').length, 'numba' in sys.modules)"
    assert _python(code, FIRSTPRINT_KERNEL="numpy") == "2 False\n"


def test_cache_goes_where_it_may_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiling, "__file__", str(tmp_path / "nowhere" / "file.py"))
    (tmp_path / "nowhere").write_text("a file where a folder would have to be")
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    compiling._name_cache()
    assert os.environ["NUMBA_CACHE_DIR"] == str(tmp_path / "cache" / "firstprint" / "numba")
    assert stat.S_IMODE((tmp_path / "cache" / "firstprint" / "numba").stat().st_mode) == 0o700
    monkeypatch.delenv("NUMBA_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "nowhere"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    compiling._name_cache()
    assert os.environ["NUMBA_CACHE_DIR"].startswith(str(tmp_path / "firstprint-"))
    monkeypatch.delenv("NUMBA_CACHE_DIR")


def test_numba_that_cannot_be_imported_is_done_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "crawler.dedup.kernel", None)
    monkeypatch.delattr(crawler.dedup, "kernel", raising=False)
    assert compiling.kernel.__wrapped__() is None
