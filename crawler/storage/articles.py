"""Articles, their earlier versions, and the sketches of both."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from crawler.items import Article
from crawler.storage.article_rows import Row, Said, article_of, row_of, told_of
from crawler.storage.base import Head, Saved, SketchText, StoredArticle, StoredSketch, Version
from crawler.storage.connection import Connection, from_micros, id_list, to_micros

# Columns that are read often stand before the text, which spills to overflow pages: SQLite reads those only when
# a query names the column.
SCHEMA = """
CREATE TABLE recipe (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
);
CREATE TABLE article (
  id INTEGER PRIMARY KEY,
  url TEXT NOT NULL UNIQUE,
  site TEXT NOT NULL,
  published INTEGER,
  first_seen INTEGER,
  fetched INTEGER,
  gone INTEGER,
  version INTEGER NOT NULL,
  sketch INTEGER NOT NULL,
  text_hash TEXT NOT NULL,
  title TEXT NOT NULL,
  fields TEXT NOT NULL,
  text TEXT NOT NULL
);
CREATE INDEX article_site ON article (site, published);
CREATE TABLE sketch (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  article INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
  recipe INTEGER NOT NULL REFERENCES recipe (id),
  data BLOB NOT NULL
);
CREATE INDEX sketch_article ON sketch (article);
CREATE TABLE version (
  article INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  sketch INTEGER NOT NULL UNIQUE,
  until INTEGER NOT NULL,
  text_hash TEXT NOT NULL,
  title TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (article, number)
);
"""

_HEAD = "a.id, a.url, a.site, a.title, a.first_seen, a.fetched, a.fields"
_WHOLE = f"{_HEAD}, a.text, a.text_hash, a.version, a.gone, s.data FROM article a JOIN sketch s ON s.id = a.sketch"
_IN = "IN (SELECT value FROM json_each(?))"
_PORTION = 200


class SqliteArticles:
    """`base.Articles` on SQLite."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self._recipes: dict[str, int] = {}

    # -- writing ------------------------------------------------------------------------------------------------

    def put(self, article: Article, sketch: bytes, text_hash: str, *, recipe: str, now: datetime) -> Saved:
        """Inserts or updates, as `base.Articles` says."""
        return self.put_many([row_of(article, sketch, text_hash)], recipe=recipe, now=now)[0]

    def put_many(self, rows: Sequence[Row], *, recipe: str, now: datetime) -> list[Saved]:
        """As `put` for each in turn; those whose URL is new are inserted together."""
        held = self.ids({row.url for row in rows})
        fresh: dict[str, Row] = {}
        for row in rows:
            if row.url not in held:
                fresh.setdefault(row.url, row)
        saved = dict(zip(fresh, self._insert_all(list(fresh.values()), recipe), strict=True))
        return [saved.pop(row.url) if row.url in saved else self._update(row, recipe, now) for row in rows]

    def _update(self, row: Row, recipe: str, now: datetime) -> Saved:
        """Another state of a page that is held."""
        held = _Held(
            *self._db.execute(
                "SELECT id, text_hash, version, sketch, fetched, first_seen, site, title, fields FROM article"
                " WHERE url = ?",
                (row.url,),
            ).fetchone()
        )
        before = article_of(row.url, held.site, held.title, held.first_seen, held.fetched, held.fields)
        seen = _earliest(held.first_seen, row.first_seen)
        if self._is_earlier(held, before, row):
            until = held.fetched or row.fetched or to_micros(now) or 0
            text_new = self._add_earlier(held, row, recipe, until)
            if seen != held.first_seen:
                self._db.execute("UPDATE article SET first_seen = ? WHERE id = ?", (seen, held.id))
            return Saved(held.id, text_new, text_new or seen != held.first_seen, before, superseded=True)
        text_new = row.text_hash != held.text_hash
        if text_new:
            self._supersede(held, row.fetched or to_micros(now) or 0)
            sketch_id = self._add_sketch(held.id, row.sketch, recipe)
            self._db.execute(
                "UPDATE article SET text = ?, text_hash = ?, version = version + 1, sketch = ? WHERE id = ?",
                (row.text, row.text_hash, sketch_id, held.id),
            )
        state = (row.site, row.title, row.fields, seen)
        changed = state != (held.site, held.title, held.fields, held.first_seen)
        self._db.execute(
            "UPDATE article SET site = ?, title = ?, fields = ?, first_seen = ?, fetched = coalesce(?, fetched),"
            " published = ?, gone = NULL WHERE id = ?",
            (*state, row.fetched, row.published, held.id),
        )
        return Saved(held.id, text_new, text_new or changed, before)

    def mark_gone(self, url: str, gone: bool, now: datetime) -> None:
        """The article keeps its place in every story."""
        self._db.execute("UPDATE article SET gone = ? WHERE url = ?", (to_micros(now) if gone else None, url))

    def resketch(self, sketch_id: int, data: bytes, *, recipe: str) -> None:
        """Replaces a sketch that was made by another recipe."""
        self._db.execute("UPDATE sketch SET data = ?, recipe = ? WHERE id = ?", (data, self._recipe(recipe), sketch_id))

    def _insert_all(self, rows: Sequence[Row], recipe: str) -> list[Saved]:
        """Inserts articles at new URLs. Numbers are given here, as SQLite would: one above the highest, and for a
        sketch one above the highest there ever was."""
        if not rows:
            return []
        (article_id,) = self._db.execute("SELECT coalesce(max(id), 0) + 1 FROM article").fetchone()
        found = self._db.execute("SELECT seq + 1 FROM sqlite_sequence WHERE name = 'sketch'").fetchone()
        sketch_id, number = found[0] if found else 1, self._recipe(recipe)
        self._db.executemany(
            "INSERT INTO article (id, sketch, version, url, site, published, first_seen, fetched, text_hash, title,"
            " fields, text) VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(article_id + at, sketch_id + at, *row[:-1]) for at, row in enumerate(rows)],
        )
        self._db.executemany(
            "INSERT INTO sketch (id, article, recipe, data) VALUES (?, ?, ?, ?)",
            [(sketch_id + at, article_id + at, number, row.sketch) for at, row in enumerate(rows)],
        )
        return [Saved(article_id + at, text_new=True, changed=True, sketch=sketch_id + at) for at in range(len(rows))]

    def _supersede(self, held: _Held, until: int) -> None:
        """The held text becomes an earlier version."""
        self._db.execute(
            "INSERT INTO version (article, number, sketch, until, text_hash, title, text)"
            " SELECT id, version, sketch, ?, text_hash, title, text FROM article WHERE id = ?",
            (until, held.id),
        )

    def _is_earlier(self, held: _Held, before: Article, row: Row) -> bool:
        """Whether a state of a page stood there before the one we hold: by when they were fetched, else changed. Where
        neither tells, what comes later is the later one, unless it is a version that we hold: an archive is read again.
        """
        if row.fetched != held.fetched:
            return held.fetched is not None and (row.fetched is None or row.fetched < held.fetched)
        modified, held_modified = row.article().modified_at, before.modified_at
        if modified and held_modified and modified != held_modified:
            return modified < held_modified
        return row.text_hash != held.text_hash and self._is_version(held.id, row.text_hash)

    def _is_version(self, article_id: int, text_hash: str) -> bool:
        found = self._db.execute(
            "SELECT 1 FROM version WHERE article = ? AND text_hash = ?", (article_id, text_hash)
        ).fetchone()
        return found is not None

    def _add_earlier(self, held: _Held, row: Row, recipe: str, until: int) -> bool:
        """A text that stood there before the one we hold. False where it is held already."""
        if row.text_hash == held.text_hash or self._is_version(held.id, row.text_hash):
            return False
        sketch_id = self._add_sketch(held.id, row.sketch, recipe)
        self._db.execute(
            "INSERT INTO version (article, number, sketch, until, text_hash, title, text) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (held.id, held.version, sketch_id, until, row.text_hash, row.title, row.text),
        )
        self._db.execute("UPDATE article SET version = version + 1 WHERE id = ?", (held.id,))
        return True

    def _add_sketch(self, article_id: int, data: bytes, recipe: str) -> int:
        sketch_id = self._db.execute(
            "INSERT INTO sketch (article, recipe, data) VALUES (?, ?, ?)", (article_id, self._recipe(recipe), data)
        ).lastrowid
        assert sketch_id is not None
        return sketch_id

    def _recipe(self, name: str) -> int:
        if name not in self._recipes:
            # not remembered before it is committed: a rollback would leave a number that stands for nothing
            self._db.execute("INSERT OR IGNORE INTO recipe (name) VALUES (?)", (name,))
            (number,) = self._db.execute("SELECT id FROM recipe WHERE name = ?", (name,)).fetchone()
            return int(number)
        return self._recipes[name]

    # -- reading ------------------------------------------------------------------------------------------------

    def get(self, url: str) -> StoredArticle | None:
        """The article at a URL."""
        row = self._db.execute(f"SELECT {_WHOLE} WHERE a.url = ?", (url,)).fetchone()
        return None if row is None else _stored(*row)

    def by_id(self, article_id: int) -> StoredArticle | None:
        """The article of that number."""
        return self.many([article_id]).get(article_id)

    def many(self, ids: Iterable[int]) -> dict[int, StoredArticle]:
        """Articles by number; missing ones are left out."""
        rows = self._db.execute(f"SELECT {_WHOLE} WHERE a.id {_IN}", (id_list(ids),))
        return {row[0]: _stored(*row) for row in rows}

    def heads(self, ids: Iterable[int]) -> dict[int, Head]:
        """The articles without their text."""
        rows = self._db.execute(f"SELECT a.sketch, {_HEAD} FROM article a WHERE a.id {_IN}", (id_list(ids),))  # noqa: S608
        return {row[0]: Head(row[0], article_of(*row[1:]), sketch) for sketch, *row in rows}

    def told(self, ids: Iterable[int]) -> dict[int, dict[str, Any]]:
        """What articles say but for their text, in the form that goes into JSON."""
        rows = self._db.execute(f"SELECT {_HEAD} FROM article a WHERE a.id {_IN}", (id_list(ids),))  # noqa: S608
        return {row[0]: told_of(*row[1:]) for row in rows}

    def ids(self, urls: Iterable[str]) -> dict[str, int]:
        """URL -> number, of those that are held."""
        rows = self._db.execute(f"SELECT url, id FROM article WHERE url {_IN}", (json.dumps(list(urls)),))  # noqa: S608
        return dict(rows.fetchall())

    def said(self, urls: Iterable[str]) -> dict[str, tuple[Said, int | None]]:
        """URL -> what the page says and when it was first seen, in microseconds, of those that are held."""
        rows = self._db.execute(
            f"SELECT url, first_seen, site, text_hash, title, fields FROM article WHERE url {_IN}",  # noqa: S608
            (json.dumps(list(urls)),),
        )
        return {url: (Said(*said), seen) for url, seen, *said in rows}

    def all(self, *, site: str | None = None, since: datetime | None = None) -> Iterator[StoredArticle]:
        """In order of id, streamed in portions, so that the caller may write meanwhile."""
        last, micros = 0, to_micros(since)
        query = (
            f"SELECT {_WHOLE} WHERE a.id > ? AND (? IS NULL OR a.site = ?)"
            " AND (? IS NULL OR coalesce(a.published, a.first_seen) >= ?) ORDER BY a.id LIMIT ?"
        )
        while rows := self._db.execute(query, (last, site, site, micros, micros, _PORTION)).fetchall():
            yield from (_stored(*row) for row in rows)
            last = rows[-1][0]

    def count(self) -> int:
        """How many articles are held."""
        return int(self._db.execute("SELECT count(*) FROM article").fetchone()[0])

    def versions(self, article_id: int) -> list[Version]:
        """The earlier texts, oldest first."""
        rows = self._db.execute(
            "SELECT number, text_hash, title, text, until FROM version WHERE article = ? ORDER BY until, number",
            (article_id,),
        )
        return [Version(n, h, title, text, from_micros(until) or _never()) for n, h, title, text, until in rows]

    def sketches(self, after: int, below: int | None = None) -> Iterator[StoredSketch]:
        """Sketches of all versions with an id above `after` (and below another)."""
        query = (
            "SELECT s.id, s.article, s.data, a.url, coalesce(a.published, a.first_seen) FROM sketch s"
            " JOIN article a ON a.id = s.article WHERE s.id > ? AND s.id < coalesce(?, s.id + 1) ORDER BY s.id LIMIT ?"
        )
        while rows := self._db.execute(query, (after, below, _PORTION)).fetchall():
            yield from (StoredSketch(*row) for row in rows)
            after = rows[-1][0]

    def sketches_of(self, article_ids: Iterable[int]) -> dict[int, bytes]:
        """Sketch id -> packed sketch, of all versions of these articles."""
        rows = self._db.execute(f"SELECT id, data FROM sketch WHERE article {_IN}", (id_list(article_ids),))  # noqa: S608
        return dict(rows.fetchall())

    def sketch_ids(self, after: int, limit: int) -> list[int]:
        """The next ids above `after`."""
        rows = self._db.execute("SELECT id FROM sketch WHERE id > ? ORDER BY id LIMIT ?", (after, limit))
        return [number for (number,) in rows]

    def packed(self, sketch_ids: Iterable[int]) -> dict[int, bytes]:
        """Sketch id -> packed sketch."""
        rows = self._db.execute(f"SELECT id, data FROM sketch WHERE id {_IN}", (id_list(sketch_ids),))  # noqa: S608
        return dict(rows.fetchall())

    def of_sketches(self, sketch_ids: Iterable[int]) -> dict[int, int]:
        """Sketch id -> article, whatever version it is of."""
        rows = self._db.execute(f"SELECT id, article FROM sketch WHERE id {_IN}", (id_list(sketch_ids),))  # noqa: S608
        return dict(rows.fetchall())

    def sketch_texts(self, sketch_ids: Iterable[int]) -> dict[int, SketchText]:
        """The text that each sketch was made of."""
        ids = id_list(sketch_ids)
        found = self._db.execute(
            "SELECT s.id, a.id, a.url, a.text_hash, a.text, s.data FROM sketch s"  # noqa: S608
            f" JOIN article a ON a.id = s.article AND a.sketch = s.id WHERE s.id {_IN}"
            " UNION ALL SELECT v.sketch, a.id, a.url, v.text_hash, v.text, s.data FROM version v"
            f" JOIN article a ON a.id = v.article JOIN sketch s ON s.id = v.sketch WHERE v.sketch {_IN}",
            (ids, ids),
        )
        return {number: SketchText(*told) for number, *told in found}

    def texts_of(self, article_id: int) -> dict[int, str]:
        """Sketch id -> text, of every version of an article."""
        rows = self._db.execute(
            "SELECT sketch, text FROM article WHERE id = ?"
            " UNION ALL SELECT sketch, text FROM version WHERE article = ?",
            (article_id, article_id),
        )
        return dict(rows.fetchall())

    def recipes(self) -> set[str]:
        """The recipes by which the stored sketches were made."""
        rows = self._db.execute("SELECT name FROM recipe r WHERE EXISTS (SELECT 1 FROM sketch WHERE recipe = r.id)")
        return {name for (name,) in rows}


class _Held:
    """The row that a save meets."""

    __slots__ = ("fetched", "fields", "first_seen", "id", "site", "sketch", "text_hash", "title", "version")

    def __init__(self, number: int, text_hash: str, version: int, sketch: int, fetched: int | None,
                 first_seen: int | None, site: str, title: str, fields: str) -> None:  # fmt: skip
        self.id, self.text_hash, self.version, self.sketch = number, text_hash, version, sketch
        self.fetched, self.first_seen = fetched, first_seen
        self.site, self.title, self.fields = site, title, fields


def _earliest(a: int | None, b: int | None) -> int | None:
    return min((moment for moment in (a, b) if moment is not None), default=None)


def _stored(number: int, url: str, site: str, title: str, first_seen: int | None, fetched: int | None, fields: str,
            text: str, text_hash: str, version: int, gone: int | None, sketch: bytes) -> StoredArticle:  # fmt: skip
    article = article_of(url, site, title, first_seen, fetched, fields, text)
    return StoredArticle(number, article, text_hash, version, sketch, gone is not None)


def _never() -> datetime:
    raise ValueError("a version without its time")
