"""The run: how a crawl begins and ends, from before the first request to after the last."""

from __future__ import annotations

import logging
import os
from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import NoReturn

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, NotConfigured
from scrapy.settings import Settings

from crawler import __version__
from crawler.attribution.declared import known_sites
from crawler.attribution.draining import waits
from crawler.attribution.linker import Linker
from crawler.attribution.weights import merged, read_weights
from crawler.clock import Clock, parse_clock
from crawler.extensions.desk import RunDesk
from crawler.extensions.ending import exit_code_of, standing_of
from crawler.extensions.opening import NotStarted, open_visits
from crawler.extensions.progress import Progress
from crawler.extensions.say import say
from crawler.extensions.summary import summarise
from crawler.extensions.writer import Writer
from crawler.extraction.pool import ReadingPool
from crawler.sinks.base import Sink, SinkError, parse_sinks
from crawler.sinks.delivery import deliver
from crawler.sites import Site
from crawler.spiders.arguments import declared_in
from crawler.spiders.exits import EXIT_CODE, FAILED, NOT_STARTED, REVISED
from crawler.spiders.mirror import MirrorSpider
from crawler.spiders.visit import SiteVisit
from crawler.storage import open_store
from crawler.storage.base import Store, StoreError

logger = logging.getLogger(__name__)


class CrawlRun:
    """Scrapy extension: begins a run, and ends it. What happens between is asked for at its desk."""

    def __init__(self, crawler: Crawler, clock: Clock) -> None:
        self.settings = crawler.settings
        self._crawler = crawler
        self._writer = Writer(self._open_store, self._make_linker)
        self.desk = RunDesk(clock, self._writer, crawler.settings.get("BROWSER_EXECUTABLE") or "")
        self._progress: Progress | None = None
        self._sinks: dict[str, Sink] = {}
        self._declared: list[Site] = []

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CrawlRun:
        """Only for spiders that know sites."""
        if not issubclass(crawler.spidercls, MirrorSpider):
            raise NotConfigured
        _name_contact(crawler.settings)
        _leave_telling_to_us(crawler.settings)
        run = cls(crawler, _clock(crawler.settings))
        crawler.signals.connect(run.open, signal=signals.spider_opened)
        crawler.signals.connect(run.close, signal=signals.spider_closed)
        return run

    @property
    def spider(self) -> MirrorSpider:
        """The spider of this run."""
        assert isinstance(self._crawler.spider, MirrorSpider)
        return self._crawler.spider

    # -- begin ---------------------------------------------------------------------------------------------------

    async def open(self) -> None:
        """Before the first request: settings checked, store open, sites held, own dead leases returned."""
        self.spider.desk = self.desk
        self.exit_code = NOT_STARTED  # until it has started
        try:
            self._weights()  # what cannot be read is said before anything is opened
            self._sinks = parse_sinks(self.settings.get("SINKS"))
            self._declared = declared_in(self.settings.get("SITES_FILE") or "")
            opened = await open_visits(self.spider, self._writer, self.settings)
        except NotStarted as problem:
            self._refuse(problem.code, str(problem))
        except (ValueError, StoreError, SinkError) as problem:
            self._refuse(NOT_STARTED, str(problem))
        except Exception as error:
            logger.debug("The crawl did not start", exc_info=True)
            self._refuse(
                NOT_STARTED, f"the crawl did not start: {error or type(error).__name__} (-L DEBUG shows where)"
            )
        for name in opened.held_elsewhere:
            say(f"{name} is held by another run, and left to it")
        self.desk.begin(opened.visits, self._reading_pool())
        if self.settings.getbool("PROGRESS"):
            self._progress = Progress(opened.visits)
            self._progress.start()
        self.exit_code = None

    def _reading_pool(self) -> ReadingPool:
        return ReadingPool(
            workers=self.settings.getint("EXTRACTION_WORKERS") or _readers(os.cpu_count() or 2),
            timeout=self.settings.getfloat("EXTRACTION_TIMEOUT"),
            memory_limit=self.settings.getint("EXTRACTION_MEMORY_MB") * 1024 * 1024,
        )

    def _open_store(self) -> Store:
        return open_store(self.settings["STORE_URL"], clock=self.desk.now)

    def _make_linker(self, store: Store) -> Linker:
        sites = known_sites(store, [*(visit.site for visit in self.desk.visits()), *self._declared])
        linker = Linker(store, publishers=sites, now=self.desk.now, weights=self._weights())
        linker.drain()
        return linker

    def _weights(self) -> dict[str, float]:
        return merged(read_weights(self.settings.get("ATTRIBUTION_WEIGHTS")))

    def _refuse(self, code: int, sentence: str) -> NoReturn:
        """Ends the run before it began."""
        self.exit_code = code
        say(sentence)
        raise CloseSpider("not_started")

    @property
    def exit_code(self) -> int | None:
        """What the command ends with; None while the run lasts."""
        code: int | None = self._crawler.stats.get_value(EXIT_CODE)
        return code

    @exit_code.setter
    def exit_code(self, code: int | None) -> None:
        self._crawler.stats.set_value(EXIT_CODE, code)

    # -- the end -------------------------------------------------------------------------------------------------

    async def close(self) -> None:
        """After the last request: what is left over saved, told, summed up."""
        started = self.exit_code is None
        if started:
            self.exit_code = FAILED  # until all of this has gone well
        await self.desk.end_renewing()
        try:
            if self.desk.by_name and not self.desk.store_error:
                await self._wind_up()
        except StoreError as error:
            self.desk.store_failed(error)
        finally:
            await self._let_go()
        if started:
            visits = self.desk.visits()
            limit = self.settings.getfloat("SITE_ERROR_LIMIT")
            self.exit_code = FAILED if self.desk.store_error else exit_code_of(visits, limit)
            summarise(visits, self._crawler.stats)

    async def _wind_up(self) -> None:
        visits = self.desk.visits()
        for visit in visits:
            if not visit.finished:
                # broken off, by Ctrl-C or because the site was given up: what it held is due again
                await self.desk.release(visit)
                visit.stopped, visit.unfinished = visit.stopped or "interrupted", not visit.stopped
                await self.spider.end(visit)
        if any(visit.verdicts for visit in visits) or await self.desk.do(waits):
            await self._writer.with_linker(lambda _store, linker: linker.drain())
            await self._hear_last_words(visits)
        if self._sinks:
            told = await self._writer.alone(lambda store: deliver(store, self._sinks, now=self.desk.now))
            for one in told:
                if one.error:
                    say(f"sink {one.sink}: {one.error}; {one.pending:,} events wait for `scrapy deliver`")

    async def _hear_last_words(self, visits: Sequence[SiteVisit]) -> None:
        """What was linked later may have changed the first words on an article."""
        revised = 0
        for visit in visits:
            now = await self.desk.do(partial(standing_of, sorted(visit.linked)))
            visit.verdicts = Counter(one.status for one in now.values())
            revised += sum(one.revision != visit.linked[url] for url, one in now.items())
        self._crawler.stats.set_value(REVISED, revised)

    async def _let_go(self) -> None:
        if self._progress is not None:
            self._progress.stop()
        await self.desk.close()
        for sink in self._sinks.values():
            sink.close()


def _clock(settings: Settings) -> Clock:
    """The run's clock; a setting that cannot be read is reported when the run opens."""
    try:
        return parse_clock(settings.get("CLOCK") or "")
    except ValueError:
        return parse_clock("")


def _leave_telling_to_us(settings: Settings) -> None:
    """Answers too large are told with their page; Scrapy's own warnings of them would stand between our lines."""
    if settings.get("LOG_LEVEL") == "WARNING":
        for name in ("core.downloader.handlers.http11", "downloadermiddlewares.httpcompression"):
            logging.getLogger(f"scrapy.{name}").setLevel(logging.ERROR)


def _name_contact(settings: Settings) -> None:
    """CONTACT goes into the user agent unless that was set itself."""
    if (settings.getpriority("CONTACT") or 0) > (settings.getpriority("USER_AGENT") or 0):
        settings.set("USER_AGENT", f"firstprint/{__version__} (+{settings['CONTACT']})", priority="cmdline")


def _readers(processors: int) -> int:
    """How many processes read where nobody says: the crawling one needs little more than half a processor."""
    return max(processors - 1, min(processors, 2))
