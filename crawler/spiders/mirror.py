"""The spider `mirror`: any site, by what discovery makes of it. A special site is a subclass of some lines."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Any, cast

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler import discovery
from crawler.discovery.base import Fetched, Found, Link
from crawler.discovery.urls import normalise
from crawler.extraction import extract
from crawler.extraction.pool import PoolError
from crawler.extraction.worker import Reading
from crawler.items import Article, Skip, SkipReason
from crawler.sites import Site
from crawler.spiders import arguments, failures, revisits, validators
from crawler.spiders.articles import ArticlePages, PageRead
from crawler.spiders.checks import check_settings
from crawler.spiders.desk import Desk
from crawler.spiders.first_pages import ANSWER, HeldPage, KeptAnswer
from crawler.spiders.lists import OUTAGES, queue_lists, read_list, save_found, save_unmodified
from crawler.spiders.looks import look_again, look_at_dated
from crawler.spiders.rendering import browser_meta, is_rendered
from crawler.spiders.visit import SiteVisit
from crawler.storage.base import Page, PageResult, Store, StoreError

logger = logging.getLogger(__name__)

_MOST_ROUNDS = 20
_FRONT_PRIORITY = 1000
_FRONT_KEPT = 1 << 20
"""Bytes of a front page that are kept until it may be wanted as a list."""
_ALL_HELD = 128 << 20
"""Bytes of packed answers that may be held back over all sites."""

_WALLS = {
    SkipReason.CONSENT_WALL: "consent wall",
    SkipReason.PAYWALL: "paywall",
    SkipReason.CAPTCHA: "captcha",
    SkipReason.BLOCKED: "page that blocks us",
}


class MirrorSpider(Spider):
    """`scrapy crawl mirror -a url=…` or `-a sites=sites.toml`, with `only`, `due`, `full`, `since`.

    What a subclass may say otherwise: `declared_sites`, `seeds`, `find`, `amend`. docs/running.md has an example.
    """

    name = "mirror"
    declared_sites: tuple[Site, ...] = ()
    """Sites of a spider of one's own, instead of `url` and `sites`."""
    desk: Desk
    """Set by the extension `CrawlRun` before anything is asked."""

    def __init__(self, name: str | None = None, **kwargs: Any) -> None:
        self.asked = arguments.Asked.read(kwargs)
        if type(self) is MirrorSpider:  # a spider of one's own may take arguments of its own
            arguments.Asked.refuse(kwargs)
        super().__init__(name, **kwargs)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> MirrorSpider:
        """Reads the settings that the spider goes by. Raises ValueError with one sentence."""
        check_settings(crawler.settings)
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.sites_file = crawler.settings.get("SITES_FILE") or ""
        spider.revisit_budget = crawler.settings.getint("REVISIT_BUDGET")
        spider.obey_meta = crawler.settings.getbool("ROBOTS_META_OBEY")
        return spider

    sites_file: str = ""
    revisit_budget: int = 0
    _held_bytes = 0
    obey_meta: bool = True

    def sites(self) -> list[Site]:
        """The sites of this run. Raises ValueError with one sentence."""
        return arguments.sites_of(self.asked, self.declared_sites, self.sites_file)

    # -- what a special site may say otherwise -------------------------------------------------------------------

    def seeds(self, visit: SiteVisit) -> Sequence[Link]:
        """The lists to read in this round of the visit; [] ends it."""
        site = replace(visit.site, render=visit.render)
        return discovery.plan(visit.profile, visit.ask(self.desk.now()), site)

    async def find(self, visit: SiteVisit, link: Link, fetched: Fetched) -> Found:
        """What a list shows."""
        return await self.desk.read(read_list, link.method, fetched, visit.ask(self.desk.now(), link.method))

    def amend(self, article: Article, fetched: Fetched) -> Article | Skip:  # noqa: ARG002  for subclasses
        """A last word on an article that was read."""
        return article

    # -- a visit -------------------------------------------------------------------------------------------------

    async def start(self) -> AsyncIterator[Any]:
        """Begins every visit: a known site with the lists that discovery plans, another, or one all of whose lists
        have dried up, with its front page."""
        self.pages = ArticlePages(self.desk, self.amend, obey_meta=self.obey_meta)
        for visit in self.desk.visits():
            if self._plans_itself() or (visit.recognised and self.seeds(visit)):
                await self._begin_known(visit)
            else:
                visit.recognising = True
                yield self._front_request(visit)

    async def _begin_known(self, visit: SiteVisit) -> None:
        try:
            await self.begin(visit)
        except StoreError:
            raise
        except Exception as error:  # one site's trouble is not the others'
            logger.exception("The visit to %s could not begin", visit.name)
            self.desk.stop(visit, f"the visit could not begin ({type(error).__name__})")

    def _plans_itself(self) -> bool:
        return type(self).seeds is not MirrorSpider.seeds

    def _front_request(self, visit: SiteVisit, *, render: bool | None = None) -> Request:
        meta: dict[str, Any] = {"site": visit.name}
        if (visit.render and not self.desk.browser_problem()) if render is None else render:
            meta |= browser_meta()
        return Request(
            visit.site.url,
            callback=self.parse_front,
            errback=self.front_failed,
            headers=validators.REVALIDATE,
            meta=meta,
            priority=_FRONT_PRIORITY,
            dont_filter=True,
        )

    async def parse_front(self, response: Response) -> AsyncIterator[Any]:
        """Recognises a site from its front page and its robots.txt."""
        visit = self.desk.visit(response.meta["site"])
        again = None
        try:
            again = await self._recognise(visit, response)
        except Exception as error:
            logger.exception("%s could not be recognised", visit.name)
            visit.failed(f"the front page could not be read ({type(error).__name__})")
        if again is not None:
            yield again
            return
        visit.recognising = False
        self.desk.more(visit)

    async def _recognise(self, visit: SiteVisit, response: Response) -> Request | None:
        fetched = fetched_of(response)
        if fetched.status >= 400:
            visit.failed(f"the front page answered {fetched.status}")
            return None
        visit.front_wall = await self._wall(fetched)
        robots = await self.desk.robots(fetched.url)
        profile = dict(await self.desk.read(discovery.recognise, fetched, robots, visit.profile or None))
        if profile.get("shell"):
            visit.ours["render"] = True
            if not is_rendered(response) and not visit.site.render:
                problem = self.desk.browser_problem()
                if not problem:
                    return self._front_request(visit, render=True)
                self.desk.stop(visit, f"its pages are empty without JavaScript; {problem}")
                return None
        visit.profile = {**profile, "methods": dict(profile.get("methods") or {})}
        if len(response.body) <= _FRONT_KEPT:
            visit.front_answer = KeptAnswer.of(response)
        await self.begin(visit)
        return None

    async def _wall(self, front: Fetched) -> str:
        """What a site shows in its front page's place, "" where that is none of the walls we know."""
        try:
            outcome = await self.desk.read(extract, front.url, front.body, dict(front.headers))
        except PoolError:
            return ""
        return _WALLS.get(outcome.reason, "") if isinstance(outcome, Skip) else ""

    async def front_failed(self, failure: Failure) -> None:
        """The front page could not be had: this site's visit is over."""
        visit = self.desk.visit(cast(Any, failure).request.meta["site"])
        visit.failed(f"{visit.site.url} could not be fetched: {failures.sentence(_error_of(failure))}")
        visit.recognising = False
        self.desk.more(visit)

    async def begin(self, visit: SiteVisit) -> None:
        """Queues the first round of lists, and what is to be looked at again."""
        visit.planning = True
        try:
            await queue_lists(self.desk, visit, self.seeds(visit))
            await look_again(self.desk, visit, self.revisit_budget)
        finally:
            visit.planning = False
            self.desk.more(visit)

    async def next_round(self, visit: SiteVisit) -> bool:
        """Asks discovery for more lists, now that all have been read. False: the visit is over."""
        if await look_at_dated(self.desk, visit):
            return True
        while visit.recognised and visit.round < _MOST_ROUNDS:
            visit.round += 1
            planned = self.seeds(visit)
            if not planned:
                return False
            if await queue_lists(self.desk, visit, planned):
                return True
        return False

    async def end(self, visit: SiteVisit) -> None:
        """Saves what the visit leaves behind."""
        if visit.recognised:
            visit.profile = dict(discovery.learn(visit.profile, visit.lesson()))
        visit.front_answer = None
        learned = visit.noise.learned(visit.noise.lesson())  # of pages that are held back still: it was interrupted
        state = visit.end(self.desk.now())

        def save(store: Store) -> None:
            store.sites.save(state)
            store.sites.save_noise(visit.name, learned)

        await self.desk.do(save)

    # -- a page --------------------------------------------------------------------------------------------------

    def request_for(self, page: Page, *, render: bool | None = None) -> Request:
        """The request that a leased row stands for."""
        visit = self.desk.visit(page.site)
        is_list = page.link.kind == "list"
        meta: dict[str, Any] = {"site": page.site, "page": page}
        wants_browser = visit.render and (not is_list or page.link.method == "listing")
        headers = dict(validators.REVALIDATE)
        wants_browser = wants_browser and not self.desk.browser_problem() if render is None else render
        if wants_browser:
            meta |= browser_meta()  # nothing is believed of a 304 on a page that renders itself
        elif is_list or page.text_hash is not None:
            headers = validators.headers_for(page)
        if page.link.probe:
            meta["max_retry_times"] = 0
        front = visit.front_answer
        if is_list and front is not None and normalise(front.url) == page.link.url:
            meta[ANSWER], visit.front_answer = front, None
        return Request(
            page.link.url,
            callback=self.parse_list if is_list else self.parse_page,
            errback=self.page_failed,
            headers=headers,
            meta=meta,
            priority=page.priority,
            dont_filter=True,
        )

    async def parse_list(self, response: Response) -> None:
        """Reads a list."""
        page: Page = response.meta["page"]
        visit = self.desk.visit(page.site)
        visit.failures_in_row = 0
        method = page.link.method
        try:
            if response.status == 304:
                visit.answered(method, ok=True)
                await save_unmodified(self.desk, visit, page)
            elif response.status in OUTAGES:
                await self._list_failed(visit, page, f"answered {response.status}")
            else:
                is_answer = response.status < 400 or page.link.probe
                visit.answered(method, ok=is_answer, why=f"{page.link.url} answered {response.status}")
                fetched = fetched_of(response)
                async with visit.reading(method):
                    await save_found(self.desk, visit, page, fetched, await self.find(visit, page.link, fetched))
        except Exception as error:
            logger.exception("The list %s could not be read", page.link.url)
            await self._list_failed(visit, page, f"could not be read ({type(error).__name__})")

    async def _list_failed(self, visit: SiteVisit, page: Page, why: str) -> None:
        if page.link.probe:
            await self.desk.finish(visit, PageResult(page.id, state="held", reason=why, fetched_at=self.desk.now()))
            return
        visit.answered(page.link.method, ok=False)
        visit.failed(f"{page.link.url} {why}")
        await self.desk.retry(visit, page, why)

    async def parse_page(self, response: Response) -> AsyncIterator[Any]:
        """Reads an article's page; yields a PageRead, or the same page through a browser."""
        page: Page = response.meta["page"]
        visit = self.desk.visit(page.site)
        visit.failures_in_row = 0
        rendered = is_rendered(response)
        try:
            read = await self.pages.take(visit, page, fetched_of(response))
        except Exception as error:
            logger.exception("%s could not be read", page.link.url)
            visit.failed(f"{page.link.url} could not be read ({type(error).__name__})")
            await self.desk.retry(visit, page, "crashed")
            return
        if read is None:
            return
        if isinstance(read, Reading):
            self._hold(visit, response, read)
            if self.desk.ending():  # nothing that is asked for now is answered, not even by us
                for request in await self.hand_back(visit):
                    async for one in self.parse_page(request.meta.pop(ANSWER).to(request)):
                        yield one
            return
        if isinstance(read.outcome, Skip) and read.outcome.reason == SkipReason.NEEDS_BROWSER and not rendered:
            problem = self.desk.browser_problem()
            if not problem:
                yield self.request_for(page, render=True)
                return
            read = replace(read, outcome=replace(read.outcome, detail=problem))
        elif rendered and isinstance(read.outcome, Article):
            visit.ours["render"] = True
        yield read

    def _hold(self, visit: SiteVisit, response: Response, reading: Reading) -> None:
        if is_rendered(response):
            visit.ours["render"] = True
        first = visit.noise.first_pages
        self._held_bytes += first.hold(response.meta["page"], response, reading)
        if self._held_bytes > _ALL_HELD // 2:
            first.hurry(stop=self._held_bytes > _ALL_HELD)
        self.desk.look(visit)

    async def hand_back(self, visit: SiteVisit) -> list[Request]:
        """Ends what the first pages of a site teach: saves it, and asks for them once more. Where they were too few,
        others may teach later."""
        lesson = visit.noise.lesson()
        if lesson is not None:
            learned = visit.noise.learned(lesson)
            await self.desk.do(lambda store: store.sites.save_noise(visit.name, learned))
            visit.noise.believe(lesson)
        self._held_bytes -= visit.noise.first_pages.size
        return [self._again(held) for held in visit.noise.first_pages.let_go()]

    def _again(self, held: HeldPage) -> Request:
        request = self.request_for(held.page)
        request.meta[ANSWER] = held.answer
        if held.asked:
            request.meta["redirect_urls"] = held.asked
        return request

    async def page_failed(self, failure: Failure) -> AsyncIterator[Any]:
        """A leased page could not be had at all."""
        error = _error_of(failure)
        page: Page = cast(Any, failure).request.meta["page"]
        visit = self.desk.visit(page.site)
        why = failures.sentence(error)
        reason = failures.skip_reason(error)
        if page.link.kind == "list":
            await self._list_failed(visit, page, why)
        elif page.text_hash is not None:
            visit.failed(f"{page.link.url}: {why}")
            await self.desk.finish(visit, revisits.kept(page, self.desk.now(), status=None, reason=why))
        elif reason is not None:
            result = revisits.skipped(page, self.desk.now(), status=None, reason=str(reason))
            yield PageRead(visit, page, Skip(page.link.url, reason, why), result)
        else:
            visit.failed(f"{page.link.url}: {why}")
            await self.desk.retry(visit, page, why)
        if reason is None:
            self.desk.troubled(visit, why)


def _error_of(failure: Failure) -> BaseException:
    assert failure.value is not None
    return failure.value


def fetched_of(response: Response) -> Fetched:
    """An answer as discovery and extraction take it."""
    headers = {
        name.decode("latin-1").lower(): ", ".join(value.decode("latin-1") for value in values)
        for name, values in response.headers.items()
    }
    asked = (response.meta.get("redirect_urls") or [""])[0]
    return Fetched(response.url, response.status, headers, response.body, asked)


__all__ = ["MirrorSpider", "PageRead", "fetched_of"]
