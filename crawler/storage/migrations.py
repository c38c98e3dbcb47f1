"""The steps from nothing to today's tables. Each runs once, in a transaction of its own, and is recorded.

A step that has been released is never edited: what changes is a new step at the end.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from crawler.storage import articles, families, links, names, numbers, outbox, pages, sites, verdicts
from crawler.storage.base import StoreError
from crawler.storage.connection import Connection

APPLICATION_ID = 0x46505231
"""Says in the file's header that a database is ours ("FPR1")."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One step: its number, a name for people, and its statements."""

    number: int
    name: str
    script: str


MIGRATIONS = (
    Migration(1, "sites and pages", sites.SCHEMA + pages.SCHEMA),
    Migration(2, "articles and sketches", articles.SCHEMA),
    Migration(3, "matches, pointers, judgements", links.SCHEMA + names.SCHEMA),
    Migration(4, "verdicts and the outbox", verdicts.SCHEMA + outbox.SCHEMA),
    Migration(5, "what families hold against stated times", families.SCHEMA),
    Migration(6, "numbers of posts", numbers.SCHEMA),
    Migration(7, "texts of pages with a query", pages.SAID),
)


def schema_of(connection: Connection) -> int:
    """The number of the last step that this database has been through; 0 for an empty file.

    Raises StoreError for another program's database.
    """
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not tables:
        return 0
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    if application != APPLICATION_ID or "migration" not in tables:
        raise StoreError(f"{connection.path} is not a Firstprint store: it is the database of another program.")
    (number,) = connection.execute("SELECT coalesce(max(number), 0) FROM migration").fetchone()
    return int(number)


def check_not_newer(schema: int, connection: Connection) -> None:
    """Raises StoreError for a store that a later version of this program has changed."""
    newest = MIGRATIONS[-1].number
    if schema > newest:
        raise StoreError(
            f"The store {connection.path} was written by a newer version of Firstprint (its schema is {schema}, this "
            f"version knows {newest}); upgrade Firstprint, or name another store with STORE_URL."
        )


def migrate(connection: Connection, now: datetime) -> None:
    """Brings a database to today's tables. Two processes may try at once: the second finds it done."""
    if schema_of(connection) == 0:
        with connection.transaction():
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(
                "CREATE TABLE IF NOT EXISTS migration"
                " (number INTEGER PRIMARY KEY, name TEXT NOT NULL, at TEXT NOT NULL)"
            )
    check_not_newer(schema_of(connection), connection)
    for step in MIGRATIONS:
        if step.number <= schema_of(connection):
            continue
        with connection.transaction():
            if step.number <= schema_of(connection):
                continue
            for statement in statements(step.script):
                connection.execute(statement)
            connection.execute("INSERT INTO migration VALUES (?, ?, ?)", (step.number, step.name, now.isoformat()))


def statements(script: str) -> Iterator[str]:
    """A script's statements, one by one: `executescript` would commit the open transaction first."""
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""
    if pending.strip():
        raise ValueError(f"a migration ends in the middle of a statement: {pending[:80]!r}")
