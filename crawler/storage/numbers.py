"""Numbers of posts by site, and the pages whose number contradicts their stated time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from crawler.storage.connection import Connection, id_list

SCHEMA = """
CREATE TABLE post_number (
  site TEXT NOT NULL,
  slot TEXT NOT NULL,
  number INTEGER NOT NULL,
  stated INTEGER NOT NULL,
  article INTEGER NOT NULL,
  PRIMARY KEY (site, slot, number, stated, article)
) WITHOUT ROWID;
CREATE TABLE misplaced (
  article INTEGER PRIMARY KEY REFERENCES article (id) ON DELETE CASCADE,
  site TEXT NOT NULL,
  number INTEGER NOT NULL,
  since TEXT NOT NULL,
  until TEXT NOT NULL
);
CREATE INDEX misplaced_site ON misplaced (site);
CREATE TABLE unreviewed (
  site TEXT PRIMARY KEY
) WITHOUT ROWID;
"""


Told = tuple[int, str, str]


class SqliteNumbers:
    """`base.Numbers` on SQLite."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def put(self, rows: Iterable[tuple[str, str, int, int, int]]) -> None:
        """Adds (site, slot, number, stated, article), and marks the sites; times in microseconds since 1970."""
        several = list(rows)
        self._db.executemany("INSERT OR IGNORE INTO post_number VALUES (?, ?, ?, ?, ?)", several)
        self._mark({row[0] for row in several})

    def drop(self, rows: Iterable[tuple[str, str, int, int, int]]) -> None:
        """Takes such rows away, and marks the sites."""
        several = list(rows)
        self._db.executemany(
            "DELETE FROM post_number WHERE (site, slot, number, stated, article) = (?, ?, ?, ?, ?)", several
        )
        self._mark({row[0] for row in several})

    def _mark(self, sites: Iterable[str]) -> None:
        self._db.executemany("INSERT OR IGNORE INTO unreviewed VALUES (?)", [(site,) for site in sites])

    def forget(self) -> None:
        """Drops all of it, to be counted anew."""
        for table in ("post_number", "misplaced", "unreviewed"):
            self._db.execute(f"DELETE FROM {table}")  # noqa: S608  names of ours

    def unreviewed(self) -> list[str]:
        """The sites so marked."""
        return [site for (site,) in self._db.execute("SELECT site FROM unreviewed ORDER BY site")]

    def reviewed(self, site: str) -> None:
        """Takes the mark away."""
        self._db.execute("DELETE FROM unreviewed WHERE site = ?", (site,))

    def slots(self, site: str) -> list[str]:
        """The names of places in which a site has numbers."""
        rows = self._db.execute("SELECT DISTINCT slot FROM post_number WHERE site = ? ORDER BY slot", (site,))
        return [slot for (slot,) in rows]

    def read(self, site: str, slot: str, after: tuple[int, int, int], limit: int) -> list[tuple[int, int, int]]:
        """(number, stated, article) of a slot behind a row, in this order."""
        return self._db.execute(
            "SELECT number, stated, article FROM post_number WHERE site = ? AND slot = ?"
            " AND (number, stated, article) > (?, ?, ?) ORDER BY number, stated, article LIMIT ?",
            (site, slot, *after, limit),
        ).fetchall()

    def misplaced(self, article_ids: Iterable[int]) -> dict[int, Told]:
        """Article -> (number, since, until), as `attribution.numbers.Misplaced` explains them."""
        rows = self._db.execute(
            "SELECT article, number, since, until FROM misplaced WHERE article IN (SELECT value FROM json_each(?))",
            (id_list(article_ids),),
        )
        return {article: (number, since, until) for article, number, since, until in rows}

    def misplaced_at(self, site: str) -> dict[int, Told]:
        """The same, of all articles of a site."""
        rows = self._db.execute("SELECT article, number, since, until FROM misplaced WHERE site = ?", (site,))
        return {article: (number, since, until) for article, number, since, until in rows}

    def set_misplaced(self, site: str, told: Mapping[int, Told]) -> None:
        """Replaces what is told of a site's articles."""
        self._db.execute("DELETE FROM misplaced WHERE site = ?", (site,))
        self._db.executemany("INSERT INTO misplaced VALUES (?, ?, ?, ?, ?)", [(a, site, *t) for a, t in told.items()])
