"""One round of deciding, inside the write transaction: whose choice may be different, and what is to be told of it."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from typing import Any

from crawler.attribution.decisions import Decision, decide_linked, decide_lonely
from crawler.attribution.scene import Scene
from crawler.clock import Clock
from crawler.items import Verdict
from crawler.storage.base import Cause, Judgement, PackedLines, Store
from crawler.storage.verdicts import unpacked

AT_ONCE = 1000
"""Descendants that are decided in the transaction that moved their root; more of them wait in `undecided`."""
ASKED_AT_ONCE = 24
"""Copies of a text up to which each further one, when it arrives, asks anew what their times say together."""

_NOTHING: Mapping[int, Decision] = {}
_TOLD: frozenset[Cause] = frozenset({"new", "changed"})
"""Why articles wait that are events of their own."""


class Round:
    """Decides articles of the queue and all that rests on them."""

    def __init__(
        self,
        store: Store,
        scene: Scene,
        queued: Mapping[int, Cause],
        now: Clock,
        settled: Container[int] = (),
        made: Mapping[int, Decision] = _NOTHING,
        *,
        whole: bool = False,
    ) -> None:
        """`settled`: articles that were decided when all was known that is known now; what is queued tells nothing
        new about them. `made`: what was decided before, by the same. `whole`: families are asked however large they
        are."""
        self._store = store
        self._scene = scene
        self._queued = queued
        self._told = {number for number, cause in queued.items() if cause in _TOLD}
        self._now = now
        self._settled = settled
        self._whole = whole
        self._made = dict(made)
        self._articles: dict[int, Mapping[str, Any]] = {}

    def run(self, *, asked: bool = False) -> None:
        """Chooses, follows the pointers, and writes what has changed. `asked`: credits are counted, and families
        asked, for all that waits."""
        queued = self._queued
        turned = set() if asked else self.endorse()
        self._decide(queued)
        concerned = {*queued, *self._neighbours(turned), *self._ruled_to(self._scene.rulings)}
        self._decide(concerned)
        # what rests on a page whose matches were not complete before is looked at even if it points where it did
        moved = self._point(concerned) | self._told
        self._store.links.unqueue(queued)
        done: set[int] = set()
        ready = concerned
        while ready:
            changed = self._write(sorted(ready))
            done |= ready
            below = {one for one in self._descendants(moved | changed) - done if one not in self._settled}
            moved = set()
            later = set(sorted(below)[AT_ONCE:])
            self._store.links.queue(later, "again")
            ready = below - later
            self._decide(ready)

    def endorse(self) -> set[int]:
        """Counts anew by how many pages with their text these articles, and those that they credit, are credited.
        Returns those of which the level is another now."""
        lonely = self._scene.lonely(self._queued)
        linked = [number for number in self._queued if number not in lonely]
        self._scene.prefetch(linked)
        targets: set[int] = set()
        for number in linked:
            others = set(self._scene.shared(number))
            if self._queued[number] == "new":
                scene = self._scene
                others = {one for one in others if scene.credits_page(number, one) and not scene.is_endorsed(one)}
            targets |= {number, *others}
        return self._scene.endorse(targets) | self._scene.ask_families(self._families(linked))

    def _families(self, ids: Iterable[int]) -> set[int]:
        """These and all that have their text. Of a text with many copies each further one would ask all the others
        about all the others: that waits for the queue to be drained."""
        members = {member for number in ids for member in (number, *self._scene.shared(number))}
        if self._whole:
            return members
        counts = self._store.links.count_matches(members)
        large = {number for number, count in counts.items() if count > ASKED_AT_ONCE}
        self._store.families.mark(large)
        return members - large

    def _decide(self, ids: Iterable[int]) -> None:
        missing = sorted(number for number in ids if number not in self._made)
        lonely = self._scene.lonely(missing)
        self._made |= decide_lonely(self._read(lonely))
        self._made |= decide_linked(self._scene, (number for number in missing if number not in lonely))

    def _read(self, ids: Collection[int]) -> dict[int, Mapping[str, Any]]:
        """What articles say, as it is told of them."""
        self._articles |= self._store.articles.told([number for number in ids if number not in self._articles])
        return {number: self._articles[number] for number in ids}

    def _neighbours(self, turned: set[int]) -> set[int]:
        """The pages whose own choice may be different now. `turned`: those of which credits or families
        say something else now.

        A page that is new here matters to another only if it may be its source, stand beside it, or leave it in
        doubt; one that has changed may have mattered before, so all that it shares text with are looked at. Those
        that wait for their own turn are left to it.
        """
        sharing = {number: self._made[number].sharing for number in self._queued}
        sharing |= {number: tuple(self._scene.shared(number)) for number in turned}
        waiting = self._store.links.queued({other for others in sharing.values() for other in others})
        left: dict[int, list[int]] = {}
        for number, others in sharing.items():
            if several := [
                one for one in others if one not in waiting and (number in turned or one not in self._settled)
            ]:
                left[number] = several
        self._scene.prefetch(left)
        found = {other for number, others in left.items() for other in others if self._matters(number, other, turned)}
        return (found | turned) - waiting.keys()

    def _matters(self, number: int, other: int, turned: set[int]) -> bool:
        return number in turned or self._queued[number] != "new" or self._scene.has_a_say(number, other)

    def _ruled_to(self, rulings: Mapping[str, Judgement]) -> Iterable[int]:
        """The pages of which an editor said that they come from one of these."""
        if not rulings:
            return ()
        articles = self._store.articles
        sources = articles.ids(one.original_url for one in rulings.values() if one.original_url is not None)
        here = {url for url, number in sources.items() if number in self._queued}
        return articles.ids(one.url for one in rulings.values() if one.original_url in here).values()

    def _point(self, concerned: Iterable[int]) -> set[int]:
        """Writes the pointers that have changed. Returns whose."""
        ids = sorted(concerned)
        stored = self._store.links.parents_of(ids)
        moved = {number for number in ids if self._made[number].parents != stored.get(number, ())}
        self._store.links.set_parents({number: self._made[number].parents for number in moved})
        return moved

    def _descendants(self, ids: set[int]) -> set[int]:
        found: set[int] = set()
        edge = ids
        while edge:
            edge = self._store.links.children_of(edge) - found
            found |= edge
        return found

    def _write(self, ids: Sequence[int]) -> set[int]:
        """Verdicts that differ from the stored ones, as a new revision, and the events that tell of it. Returns the
        articles whose verdict is another now."""
        stored = self._store.verdicts.packed(ids)
        replaced: dict[int, tuple[int, PackedLines]] = {}
        for number in ids:
            revision, lines = stored.get(number, (0, ()))
            made = self._made[number].lines
            if lines != made and not (revision and self._says_the_same(number)):
                replaced[number] = (revision + 1, made)
        self._store.verdicts.put(replaced)
        self._store.outbox.add_many(self._events(ids, replaced), self._now())
        return set(replaced)

    def _events(
        self, ids: Sequence[int], replaced: Mapping[int, tuple[int, PackedLines]]
    ) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """What is to be told: of each article first itself, where it is new, then its verdict."""
        articles = self._read([number for number in ids if number in replaced or number in self._told])
        for number, article in articles.items():
            if number in self._told:
                yield f"article.{self._queued[number]}", article
            if number in replaced:
                revision, made = replaced[number]
                lines = unpacked(made, article["url"], article["site"], revision)
                yield "verdict.revised" if revision > 1 else "verdict.new", {"url": article["url"], "lines": lines}

    def _says_the_same(self, number: int) -> bool:
        """Whether lines that are stored in other words (of an older version, in another time zone) mean the same."""
        stored = self._store.verdicts.of(number)
        made = unpacked(self._made[number].lines, stored[0].url, stored[0].site, stored[0].revision)
        return stored == tuple(map(Verdict.from_dict, made))
