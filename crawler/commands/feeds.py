"""Feeds into local files: `-O` replaces its file whole, at the end of a run that got under way."""

from __future__ import annotations

import json
import os
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from scrapy.extensions.feedexport import FileFeedStorage

from crawler.commands.base import CommandError
from crawler.spiders.exits import EXIT_CODE, NOT_STARTED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from scrapy import Spider

    from crawler.storage.base import Store

_LINES = ("jsonlines", "jsonl", "jl", "json")
"""Formats with an article a line."""
_AT_ONCE = 200


class WholeFileStorage(FileFeedStorage):
    """Scrapy writes into the target itself: a reader sees half a file, and a run that cannot start empties it."""

    def __init__(self, uri: str, *, feed_options: dict[str, Any] | None = None) -> None:
        super().__init__(uri, feed_options=feed_options)
        self._part: Path | None = None
        self._spider: Spider | None = None

    def open(self, spider: Spider) -> IO[bytes]:
        """A file beside the target, where that is an ordinary file to be replaced."""
        target = Path(self.path)
        if self.write_mode != "wb" or (target.exists() and not target.is_file()):
            return super().open(spider)
        target.parent.mkdir(parents=True, exist_ok=True)
        target = target.resolve()  # a link to a file goes on being one
        self._spider, self._part = spider, _part_of(target)
        return self._part.open("wb")

    def store(self, file: IO[bytes]) -> None:
        """Puts the finished file in its place."""
        super().store(file)
        if self._part is None or self._spider is None:
            return
        if self._spider.crawler.stats.get_value(EXIT_CODE) == NOT_STARTED:
            self._part.unlink(missing_ok=True)
        else:
            self._part.replace(Path(self.path).resolve())


def replaced_files(feeds: Mapping[str, Mapping[str, Any]]) -> list[Path]:
    """The feeds that are JSON, a line for each article, in a local file that this run has replaced."""
    return [
        Path(path)
        for uri, told in feeds.items()
        if told.get("overwrite") and told.get("format") in _LINES and (path := _local(str(uri)))
    ]


def bring_up_to_date(path: Path, store: Store) -> None:
    """Replaces the file by one in which each article has its verdict as it stands now. A pipe or a device, which is no
    file to be replaced, and a feed that was never begun are left alone."""
    path = path.resolve()
    if not path.is_file():
        return
    part = _part_of(path)
    with path.open("rb") as feed, part.open("wb") as out:
        while lines := list(islice(feed, _AT_ONCE)):
            out.writelines(_revised(lines, store))
    part.replace(path)


def _revised(lines: Sequence[bytes], store: Store) -> Iterator[bytes]:
    items = [_item(line) for line in lines]
    ids = store.articles.ids([item["url"] for item in items if item])
    now = {found[0].url: found for found in store.verdicts.many(ids.values()).values()}
    for line, item in zip(lines, items, strict=True):
        verdict = now.get(item["url"]) if item else None
        if item and verdict and [one.revision for one in verdict] != [one["revision"] for one in item["origin"]]:
            item["origin"] = [one.to_dict() for one in verdict]
            told = json.dumps(item, ensure_ascii=line.isascii()).encode()
            yield told + line[len(line.rstrip(b",\n")) :]
        else:
            yield line


def _item(line: bytes) -> dict[str, Any] | None:
    """An article of ours; None for the brackets of an array, and for items of somebody else."""
    try:
        item = json.loads(line.rstrip(b",\n"))
    except ValueError:
        return None
    return item if isinstance(item, dict) and {"url", "origin"} <= item.keys() else None


def refuse_unwritable(uris: Iterable[str]) -> None:
    """Raises CommandError for a feed to a local file that cannot be written, before anything is crawled."""
    for uri in uris:
        if not (name := _local(uri)):
            continue
        path = Path(name)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            writable = not path.is_dir() and os.access(path if path.exists() else path.parent, os.W_OK)
        except OSError:
            writable = False
        if not writable:
            raise CommandError(f"{path} cannot be written")


def _part_of(target: Path) -> Path:
    """Where what is to replace a file is written."""
    return target.with_name(f".{target.name}.{os.getpid()}.part")


def _local(uri: str) -> str:
    """The file that a feed goes to; "" for what is no file, or gets its name at the end."""
    path = uri.removeprefix("file://")
    return "" if "://" in path or "%(" in path or path in ("-", "stdout:") else path
