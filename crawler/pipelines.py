"""Items on their way out: an article is linked, and goes on with its verdicts; a skip is noted, and stops here."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem, NotConfigured

from crawler.attribution.arrivals import Arrival
from crawler.extensions import CrawlRun, RunDesk
from crawler.items import Article, Skip
from crawler.spiders.articles import PageRead
from crawler.storage.base import Store, StoreError

logger = logging.getLogger(__name__)


class LinkPipeline:
    """The first pipeline: takes a `PageRead`, hands on an `Article` with its `origin`.

    Only what is new or changed is handed on, to feeds (`-O`) and to pipelines of one's own.
    """

    def __init__(self, crawler: Crawler, desk: RunDesk) -> None:
        self._crawler = crawler
        self._desk = desk

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> LinkPipeline:
        """Off for spiders that know no sites."""
        run = crawler.get_extension(CrawlRun)
        if run is None:
            raise NotConfigured
        return cls(crawler, run.desk)

    async def process_item(self, item: Any) -> Any:
        """Links an article, or notes a skip; other items pass as they are."""
        if not isinstance(item, PageRead):
            return item
        if isinstance(item.outcome, Skip):
            await self._skip(item, item.outcome)
            raise DropItem(f"{item.outcome.url}: {item.outcome.reason}", log_level="DEBUG")
        return await self._link(item, item.outcome)

    async def _link(self, read: PageRead, article: Article) -> Article:
        visit = read.visit
        arrival = Arrival(article, read.sketch, read.text_hash, read.result)
        try:
            verdicts = await self._desk.link(visit, arrival)
        except StoreError as error:
            raise DropItem(f"{article.url}: {error}", log_level="DEBUG") from error
        except Exception as error:
            logger.exception("%s could not be linked", article.url)
            visit.failed(f"{article.url} could not be linked ({type(error).__name__})")
            visit.counts["unlinked"] += 1
            await self._desk.retry(visit, read.page, "could not be linked")
            raise DropItem(f"{article.url} could not be linked", log_level="DEBUG") from error
        if read.is_new:
            visit.found_new(read.page.link.method, article.published_at)
        else:
            visit.counts["changed"] += 1
        return replace(article, origin=verdicts)

    async def _skip(self, read: PageRead, skip: Skip) -> None:
        visit = read.visit
        visit.skips[str(skip.reason)] += 1
        self._crawler.stats.inc_value(f"firstprint/skip/{skip.reason}")
        now = self._desk.now()

        def note(store: Store) -> None:
            store.skip(skip, visit.name, now)

        if read.result is None:
            await self._desk.do(note)
            await self._desk.retry(visit, read.page, str(skip.reason))
        else:
            await self._desk.finish(visit, read.result, note)
