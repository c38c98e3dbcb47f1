"""Insert, commit, then ask: saves what arrives, finds what it shares with what is held, decides, and tells.

Two commits for each batch. The first makes articles, sketches and rows in `undecided` durable, so that whoever asks
afterwards sees them. The second makes matches, verdicts, the state of the pages and the outbox rows durable, and takes
the rows out of `undecided`. A crash in between loses nothing: `drain` finds the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from crawler.attribution.arrivals import Arrival, made_fit
from crawler.attribution.choose import Rules
from crawler.attribution.deciding import Round
from crawler.attribution.habits import Habits
from crawler.attribution.index import FLUSH_AT_END, FLUSH_EVERY
from crawler.attribution.matching import Found, Matcher
from crawler.attribution.naming import Naming
from crawler.attribution.scene import Scene
from crawler.attribution.times import moment_of
from crawler.attribution.weights import merged
from crawler.clock import Clock
from crawler.dedup import RECIPE, sketch
from crawler.extraction import text_hash
from crawler.items import Article, Verdict
from crawler.sites import Site
from crawler.storage.base import Cause, Judgement, PageResult, Saved, Store, StoredMatch, StoreError

BATCH = 256
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
        self._naming = Naming(store, publishers)
        self._rules = Rules(merged(weights), Habits(store))
        self._matcher = Matcher(store)
        self._version = store.version()

    # -- what callers do ------------------------------------------------------------------------------------------

    def link(self, arrivals: Sequence[Arrival]) -> list[tuple[Verdict, ...]]:
        """Saves and decides a batch: the verdict lines of each arrival, in their order."""
        if not arrivals:
            return []
        self._check_recipe()
        now = self._now()
        try:
            with self._store.transaction():
                self._notice_others()
                articles = [made_fit(arrival.article) for arrival in arrivals]
                saved = [self._save(*pair, now) for pair in zip(arrivals, articles, strict=True)]
                self._record(articles, saved)
        except BaseException:
            self._reread()  # it had counted what was not kept
            raise
        pages = [arrival.page for arrival in arrivals if arrival.page]
        ids = list(dict.fromkeys(one.id for one in saved))
        self._decide(ids, pages)
        self._work_off()
        found = self._store.verdicts.many(ids)
        return [found.get(one.id, ()) for one in saved]

    def drain(self, limit: int | None = None, progress: Progress | None = None) -> int:
        """Decides what waits in `undecided`, at most `limit` articles. Returns how many were decided."""
        self._check_recipe()
        done = 0
        while limit is None or done < limit:
            self._match_queued()
            self._queue_stale()
            ids = self._store.verdicts.undecided(BATCH if limit is None else min(BATCH, limit - done))
            if not ids:
                break
            self._decide(ids, matched=True)
            done += len(ids)
            if progress is not None:
                progress(done, self._store.verdicts.undecided_count())
        self._matcher.index.flush(FLUSH_AT_END)
        return done

    def relink(self, progress: Progress | None = None) -> int:
        """Decides everything again, with new sketches and matches where the recipe has changed. Returns how many
        articles were decided."""
        if self._store.articles.recipes() - {RECIPE}:
            self._resketch()
        with self._store.transaction():
            self._naming.recount()
            self._store.names.clear(("later",))
            self._rules.habits.reread()
            self._store.links.drop_matches()
            self._store.links.queue_all("rematch")
        self._match_queued()
        self._endorse_all()
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

    def _work_off(self) -> None:
        """Each batch also decides some of what waits because of it, so that the queue does not grow with the crawl.

        What must be matched again waits for the end: a text that is copied by the thousand would be, each time.
        """
        waiting = self._store.links.queued_as("again", BATCH)
        if len(waiting) >= BATCH:
            self._decide(waiting, matched=True)
        self._matcher.index.flush(FLUSH_EVERY)

    # -- commit 1 -------------------------------------------------------------------------------------------------

    def _save(self, arrival: Arrival, article: Article, now: datetime) -> Saved:
        packed = arrival.sketch if arrival.sketch is not None else sketch(article.text).to_bytes()
        digest = arrival.text_hash if arrival.text_hash is not None else text_hash(article.text)
        return self._store.articles.put(article, packed, digest, recipe=RECIPE, now=now)

    def _record(self, articles: Sequence[Article], saved: Sequence[Saved]) -> None:
        """Names and the queue, in the transaction of the save."""
        changes: list[tuple[int, Article | None, Article | None]] = []
        causes: dict[Cause, list[int]] = {"new": [], "changed": [], "rematch": [], "again": []}
        for article, one in zip(articles, saved, strict=True):
            if one.changed and not one.superseded:
                changes.append((one.id, one.before, article))
            if one.before is None:
                causes["new"].append(one.id)
            elif one.text_new:
                causes["rematch" if one.superseded else "changed"].append(one.id)
            elif one.changed:
                causes["again"].append(one.id)
        touched = self._naming.record(changes)
        self._retimed(changes)
        causes["again"] += sorted(touched)
        for cause, ids in causes.items():
            self._store.links.queue(ids, cause)

    # -- between the commits, and commit 2 ------------------------------------------------------------------------

    def _decide(self, ids: Sequence[int], pages: Sequence[PageResult] = (), *, matched: bool = False) -> None:
        """Looks for matches outside the write transaction, then for what came meanwhile inside it, and decides."""
        queued = self._store.links.queued(ids)
        found = self._look_up({} if matched else queued)
        with self._store.transaction():
            self._notice_others()
            self._keep(found)
            rulings = {ruling.url: ruling for ruling in self._store.links.judgements()}
            Round(self._store, self._scene(rulings), queued, self._now).run(rulings)
            for page in pages:
                self._store.pages.finish(page)

    def _scene(self, rulings: Mapping[str, Judgement]) -> Scene:
        return Scene(self._store, self._naming.publishers, self._rules, rulings)

    def _look_up(self, queued: Mapping[int, Cause]) -> Found:
        """The matches of those queued articles whose text is new here, or whose candidates have changed."""
        wanted = [number for number, cause in queued.items() if cause != "again"]
        if not wanted:
            return Found()
        again = [number for number in wanted if queued[number] != "new"]
        held = {match for found in self._store.links.matches_of(again).values() for match in found}
        return self._matcher.look_up(self._store.articles.sketches_of(wanted), sorted(held, key=_identity))

    def _keep(self, found: Found) -> None:
        """Stores matches, with those of sketches that came meanwhile, and queues whom all of it concerns."""
        links, late = self._store.links, self._matcher.newcomers(found.own)
        links.drop(found.drop)
        added = links.add_matches([*found.add, *late.add])
        others = self._store.articles.of_sketches((found.concerned | late.concerned) - found.own)
        links.queue(set(others.values()), "rematch")
        links.queue({side for match in found.drop for side in (match.left, match.right)}, "again")
        heads = self._store.articles.heads({s for match in [*added, *found.drop] for s in (match.left, match.right)})
        pairs = [(match, 1) for match in added] + [(match, -1) for match in found.drop]
        self._count([(heads[match.left].article, heads[match.right].article, by) for match, by in pairs])

    def _match_queued(self) -> None:
        """Looks up the sketches of all that waits, before any of it is decided: so that nothing is decided by the
        half of its matches, to be revised at once."""
        self._spread()
        while ids := self._store.links.unmatched(BATCH):
            found = self._look_up(self._store.links.queued(ids))
            with self._store.transaction():
                self._keep(found)
                self._store.links.set_matched(ids)
            self._matcher.index.flush(FLUSH_EVERY)

    def _spread(self) -> None:
        """Where the few that a text with thousands of copies is found by have changed, all its copies look again."""
        links = self._store.links
        changed = links.queued_as("rematch", None)
        for start in range(0, len(changed), BATCH):
            found = links.matches_of(changed[start : start + BATCH])
            others = {side for matches in found.values() for match in matches for side in (match.left, match.right)}
            with self._store.transaction():
                links.queue(others, "rematch")

    def _endorse_all(self) -> None:
        """Counts credits anew for everything, before any of it is decided."""
        ids = list(self._store.links.queued_ids())
        for start in range(0, len(ids), BATCH):
            with self._store.transaction():
                queued: dict[int, Cause] = dict.fromkeys(ids[start : start + BATCH], "new")
                scene = self._scene({})
                scene.prefetch(queued)
                Round(self._store, scene, queued, self._now).endorse()

    def _queue_stale(self) -> None:
        """Queues what the habits of sites have a say in, once for all the changes of a run."""
        links = self._store.links
        stale = links.stale_sites()
        if stale:
            with self._store.transaction():
                for site in stale:
                    links.queue(links.matched_of_site(site), "again")
                links.clear_stale(stale)

    def _count(self, pairs: Iterable[tuple[Article, Article, int]]) -> None:
        home = self._naming.publishers.home
        self._store.links.set_stale(
            self._rules.habits.record(((home(one), one), (home(other), other), by) for one, other, by in pairs)
        )

    def _retimed(self, changes: Iterable[tuple[int, Article | None, Article | None]]) -> None:
        """Takes the pairs of articles that state another time now out of the tallies, and in again."""
        was = {
            number: before
            for number, before, after in changes
            if before is not None and after is not None and moment_of(before) != moment_of(after)
        }
        matches = {_identity(match): match for found in self._store.links.matches_of(was).values() for match in found}
        heads = self._store.articles.heads({side for m in matches.values() for side in (m.left, m.right)})
        now = {number: head.article for number, head in heads.items()}
        before = now | was
        pairs = [(m.left, m.right) for m in matches.values()]
        self._count(
            [(before[left], before[right], -1) for left, right in pairs]
            + [(now[left], now[right], 1) for left, right in pairs]
        )

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

    def _reread(self) -> None:
        self._naming.reread()
        self._rules.habits.reread()

    def _notice_others(self) -> None:
        """Another process has written: names may mean something else."""
        version = self._store.version()
        if version != self._version:
            self._version = version
            self._reread()

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
        self._matcher = Matcher(self._store)


def _identity(match: StoredMatch) -> tuple[int, int]:
    return (match.left_sketch, match.right_sketch)
