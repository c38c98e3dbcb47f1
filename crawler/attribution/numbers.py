"""Numbers of posts: where they rise with time, a page whose number stands among those of May was not posted in March.

Whoever back-dates a copy changes its date; the number that his system gives it goes on rising. It stands in addresses
(`?p=4711`, `/4711-slug`, `/slug-4711.html`, `/4711/`), in the short link, or in the class of the page's body. Any such
place is a slot, and a slot whose numbers do not follow the dates of its site says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from crawler.attribution.publishers import host_of
from crawler.attribution.times import PLAUSIBLE, Moment
from crawler.items import Article

_DIGITS = re.compile("[0-9]{3,}")
_MOST_DIGITS = 10
_QUERY = re.compile(r"[?&]([a-z_]{1,20})=([0-9]{1,10})(?=[&#]|$)")
_COUNTED = frozenset({"p", "id"})
"""Keys whose numbers are a post's however small they are, or if they could be a year."""
_ENDS = frozenset(("", "/", ".", "?", "#"))
_MOST_SLOTS = 3
_YEARS = range(1900, 2101)
_SIDE = 5
"""Neighbours that are looked at on each side …"""
_LEAST_BELOW, _LEAST_ABOVE = 4, 2
"""… and the fewest there must be."""
_LATER = 0.75
"""Share of either side that must be later than the page."""
_LEAST_PAGES = 12
_LEAST_RISING = 0.8
"""Share of numbers that must not be earlier than the one before, for a slot to say anything."""
_DAY = 24.0
_SLACK = 3 * _DAY
"""Hours by which the page must be earlier, at least: drafts and time zones."""

Slot = tuple[str, int]
Row = tuple[int, float, int]
"""Number, stated time in hours since 1970, article."""


class Misplaced(NamedTuple):
    """A page whose number stands among those of later days, as dates like "2026-05-02"."""

    number: int
    since: str
    until: str


def believed(claimed: Moment | None, told: Misplaced | None) -> Moment | None:
    """When an article was published, after what its own page says and what its number tells."""
    if claimed is None or told is None or claimed.doubt or claimed.by:
        return claimed
    since, until = (datetime.fromisoformat(day).replace(tzinfo=UTC) for day in (told.since, told.until))
    days = told.since if told.since == told.until else f"{told.since} to {told.until}"
    doubt = f"states {claimed.earliest:%Y-%m-%d}, but its number ({told.number}) stands among those of pages of {days}"
    return Moment(since, until + timedelta(days=1), stated=False, doubt=doubt)


def slots_of(article: Article) -> list[Slot]:
    """The numbers of an article, each with the name of its place; none where it states no time that can be."""
    if article.published_at is None or article.published_at.year not in PLAUSIBLE:
        return []
    return list(numbers_of(article).items())[-_MOST_SLOTS:]


def numbers_of(article: Article) -> dict[str, int]:
    """Slot -> number. A short link of another host numbers the posts of another site."""
    found = dict(_in_address(article.url))
    for clue in article.clues:
        if clue.kind == "post_id" and clue.target.isdecimal() and len(clue.target) <= _MOST_DIGITS:
            found["post_id"] = int(clue.target)
        elif clue.kind == "shortlink" and host_of(clue.target) == host_of(article.url):
            found |= _in_query(clue.target)
    return found


def _in_address(url: str) -> Iterator[Slot]:
    path = url.find("/", 8)
    if path < 0:
        return
    query = url.find("?", path)
    whole = 0
    for match in _DIGITS.finditer(url, path, query if query > 0 else len(url)):
        start, end = match.span()
        if end - start > _MOST_DIGITS or (number := int(match[0])) in _YEARS:
            continue
        before, after = url[start - 1], url[end : end + 1]
        if before == "/" and after in _ENDS:
            whole += 1
            yield f"/{whole}", number
        elif before == "/" and after == "-":
            yield "n-", number
        elif before == "-" and after in _ENDS and url[start - 2] != "/":
            yield "-n", number
    if query > 0:
        yield from _in_query(url).items()


def _in_query(url: str) -> dict[str, int]:
    found = ((key, int(digits), len(digits)) for key, digits in _QUERY.findall(url))
    return {f"?{key}": n for key, n, size in found if key in _COUNTED or (size > 2 and n not in _YEARS)}


def misplaced(rows: Sequence[Row]) -> dict[int, Misplaced]:
    """Article -> what its number tells, for those rows of one slot that contradict their stated time.

    `rows`: ascending by (number, time).
    """
    times = [time for _, time, _ in rows]
    if len(times) < _LEAST_PAGES:
        return {}
    rising = sum(after >= before - _DAY for before, after in pairwise(times))
    if rising < _LEAST_RISING * (len(times) - 1):
        return {}
    return {rows[at][2]: found for at in _drops(times) if (found := _placed(at, rows[at][0], times)) is not None}


def _drops(times: Sequence[float]) -> Iterator[int]:
    """Where a time is earlier than one just before it and one just behind it: all that can be out of place."""
    for at in range(_LEAST_BELOW, len(times) - _LEAST_ABOVE):
        limit = times[at] + _SLACK
        if (times[at - 1] > limit or times[at - 2] > limit) and (times[at + 1] > limit or times[at + 2] > limit):
            yield at


def _placed(at: int, number: int, times: Sequence[float]) -> Misplaced | None:
    below, above = times[max(at - _SIDE, 0) : at], times[at + 1 : at + 1 + _SIDE]
    limit = times[at] + _SLACK
    if any(sum(time > limit for time in side) < _LATER * len(side) for side in (below, above)):
        return None
    ordered = sorted([*below, *above])
    first, last = ordered[len(ordered) // 4], ordered[len(ordered) * 3 // 4]
    if first - times[at] < max(_SLACK, 2 * (last - first)):
        return None
    return Misplaced(number, *(datetime.fromtimestamp(time * 3600, UTC).date().isoformat() for time in (first, last)))
