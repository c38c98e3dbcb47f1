"""Works off what waits in `undecided`: first all look-ups, then each decision once, by all that is known then."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from crawler.attribution.choose import Rules
from crawler.attribution.counted import Counted
from crawler.attribution.deciding import Round
from crawler.attribution.pairing import Pairing
from crawler.attribution.scene import REMEMBERED, Scene, few_pairs
from crawler.clock import Clock
from crawler.storage.base import Cause, Judgement, Store

ROUND = 2000
"""Articles that are decided in one transaction."""
Progress = Callable[[int, int], None]
"""Called with (done, still to do)."""


class Draining:
    """One drain. `decided`: how many articles it has decided."""

    def __init__(self, store: Store, counted: Counted, rules: Rules, now: Clock, progress: Progress | None) -> None:
        self._store = store
        self._counted = counted
        self._rules = rules
        self._now = now
        self._progress = progress
        self._steps = 0
        self.decided = 0

    def run(self, pairing: Pairing, limit: int | None = None) -> None:
        """Decides what waits, at most `limit` articles, and what comes to wait by that."""
        while limit is None or self.decided < limit:
            before = self.decided
            pairing.match_queued(self._step)
            self._queue_stale()
            sight = _Sight(self._scene)
            self._endorse(sight)
            self._decide(sight, limit)
            if self.decided == before:
                break

    def _step(self, articles: int) -> None:
        """An article that is to be looked up and decided is two steps."""
        self._steps += articles
        if self._progress is not None:
            self._progress(self._steps, self._store.links.steps_left())

    def _queue_stale(self) -> None:
        """Queues what the habits of sites have a say in, and large families, once for all the changes of a run."""
        links, families = self._store.links, self._store.families
        stale, grown = links.stale_sites(), families.marked()
        if stale or grown:
            with self._store.transaction():
                for site in stale:
                    links.queue(links.matched_of_site(site), "again")
                links.clear_stale(stale)
                links.queue(grown, "again")
                families.unmark()

    def _endorse(self, sight: _Sight) -> None:
        """Counts the credits of everything that waits, and asks its families, before any of it is decided. A single
        round does it itself."""
        if len(self._store.links.ready(0, ROUND)) < ROUND:
            return
        self._ask(sight, lambda last: self._store.links.ready(last, ROUND, crediting=True))
        self._ask(sight, lambda last: self._store.families.waiting(last, ROUND))

    def _ask(self, sight: _Sight, waiting: Callable[[int], list[int]]) -> None:
        last = 0
        while ids := few_pairs(self._store, waiting(last)):
            with self._store.transaction():
                scene = self._look(sight)
                turned = Round(self._store, scene, dict.fromkeys(ids, "new"), self._now, whole=True).endorse()
                self._store.links.queue(
                    {other for number in turned for other in (number, *scene.shared(number))}, "again"
                )
            last = ids[-1]

    def _decide(self, sight: _Sight, limit: int | None) -> None:
        """Goes through the queue once. What is queued behind it meanwhile is for the next time."""
        links, last = self._store.links, 0
        while ready := links.ready(last, ROUND if limit is None else min(ROUND, limit - self.decided)):
            ids = few_pairs(self._store, ready)
            with self._store.transaction():
                scene = self._look(sight)
                # read here: nobody can ask for more of them meanwhile
                queued: Mapping[int, Cause] = links.queued(ids, ready=True)
                Round(self._store, scene, queued, self._now, sight.settled, whole=True).run(scene.rulings)
            sight.settled.add(queued)
            last = ids[-1]
            self.decided += len(ids)
            self._step(len(ids))

    def _look(self, sight: _Sight) -> Scene:
        rulings = {ruling.url: ruling for ruling in self._store.links.judgements()}
        return sight.of(rulings, fresh=self._counted.notice_others())

    def _scene(self, rulings: Mapping[str, Judgement]) -> Scene:
        return Scene(self._store, self._counted.naming.publishers, self._rules, rulings)


class _Sight:
    """What one round leaves to the next while nobody else writes: what was read, and whose decision stands."""

    def __init__(self, make: Callable[[Mapping[str, Judgement]], Scene]) -> None:
        self._make = make
        self._scene: Scene | None = None
        self.settled = Numbers()

    def of(self, rulings: Mapping[str, Judgement], *, fresh: bool) -> Scene:
        """The scene to decide in. `fresh`: somebody else has written."""
        if fresh:
            self.settled = Numbers()
        if self._scene is not None and len(self._scene) > REMEMBERED:
            self._scene.forget_pairs()
        if fresh or self._scene is None or len(self._scene) > REMEMBERED:
            self._scene = self._make(rulings)
        return self._scene


class Numbers:
    """A set of small numbers, a bit for each."""

    def __init__(self) -> None:
        self._bits = bytearray()

    def add(self, numbers: Mapping[int, object]) -> None:
        """Takes the keys in."""
        missing = (max(numbers, default=0) >> 3) + 1 - len(self._bits)
        self._bits.extend(bytes(max(missing, 0)))
        for number in numbers:
            self._bits[number >> 3] |= 1 << (number & 7)

    def __contains__(self, number: object) -> bool:
        assert isinstance(number, int)
        return number >> 3 < len(self._bits) and bool(self._bits[number >> 3] >> (number & 7) & 1)
