"""What is counted over all articles held, as one linker knows it: names, and the habits of sites.

The store's counters are the truth. Another process may write them; whoever decides asks `notice_others` first, inside
the write transaction.
"""

from __future__ import annotations

from collections.abc import Iterable

from crawler.attribution.habits import Habits, Sited
from crawler.attribution.naming import Naming
from crawler.attribution.ready import Facts
from crawler.attribution.times import moment_of
from crawler.items import Article
from crawler.sites import Site
from crawler.storage.base import Store

Change = tuple[int, Facts | None, Facts | None]
"""An article's number, what was counted of it and what is; None for what is not there."""
Edit = tuple[int, Article, Article]
"""An article's number, as it was and as it is."""


class Counted:
    """Names and habits, and the sites that they make stale."""

    def __init__(self, store: Store, declared: Iterable[Site]) -> None:
        self._store = store
        self.naming = Naming(store, declared)
        self.habits = Habits(store)
        self._version = store.version()

    def notice_others(self) -> bool:
        """Whether another process has written since the last time: names may mean something else then."""
        version = self._store.version()
        if version == self._version:
            return False
        self._version = version
        self.reread()
        return True

    def reread(self) -> None:
        """Forgets what was counted here and not kept."""
        self.naming.reread()
        self.habits.reread()

    def recount(self) -> None:
        """Counts names anew, and forgets habits. Must run inside a transaction."""
        self.naming.recount()
        self._store.names.clear(("later",))
        self.habits.reread()

    def count(self, pairs: Iterable[tuple[Article, Article, int]]) -> None:
        """Counts verified pairs (or, with -1, takes them back). Must run inside a transaction."""
        home, known = self.naming.publishers.home, dict[int, Sited]()

        def sited(article: Article) -> Sited:
            found = known.get(id(article))
            if found is None:
                found = known[id(article)] = (home(article), moment_of(article))
            return found

        held = list(pairs)  # so that no two articles have one id
        stale = self.habits.record((sited(one), sited(other), by) for one, other, by in held)
        self._store.links.set_stale(stale)

    def retimed(self, edits: Iterable[Edit]) -> None:
        """Takes the pairs of articles that state another time now out of the tallies, and in again."""
        was = {number: before for number, before, after in edits if moment_of(before) != moment_of(after)}
        if not was:
            return
        matches = self._store.links.matches_of(was)
        pairs = {(match.left, match.right) for found in matches.values() for match in found}
        heads = self._store.articles.heads({side for pair in pairs for side in pair})
        now = {number: head.article for number, head in heads.items()}
        before = now | was
        self.count(
            [(before[left], before[right], -1) for left, right in pairs]
            + [(now[left], now[right], 1) for left, right in pairs]
        )
