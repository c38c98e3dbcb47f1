"""From sketches that wait to verified pairs in the store, and whom these concern."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from crawler.attribution.counted import Counted
from crawler.attribution.index import FLUSH_EVERY, Fresh
from crawler.attribution.matching import Found, Matcher
from crawler.attribution.ready import Ready
from crawler.attribution.scene import few_pairs
from crawler.storage.base import Cause, Saved, Store, StoredMatch

BATCH = 256
"""Articles whose sketches are looked up together where they wait for it."""

Pair = tuple[int, int]
"""Two articles, in the order of their match."""


class Pairing:
    """Looks sketches up outside of any transaction, and stores what was found inside one."""

    def __init__(self, store: Store, counted: Counted) -> None:
        self._store = store
        self._counted = counted
        self._matcher = Matcher(store)

    @property
    def flush(self) -> Callable[[int], bool]:
        """Writes the index to its files if so many sketches are new in it. Must not run inside a transaction."""
        return self._matcher.index.flush

    def put_away(self) -> None:
        """Lets go of the index, once its files hold all of it, and of the texts at hand: they take more memory than all
        else, and nobody asks for them while thousands are decided. Must not run inside a transaction."""
        self.flush(1)
        if not self._matcher.index.unwritten:
            self._matcher = Matcher(self._store)

    def look_up(self, queued: Mapping[int, Cause]) -> Found:
        """The matches of those queued articles whose text is new here, or whose candidates have changed."""
        wanted = [number for number, cause in queued.items() if cause != "again"]
        if not wanted:
            return Found()
        return self._matcher.look_up(self._store.articles.sketches_of(wanted), self._held(wanted))

    def _held(self, ids: Sequence[int]) -> list[StoredMatch]:
        held = {match for found in self._store.links.matches_of(ids).values() for match in found}
        return sorted(held, key=_sketches)

    def keep(self, found: Found) -> None:
        """Stores matches, with those of sketches that came meanwhile, and queues whom all of it concerns. Must run
        inside a transaction."""
        links, late = self._store.links, self._matcher.newcomers(found.own)
        add = [*found.add, *late.add]
        touched = {(match.left, match.right) for match in (*add, *found.drop)}
        before = links.paired(touched)
        links.drop(found.drop)
        links.add_matches(add)
        others = self._store.articles.of_sketches((found.concerned | late.concerned) - found.own)
        links.queue(set(others.values()), "rematch")
        links.queue({side for match in found.drop for side in (match.left, match.right)}, "again")
        self._count(links.paired(touched), before)

    def _count(self, now: set[Pair], before: set[Pair]) -> None:
        """Two pages are one pair, however many of their versions match."""
        pairs = [(pair, 1) for pair in now - before] + [(pair, -1) for pair in before - now]
        heads = self._store.articles.heads({side for pair, _ in pairs for side in pair})
        self._counted.count([(heads[left].article, heads[right].article, by) for (left, right), by in pairs])

    def match_new(self, saved: Sequence[Saved], arrivals: Sequence[Ready]) -> None:
        """Looks up the sketches of an archive's articles, which `save` has saved. A text with so many copies that only
        some of them are found waits for `match_queued`: which these are changes while more of the archive is read."""
        fresh = _fresh(saved, arrivals)
        ids = list(dict.fromkeys(one.id for one in saved))
        queued = self._store.links.queued([one.id for one in saved if one.sketch not in fresh])
        edited = [number for number, cause in queued.items() if cause != "again"]
        sketches = self._store.articles.sketches_of(edited) if edited else {}
        held = self._held(edited) if edited else []
        found = self._matcher.look_up(sketches, held, fresh=fresh, but_common=True)
        waiting = set(self._store.articles.of_sketches(found.passed).values()) if found.passed else ()
        self._match(found, [number for number in ids if number not in waiting])

    def _match(self, found: Found, ids: Iterable[int]) -> None:
        with self._store.transaction():
            self._counted.notice_others()
            self.keep(found)
            self._store.links.set_matched(ids)
        self.flush(FLUSH_EVERY)

    def match_queued(self, told: Callable[[int], None] = lambda _: None) -> None:
        """Looks up the sketches of all that waits, before any of it is decided: so that nothing is decided by the
        half of its matches, to be revised at once. `told` hears how many articles were looked up by each step."""
        self._spread()
        while ids := few_pairs(self._store, self._store.links.unmatched(BATCH)):
            self._match(self.look_up(self._store.links.queued(ids)), ids)
            told(len(ids))

    def _spread(self) -> None:
        """Where the few that a text with thousands of copies is found by have changed, all its copies look again."""
        links = self._store.links
        changed = links.unmatched(None)
        for start in range(0, len(changed), BATCH):
            others = links.sharing_with(changed[start : start + BATCH])
            with self._store.transaction():
                links.queue(others, "rematch")


def _fresh(saved: Sequence[Saved], arrivals: Sequence[Ready]) -> dict[int, Fresh]:
    """What was saved at new URLs, by the number of its sketch: none where such a page was saved twice."""
    fresh = {
        one.sketch: Fresh(one.id, arrival)
        for one, arrival in zip(saved, arrivals, strict=True)
        if one.sketch is not None
    }
    twice = len({one.id for one in saved}) < len(saved)
    return {} if twice else fresh


def _sketches(match: StoredMatch) -> tuple[int, int]:
    """The two of a match, which no other match has."""
    return (match.left_sketch, match.right_sketch)
