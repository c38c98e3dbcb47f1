"""Stories, and who copies whom: what the report's pages are made of, read from the store in one pass over verdicts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median

from crawler.discovery.urls import host_name
from crawler.items import Article, Verdict
from crawler.report.days import is_vague
from crawler.report.dossier import by_time
from crawler.report.words import host_of, one_line, source_name
from crawler.storage.base import Store, StoredArticle

LAGS_KEPT = 200_000
"""Lags of which the median is taken; beyond that, of the newest ones."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A page of a story that is not its original: its verdict line and what is held of it."""

    verdict: Verdict
    stored: StoredArticle
    vague: bool = False
    """Its time, or its original's, is only a day."""

    @property
    def lag(self) -> int | None:
        """Seconds after the original, where that can be drawn: not for two texts of one day whose hour is not known."""
        seconds = self.verdict.lag_seconds
        return None if seconds is None or (self.vague and abs(seconds) < 86400) else seconds

    @property
    def article(self) -> Article:
        """The page as it is held."""
        return self.stored.article

    @property
    def gone(self) -> bool:
        """It was deleted since."""
        return self.stored.gone


@dataclass(frozen=True, slots=True)
class Story:
    """An original (where it is held) and the pages that go back to it, earliest first."""

    id: str
    copies: tuple[Copy, ...]
    original: Article | None = None
    original_gone: bool = False
    more: int = 0
    """Copies that were left out, because there are too many."""

    @property
    def title(self) -> str:
        """The original's title, else that of the earliest copy."""
        return one_line(self.original.title if self.original else self.copies[0].article.title, 300) or "Untitled"

    @property
    def publisher(self) -> str:
        """Who had it first, or is credited with it."""
        if self.original:
            named = (c.verdict.publisher for c in self.copies if c.verdict.original_url == self.original.url)
            return one_line(next((n for n in named if n), "") or self.original.site_name or self.original.site, 80)
        return source_name(self.copies[0].verdict)

    @property
    def upstream(self) -> bool:
        """Its pages took the text from one upstream, not from one another."""
        return self.original is None and any(copy.verdict.status == "sibling" for copy in self.copies)

    @property
    def published(self) -> datetime | None:
        """When the original was published, by its own word."""
        if self.original:
            return self.original.published_at
        return self.copies[0].verdict.original_published

    @property
    def language(self) -> str | None:
        """Of the title."""
        return self.original.language if self.original else self.copies[0].article.language


@dataclass(slots=True)
class SiteFigures:
    """What one site did with other people's texts, and they with its own."""

    name: str
    copies: int = 0
    copied_by_others: int = 0
    lags: list[int] = field(default_factory=list)

    @property
    def median_lag(self) -> float | None:
        """Seconds; None where no lag is known."""
        return median(self.lags) if self.lags else None


@dataclass(slots=True)
class Overview:
    """The whole store in figures. `flows` counts copies from a source (by its name) to a site.

    Copies are reposts of another site's texts: siblings, and second copies on one site, are in stories and kinds only.
    """

    articles: int
    story_ids: list[str]
    """Every story with a repost or a sibling in it, the newest of these first."""
    flows: Counter[tuple[str, str]]
    kinds: Counter[str]
    sites: dict[str, SiteFigures]
    copied: set[str] = field(default_factory=set)
    """Stories of which there are copies."""
    carriers: set[str] = field(default_factory=set)
    """Sites with a page in a story that is not its original."""
    copies: int = 0
    lags: list[int] = field(default_factory=list)

    @property
    def median_lag(self) -> float | None:
        """Seconds; None where no lag is known."""
        return median(self.lags) if self.lags else None

    def site(self, name: str) -> SiteFigures:
        """The figures of a site, begun where it has none."""
        return self.sites.setdefault(name, SiteFigures(name))


def overview(
    store: Store, *, site: str | None = None, since: datetime | None = None, min_confidence: float = 0.0
) -> Overview:
    """Reads every repost and sibling once, the newest publication first."""
    names = {host_name(state.url): state.name for state in store.sites.all()}
    stories: dict[str, None] = {}
    found = Overview(store.articles.count(), [], Counter(), Counter(), {})
    for verdict in store.verdicts.select(site=site, since=since, min_confidence=min_confidence):
        stories.setdefault(verdict.story)
        _count(found, verdict, names)
    found.story_ids = list(stories)
    return found


def _count(found: Overview, verdict: Verdict, names: dict[str, str]) -> None:
    found.kinds[verdict.relation or verdict.status] += 1
    found.carriers.add(verdict.site)
    if verdict.status != "repost" or verdict.relation == "same_site":
        return
    found.copies += 1
    found.copied.add(verdict.story)
    copier = found.site(verdict.site)
    copier.copies += 1
    found.flows[_source_label(verdict, names), verdict.site] += 1
    if verdict.original_url:
        host = host_name(verdict.original_url)
        found.site(names.get(host, host)).copied_by_others += 1
    if verdict.lag_seconds is not None and len(found.lags) < LAGS_KEPT:
        found.lags.append(verdict.lag_seconds)
        copier.lags.append(verdict.lag_seconds)


def _source_label(verdict: Verdict, names: dict[str, str]) -> str:
    host = host_name(verdict.original_url) if verdict.original_url else ""
    return source_name(verdict) if verdict.publisher else one_line(names.get(host, host_of(verdict.original_url)), 80)


def read_story(store: Store, story_id: str, limit: int) -> Story | None:
    """One story with at most `limit` copies; None where nothing of it is held any more."""
    lines = sorted(store.verdicts.story(story_id), key=by_time)
    originals = [line for line in lines if line.status == "original"]
    copies = [line for line in lines if line.status in ("repost", "sibling")]
    held = _held(store, [*originals[:1], *copies[:limit]])
    original_url = originals[0].url if originals else _named_original(copies)
    held_original = held.get(original_url) or store.articles.get(original_url) if original_url else None
    original = held_original.article if held_original else None
    kept = tuple(
        Copy(line, held[line.url], is_vague(held[line.url].article, original))
        for line in copies[:limit]
        if line.url in held
    )
    if not kept:
        return None
    return Story(
        id=story_id,
        copies=kept,
        original=original,
        original_gone=bool(held_original and held_original.gone),
        more=max(len(copies) - limit, 0),
    )


def _named_original(copies: Sequence[Verdict]) -> str | None:
    """The page that most lines name, where its own verdict is elsewhere. Siblings have no original among them."""
    inside = {line.url for line in copies}
    named = Counter(line.original_url for line in copies if line.original_url and line.original_url not in inside)
    return named.most_common(1)[0][0] if named else None


def _held(store: Store, lines: Iterable[Verdict]) -> dict[str, StoredArticle]:
    ids = store.articles.ids([line.url for line in lines])
    return {stored.article.url: stored for stored in store.articles.many(ids.values()).values()}
