"""Feeds into local files: `-O` replaces its file whole, at the end of a run that got under way."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from scrapy.extensions.feedexport import FileFeedStorage

from crawler.commands.base import EXIT_CODE, NOT_STARTED, CommandError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scrapy import Spider


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
        self._spider, self._part = spider, target.with_name(f".{target.name}.{os.getpid()}.part")
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


def refuse_unwritable(uris: Iterable[str]) -> None:
    """Raises CommandError for a feed to a local file that cannot be written, before anything is crawled."""
    for uri in uris:
        path = Path(uri.removeprefix("file://"))
        if "://" in str(uri.removeprefix("file://")) or "%(" in uri or str(path) in ("-", "stdout:"):
            continue
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            writable = not path.is_dir() and os.access(path if path.exists() else path.parent, os.W_OK)
        except OSError:
            writable = False
        if not writable:
            raise CommandError(f"{path} cannot be written")
