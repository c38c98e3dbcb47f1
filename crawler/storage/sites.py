"""What is remembered of sites on SQLite: their state, their robots.txt, and the pages that gave no article."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from crawler.items import Skip
from crawler.storage import renaming
from crawler.storage.base import RobotsFile, SiteState
from crawler.storage.connection import Connection, from_micros, to_micros

SCHEMA = """
CREATE TABLE site (
    name TEXT PRIMARY KEY,
    url TEXT NOT NULL,
    role TEXT NOT NULL,
    aliases TEXT NOT NULL,              -- JSON
    profile TEXT NOT NULL,              -- JSON
    first_visit INTEGER,                -- microseconds since 1970
    last_visit INTEGER,
    next_due INTEGER,
    poll_seconds INTEGER NOT NULL,
    new INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    gone INTEGER NOT NULL,
    errors INTEGER NOT NULL,
    requests INTEGER NOT NULL,
    last_error TEXT NOT NULL
);
CREATE TABLE site_noise (
    site TEXT PRIMARY KEY,
    learned TEXT NOT NULL               -- JSON: which lines recur over a site's pages
);
CREATE TABLE robots (
    origin TEXT PRIMARY KEY,            -- scheme://host[:port]
    status INTEGER NOT NULL,
    body BLOB NOT NULL,
    fetched_at INTEGER NOT NULL
);
CREATE TABLE skip (
    url TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL,
    at INTEGER NOT NULL
);
CREATE INDEX skip_site ON skip (site, reason);
"""

_MAX_DETAIL = 500
_MAX_ERROR = 1000
"""Characters kept of what a page or a failure says."""


class SqliteSites:
    """`crawler.storage.base.Sites` over one connection."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def get(self, name: str) -> SiteState | None:
        """The state of one site."""
        row = self._db.execute(f"SELECT {_COLUMNS} FROM site WHERE name = ?", (name,)).fetchone()  # noqa: S608  ours
        return None if row is None else _state(tuple(row))

    def all(self) -> list[SiteState]:
        """Every site, by name."""
        rows = self._db.execute(f"SELECT {_COLUMNS} FROM site ORDER BY name")  # noqa: S608  ours
        return [_state(tuple(row)) for row in rows.fetchall()]

    def save(self, state: SiteState) -> None:
        """Inserts or replaces the state of one site."""
        self._db.execute(
            f"INSERT OR REPLACE INTO site ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608  ours
            (
                *(state.name, state.url, state.role),
                json.dumps(list(state.aliases), ensure_ascii=False),
                json.dumps(dict(state.profile), ensure_ascii=False),
                *(to_micros(state.first_visit), to_micros(state.last_visit), to_micros(state.next_due)),
                *(state.poll_seconds, state.new, state.changed, state.gone, state.errors, state.requests),
                state.last_error[:_MAX_ERROR],
            ),
        )

    def robots(self, origin: str) -> RobotsFile | None:
        """The robots.txt that was last fetched from an origin."""
        row = self._db.execute("SELECT status, body, fetched_at FROM robots WHERE origin = ?", (origin,)).fetchone()
        if row is None:
            return None
        fetched_at = from_micros(row[2])
        assert fetched_at is not None
        return RobotsFile(row[0], bytes(row[1]), fetched_at)

    def save_robots(self, origin: str, file: RobotsFile) -> None:
        """Replaces what is remembered of an origin's robots.txt."""
        self._db.execute(
            "INSERT OR REPLACE INTO robots VALUES (?, ?, ?, ?)",
            (origin, file.status, file.body, to_micros(file.fetched_at)),
        )

    def noise(self, name: str) -> Mapping[str, Any] | None:
        """What was learned of the lines that recur over a site's pages."""
        row = self._db.execute("SELECT learned FROM site_noise WHERE site = ?", (name,)).fetchone()
        return None if row is None else json.loads(row[0])

    def save_noise(self, name: str, learned: Mapping[str, Any]) -> None:
        """Replaces what was learned of a site's noise."""
        self._db.execute(
            "INSERT OR REPLACE INTO site_noise VALUES (?, ?)", (name, json.dumps(dict(learned), ensure_ascii=False))
        )

    def in_use(self, names: Collection[str]) -> set[str]:
        """See `renaming`."""
        return renaming.in_use(self._db, names)

    def rename(self, old: str, new: str) -> None:
        """See `renaming`."""
        renaming.rename(self._db, old, new)

    def forget(self, name: str) -> int:
        """Drops a site's state, what was learned of it, and its skips. Returns how many rows."""
        self._db.execute("DELETE FROM site_noise WHERE site = ?", (name,))
        dropped = self._db.execute("DELETE FROM skip WHERE site = ?", (name,)).rowcount
        return dropped + self._db.execute("DELETE FROM site WHERE name = ?", (name,)).rowcount


class SqliteSkips:
    """The pages that gave no article, the last reason of each."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def save(self, skip: Skip, site: str, at: datetime) -> None:
        """Remembers a skip."""
        self._db.execute(
            "INSERT OR REPLACE INTO skip VALUES (?, ?, ?, ?, ?)",
            (skip.url, site, str(skip.reason), skip.detail[:_MAX_DETAIL], to_micros(at)),
        )

    def drop(self, url: str) -> None:
        """Forgets a skip: the page gave an article after all."""
        self._db.execute("DELETE FROM skip WHERE url = ?", (url,))

    def counts(self, site: str) -> Mapping[str, int]:
        """Reason -> number of pages."""
        rows = self._db.execute("SELECT reason, count(*) FROM skip WHERE site = ? GROUP BY reason", (site,))
        return {row[0]: row[1] for row in rows.fetchall()}


_COLUMNS = (
    "name, url, role, aliases, profile, first_visit, last_visit, next_due, poll_seconds,"
    " new, changed, gone, errors, requests, last_error"
)


def _state(row: tuple[object, ...]) -> SiteState:
    name, url, role, aliases, profile, first, last, due, poll, new, changed, gone, errors, requests, error = row
    return SiteState(
        name=str(name),
        url=str(url),
        role=str(role),
        aliases=tuple(json.loads(str(aliases))),
        profile=json.loads(str(profile)),
        first_visit=from_micros(_integer(first)),
        last_visit=from_micros(_integer(last)),
        next_due=from_micros(_integer(due)),
        poll_seconds=_integer(poll) or 0,
        new=_integer(new) or 0,
        changed=_integer(changed) or 0,
        gone=_integer(gone) or 0,
        errors=_integer(errors) or 0,
        requests=_integer(requests) or 0,
        last_error=str(error),
    )


def _integer(value: object) -> int | None:
    return value if isinstance(value, int) else None
