"""The desk at which the parts of a crawl meet: spider, scheduler, middlewares and pipeline ask here, and only here,
for the store, the reading workers, the clock, and the visits of this run."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol, TypeVar

from crawler.attribution.arrivals import Arrival
from crawler.clock import Clock
from crawler.discovery.base import Fetched
from crawler.extensions.say import say
from crawler.extensions.writer import Writer
from crawler.extraction.pool import ReadingPool
from crawler.items import Verdict
from crawler.network.browser import browser_problem
from crawler.spiders import revisits
from crawler.spiders.visit import SiteVisit
from crawler.storage.base import Page, PageResult, Store, StoreError

T = TypeVar("T")

LEASE = timedelta(seconds=60)
_RENEW_SECONDS = 20
_TROUBLE_LIMIT = 6
"""How many requests in a row may fail on the way before a site is left alone for this run."""


class Waiting(Protocol):
    """What the desk tells the scheduler, which stands above it."""

    def more(self, visit: SiteVisit) -> None:
        """The table may hold due rows of this site."""

    def look(self, visit: SiteVisit) -> None:
        """A lease of this site has ended, or its page is held back."""

    def ending(self) -> bool:
        """Whether no more requests are taken."""

    def rest(self, site: str, seconds: float) -> None:
        """A site is to be asked for nothing during so many seconds."""


class RunDesk:
    """The `Desk` of the spider, from before the first request to after the last.

    `browser` is the path of the browser to use, "" for whichever is found.
    """

    def __init__(self, now: Clock, writer: Writer, browser: str) -> None:
        self.now = now
        self.writer = writer
        self.owner = f"{os.getpid()}-{secrets.token_hex(4)}"
        self.pool: ReadingPool | None = None
        self.frontier: Waiting | None = None
        self.by_name: dict[str, SiteVisit] = {}
        self.store_error = ""
        """Why the store failed for good; "" while it does not."""
        self._browser = browser
        self._browser_problem: str | None = None
        self._renewing: asyncio.Task[None] | None = None

    def begin(self, visits: Iterable[SiteVisit], pool: ReadingPool) -> None:
        """Opens for these visits; leases are renewed from now on."""
        self.by_name = {visit.name: visit for visit in visits}
        self.pool = pool
        self._renewing = asyncio.ensure_future(self._renew())

    async def end_renewing(self) -> None:
        """After the last request: leases are given back, or expire."""
        if self._renewing is not None:
            self._renewing.cancel()
            with suppress(asyncio.CancelledError, StoreError):
                await self._renewing

    async def close(self) -> None:
        """Ends the reading workers and, when all that waits is done, the store's thread."""
        if self.pool is not None:
            await asyncio.get_running_loop().run_in_executor(None, self.pool.close)
        await self.writer.close()

    # -- what is asked for -------------------------------------------------------------------------------------------

    def visits(self) -> list[SiteVisit]:
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
            self.store_failed(error)
            raise

    async def link(self, visit: SiteVisit, arrival: Arrival) -> tuple[Verdict, ...]:
        """Links an article; the lease of its page ends in the same commit."""
        try:
            verdicts = await self.writer.link(arrival)
        except StoreError as error:
            self.store_failed(error)
            raise
        visit.told(arrival.article.url, verdicts)
        if arrival.page is not None:
            self._ended(visit, arrival.page.page_id)
        return verdicts

    def store_failed(self, error: StoreError) -> None:
        """Says so, once, and stops every visit."""
        if not self.store_error:
            self.store_error = str(error)
            say(str(error))
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
        self.look(visit)

    def look(self, visit: SiteVisit) -> None:
        """See `Desk.look`."""
        if self.frontier is not None:
            self.frontier.look(visit)

    def more(self, visit: SiteVisit) -> None:
        """See `Desk.more`."""
        if self.frontier is not None:
            self.frontier.more(visit)

    def ending(self) -> bool:
        """See `Desk.ending`."""
        return self.frontier is not None and self.frontier.ending()

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
            self._browser_problem = browser_problem(self._browser)
            if self._browser_problem:
                say(f"a page renders by JavaScript only; {self._browser_problem}")
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
            visit = self.by_name[page.site]
            visit.leased.add(page.id)
            visit.noise.first_pages.enrol(page)
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


def origin_of(url: str) -> str:
    """scheme://host[:port] of a URL."""
    return "/".join(url.split("/", 3)[:3])
