"""reposts, trace, report, sites: what is read from a store that a real `load` has filled."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from ravelin import Archive, Done

from crawler.items import Verdict

Type = Callable[..., Done]
FIELDS = list(Verdict(url="", site="", story="", status="unknown").to_dict())
COPY, PART = "http://mirror.example/flame-copy/", "http://second.example/flame-part/"


def verdicts(done: Done) -> list[dict[str, object]]:
    assert done.code == 0, done.err
    return [json.loads(line) for line in done.out.splitlines()]


def test_json_lines_are_the_verdicts_newest_first(ask: Type) -> None:
    lines = verdicts(ask("reposts", "--format", "jsonl"))
    assert [line["url"] for line in lines] == [PART, COPY]
    assert all(list(line) == FIELDS for line in lines)
    assert all(line["original_url"] == "http://paper.example/flame/" for line in lines)
    assert [line["relation"] for line in lines] == ["excerpt", "verbatim"]
    assert lines[1]["lag_seconds"] == 9000


def test_all_shows_every_article(ask: Type) -> None:
    assert {line["status"] for line in verdicts(ask("reposts", "--all", "--format", "jsonl"))} == {"original", "repost"}
    assert len(ask("reposts", "--all").out.splitlines()) == 5


def test_csv_has_the_same_fields_and_evidence_as_json(ask: Type) -> None:
    rows = list(csv.DictReader(ask("reposts", "--format", "csv").out.splitlines()))
    assert list(rows[0]) == FIELDS
    assert json.loads(rows[0]["evidence"])[0]["reason"]
    assert rows[0]["via_url"] == ""


@pytest.mark.parametrize(
    ("options", "urls"),
    [
        (("--site", "mirror.example"), [COPY]),
        (("--site", "http://mirror.example/"), [COPY]),
        (("--since", "2026-11-04"), [PART]),
        (("--since", "1d", "-s", "CLOCK="), []),
        (("--min-confidence", "1"), []),
    ],
)
def test_what_is_asked_for(ask: Type, options: tuple[str, ...], urls: list[str]) -> None:
    done = ask("reposts", "--format", "jsonl", *options)
    assert [line["url"] for line in verdicts(done)] == urls
    assert urls or "no repost matches" in done.err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("reposts", "--site", "miror.example"), "no site 'miror.example' is known here"),
        (("reposts", "--since", "soon"), "--since soon is not understood"),
        (("reposts", "--min-confidence", "2"), "it is a number from 0 to 1"),
        (("report", "--limit", "none"), "it is a whole number above 0"),
        (("reposts", "-s", "STORE_URL=mysql://x"), "STORE_URL is 'mysql://x'"),
        (("reposts", "-s", "STORE_URL=sqlite:///none.db"), "There is no store at none.db yet"),
        (("trace", COPY, "-s", "STORE_URL=sqlite:///none.db"), "There is no store at none.db yet"),
        (("sites", "-s", "CLOCK=noon"), "CLOCK is 'noon'"),
        (("relink", "--engine", "ray"), "--engine ray is not available"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(ask: Type, words: tuple[str, ...], sentence: str) -> None:
    done = ask(*words)
    assert done.code == 1
    assert done.out == ""
    assert len(done.said) == 1
    assert sentence in done.err
    assert not Path("none.db").exists()


def test_unknown_options_are_not_passed_over(ask: Type) -> None:
    done = ask("reposts", "--sites", "x", "--formt=csv")
    assert done.code == 2
    assert "--formt" in done.err
    assert ask("reposts", "mirror.example").code == 2


def test_trace_in_three_forms(ask: Type) -> None:
    told = ask("trace", COPY)
    assert told.code == 0
    assert "100 % of this page's words" in told.out
    assert PART in told.out
    assert json.loads(ask("trace", COPY, "--format", "json").out)["sources"][0]["passages"]
    page = ask("trace", "mirror.example/flame-copy", "--format", "html").out
    assert page.startswith("<!doctype html>")
    assert "default-src &#39;none&#39;" in page


def test_trace_of_an_unknown_page_names_near_ones(ask: Type) -> None:
    done = ask("trace", "http://mirror.example/flame-copi/")
    assert (done.code, done.out) == (1, "")
    assert COPY in done.err
    assert len(done.said) == 1
    assert ask("trace").code == 2


def test_report_says_where_it_is(ask: Type, tmp_path: Path) -> None:
    done = ask("report", "-o", str(tmp_path / "out"))
    assert done.code == 0
    assert Path(done.out.strip()) == tmp_path / "out" / "index.html"
    assert "1 story, 2 copies" in done.err
    (tmp_path / "index.html").write_text("mine")
    done = ask("report", "-o", str(tmp_path))
    assert (done.code, len(done.said)) == (1, 1)


@pytest.mark.parametrize("form", ["table", "jsonl"])
def test_a_full_disk_is_one_sentence(archive: Archive, form: str) -> None:
    line = f"{sys.executable} -m crawler reposts --all --format {form} > /dev/full"
    done = subprocess.run(line, shell=True, cwd=archive.folder, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.splitlines() == ["reposts: nothing more can be written: No space left on device"]


def test_nothing_matches_is_said_as_it_is(ask: Type) -> None:
    assert ask("reposts", "--all", "--since", "2027-01-01").said == ["reposts: no article matches"]


def test_a_reader_that_stops_early_is_no_error(archive: Archive) -> None:
    line = f"{sys.executable} -m crawler reposts --all --format jsonl | head -n 1"
    done = subprocess.run(line, shell=True, cwd=archive.folder, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)
    assert done.stderr == ""
