"""load, judge, relink, deliver, forget, sites: what changes a store."""

from __future__ import annotations

import gzip
import io
import json
import random
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from ravelin import RECORDS, Done, record, text

from crawler.discovery.base import Link
from crawler.storage import open_store
from crawler.storage.base import SiteState

Type = Callable[..., Done]
COPY = "http://mirror.example/flame-copy/"
NOW = datetime(2026, 11, 6, tzinfo=UTC)


def lines_of(records: list[dict[str, object]]) -> str:
    return "".join(json.dumps(one) + "\n" for one in records)


def verdicts(type_: Type, *options: str) -> list[str]:
    return sorted(type_("reposts", "--all", "--format", "jsonl", *options).out.splitlines())


def without_revision(lines: list[str]) -> list[dict[str, object]]:
    return [{name: value for name, value in json.loads(line).items() if name != "revision"} for line in lines]


def test_a_second_run_stores_nothing_and_an_edit_is_stored(type_: Type) -> None:
    Path("in.jsonl").write_text(lines_of(RECORDS))
    assert "4 articles stored" in type_("load", "in.jsonl").err
    before = verdicts(type_)
    assert "0 articles stored, 4 held already" in type_("load", "in.jsonl").err
    assert verdicts(type_) == before
    edited = {**RECORDS[1], "text": text(extra="Nobody was arrested."), "fetched_at": "2026-11-09T00:00:00Z"}
    Path("in.jsonl").write_text(lines_of([edited]))
    assert "1 article stored" in type_("load", "in.jsonl").err
    assert "version 2" in type_("trace", COPY).out


def test_order_changes_no_verdict(type_: Type) -> None:
    found = []
    for seed in range(3):
        shuffled = random.Random(seed).sample(RECORDS, len(RECORDS))
        Path("in.jsonl").write_text(lines_of(shuffled))
        store = f"STORE_URL=sqlite:///{seed}.db"
        assert type_("load", "in.jsonl", "-s", store).code == 0
        found.append(without_revision(verdicts(type_, "-s", store)))
    assert found[0] == found[1] == found[2]


def test_bad_lines_are_named_and_stop_nothing(type_: Type, monkeypatch: pytest.MonkeyPatch) -> None:
    with gzip.open("in.jsonl.gz", "wt") as file:
        file.write("nonsense\n" + lines_of(RECORDS[:1]) + '{"url": "http://a.example/"}\n')
    done = type_("load", "in.jsonl.gz")
    assert done.code == 0
    assert done.said[0].startswith("in.jsonl.gz:1: not JSON")
    assert done.said[1] == "in.jsonl.gz:3: text is missing"
    assert "1 article stored" in done.said[2]
    assert "2 lines not understood" in done.said[2]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(b"nonsense\n"))))
    done = type_("load", "-")
    assert done.code == 3
    assert done.said[0].startswith("standard input:1:")


def test_a_file_of_which_nothing_could_be_stored_is_named(type_: Type) -> None:
    Path("in.jsonl").write_text(lines_of(RECORDS))
    Path("bad.jsonl").write_text('nonsense\n{"url": 1}\n')
    done = type_("load", "bad.jsonl", "in.jsonl")
    assert done.code == 0
    assert "4 articles stored" in done.err
    assert done.said[-1] == "load: nothing of bad.jsonl could be stored"
    alone = type_("load", "bad.jsonl")
    assert alone.code == 3
    assert "could be stored" not in alone.err


def test_a_lag_from_a_mere_day_is_told_in_days(type_: Type) -> None:
    exact = record("mirror.example", "flame", text(), "2026-11-05T15:00:00Z", authors=["admin"])
    Path("in.jsonl").write_text(lines_of([record("paper.example", "flame", text(), "2026-11-03"), exact]))
    assert type_("load", "in.jsonl").code == 0
    assert "+2 days" in type_("reposts").out
    (line,) = type_("reposts", "--format", "jsonl").out.splitlines()
    assert json.loads(line)["lag_seconds"] == 63 * 3600
    assert ",226800," in type_("reposts", "--format", "csv").out


def test_nothing_is_loaded_where_a_file_is_missing(type_: Type) -> None:
    Path("in.jsonl").write_text(lines_of(RECORDS))
    done = type_("load", "in.jsonl", "none.jsonl")
    assert (done.code, len(done.said)) == (1, 1)
    assert "none.jsonl cannot be read" in done.err
    assert not Path("firstprint.db").exists()
    assert type_("load").code == 2


def test_declared_sites_give_names_and_roles(type_: Type) -> None:
    Path("sites.toml").write_text('[[site]]\nname = "The Mirror"\nurl = "http://mirror.example/"\nrole = "mirror"\n')
    Path("in.jsonl").write_text(lines_of(RECORDS))
    assert type_("load", "in.jsonl").code == 0
    (line,) = type_("reposts", "--format", "jsonl", "--site", "mirror.example").out.splitlines()
    assert json.loads(line)["site"] == "The Mirror"
    Path("sites.toml").write_text("[[site]]\nnme = 1\n")
    done = type_("load", "in.jsonl")
    assert (done.code, len(done.said)) == (1, 1)
    assert "sites.toml:2:" in done.err


def test_an_editors_word_stands_and_can_be_taken_back(type_: Type) -> None:
    Path("in.jsonl").write_text(lines_of(RECORDS))
    type_("load", "in.jsonl")
    before = without_revision(verdicts(type_))
    done = type_("judge", "mirror.example/flame-copy", "--not-a-repost", "--reason", "they share an \x1b[31mauthor")
    assert json.loads(done.out)["status"] == "original"
    assert "\x1b" not in done.out
    assert type_("relink").code == 0
    (line,) = type_("reposts", "--all", "--site", "mirror.example", "--format", "jsonl").out.splitlines()
    assert json.loads(line)["status"] == "original"
    assert any("they share an" in one["reason"] for one in json.loads(line)["evidence"])
    assert type_("judge", COPY, "--clear").code == 0
    assert without_revision(verdicts(type_)) == before
    for words in ((COPY, "--original", COPY), ("mirror.example/other", "--clear"), (COPY, "--original", "x:y")):
        done = type_("judge", *words)
        assert (done.code, done.out) == (1, "")
    assert type_("judge", COPY).code == 2


def test_words_that_contradict_each_other_are_refused(type_: Type) -> None:
    Path("in.jsonl").write_text(lines_of(RECORDS))
    type_("load", "in.jsonl")
    part, source = "http://second.example/flame-part/", "http://paper.example/flame/"
    assert type_("judge", COPY, "--original", part).code == 0
    assert type_("judge", part, "--original", source).code == 0
    before = verdicts(type_)
    circle = type_("judge", source, "--original", COPY)
    assert (circle.code, circle.out) == (1, "")
    assert f"that {part} was taken from {source}; take it back first: judge {part} --clear" in circle.err
    assert verdicts(type_) == before
    assert type_("judge", part, "--clear").code == 0
    assert type_("judge", source, "--original", COPY).code == 0


def test_a_reason_is_one_line_and_bounded_and_a_word_that_is_not_there_is_said(type_: Type) -> None:
    Path("in.jsonl").write_text(lines_of(RECORDS))
    type_("load", "in.jsonl")

    def reason(given: str) -> str:
        done = type_("judge", COPY, "--not-a-repost", "--reason", given)
        return str(json.loads(done.out)["evidence"][0]["reason"])

    assert reason("   ").endswith("is no repost.")
    assert reason(" both print\n one speech ").endswith("is no repost: both print one speech")
    assert len(reason("said " * 2000)) < 1100
    assert reason("said " * 2000).endswith("…")
    assert "no word" not in type_("judge", COPY, "--clear").err
    assert f"judge: there is no word on {COPY}: nothing is taken back" in type_("judge", COPY, "--clear").said


def test_relink_decides_as_the_load_did(type_: Type) -> None:
    Path("in.jsonl").write_text(lines_of(RECORDS))
    type_("load", "in.jsonl")
    before = verdicts(type_)
    assert "decided 4 articles again" in type_("relink").err
    assert verdicts(type_) == before


def test_findings_are_delivered_once(type_: Type) -> None:
    Path("in.jsonl").write_text(lines_of(RECORDS[:2]))
    type_("load", "in.jsonl")
    done = type_("deliver")
    assert (done.code, len(done.said)) == (1, 1)
    assert "SINKS names no sink" in done.err
    sinks = ("-s", "SINKS=jsonl:found.jsonl")
    assert type_("deliver", *sinks).code == 0
    kinds = [json.loads(line)["kind"] for line in Path("found.jsonl").read_text().splitlines()]
    assert kinds.count("article.new") == 2
    assert "took 0 events" in type_("deliver", *sinks).err
    Path("in.jsonl").write_text(lines_of([record("late.example", "x", text(), "2026-11-08")]))
    type_("load", "in.jsonl", *sinks)
    assert len(Path("found.jsonl").read_text().splitlines()) > len(kinds)
    assert type_("deliver", "-s", "SINKS=pigeon:x").code == 1


def test_a_sink_that_cannot_be_written_is_said_once(type_: Type) -> None:
    Path("in.jsonl").write_text(lines_of(RECORDS[:2]))
    Path("taken").write_text("no folder")
    sinks = ("-s", "SINKS=jsonl:taken/found.jsonl")
    done = type_("load", "in.jsonl", *sinks)
    assert done.code == 3
    assert done.err.count("taken") == 1
    assert "2 articles stored" in done.err
    done = type_("deliver", *sinks)
    assert done.code == 3
    assert "took" not in done.err


def test_a_site_that_is_declared_late_is_asked_for_by_its_host(type_: Type) -> None:
    named = {**RECORDS[2], "site": "The Mirror"}
    Path("in.jsonl").write_text(lines_of([*RECORDS[:2], named]))
    type_("load", "in.jsonl")
    Path("sites.toml").write_text('[[site]]\nname = "The Mirror"\nurl = "http://mirror.example/"\n')
    for typed, url in (("mirror.example", COPY), ("The Mirror", named["url"])):
        (line,) = type_("reposts", "--format", "jsonl", "--site", typed).out.splitlines()
        assert json.loads(line)["url"] == url


@pytest.fixture
def visited(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/firstprint.db")
    with store.transaction():
        store.sites.save(
            SiteState(
                "mirror.example", "http://mirror.example/", last_visit=NOW, next_due=NOW, new=3, requests=9,
                last_error="robots.txt: \x1b[31m503",
            )
        )  # fmt: skip
        store.pages.add("mirror.example", [Link(f"http://mirror.example/{n}") for n in range(3)], now=NOW)
    store.close()


@pytest.mark.usefixtures("visited")
def test_sites_shows_the_last_visit(type_: Type) -> None:
    done = type_("sites", "--format", "jsonl")
    (state,) = [json.loads(line) for line in done.out.splitlines()]
    assert (state["new"], state["requests"], state["queued"], state["dead"]) == (3, 9, 3, 0)
    table = type_("sites").out
    assert "mirror.example" in table
    assert "503" in table
    assert "\x1b" not in table
    assert type_("sites", "--site", "other.example").code == 1


@pytest.mark.usefixtures("visited")
def test_forgetting_says_what(type_: Type) -> None:
    assert type_("forget").code == 2
    done = type_("forget", "--site", "mirror.example", "--since", "2026-11-07")
    assert done.code == 0
    assert "forgot 0 addresses" in done.err
    done = type_("forget", "--site", "http://mirror.example/")
    assert "forgot 3 addresses of mirror.example" in done.err
    done = type_("sites")
    assert "no site has been visited yet" in done.err
    assert type_("forget", "--site", "mirror.example").code == 1
