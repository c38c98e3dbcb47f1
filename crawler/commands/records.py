"""One record of a file into one article: every field that a feed export writes, and what others call the same."""

from __future__ import annotations

import codecs
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple, get_args

from crawler.discovery.urls import normalise
from crawler.items import Article, Clue, Precision, plain

MAX_TEXT = 5_000_000
MAX_LINE = 2_000
MAX_LIST = 500
"""Characters of a text, characters of any other field, entries of a list."""

LONGEST = 64 * 1024 * 1024
"""Bytes of a line."""

_decode = json.JSONDecoder().decode
_MARK = codecs.BOM_UTF8
_NOTHING = (b"", b"[", b"]")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_USUAL = b"\n" + bytes(range(0x20, 0x7F))
_WORD = re.compile(r"\w")
_DAY_ONLY = re.compile(r"\s*\d{4}-?\d\d-?\d\d\s*")
_NO_SECONDS = re.compile(r"[T ]\d\d:\d\d(?!:\d)|T\d{4}(?!\d)")
_PRECISIONS = frozenset(get_args(Precision))
_AHEAD = timedelta(days=2)
"""A stated time that is further ahead of the time of fetching is not believed, as in a crawl."""
_MILLISECONDS = 100_000_000_000
"""A time since 1970 above this is not in seconds: it would be the year 5138."""

TOLD = 50
"""Lines of a run that are refused aloud; of those after them only the number is told."""

SiteOf = Callable[[str], str]
_Value = bytes | Mapping[str, Any]


class Record(NamedTuple):
    """What stands on one line (from 1; of Parquet, one row): JSON, or a value, or why it cannot be read."""

    line: int
    value: _Value = b""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Portion:
    """Records of one file that are taken together.

    `content`: lines of JSON, or values. `line`: the number of the first. `source`: how the file is called. `position`:
    how many bytes were read with them. `full`: there may be more. `problem`: why what follows cannot be read.
    """

    content: bytes | Sequence[Mapping[str, Any]]
    line: int = 1
    source: str = ""
    position: int = 0
    full: bool = False
    problem: str = ""

    def records(self) -> Iterator[Record]:
        """Each with its line; empty lines are none."""
        parts: Sequence[_Value] = self.content.split(b"\n") if isinstance(self.content, bytes) else self.content
        for number, one in enumerate(parts, self.line):
            # a JSON array with one item a line, as a feed export to .json writes it, is read too
            value: _Value = one.removeprefix(_MARK).strip().rstrip(b",") if isinstance(one, bytes) else one
            if isinstance(value, bytes) and len(value) > LONGEST:
                yield Record(number, problem=f"the line is longer than {LONGEST // 1024**2} MiB")
            elif value not in _NOTHING:
                yield Record(number, value)
        if self.problem:
            whole = len(parts) - 1 if isinstance(self.content, bytes) else len(parts)
            yield Record(self.line + whole, problem=self.problem)


class RecordError(ValueError):
    """This record is no article; the message says why, without the line."""


class Refusals:
    """The lines of files that were refused, told on stderr as compilers do: an editor finds its way to them."""

    def __init__(self) -> None:
        self.count = 0
        self.sources: dict[str, None] = {}
        """Files of which lines were refused."""

    def add(self, source: str, line: int, reason: object) -> None:
        """Tells of one, as long as there are few."""
        self.count += 1
        self.sources[source] = None
        if self.count <= TOLD:
            print(f"{source}:{line}: {reason}", file=sys.stderr)
        elif self.count == TOLD + 1:
            print("further lines that are not understood are only counted", file=sys.stderr)

    def __str__(self) -> str:
        """For the summary of a run."""
        return f"{self.count:,} {'line' if self.count == 1 else 'lines'} not understood" if self.count else ""


def article_of(record: Record, site_of: SiteOf) -> Article:
    """The article that a record of a file describes. Raises RecordError."""
    if record.problem:
        raise RecordError(record.problem)
    return read_record(parsed(record.value), site_of)


def parsed(value: _Value) -> Any:
    """What JSON says; a value as it is. Raises RecordError."""
    if not isinstance(value, bytes):
        return value
    try:
        return json.loads(value.decode("utf-8", "surrogatepass"))  # of bytes it would guess the encoding, line by line
    except UnicodeDecodeError:
        raise RecordError("not UTF-8") from None
    except json.JSONDecodeError as error:
        raise RecordError(f"not JSON: {error.msg} at column {error.colno}") from None
    except (ValueError, RecursionError):
        raise RecordError("not JSON that can be read") from None


def read_record(record: Any, site_of: SiteOf) -> Article:
    """The article that a record describes. Raises RecordError.

    Needed are `url` and `text`. `published` stands for `published_at`, a single `author` for `authors`; `origin` is
    ignored, for verdicts are found anew. `site_of` names the site of a URL where the record does not. A time
    that was still to come when the page was fetched is not believed.
    """
    if not isinstance(record, Mapping):
        raise RecordError(
            "an array; each article stands on a line of its own"
            if isinstance(record, list)
            else "not an object with fields"
        )
    url = normalise(record["url"]) if isinstance(record.get("url"), str) else ""
    if not url:
        raise RecordError("url is missing" if not record.get("url") else "url is no address of a page")
    text = _text(record, "text", MAX_TEXT)
    if not text or not _WORD.search(text):
        raise RecordError("text is missing" if not text else "text has no word in it")
    stated = record.get("published_at", record.get("published"))
    published = _moment(stated, "published")
    fetched, seen = _moment(record.get("fetched_at"), "fetched_at"), _moment(record.get("first_seen"), "first_seen")
    if published is not None and fetched is not None and published > fetched:
        seen = seen or fetched
    if published is not None and fetched is not None and published - fetched > _AHEAD:
        published = None
    return Article(
        url=url,
        site=_text(record, "site") or site_of(url),
        title=_text(record, "title") or "",
        text=text,
        authors=_texts(record, "authors") or _texts(record, "author"),
        language=_text(record, "language"),
        published_at=published,
        modified_at=_moment(record.get("modified_at"), "modified_at"),
        published_precision=_precision(record.get("published_precision"), stated) if published else None,
        fetched_at=fetched,
        first_seen=seen,
        section=_text(record, "section"),
        tags=_texts(record, "tags"),
        image=_text(record, "image"),
        images=_texts(record, "images"),
        site_name=_text(record, "site_name"),
        generator=_text(record, "generator"),
        clues=_clues(record.get("clues")),
    )


def _text(record: Mapping[str, Any], name: str, limit: int = MAX_LINE) -> str | None:
    value = record.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise RecordError(f"{name} is no text")
    if len(value) > limit:
        raise RecordError(f"{name} is longer than {limit:,} characters")
    return _storable(value)


def _texts(record: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = record.get(name)
    if value is None:
        return ()
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list | tuple) or not all(isinstance(one, str) for one in listed):
        raise RecordError(f"{name} is no list of texts")
    if len(listed) > MAX_LIST or any(len(one) > MAX_LINE for one in listed):
        raise RecordError(f"{name} is longer than {MAX_LIST} entries of {MAX_LINE:,} characters")
    return tuple(_storable(one) for one in listed)


def _storable(text: str) -> str:
    """What a store can hold and a terminal can show: nothing else is in a text that can be printed, line ends aside."""
    usual = not text.encode().translate(None, _USUAL) if text.isascii() else text.replace("\n", "").isprintable()
    return text if usual else plain(_UNSTORABLE.sub("\ufffd", text))


def _clues(value: Any) -> tuple[Clue, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > MAX_LIST:
        raise RecordError(f"clues is no list of at most {MAX_LIST} objects")
    clues = []
    for one in value:
        if not isinstance(one, Mapping):
            raise RecordError("a clue is no object with kind, target and quote")
        clues.append(Clue(*(_text(one, name) or "" for name in ("kind", "target", "quote"))))
    return tuple(clues)


def _precision(stated: Any, published: Any) -> Precision | None:
    if isinstance(published, str) and _DAY_ONLY.fullmatch(published):
        return "day"  # whatever is said of it
    if isinstance(stated, str) and stated in _PRECISIONS:
        precision: Precision = stated  # type: ignore[assignment]
        return precision
    if isinstance(published, str) and _NO_SECONDS.search(published):
        return "minute"
    return "day" if isinstance(published, date) and not isinstance(published, datetime) else "second"


def _moment(value: Any, name: str) -> datetime | None:
    """An aware datetime out of ISO 8601, RFC 2822 or a time since 1970; UTC where no offset stands."""
    if value is None or value == "":
        return None
    try:
        moment = _read_moment(value)
    except (ValueError, TypeError, OverflowError, OSError):
        raise RecordError(f"{name} is no time that can be read") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _read_moment(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return datetime.fromtimestamp(value / 1000 if abs(value) > _MILLISECONDS else value, UTC)
    if not isinstance(value, str):
        raise TypeError
    try:
        return datetime.fromisoformat(value.strip())
    except ValueError:
        return parsedate_to_datetime(value)
