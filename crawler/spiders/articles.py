"""What became of an article's page: an article, no article, the same as before, or gone."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from crawler.discovery.base import Fetched
from crawler.discovery.urls import normalise, same_site
from crawler.extraction import Known, Noise, text_hash
from crawler.extraction.pool import PoolCrash, PoolMemory, PoolTimeout
from crawler.extraction.worker import Reading, read
from crawler.items import Article, Clue, Skip, SkipReason
from crawler.spiders import revisits
from crawler.spiders.desk import Desk
from crawler.spiders.idle_lessons import IdleLessons
from crawler.spiders.lists import DATED, OUTAGES, tell_gone
from crawler.spiders.site_noise import BY_NOISE
from crawler.spiders.visit import SiteVisit
from crawler.storage.base import Page, PageResult, Store

PASSING = frozenset(
    {
        SkipReason.BLOCKED,
        SkipReason.CAPTCHA,
        SkipReason.CONSENT_WALL,
        SkipReason.TIMEOUT,
        SkipReason.OUT_OF_MEMORY,
        SkipReason.CRASHED,
        SkipReason.NEEDS_BROWSER,
    }
)
"""Reasons that say nothing about the page itself: it is tried again, and one that we hold stays held."""

NOT_THERE = frozenset({SkipReason.SOFT_404, SkipReason.NOT_ARTICLE, SkipReason.TOO_SHORT, SkipReason.EMPTY})
"""Reasons by which a page that was an article before is on its way out, as with a 404."""


_WAS = "was"
"""In a page's memo: the URL from which it moved here."""


@dataclass(frozen=True, slots=True)
class PageRead:
    """An item on its way to the linker: what was read, and how the page's lease ends in the same commit.

    `result` is None where the page is tried again. `is_new`: no text of this page was held before.
    """

    visit: SiteVisit
    page: Page
    outcome: Article | Skip
    result: PageResult | None
    sketch: bytes | None = None
    text_hash: str | None = None
    is_new: bool = True


class ArticlePages:
    """Decides over the answers to article pages of one run."""

    def __init__(
        self, desk: Desk, amend: Callable[[Article, Fetched], Article | Skip], *, obey_meta: bool = True
    ) -> None:
        self._desk = desk
        self._amend = amend
        self._obey_meta = obey_meta
        self._lessons = IdleLessons(desk)

    async def take(self, visit: SiteVisit, page: Page, fetched: Fetched) -> PageRead | Reading | None:
        """What came of one answer; None where the lease has been ended already and there is nothing to tell.

        A Reading is an article that is to be held back: what it teaches is wanted before it is kept.
        """
        final = normalise(fetched.url) or page.link.url
        if fetched.status == 304:
            await self._same(visit, page, fetched.status, None)
            return None
        if fetched.status in (404, 410) or (final != page.link.url and _is_front(final, visit)):
            return await self._not_there(visit, page, fetched)
        if fetched.status >= 400:
            return await self._refused(visit, page, fetched.status)
        if not (same_site(final, visit.front) or same_site(final, visit.site.url)):
            return self._skip(visit, page, Skip(page.link.url, SkipReason.OFF_SITE, final), fetched.status)
        reading, by = await self._read_by_rules(visit, page, fetched, final)
        if isinstance(reading.outcome, Article) and self._obey_meta and (reading.noindex or reading.noarchive):
            asked = "noindex" if reading.noindex else "noarchive"
            reading = Reading(outcome=Skip(final, SkipReason.NOINDEX, f"the page asks for {asked}"))
        if isinstance(reading.outcome, Article):
            if visit.noise.first_pages.wants(page):
                visit.trail.proved(final, True)
                return reading
            reading = self._amended(reading, fetched)
        if isinstance(reading.outcome, Skip):
            return await self._no_article(visit, page, reading.outcome, fetched.status)
        return await self._article(visit, page, reading, by, fetched, final)

    async def _read_by_rules(self, visit: SiteVisit, page: Page, fetched: Fetched, final: str) -> tuple[Reading, int]:
        """Reads a page by what is known of the site's noise, and says by which; once more where that was learned
        meanwhile."""
        noise, by = visit.noise.rules_for(page)
        reading = await self._read(visit, page, fetched, final, noise)
        if visit.noise.rules_for(page)[1] != by:
            noise, by = visit.noise.rules_for(page)
            reading = await self._read(visit, page, fetched, final, noise)
        return reading, by

    async def _read(self, visit: SiteVisit, page: Page, fetched: Fetched, final: str, noise: Noise | None) -> Reading:
        known = Known(site=visit.name, hints=page.link, noise=noise, fetched_at=self._desk.now(), names=visit.names)
        try:
            return await self._desk.read(read, final, fetched.body, dict(fetched.headers), known)
        except PoolTimeout as error:
            skip = Skip(page.link.url, SkipReason.TIMEOUT, str(error))
        except PoolMemory as error:
            skip = Skip(page.link.url, SkipReason.OUT_OF_MEMORY, str(error))
        except PoolCrash as error:
            skip = Skip(page.link.url, SkipReason.CRASHED, str(error))
        return Reading(outcome=skip, sketch=None, text_hash=None)

    def _amended(self, reading: Reading, fetched: Fetched) -> Reading:
        article = reading.outcome
        assert isinstance(article, Article)
        outcome = self._amend(article, fetched)
        if isinstance(outcome, Article) and outcome.text != article.text:
            return replace(reading, outcome=outcome, sketch=None, text_hash=text_hash(outcome.text))
        return replace(reading, outcome=outcome)

    async def _article(
        self, visit: SiteVisit, page: Page, reading: Reading, by: int, fetched: Fetched, final: str
    ) -> PageRead | None:
        now = self._desk.now()
        article = reading.outcome
        assert isinstance(article, Article)
        visit.proved(final, True)
        known = page
        if final != page.link.url:
            target: Page | None = await self._desk.do(lambda store: store.pages.get(final))
            known = target or replace(page, text_hash=None)  # what we hold stands under the old address
        if known.text_hash is None and (of := await self._echo_of(visit, page, reading, final)):
            await self._end_echo(visit, page, fetched.status, of)
            return None
        left = await self._leave_old_address(visit, page, final)
        if known.text_hash == reading.text_hash and known.memo.get("title") == _title_mark(article):
            await self._same(visit, replace(known, id=page.id), fetched.status, final)
            return None
        if page.priority == DATED:
            visit.dates.proved(changed=True)
        result = revisits.stored(
            replace(known, id=page.id),
            now,
            status=fetched.status,
            text_hash=reading.text_hash,
            published=article.published_at or page.link.published,
            told=_is_told(visit, page),
        )
        result = replace(
            result,
            final_url=final,
            etag=fetched.headers.get("etag"),
            last_modified=fetched.headers.get("last-modified"),
            memo=_memo(article, by) | ({_WAS: was} if (was := left or known.memo.get(_WAS)) else {}),
        )
        if was:
            article = replace(article, clues=(*article.clues, Clue("moved_from", was)))
        if known.text_hash is None:
            visit.noise.observe(reading)
        article = replace(article, url=final, first_seen=known.first_seen or page.first_seen, fetched_at=now)
        return PageRead(visit, page, article, result, reading.sketch, reading.text_hash, is_new=known.text_hash is None)

    async def _echo_of(self, visit: SiteVisit, page: Page, reading: Reading, final: str) -> str:
        """The page that says the same and whose URL differs in the query only, held or on its way into the store; ""
        for none. Where a page moved from a query to none, its site says which of the two it wants."""
        assert isinstance(reading.outcome, Article)
        text, title = reading.text_hash or "", _title_mark(reading.outcome)
        alike = await self._desk.do(lambda store: store.pages.same_path(final, visit.name, text))
        held = [one.link.url for one in alike if one.memo.get("title") == title]
        if page.link.url in held:
            return page.link.url if "?" in final else ""
        first = held[0] if held else visit.trail.first_to_say(final, text + title)
        return first if first != final else ""

    async def _end_echo(self, visit: SiteVisit, page: Page, status: int, of: str) -> None:
        """Another address of a page that we have: nobody is told."""
        visit.trail.echoed(page.link.url)
        await self._lessons.echoed(visit, page.link.url, of)
        if of == page.link.url:  # each request is sent on to another query
            await self._same(visit, page, status, None)
            return
        await self._leave_old_address(visit, page, of)
        visit.counts["unchanged"] += 1
        result = PageResult(page.id, state="off", status=status, fetched_at=self._desk.now(), final_url=of)
        await self._desk.finish(visit, result)

    async def _leave_old_address(self, visit: SiteVisit, page: Page, final: str) -> str:
        """The URL under which we held this article until now, "" for none: that one redirects, or is not there any
        more while its key is shown under this URL."""
        old = page.link.url if page.text_hash is not None and final != page.link.url else page.memo.get("of")
        if not old or old == final:
            return ""
        now = self._desk.now()

        def leave(store: Store) -> bool:
            held = store.articles.get(old)
            if held is None or held.gone:
                return False
            store.articles.mark_gone(old, True, now)
            store.pages.left(old, final)
            store.outbox.add("article.moved", {"url": old, "site": visit.name, "to": final}, now)
            return True

        if not await self._desk.do(leave):
            return ""
        visit.counts["moved"] += 1
        return str(old)

    async def _same(self, visit: SiteVisit, page: Page, status: int, final: str | None) -> None:
        """Nothing new: the lease ends, nobody is told."""
        visit.counts["unchanged"] += 1
        if page.priority == DATED:
            visit.dates.proved(changed=False)
        result = revisits.unchanged(page, self._desk.now(), status=status, told=_is_told(visit, page))
        came_back = page.state in ("gone", "missing")

        def commit(store: Store) -> None:
            if came_back:
                store.articles.mark_gone(final or page.link.url, False, result.fetched_at or self._desk.now())

        await self._desk.finish(visit, replace(result, final_url=final), commit if came_back else None)

    async def _not_there(self, visit: SiteVisit, page: Page, fetched: Fetched) -> PageRead | None:
        now = self._desk.now()
        if fetched.status == 404:
            result = revisits.missed(page, now, status=404, reason="not found (404)")
        elif fetched.status == 410:
            result = revisits.gone(page, now, status=410, reason="deleted (410)")
        else:
            result = revisits.gone(page, now, status=fetched.status, reason="redirects to the front page")
        if page.text_hash is None:
            # A link that never led anywhere: an outcome of its own, nothing of ours is lost.
            return PageRead(visit, page, Skip(page.link.url, SkipReason.NOT_FOUND, result.reason), result)
        await self._lose(visit, page, result, now)
        return None

    async def _lose(self, visit: SiteVisit, page: Page, result: PageResult, now: datetime) -> None:
        """An article that we hold is missing, or gone."""
        is_news = result.state == "gone" or page.state != "missing"
        if is_news:
            visit.counts[result.state] += 1

        def commit(store: Store) -> None:
            if is_news:
                tell_gone(store, visit.name, page.link.url, result.state, result.reason, now)

        await self._desk.finish(visit, result, commit)

    async def _refused(self, visit: SiteVisit, page: Page, status: int) -> PageRead | None:
        """An error of the server, or a door that is shut: never taken for a deletion."""
        visit.failed(f"{page.link.url} answered {status}")
        if page.text_hash is not None:
            await self._keep(visit, page, status, f"answered {status}")
            return None
        if status in OUTAGES:
            await self._desk.retry(visit, page, f"answered {status}")
            return None
        return PageRead(visit, page, Skip(page.link.url, SkipReason.BLOCKED, f"answered {status}"), None)

    async def _keep(self, visit: SiteVisit, page: Page, status: int | None, reason: str) -> None:
        await self._desk.finish(visit, revisits.kept(page, self._desk.now(), status=status, reason=reason))

    async def _no_article(self, visit: SiteVisit, page: Page, skip: Skip, status: int) -> PageRead | None:
        if page.text_hash is None:
            if skip.reason not in PASSING:
                visit.proved(page.link.url, False)
            return self._skip(visit, page, skip, status)
        if skip.reason not in NOT_THERE:
            await self._keep(visit, page, status, str(skip.reason))
            return None
        now = self._desk.now()
        await self._lose(visit, page, revisits.missed(page, now, status=status, reason=str(skip.reason)), now)
        return None

    def _skip(self, visit: SiteVisit, page: Page, skip: Skip, status: int | None) -> PageRead:
        skip = replace(skip, url=page.link.url)
        if skip.reason in PASSING:
            return PageRead(visit, page, skip, None)
        result = revisits.skipped(page, self._desk.now(), status=status, reason=str(skip.reason))
        return PageRead(visit, page, skip, result)


def _is_front(url: str, visit: SiteVisit) -> bool:
    """Whether a URL is the site's front page, where deleted pages are often sent."""
    parts = urlsplit(url)
    return url in (normalise(visit.front), normalise(visit.site.url)) or (parts.path == "/" and not parts.query)


def _is_told(visit: SiteVisit, page: Page) -> bool:
    """Whether a list will say that this page was edited: the site's REST, or a sitemap that dates it."""
    dated = page.link.modified is not None and "sitemap" in visit.profile.get("methods", ())
    return visit.tells_of_edits or (dated and visit.dates.believed)


def _memo(article: Article, by: int) -> dict[str, Any]:
    return {"title": _title_mark(article), **({BY_NOISE: by} if by else {})}


def _title_mark(article: Article) -> str:
    """Tells one title from another; the title itself is the store's."""
    return f"{zlib.crc32(article.title.encode('utf-8', 'replace')):08x}"
