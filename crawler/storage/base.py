# ruff: noqa: D101, D102  what a signature says needs no sentence beside it
"""What every store can do. One protocol a room of the store; the contract suite runs over each backend.

All methods are synchronous and are called on the one writer thread (or in a command's only thread). Methods that
write must run inside `with store.transaction():`; what was done there is durable when the block has been left.
Moments are aware datetimes in UTC on the way out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Protocol

from crawler.discovery.base import Link
from crawler.items import Skip
from crawler.storage.claims import Families, NumberRow, Numbers
from crawler.storage.texts import (
    Articles,
    Cause,
    Head,
    Judgement,
    Links,
    NameKind,
    Names,
    PackedLines,
    Saved,
    SketchText,
    StoredArticle,
    StoredMatch,
    StoredSketch,
    Verdicts,
    Version,
)

__all__ = [
    "Articles",
    "Cause",
    "Event",
    "Families",
    "Head",
    "Judgement",
    "Links",
    "NameKind",
    "Names",
    "NumberRow",
    "Numbers",
    "Outbox",
    "PackedLines",
    "Page",
    "PageFacts",
    "PageResult",
    "PageState",
    "Pages",
    "RobotsFile",
    "Saved",
    "SiteHeld",
    "SiteState",
    "Sites",
    "SketchText",
    "Store",
    "StoreError",
    "StoredArticle",
    "StoredMatch",
    "StoredSketch",
    "Verdicts",
    "Version",
]


class StoreError(Exception):
    """The store cannot be used; the message is one clear sentence for the operator."""


class SiteHeld(StoreError):  # noqa: N818  a state of affairs, not a mistake
    """Another run holds this site."""


# -- frontier and memory: one row for each URL ever seen ---------------------------------------------------------

PageState = Literal["queued", "held", "missing", "gone", "skipped", "dead", "off"]
"""queued: never fetched yet. held: fetched and known. missing: answered 404, not yet believed. gone: deleted.
skipped: fetched, no article (reason says why). dead: given up after repeated failure. off: another address of a
page that is known under a better one. Whether a page is wanted or in flight is not its state: a held article that
is being looked at again is held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """What the last answers told of a page, and when it is asked for again."""

    state: PageState
    status: int | None = None
    reason: str = ""
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    """Of a list's bytes."""
    text_hash: str | None = None
    """Of an article's extracted text."""
    fetched_at: datetime | None = None
    due_at: datetime | None = None
    """When to fetch (again); None: not by itself."""
    ladder: int = 0
    misses: int = 0
    missing_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page(PageFacts):
    """One row of the frontier."""

    id: int
    site: str
    link: Link
    """What discovery said; `link.url` is the normalised identity of the row."""
    priority: int = 0
    depth: int = 0
    attempts: int = 0
    first_seen: datetime | None = None
    parent: int | None = None
    """The list on which it was found."""
    memo: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PageResult(PageFacts):
    """The end of one lease, saved in the commit that makes what came of it durable: the row's facts from now on."""

    page_id: int
    final_url: str | None = None
    """Where redirects ended, normalised, if elsewhere; with state `off` the page of which this is an echo."""
    memo: Mapping[str, Any] | None = None
    """None: as it was."""


class Pages(Protocol):
    """The frontier's table."""

    def add(
        self,
        site: str,
        links: Sequence[Link],
        *,
        now: datetime,
        priority: int = 0,
        depth: int = 0,
        parent: int | None = None,
        due_at: datetime | None = None,
        visit: datetime | None = None,
        since: datetime | None = None,
        aside: int | None = None,
    ) -> int:
        """Queues links that are not known; a known page becomes due only where `Link.modified` or `poll` says so
        (a `poll` list not if it was read since `visit`, the start of this visit). A known key under an unknown URL
        is no new page: the known one is looked at again. Pages never read that say they are older than `since` do
        not become due. With `aside`, a held article whose date is newer is only put aside under that number, for
        `wake`. Returns how many rows became due by this."""

    def defer(self, site: str, links: Sequence[Link], *, now: datetime, parent: int | None = None) -> None:
        """Remembers links that are not wanted now."""

    def lease(
        self, sites: Sequence[str], *, now: datetime, owner: str, until: datetime, limit: int, per_site: int
    ) -> list[Page]:
        """Takes due rows, fair over sites, highest priority first, and marks them leased."""

    def renew(self, owner: str, until: datetime) -> None: ...

    def finish(self, result: PageResult) -> None:
        """Ends a lease. A page that was finished already is left alone."""

    def retry(self, page_id: int, *, due_at: datetime, reason: str, dead_after: int) -> PageState:
        """Ends a lease without a result: queued again, or dead after that many attempts."""

    def release(self, sites: Sequence[str], owner: str | None = None) -> int:
        """Gives leases back to the queue (of one owner, or all of the sites': their run is dead)."""

    def hasten(self, site: str, *, now: datetime) -> int:
        """Makes the lists due that wait for another try after a failure: a visit asks them now. Returns how many."""

    def wake(self, site: str, *, now: datetime, limit: int, priority: int, aside: int | None = None) -> int:
        """Wants up to `limit` articles whose time on the revisit ladder has come, or, with `aside`, of those that
        `add` put aside under that number. Returns how many."""

    def audit(self, site: str, *, now: datetime, limit: int, priority: int) -> int:
        """Wants up to `limit` held articles at random. Returns how many."""

    def revive(self, site: str, *, now: datetime, priority: int) -> int:
        """Wants the articles that were given up after repeated failure. Returns how many."""

    def vanished(self, parent: int, shown: Sequence[str], *, now: datetime, priority: int) -> int:
        """Wants the held articles last seen on a list that no longer shows them. Returns how many."""

    def look(self, urls: Sequence[str], *, now: datetime, priority: int) -> int:
        """Wants these articles to be looked at now, where they are held. Returns how many."""

    def mark(self, url: str, state: PageState, *, reason: str, now: datetime) -> Page | None:
        """Sets the state of a page whose own site declared what became of it. Returns the page as it stood, None if
        it is not known or in flight."""

    def get(self, url: str) -> Page | None: ...

    def same_path(self, url: str, site: str, text_hash: str) -> list[Page]:
        """Some held pages of a text whose URLs differ from this one in their query only, the first found first."""

    def addresses(self, site: str, limit: int) -> list[tuple[str, str]]:
        """(URL, text and title as one mark) of up to `limit` held articles whose URL has a query and of as many pages
        that repeat a held one, and of those that they repeat; the last found first."""

    def held_urls(self, site: str, limit: int) -> list[str]:
        """Up to `limit` held articles, the last found first."""

    def drop_parameters(self, site: str, names: Collection[str], *, now: datetime) -> None:
        """A site's pages are known by their URLs without these parameters from now on: held ones keep theirs, and
        those that wait are asked for without."""

    def left(self, url: str, to: str) -> None:
        """A page has moved, and is not asked for at its old address any more; one in flight ends by itself."""

    def by_id(self, page_id: int) -> Page | None: ...

    def by_key(self, site: str, key: str) -> Page | None: ...

    def reasons(self, site: str, state: PageState) -> Mapping[str, int]:
        """Reason -> number of article rows in a state."""

    def of_state(self, site: str, state: PageState, limit: int) -> list[Page]:
        """Up to `limit` articles in a state, those first that were found first."""

    def forget(self, site: str, since: datetime | None = None) -> int:
        """Drops a site's rows, only those first seen since then if given. Returns how many."""

    def counts(self, site: str) -> Mapping[str, int]:
        """State -> number of article rows."""

    def waiting(self, sites: Sequence[str], now: datetime) -> tuple[int, datetime | None]:
        """How many rows are queued and due or leased, and the next due moment of the others."""


# -- sites -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SiteState:
    """What is remembered of a site, and what `scrapy sites` shows."""

    name: str
    url: str
    role: str = "unknown"
    aliases: tuple[str, ...] = ()
    profile: Mapping[str, Any] = field(default_factory=dict)
    """What recognition found: {"methods": {name: cursor}, "generator": …, "render": bool, "names": […]}."""
    first_visit: datetime | None = None
    last_visit: datetime | None = None
    next_due: datetime | None = None
    poll_seconds: int = 0
    new: int = 0
    changed: int = 0
    gone: int = 0
    errors: int = 0
    requests: int = 0
    """new … requests: of the last visit."""
    last_error: str = ""


@dataclass(frozen=True, slots=True)
class RobotsFile:
    """A robots.txt as it was answered: the status decides what an empty body means (RFC 9309)."""

    status: int
    body: bytes
    fetched_at: datetime


class Sites(Protocol):
    def get(self, name: str) -> SiteState | None: ...

    def save(self, state: SiteState) -> None: ...

    def all(self) -> list[SiteState]: ...

    def robots(self, origin: str) -> RobotsFile | None:
        """The robots.txt last fetched from an origin (scheme://host[:port])."""

    def save_robots(self, origin: str, file: RobotsFile) -> None: ...

    def noise(self, name: str) -> Mapping[str, Any] | None:
        """What was learned of the lines that recur over a site's pages (extraction's `Noise.to_dict`)."""

    def save_noise(self, name: str, learned: Mapping[str, Any]) -> None: ...

    def in_use(self, names: Collection[str]) -> set[str]:
        """Those of the names under which a site, a page or an article is held."""

    def rename(self, old: str, new: str) -> None:
        """Moves all that is known of a site, its articles and pages included, to another name."""

    def forget(self, name: str) -> int:
        """Drops a site's state and skips. Returns how many rows."""


# -- what is told ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Event:
    """One row of the outbox: what happened, once, in order. `payload` is JSON-serialisable."""

    seq: int
    kind: str
    """article.new, article.changed, article.gone, article.missing, article.moved, verdict.new, verdict.revised."""
    at: datetime
    payload: Mapping[str, Any]


class Outbox(Protocol):
    """Events in order of `seq`, and how far each sink has read."""

    def add(self, kind: str, payload: Mapping[str, Any], at: datetime) -> None: ...

    def read(self, sink: str, limit: int) -> list[Event]: ...

    def advance(self, sink: str, seq: int) -> None: ...

    def add_many(self, events: Iterable[tuple[str, Mapping[str, Any] | str]], at: datetime) -> None:
        """Appends (kind, payload) in their order; a payload may come as the JSON that `outbox.encoded` makes."""

    def cursors(self) -> dict[str, int]:
        """Sink -> the last `seq` that it has taken."""

    def pending(self, sink: str) -> int:
        """How many rows a sink has still to take."""

    def quarantine(self, sink: str, event: Event, reason: str, at: datetime) -> None:
        """Keeps an event that a sink refused for good, with the reason."""

    def quarantined(self, sink: str | None = None) -> list[tuple[str, Event, str]]:
        """(sink, event, reason) of what was refused."""

    def prune(self) -> int:
        """Drops what every known sink has taken. Returns how many rows."""


class Store(Protocol):
    pages: Pages
    sites: Sites
    articles: Articles
    verdicts: Verdicts
    outbox: Outbox
    links: Links
    families: Families
    names: Names
    numbers: Numbers
    folder: Path
    """Beside the store, for structures that can be made anew from it."""

    def transaction(self) -> AbstractContextManager[None]: ...

    def hold(self, site: str) -> None:
        """Holds a site for this process until `close`, by an OS file lock. Raises SiteHeld."""

    def skip(self, skip: Skip, site: str, at: datetime) -> None: ...

    def version(self) -> int:
        """Grows whenever another process has written: what is cached of the store may be stale."""

    def close(self) -> None: ...
