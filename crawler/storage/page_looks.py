"""Which known pages are looked at again: by the ladder, at random, or because a list made us doubt them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from crawler.storage.base import Page, PageState
from crawler.storage.page_addresses import ECHO, PageAddresses
from crawler.storage.page_rows import MAX_TEXT, page, stamp


class RevisitedPages(PageAddresses):
    """The part of `SqlitePages` that wants what is known already."""

    def hasten(self, site: str, *, now: datetime) -> int:
        """Makes the lists due that wait for another try after a failure: a visit asks them now. Returns how many."""
        return self._db.execute(
            "UPDATE page SET due_at = ? WHERE site = ? AND kind = 'list' AND wanted = 1 AND owner IS NULL"
            " AND due_at > ?",
            (stamp(now), site, stamp(now)),
        ).rowcount

    def wake(self, site: str, *, now: datetime, limit: int, priority: int, aside: int | None = None) -> int:
        """Wants up to `limit` articles whose time on the revisit ladder has come, missing ones and the longest
        overdue first; with `aside` only those that `add` put aside under that number."""
        return self._db.execute(
            "UPDATE page SET wanted = 1, priority = ? WHERE id IN (SELECT id FROM page WHERE site = ? AND wanted = 0"
            " AND due_at <= ? AND kind = 'article' AND priority = coalesce(?, priority)"
            " ORDER BY state <> 'missing', ladder, due_at LIMIT ?)",
            (priority, site, stamp(now), aside, limit),
        ).rowcount

    def _put_aside(self, page_id: int, now: datetime, aside: int) -> None:
        """Due, but not wanted: for `wake`."""
        self._db.execute(
            "UPDATE page SET due_at = ?, priority = ? WHERE id = ? AND wanted = 0", (stamp(now), aside, page_id)
        )

    def audit(self, site: str, *, now: datetime, limit: int, priority: int) -> int:
        """Wants up to `limit` held articles, those first that were not looked at for longest: what nothing else would
        make us look at again has its turn in the end."""
        return self._db.execute(
            "UPDATE page SET wanted = 1, priority = ?, due_at = ? WHERE id IN (SELECT id FROM page WHERE site = ?"
            " AND kind = 'article' AND state = 'held' AND wanted = 0 ORDER BY fetched_at, id LIMIT ?)",
            (priority, stamp(now), site, limit),
        ).rowcount

    def revive(self, site: str, *, now: datetime, priority: int) -> int:
        """Wants the articles once more that were given up after repeated failure."""
        return self._db.execute(
            "UPDATE page SET wanted = 1, priority = ?, due_at = ?, state = 'queued', attempts = 0"
            " WHERE site = ? AND kind = 'article' AND state = 'dead'",
            (priority, stamp(now), site),
        ).rowcount

    def vanished(self, parent: int, shown: Sequence[str], *, now: datetime, priority: int) -> int:
        """Wants the held articles that were last seen on a list which no longer shows them. Returns how many."""
        known = set(shown)
        rows = self._db.execute(
            "SELECT id, url FROM page WHERE parent = ? AND kind = 'article' AND state = 'held' AND wanted = 0",
            (parent,),
        ).fetchall()
        lost = [row[0] for row in rows if row[1] not in known and known.isdisjoint(self._other_addresses(row[1]))]
        for page_id in lost:
            self._want(page_id, now, priority)
            self._db.execute("UPDATE page SET parent = NULL WHERE id = ?", (page_id,))  # once is enough
        return len(lost)

    def look(self, urls: Sequence[str], *, now: datetime, priority: int) -> int:
        """Wants these articles, where they are held. Returns how many."""
        known = (self._known(url) for url in urls)
        rows = [
            row for row in known if row and (row["kind"], row["state"], row["wanted"]) == ("article", "held", False)
        ]
        for row in rows:
            self._want(row["id"], now, priority)
        return len(rows)

    def mark(self, url: str, state: PageState, *, reason: str, now: datetime) -> Page | None:
        """Sets the state of a page that need not be asked for: its own site declared what became of it. Returns the
        page as it stood, None if it is not known or in flight."""
        row = self._known(url, reason=ECHO)
        if row is None or row["owner"] is not None:
            return None
        self._db.execute(
            "UPDATE page SET state = ?, reason = ?, wanted = 0, due_at = NULL, fetched_at = ? WHERE id = ?",
            (state, reason[:MAX_TEXT], stamp(now), row["id"]),
        )
        return page(row)
