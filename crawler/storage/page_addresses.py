"""One page under several addresses: where redirects led, what a CMS's key or the page's own text proved to be one."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection
from datetime import datetime

from crawler.discovery.base import Link
from crawler.discovery.parameters import without
from crawler.storage.base import Page, PageResult
from crawler.storage.page_rows import MAX_TEXT, Row, dicts, pack, page, stamp

ANOTHER_ADDRESS = "another address"
"""Reason of an `off` row: its page is held, or was last asked for, under the URL in memo["of"]."""

ECHO = "says what another address says"
"""Reason of an `off` row whose page was read, and said what the page in memo["of"] says."""

_ECHOES = 20
"""Held pages of one path and one text that are looked at."""


class PageAddresses:
    """The part of `SqlitePages` that knows the addresses of a page, and how a lease ends."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def same_path(self, url: str, site: str, text_hash: str) -> list[Page]:
        """See `Pages.same_path`."""
        path, query, _ = url.partition("?")
        bare = self._row("url = ? AND site = ? AND text_hash = ? AND state = 'held'", path, site, text_hash)
        rows = self._db.execute(
            "SELECT * FROM page INDEXED BY page_said WHERE site = ? AND text_hash = ? AND state = 'held'"
            " AND instr(url, '?') > 0 AND url > ? AND url < ? AND url <> ? ORDER BY id LIMIT ?",
            (site, text_hash, f"{path}?", f"{path}@", url, _ECHOES),
        )
        return [page(row) for row in ([bare] if bare and query else []) + dicts(rows)]

    def addresses(self, site: str, limit: int) -> list[tuple[str, str]]:
        """See `Pages.addresses`."""
        said = "h.text_hash || coalesce(json_extract(h.memo, '$.title'), '')"
        rows = self._db.execute(
            f"SELECT h.url, {said} FROM (SELECT * FROM page WHERE site = :site AND kind = 'article' AND state = 'held'"  # noqa: S608
            " AND instr(url, '?') > 0 ORDER BY id DESC LIMIT :limit) h"
            f" UNION SELECT o.url, {said} FROM (SELECT * FROM page WHERE site = :site AND kind = 'article'"
            " AND state = 'off' AND reason = :echo ORDER BY id DESC LIMIT :limit) o"
            " JOIN page h ON h.url = json_extract(o.memo, '$.of') AND h.state = 'held'",
            {"site": site, "limit": limit, "echo": ECHO},
        )
        return [(url, text) for url, text in rows]

    def held_urls(self, site: str, limit: int) -> list[str]:
        """See `Pages.held_urls`."""
        rows = self._db.execute(
            "SELECT url FROM page WHERE site = ? AND kind = 'article' AND state = 'held' ORDER BY id DESC LIMIT ?",
            (site, limit),
        )
        return [url for (url,) in rows]

    def drop_parameters(self, site: str, names: Collection[str], *, now: datetime) -> None:
        """See `Pages.drop_parameters`."""
        rows = dicts(
            self._db.execute(
                "SELECT id, url, state, owner, memo FROM page WHERE site = ? AND kind = 'article'"
                " AND instr(url, '?') > 0 AND state IN ('held', 'missing', 'queued') ORDER BY state = 'queued', id",
                (site,),
            )
        )
        for row in rows:
            bare = without(row["url"], names)
            if bare == row["url"]:
                continue
            if row["state"] != "queued":
                self._answers_at(row, bare, now)
            elif row["owner"] is None:
                self._ask_at(row, bare)

    def _answers_at(self, row: Row, bare: str, now: datetime) -> None:
        """A page that we hold is known by its bare address, too; by whatever was held there it is left alone."""
        self._db.execute(
            "INSERT INTO page (site, url, kind, link, state, wanted, reason, first_seen, memo)"
            " SELECT site, ?, kind, link, 'off', 0, ?, ?, ? FROM page WHERE id = ?"
            " ON CONFLICT (url) DO UPDATE SET state = 'off', wanted = 0, due_at = NULL, reason = excluded.reason,"
            " memo = excluded.memo WHERE page.state IN ('queued', 'dead') AND page.owner IS NULL",
            (bare, ECHO, stamp(now), json.dumps({"of": row["url"]}), row["id"]),
        )

    def _ask_at(self, row: Row, bare: str) -> None:
        """A page that waits is asked for under its bare address, once."""
        known = self._known(bare)
        if known is None:
            self._db.execute("UPDATE page SET url = ? WHERE id = ?", (bare, row["id"]))
        if known is None or known["state"] not in ("held", "missing", "queued"):
            return
        self._db.execute(
            "UPDATE page SET state = 'off', wanted = 0, due_at = NULL, key = '', reason = ?, memo = ? WHERE id = ?",
            (ECHO, json.dumps({"of": known["url"]}), row["id"]),
        )

    def _known(self, url: str, reason: str | None = None) -> Row | None:
        """What is known of the page of a URL: the row of its own, or that of the held page of which it is another
        address (for that `reason` only)."""
        row = self._row("url = ?", url)
        if row is None or row["state"] != "off" or reason not in (None, row["reason"]):
            return row
        of = json.loads(row["memo"]).get("of")
        return self._row("url = ? AND state IN ('held', 'missing')", of) or row

    def _is_other_address(self, site: str, link: Link, now: datetime, priority: int) -> bool:
        """A key that is known under another URL: one page. The new URL is remembered as its other address, and the
        one we know is looked at: it redirects if the page has moved, and answers as ever if it only has two URLs."""
        if link.kind != "article" or not link.key:
            return False
        known = self._row("site = ? AND key = ? AND state <> 'off'", site, link.key[:MAX_TEXT])
        if known is None or known["state"] in ("dead", "gone", "skipped"):
            return False
        self._db.execute(
            "INSERT INTO page (site, url, kind, link, state, wanted, reason, first_seen, memo)"
            " VALUES (?, ?, 'article', ?, 'off', 0, ?, ?, ?)",
            (site, link.url, pack(link), ANOTHER_ADDRESS, stamp(now), json.dumps({"of": known["url"]})),
        )
        if known["fetched_at"] is not None:
            self._want(known["id"], now, priority)
        return True

    def _write(self, page_id: int, result: PageResult, memo: str) -> None:
        self._db.execute(
            "UPDATE page SET wanted = 0, owner = NULL, lease_until = NULL, attempts = 0, state = ?, status = ?,"
            " reason = ?, etag = ?, last_modified = ?, body_hash = ?, text_hash = ?, fetched_at = ?, due_at = ?,"
            " ladder = ?, misses = ?, missing_since = ?, memo = ? WHERE id = ?",
            (
                *(result.state, result.status, result.reason[:MAX_TEXT], result.etag, result.last_modified),
                *(result.body_hash, result.text_hash, stamp(result.fetched_at), stamp(result.due_at)),
                *(result.ladder, result.misses, stamp(result.missing_since)),
                memo if result.memo is None else json.dumps(dict(result.memo)),
                page_id,
            ),
        )

    def _finish_elsewhere(self, row: Row, result: PageResult, final_url: str) -> None:
        """The page answered under another URL, which is its identity from now on; the one we asked is its other
        address. A result that is `off` says no more of the other one than that."""
        is_echo = result.state == "off"
        target = self._row("url = ?", final_url)
        if target is None and not is_echo:
            self._db.execute(
                "INSERT INTO page (site, url, kind, link, modified, priority, depth, first_seen, parent)"
                " SELECT site, ?, kind, link, modified, priority, depth, first_seen, parent FROM page WHERE id = ?",
                (final_url, row["id"]),
            )
            target = self._row("url = ?", final_url)
        if target is not None and target["owner"] is None and not is_echo:
            self._write(target["id"], result, target["memo"])
        self._db.execute(
            "UPDATE page SET wanted = 0, owner = NULL, lease_until = NULL, attempts = 0, state = 'off', status = ?,"
            " reason = ?, due_at = NULL, fetched_at = ?, text_hash = NULL, key = '', memo = ? WHERE id = ?",
            (
                *(result.status, ECHO if is_echo else ANOTHER_ADDRESS, stamp(result.fetched_at)),
                *(json.dumps({"of": final_url}), row["id"]),
            ),
        )
        self._follow(row["url"], final_url)
        if target is not None and row["key"] and not target["key"]:
            self._db.execute("UPDATE page SET key = ? WHERE id = ?", (row["key"], target["id"]))

    def left(self, url: str, to: str) -> None:
        """See `Pages.left`."""
        self._db.execute(
            "UPDATE page SET state = 'off', wanted = 0, due_at = NULL, text_hash = NULL, key = '', reason = ?, memo = ?"
            " WHERE url = ? AND owner IS NULL",
            (ANOTHER_ADDRESS, json.dumps({"of": to}), url),
        )
        self._follow(url, to)

    def _follow(self, url: str, to: str) -> None:
        """What was another address of one page is that of the page to which it went."""
        self._db.execute(
            "UPDATE page SET memo = ? WHERE state = 'off' AND json_extract(memo, '$.of') = ? AND url <> ?",
            (json.dumps({"of": to}), url, to),
        )

    def _ask_other_addresses(self, row: Row, result: PageResult) -> None:
        """A page that went where lists show it under other URLs: those never asked for are fetched now, and of those
        that said the same the last one."""
        of = "state = 'off' AND json_extract(memo, '$.of') = ?"
        self._db.execute(
            "UPDATE page SET state = 'queued', wanted = 1, due_at = ?, priority = ?, reason = '' WHERE site = ?"  # noqa: S608
            f" AND {of} AND (fetched_at IS NULL OR id = (SELECT max(id) FROM page WHERE {of} AND reason = ?))",
            (stamp(result.fetched_at) or 0, row["priority"], row["site"], row["url"], row["url"], ECHO),
        )

    def _other_addresses(self, url: str) -> list[str]:
        rows = self._db.execute(
            "SELECT url FROM page WHERE state = 'off' AND json_extract(memo, '$.of') = ?", (url,)
        ).fetchall()
        return [row[0] for row in rows]

    def _want(self, page_id: int, due_at: datetime, priority: int) -> None:
        self._db.execute(
            "UPDATE page SET wanted = 1, due_at = ?, priority = ? WHERE id = ? AND wanted = 0",
            (stamp(due_at), priority, page_id),
        )

    def _row(self, where: str, *values: object) -> Row | None:
        cursor = self._db.execute(f"SELECT * FROM page WHERE {where} LIMIT 1", values)  # noqa: S608  only ours above
        return next(iter(dicts(cursor)), None)
