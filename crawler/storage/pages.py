"""The frontier's table on SQLite: queue and memory in one, a row for each URL that was ever seen.

`state` says what is known of the page, `wanted` that it is to be fetched once `due_at` has come, `owner` that it is
in flight. So a held article that is looked at again stays held whatever happens meanwhile, and what waits is found
by an index that holds nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import cast

from crawler.discovery.base import Link
from crawler.storage.base import Page, PageResult, PageState
from crawler.storage.page_looks import RevisitedPages
from crawler.storage.page_rows import MAX_TEXT, SAID, SCHEMA, Row, dicts, merged, moment, pack, page, stamp, unpack

__all__ = ["SAID", "SCHEMA", "SqlitePages"]


class SqlitePages(RevisitedPages):
    """`crawler.storage.base.Pages` over one connection, used by one thread, inside its owner's transactions."""

    # -- what lists show -----------------------------------------------------------------------------------------

    def add(
        self,
        site: str,
        links: Sequence[Link],
        *,
        now: datetime,
        priority: int = 0,
        depth: int = 0,
        parent: int | None = None,
        due_at: datetime | None = None,
        visit: datetime | None = None,
        since: datetime | None = None,
        aside: int | None = None,
    ) -> int:
        """See `Pages.add`. A `poll` list is due again unless it was read since `visit`, the start of this visit."""
        due = 0
        for link in links:
            row = self._known(link.url)
            if row is None and self._is_other_address(site, link, now, priority):
                continue
            if row is None:
                self._insert(site, link, now, priority, depth, parent, due_at or now)
                due += 1
            else:
                due += self._see_again(row, link, priority, parent, due_at or now, visit, since, aside)
        return due

    def _insert(
        self, site: str, link: Link, now: datetime, priority: int, depth: int, parent: int | None, due_at: datetime
    ) -> None:
        self._db.execute(
            "INSERT INTO page (site, url, kind, key, link, modified, due_at, priority, depth, first_seen, parent)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(site, link.url, link.kind, link.key[:MAX_TEXT], pack(link), stamp(link.modified)),
                *(stamp(due_at), priority, depth, stamp(now), parent),
            ),
        )

    def _see_again(
        self,
        row: Row,
        link: Link,
        priority: int,
        parent: int | None,
        due_at: datetime,
        visit: datetime | None,
        since: datetime | None,
        aside: int | None,
    ) -> int:
        """Updates a known row by what a list says now; 1 if it became due by that."""
        if row["kind"] == "article" and link.kind == "list":
            if row["state"] == "held":
                return 0  # it proved to be an article
            self._db.execute("UPDATE page SET kind = 'list', link = ? WHERE id = ?", (pack(link), row["id"]))
        elif row["kind"] != link.kind:
            return 0
        modified = stamp(link.modified)
        newer = modified is not None and (row["modified"] is None or modified > row["modified"])
        told = pack(merged(unpack(row["url"], row["kind"], row["link"]), link))
        if (
            link.kind == "list"
            or newer
            or parent not in (None, row["parent"])
            or not row["fetched_at"]
            or not row["key"]
        ):
            self._write_link(row, told, modified, link.key, parent)
        if row["wanted"] or not self._is_due_again({**row, "link": told}, link, newer, visit, since):
            return 0
        if aside is not None and row["text_hash"] and link.kind == "article":
            self._put_aside(row["id"], due_at, aside)
            return 0
        self._want(row["id"], due_at, priority)
        return 1

    def _write_link(self, row: Row, told: str, modified: int | None, key: str, parent: int | None) -> None:
        changed = {
            "link": told,
            "modified": max(filter(None, (modified, row["modified"])), default=None),
            "key": row["key"] or key[:MAX_TEXT],
            "parent": parent or row["parent"],
        }
        if any(row[column] != value for column, value in changed.items()):
            self._db.execute(
                "UPDATE page SET link = ?, modified = ?, key = ?, parent = ? WHERE id = ?",
                (*changed.values(), row["id"]),
            )

    @staticmethod
    def _is_due_again(row: Row, link: Link, newer: bool, visit: datetime | None, since: datetime | None) -> bool:
        if row["fetched_at"] is None and row["state"] not in ("dead", "off"):
            published = unpack(row["url"], row["kind"], row["link"]).published
            return since is None or published is None or published >= since
        if link.kind == "list" and link.poll:
            return visit is None or row["fetched_at"] is None or row["fetched_at"] < (stamp(visit) or 0)
        if not newer or row["state"] == "off":
            return False
        # The first statement of a change that we already have is no news.
        return row["modified"] is not None or (stamp(link.modified) or 0) > (row["fetched_at"] or 0)

    def defer(self, site: str, links: Sequence[Link], *, now: datetime, parent: int | None = None) -> None:
        """Remembers links that are not wanted now (`since`); one that is shown again in another visit is."""
        for link in links:
            self.add(site, [link], now=now, parent=parent)
            self._db.execute(
                "UPDATE page SET wanted = 0 WHERE url = ? AND wanted = 1 AND owner IS NULL AND fetched_at IS NULL",
                (link.url,),
            )

    # -- what is fetched -----------------------------------------------------------------------------------------

    def lease(
        self, sites: Sequence[str], *, now: datetime, owner: str, until: datetime, limit: int, per_site: int
    ) -> list[Page]:
        """Takes up to `per_site` due rows of each site in turn, highest priority first, `limit` in all."""
        taken: list[Page] = []
        for site in sites:
            room = min(per_site, limit - len(taken))
            if room <= 0:
                break
            taken += self._lease_site(site, stamp(now), owner, stamp(until), room)
        return taken

    def _lease_site(self, site: str, now: int | None, owner: str, until: int | None, limit: int) -> list[Page]:
        taken: list[Row] = []
        for priority in self._priorities(site):
            rows = self._db.execute(
                "UPDATE page SET owner = ?, lease_until = ? WHERE id IN (SELECT id FROM page WHERE site = ?"
                " AND wanted = 1 AND owner IS NULL AND priority = ? AND due_at <= ? ORDER BY due_at, id LIMIT ?)"
                " RETURNING *",
                (owner, until, site, priority, now, limit - len(taken)),
            )
            taken += sorted(dicts(rows), key=lambda row: (row["due_at"], row["id"]))
            if len(taken) >= limit:
                break
        return [page(row) for row in taken]

    def _priorities(self, site: str) -> list[int]:
        """The priorities that wait at a site, highest first; each found by one step into the index."""
        found: list[int] = []
        below = 1 << 62
        while True:
            (priority,) = self._db.execute(
                "SELECT max(priority) FROM page WHERE site = ? AND wanted = 1 AND owner IS NULL AND priority < ?",
                (site, below),
            ).fetchone()
            if priority is None:
                return found
            found.append(priority)
            below = priority

    def renew(self, owner: str, until: datetime) -> None:
        """Prolongs all leases of one run."""
        self._db.execute("UPDATE page SET lease_until = ? WHERE owner = ?", (stamp(until), owner))

    def finish(self, result: PageResult) -> None:
        """Ends a lease with what came of it; a page that is not leased is left alone."""
        row = self._row("id = ? AND owner IS NOT NULL", result.page_id)
        if row is None:
            return
        if result.final_url and result.final_url != row["url"]:
            self._finish_elsewhere(row, result, result.final_url)
            return
        self._write(row["id"], result, row["memo"])
        if result.state in ("missing", "gone"):
            self._ask_other_addresses(row, result)

    def retry(self, page_id: int, *, due_at: datetime, reason: str, dead_after: int) -> PageState:
        """Ends a lease without a result: queued again, or dead after that many attempts."""
        row = self._row("id = ? AND owner IS NOT NULL", page_id)
        if row is None:
            return "queued"
        dead = row["attempts"] + 1 >= dead_after
        state = cast(PageState, "dead" if dead else row["state"])
        self._db.execute(
            "UPDATE page SET owner = NULL, lease_until = NULL, attempts = attempts + 1, reason = ?, state = ?,"
            " wanted = ?, due_at = ? WHERE id = ?",
            (reason[:MAX_TEXT], state, not dead, None if dead else stamp(due_at), page_id),
        )
        return state

    def release(self, sites: Sequence[str], owner: str | None = None) -> int:
        """Gives leases back, due as they were (of one owner, or all of the sites': their run is dead)."""
        released = 0
        for site in sites:
            released += self._db.execute(
                "UPDATE page SET owner = NULL, lease_until = NULL"
                " WHERE site = ? AND owner IS NOT NULL AND owner = coalesce(?, owner)",
                (site, owner),
            ).rowcount
        return released

    # -- what is known -------------------------------------------------------------------------------------------

    def get(self, url: str) -> Page | None:
        """The page of a normalised URL."""
        row = self._row("url = ?", url)
        return None if row is None else page(row)

    def by_id(self, page_id: int) -> Page | None:
        """The page of a row."""
        row = self._row("id = ?", page_id)
        return None if row is None else page(row)

    def by_key(self, site: str, key: str) -> Page | None:
        """The page that a site's CMS knows by this key."""
        row = self._row("site = ? AND key = ? AND state <> 'off'", site, key[:MAX_TEXT])
        return None if row is None else page(row)

    def counts(self, site: str) -> Mapping[str, int]:
        """State -> number of article rows."""
        rows = self._db.execute(
            "SELECT state, count(*) FROM page WHERE site = ? AND kind = 'article' GROUP BY state", (site,)
        )
        return {row[0]: row[1] for row in rows}

    def reasons(self, site: str, state: PageState) -> Mapping[str, int]:
        """Reason -> number of article rows in a state."""
        rows = self._db.execute(
            "SELECT reason, count(*) FROM page WHERE site = ? AND kind = 'article' AND state = ? GROUP BY reason",
            (site, state),
        )
        return {row[0]: row[1] for row in rows}

    def of_state(self, site: str, state: PageState, limit: int) -> list[Page]:
        """See `Pages.of_state`."""
        rows = self._db.execute(
            "SELECT * FROM page WHERE site = ? AND kind = 'article' AND state = ? ORDER BY id LIMIT ?",
            (site, state, limit),
        )
        return [page(row) for row in dicts(rows)]

    def waiting(self, sites: Sequence[str], now: datetime) -> tuple[int, datetime | None]:
        """How many rows are wanted and due or in flight, and the next moment at which another one will be."""
        count, following = 0, None
        for site in sites:
            row = self._db.execute(
                "SELECT count(*) FILTER (WHERE due_at <= ?), min(due_at) FILTER (WHERE due_at > ?) FROM page"
                " WHERE site = ? AND wanted = 1 AND owner IS NULL",
                (stamp(now), stamp(now), site),
            ).fetchone()
            leased = self._db.execute(
                "SELECT count(*) FROM page WHERE site = ? AND owner IS NOT NULL", (site,)
            ).fetchone()
            count += row[0] + leased[0]
            following = min(filter(None, (following, row[1])), default=None)
        return count, moment(following)

    def forget(self, site: str, since: datetime | None = None) -> int:
        """Drops a site's rows, only those first seen since then if given. Returns how many."""
        return self._db.execute(
            "DELETE FROM page WHERE site = ? AND first_seen >= ?", (site, stamp(since) or 0)
        ).rowcount
