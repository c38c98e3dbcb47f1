"""Verified pairs, pointers from copies to their sources, the queue of articles to decide, editors' words."""

from __future__ import annotations

import json
from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from crawler.discovery.urls import doors_of
from crawler.storage.base import Cause, Judgement, StoredMatch
from crawler.storage.connection import Connection, from_micros, id_list, to_micros

SCHEMA = """
CREATE TABLE match (
  left INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
  right INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
  left_sketch INTEGER NOT NULL,
  right_sketch INTEGER NOT NULL,
  kind TEXT NOT NULL,
  copied REAL NOT NULL,
  coverage REAL NOT NULL,
  left_words INTEGER NOT NULL,
  right_words INTEGER NOT NULL,
  longest INTEGER NOT NULL,
  jaccard REAL NOT NULL,
  passages BLOB NOT NULL,
  standing INTEGER NOT NULL,
  PRIMARY KEY (left, right, left_sketch, right_sketch)
) WITHOUT ROWID;
CREATE INDEX match_right ON match (right);
CREATE TABLE pointer (
  article INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
  parent INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
  PRIMARY KEY (article, parent)
) WITHOUT ROWID;
CREATE INDEX pointer_parent ON pointer (parent);
CREATE TABLE undecided (
  article INTEGER PRIMARY KEY REFERENCES article (id) ON DELETE CASCADE,
  cause INTEGER NOT NULL,
  matched INTEGER NOT NULL
);
CREATE TABLE endorsed (
  article INTEGER PRIMARY KEY REFERENCES article (id) ON DELETE CASCADE,
  level INTEGER NOT NULL
);
CREATE TABLE segment (
  number INTEGER PRIMARY KEY,
  told TEXT NOT NULL
);
CREATE TABLE stale_site (
  site TEXT PRIMARY KEY
) WITHOUT ROWID;
CREATE TABLE judgement (
  url TEXT PRIMARY KEY,
  ruling TEXT NOT NULL,
  original_url TEXT,
  reason TEXT NOT NULL,
  at INTEGER NOT NULL
) WITHOUT ROWID;
"""

_ADD_MATCH = "INSERT INTO match VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_CAUSES: tuple[Cause, ...] = ("again", "rematch", "changed", "new")
_STRONGER = "ON CONFLICT DO UPDATE SET cause = max(cause, excluded.cause), matched = min(matched, excluded.matched)"
_COLUMNS = (
    "left_sketch, right_sketch, left, right, kind, copied, coverage,"
    " left_words, right_words, longest, jaccard, passages, standing"
)
_CREDITS = " OR ".join(
    f"EXISTS (SELECT 1 FROM {told})"  # noqa: S608
    for told in (
        "credit c WHERE c.article = u.article",
        "endorsed e WHERE e.article = u.article",
        "match m JOIN credit c ON c.article = m.right WHERE m.left = u.article",
        "match m JOIN credit c ON c.article = m.left WHERE m.right = u.article",
        "match m JOIN endorsed e ON e.article = m.right WHERE m.left = u.article",
        "match m JOIN endorsed e ON e.article = m.left WHERE m.right = u.article",
    )
)


class SqliteLinks:
    """`base.Links` on SQLite."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add_matches(self, matches: Iterable[StoredMatch]) -> list[StoredMatch]:
        """Returns those that are new; a pair that is held already is left alone."""
        several = list(matches)
        held = self._held(several)
        new = {_key(match): match for match in several if _key(match) not in held}
        self._db.executemany(_ADD_MATCH, [_row(match) for match in new.values()])
        return list(new.values())

    def _held(self, matches: Sequence[StoredMatch]) -> set[tuple[int, int, int, int]]:
        rows = self._db.execute(
            "SELECT left, right, left_sketch, right_sketch FROM match WHERE left IN (SELECT value FROM json_each(?))",
            (id_list({match.left for match in matches}),),
        )
        return set(rows.fetchall())

    def drop(self, matches: Iterable[StoredMatch]) -> None:
        """Forgets verified pairs."""
        self._db.executemany(
            "DELETE FROM match WHERE left = ? AND right = ? AND left_sketch = ? AND right_sketch = ?",
            map(_key, matches),
        )

    def matches_of(self, article_ids: Iterable[int]) -> dict[int, list[StoredMatch]]:
        """The matches of each article, on whichever side it stands."""
        wanted = set(article_ids)
        ids = id_list(wanted)
        rows = self._db.execute(
            f"SELECT {_COLUMNS} FROM match WHERE left IN (SELECT value FROM json_each(?))"  # noqa: S608
            f" UNION ALL SELECT {_COLUMNS} FROM match WHERE right IN (SELECT value FROM json_each(?))"
            " AND left NOT IN (SELECT value FROM json_each(?))",
            (ids, ids, ids),
        )
        found: dict[int, list[StoredMatch]] = {}
        for row in rows:
            match = _match(row)
            for side in {match.left, match.right} & wanted:
                found.setdefault(side, []).append(match)
        return found

    def paired(self, pairs: Collection[tuple[int, int]]) -> set[tuple[int, int]]:
        """Those (left, right) of articles that have a match, of whatever versions."""
        rows = self._db.execute(
            "SELECT one, other FROM (SELECT value ->> 0 AS one, value ->> 1 AS other FROM json_each(?))"
            " WHERE EXISTS (SELECT 1 FROM match WHERE left = one AND right = other)",
            (json.dumps(list(pairs)),),
        )
        return set(rows.fetchall())

    def count_matches(self, article_ids: Iterable[int]) -> dict[int, int]:
        """Article -> how many matches it has, of all versions; those without one are left out."""
        rows = self._db.execute(
            "SELECT value, (SELECT count(*) FROM match WHERE left = value) +"
            " (SELECT count(*) FROM match WHERE right = value) AS count FROM json_each(?) WHERE count",
            (id_list(article_ids),),
        )
        return dict(rows.fetchall())

    def alone(self, article_ids: Iterable[int]) -> set[int]:
        """Those that share text with nobody, whose clues point to nobody, and of which nothing is held that others
        said."""
        rows = self._db.execute(
            "SELECT value FROM json_each(?) WHERE NOT EXISTS (SELECT 1 FROM match WHERE left = value)"
            " AND NOT EXISTS (SELECT 1 FROM match WHERE right = value)"
            " AND NOT EXISTS (SELECT 1 FROM credit WHERE article = value)"
            " AND NOT EXISTS (SELECT 1 FROM endorsed WHERE article = value)"
            " AND NOT EXISTS (SELECT 1 FROM too_early WHERE article = value)",
            (id_list(article_ids),),
        )
        return {article for (article,) in rows}

    def sharing_with(self, article_ids: Iterable[int]) -> set[int]:
        """The articles that have a match with one of these, and those of these that have any."""
        ids = id_list(article_ids)
        rows = self._db.execute(
            "SELECT left, right FROM match WHERE left IN (SELECT value FROM json_each(?))"
            " UNION SELECT left, right FROM match WHERE right IN (SELECT value FROM json_each(?))",
            (ids, ids),
        )
        return {side for both in rows for side in both}

    def matched_of_site(self, site: str) -> list[int]:
        """The articles of a site that have a match, also those behind other doors of its house."""
        rows = self._db.execute(
            "SELECT a.id FROM article a WHERE a.site IN (SELECT value FROM json_each(?)) AND"
            " (EXISTS (SELECT 1 FROM match m WHERE m.left = a.id)"
            " OR EXISTS (SELECT 1 FROM match m WHERE m.right = a.id))",
            (json.dumps(doors_of(site)),),
        )
        return [article for (article,) in rows]

    def drop_matches(self) -> None:
        """Forgets all that is drawn from texts: pairs, pointers, endorsements."""
        for table in ("match", "pointer", "endorsed"):
            self._db.execute(f"DELETE FROM {table}")  # noqa: S608  names of ours

    def endorsed(self, article_ids: Iterable[int]) -> dict[int, int]:
        """Article -> how much other pages with its text credit it, where they do."""
        rows = self._db.execute(
            "SELECT article, level FROM endorsed WHERE article IN (SELECT value FROM json_each(?))",
            (id_list(article_ids),),
        )
        return dict(rows.fetchall())

    def set_endorsed(self, article_id: int, level: int) -> None:
        """0 takes it away."""
        if level:
            self._db.execute("INSERT OR REPLACE INTO endorsed VALUES (?, ?)", (article_id, level))
        else:
            self._db.execute("DELETE FROM endorsed WHERE article = ?", (article_id,))

    def segments(self) -> list[dict[str, Any]]:
        """The files that the posting index is made of, in their order."""
        return [json.loads(told) for (told,) in self._db.execute("SELECT told FROM segment ORDER BY number")]

    def set_segments(self, segments: Sequence[Mapping[str, Any]]) -> None:
        """Replaces the list of these files."""
        self._db.execute("DELETE FROM segment")
        self._db.executemany(
            "INSERT INTO segment VALUES (?, ?)", [(n, json.dumps(dict(told))) for n, told in enumerate(segments)]
        )

    def parents_of(self, article_ids: Iterable[int]) -> dict[int, tuple[int, ...]]:
        """Article -> the articles it was decided to come from, smallest number first."""
        rows = self._db.execute(
            "SELECT article, parent FROM pointer WHERE article IN (SELECT value FROM json_each(?)) ORDER BY 1, 2",
            (id_list(article_ids),),
        )
        found: dict[int, tuple[int, ...]] = {}
        for article, parent in rows:
            found[article] = (*found.get(article, ()), parent)
        return found

    def children_of(self, article_ids: Iterable[int]) -> set[int]:
        """The articles that were decided to come from these."""
        rows = self._db.execute(
            "SELECT article FROM pointer WHERE parent IN (SELECT value FROM json_each(?))", (id_list(article_ids),)
        )
        return {article for (article,) in rows}

    def set_parents(self, parents: Mapping[int, Iterable[int]]) -> None:
        """Replaces the pointers of articles."""
        self._db.executemany("DELETE FROM pointer WHERE article = ?", [(article,) for article in parents])
        self._db.executemany(
            "INSERT INTO pointer VALUES (?, ?)",
            [(article, one) for article, ones in parents.items() for one in set(ones)],
        )

    def queue(self, article_ids: Iterable[int], cause: Cause) -> None:
        """Puts articles into `undecided`; a stronger cause that stands there stays."""
        rank = _CAUSES.index(cause)
        self._db.executemany(
            f"INSERT INTO undecided VALUES (?, ?, ?) {_STRONGER}",  # noqa: S608
            [(article, rank, not rank) for article in article_ids],
        )

    def queue_all(self, cause: Cause) -> None:
        """Puts every article into `undecided`."""
        rank = _CAUSES.index(cause)
        self._db.execute(
            f"INSERT INTO undecided SELECT id, ?, ? FROM article WHERE true {_STRONGER}",  # noqa: S608
            (rank, not rank),
        )

    def queued(self, article_ids: Iterable[int], *, ready: bool = False) -> dict[int, Cause]:
        """Those of the articles that stand in `undecided`; with `ready`, without those still to be looked up."""
        rows = self._db.execute(
            "SELECT article, cause FROM undecided WHERE article IN (SELECT value FROM json_each(?)) AND matched >= ?"
            " ORDER BY article",
            (id_list(article_ids), ready),
        )
        return {article: _CAUSES[rank] for article, rank in rows}

    def ready(self, after: int, limit: int, *, crediting: bool = False) -> list[int]:
        """Articles in `undecided` with nothing to be looked up, above a number, lowest first; with `crediting` only
        those that point to somebody or are endorsed, or share text with one that does or is."""
        query = "SELECT article FROM undecided u WHERE article > ? AND matched"
        if crediting:
            query += f" AND ({_CREDITS})"
        rows = self._db.execute(f"{query} ORDER BY article LIMIT ?", (after, limit))
        return [article for (article,) in rows]

    def queued_as(self, cause: Cause, limit: int | None) -> list[int]:
        """Articles that wait for that cause and are still to be looked up, lowest id first."""
        rank = _CAUSES.index(cause)
        rows = self._db.execute(
            "SELECT article FROM undecided WHERE cause = ? AND matched = ? ORDER BY article LIMIT ?",
            (rank, not rank, -1 if limit is None else limit),
        )
        return [article for (article,) in rows]

    def unmatched(self, limit: int | None) -> list[int]:
        """Articles in `undecided` whose sketches are still to be looked up, lowest id first."""
        most = -1 if limit is None else limit
        rows = self._db.execute("SELECT article FROM undecided WHERE NOT matched ORDER BY article LIMIT ?", (most,))
        return [article for (article,) in rows]

    def steps_left(self) -> int:
        """What waits, in steps: one for each decision, one for each look-up."""
        return int(self._db.execute("SELECT count(*) + count(nullif(matched, 1)) FROM undecided").fetchone()[0])

    def set_matched(self, article_ids: Iterable[int]) -> None:
        """Their sketches have been looked up."""
        self._db.execute(
            "UPDATE undecided SET matched = 1 WHERE article IN (SELECT value FROM json_each(?))",
            (id_list(article_ids),),
        )

    def unqueue(self, article_ids: Iterable[int]) -> None:
        """Takes articles out of `undecided`."""
        self._db.executemany("DELETE FROM undecided WHERE article = ?", [(article,) for article in article_ids])

    def set_stale(self, sites: Iterable[str]) -> None:
        """Marks sites whose matched articles are to be decided again when the queue is drained."""
        self._db.executemany("INSERT OR IGNORE INTO stale_site VALUES (?)", [(site,) for site in sites])

    def stale_sites(self) -> list[str]:
        """The sites so marked."""
        return [site for (site,) in self._db.execute("SELECT site FROM stale_site ORDER BY site")]

    def clear_stale(self, sites: Iterable[str]) -> None:
        """Takes the marks away."""
        self._db.executemany("DELETE FROM stale_site WHERE site = ?", [(site,) for site in sites])

    def judgement(self, url: str) -> Judgement | None:
        """The editor's word on a page."""
        row = self._db.execute(
            "SELECT url, ruling, original_url, reason, at FROM judgement WHERE url = ?", (url,)
        ).fetchone()
        return None if row is None else _judgement(*row)

    def judgements(self) -> list[Judgement]:
        """All of them, by URL."""
        rows = self._db.execute("SELECT url, ruling, original_url, reason, at FROM judgement ORDER BY url")
        return [_judgement(*row) for row in rows]

    def set_judgement(self, judgement: Judgement) -> None:
        """A later word replaces an earlier one."""
        self._db.execute(
            "INSERT OR REPLACE INTO judgement VALUES (?, ?, ?, ?, ?)",
            (judgement.url, judgement.ruling, judgement.original_url, judgement.reason, to_micros(judgement.at)),
        )

    def clear_judgement(self, url: str) -> bool:
        """Takes a word back. False where there was none."""
        return self._db.execute("DELETE FROM judgement WHERE url = ?", (url,)).rowcount > 0


def _match(row: tuple[Any, ...]) -> StoredMatch:
    return StoredMatch(*(*row[:-2], _unpack(row[-2]), row[-1]))


def _key(m: StoredMatch) -> tuple[int, int, int, int]:
    return (m.left, m.right, m.left_sketch, m.right_sketch)


def _row(m: StoredMatch) -> tuple[Any, ...]:
    return (m.left, m.right, m.left_sketch, m.right_sketch, m.kind, m.copied, m.coverage, m.left_words, m.right_words,
            m.longest, m.jaccard, _pack(m.passages), m.standing)  # fmt: skip


def _judgement(url: str, ruling: str, original_url: str | None, reason: str, at: int) -> Judgement:
    moment = from_micros(at)
    assert moment is not None
    return Judgement(url, "original" if ruling == "original" else "not_a_repost", original_url, reason, moment)


def _pack(passages: Iterable[tuple[int, int, int, int]]) -> bytes:
    return array("I", [offset for passage in passages for offset in passage]).tobytes()


def _unpack(data: bytes) -> tuple[tuple[int, int, int, int], ...]:
    numbers = array("I", data)
    steps = iter(numbers)
    return tuple(zip(steps, steps, steps, steps, strict=True))
