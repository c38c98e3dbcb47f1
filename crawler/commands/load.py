"""`scrapy load`: articles that somebody already has, linked as a crawl would."""

from __future__ import annotations

import argparse
import gc
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from crawler.children import seldom_collected
from crawler.commands.archives import Archive
from crawler.commands.base import CommandError, StoreCommand
from crawler.commands.linking import decide_the_rest, hand_over, make_linker, open_sinks
from crawler.commands.progress import Advance, progress_bar
from crawler.commands.records import Portion, Refusals
from crawler.discovery.urls import site_key
from crawler.report import words
from crawler.spiders.exits import FAILED
from crawler.storage.base import Store

if TYPE_CHECKING:
    from crawler.attribution.linker import Linker
    from crawler.attribution.ready import Ready
    from crawler.commands.preparing import Outcomes, Preparing
    from crawler.storage.article_rows import Row, Said


_AT_ONCE = 1000
"""Articles that are saved in one transaction, and looked up together."""


class Command(StoreCommand, ScrapyCommand):
    """Reads files of articles into the store."""

    summary = "Link articles that you already have: JSON lines (also .gz) or Parquet, no crawl"
    takes = "[options] <file.jsonl> …   (- for standard input)"
    examples = """
scrapy load archive.jsonl.gz
zcat 2026-*.jsonl.gz | scrapy load -
scrapy crawl mirror -a url=https://mirror.example/ -O out.jsonl && scrapy load out.jsonl -s STORE_URL=sqlite:///other.db
"""

    def work(self, args: list[str], opts: argparse.Namespace) -> None:  # noqa: ARG002
        """Opens all files first, then reads them one after the other."""
        from crawler.commands.preparing import Preparing

        if not args:
            raise UsageError("give files of articles, or - for standard input")
        with ExitStack() as stack:
            archives = [stack.enter_context(closing(Archive(name))) for name in dict.fromkeys(args)]
            sinks, declared = open_sinks(self), self._declared()
            store = stack.enter_context(self.store(read_only=False))
            linker = make_linker(self, store)
            loading = _Loading(store, linker)
            with progress_bar("loading", sizes=True) as advance, seldom_collected():
                loading.run(archives, Preparing(declared), advance)
            decide_the_rest(linker, "deciding")
            hand_over(self, store, sinks)
        self.say(loading.summary())
        if loading.bad.count and not loading.fruitful:
            self.exitcode = FAILED
        elif barren := [name for name in loading.bad.sources if name not in loading.fruitful]:
            self.say(f"nothing of {', '.join(map(words.clean, barren))} could be stored")

    def _declared(self) -> dict[str, str]:
        return {site_key(site.url): site.name for site in self.declared_sites()}


@dataclass(slots=True)
class _Loading:
    """One run: what it reads into, and how far it came."""

    store: Store
    linker: Linker
    stored: int = 0
    known: int = 0
    bad: Refusals = field(default_factory=Refusals)
    fruitful: set[str] = field(default_factory=set)
    """Files in which an article was found."""
    started: float = 0.0

    def run(self, archives: list[Archive], preparing: Preparing, advance: Advance) -> None:
        from crawler.commands.preparing import WorkerLostError, prepared, workers_here

        self.started = time.monotonic()
        total = 0 if any(not archive.size for archive in archives) else sum(archive.size for archive in archives)
        try:
            for portion, outcomes in prepared(_portions(archives), preparing, workers_here()):
                self._take(portion, outcomes)
                if not gc.get_freeze_count():
                    gc.freeze()  # all that is loaded by now stays: it need not be gone through again and again
                advance(portion.position, total, self._rate())
        except WorkerLostError:
            raise CommandError(
                "a process that prepared articles died, perhaps for want of memory; what was stored so far stays stored"
            ) from None

    def _take(self, portion: Portion, outcomes: Outcomes) -> None:
        from crawler.commands.preparing import Refused

        batch: dict[str, Ready] = {}
        for one in outcomes:
            if isinstance(one, Refused):
                self.bad.add(portion.source, one.line, one.reason)
                continue
            self.fruitful.add(portion.source)
            # two states of one page: one after the other, in the order of the file
            if len(batch) == _AT_ONCE or one.row.url in batch:
                self._link(batch)
                batch = {}
            batch[one.row.url] = one
        self._link(batch)

    def _link(self, batch: dict[str, Ready]) -> None:
        fresh = self._unknown(batch)
        stored = self.linker.take(fresh)
        self.stored += stored
        self.known += len(batch) - stored

    def _unknown(self, batch: dict[str, Ready]) -> list[Ready]:
        """The articles of which anything is new here: a second run over one file passes what it finds stored."""
        held = self.store.articles.said(batch)
        return [one for url, one in batch.items() if url not in held or _says_more(one.row, *held[url])]

    def _rate(self) -> str:
        read = self.stored + self.known
        return f"{read:,} articles, {read / max(time.monotonic() - self.started, 0.001):,.0f}/s"

    def summary(self) -> str:
        parts = [
            f"{words.count(self.stored, 'article')} stored",
            f"{self.known:,} held already" if self.known else "",
            str(self.bad),
            f"{time.monotonic() - self.started:.1f} s",
        ]
        return ", ".join(filter(None, parts))


def _portions(archives: Iterable[Archive]) -> Iterator[Portion]:
    """All files, one after the other, as if they were one."""
    before = 0
    for archive in archives:
        for portion in archive.portions():
            yield replace(portion, position=before + portion.position)
        before += archive.size


def _says_more(row: Row, said: Said, first_seen: int | None) -> bool:
    """Anything that a verdict rests on is new; a first sight later than the one we know says nothing."""
    earlier = row.first_seen is not None and (first_seen is None or row.first_seen < first_seen)
    return earlier or row.says() != said
