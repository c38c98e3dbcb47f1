"""Works off what waits in `undecided`: first all look-ups, then each decision once, by all that is known then."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack

from crawler.attribution.choose import Rules
from crawler.attribution.counted import Counted
from crawler.attribution.deciding import Round
from crawler.attribution.elsewhere import Helpers
from crawler.attribution.pairing import Pairing
from crawler.attribution.portions import ROUND, Decided, Portions
from crawler.attribution.scene import few_pairs
from crawler.attribution.sight import Sight
from crawler.clock import Clock
from crawler.storage.base import Store

CROWD = 5000
"""Articles in the queue from which other processes help: to start one costs as much as to decide some thousand."""
Progress = Callable[[int, int], None]
"""Called with (done, still to do)."""


def waits(store: Store) -> bool:
    """Whether a drain has anything to do: after a run that was killed, also what that had left for its end."""
    links = store.links
    return bool(
        links.ready(0, 1)
        or links.unmatched(1)
        or links.stale_sites()
        or store.families.marked()
        or store.numbers.unreviewed()
    )


class Draining:
    """One drain. `decided`: how many articles it has decided."""

    def __init__(
        self,
        store: Store,
        counted: Counted,
        rules: Rules,
        now: Clock,
        progress: Progress | None = None,
        helpers: Helpers | None = None,
    ) -> None:
        self._store = store
        self._counted = counted
        self._rules = rules
        self._now = now
        self._progress = progress
        self._helpers = helpers
        self._steps = 0
        self._left = self._counted_at = 0
        self.decided = 0

    def run(self, pairing: Pairing, limit: int | None = None) -> None:
        """Decides what waits, at most `limit` articles, and what comes to wait by that. Raises HelperLostError."""
        while limit is None or self.decided < limit:
            before = self.decided
            pairing.match_queued(self._step)
            self._queue_stale()
            self._decide(pairing, None if limit is None else limit - self.decided)
            if self.decided == before:
                break

    def _step(self, articles: int) -> None:
        """An article that is to be looked up and decided is two steps."""
        self._steps += articles
        self._left -= articles
        if self._progress is not None:
            if self._left <= self._counted_at // 2:  # to count a long queue at each step would take its time
                self._left = self._counted_at = self._store.links.steps_left()
            self._progress(self._steps, self._left)

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

    def _decide(self, pairing: Pairing, most: int | None) -> None:
        """Goes through the queue once."""
        sight = Sight(self._store, self._counted, self._rules)
        waiting = len(self._store.links.ready(0, CROWD))
        with ExitStack() as stack:
            desks = None
            if self._helpers is not None and self._helpers.count > 0 and waiting == CROWD:
                desks = stack.enter_context(self._helpers.at_work())  # they start while credits are counted here
            if waiting == CROWD:
                pairing.put_away()
            if waiting >= ROUND:
                self._ask_all(sight)
            for one in Portions(self._store, sight, desks, most):
                self._write(sight, one)

    def _ask_all(self, sight: Sight) -> None:
        """Counts the credits of everything that waits, and asks its families, before any of it is decided. A single
        round does it itself."""
        sight.asked = True
        self._ask(sight, lambda last: self._store.links.ready(last, ROUND, crediting=True))
        self._ask(sight, lambda last: self._store.families.waiting(last, ROUND))

    def _ask(self, sight: Sight, waiting: Callable[[int], list[int]]) -> None:
        links, last = self._store.links, 0
        while ids := few_pairs(self._store, waiting(last)):
            with self._store.transaction():
                scene = sight.look()
                queued = links.queued(ids, ready=True)
                turned = Round(self._store, scene, queued, self._now, whole=True).endorse()
                links.queue({other for number in turned for other in (number, *scene.shared(number))}, "again")
            last = ids[-1]

    def _write(self, sight: Sight, one: Decided) -> None:
        with self._store.transaction():
            scene = sight.look()
            # read here: nobody can ask for more of them meanwhile
            queued = self._store.links.queued(one.portion.ids, ready=True)
            made, settled = one.made(sight.reading), sight.settled
            Round(self._store, scene, queued, self._now, settled, made, whole=True).run(asked=sight.asked)
        sight.settled.add(queued)
        self.decided += len(one.portion.ids)
        self._step(len(one.portion.ids))
