"""What every store can do. One protocol a room of the store; the contract suite runs over each backend.

All methods are synchronous and are called on the one writer thread (or in a command's only thread). Methods that
write must run inside `with store.transaction():`; what was done there is durable when the block has been left.
Moments are aware datetimes in UTC on the way out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from crawler.discovery.base import Link
from crawler.items import Article, Skip, Verdict


class StoreError(Exception):
    """The store cannot be used; the message is one clear sentence for the operator."""


class SiteHeld(StoreError):
    """Another run holds this site."""


# -- frontier and memory: one row for each URL ever seen ---------------------------------------------------------

PageState = Literal["queued", "leased", "held", "missing", "gone", "skipped", "dead", "off"]
"""queued: to be fetched when due. leased: in flight. held: fetched and known. missing: answered 404, not yet
believed. gone: deleted. skipped: fetched, no article (reason says why). dead: given up after repeated failure.
off: not wanted any more."""


@dataclass(frozen=True, slots=True)
class Page:
    """One row of the frontier."""

    id: int
    site: str
    link: Link
    """What discovery said; `link.url` is the normalised identity of the row."""
    state: PageState
    due_at: datetime | None
    """When to fetch (again); None: not by itself."""
    priority: int = 0
    depth: int = 0
    attempts: int = 0
    status: int | None = None
    reason: str = ""
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    """Of a list's bytes."""
    text_hash: str | None = None
    """Of an article's extracted text."""
    first_seen: datetime | None = None
    fetched_at: datetime | None = None
    ladder: int = 0
    misses: int = 0
    missing_since: datetime | None = None
    parent: int | None = None
    """The list on which it was found."""
    memo: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PageResult:
    """The end of one lease, saved in the commit that makes what came of it durable."""

    page_id: int
    state: PageState
    status: int | None = None
    reason: str = ""
    final_url: str | None = None
    """Where redirects ended, normalised, if elsewhere."""
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    text_hash: str | None = None
    fetched_at: datetime | None = None
    due_at: datetime | None = None
    ladder: int = 0
    misses: int = 0
    missing_since: datetime | None = None
    memo: Mapping[str, Any] | None = None


class Pages(Protocol):
    """The frontier's table."""

    def add(self, site: str, links: Sequence[Link], *, now: datetime, priority: int = 0, depth: int = 0,
            parent: int | None = None, due_at: datetime | None = None) -> int:
        """Queues links that are not known; a known page becomes due only where `Link.modified` or `poll` says so.
        Returns how many rows became due by this."""

    def lease(self, sites: Sequence[str], *, now: datetime, owner: str, until: datetime, limit: int,
              per_site: int) -> list[Page]:
        """Takes due rows, fair over sites, highest priority first, and marks them leased."""

    def renew(self, owner: str, until: datetime) -> None: ...

    def finish(self, result: PageResult) -> None:
        """Ends a lease. A page that was finished already is left alone."""

    def retry(self, page_id: int, *, due_at: datetime, reason: str, dead_after: int) -> PageState:
        """Ends a lease without a result: queued again, or dead after that many attempts."""

    def release(self, sites: Sequence[str], owner: str | None = None) -> int:
        """Gives leases back to the queue (of one owner, or all of the sites': their run is dead)."""

    def get(self, url: str) -> Page | None: ...

    def by_id(self, page_id: int) -> Page | None: ...

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


class Sites(Protocol):
    def get(self, name: str) -> SiteState | None: ...

    def save(self, state: SiteState) -> None: ...

    def all(self) -> list[SiteState]: ...


# -- articles, their sketches and the verified passages between them ---------------------------------------------


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article as the store holds it. `id` is the store's own number; `sketch` the packed sketch of its text."""

    id: int
    article: Article
    text_hash: str
    version: int
    sketch: bytes
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Version:
    """An earlier text of an article."""

    number: int
    text_hash: str
    title: str
    text: str
    until: datetime
    """When a later text replaced it here."""


class Articles(Protocol):
    """Articles by URL. Every text change keeps the version before it."""

    def save(self, article: Article, sketch: bytes, text_hash: str) -> tuple[int, bool]:
        """Inserts or updates; first_seen of an earlier save is kept. Returns (id, whether the text is new here)."""

    def get(self, url: str) -> StoredArticle | None: ...

    def by_id(self, article_id: int) -> StoredArticle | None: ...

    def many(self, ids: Iterable[int]) -> dict[int, StoredArticle]: ...

    def all(self, *, site: str | None = None, since: datetime | None = None) -> Iterator[StoredArticle]:
        """In order of id, streamed."""

    def count(self) -> int: ...

    def versions(self, article_id: int) -> list[Version]: ...

    def mark_gone(self, url: str, gone: bool, now: datetime) -> None:
        """The article keeps its place in every story."""


# -- verdicts and what is told -----------------------------------------------------------------------------------


class Verdicts(Protocol):
    """The verdict lines of each article, with their revision; and the queue of articles to decide (again)."""

    def of(self, article_id: int) -> tuple[Verdict, ...]: ...

    def select(self, *, site: str | None = None, since: datetime | None = None, min_confidence: float = 0.0,
               everything: bool = False) -> Iterator[Verdict]:
        """Reposts and siblings (or every article), newest publication first, streamed."""

    def story(self, story: str) -> list[Verdict]: ...

    def stories(self) -> Iterator[str]:
        """Ids of stories with more than one page."""

    def undecided(self, limit: int) -> list[int]: ...


@dataclass(frozen=True, slots=True)
class Event:
    """One row of the outbox: what happened, once, in order. `payload` is JSON-serialisable."""

    seq: int
    kind: str
    """article.new, article.changed, article.gone, article.missing, verdict.new, verdict.revised."""
    at: datetime
    payload: Mapping[str, Any]


class Outbox(Protocol):
    """Events in order of `seq`, and how far each sink has read."""

    def add(self, kind: str, payload: Mapping[str, Any], at: datetime) -> None: ...

    def read(self, sink: str, limit: int) -> list[Event]: ...

    def advance(self, sink: str, seq: int) -> None: ...

    def prune(self) -> int:
        """Drops what every known sink has taken. Returns how many rows."""


class Store(Protocol):
    pages: Pages
    sites: Sites
    articles: Articles
    verdicts: Verdicts
    outbox: Outbox

    def transaction(self) -> AbstractContextManager[None]: ...

    def hold(self, site: str) -> None:
        """Holds a site for this process until `close`, by an OS file lock. Raises SiteHeld."""

    def skip(self, skip: Skip, site: str, at: datetime) -> None: ...

    def close(self) -> None: ...
