# ruff: noqa: D102  what a signature says needs no sentence beside it
"""What every store can do with articles: their versions and sketches, the pairs between them, names, verdicts.

The other half of the contract stands in `base`, which hands these names on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias

from crawler.items import Article, Verdict

if TYPE_CHECKING:
    from crawler.storage.article_rows import Row, Said


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
    sketch: int | None = None
    """The number of its sketch, where the URL is new."""


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

        A state of the page that was fetched before the one we hold (where that is not told, changed before it) becomes
        an earlier version of it; one that is such a version changes nothing. `recipe` names how the sketch was made.
        """

    def put_many(self, rows: Sequence[Row], *, recipe: str, now: datetime) -> list[Saved]:
        """As `put` for each in turn, but faster where the URLs are new: their sketches get numbers without a gap."""

    def heads(self, ids: Iterable[int]) -> dict[int, Head]: ...

    def told(self, ids: Iterable[int]) -> dict[int, dict[str, Any]]:
        """What articles say but for their text, as JSON tells it; empty fields are left out."""

    def ids(self, urls: Iterable[str]) -> dict[str, int]:
        """URL -> number, of those that are held."""

    def said(self, urls: Iterable[str]) -> dict[str, tuple[Said, int | None]]:
        """URL -> what the page says and when it was first seen, in microseconds, of those that are held."""

    def sketches(self, after: int, below: int | None = None) -> Iterator[StoredSketch]:
        """Sketches of all versions with an id above `after` (and below another), in order of id, streamed."""

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

    def paired(self, pairs: Collection[tuple[int, int]]) -> set[tuple[int, int]]:
        """Those (left, right) of articles that have a match, of whatever versions."""

    def count_matches(self, article_ids: Iterable[int]) -> dict[int, int]:
        """Article -> how many matches it has, of all versions; those without one are left out."""

    def sharing_with(self, article_ids: Iterable[int]) -> set[int]:
        """The articles that have a match with one of these, and those of these that have any."""

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

    def set_parents(self, parents: Mapping[int, Iterable[int]]) -> None:
        """Replaces the pointers of articles."""

    def alone(self, article_ids: Iterable[int]) -> set[int]:
        """Those of the articles that share text with nobody, and whose clues point to nobody."""

    def queue(self, article_ids: Iterable[int], cause: Cause) -> None:
        """Puts articles into `undecided`; a stronger cause that stands there stays."""

    def queue_all(self, cause: Cause) -> None: ...

    def queued(self, article_ids: Iterable[int], *, ready: bool = False) -> dict[int, Cause]:
        """Those of the articles that stand in `undecided`; with `ready`, without those still to be looked up."""

    def ready(self, after: int, limit: int, *, crediting: bool = False) -> list[int]:
        """Articles in `undecided` with nothing left to be looked up, above a number, lowest id first; with
        `crediting` only those whose clues point to somebody or that are endorsed, or that share text with one whose
        do or that is."""

    def queued_as(self, cause: Cause, limit: int | None) -> list[int]:
        """Articles that wait for that cause and are still to be looked up (or, for again, to be decided), lowest id
        first."""

    def unmatched(self, limit: int | None) -> list[int]:
        """Articles in `undecided` whose sketches are still to be looked up, lowest id first."""

    def steps_left(self) -> int:
        """What waits in `undecided`, in steps: one for each decision, one for each look-up before it."""

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

    def count_many(self, kind: NameKind, changes: Sequence[tuple[str, str, int]]) -> None:
        """Adds to counters: (site, key, by)."""

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
        """Reposts and siblings but at addresses that an article left (or every article), newest publication first,
        streamed."""

    def story(self, story: str) -> list[Verdict]: ...

    def stories(self) -> Iterator[str]:
        """Ids of stories with more than one page."""

    def undecided(self, limit: int) -> list[int]: ...

    def undecided_count(self) -> int: ...

    def many(self, article_ids: Iterable[int]) -> dict[int, tuple[Verdict, ...]]: ...

    def replace(self, lines: Mapping[int, Sequence[Verdict]]) -> None:
        """Replaces the lines of articles as they stand here, revision included."""

    def packed(self, article_ids: Iterable[int]) -> dict[int, tuple[int, PackedLines]]:
        """The revision of several articles' lines, and the lines as `verdicts.pack` makes them; undecided ones are left
        out."""

    def put(self, packed: Mapping[int, tuple[int, PackedLines]]) -> None:
        """Replaces the lines of articles: the new revision, and the lines as `verdicts.pack` makes them."""

    def naming(self, publisher: str) -> list[int]:
        """Articles whose verdict names a publisher."""


PackedLines: TypeAlias = tuple[tuple[Any, ...], ...]
"""Verdict lines of one article as `verdicts.pack` makes them, without their revision."""
