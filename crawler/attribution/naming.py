"""Keeps count of what sites call themselves and whom their articles credit, and says whose verdicts that touches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from crawler.attribution.publishers import Publisher, Publishers, host_of, name_key
from crawler.attribution.ready import Facts, facts_of
from crawler.sites import Site
from crawler.storage.base import NameKind, Store

_Counted = Counter[tuple[NameKind, str, str]]


class Naming:
    """The names in the store, as `Publishers`. The store's counters are the truth; this is their reading."""

    def __init__(self, store: Store, declared: Iterable[Site] = ()) -> None:
        self._store = store
        self._declared = tuple(declared)
        self.publishers = self._read()

    def reread(self) -> None:
        """After another process has written."""
        self.publishers = self._read()

    def _read(self) -> Publishers:
        publishers = Publishers(self._declared)
        for kind in ("titles", "own", "suffix", "credit"):
            for site, key, count in self._store.names.counts(kind):
                _count(publishers, kind, site, key, count)
        return publishers

    def recount(self) -> None:
        """Counts everything anew, from the articles that are held. Must run inside a transaction."""
        self._store.names.clear(("titles", "own", "suffix", "credit"))
        self.publishers = Publishers(self._declared)
        for held in self._store.articles.all():
            self.record([(held.id, None, facts_of(held.article))])

    def record(self, changes: Iterable[tuple[int, Facts | None, Facts | None]]) -> set[int]:
        """Takes articles into account: (number, what was counted of it, what is), None for what is not there.

        Returns the other articles whose credits may mean something else now. Must run inside a transaction.
        """
        counted: _Counted = Counter()
        for number, before, after in changes:
            for facts, by in ((before, -1), (after, 1)):
                for one in _counted(facts, self.publishers.home(facts)) if facts is not None else ():
                    counted[one] += by
            credited = after.credited if after is not None else ()
            if credited or before is not None:
                self._store.names.credit(number, credited)
        counted = Counter({one: by for one, by in counted.items() if by})
        pointing = {(site, key) for kind, site, key in counted if kind == "credit"}
        levels = {one: self.publishers.credit_level(*one) for one in pointing}
        watched = self._watched(counted)
        was = {(site, key): self._state(site, key) for site, key in watched}
        for (what, site, name), by in sorted(counted.items()):
            self._store.names.count(what, site, name, by)
            _count(self.publishers, what, site, name, by)
        turned = [(site, key) for site, key in watched if self._state(site, key) != was[site, key]]
        stale = {site for site, key in pointing if self.publishers.credit_level(site, key) != levels[site, key]}
        self._store.links.set_stale(stale)
        return self._touched(turned, was)

    def _watched(self, counted: _Counted) -> set[tuple[str, str]]:
        """The (site, name key) pairs whose meaning may turn by these counts."""
        watched: set[tuple[str, str]] = set()
        for kind, site, key in counted:
            if kind == "credit":
                continue
            watched.add((site, ""))
            if kind != "titles":
                folded = key if kind == "suffix" else name_key(key)
                watched.update((other, folded) for other in {site, *self.publishers.sites_ending_in(folded)})
            else:
                watched.update((site, ending) for ending in self.publishers.endings_of(site))
        return watched

    def _state(self, site: str, key: str) -> tuple[object, ...]:
        """All that a verdict can take from a site and a name."""
        publishers = self.publishers
        if not key:
            return (publishers.of_site(site), publishers.by_host(host_of(site) or site))
        several = len(publishers.sites_ending_in(key)) > 1
        return (publishers.is_own_name(site, key), publishers.by_name(key), several, publishers.is_known(key))

    def _touched(self, turned: Iterable[tuple[str, str]], was: dict[tuple[str, str], tuple[object, ...]]) -> set[int]:
        names, verdicts = self._store.names, self._store.verdicts
        touched: set[int] = set()
        for site, key in turned:
            if key:
                touched.update(names.crediting(key))
                continue
            before, host = was[site, key][0], host_of(site)
            after = self.publishers.of_site(site)
            touched.update(self._store.links.matched_of_site(site))
            if self._only_habits_turned(site, was[site, key]):
                continue
            touched.update(names.crediting(f"host:{host}") if host else ())
            for publisher in (before, after):
                name = getattr(publisher, "name", "")
                touched.update(verdicts.naming(name))
                for known in {name_key(name), *getattr(publisher, "keys", ())}:
                    touched.update(names.crediting(known))
        return touched

    def _only_habits_turned(self, site: str, was: tuple[object, ...]) -> bool:
        """Whether a site may have habits now and had none, or the other way round, and means what it meant."""
        publisher, at_host = self._state(site, "")
        before = was[0]
        if at_host != was[1] or not isinstance(publisher, Publisher) or not isinstance(before, Publisher):
            return False
        return replace(before, has_habits=publisher.has_habits) == publisher


def _counted(facts: Facts, site: str) -> Iterable[tuple[NameKind, str, str]]:
    yield ("titles", site, "")
    if facts.own:
        yield ("own", site, facts.own)
    for key in facts.suffixes:
        yield ("suffix", site, key)
    for key in facts.says:
        yield ("credit", site, key)


def _count(publishers: Publishers, kind: str, site: str, key: str, by: int) -> None:
    if kind == "titles":
        publishers.count_titles(site, by)
    elif kind == "own":
        publishers.count_own(site, key, by)
    elif kind == "credit":
        publishers.count_credit(site, key, by)
    else:
        publishers.count_suffix(site, key, by)
