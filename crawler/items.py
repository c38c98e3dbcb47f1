"""The shared words: what a page says, what we conclude, and on what evidence.

Frozen dataclasses, so that an item can cross processes, pipelines and stores without anybody changing it on the
way. This module imports nothing of the project.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Literal

Precision = Literal["second", "minute", "day"]
Status = Literal["original", "repost", "sibling", "unknown"]
Relation = Literal["verbatim", "excerpt", "edited", "roundup", "translation", "attributed", "same_site"]


class SkipReason(StrEnum):
    """Why a page gave no article: a closed list, one word each, so that stats add up to the pages seen."""

    TOO_SHORT = "too_short"
    NOT_ARTICLE = "not_article"
    NOT_HTML = "not_html"
    EMPTY = "empty"
    NOT_FOUND = "not_found"
    SOFT_404 = "soft_404"
    BLOCKED = "blocked"
    CAPTCHA = "captcha"
    CONSENT_WALL = "consent_wall"
    PAYWALL = "paywall"
    NEEDS_BROWSER = "needs_browser"
    NOINDEX = "noindex"
    ROBOTS = "robots"
    OFF_SITE = "off_site"
    TOO_LARGE = "too_large"
    TIMEOUT = "timeout"
    OUT_OF_MEMORY = "out_of_memory"
    CRASHED = "crashed"


# C0 without tab and line ends, DEL, C1, surrogates; overrides, embeddings and isolates of the writing direction; what
# is never seen and needed by no script: soft hyphen, word joiner, invisible operators, byte order mark, tags.
_NEVER = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u180e\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff"
    "\U000e0000-\U000e007f"
)
_MARKS = "\u200e\u200f\u061c"
_SUSPECT = re.compile(f"[{_NEVER}{_MARKS}\x85\u200b-\u200d]")
_UNSEEN = re.compile(f"[{_NEVER}]")
# What scripts need stays where they need it: (non-)joiners behind a letter of a script that joins, or in an emoji; zero
# width spaces behind a letter of Southeast Asia; direction marks singly, where anything is written from the right.
_JOINING = "\u0600-\u061b\u061d-\u180d\u180f-\u1cff\u2190-\u2bff\ua800-\uabff\ufb50-\ufefe\U0001f000-\U0001faff"
_IDLE = re.compile(
    f"(?<![{_JOINING}])[\u200c\u200d]|(?<![\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff])\u200b",
)
_AGAIN = re.compile(f"(?<=[{_MARKS}])[{_MARKS}]+")
_ANY_MARK = re.compile(f"[{_MARKS}]+")
_FROM_THE_RIGHT = re.compile("[\u0590-\u061b\u061d-\u08ff\ufb1d-\ufefe\U00010800-\U00010fff\U0001e800-\U0001efff]")


def plain(text: str) -> str:
    """A stranger's text without what moves a terminal's cursor, turns the reading order of a page or is not seen at
    all, however much of it there is; a next-line sign (U+0085) becomes a blank."""
    if (text.isascii() and text.isprintable()) or _SUSPECT.search(text) is None:
        return text
    text = _IDLE.sub("", _UNSEEN.sub("", text).replace("\x85", " "))
    return (_AGAIN if _FROM_THE_RIGHT.search(text) else _ANY_MARK).sub("", text)


def to_iso(moment: datetime | None) -> str | None:
    """ISO 8601 with the moment's own offset; Scrapy's JSON encoder would drop it."""
    return None if moment is None else moment.isoformat()


def from_iso(text: str | None) -> datetime | None:
    """An aware datetime; text without an offset is taken as UTC. Raises ValueError on anything else."""
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


# How Scrapy's feed exports write what JSON has no form for.
_MOMENT = {"serializer": to_iso}
_RECORDS = {"serializer": lambda records: [record.to_dict() for record in records]}


@dataclass(frozen=True, slots=True)
class Clue:
    """Something a page says about where its text comes from.

    `kind` is one of the words documented in docs/clues.md ("canonical", "title_suffix", "credit", "dateline", …);
    `target` is the URL, host or name it points to; `quote` is the page's own wording, bounded.
    """

    kind: str
    target: str
    quote: str = ""

    def to_dict(self) -> dict[str, str]:
        """The public JSON form."""
        return {"kind": self.kind, "target": self.target, "quote": self.quote}


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason for a verdict, in a sentence that a person can check.

    `signal` names the function in attribution/signals/; `origin` is the URL or publisher it speaks for; `weight`
    is in log-odds (positive: for `origin` as the source); `reason` is the sentence.
    """

    signal: str
    origin: str
    weight: float
    reason: str

    def to_dict(self) -> dict[str, Any]:
        """The public JSON form."""
        return {"signal": self.signal, "origin": self.origin, "weight": round(self.weight, 3), "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one article is, and why: one JSON line. A round-up has one for each source.

    `copied` and `coverage` are shares from 0 to 1: of this page's words that stand in passages shared with
    `original_url`, and of the original's words. `lag_seconds` is `published` minus `original_published`.
    """

    url: str
    site: str
    story: str
    status: Status
    original_url: str | None = None
    via_url: str | None = None
    publisher: str | None = None
    relation: Relation | None = None
    confidence: float = 0.0
    copied: float = 0.0
    coverage: float = 0.0
    published: datetime | None = None
    original_published: datetime | None = None
    lag_seconds: int | None = None
    evidence: tuple[Evidence, ...] = ()
    revision: int = 1

    def to_dict(self) -> dict[str, Any]:
        """The public JSON form, keys in the order of the documentation."""
        return {
            "url": self.url,
            "site": self.site,
            "story": self.story,
            "original_url": self.original_url,
            "via_url": self.via_url,
            "publisher": self.publisher,
            "status": self.status,
            "relation": self.relation,
            "confidence": round(self.confidence, 3),
            "copied": round(self.copied, 4),
            "coverage": round(self.coverage, 4),
            "published": to_iso(self.published),
            "original_published": to_iso(self.original_published),
            "lag_seconds": self.lag_seconds,
            "evidence": [one.to_dict() for one in self.evidence],
            "revision": self.revision,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Verdict:
        """The inverse of `to_dict`; unknown keys are ignored."""
        known = {f.name for f in dataclasses.fields(cls)}
        values = {key: value for key, value in data.items() if key in known}
        values["published"] = from_iso(values.get("published"))
        values["original_published"] = from_iso(values.get("original_published"))
        values["evidence"] = tuple(Evidence(**one) for one in values.get("evidence") or ())
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Article:
    """What a page says, once.

    Paragraphs of `text` are separated by a blank line. `published_at` is the time that the page states, an aware
    datetime with the page's own offset; `first_seen` is when we first saw the URL, an upper bound of the true time.
    `origin` holds the article's verdict lines once it has been linked.
    """

    url: str
    site: str
    title: str
    text: str
    authors: tuple[str, ...] = ()
    language: str | None = None
    published_at: datetime | None = field(default=None, metadata=_MOMENT)
    modified_at: datetime | None = field(default=None, metadata=_MOMENT)
    published_precision: Precision | None = None
    fetched_at: datetime | None = field(default=None, metadata=_MOMENT)
    first_seen: datetime | None = field(default=None, metadata=_MOMENT)
    section: str | None = None
    tags: tuple[str, ...] = ()
    image: str | None = None
    images: tuple[str, ...] = ()
    site_name: str | None = None
    generator: str | None = None
    clues: tuple[Clue, ...] = field(default=(), metadata=_RECORDS)
    origin: tuple[Verdict, ...] = field(default=(), metadata=_RECORDS)

    def to_dict(self) -> dict[str, Any]:
        """The public JSON form: what `-O out.jsonl` writes and `scrapy load` reads."""
        data: dict[str, Any] = {}
        for one in dataclasses.fields(self):
            value = getattr(self, one.name)
            if isinstance(value, datetime):
                value = to_iso(value)
            elif one.name in ("clues", "origin"):
                value = [record.to_dict() for record in value]
            elif isinstance(value, tuple):
                value = list(value)
            data[one.name] = value
        return data


@dataclass(frozen=True, slots=True)
class Skip:
    """A page that gave no article, and why. Stored and counted, never fed to item exporters."""

    url: str
    reason: SkipReason
    detail: str = ""
