"""What a list showed becomes rows: one commit queues its links and saves its cursor and its validators.

A list's validators are saved only together with everything that it showed, or a crash followed by a 304 would hide
the new links for good.
"""

from __future__ import annotations

import logging
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from crawler import discovery
from crawler.discovery.base import Fetched, Found, Link, Visit
from crawler.discovery.parameters import without
from crawler.discovery.urls import normalise, same_site
from crawler.spiders.desk import Desk
from crawler.spiders.validators import body_hash, validators_of
from crawler.spiders.visit import SiteVisit
from crawler.storage.base import Page, PageResult, Store

logger = logging.getLogger(__name__)

# What goes first at a site. Fresh before backfill; what we hold is looked at again last.
POLL = 90
FRESH = 80
LOOK = 70
DATED = 65
"""Held articles for which a list states a new date: whether such dates can be believed is tried out on some first."""
LIST = 60
BACKFILL = 40
REVISIT = 20
AUDIT = 10

_GZIP = b"\x1f\x8b\x08"
_MAX_UNZIPPED = 50 * 1024 * 1024
_FRESH_FOR = timedelta(days=3)
OUTAGES = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 525, 526, 527, 530})
"""Statuses that say nothing about the page: the site, or what stands before it, is in trouble."""


@dataclass
class _Sorted:
    """The links of one list, as they go into the table."""

    lists: list[Link] = field(default_factory=list)
    fresh: list[Link] = field(default_factory=list)
    backfill: list[Link] = field(default_factory=list)
    deferred: list[Link] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)


def sort_links(found: Found, visit: SiteVisit, now: datetime) -> _Sorted:
    """Normalises, drops what leads off the site or is older than was asked for, and parts fresh from old. What says
    nothing in the URLs of the site's articles is left out of them."""
    links = _Sorted()
    for link in found.articles:
        url = without(normalise(link.url), visit.idle)
        if not url or not (same_site(url, visit.front) or same_site(url, visit.site.url)):
            continue
        links.shown.append(url)
        _group(links, link, visit.since, now).append(replace(link, url=url))
    for link in found.more:
        if url := normalise(link.url):
            links.lists.append(_as_list(replace(link, url=url), visit))
    return links


def _group(links: _Sorted, link: Link, since: datetime | None, now: datetime) -> list[Link]:
    if since is not None:
        # an undated link waits until all lists have been read: one of them may say that it is too old
        dated = links.deferred if link.published and link.published < since else links.fresh
        return dated if link.published else links.backfill
    is_old = link.published is not None and now - link.published > _FRESH_FOR
    return links.backfill if is_old else links.fresh


def _as_list(link: Link, visit: SiteVisit) -> Link:
    """In a full reading every list is read again, and wholly."""
    return replace(link, kind="list", poll=link.poll or visit.full, fresh=link.fresh or visit.full)


def read_list(method: str, fetched: Fetched, visit: Visit) -> Found:
    """What a list shows; runs in a worker. A zipped body (sitemap.xml.gz) is unzipped first, as far as it is sane."""
    if fetched.body[:3] == _GZIP:
        fetched = replace(fetched, body=_unzipped(fetched.body))
    return discovery.read(method, fetched, visit)


def _unzipped(body: bytes) -> bytes:
    """Whatever can be read of it, up to the size that the sitemap protocol allows."""
    reader = zlib.decompressobj(wbits=31)
    try:
        return reader.decompress(body, _MAX_UNZIPPED)
    except zlib.error:
        return b""


async def queue_lists(desk: Desk, visit: SiteVisit, planned: Sequence[Link]) -> int:
    """Queues the lists that discovery planned. Returns how many are to be read now."""
    lists = [_as_list(replace(link, url=url), visit) for link in planned if (url := normalise(link.url))]
    now, started, name = desk.now(), visit.started, visit.name

    def add(store: Store) -> int:
        polled = [link for link in lists if link.poll]
        others = [link for link in lists if not link.poll]
        return store.pages.add(name, polled, now=now, priority=POLL, visit=started) + store.pages.add(
            name, others, now=now, priority=LIST, visit=started
        )

    due = await desk.do(add) if lists else 0
    if due:
        desk.more(visit)
    return due


async def save_found(desk: Desk, visit: SiteVisit, page: Page, fetched: Fetched, found: Found) -> None:
    """Commits what one list gave, and ends its lease."""
    now, method, started = desk.now(), page.link.method, visit.started
    links = sort_links(found, visit, now)
    if not visit.trail.saw_list(page.id, page.parent, method, links.shown):
        visit.counts["barren"] += any(not link.probe for link in links.lists)
        links.lists = [link for link in links.lists if link.probe]
    if method == "listing":  # what only looks like an article; sitemaps and feeds are believed
        links.fresh = [link for link in links.fresh if not visit.trail.is_hopeless(link.url)]
    state = visit.interim(method, found.cursor)
    etag, last_modified = validators_of(fetched.headers, now) if fetched.status == 200 else (None, None)
    result = PageResult(
        page.id,
        state="held",
        status=fetched.status,
        reason=found.note,
        etag=etag,
        last_modified=last_modified,
        body_hash=body_hash(fetched.body),
        fetched_at=now,
        memo={},
    )
    lost: list[str] = []
    whole = page.id if found.whole else None  # an article belongs to the list that shows all of its kind
    groups = ((links.lists, LIST, page.id), (links.fresh, FRESH, whole), (links.backfill, BACKFILL, whole))

    def commit(store: Store) -> None:
        lost.clear()
        for group, priority, parent in groups:
            store.pages.add(
                visit.name,
                group,
                now=now,
                priority=priority,
                depth=page.depth + 1,
                parent=parent,
                visit=started,
                since=visit.since,
                aside=None if visit.tells_of_edits else DATED,
            )
        store.pages.defer(visit.name, links.deferred, now=now, parent=whole)
        if found.whole and fetched.status == 200:
            store.pages.vanished(page.id, links.shown, now=now, priority=LOOK)
        store.pages.look([without(normalise(url), visit.idle) for url in found.vanished], now=now, priority=LOOK)
        lost.extend(_declare_gone(store, visit, found, now))
        store.sites.save(state)

    await desk.finish(visit, result, commit)
    if found.cursor is not None:
        visit.remember_cursor(method, found.cursor)
    visit.counts["gone"] += len(lost)
    visit.counts["lists"] += 1
    if found.note:
        logger.info("%s: %s", fetched.url, found.note)
    desk.more(visit)


def _declare_gone(store: Store, visit: SiteVisit, found: Found, now: datetime) -> list[str]:
    """Marks what the site itself declared deleted. Returns the articles that we held."""
    urls = {url for one in found.gone if (url := without(normalise(one), visit.idle))}
    for key in found.gone_keys:
        known = store.pages.by_key(visit.name, key)
        if known is not None:
            urls.add(known.link.url)
    lost = []
    for url in sorted(urls):
        before = store.pages.mark(url, "gone", reason="its site no longer has it", now=now)
        if before is not None and before.state in ("held", "missing"):
            tell_gone(store, visit.name, url, "gone", "its site no longer has it", now)
            lost.append(url)
    return lost


def tell_gone(store: Store, site: str, url: str, kind: str, reason: str, now: datetime) -> None:
    """Records that an article we hold is `gone`, or `missing` for now, and tells the sinks."""
    if kind == "gone":
        store.articles.mark_gone(url, True, now)
    store.outbox.add(f"article.{kind}", {"url": url, "site": site, "reason": reason}, now)


async def save_unmodified(desk: Desk, visit: SiteVisit, page: Page) -> None:
    """A list answered 304."""
    result = PageResult(
        page.id,
        state="held",
        status=304,
        etag=page.etag,
        last_modified=page.last_modified,
        body_hash=page.body_hash,
        fetched_at=desk.now(),
        memo={"unmodified": int(page.memo.get("unmodified", 0)) + 1},
    )
    visit.counts["lists"] += 1
    await desk.finish(visit, result)
