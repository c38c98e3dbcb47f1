"""Which pages state no more than their day: a lag that is measured from one has days, and no hours."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

from crawler.items import Article, Verdict
from crawler.storage.base import Store

_PORTION = 1000


def is_vague(page: Article, other: Article | None) -> bool:
    """Whether one of two pages states no more than the day."""
    return "day" in (page.published_precision, other.published_precision if other else None)


def day_only(store: Store, verdicts: Iterable[Verdict]) -> frozenset[str]:
    """The URLs, of these pages and of their originals, that state only their day."""
    urls = {url for one in verdicts for url in (one.url, one.original_url) if url}
    told = store.articles.told(store.articles.ids(urls).values())
    return frozenset(one["url"] for one in told.values() if one.get("published_precision") == "day")


def with_vagueness(store: Store, verdicts: Iterable[Verdict]) -> Iterator[tuple[Verdict, bool]]:
    """Each verdict, and whether its page or its original states only the day."""
    stream = iter(verdicts)
    while portion := list(itertools.islice(stream, _PORTION)):
        days = day_only(store, portion)
        yield from ((one, one.url in days or one.original_url in days) for one in portion)
