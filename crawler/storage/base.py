# ruff: noqa: D101, D102  what a signature says needs no sentence beside it
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
from pathlib import Path
from typing import Any, Literal, Protocol

from crawler.discovery.base import Link
from crawler.items import Article, Skip, Verdict


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
    ) -> int:
        """Queues links that are not known; a known page becomes due only where `Link.modified` or `poll` says so
        (a `poll` list not if it was read since `visit`, the start of this visit). A known key under an unknown URL
        is no new page: the known one is looked at again. Pages never read that say they are older than `since` do
        not become due. Returns how many rows became due by this."""

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

    def wake(self, site: str, *, now: datetime, limit: int, priority: int) -> int:
        """Wants up to `limit` articles whose time on the revisit ladder has come. Returns how many."""

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

    def by_id(self, page_id: int) -> Page | None: ...

    def by_key(self, site: str, key: str) -> Page | None: ...

    def reasons(self, site: str, state: PageState) -> Mapping[str, int]:
        """Reason -> number of article rows in a state."""

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

    def forget(self, name: str) -> int:
        """Drops a site's state and skips. Returns how many rows."""


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


@dataclass(frozen=True, slots=True)
class Saved:
    """What one save did. `before` is the article as it stood, without its text; None where the URL is new."""

    id: int
    text_new: bool
    """The text was not held for this URL: there is a sketch to look up."""
    changed: bool
    """Anything that a verdict can rest on is new: text, title, times, clues …"""
    before: Article | None = None
    superseded: bool = False
    """An earlier state of a page of which we hold a later one: kept as a version, the article stays as it is."""


@dataclass(frozen=True, slots=True)
class Head:
    """An article without its text (empty there): all that evidence is drawn from."""

    id: int
    article: Article
    sketch_id: int
    """Of its present text."""


@dataclass(frozen=True, slots=True)
class StoredSketch:
    """One packed sketch. Ids only grow: an edit makes a new one, so `id > last seen` is all that is new."""

    id: int
    article_id: int
    data: bytes
    url: str
    time: int | None
    """Stated time, first sight where none is stated, in microseconds since 1970."""


class Articles(Protocol):
    """Articles by URL. Every text change keeps the version before it."""

    def put(self, article: Article, sketch: bytes, text_hash: str, *, recipe: str, now: datetime) -> Saved:
        """Inserts or updates; the earliest first_seen is kept. Only the linker calls this: what is saved must also
        be queued for its verdict, in the same transaction.

        A state of the page that was fetched before the one we hold becomes an earlier version of it. `recipe` names
        how the sketch was made.
        """

    def heads(self, ids: Iterable[int]) -> dict[int, Head]: ...

    def ids(self, urls: Iterable[str]) -> dict[str, int]:
        """URL -> number, of those that are held."""

    def sketches(self, after: int) -> Iterator[StoredSketch]:
        """Sketches of all versions with an id above `after`, in order of id, streamed."""

    def sketch_texts(self, sketch_ids: Iterable[int]) -> dict[int, SketchText]:
        """The text that each sketch was made of."""

    def texts_of(self, article_id: int) -> dict[int, str]:
        """Sketch id -> text, of every version of an article."""

    def sketches_of(self, article_ids: Iterable[int]) -> dict[int, bytes]:
        """Sketch id -> packed sketch, of all versions of these articles."""

    def sketch_ids(self, after: int, limit: int) -> list[int]:
        """The next ids above `after`."""

    def packed(self, sketch_ids: Iterable[int]) -> dict[int, bytes]:
        """Sketch id -> packed sketch."""

    def of_sketches(self, sketch_ids: Iterable[int]) -> dict[int, int]:
        """Sketch id -> article, whatever version it is of."""

    def resketch(self, sketch_id: int, data: bytes, *, recipe: str) -> None:
        """Replaces a sketch that was made by another recipe."""

    def recipes(self) -> set[str]:
        """The recipes by which the stored sketches were made."""

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


@dataclass(frozen=True, slots=True)
class SketchText:
    """The text behind a sketch, and what puts two texts in one order whatever came first: (url, text_hash)."""

    article_id: int
    url: str
    text_hash: str
    text: str
    sketch: bytes


@dataclass(frozen=True, slots=True)
class StoredMatch:
    """A verified pair of texts. `left` is the one with the smaller (url, text_hash), whichever arrived first.

    `copied` and `coverage` are the shares of the left and of the right text's words that stand in shared passages;
    `passages` are (left_start, left_end, right_start, right_end) in characters.
    """

    left_sketch: int
    right_sketch: int
    left: int
    right: int
    kind: str
    copied: float
    coverage: float
    left_words: int
    right_words: int
    longest: int
    """Words of the longest run that both share."""
    jaccard: float
    passages: tuple[tuple[int, int, int, int], ...]
    standing: int = 0
    """A mark of the standing text that was not counted; 0 where there was none."""


class Links(Protocol):
    """What the linker remembers between two decisions, so that deciding again needs no reading of texts."""

    def add_matches(self, matches: Iterable[StoredMatch]) -> list[StoredMatch]:
        """Returns those that are new; a pair that is held already is left alone."""

    def drop(self, matches: Iterable[StoredMatch]) -> None:
        """Forgets verified pairs."""

    def matches_of(self, article_ids: Iterable[int]) -> dict[int, list[StoredMatch]]:
        """The matches of each article, on whichever side it stands, of all versions."""

    def drop_matches(self) -> None:
        """Forgets all that is drawn from texts: pairs, pointers, endorsements."""

    def endorsed(self, article_ids: Iterable[int]) -> dict[int, int]:
        """Article -> how much other pages with its text credit it, where they do."""

    def set_endorsed(self, article_id: int, level: int) -> None: ...

    def segments(self) -> list[dict[str, Any]]:
        """The files that the posting index is made of."""

    def set_segments(self, segments: Sequence[Mapping[str, Any]]) -> None: ...

    def matched_of_site(self, site: str) -> list[int]:
        """The articles of a site that have a match."""

    def parents_of(self, article_ids: Iterable[int]) -> dict[int, tuple[int, ...]]: ...

    def children_of(self, article_ids: Iterable[int]) -> set[int]:
        """The articles that were decided to come from these."""

    def set_parents(self, article_id: int, parents: Iterable[int]) -> None: ...

    def queue(self, article_ids: Iterable[int], cause: Cause) -> None:
        """Puts articles into `undecided`; a stronger cause that stands there stays."""

    def queue_all(self, cause: Cause) -> None: ...

    def queued(self, article_ids: Iterable[int]) -> dict[int, Cause]:
        """Those of the articles that stand in `undecided`."""

    def queued_as(self, cause: Cause, limit: int | None) -> list[int]:
        """Articles that wait for that cause and are still to be looked up (or, for again, to be decided), lowest id
        first."""

    def queued_ids(self) -> list[int]: ...

    def unmatched(self, limit: int) -> list[int]:
        """Articles in `undecided` whose sketches are still to be looked up, lowest id first."""

    def set_matched(self, article_ids: Iterable[int]) -> None: ...

    def unqueue(self, article_ids: Iterable[int]) -> None: ...

    def set_stale(self, sites: Iterable[str]) -> None:
        """Marks sites whose matched articles are to be decided again when the queue is drained."""

    def stale_sites(self) -> list[str]: ...

    def clear_stale(self, sites: Iterable[str]) -> None: ...

    def judgement(self, url: str) -> Judgement | None: ...

    def judgements(self) -> list[Judgement]: ...

    def set_judgement(self, judgement: Judgement) -> None: ...

    def clear_judgement(self, url: str) -> bool: ...


Cause = Literal["again", "rematch", "changed", "new"]
"""Why an article waits for its verdict, from weak to strong. All but again have sketches to look up; new and changed
are told as events."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """An editor's word on one page, by URL, so that it outlives the row it speaks of."""

    url: str
    ruling: Literal["original", "not_a_repost"]
    """original: it was taken from `original_url`."""
    original_url: str | None
    reason: str
    at: datetime


class Names(Protocol):
    """What sites call themselves, and which names their articles credit: counted, so that order does not matter."""

    def count(self, kind: NameKind, site: str, key: str, by: int) -> None:
        """Adds to a counter; rows that reach 0 vanish."""

    def counts(self, kind: NameKind, site: str | None = None) -> Iterator[tuple[str, str, int]]:
        """(site, key, count) of one kind."""

    def clear(self, kinds: Iterable[NameKind]) -> None:
        """Forgets counts, and with "credit" what each article credits, to count anew."""

    def credit(self, article_id: int, keys: Iterable[str]) -> None:
        """Replaces the names that an article credits."""

    def crediting(self, key: str, site: str | None = None) -> list[int]:
        """Articles that credit a name, only of one site if given."""


NameKind = Literal["own", "suffix", "titles", "credit", "later"]
"""own: og:site_name and its like. suffix: ends of titles. titles: how many titles were seen (key ""). credit: names and
hosts that pages point to. later: verified pairs in which the site was later than the site `key`."""


class Verdicts(Protocol):
    """The verdict lines of each article, with their revision; and the queue of articles to decide (again)."""

    def of(self, article_id: int) -> tuple[Verdict, ...]: ...

    def select(
        self,
        *,
        site: str | None = None,
        since: datetime | None = None,
        min_confidence: float = 0.0,
        everything: bool = False,
    ) -> Iterator[Verdict]:
        """Reposts and siblings (or every article), newest publication first, streamed."""

    def story(self, story: str) -> list[Verdict]: ...

    def stories(self) -> Iterator[str]:
        """Ids of stories with more than one page."""

    def undecided(self, limit: int) -> list[int]: ...

    def undecided_count(self) -> int: ...

    def many(self, article_ids: Iterable[int]) -> dict[int, tuple[Verdict, ...]]: ...

    def replace(self, article_id: int, lines: Sequence[Verdict]) -> None:
        """Replaces an article's lines as they stand here, revision included."""

    def naming(self, publisher: str) -> list[int]:
        """Articles whose verdict names a publisher."""


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

    def add_many(self, events: Iterable[tuple[str, Mapping[str, Any]]], at: datetime) -> None: ...

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
    names: Names
    folder: Path
    """Beside the store, for structures that can be made anew from it."""

    def transaction(self) -> AbstractContextManager[None]: ...

    def hold(self, site: str) -> None:
        """Holds a site for this process until `close`, by an OS file lock. Raises SiteHeld."""

    def skip(self, skip: Skip, site: str, at: datetime) -> None: ...

    def version(self) -> int:
        """Grows whenever another process has written: what is cached of the store may be stale."""

    def close(self) -> None: ...
