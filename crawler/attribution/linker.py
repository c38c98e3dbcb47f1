"""Insert, commit, then ask: saves what arrives, finds what it shares with what is held, decides, and tells.

Two commits for each batch. The first makes articles, sketches and rows in `undecided` durable, so that whoever asks
afterwards sees them. The second makes matches, verdicts, the state of the pages and the outbox rows durable, and takes
the rows out of `undecided`. A crash in between loses nothing: `drain` finds the rows. An archive is only saved and
matched batch by batch; `drain` decides all of it at the end, each article once and by all that is known then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from crawler.attribution.arrivals import Arrival
from crawler.attribution.choose import Rules
from crawler.attribution.counted import Counted
from crawler.attribution.deciding import Round
from crawler.attribution.index import FLUSH_AT_END, FLUSH_EVERY
from crawler.attribution.pairing import Pairing
from crawler.attribution.saving import save
from crawler.attribution.scene import Scene
from crawler.attribution.weights import merged
from crawler.clock import Clock
from crawler.dedup import RECIPE, sketch
from crawler.items import Verdict
from crawler.sites import Site
from crawler.storage.base import Cause, Judgement, PageResult, Store, StoreError

BATCH = 256
"""Articles that wait and are decided beside a batch of a crawl; sketches that are made anew in one transaction."""
ROUND = 2000
"""Articles that `drain` and `relink` decide in one transaction."""
Progress = Callable[[int, int], None]
"""Called with (done, still to do)."""


class Linker:
    """Decides who had it first. One for each store connection; not for use by two threads at once."""

    def __init__(
        self, store: Store, *, publishers: Iterable[Site] = (), now: Clock, weights: Mapping[str, float] | None = None
    ) -> None:
        """`publishers`: the declared sites. `weights`: overrides of weights.DEFAULT_WEIGHTS; ValueError if unknown."""
        self._store = store
        self._now = now
        self._counted = Counted(store, publishers)
        self._rules = Rules(merged(weights), self._counted.habits)
        self._pairing = Pairing(store, self._counted)

    # -- what callers do ------------------------------------------------------------------------------------------

    def link(self, arrivals: Sequence[Arrival]) -> list[tuple[Verdict, ...]]:
        """Saves and decides a batch: the verdict lines of each arrival, in their order."""
        if not arrivals:
            return []
        self._check_recipe()
        saved = save(self._store, self._counted, arrivals, self._now())
        ids = list(dict.fromkeys(saved))
        self._decide(ids, [arrival.page for arrival in arrivals if arrival.page])
        self._work_off()
        found = self._store.verdicts.many(ids)
        return [found.get(number, ()) for number in saved]

    def take(self, arrivals: Sequence[Arrival]) -> None:
        """Saves a batch of an archive and finds what it shares with all that is held; `drain` decides it."""
        if not arrivals:
            return
        self._check_recipe()
        saved = save(self._store, self._counted, arrivals, self._now())
        self._pairing.match(list(dict.fromkeys(saved)))

    def drain(self, limit: int | None = None, progress: Progress | None = None) -> int:
        """Decides what waits in `undecided`, at most `limit` articles. Returns how many were decided."""
        self._check_recipe()
        work = _Work(self._store, progress)
        while limit is None or work.decided < limit:
            self._pairing.match_queued(work.tell)
            self._queue_stale()
            if not self._decide_ready(work, limit):
                break
        self._pairing.flush(FLUSH_AT_END)
        return work.decided

    def relink(self, progress: Progress | None = None) -> int:
        """Decides everything again, with new sketches and matches where the recipe has changed. Returns how many
        articles were decided."""
        if self._store.articles.recipes() - {RECIPE}:
            self._resketch()
        with self._store.transaction():
            self._counted.recount()
            self._store.links.drop_matches()
            self._store.links.queue_all("rematch")
        return self.drain(progress=progress)

    def judge(self, url: str, *, original_url: str | None = None, reason: str = "") -> tuple[Verdict, ...]:
        """An editor's word: `url` was taken from `original_url`, or, without one, is no repost. Returns its lines.

        Raises LookupError where `url` is not held.
        """
        ruling = Judgement(url, "original" if original_url else "not_a_repost", original_url, reason, self._now())
        return self._rule(url, lambda: self._store.links.set_judgement(ruling), original_url)

    def clear(self, url: str) -> tuple[Verdict, ...]:
        """Takes an editor's word back. Raises LookupError where `url` is not held."""
        held = self._store.links.judgement(url)
        before = held.original_url if held else None
        return self._rule(url, lambda: self._store.links.clear_judgement(url), before)

    # -- the second commit of a batch -----------------------------------------------------------------------------

    def _decide(self, ids: Sequence[int], pages: Sequence[PageResult] = (), *, matched: bool = False) -> None:
        """Looks for matches outside the write transaction, then for what came meanwhile inside it, and decides."""
        queued = self._store.links.queued(ids)
        found = self._pairing.look_up({} if matched else queued)
        with self._store.transaction():
            self._counted.notice_others()
            self._pairing.keep(found)
            self._run(queued)
            for page in pages:
                self._store.pages.finish(page)

    def _run(self, queued: Mapping[int, Cause]) -> None:
        rulings = {ruling.url: ruling for ruling in self._store.links.judgements()}
        Round(self._store, self._scene(rulings), queued, self._now).run(rulings)

    def _scene(self, rulings: Mapping[str, Judgement]) -> Scene:
        return Scene(self._store, self._counted.naming.publishers, self._rules, rulings)

    def _work_off(self) -> None:
        """Each batch also decides some of what waits because of it, so that the queue does not grow with the crawl.

        What must be matched again waits for the end: a text that is copied by the thousand would be, each time.
        """
        waiting = self._store.links.queued_as("again", BATCH)
        if len(waiting) >= BATCH:
            self._decide(waiting, matched=True)
        self._pairing.flush(FLUSH_EVERY)

    # -- what waits -----------------------------------------------------------------------------------------------

    def _decide_ready(self, work: _Work, limit: int | None) -> bool:
        """Goes through the queue once. What is queued behind it meanwhile is for the next time."""
        links, last, before = self._store.links, 0, work.decided
        self._endorse_ready()
        while ids := links.ready(last, ROUND if limit is None else min(ROUND, limit - work.decided)):
            with self._store.transaction():
                self._counted.notice_others()
                self._run(links.queued(ids, ready=True))
            last = ids[-1]
            work.tell(len(ids), decided=True)
        return work.decided > before

    def _endorse_ready(self) -> None:
        """Counts the credits of everything that waits before any of it is decided. A single round does it itself."""
        links, last = self._store.links, 0
        if len(links.ready(0, ROUND)) < ROUND:
            return
        while ids := links.ready(last, ROUND):
            with self._store.transaction():
                self._counted.notice_others()
                scene = self._scene({})
                turned = Round(self._store, scene, dict.fromkeys(ids, "new"), self._now).endorse()
                links.queue({other for number in turned for other in (number, *scene.shared(number))}, "again")
            last = ids[-1]

    def _queue_stale(self) -> None:
        """Queues what the habits of sites have a say in, once for all the changes of a run."""
        links = self._store.links
        stale = links.stale_sites()
        if stale:
            with self._store.transaction():
                for site in stale:
                    links.queue(links.matched_of_site(site), "again")
                links.clear_stale(stale)

    # -- the rest -------------------------------------------------------------------------------------------------

    def _rule(self, url: str, write: Callable[[], object], other: str | None) -> tuple[Verdict, ...]:
        found = self._store.articles.ids([one for one in (url, other) if one])
        if url not in found:
            raise LookupError(f"{url} is not held")
        with self._store.transaction():
            write()
            self._store.links.queue(found.values(), "again")
        self._decide(list(found.values()))
        return self._store.verdicts.of(found[url])

    def _check_recipe(self) -> None:
        others = self._store.articles.recipes() - {RECIPE}
        if others:
            raise StoreError(
                f"The sketches in this store were made by another recipe ({', '.join(sorted(others))}; this version"
                f" uses {RECIPE}): run `scrapy relink` to make them anew."
            )

    def _resketch(self) -> None:
        """Makes every sketch anew, in portions."""
        after = 0
        while portion := self._store.articles.sketch_ids(after, BATCH):
            texts = self._store.articles.sketch_texts(portion)
            with self._store.transaction():
                for number, text in texts.items():
                    self._store.articles.resketch(number, sketch(text.text).to_bytes(), recipe=RECIPE)
            after = portion[-1]
        self._pairing = Pairing(self._store, self._counted)


class _Work:
    """How far a drain has come: an article that waits to be looked up is to be done twice."""

    def __init__(self, store: Store, progress: Progress | None) -> None:
        self._store = store
        self._progress = progress
        self._steps = 0
        self.decided = 0

    def tell(self, articles: int, *, decided: bool = False) -> None:
        """So many have been looked up, or decided."""
        self._steps += articles
        self.decided += articles if decided else 0
        if self._progress is not None:
            self._progress(self._steps, self._store.links.steps_left())
