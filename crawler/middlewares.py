"""What stands between the engine and the network: bounds, robots.txt, politeness, and the account of it all."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import CannotResolveHostError, DownloadConnectionRefusedError, NotConfigured
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import RobotParser
from scrapy.utils.misc import build_from_crawler

from crawler.discovery.urls import same_site
from crawler.extensions import CrawlRun, RunDesk
from crawler.extensions.desk import origin_of
from crawler.network.guard import Guard, parse_networks
from crawler.network.resolver import refusal_of
from crawler.spiders.failures import AddressRefused, OffSite, RobotsUnavailable
from crawler.spiders.first_pages import ANSWER, KeptAnswer
from crawler.spiders.lists import AUDIT, REVISIT
from crawler.spiders.rhythm import MOST
from crawler.storage.base import RobotsFile, StoreError

logger = logging.getLogger(__name__)

_ROBOTS_KEPT = timedelta(days=1)
_ROBOTS_MOST = 500 * 1024
"""RFC 9309 has us read at least this much; Protego needs seconds for megabytes, and again for each check."""
_CRAWL_DELAY_MOST = 60.0
_REST_FIRST = 10.0
_REST_MOST = 120.0
"""Seconds; a site that asks for more is left alone for this run."""
_RESTS = 4
_ASK_AGAIN = frozenset({429, 503})


def _desk_of(crawler: Crawler) -> RunDesk:
    run = crawler.get_extension(CrawlRun)
    if run is None:
        raise NotConfigured
    return run.desk


class BoundsMiddleware:
    """Refuses what leads out of bounds before anything is asked: other schemes, addresses, other sites.

    The resolver guards every connection; this only says so sooner, and for the URL as it stands.
    """

    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> BoundsMiddleware:
        """Reads ALLOWED_NETWORKS."""
        return cls(Guard(parse_networks(crawler.settings.get("ALLOWED_NETWORKS") or ())))

    def process_request(self, request: Request) -> None:
        """Raises AddressRefused, OffSite."""
        why = self._guard.url_refusal(request.url)
        if why:
            raise AddressRefused(why)
        asked_first = request.meta.get("redirect_urls", [request.url])[0]
        if request.meta.get("site") and not same_site(request.url, asked_first):
            raise OffSite(f"redirects to another site: {request.url[:200]}")


class AnswerMiddleware:
    """Gives the answer that we have already: front pages and a site's first articles are asked for once, though they
    are read twice."""

    def process_request(self, request: Request) -> Response | None:
        """The kept answer, if there is one."""
        kept: KeptAnswer | None = request.meta.pop(ANSWER, None)
        return kept.to(request) if kept is not None else None


class StoredRobotsMiddleware(RobotsTxtMiddleware):
    """Scrapy's robots.txt, read from the store for a day, bounded, and obeyed as RFC 9309 has it when it cannot be
    had: an answer of 5xx closes the site, unless an older robots.txt is remembered."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._desk = _desk_of(crawler)
        self._asked: dict[str, asyncio.Future[RobotParser | None]] = {}

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """The rules for a request's origin; None where there are none. Raises RobotsUnavailable."""
        origin = origin_of(request.url)
        if origin not in self._asked:
            self._asked[origin] = asyncio.ensure_future(self._rules(origin, request))
        return await asyncio.shield(self._asked[origin])

    async def _rules(self, origin: str, request: Request) -> RobotParser | None:
        now = self._desk.now()
        known = await self._desk.do(lambda store: store.sites.robots(origin))
        file = known
        if known is None or not now - _ROBOTS_KEPT < known.fetched_at <= now:
            file = await self._fetch(origin, request, known)
        if file is None:
            return None
        if file.status >= 500 or file.status == 429:
            raise RobotsUnavailable(f"robots.txt answered {file.status}; until it can be read, nothing is fetched")
        rules: RobotParser = build_from_crawler(self._parserimpl, self.crawler, file.body if file.status < 300 else b"")
        await self.crawler.signals.send_catch_log_async(
            signal=signals.robots_parsed, robotparser=rules, request=request
        )
        return rules

    async def _fetch(self, origin: str, request: Request, known: RobotsFile | None) -> RobotsFile | None:
        """The file as it is now; the one we knew if the site is in trouble; None if nothing answers there, in which
        case the request itself will fail and say why."""
        asking = Request(
            f"{origin}/robots.txt",
            priority=self.DOWNLOAD_PRIORITY,
            meta={"dont_obey_robotstxt": True, "robots_for": request.meta.get("site", "")},
            callback=NO_CALLBACK,
        )
        self._stats.inc_value("robotstxt/request_count")
        try:
            answer = await self.crawler.engine.download_async(asking)
        except Exception as error:
            logger.debug("%s/robots.txt could not be fetched: %s", origin, error)
            return known
        self._stats.inc_value(f"robotstxt/response_status_count/{answer.status}")
        file = RobotsFile(answer.status, answer.body[:_ROBOTS_MOST], self._desk.now())
        if answer.status >= 500 or answer.status == 429:
            return known or file
        try:
            await self._desk.do(lambda store: store.sites.save_robots(origin, file))
        except StoreError as error:
            logger.debug("robots.txt could not be kept: %s", error)
        return file


class PolitenessMiddleware:
    """Crawl-delay and a site's own `delay`, Retry-After, and the reason why a name was not resolved."""

    def __init__(self, crawler: Crawler, desk: RunDesk) -> None:
        self._crawler = crawler
        self._desk = desk
        self._delays: dict[str, float] = {}
        self._rests: dict[str, int] = {}
        crawler.signals.connect(self._robots_parsed, signal=signals.robots_parsed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PolitenessMiddleware:
        """Needs a run."""
        return cls(crawler, _desk_of(crawler))

    def _robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        """Scrapy's parsers do not tell Crawl-delay; the one that we use does, under `rp`."""
        asked = getattr(getattr(robotparser, "rp", None), "crawl_delay", lambda _agent: None)
        seconds = asked(self._crawler.settings["ROBOTSTXT_USER_AGENT"])
        if seconds:
            self._slow_down(request, min(float(seconds), _CRAWL_DELAY_MOST))

    def _slow_down(self, request: Request, seconds: float) -> None:
        downloader = self._crawler.engine.downloader
        key = downloader.get_slot_key(request)
        if self._delays.get(key, 0) >= seconds:
            return
        self._delays[key] = seconds
        downloader.per_slot_settings[key] = {"concurrency": 1, "delay": seconds, "jitter": 0}
        if key in downloader.slots:
            slot = downloader.slots[key]
            slot.concurrency, slot.delay, slot.jitter = 1, seconds, 0

    def process_request(self, request: Request) -> None:
        """Applies what is known of the host; AutoThrottle leaves a fixed delay alone."""
        name = request.meta.get("site") or request.meta.get("robots_for")
        visit = self._desk.by_name.get(name or "")
        if visit is not None and visit.site.delay is not None:
            self._slow_down(request, visit.site.delay)
        if self._crawler.engine.downloader.get_slot_key(request) in self._delays:
            request.meta["autothrottle_dont_adjust_delay"] = True

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """429 and 503: the site rests, and the request waits; after some rests the site is left alone."""
        site = request.meta.get("site")
        if not site:
            return response
        if response.status not in _ASK_AGAIN:
            self._rests.pop(site, None)
            return response
        seconds = retry_after(response, self._desk.now())
        count = self._rests[site] = self._rests.get(site, 0) + 1
        if seconds is None:
            seconds = _REST_FIRST * 2 ** (count - 1)
        if count >= _RESTS or seconds > _REST_MOST:
            said = f"the site asked us to wait (answered {response.status})"
            visit = self._desk.by_name[site]
            visit.rest_until = self._desk.now() + min(timedelta(seconds=seconds), MOST)
            self._desk.stop(visit, f"{said}, {count} times; left alone for this run")
            return response
        if self._desk.frontier is not None:
            self._desk.frontier.rest(site, seconds)
        again = request.replace(dont_filter=True)
        again.priority = request.priority + 1
        return again

    def process_exception(self, request: Request, exception: Exception) -> None:
        """A name none of whose addresses may be used fails for good, with the guard's reason."""
        if isinstance(exception, CannotResolveHostError):
            why = refusal_of(urlsplit(request.url).hostname or "")
            if why:
                raise AddressRefused(why) from exception


def retry_after(response: Response, now: datetime) -> float | None:
    """Seconds that a server asks us to wait, by number or by date; None if it does not say."""
    raw = response.headers.get("Retry-After")
    text = (raw or b"").decode("latin-1").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max((until - now).total_seconds(), 0.0)


class AccountMiddleware:
    """Counts requests by site as a server's access log does: redirects and retries included, robots.txt and what the
    ladder or the audit look at again apart. A page that a list gave a reason to look at is no audit."""

    def __init__(self, desk: RunDesk) -> None:
        self._desk = desk

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> AccountMiddleware:
        """Needs a run."""
        return cls(_desk_of(crawler))

    def process_request(self, request: Request) -> None:
        """One more request to a site."""
        self._count(request, 1)

    def process_response(self, request: Request, response: Response) -> Response:
        """How long it took, for sites that are slow."""
        visit = self._desk.by_name.get(request.meta.get("site", ""))
        if visit is not None and "download_latency" in request.meta and not request.meta.get("playwright"):
            visit.answered_after(request.meta["download_latency"])
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """What never reached a server was no request."""
        if isinstance(exception, CannotResolveHostError | DownloadConnectionRefusedError):
            self._count(request, -1)

    def _count(self, request: Request, by: int) -> None:
        robots_for: Any = request.meta.get("robots_for")
        visit = self._desk.by_name.get(robots_for or request.meta.get("site", ""))
        if visit is None:
            return
        page = request.meta.get("page")
        if robots_for:
            visit.counts["robots"] += by
        elif page is not None and page.priority in (REVISIT, AUDIT):
            visit.counts["revisits"] += by
        else:
            visit.counts["requests"] += by


__all__ = [
    "AccountMiddleware",
    "AnswerMiddleware",
    "BoundsMiddleware",
    "PolitenessMiddleware",
    "StoredRobotsMiddleware",
    "retry_after",
]
