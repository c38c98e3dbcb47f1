"""Keeps the numbers of posts in the store, and looks a site's numbers through once a run has ended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from crawler.attribution.counted import Change
from crawler.attribution.numbers import Misplaced, Row, misplaced
from crawler.attribution.ready import Facts, facts_of
from crawler.storage.base import NumberRow, Store

_PORTION = 20_000
"""Numbers that are looked at together: a site's order is judged by so many."""
_MICROS = 3_600_000_000
"""In an hour."""
_EARLIEST = (-1, 0, 0)


def record(store: Store, changes: Iterable[Change]) -> None:
    """Takes the numbers of articles into account: as they were out, as they are in. Must run inside a transaction."""
    out: list[NumberRow] = []
    into: list[NumberRow] = []
    for number, before, after in changes:
        for facts, rows in ((before, out), (after, into)):
            if facts is not None:
                rows += _rows(number, facts)
    if out != into:
        store.numbers.drop(out)
        store.numbers.put(into)


def _rows(number: int, facts: Facts) -> Iterator[NumberRow]:
    for slot, value, stated in facts.numbers:
        yield facts.site, slot, value, stated, number


def recount(store: Store) -> None:
    """Forgets all numbers and reads them anew from the articles. Must run inside a transaction."""
    store.numbers.forget()
    for held in store.articles.all():
        store.numbers.put(_rows(held.id, facts_of(held.article)))


def review(store: Store) -> None:
    """Looks through the numbers of the sites that have new ones, and queues the articles of which they say something
    else now. A transaction for each site."""
    for site in store.numbers.unreviewed():
        with store.transaction():
            held = store.numbers.misplaced_at(site)
            found = {one: (told.number, told.since, told.until) for one, told in _found(store, site).items()}
            if found != held:
                store.numbers.set_misplaced(site, found)
                store.links.queue({one for one in {*held, *found} if held.get(one) != found.get(one)}, "again")
            store.numbers.reviewed(site)


def _found(store: Store, site: str) -> dict[int, Misplaced]:
    """Of all slots; an article with several goes by the one that puts it latest."""
    found: dict[int, Misplaced] = {}
    for slot in store.numbers.slots(site):
        for rows in _portions(store, site, slot):
            for article, told in misplaced(rows).items():
                found[article] = max(told, found.get(article, told), key=lambda one: (one.since, one.until, one.number))
    return found


def _portions(store: Store, site: str, slot: str) -> Iterator[list[Row]]:
    after = _EARLIEST
    while rows := store.numbers.read(site, slot, after, _PORTION):
        yield [(number, stated / _MICROS, article) for number, stated, article in rows]
        after = rows[-1]
