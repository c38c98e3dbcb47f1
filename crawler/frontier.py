"""Scrapy's scheduler over the page table: leases rows ahead, hands them out fairly, and knows when all is done.

Nothing that matters is kept here. What waits in memory is leased in the table or asked for by no row at all (a
front page); if the process dies, the leases go back to the queue at the next start.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter, deque
from typing import TYPE_CHECKING, Any, cast

from scrapy import Request, Spider
from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import Crawler

from crawler.extensions import CrawlRun, RunDesk
from crawler.spiders.mirror import MirrorSpider
from crawler.spiders.turns import Flight, Turns
from crawler.spiders.visit import SiteVisit
from crawler.storage.base import StoreError

if TYPE_CHECKING:
    from twisted.internet.defer import Deferred

logger = logging.getLogger(__name__)

_AHEAD = 8
"""Rows leased ahead for each site."""
_LOW = 3
"""A site with fewer waiting requests is given new rows."""
_LOAD = 200
"""Rows taken in one go."""
UNFINISHED = 8
"""Pages of a site, for each request that it may be asked at once, that may be in flight or wait to be read and linked:
so many are fetched again if the process is killed."""
_SLOW_SHARE = 0.5
"""Of CONCURRENT_REQUESTS, how many slow sites may hold together: the others go on as if these were not there."""


class Frontier(BaseScheduler):
    """See docs/decisions/0040-frontier.md. Also works without a run (`scrapy shell`): a plain queue in memory."""

    _spider: MirrorSpider
    """Where there is a run, whose spider it is."""

    def __init__(self, crawler: Crawler, desk: RunDesk | None) -> None:
        self._crawler = crawler
        self._desk = desk
        self._per_host = crawler.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        self._max_pages = crawler.settings.getint("SITE_MAX_PAGES")
        self._slow_places = max(int(crawler.settings.getint("CONCURRENT_REQUESTS") * _SLOW_SHARE), 1)
        self._turns = Turns(self._delay_of, self._poke)
        self._again: deque[Request] = deque()
        """Pages that were held back: they are read once more, and no host is asked for them."""
        self._unasked: set[str] = set()
        """Sites at which the table may hold due rows that are not leased yet."""
        self._loading: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Frontier:
        """The run is an extension, and stands already."""
        run = crawler.get_extension(CrawlRun)
        return cls(crawler, run.desk if run is not None else None)

    def open(self, spider: Spider) -> Deferred[None] | None:
        """Lets the run tell us what becomes due."""
        if self._desk is not None:
            self._desk.frontier = self
            self._spider = cast(MirrorSpider, spider)
        return None

    def close(self, reason: str) -> Deferred[None] | None:  # noqa: ARG002
        """Forgets what waits: its rows go back to the queue with the run's end."""
        self._closed = True
        self._turns.close()
        for task in self._tasks:
            task.cancel()
        return None

    # -- Scrapy's side -------------------------------------------------------------------------------------------

    def enqueue_request(self, request: Request) -> bool:
        """Takes a request; redirects and retries of a leased row carry its lease in their meta."""
        self._turns.push(request.meta.get("site", ""), request)
        return True

    def has_pending_requests(self) -> bool:
        """Whether the crawl may not end yet."""
        return bool(self._tasks or self._loading or self._unasked or self._again or self._turns or self._visits_open())

    def _visits_open(self) -> bool:
        return self._desk is not None and any(not visit.finished for visit in self._desk.by_name.values())

    def next_request(self) -> Request | None:
        """The next request, sites in turn, none beyond what its host may be asked at once or before its time."""
        self._refill()
        now = time.monotonic()
        flight = Flight.of(self._crawler.engine.downloader.active, now)
        if self._again and flight.of_site[self._again[0].meta["site"]] < self._per_host:
            return self._again.popleft()
        while (found := self._turns.next(now, lambda site: self._may_ask(site, flight))) is not None:
            site, request = found
            if not self._is_stopped(site):
                return request
            self._drop(request)
        return None

    def _may_ask(self, site: str, flight: Flight) -> bool:
        if flight.of_site[site] >= self._per_host or self._unfinished(site) >= self._per_host * UNFINISHED:
            return False
        return site not in flight.slow or flight.held < self._slow_places

    def _unfinished(self, site: str) -> int:
        """How many leased rows of a site have left this queue, and no commit has ended their lease yet."""
        if self._desk is None or site not in self._desk.by_name:
            return 0
        return len(self._desk.by_name[site].leased) - self._turns.waiting(site)

    def _delay_of(self, request: Request) -> float:
        """Seconds until Scrapy's downloader would send this request, for its host's delay."""
        downloader = self._crawler.engine.downloader
        slot = downloader.slots.get(downloader.get_slot_key(request))
        return slot.lastseen + slot.delay - time.time() if slot is not None else 0.0

    # -- the run's side ------------------------------------------------------------------------------------------

    def more(self, visit: SiteVisit) -> None:
        """The table may hold due rows of this site."""
        self._unasked.add(visit.name)
        self._poke()

    def look(self, visit: SiteVisit) -> None:
        """A lease of this site has ended, or its page is held back: it may be asked for more, and perhaps its round
        has ended too, or its first pages are all here."""
        self._poke()
        if self._is_drained(visit) or self._is_taught(visit):
            self._start(self._next_round(visit))

    def rest(self, site: str, seconds: float) -> None:
        """Asks a site for nothing during so many seconds."""
        self._turns.rest(site, time.monotonic() + seconds)

    def ending(self) -> bool:
        """Whether no more requests are taken: the run is broken off, or at its end."""
        slot = self._crawler.engine._slot if self._crawler._engine is not None else None
        return self._closed or slot is None or slot.closing is not None

    # -- filling -------------------------------------------------------------------------------------------------

    def _refill(self) -> None:
        """Starts to lease rows for sites that run low. One load at a time: the next one sees what this one took."""
        if self._desk is None or self._loading or not self._unasked or self._closed:
            return
        low = [
            site for site in self._unasked if self._turns.waiting(site) < _LOW and not self._desk.by_name[site].planning
        ]
        if low:
            self._loading.update(low)
            self._unasked.difference_update(low)
            self._start(self._load(low))

    async def _load(self, sites: list[str]) -> None:
        assert self._desk is not None
        try:
            open_sites = [site for site in sites if not self._is_stopped(site)]
            pages = await self._desk.lease(open_sites, _LOAD, _AHEAD) if open_sites else []
            for page in pages:
                self.enqueue_request(self._spider.request_for(page))
            taken = Counter(page.site for page in pages)
            full = len(pages) >= _LOAD
            self._unasked.update(site for site in open_sites if taken[site] >= _AHEAD or (full and not taken[site]))
        except StoreError as error:
            logger.debug("No rows could be leased: %s", error)
        finally:
            self._loading.difference_update(sites)
            for site in sites:
                self.look(self._desk.by_name[site])
            self._poke()

    def _is_stopped(self, site: str) -> bool:
        """Whether nothing more is fetched from a site: it was given up, or its budget is spent."""
        if self._desk is None or site not in self._desk.by_name:
            return False
        visit = self._desk.by_name[site]
        budget = visit.site.max_pages or self._max_pages
        if not visit.stopped and visit.counts["requests"] >= budget:
            visit.stopped, visit.unfinished = f"its budget of {budget} requests is spent; the next visit goes on", True
        return bool(visit.stopped)

    def _drop(self, request: Request) -> None:
        """A request of a site that is not asked any more: its row is due again in a later run."""
        page = request.meta.get("page")
        if self._desk is None:
            return
        visit = self._desk.by_name[request.meta["site"]]
        if page is None:
            visit.recognising = False
        visit.leased.discard(getattr(page, "id", 0))
        self.look(visit)

    # -- rounds and ends -----------------------------------------------------------------------------------------

    def _is_drained(self, visit: SiteVisit) -> bool:
        """Whether nothing of this site waits, is in flight, or is being planned."""
        return not (
            visit.finished
            or visit.recognising
            or visit.planning
            or visit.leased - visit.noise.first_pages.held.keys()
            or visit.name in self._unasked
            or visit.name in self._loading
            or self._turns.waiting(visit.name)
        )

    def _is_taught(self, visit: SiteVisit) -> bool:
        first = visit.noise.first_pages
        if not first.held or visit.planning or visit.finished:
            return False
        # with as many as may be unfinished, no other page would be asked for
        return len(first.held) >= self._per_host * UNFINISHED or first.is_complete(visit.leased)

    async def _next_round(self, visit: SiteVisit) -> None:
        """Hands back what was held back, or asks discovery for more, or ends the visit."""
        assert self._desk is not None
        if not (self._is_drained(visit) or self._is_taught(visit)):
            return
        visit.planning = True
        try:
            if visit.noise.first_pages.held:
                if not self.ending():
                    self._again.extend(await self._spider.hand_back(visit))
                return
            goes_on = not visit.stopped and (await self._is_due(visit) or await self._spider.next_round(visit))
            if not goes_on:
                await self._finish(visit)
        except Exception as error:
            if not isinstance(error, StoreError):
                logger.exception("The visit to %s could not go on", visit.name)
            visit.stopped = visit.stopped or f"the visit broke off ({type(error).__name__})"
            visit.finished = True
        finally:
            visit.planning = False
            self._poke()

    async def _is_due(self, visit: SiteVisit) -> bool:
        """Whether rows became due without anybody saying so, such as the new address of a page that has moved."""
        assert self._desk is not None
        now = self._desk.now()
        waiting, _ = await self._desk.do(lambda store: store.pages.waiting([visit.name], now))
        if waiting:
            self._unasked.add(visit.name)
        return bool(waiting)

    async def _finish(self, visit: SiteVisit) -> None:
        assert self._desk is not None
        await self._desk.release(visit)
        await self._spider.end(visit)
        visit.finished = True

    def _start(self, work: Any) -> None:
        task: asyncio.Task[None] = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _poke(self) -> None:
        """Scrapy asks an idle scheduler every five seconds; this makes it ask now."""
        slot = self._crawler.engine._slot if self._crawler._engine is not None else None
        if slot is not None and not self._closed:
            slot.nextcall.schedule()
