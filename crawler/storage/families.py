"""What the other pages with a text hold against an article's stated time, and which families are still to be asked."""

from __future__ import annotations

from collections.abc import Iterable

from crawler.storage.connection import Connection, id_list

SCHEMA = """
CREATE TABLE too_early (
  article INTEGER PRIMARY KEY REFERENCES article (id) ON DELETE CASCADE,
  level INTEGER NOT NULL,
  others INTEGER NOT NULL,
  gap INTEGER NOT NULL,
  within INTEGER NOT NULL
);
CREATE TABLE outgrown (
  article INTEGER PRIMARY KEY REFERENCES article (id) ON DELETE CASCADE
);
"""


def _large(article: str) -> str:
    """SQL: whether an article has several matches, or something is held against its time."""
    several = (
        f"SELECT 1 FROM match WHERE left = {article} UNION ALL SELECT 1 FROM match WHERE right = {article} LIMIT 2"  # noqa: S608
    )
    return f"((SELECT count(*) FROM ({several})) = 2 OR EXISTS (SELECT 1 FROM too_early WHERE article = {article}))"  # noqa: S608


_LARGE = (
    f"({_large('u.article')} OR EXISTS (SELECT 1 FROM match m WHERE m.left = u.article AND {_large('m.right')})"  # noqa: S608
    f" OR EXISTS (SELECT 1 FROM match m WHERE m.right = u.article AND {_large('m.left')}))"
)


class SqliteFamilies:
    """`base.Families` on SQLite."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def too_early(self, article_ids: Iterable[int]) -> dict[int, tuple[int, int, int, int]]:
        """Article -> (level, others, gap, within), as `attribution.families.Early` explains them."""
        rows = self._db.execute(
            "SELECT article, level, others, gap, within FROM too_early"
            " WHERE article IN (SELECT value FROM json_each(?))",
            (id_list(article_ids),),
        )
        return {article: told for article, *told in rows}

    def set_too_early(self, article_id: int, told: tuple[int, int, int, int] | None) -> None:
        """None takes it away."""
        if told is None:
            self._db.execute("DELETE FROM too_early WHERE article = ?", (article_id,))
        else:
            self._db.execute("INSERT OR REPLACE INTO too_early VALUES (?, ?, ?, ?, ?)", (article_id, *told))

    def waiting(self, after: int, limit: int) -> list[int]:
        """Articles in `undecided` with nothing to be looked up that have several matches or share text with one that
        has, above a number, lowest first."""
        rows = self._db.execute(
            f"SELECT article FROM undecided u WHERE article > ? AND matched AND {_LARGE} ORDER BY article LIMIT ?",  # noqa: S608
            (after, limit),
        )
        return [article for (article,) in rows]

    def mark(self, article_ids: Iterable[int]) -> None:
        """Families that have outgrown what is asked at once wait here for the queue to be drained."""
        self._db.executemany("INSERT OR IGNORE INTO outgrown VALUES (?)", [(one,) for one in article_ids])

    def marked(self) -> list[int]:
        """The articles so marked, lowest number first."""
        return [article for (article,) in self._db.execute("SELECT article FROM outgrown ORDER BY article")]

    def unmark(self) -> None:
        """Takes all marks away."""
        self._db.execute("DELETE FROM outgrown")

    def forget(self) -> None:
        """Drops what is drawn from times, to be asked anew."""
        self._db.execute("DELETE FROM too_early")
        self.unmark()
