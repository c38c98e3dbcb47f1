"""Commit 1: articles, sketches, names, and rows in `undecided`. From here on everybody who asks sees them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from crawler.attribution import reviewing
from crawler.attribution.arrivals import Arrival, made_fit
from crawler.attribution.counted import Change, Counted
from crawler.dedup import RECIPE, sketch
from crawler.extraction import text_hash
from crawler.items import Article
from crawler.storage.base import Cause, Saved, Store


def save(store: Store, counted: Counted, arrivals: Sequence[Arrival], now: datetime) -> list[Saved]:
    """Saves and queues a batch in one transaction: what became of each arrival, in their order."""
    try:
        with store.transaction():
            counted.notice_others()
            articles = [one.article if one.fit else made_fit(one.article) for one in arrivals]
            packed = [_packed(*pair) for pair in zip(arrivals, articles, strict=True)]
            saved = store.articles.put_many(packed, recipe=RECIPE, now=now)
            _record(store, counted, articles, saved)
    except BaseException:
        counted.reread()  # it had counted what was not kept
        raise
    return saved


def _packed(arrival: Arrival, article: Article) -> tuple[Article, bytes, str]:
    packed = arrival.sketch if arrival.sketch is not None else sketch(article.text).to_bytes()
    digest = arrival.text_hash if arrival.text_hash is not None else text_hash(article.text)
    return article, packed, digest


def _record(store: Store, counted: Counted, articles: Sequence[Article], saved: Sequence[Saved]) -> None:
    """Names and the queue, in the transaction of the save."""
    changes: list[Change] = []
    causes: dict[Cause, list[int]] = {"new": [], "changed": [], "rematch": [], "again": []}
    for article, one in zip(articles, saved, strict=True):
        if one.changed and not one.superseded:
            changes.append((one.id, one.before, article))
        if one.before is None:
            causes["new"].append(one.id)
        elif one.text_new:
            causes["rematch" if one.superseded else "changed"].append(one.id)
        elif one.changed:
            causes["again"].append(one.id)
    touched = counted.naming.record(changes)
    counted.retimed(changes)
    reviewing.record(store, changes)
    causes["again"] += sorted(touched)
    for cause, ids in causes.items():
        store.links.queue(ids, cause)
