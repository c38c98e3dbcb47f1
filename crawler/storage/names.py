"""What sites call themselves and whom their articles credit, counted over the articles that are held now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from crawler.storage.base import NameKind
from crawler.storage.connection import Connection

SCHEMA = """
CREATE TABLE name_count (
  kind TEXT NOT NULL,
  site TEXT NOT NULL,
  key TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (kind, site, key)
) WITHOUT ROWID;
CREATE TABLE credit (
  key TEXT NOT NULL,
  article INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
  PRIMARY KEY (key, article)
) WITHOUT ROWID;
CREATE INDEX credit_article ON credit (article);
"""


class SqliteNames:
    """`base.Names` on SQLite."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def count(self, kind: NameKind, site: str, key: str, by: int) -> None:
        """Adds to a counter; rows that reach 0 vanish."""
        self.count_many(kind, [(site, key, by)])

    def count_many(self, kind: NameKind, changes: Sequence[tuple[str, str, int]]) -> None:
        """Adds to counters: (site, key, by)."""
        self._db.executemany(
            "INSERT INTO name_count VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count",
            [(kind, *change) for change in changes],
        )
        self._db.executemany(
            "DELETE FROM name_count WHERE kind = ? AND site = ? AND key = ? AND count <= 0",
            [(kind, site, key) for site, key, by in changes if by < 0],
        )

    def counts(self, kind: NameKind, site: str | None = None) -> Iterator[tuple[str, str, int]]:
        """(site, key, count) of one kind."""
        yield from self._db.execute(
            "SELECT site, key, count FROM name_count WHERE kind = ? AND site = coalesce(?, site)", (kind, site)
        ).fetchall()

    def clear(self, kinds: Iterable[NameKind]) -> None:
        """Forgets counts, and with "credit" what each article credits, to count anew."""
        for kind in kinds:
            self._db.execute("DELETE FROM name_count WHERE kind = ?", (kind,))
            if kind == "credit":
                self._db.execute("DELETE FROM credit")

    def credit(self, article_id: int, keys: Iterable[str]) -> None:
        """Replaces the names that an article credits."""
        self._db.execute("DELETE FROM credit WHERE article = ?", (article_id,))
        self._db.executemany("INSERT OR IGNORE INTO credit VALUES (?, ?)", [(key, article_id) for key in keys])

    def crediting(self, key: str, site: str | None = None) -> list[int]:
        """Articles that credit a name, only of one site if given."""
        if site is None:
            rows = self._db.execute("SELECT article FROM credit WHERE key = ?", (key,))
        else:
            rows = self._db.execute(
                "SELECT c.article FROM credit c JOIN article a ON a.id = c.article WHERE c.key = ? AND a.site = ?",
                (key, site),
            )
        return [number for (number,) in rows]
