"""One SQLite connection: durable, strict about foreign keys, and speaking in StoreErrors."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from crawler.storage.base import StoreError

BUSY_SECONDS = 30.0
"""How long a writer waits for another process's commit before it gives up."""
SYNCHRONOUS = "FULL"
"""WAL with FULL syncs the log at every commit, so a commit that was reported survives a power cut; NORMAL would
only survive the process. See docs/decisions/0050-durability.md."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = 86_400


def to_micros(moment: datetime | None) -> int | None:
    """Microseconds since 1970: exact, and sorted by number."""
    if moment is None:
        return None
    since = moment - _EPOCH
    return (since.days * _DAY + since.seconds) * 1_000_000 + since.microseconds


def from_micros(micros: int | None) -> datetime | None:
    """The inverse of `to_micros`, in UTC."""
    return None if micros is None else _EPOCH + timedelta(microseconds=micros)


class Connection(sqlite3.Connection):
    """SQLite's own connection, in autocommit, whose operational failures are StoreErrors naming the file.

    Mistakes of ours (a broken constraint, wrong SQL) stay sqlite3 exceptions.
    """

    path: Path = Path()
    in_block = False

    def execute(self, *args: Any) -> sqlite3.Cursor:
        """As in sqlite3."""
        try:
            return super().execute(*args)
        except sqlite3.DatabaseError as error:
            raise explained(error, self.path) from error

    def executemany(self, *args: Any) -> sqlite3.Cursor:
        """As in sqlite3."""
        try:
            return super().executemany(*args)
        except sqlite3.DatabaseError as error:
            raise explained(error, self.path) from error

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """One write transaction; durable when the block has been left, nothing of it kept if the block raises."""
        if self.in_block:
            raise RuntimeError("a transaction is open already; its end is the one that makes things durable")
        self.execute("BEGIN IMMEDIATE")
        self.in_block = True
        try:
            yield
            self.execute("COMMIT")
        except BaseException:
            if self.in_transaction:
                self.rollback()
            raise
        finally:
            self.in_block = False


def explained(error: sqlite3.DatabaseError, path: Path) -> Exception:
    """The StoreError that says what an operator can do; an error of ours is handed back as it is."""
    text = str(error)
    told = {
        "locked": f"the store {path} is locked by another process (waited {BUSY_SECONDS:.0f} s); try again later",
        "readonly": f"the store {path} cannot be written: it, or its folder, is read-only for this user",
        "unable to open": f"the store {path} cannot be opened: no permission, or its folder is not writable",
        "not a database": f"the file {path} is no Firstprint store: it is not a database at all",
        "malformed": f"the store {path} is damaged (SQLite: {text}); restore it from a backup",
        "disk is full": f"the disk of the store {path} is full",
        "disk I/O": f"the disk of the store {path} failed ({text})",
    }
    for sign, sentence in told.items():
        if sign in text:
            return StoreError(sentence[0].upper() + sentence[1:] + ".")
    return error


def connect(path: Path, *, read_only: bool) -> Connection:
    """Opens a database file. Raises StoreError where that is not possible."""
    target = f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}"
    try:
        connection = sqlite3.connect(
            target, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, factory=Connection
        )
    except sqlite3.DatabaseError as error:
        raise explained(error, path) from error
    connection.path = path
    return connection


def configure(connection: Connection, *, read_only: bool) -> None:
    """Sets how the connection works. Only for a database that is known to be ours: WAL changes the file."""
    # nothing is mapped: it would be the beginning of the file, little of a large store, and count as our memory
    always = ["foreign_keys=ON", "cache_size=-16384", "temp_store=MEMORY", "mmap_size=0"]
    writing = ["journal_mode=WAL", f"synchronous={SYNCHRONOUS}", "wal_autocheckpoint=10000"]
    for pragma in [*always, *(["query_only=ON"] if read_only else writing)]:
        connection.execute(f"PRAGMA {pragma}").fetchall()


def id_list(ids: Iterable[int]) -> str:
    """Ids for `IN (SELECT value FROM json_each(?))`: one parameter, however many they are."""
    return json.dumps(list(ids))
