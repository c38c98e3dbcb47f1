"""The run: one object that every Scrapy part of a crawl shares, from before the first request to after the last."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NoReturn, Protocol, TypeVar

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, NotConfigured
from scrapy.settings import Settings

from crawler import __version__
from crawler.attribution.arrivals import Arrival
from crawler.attribution.declared import known_sites
from crawler.attribution.linker import Linker
from crawler.attribution.weights import merged, read_weights
from crawler.clock import Clock, parse_clock
from crawler.discovery.base import Fetched
from crawler.extensions.ending import FAILED, exit_code_of, statuses_of
from crawler.extensions.opening import NOT_STARTED, NotStarted, open_visits
from crawler.extensions.progress import Progress
from crawler.extensions.summary import summarise
from crawler.extensions.writer import Writer
from crawler.extraction.pool import ReadingPool
from crawler.items import Verdict
from crawler.network.browser import browser_problem
from crawler.sinks.base import Sink, SinkError, parse_sinks
from crawler.sinks.delivery import deliver
from crawler.sites import Site
from crawler.spiders import revisits
from crawler.spiders.arguments import declared_in
from crawler.spiders.mirror import MirrorSpider
from crawler.spiders.visit import SiteVisit
from crawler.storage import open_store
from crawler.storage.base import Page, PageResult, Store, StoreError

logger = logging.getLogger(__name__)

T = TypeVar("T")

EXIT_CODE = "firstprint/exit_code"
"""The stat in which the exit code is left for the command; opening.py and ending.py say which there are."""

LEASE = timedelta(seconds=60)
_RENEW_SECONDS = 20
_TROUBLE_LIMIT = 6
"""How many requests in a row may fail on the way before a site is left alone for this run."""


class Waiting(Protocol):
    """What the run tells the scheduler, which stands above it."""

    def more(self, visit: SiteVisit) -> None:
        """The table may hold due rows of this site."""

    def look(self, visit: SiteVisit) -> None:
        """A lease of this site has ended."""

    def rest(self, site: str, seconds: float) -> None:
        """A site is to be asked for nothing during so many seconds."""


class CrawlRun:
    """Scrapy extension, and the `Desk` of the spider."""

    def __init__(self, crawler: Crawler, clock: Clock) -> None:
        self.crawler = crawler
        self.settings = crawler.settings
        self.now = clock
        self.owner = f"{os.getpid()}-{secrets.token_hex(4)}"
        self.writer = Writer(self._open_store, self._make_linker)
        self.pool: ReadingPool | None = None
        self.frontier: Waiting | None = None
        self.progress: Progress | None = None
        self.by_name: dict[str, SiteVisit] = {}
        self._browser_problem: str | None = None
        self._renewing: asyncio.Task[None] | None = None
        self._store_error = ""
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
        assert isinstance(self.crawler.spider, MirrorSpider)
        return self.crawler.spider

    # -- begin ---------------------------------------------------------------------------------------------------

    async def open(self) -> None:
        """Before the first request: settings checked, store open, sites held, own dead leases returned."""
        self.spider.desk = self
        self.exit_code = NOT_STARTED  # until it has started
        try:
            self._weights()  # what cannot be read is said before anything is opened
            self._sinks = parse_sinks(self.settings.get("SINKS"))
            self._declared = declared_in(self.settings.get("SITES_FILE") or "")
            opened = await open_visits(self.spider, self.writer, self.settings)
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
            self.say(f"{name} is held by another run, and left to it")
        self.by_name = {visit.name: visit for visit in opened.visits}
        self._start_working()
        self.exit_code = None

    def _start_working(self) -> None:
        self.pool = ReadingPool(
            workers=self.settings.getint("EXTRACTION_WORKERS") or max((os.cpu_count() or 2) - 1, 1),
            timeout=self.settings.getfloat("EXTRACTION_TIMEOUT"),
            memory_limit=self.settings.getint("EXTRACTION_MEMORY_MB") * 1024 * 1024,
        )
        self._renewing = asyncio.ensure_future(self._renew())
        if self.settings.getbool("PROGRESS"):
            self.progress = Progress(self)
            self.progress.start()

    def _open_store(self) -> Store:
        return open_store(self.settings["STORE_URL"], clock=self.now)

    def _make_linker(self, store: Store) -> Linker:
        sites = known_sites(store, [*self._sites(), *self._declared])
        linker = Linker(store, publishers=sites, now=self.now, weights=self._weights())
        linker.drain()
        return linker

    def _weights(self) -> dict[str, float]:
        return merged(read_weights(self.settings.get("ATTRIBUTION_WEIGHTS")))

    def _sites(self) -> list[Site]:
        return [visit.site for visit in self.visits()]

    def _refuse(self, code: int, sentence: str) -> NoReturn:
        """Ends the run before it began."""
        self.exit_code = code
        self.say(sentence)
        raise CloseSpider("not_started")

    def say(self, sentence: str) -> None:
        """A line for people; stdout carries data only."""
        print(f"crawl: {' '.join(sentence.split())}", file=sys.stderr)

    @property
    def exit_code(self) -> int | None:
        """What the command ends with; None while the run lasts."""
        code: int | None = self.crawler.stats.get_value(EXIT_CODE)
        return code

    @exit_code.setter
    def exit_code(self, code: int | None) -> None:
        self.crawler.stats.set_value(EXIT_CODE, code)

    # -- the desk ------------------------------------------------------------------------------------------------

    def visits(self) -> Iterable[SiteVisit]:
        """The visits of this run, in the order in which the sites were named."""
        return list(self.by_name.values())

    def visit(self, site: str) -> SiteVisit:
        """The visit to a site by its name."""
        return self.by_name[site]

    async def do(self, work: Callable[[Store], T]) -> T:
        """See `Desk.do`. A store that fails for good ends the run."""
        try:
            return await self.writer.do(work)
        except StoreError as error:
            self._store_failed(error)
            raise

    async def link(self, visit: SiteVisit, arrival: Arrival) -> tuple[Verdict, ...]:
        """Links an article; the lease of its page ends in the same commit."""
        try:
            verdicts = await self.writer.link(arrival)
        except StoreError as error:
            self._store_failed(error)
            raise
        visit.told(arrival.article.url, verdicts)
        if arrival.page is not None:
            self._ended(visit, arrival.page.page_id)
        return verdicts

    def _store_failed(self, error: StoreError) -> None:
        if not self._store_error:
            self._store_error = str(error)
            self.say(str(error))
            for visit in self.by_name.values():
                self.stop(visit, "the store failed")

    async def read(self, function: Callable[..., T], *args: Any) -> T:
        """Runs `function` in a worker process."""
        assert self.pool is not None
        result: T = await asyncio.wrap_future(self.pool.submit(function, *args))
        return result

    async def robots(self, url: str) -> Fetched | None:
        """The robots.txt that the middleware fetched for a URL's origin."""
        origin = origin_of(url)
        file = await self.do(lambda store: store.sites.robots(origin))
        if file is None:
            return None
        return Fetched(f"{origin}/robots.txt", file.status, {"content-type": "text/plain"}, file.body)

    async def finish(self, visit: SiteVisit, result: PageResult, also: Callable[[Store], object] | None = None) -> None:
        """See `Desk.finish`."""

        def work(store: Store) -> None:
            if also is not None:
                also(store)
            store.pages.finish(result)

        try:
            await self.do(work)
        finally:
            self._ended(visit, result.page_id)

    async def retry(self, visit: SiteVisit, page: Page, reason: str) -> None:
        """See `Desk.retry`."""
        due_at = revisits.retry_at(page.attempts, self.now())
        visit.retry_at = min(visit.retry_at or due_at, due_at)
        try:
            await self.do(
                lambda store: store.pages.retry(page.id, due_at=due_at, reason=reason, dead_after=revisits.DEAD_AFTER)
            )
        finally:
            self._ended(visit, page.id)

    def _ended(self, visit: SiteVisit, page_id: int) -> None:
        visit.leased.discard(page_id)
        if self.frontier is not None:
            self.frontier.look(visit)

    def more(self, visit: SiteVisit) -> None:
        """See `Desk.more`."""
        if self.frontier is not None:
            self.frontier.more(visit)

    def stop(self, visit: SiteVisit, reason: str) -> None:
        """See `Desk.stop`."""
        if not visit.stopped:
            visit.stopped = reason
            visit.failed(reason)
            self.more(visit)

    def troubled(self, visit: SiteVisit, why: str) -> None:
        """See `Desk.troubled`."""
        visit.failures_in_row += 1
        if visit.failures_in_row >= _TROUBLE_LIMIT:
            self.stop(visit, f"{visit.failures_in_row} requests in a row failed: {why}")

    def browser_problem(self) -> str:
        """See `Desk.browser_problem`; said once."""
        if self._browser_problem is None:
            self._browser_problem = browser_problem(self.settings.get("BROWSER_EXECUTABLE") or "")
            if self._browser_problem:
                self.say(f"a page renders by JavaScript only; {self._browser_problem}")
        return self._browser_problem

    async def lease(self, sites: list[str], limit: int, per_site: int) -> list[Page]:
        """Due pages, leased to this run."""
        now = self.now()
        pages = await self.do(
            lambda store: store.pages.lease(
                sites, now=now, owner=self.owner, until=now + LEASE, limit=limit, per_site=per_site
            )
        )
        for page in pages:
            self.by_name[page.site].leased.add(page.id)
        return pages

    async def release(self, visit: SiteVisit) -> None:
        """Gives back what this run holds of a site."""
        await self.do(lambda store: store.pages.release([visit.name], self.owner))

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(_RENEW_SECONDS)
            until = self.now() + LEASE
            await self.do(partial(self._renew_leases, until))

    def _renew_leases(self, until: datetime, store: Store) -> None:
        store.pages.renew(self.owner, until)

    # -- the end -------------------------------------------------------------------------------------------------

    async def close(self) -> None:
        """After the last request: what is left over saved, told, summed up."""
        started = self.exit_code is None
        if started:
            self.exit_code = FAILED  # until all of this has gone well
        if self._renewing is not None:
            self._renewing.cancel()
            with suppress(asyncio.CancelledError, StoreError):
                await self._renewing
        try:
            if self.by_name and not self._store_error:
                await self._wind_up()
        except StoreError as error:
            self._store_failed(error)
        finally:
            await self._let_go()
        if started:
            limit = self.settings.getfloat("SITE_ERROR_LIMIT")
            self.exit_code = FAILED if self._store_error else exit_code_of(list(self.visits()), limit)
            summarise(self)

    async def _wind_up(self) -> None:
        for visit in self.by_name.values():
            if not visit.finished:
                # broken off, by Ctrl-C or because the site was given up: what it held is due again
                await self.release(visit)
                visit.stopped, visit.unfinished = visit.stopped or "interrupted", not visit.stopped
                await self.spider.end(visit)
        if any(visit.verdicts for visit in self.by_name.values()):
            await self.writer.with_linker(lambda _store, linker: linker.drain())
            for visit in self.by_name.values():  # what was linked later may have changed the first words on these
                visit.verdicts = await self.do(partial(statuses_of, sorted(visit.linked)))
        if self._sinks:
            told = await self.writer.alone(lambda store: deliver(store, self._sinks, now=self.now))
            for one in told:
                if one.error:
                    self.say(f"sink {one.sink}: {one.error}; {one.pending:,} events wait for `scrapy deliver`")

    async def _let_go(self) -> None:
        if self.progress is not None:
            self.progress.stop()
        if self.pool is not None:
            await asyncio.get_running_loop().run_in_executor(None, self.pool.close)
        await self.writer.close()
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


def origin_of(url: str) -> str:
    """scheme://host[:port] of a URL."""
    return "/".join(url.split("/", 3)[:3])
