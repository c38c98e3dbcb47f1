"""A site's name is a label: everything that stands under one moves to another."""

from __future__ import annotations

import json
from collections.abc import Collection

from crawler.discovery.urls import house_of
from crawler.storage.connection import Connection

_HELD = ("page", "article", "skip", "post_number", "misplaced")
"""Tables with many rows of a site."""
_SINGLE = ("site_noise", "stale_site", "unreviewed")
"""Tables with one."""


def in_use(db: Connection, names: Collection[str]) -> set[str]:
    """Those of the names under which a site, a page or an article is held."""
    rows = db.execute(
        "SELECT value FROM json_each(?) WHERE EXISTS (SELECT 1 FROM site WHERE name = value)"
        " OR EXISTS (SELECT 1 FROM page WHERE site = value) OR EXISTS (SELECT 1 FROM article WHERE site = value)",
        (json.dumps(list(names)),),
    )
    return {name for (name,) in rows}


def rename(db: Connection, old: str, new: str) -> None:
    """Moves all that is known of a site. What stood under the new name alone, a visit that found nothing because all
    was held under the old one, gives way. Must run inside a transaction."""
    for table in _HELD:
        db.execute(f"UPDATE {table} SET site = ? WHERE site = ?", (new, old))  # noqa: S608  names of ours
    for table in _SINGLE:
        db.execute(f"UPDATE OR REPLACE {table} SET site = ? WHERE site = ?", (new, old))  # noqa: S608
    db.execute("UPDATE OR REPLACE site SET name = ? WHERE name = ?", (new, old))
    # names and habits are counted by the house, whichever door an article came through
    for name in dict.fromkeys((old, house_of(old))):
        _move_counts(db, name, new)


def _move_counts(db: Connection, old: str, new: str) -> None:
    moved = db.execute(
        "SELECT kind, iif(site = ?1, ?2, site), iif(kind = 'later' AND key = ?1, ?2, key), sum(count) FROM name_count"
        " WHERE site = ?1 OR (kind = 'later' AND key = ?1) GROUP BY 1, 2, 3",
        (old, new),
    ).fetchall()
    db.execute("DELETE FROM name_count WHERE site = ?1 OR (kind = 'later' AND key = ?1)", (old,))
    db.executemany(
        "INSERT INTO name_count VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count",
        [row for row in moved if not (row[0] == "later" and row[1] == row[2])],  # two doors of one house by now
    )
