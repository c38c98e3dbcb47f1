"""What a crawl exported gives the same verdicts when it is loaded, whatever the order of its lines."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ravelin import command

from fixtures.web import FixtureWeb


def printed(folder: Path, store: str) -> list[dict[str, Any]]:
    done = command("reposts", "--all", "--format", "jsonl", "-s", f"STORE_URL=sqlite:///{store}", cwd=folder)
    assert done.code == 0, done.err
    return in_order(json.loads(line) for line in done.out.splitlines())


def in_order(lines: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(lines, key=lambda line: (line["url"], line["story"]))


def verdicts(folder: Path, store: str) -> list[dict[str, Any]]:
    return [{**line, "revision": 0} for line in printed(folder, store)]


def test_same_fields_in_same_verdicts_out(tmp_path: Path) -> None:
    with FixtureWeb() as web:
        settings = [word for name, value in web.settings.items() for word in ("-s", f"{name}={value}")]
        urls = "http://kestrel-times.example/,http://dailyrelay.example/"
        done = command("crawl", "mirror", "-a", f"url={urls}", "-O", "out.jsonl", *settings, cwd=tmp_path)
        assert done.code == 0, done.err
        assert done.out == ""
        states = command("sites", "--format", "jsonl", *settings, cwd=tmp_path).out.splitlines()
    assert {json.loads(state)["new"] > 0 for state in states} == {True}
    items = (tmp_path / "out.jsonl").read_text().splitlines()
    assert len(items) == len({json.loads(item)["url"] for item in items}) > 20
    assert any(line["status"] == "repost" for item in items for line in json.loads(item)["origin"])
    told = in_order(line for item in items for line in json.loads(item)["origin"])
    assert told == printed(tmp_path, "firstprint.db"), "a feed has the verdicts of the end of its crawl"
    crawled = verdicts(tmp_path, "firstprint.db")
    random.Random(7).shuffle(items)
    (tmp_path / "shuffled.jsonl").write_text("\n".join(items))
    done = command("load", "shuffled.jsonl", "-s", "STORE_URL=sqlite:///loaded.db", cwd=tmp_path)
    assert done.code == 0, done.err
    assert verdicts(tmp_path, "loaded.db") == crawled
