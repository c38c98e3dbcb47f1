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
from crawler.attribution.draining import Draining, Progress
from crawler.attribution.elsewhere import Helpers
from crawler.attribution.index import FLUSH_AT_END, FLUSH_EVERY
from crawler.attribution.pairing import Pairing
from crawler.attribution.ready import Ready, made_ready
from crawler.attribution.reviewing import recount, review
from crawler.attribution.saving import save
from crawler.attribution.scene import Scene
from crawler.attribution.weights import merged
from crawler.clock import Clock
from crawler.dedup import RECIPE, sketch
from crawler.items import Verdict
from crawler.sites import Site
from crawler.storage.base import Judgement, PageResult, Store, StoreError

BATCH = 256
"""Articles that wait and are decided beside a batch of a crawl; sketches that are made anew in one transaction."""


class Linker:
    """Decides who had it first. One for each store connection; not for use by two threads at once."""

    def __init__(
        self,
        store: Store,
        *,
        publishers: Iterable[Site] = (),
        now: Clock,
        weights: Mapping[str, float] | None = None,
        helpers: tuple[str, int] | None = None,
    ) -> None:
        """`publishers`: the declared sites. `weights`: overrides of weights.DEFAULT_WEIGHTS; ValueError if unknown.

        `helpers`: the store's URL, and how many processes may open it to help with a queue of thousands. They are
        spawned: a script that asks for them keeps its own work behind `if __name__ == "__main__":`.
        """
        declared, known = tuple(publishers), merged(weights)
        self._store = store
        self._now = now
        self._counted = Counted(store, declared)
        self._rules = Rules(known, self._counted.habits)
        self._helpers = Helpers(helpers[1], helpers[0], declared, known) if helpers is not None else None
        self._pairing = Pairing(store, self._counted)

    # -- what callers do ------------------------------------------------------------------------------------------

    def link(self, arrivals: Sequence[Arrival]) -> list[tuple[Verdict, ...]]:
        """Saves and decides a batch: the verdict lines of each arrival, in their order."""
        if not arrivals:
            return []
        self._check_recipe()
        saved = save(self._store, self._counted, [made_ready(one) for one in arrivals], self._now())
        ids = list(dict.fromkeys(one.id for one in saved))
        self._decide(ids, [arrival.page for arrival in arrivals if arrival.page])
        self._work_off()
        found = self._store.verdicts.many(ids)
        return [found.get(one.id, ()) for one in saved]

    def take(self, arrivals: Sequence[Arrival | Ready]) -> int:
        """Saves a batch of an archive and finds what it shares with all that is held; `drain` decides it. Returns of
        how many anything was new."""
        if not arrivals:
            return 0
        self._check_recipe()
        ready = [made_ready(one) for one in arrivals]
        saved = save(self._store, self._counted, ready, self._now())
        self._pairing.match_new(saved, ready)
        return sum(one.changed for one in saved)

    def drain(self, limit: int | None = None, progress: Progress | None = None) -> int:
        """Decides what waits in `undecided`, at most `limit` articles. Returns how many were decided.

        `progress` hears steps: a look-up or a decision of one article. Raises HelperLostError where a process died
        that helped: what is decided stays decided.
        """
        self._check_recipe()
        review(self._store)
        work = Draining(self._store, self._counted, self._rules, self._now, progress, self._helpers)
        work.run(self._pairing, limit)
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
            self._store.families.forget()
            recount(self._store)
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
            rulings = {ruling.url: ruling for ruling in self._store.links.judgements()}
            scene = Scene(self._store, self._counted.naming.publishers, self._rules, rulings)
            Round(self._store, scene, queued, self._now).run()
            for page in pages:
                self._store.pages.finish(page)

    def _work_off(self) -> None:
        """Each batch also decides some of what waits because of it, so that the queue does not grow with the crawl.

        What must be matched again waits for the end: a text that is copied by the thousand would be, each time.
        """
        waiting = self._store.links.queued_as("again", BATCH)
        if len(waiting) >= BATCH:
            self._decide(waiting, matched=True)
        self._pairing.flush(FLUSH_EVERY)

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
