"""What was chosen for an article: pointers to the pages that it was taken from, or stands beside, with the evidence."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from crawler.attribution.pairs import Page, Shared
from crawler.attribution.signals import TRACES
from crawler.attribution.weights import Weighed
from crawler.items import Evidence
from crawler.storage.base import Judgement

JUDGED = 20.0
"""Log-odds of an editor's word."""

Relationship = Literal["copy", "same_site", "sibling", "common"]
"""sibling: both credit one agency. common: both seem to come from one publisher whose page we do not hold."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A page with which verified passages are shared, seen from the article in question."""

    page: Page
    shared: Shared
    judgement: Judgement | None = None


@dataclass(frozen=True, slots=True)
class Pointer:
    """From an article to a page that it was taken from (or, as sibling or common, stands beside)."""

    parent: int
    relationship: Relationship
    score: float
    """Log-odds."""
    origin: str = ""
    """The parent's URL."""
    weighed: tuple[Weighed, ...] = ()
    judged: bool = False

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """What speaks for the parent and against it, strongest first."""
        told = [one.evidence(self.origin) for one in self.weighed]
        return tuple(sorted(told, key=lambda one: (-abs(one.weight), one.signal, one.reason)))

    @property
    def traces(self) -> float:
        """Weight of what shows that it was taken from this very page."""
        return sum(one.weight for one in self.weighed if one.signal in TRACES and one.weight > 0)

    @property
    def confidence(self) -> float:
        """The score as a probability."""
        return 1 / (1 + math.exp(-min(self.score, JUDGED)))


@dataclass(frozen=True, slots=True)
class Choice:
    """What an article comes from, one step up."""

    sources: tuple[Pointer, ...] = ()
    """The pages it was taken from; several for a round-up, the one that explains most first."""
    beside: tuple[Pointer, ...] = ()
    """Pages with the same upstream, earliest first."""
    first_beside: int | None = None
    """The earliest of them, where it is earlier than the article."""
    upstream: str | None = None
    """The agency or publisher that it credits and whose page is not among those with which it shares text."""
    credited: tuple[Evidence, ...] = ()
    """Why `upstream` is believed."""
    is_credited: bool = False
    """Those credits suffice to call it a repost."""
    refused: tuple[Evidence, ...] = ()
    """What speaks for and against the earliest page that those credits keep from being the source."""
    doubts: tuple[Evidence, ...] = ()
    """Of matches in which nobody can be called the source."""
    ruling: Judgement | None = None

    @property
    def parents(self) -> tuple[int, ...]:
        """All pages on which the article's root or story rests directly, in order of number."""
        beside = () if self.first_beside is None else (self.first_beside,)
        return tuple(sorted({*(pointer.parent for pointer in self.sources), *beside}))
