"""The verdict lines of each article as they stand."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from crawler.items import Verdict
from crawler.storage.base import PackedLines
from crawler.storage.connection import Connection, id_list, to_micros

# URL and site are the article's own and are not stored twice; `data` holds the rest as JSON, empty values left out,
# compressed where it is long: sentences of evidence are much alike.
SCHEMA = """
CREATE TABLE verdict (
  article INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
  line INTEGER NOT NULL,
  status TEXT NOT NULL,
  story TEXT NOT NULL,
  publisher TEXT,
  confidence REAL NOT NULL,
  revision INTEGER NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (article, line)
) WITHOUT ROWID;
CREATE INDEX verdict_story ON verdict (story);
CREATE INDEX verdict_publisher ON verdict (publisher) WHERE publisher IS NOT NULL;
CREATE INDEX verdict_found ON verdict (status) WHERE status IN ('repost', 'sibling');
"""

_COLUMNS = "a.url, a.site, v.status, v.story, v.publisher, v.confidence, v.revision, v.data"
_FROM = "FROM verdict v JOIN article a ON a.id = v.article"
_WHEN = "coalesce(min(a.published, a.first_seen), a.published, a.first_seen, a.fetched)"
"""When a page was published: as it states, but not after we first saw it."""
_LEFT = "(a.gone IS NOT NULL AND EXISTS (SELECT 1 FROM page p WHERE p.url = a.url AND p.state = 'off'))"
"""An article moved away from this address: it counts where it is now."""
_IN_DATA = ("original_url", "via_url", "relation", "copied", "coverage", "published", "original_published",
            "lag_seconds", "evidence")  # fmt: skip
_EMPTY = Verdict("", "", "", "original").to_dict()
"""A line that says nothing, its keys in the order in which they are told."""
_LONG = 400
_dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class SqliteVerdicts:
    """`base.Verdicts` on SQLite."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def of(self, article_id: int) -> tuple[Verdict, ...]:
        """The lines of one article, in their order."""
        return self.many([article_id]).get(article_id, ())

    def many(self, article_ids: Iterable[int]) -> dict[int, tuple[Verdict, ...]]:
        """The lines of several articles; undecided ones are left out."""
        rows = self._db.execute(
            f"SELECT v.article, {_COLUMNS} {_FROM} WHERE v.article IN (SELECT value FROM json_each(?))"  # noqa: S608
            " ORDER BY v.article, v.line",
            (id_list(article_ids),),
        )
        found: dict[int, tuple[Verdict, ...]] = {}
        for article, *row in rows:
            found[article] = (*found.get(article, ()), _verdict(*row))
        return found

    def select(self, *, site: str | None = None, since: datetime | None = None, min_confidence: float = 0.0,
               everything: bool = False) -> Iterator[Verdict]:  # fmt: skip
        """Newest publication first, streamed; ties by URL. What has no time at all is of any time, and comes last."""
        kinds = "" if everything else f" AND v.status IN ('repost', 'sibling') AND NOT {_LEFT}"
        micros = to_micros(since)
        rows = self._db.execute(
            f"SELECT {_COLUMNS} {_FROM} WHERE (? IS NULL OR a.site = ?)"
            f" AND (? IS NULL OR coalesce({_WHEN}, 1e18) >= ?) AND v.confidence >= ?{kinds}"
            f" ORDER BY {_WHEN} DESC, a.url, v.line",
            (site, site, micros, micros, min_confidence),
        )
        for row in rows:
            yield _verdict(*row)

    def story(self, story: str) -> list[Verdict]:
        """Every line of a story, earliest publication first."""
        rows = self._db.execute(
            f"SELECT {_COLUMNS} {_FROM} WHERE v.story = ?"
            " ORDER BY coalesce(a.published, a.first_seen, 1e18), a.url, v.line",
            (story,),
        )
        return [_verdict(*row) for row in rows]

    def stories(self) -> Iterator[str]:
        """Ids of stories with more than one page."""
        rows = self._db.execute(
            "SELECT story FROM verdict GROUP BY story HAVING count(DISTINCT article) > 1 ORDER BY story"
        )
        yield from (story for (story,) in rows)

    def undecided(self, limit: int) -> list[int]:
        """Articles that wait for their verdict, lowest number first."""
        rows = self._db.execute("SELECT article FROM undecided ORDER BY article LIMIT ?", (limit,))
        return [article for (article,) in rows]

    def undecided_count(self) -> int:
        """How many articles wait for their verdict."""
        return int(self._db.execute("SELECT count(*) FROM undecided").fetchone()[0])

    def naming(self, publisher: str) -> list[int]:
        """Articles whose verdict names a publisher."""
        rows = self._db.execute("SELECT DISTINCT article FROM verdict WHERE publisher = ?", (publisher,))
        return [article for (article,) in rows]

    def replace(self, lines: Mapping[int, Sequence[Verdict]]) -> None:
        """Replaces the lines of articles as they stand here; those of one article have one revision."""
        self.put(
            {
                article: (max((line.revision for line in several), default=0), pack([one.to_dict() for one in several]))
                for article, several in lines.items()
            }
        )

    def packed(self, article_ids: Iterable[int]) -> dict[int, tuple[int, PackedLines]]:
        """The revision of several articles' lines, and the lines as `pack` makes them."""
        rows = self._db.execute(
            "SELECT article, revision, status, story, publisher, confidence, data FROM verdict"
            " WHERE article IN (SELECT value FROM json_each(?)) ORDER BY article, line",
            (id_list(article_ids),),
        )
        found: dict[int, tuple[int, PackedLines]] = {}
        for article, revision, *line, data in rows:
            before = found[article][1] if article in found else ()
            found[article] = (revision, (*before, (*line, _unsqueezed(data))))
        return found

    def put(self, packed: Mapping[int, tuple[int, PackedLines]]) -> None:
        """Replaces the lines of articles: the new revision, and the lines as `pack` makes them."""
        self._db.execute("DELETE FROM verdict WHERE article IN (SELECT value FROM json_each(?))", (id_list(packed),))
        self._db.executemany(
            "INSERT INTO verdict (article, line, revision, status, story, publisher, confidence, data)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (article, number, revision, *line, _squeezed(data))
                for article, (revision, several) in packed.items()
                for number, (*line, data) in enumerate(several)
            ],
        )


def pack(lines: Sequence[Mapping[str, Any]]) -> PackedLines:
    """Lines (`Verdict.to_dict`) without their revision: what stands in columns, and the rest as JSON. Equal ones are
    packed alike."""
    return tuple((v["status"], v["story"], v["publisher"], v["confidence"], _data(v)) for v in lines)


def unpacked(lines: PackedLines, url: str, site: str, revision: int) -> list[dict[str, Any]]:
    """The inverse of `pack`, for the lines of one article."""
    return [
        _line(url, site, status, story, publisher, confidence, revision, data)
        for status, story, publisher, confidence, data in lines
    ]


def _line(
    url: str, site: str, status: str, story: str, publisher: str | None, confidence: float, revision: int, data: str
) -> dict[str, Any]:
    told = {"url": url, "site": site, "status": status, "story": story, "publisher": publisher,
            "confidence": confidence, "revision": revision}  # fmt: skip
    return {**_EMPTY, **told, **json.loads(data)}


def _data(line: Mapping[str, Any]) -> str:
    # a lag of 0 says more than nothing
    return _dump(
        {key: value for key in _IN_DATA if (value := line[key]) or (key == "lag_seconds" and value is not None)}
    )


def _squeezed(data: str) -> str | bytes:
    return data if len(data) < _LONG else zlib.compress(data.encode(), 1)


def _unsqueezed(data: str | bytes) -> str:
    return data if isinstance(data, str) else zlib.decompress(data).decode()


def _verdict(url: str, site: str, status: str, story: str, publisher: str | None, confidence: float, revision: int,
             data: str | bytes) -> Verdict:  # fmt: skip
    line = _line(url, site, status, story, publisher, confidence, revision, _unsqueezed(data))
    return Verdict.from_dict(line)
