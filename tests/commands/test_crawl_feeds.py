"""Feeds: which files are a run's own, and how their verdicts are brought up to date."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from ravelin import Archive

from crawler.commands.feeds import bring_up_to_date, replaced_files
from crawler.storage import open_store

COPY = "http://mirror.example/flame-copy/"


def item(url: str, revision: int, **fields: Any) -> dict[str, Any]:
    return {
        "url": url,
        "title": "Fläche",
        "origin": [{"url": url, "status": "original", "revision": revision}],
        **fields,
    }


@pytest.mark.parametrize(("before", "between", "after"), [("", "\n", "\n"), ("[\n", ",\n", "\n]\n")])
@pytest.mark.parametrize("plain", [True, False])
def test_only_what_was_revised_is_replaced(
    archive: Archive, tmp_path: Path, before: str, between: str, after: str, plain: bool
) -> None:
    items = [item(COPY, 0, text="a"), item("http://elsewhere.example/x", 1), {"of": "somebody else"}]
    lines = [json.dumps(one, ensure_ascii=plain) for one in items]
    path = tmp_path / "out"
    path.write_text(before + between.join(lines) + after)
    store = open_store(f"sqlite:///{archive.folder}/firstprint.db", read_only=True)
    bring_up_to_date(path, store)
    written = path.read_text()
    (now,) = store.verdicts.many(store.articles.ids([COPY]).values()).values()
    store.close()
    first = json.dumps({**items[0], "origin": [one.to_dict() for one in now]}, ensure_ascii=plain)
    assert now[0].status == "repost"
    assert written == before + between.join([first, *lines[1:]]) + after
    assert [one.name for one in tmp_path.iterdir()] == ["out"]


def test_what_is_no_ordinary_file_is_left_alone(archive: Archive, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    store = open_store(f"sqlite:///{archive.folder}/firstprint.db", read_only=True)
    for path in (pipe, tmp_path / "never written"):
        bring_up_to_date(path, store)
    store.close()
    assert [one.name for one in tmp_path.iterdir()] == ["pipe"]
    assert pipe.is_fifo()


def test_which_feeds_are_brought_up_to_date() -> None:
    feeds = {
        "out.jsonl": {"format": "jsonl", "overwrite": True},
        "file:///tmp/out.json": {"format": "json", "overwrite": True},
        "more.jsonl": {"format": "jsonl", "overwrite": False},
        "out.csv": {"format": "csv", "overwrite": True},
        "-": {"format": "jsonl", "overwrite": True},
        "s3://bucket/out.jsonl": {"format": "jsonl", "overwrite": True},
        "out-%(time)s.jsonl": {"format": "jsonl", "overwrite": True},
    }
    assert replaced_files(feeds) == [Path("out.jsonl"), Path("/tmp/out.json")]
