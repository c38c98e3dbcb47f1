"""`scrapy fit`, typed over a real store."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ravelin import Done, record

from tests.dedup.generate import fiction

Type = Callable[..., Done]
STORIES = 20


def pages() -> list[dict[str, Any]]:
    """A press in which the copies are signed by nobody, and every third states a time before its original's."""
    made = []
    for number in range(STORIES):
        body, day = fiction(7000 + number, 120), number + 1
        made.append(record(f"paper{number % 4}.example", f"s{number}", body, f"2026-10-{day:02}T08:00:00Z",
                           title=f"Headline of {number}", authors=["Ida Quill"]))  # fmt: skip
        for at, hour in (("mirror", 12), ("quilt", 5 if number % 3 == 0 else 15)):
            made.append(record(f"{at}{number % 3}.example", f"c{number}", body, f"2026-10-{day:02}T{hour:02}:00:00Z",
                               title=f"Headline of {number}", authors=["admin"]))  # fmt: skip
    return made


def labels() -> list[dict[str, Any]]:
    return [
        {"url": one["url"], "original_url": f"http://paper{n % 4}.example/s{n}/" if "/c" in one["url"] else None}
        for one in pages()
        for n in [int("".join(filter(str.isdigit, one["url"].split("/")[3])))]
    ]


@pytest.fixture
def press(type_: Type) -> Type:
    write("pages.jsonl", pages())
    write("labelled.jsonl", labels())
    assert type_("load", "pages.jsonl").code == 0
    return type_


def write(name: str, records: list[dict[str, Any]]) -> None:
    Path(name).write_text("".join(json.dumps(one) + "\n" for one in records))


def test_the_fit_is_written_with_its_weights_and_used(press: Type) -> None:
    done = press("fit", "labelled.jsonl", "-o", "weights.json", "--format", "jsonl")
    assert done.code == 0, done.err
    assert "40 pairs in 20 stories" in done.err
    told = {one["signal"]: one for one in map(json.loads, done.out.splitlines())}
    assert told["generic_author"]["pairs"] == told["generic_author"]["for_truth"] == 40
    assert told["generic_author"]["after"] > told["generic_author"]["before"]
    stored = json.loads(Path("weights.json").read_text())
    assert stored["weights"] == {name: one["after"] for name, one in told.items()}
    assert stored["fit"]["pairs"] == 40
    assert stored["fit"]["labels"] == {"file": 60, "judgements": 0}
    assert (
        stored["fit"]["cross_validated"]["after"]["log_loss"] < stored["fit"]["cross_validated"]["before"]["log_loss"]
    )
    assert press("relink", "-s", "ATTRIBUTION_WEIGHTS=weights.json").code == 0
    lines = [json.loads(line) for line in press("reposts", "--format", "jsonl").out.splitlines()]
    weighed = {e["weight"] for line in lines for e in line["evidence"] if e["signal"] == "generic_author"}
    assert max(weighed) == pytest.approx(told["generic_author"]["after"])


def test_a_dry_run_writes_nothing(press: Type) -> None:
    done = press("fit", "labelled.jsonl", "--dry-run")
    assert done.code == 0
    assert "generic_author" in done.out
    assert not Path("weights.json").exists()


def test_judgements_are_labels_too(press: Type) -> None:
    for number in range(0, STORIES, 2):
        page = f"http://mirror{number % 3}.example/c{number}/"
        assert press("judge", page, "--original", f"http://paper{number % 4}.example/s{number}/").code == 0
    done = press("fit")
    assert (done.code, done.out) == (1, "")
    assert "the labels give 10 pairs of pages in 10 stories: at least 30 in 10 are needed" in done.err
    assert not Path("weights.json").exists()


def test_labels_of_wrong_verdicts_only_are_refused(press: Type) -> None:
    turned = [{"url": one["original_url"], "original_url": one["url"]} for one in labels() if one["original_url"]]
    write("turned.jsonl", turned)
    done = press("fit", "turned.jsonl")
    assert (done.code, done.out) == (1, "")
    assert "of 40 pairs the present weights get" in done.err
    assert "one-sided" in done.err


def test_lines_that_are_no_labels_are_named_and_stop_nothing(press: Type) -> None:
    bad = ["{}", "[]", "nonsense", '{"url": "http://a.example/", "original_url": "http://a.example/"}',
           '{"url": 7, "original_url": null}', '{"url": "http://a.example/", "original_url": ""}']  # fmt: skip
    with Path("labelled.jsonl").open("a") as file:
        file.write("\n".join(bad))
    done = press("fit", "labelled.jsonl", "--dry-run")
    assert done.code == 0
    assert [f"labelled.jsonl:{line}:" in done.err for line in range(60, 68)] == [False] + [True] * 6 + [False]


def test_what_names_no_weights_is_said(press: Type) -> None:
    for value, said in (("gone.json", "cannot be read"), ("pages.jsonl", "is no file that"), ("{bad", "understood")):
        done = press("relink", "-s", f"ATTRIBUTION_WEIGHTS={value}")
        assert (done.code, done.out) == (1, "")
        assert "ATTRIBUTION_WEIGHTS" in done.err
        assert said in done.err
        assert done.err.count("\n") == 1
