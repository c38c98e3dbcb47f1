"""Commit 1: articles, sketches, names, and rows in `undecided`. From here on everybody who asks sees them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from crawler.attribution import reviewing
from crawler.attribution.counted import Change, Counted, Edit
from crawler.attribution.ready import Ready, facts_of
from crawler.dedup import RECIPE
from crawler.items import Article
from crawler.storage.article_rows import Row
from crawler.storage.base import Cause, Saved, Store


def save(store: Store, counted: Counted, arrivals: Sequence[Ready], now: datetime) -> list[Saved]:
    """Saves and queues a batch in one transaction: what that did with each arrival, in their order."""
    try:
        with store.transaction():
            counted.notice_others()
            saved = store.articles.put_many([one.row for one in arrivals], recipe=RECIPE, now=now)
            _record(store, counted, arrivals, saved)
    except BaseException:
        counted.reread()  # it had counted what was not kept
        raise
    return saved


def _record(store: Store, counted: Counted, arrivals: Sequence[Ready], saved: Sequence[Saved]) -> None:
    """Names and the queue, in the transaction of the save."""
    changes: list[Change] = []
    edits: list[Edit] = []
    causes: dict[Cause, list[int]] = {"new": [], "changed": [], "rematch": [], "again": []}
    for arrival, one in zip(arrivals, saved, strict=True):
        if one.changed and not one.superseded:
            changes.append((one.id, None if one.before is None else facts_of(one.before), arrival.facts))
        if one.changed and one.before is not None:
            edits.append((one.id, one.before, _after(one.before, arrival.row, one.superseded)))
        if one.before is None:
            causes["new"].append(one.id)
        elif one.text_new:
            causes["rematch" if one.superseded else "changed"].append(one.id)
        elif one.changed:
            causes["again"].append(one.id)
    touched = counted.naming.record(changes)
    counted.retimed(edits)
    reviewing.record(store, changes)
    causes["again"] += sorted(touched)
    for cause, ids in causes.items():
        store.links.queue(ids, cause)


def _after(before: Article, row: Row, superseded: bool) -> Article:
    """What is held of a page after a further state of it has come: the later state, and the earlier first sight."""
    came = row.article()
    seen = min((seen for seen in (before.first_seen, came.first_seen) if seen is not None), default=None)
    return replace(before if superseded else came, first_seen=seen)
