"""One round of deciding, inside the write transaction: whose choice may be different, and what is to be told of it."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from crawler.attribution.scene import Scene
from crawler.attribution.stories import conclude
from crawler.clock import Clock
from crawler.items import Article, Verdict
from crawler.storage.base import Cause, Judgement, Store

AT_ONCE = 1000
"""Descendants that are decided in the transaction that moved their root; more of them wait in `undecided`."""
TOLD: frozenset[Cause] = frozenset({"new", "changed"})
"""Causes that are events of their own."""

_TOLD_FIELDS = tuple(one.name for one in fields(Article) if one.name not in ("text", "origin"))

Event = tuple[str, Mapping[str, Any]]


class Round:
    """Decides articles of the queue and all that rests on them."""

    def __init__(
        self, store: Store, scene: Scene, queued: Mapping[int, Cause], now: Clock, settled: Container[int] = ()
    ) -> None:
        """`settled`: articles that were decided when all was known that is known now; what is queued tells nothing
        new about them."""
        self._store = store
        self._scene = scene
        self._queued = queued
        self._now = now
        self._settled = settled

    def run(self, rulings: Mapping[str, Judgement]) -> None:
        """Chooses, follows the pointers, and writes what has changed."""
        queued = self._queued
        endorsed = self.endorse()
        concerned = {*queued, *self._neighbours(endorsed), *self._ruled_to(rulings)}
        # what rests on a page whose matches were not complete before is looked at even if it points where it did
        moved = self._point(concerned) | {number for number, cause in queued.items() if cause in TOLD}
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

    def endorse(self) -> set[int]:
        """Counts anew by how many pages with their text these articles, and those that they credit, are credited.
        Returns those of which the level is another now."""
        self._scene.prefetch(self._queued)
        targets: set[int] = set()
        for number, cause in self._queued.items():
            others = set(self._scene.shared(number))
            if cause == "new":
                scene = self._scene
                others = {one for one in others if scene.credits_page(number, one) and not scene.is_endorsed(one)}
            targets |= {number, *others}
        return self._scene.endorse(targets)

    def _neighbours(self, endorsed: set[int]) -> set[int]:
        """The pages whose own choice may be different now.

        A page that is new here matters to another only if it may be its source, stand beside it, or leave it in
        doubt; one that has changed may have mattered before, so all that it shares text with are looked at. Those
        that wait for their own turn are left to it.
        """
        scene, beside = self._scene, {*self._queued, *endorsed}
        waiting = self._store.links.queued({other for number in beside for other in scene.shared(number)})
        found: set[int] = set()
        for number in beside:
            others = scene.shared(number).keys() - waiting.keys()
            if number not in endorsed:
                others = {other for other in others if other not in self._settled}
                if self._queued.get(number) == "new":
                    others = {other for other in others if scene.has_a_say(number, other)}
            found |= others
        return (found | endorsed) - waiting.keys()

    def _ruled_to(self, rulings: Mapping[str, Judgement]) -> Iterable[int]:
        """The pages of which an editor said that they come from one of these."""
        if not rulings:
            return ()
        urls = {self._scene.page(number).url for number in self._queued}
        return self._store.articles.ids(one.url for one in rulings.values() if one.original_url in urls).values()

    def _point(self, concerned: Iterable[int]) -> set[int]:
        """Writes the pointers that have changed. Returns whose."""
        ids = sorted(concerned)
        self._scene.prefetch(ids)
        stored = self._store.links.parents_of(ids)
        moved = {number for number in ids if self._scene.choice(number).parents != stored.get(number, ())}
        self._store.links.set_parents({number: self._scene.choice(number).parents for number in moved})
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
        self._scene.prefetch_above(ids)
        stored = self._store.verdicts.many(ids)
        events: list[Event] = []
        replaced: dict[int, tuple[Verdict, ...]] = {}
        for number in ids:
            cause = self._queued.get(number, "again")
            if cause in TOLD:
                events.append(_article_event(cause, self._scene.page(number).article))
            held, lines = stored.get(number, ()), conclude(number, self._scene.above)
            if tuple(replace(line, revision=1) for line in held) == lines:
                continue
            if held:
                revision = max(line.revision for line in held) + 1
                lines = tuple(replace(line, revision=revision) for line in lines)
            replaced[number] = lines
            kind = "verdict.revised" if held else "verdict.new"
            events.append((kind, {"url": lines[0].url, "lines": [line.to_dict() for line in lines]}))
        self._store.verdicts.replace(replaced)
        self._store.outbox.add_many(events, self._now())
        return set(replaced)


def _article_event(cause: Cause, article: Article) -> Event:
    """What happened to an article; its text is in the store."""
    told: dict[str, Any] = {}
    for name in _TOLD_FIELDS:
        if value := getattr(article, name):
            if isinstance(value, datetime):
                value = value.isoformat()
            elif name == "clues":
                value = [clue.to_dict() for clue in value]
            told[name] = value
    return (f"article.{cause}", told)
