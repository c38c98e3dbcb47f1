"""One article's dossier: what it comes from, what was copied, added and dropped, its other copies, its versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from crawler.items import Article, Verdict, to_iso
from crawler.report.addresses import find_article
from crawler.report.days import day_only, is_vague
from crawler.report.marks import Paragraph, Span, mark, unshared
from crawler.storage.base import Page, Store, StoredArticle, Version

LABELLED = 20
"""Characters from which on a passage bears its number."""

Passage = tuple[int, int, int, int]
"""Start and end in the page's text, start and end in the other text: characters, ends excluded."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One verdict line of a page beside the text it was measured against.

    `other` is the original, or for a sibling the page of its story that shares most with it; None where nothing is
    held. `other_version` is the number of the earlier text that fits best, None for its text of now.
    """

    verdict: Verdict
    page: Article
    other: Article | None = None
    other_version: int | None = None
    passages: tuple[Passage, ...] = ()
    elsewhere: tuple[Span, ...] = ()
    """What of the page's text stands in its other sources."""

    @property
    def vague(self) -> bool:
        """One of the two times is only a day."""
        return is_vague(self.page, self.other)

    @property
    def page_spans(self) -> list[Span]:
        """Where the passages stand in the page's text."""
        return [(start, end) for start, end, _, _ in self.passages]

    @property
    def other_spans(self) -> list[Span]:
        """Where the passages stand in the other text."""
        return [(start, end) for _, _, start, end in self.passages]

    @property
    def labelled(self) -> frozenset[int]:
        """The passages long enough to bear their number: a lone word between two edits would only be noise."""
        return frozenset(
            number
            for number, (start, end) in enumerate(self.page_spans, 1)
            if len(self.page.text[start:end]) >= LABELLED
        )

    @property
    def page_paragraphs(self) -> list[Paragraph]:
        """The page's text, its passages marked."""
        return mark(self.page.text, self.page_spans, self.elsewhere)

    @property
    def other_paragraphs(self) -> list[Paragraph]:
        """The other text, its passages marked."""
        return mark(self.other.text, self.other_spans) if self.other else []

    @property
    def added(self) -> list[str]:
        """What the page has and neither the other text nor another of its sources has."""
        return unshared(self.page.text, self.page_spans, self.elsewhere) if self.other else []

    @property
    def dropped(self) -> list[str]:
        """What the other text has and the page has not."""
        return unshared(self.other.text, self.other_spans) if self.other else []

    def to_dict(self) -> dict[str, Any]:
        """JSON, passages with their text."""
        text = self.page.text
        other = self.other
        return {
            "verdict": self.verdict.to_dict(),
            "compared_with": None
            if other is None
            else {
                "url": other.url,
                "site": other.site,
                "title": other.title,
                "published": to_iso(other.published_at),
                "version": self.other_version,
            },
            "passages": [
                {"page": [a[0], a[1]], "other": [b[0], b[1]], "text": text[a[0] : a[1]]}
                for a, b in zip(self.page_spans, self.other_spans, strict=True)
            ],
            "added": self.added,
            "dropped": self.dropped,
        }


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything known of one article."""

    stored: StoredArticle
    page: Page | None
    """Its row in the frontier; None for what was loaded."""
    comparisons: tuple[Comparison, ...]
    copies: tuple[Verdict, ...]
    """The other pages of its stories: one line each, earliest first."""
    day_only: frozenset[str]
    """URLs of those that state only their day."""
    versions: tuple[Version, ...]

    @property
    def article(self) -> Article:
        """The article itself."""
        return self.stored.article

    def is_vague(self, verdict: Verdict) -> bool:
        """Whether one of another page and its original states only the day."""
        return verdict.url in self.day_only or verdict.original_url in self.day_only

    @property
    def added(self) -> list[str]:
        """What the page has and none of its sources has."""
        return next((one.added for one in self.comparisons if one.other), [])

    def to_dict(self) -> dict[str, Any]:
        """What `scrapy trace --format json` prints."""
        article = self.article.to_dict()
        article.pop("origin")
        return {
            "article": article,
            "gone": self.stored.gone,
            "version": self.stored.version,
            "state": self.page.state if self.page else None,
            "status": self.page.status if self.page else None,
            "sources": [one.to_dict() for one in self.comparisons],
            "copies": [one.to_dict() for one in self.copies],
            "versions": [
                {"version": one.number, "title": one.title, "text": one.text, "until": to_iso(one.until)}
                for one in self.versions
            ],
        }


def make_dossier(store: Store, url: str) -> Dossier | None:
    """The dossier of the article at `url`, in whatever spelling; None where no such article is held."""
    stored = find_article(store, url)
    if stored is None:
        return None
    verdicts = store.verdicts.of(stored.id)
    copies = _other_pages(store, stored.article.url, verdicts)
    return Dossier(
        stored=stored,
        page=store.pages.get(stored.article.url),
        comparisons=compare_all(store, stored, verdicts),
        copies=tuple(copies),
        day_only=day_only(store, copies),
        versions=tuple(store.articles.versions(stored.id)),
    )


def compare_all(store: Store, page: StoredArticle, verdicts: Sequence[Verdict]) -> tuple[Comparison, ...]:
    """All verdict lines of a page, each with the passages that the linker verified."""
    matches = _matches(store, page.id)
    found = [_compared(store, page.article, verdict, matches) for verdict in verdicts]
    return tuple(
        replace(one, elsewhere=tuple(span for other in found if other is not one for span in other.page_spans))
        for one in found
    )


def compare(store: Store, page: StoredArticle, verdict: Verdict) -> Comparison:
    """One verdict line of a page, beside the others that it has."""
    lines = store.verdicts.of(page.id)
    if verdict not in lines:  # decided again since it was read
        lines = (verdict,)
    return compare_all(store, page, lines)[lines.index(verdict)]


def _compared(store: Store, page: Article, verdict: Verdict, matches: Sequence[_Match]) -> Comparison:
    other_id = _other_id(store, verdict, matches)
    other = store.articles.by_id(other_id) if other_id is not None else None
    if other is None:
        return Comparison(verdict, page)
    best = max((one for one in matches if one.other == other.id), key=lambda one: one.copied, default=None)
    if best is None:
        return Comparison(verdict, page, other.article)
    text = store.articles.texts_of(other.id).get(best.other_sketch, other.article.text)
    if text == other.article.text:
        return Comparison(verdict, page, other.article, None, best.passages)
    earlier = [one for one in store.articles.versions(other.id) if one.text == text]
    title, number = (earlier[0].title, earlier[0].number) if earlier else (other.article.title, None)
    return Comparison(verdict, page, replace(other.article, title=title, text=text), number, best.passages)


@dataclass(frozen=True, slots=True)
class _Match:
    """A stored match, turned so that the page is on the left."""

    other: int
    other_sketch: int
    copied: float
    passages: tuple[Passage, ...]


def _matches(store: Store, page_id: int) -> list[_Match]:
    """The matches of the page's present text."""
    head = store.articles.heads([page_id]).get(page_id)
    now = head.sketch_id if head else None
    found: list[_Match] = []
    for one in store.links.matches_of([page_id]).get(page_id, []):
        if one.left == page_id and one.left_sketch == now:
            found.append(_Match(one.right, one.right_sketch, one.copied, one.passages))
        elif one.right == page_id and one.right_sketch == now:
            turned = tuple(sorted((c, d, a, b) for a, b, c, d in one.passages))
            found.append(_Match(one.left, one.left_sketch, one.coverage, turned))
    return found


def _other_id(store: Store, verdict: Verdict, matches: Sequence[_Match]) -> int | None:
    if verdict.original_url:
        return store.articles.ids([verdict.original_url]).get(verdict.original_url)
    if verdict.status != "sibling":
        return None
    lines = [one for one in store.verdicts.story(verdict.story) if one.url != verdict.url]
    siblings = set(store.articles.ids(one.url for one in lines if one.status == "sibling").values())
    shared = [one for one in matches if one.other in siblings]
    return max(shared, key=lambda one: (one.copied, -one.other)).other if shared else None


def _other_pages(store: Store, url: str, verdicts: Sequence[Verdict]) -> list[Verdict]:
    found = {
        (one.url, one.original_url): one
        for story in dict.fromkeys(verdict.story for verdict in verdicts)
        for one in store.verdicts.story(story)
        if one.url != url
    }
    return sorted(found.values(), key=by_time)


def by_time(verdict: Verdict) -> tuple[bool, float, str]:
    """Earliest first, the undated last, ties by URL."""
    when = verdict.published
    return (when is None, when.timestamp() if when else 0.0, verdict.url)
