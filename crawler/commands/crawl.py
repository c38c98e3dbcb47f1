"""`scrapy crawl`, with exit codes that tell what became of it, and sentences instead of tracebacks."""

from __future__ import annotations

import argparse
import asyncio
import difflib
import logging
import sys
import threading
from contextlib import closing
from typing import Any, ClassVar

from scrapy.commands import crawl
from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings

from crawler.commands.base import CommandError, refuse_options, show_examples
from crawler.commands.cli import INTERRUPTED
from crawler.commands.feeds import bring_up_to_date, refuse_unwritable, replaced_files
from crawler.report.words import count
from crawler.spiders.checks import check_settings
from crawler.spiders.exits import EXIT_CODE, NOT_STARTED, REVISED
from crawler.storage import open_store
from crawler.storage.base import StoreError

_OURS = (CommandError, ValueError, StoreError, OSError)
"""What is raised with a sentence for the person who typed the command; SitesError is a ValueError."""


class Command(crawl.Command):
    """Runs a spider."""

    requires_project = False
    default_settings: ClassVar[dict[str, Any]] = {
        "FEED_STORAGES": dict.fromkeys(("", "file"), "crawler.commands.feeds.WholeFileStorage")
    }
    examples = """
scrapy crawl mirror -a url=https://mirror.example/
scrapy crawl mirror -a url=https://a.example/,https://b.example/ -O out.jsonl
scrapy crawl mirror -a sites=sites.toml -a only=a.example
scrapy crawl mirror -a due=true          what a frequent timer runs, with the sites of SITES_FILE
"""

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Crawl sites: read what is new, and find out who printed it first"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Scrapy's own options, and our examples below them."""
        super().add_options(parser)
        show_examples(parser, self.examples)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Runs one spider and takes the exit code from what it left."""
        refuse_options(args)
        if len(args) != 1:
            raise UsageError("give the name of one spider, such as mirror")
        problem = self._unknown_spider(args[0])
        if problem:
            self._fail(problem)
            return
        try:
            self._crawl(args[0], opts)
        except _OURS as error:
            self._fail(_sentence(error))

    def _unknown_spider(self, name: str) -> str:
        assert self.crawler_process is not None
        spiders = sorted(self.crawler_process.spider_loader.list())
        if name in spiders:
            return ""
        near = difflib.get_close_matches(name, spiders, n=1)
        hint = f"do you mean {near[0]}?" if near else f"there are {', '.join(spiders) or 'none'}"
        return f"there is no spider {name!r}; {hint}"

    def _crawl(self, name: str, opts: argparse.Namespace) -> None:
        assert self.crawler_process is not None
        if not opts.spargs.get("due"):  # sites were named: pages will be read
            _start_reading()
        crawler = self._create_crawler(name)
        check_settings(crawler.settings)
        refuse_unwritable(crawler.settings.getdict("FEEDS"))
        errors: list[BaseException] = []
        stopped = _notice_stop(self.crawler_process)
        running = self.crawler_process.crawl(crawler, **opts.spargs)
        _watch(running, errors)
        self.crawler_process.start()
        if stopped.is_set():
            print("crawl: interrupted; what is queued waits for the next crawl", file=sys.stderr)
            self.exitcode = INTERRUPTED
        elif errors:
            self._not_started(errors[0])
        else:
            self.exitcode = _stat(crawler, EXIT_CODE)
        if revised := _stat(crawler, REVISED):
            self._revise(crawler.settings, revised)

    def _revise(self, settings: BaseSettings, revised: int) -> None:
        """Feeds hold the verdicts that stood when each article was linked: by now more is known."""
        feeds = settings.getdict("FEEDS")
        files = replaced_files(feeds)
        with closing(open_store(settings["STORE_URL"], read_only=True)) as store:
            for path in files:
                bring_up_to_date(path, store)
        if len(files) < len(feeds):
            print(
                f"crawl: {count(revised, 'verdict')} changed after the article was written out:"
                " `scrapy reposts` has them as they stand now",
                file=sys.stderr,
            )

    def _not_started(self, error: BaseException) -> None:
        if not isinstance(error, _OURS):
            logging.getLogger(__name__).debug("The crawl did not start", exc_info=error)
            self._fail(f"the crawl did not start: {_sentence(error)} (-L DEBUG shows where)")
            return
        self._fail(_sentence(error))

    def _fail(self, sentence: str) -> None:
        print(f"crawl: {sentence}", file=sys.stderr)
        self.exitcode = NOT_STARTED


def _stat(crawler: Crawler, name: str) -> int:
    """What a crawl counted; 0 where it never began."""
    try:
        return int(crawler.stats.get_value(name) or 0)
    except RuntimeError:  # Scrapy has no counts of it yet
        return 0


def _start_reading() -> None:
    from crawler.extraction.pool import start_early  # other commands need not load what reads pages

    start_early()


def _notice_stop(process: Any) -> threading.Event:
    """Is set once a signal asks for the end: while something is crawled, Scrapy calls its `stop` for nothing else."""
    asked, stop = threading.Event(), process.stop

    def noted() -> Any:
        if any(crawler.crawling for crawler in process.crawlers):
            asked.set()
        return stop()

    process.stop = noted
    return asked


def _watch(running: Any, errors: list[BaseException]) -> None:
    """Collects the exception with which a crawl ends, so that nobody else prints it with a traceback."""
    if isinstance(running, asyncio.Task):

        def done(task: asyncio.Task[None]) -> None:
            if not task.cancelled() and (error := task.exception()):
                errors.append(error)

        running.add_done_callback(done)
    else:  # Twisted's Deferred, where FORCE_CRAWLER_PROCESS asks for it
        running.addErrback(lambda failure: errors.append(failure.value))


def _sentence(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__
