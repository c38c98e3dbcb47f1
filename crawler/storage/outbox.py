"""The outbox: what happened, in order, until every sink has taken it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from crawler.storage.base import Event
from crawler.storage.connection import Connection, from_micros, to_micros

SCHEMA = """
CREATE TABLE outbox (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  at INTEGER NOT NULL,
  payload TEXT NOT NULL
);
CREATE TABLE sink (
  name TEXT PRIMARY KEY,
  seq INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE quarantine (
  sink TEXT NOT NULL,
  seq INTEGER NOT NULL,
  kind TEXT NOT NULL,
  happened INTEGER NOT NULL,
  payload TEXT NOT NULL,
  reason TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (sink, seq)
) WITHOUT ROWID;
"""

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def encoded(payload: Mapping[str, Any]) -> str:
    """JSON; half of a surrogate pair, which no database takes, stays as its escape."""
    return _encode(payload).encode("utf-8", "backslashreplace").decode()


class SqliteOutbox:
    """`base.Outbox` on SQLite. AUTOINCREMENT: a `seq` is never used twice, not even after a prune."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(self, kind: str, payload: Mapping[str, Any], at: datetime) -> None:
        """Appends one event."""
        self.add_many([(kind, payload)], at)

    def add_many(self, events: Iterable[tuple[str, Mapping[str, Any] | str]], at: datetime) -> None:
        """Appends events in their order; a payload may be `encoded` already."""
        micros = to_micros(at)
        rows = [(kind, micros, told if isinstance(told, str) else encoded(told)) for kind, told in events]
        self._db.executemany("INSERT INTO outbox (kind, at, payload) VALUES (?, ?, ?)", rows)

    def read(self, sink: str, limit: int) -> list[Event]:
        """The next events that this sink has not taken. A sink that was never seen starts at the oldest held."""
        rows = self._db.execute(
            "SELECT seq, kind, at, payload FROM outbox WHERE seq > ? ORDER BY seq LIMIT ?", (self._seen(sink), limit)
        )
        return [_event(*row) for row in rows]

    def advance(self, sink: str, seq: int) -> None:
        """Records that a sink has taken everything up to `seq`; never backwards."""
        self._db.execute(
            "INSERT INTO sink VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET seq = max(seq, excluded.seq)", (sink, seq)
        )

    def cursors(self) -> dict[str, int]:
        """Sink -> the last `seq` that it has taken."""
        return dict(self._db.execute("SELECT name, seq FROM sink"))

    def pending(self, sink: str) -> int:
        """How many rows a sink has still to take."""
        (count,) = self._db.execute("SELECT count(*) FROM outbox WHERE seq > ?", (self._seen(sink),)).fetchone()
        return int(count)

    def quarantine(self, sink: str, event: Event, reason: str, at: datetime) -> None:
        """Keeps an event that a sink refused for good, with the reason."""
        self._db.execute(
            "INSERT OR REPLACE INTO quarantine VALUES (?, ?, ?, ?, ?, ?, ?)",
            (sink, event.seq, event.kind, to_micros(event.at), encoded(event.payload), reason[:1000], to_micros(at)),
        )

    def quarantined(self, sink: str | None = None) -> list[tuple[str, Event, str]]:
        """(sink, event, reason) of what was refused."""
        rows = self._db.execute(
            "SELECT sink, seq, kind, happened, payload, reason FROM quarantine WHERE sink = coalesce(?, sink)"
            " ORDER BY sink, seq",
            (sink,),
        )
        return [(name, _event(seq, kind, at, payload), reason) for name, seq, kind, at, payload, reason in rows]

    def prune(self) -> int:
        """Drops what every known sink has taken; nothing while no sink is known."""
        return self._db.execute("DELETE FROM outbox WHERE seq <= (SELECT min(seq) FROM sink)").rowcount

    def _seen(self, sink: str) -> int:
        row = self._db.execute("SELECT seq FROM sink WHERE name = ?", (sink,)).fetchone()
        return 0 if row is None else int(row[0])


def _event(seq: int, kind: str, at: int, payload: str) -> Event:
    return Event(seq, kind, from_micros(at) or datetime.fromtimestamp(0, UTC), json.loads(payload))
