"""When an article was published, as far as can be believed: an interval, and why it is not narrower.

A page states a time with some precision; that statement is a claim. Its own marks (a path of an uploaded image, a
date in its URL, a later change of its own that it states) bound the claim, and our first sight bounds it from above.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from crawler.items import Article

PLAUSIBLE = range(1990, 2100)
"""Years outside of which a stated time says nothing."""
_WIDTHS = {"second": timedelta(0), "minute": timedelta(minutes=1), "day": timedelta(days=1)}
_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")
_ADDRESS = re.compile(
    r"/(20\d\d)(?:/(0?[1-9]|1[0-2])(?:/(0?[1-9]|[12]\d|3[01]))?|(-?)(0[1-9]|1[0-2])\4(0[1-9]|[12]\d|3[01]))(?![^/_.-])"
)
"""/2026/04/12/…, /2026/04/…, /20260412/…, /2026-04-12-…"""
_IMPORT_SLACK = timedelta(days=3)
"""Images are uploaded before publication, so an upload month that has begun only after the stated time by more than
this contradicts it."""
_CLOCKS = timedelta(minutes=10)
_EASTERNMOST = timedelta(hours=14)
"""By how much a clock may be ahead of ours, and a day that is known without its offset of the same day in UTC."""
_ZONES = timedelta(hours=36)
"""A date in an address is a local one, and a page may be filed under the next day's edition."""

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Moment:
    """The time of publication lies in [earliest, latest]; `stated` where it rests on the page's own statement."""

    earliest: datetime
    latest: datetime
    stated: bool
    doubt: str = ""
    """Why the page's statement is not believed, in words that can be checked."""
    by: str = ""
    """What tells the time, where it is not what the page states to be its time."""

    @property
    def exact(self) -> bool:
        """Known to a minute or better."""
        return self.stated and (self.latest is self.earliest or self.latest - self.earliest <= _WIDTHS["minute"])

    @property
    def middle(self) -> datetime:
        """One time to sort by and to measure lags with."""
        return self.earliest if self.latest is self.earliest else self.earliest + (self.latest - self.earliest) / 2


def moment_of(article: Article) -> Moment | None:
    """What is known of an article's time; None where nothing is."""
    stated = article.published_at
    address = _address_date(article)
    if stated is None or stated.year not in PLAUSIBLE:
        if address is None or address[1] - address[0] > _WIDTHS["day"]:
            return None
        return Moment(*address, stated=True, by="by the date in its address")
    start = stated.astimezone(UTC)
    width = _WIDTHS[article.published_precision or _guess(stated)]
    moment = Moment(start, start + width if width else start, stated=True)
    return _contradicted(moment, article, address) or _seen_already(moment, article.first_seen) or moment


def _seen_already(moment: Moment, seen: datetime | None) -> Moment | None:
    """The time of our first sight, where a page states a later one: its clock is ahead, or it dates itself anew."""
    slack = _CLOCKS if moment.exact else _EASTERNMOST
    if seen is None or moment.earliest - seen <= slack:
        return None
    stated = f"{moment.earliest:%Y-%m-%d %H:%M} UTC" if moment.exact else f"{moment.earliest:%Y-%m-%d}"
    return Moment(seen, seen, stated=True, by=f"we saw it then, though it states {stated}")


def _contradicted(moment: Moment, article: Article, address: Span | None) -> Moment | None:
    """The time that the page's own marks tell, where it must be later than what it states."""
    found = []
    if address and address[0] > moment.latest + _ZONES:
        month = address[1] - address[0] > _WIDTHS["day"]
        found.append((*address, f"but its own address says {address[0]:{'%Y-%m' if month else '%Y-%m-%d'}}"))
    if (uploaded := _upload_month(article)) and uploaded[0] > moment.latest + _IMPORT_SLACK:
        told = f"but shows an image uploaded in {uploaded[0]:%Y-%m} ({uploaded[1]})"
        found.append((uploaded[0], _month_end(uploaded[0]), told))
    if not found:
        return None
    earliest, latest, doubt = max(found)
    return Moment(earliest, latest, stated=False, doubt=f"states {moment.earliest:%Y-%m-%d}, {doubt}")


def _address_date(article: Article) -> Span | None:
    """The day or month in the path of a page's address. A date after we saw the page is that of an event."""
    match = _ADDRESS.search(re.split("[?#]", article.url, maxsplit=1)[0]) if "/20" in article.url else None
    if match is None:
        return None
    year, month, day = int(match[1]), int(match[2] or match[5]), match[3] or match[6]
    try:
        start = datetime(year, month, int(day or 1), tzinfo=UTC)
    except ValueError:
        return None
    if article.first_seen is not None and start > article.first_seen + _WIDTHS["day"]:
        return None
    return start, start + _WIDTHS["day"] if day else _month_end(start)


def _guess(stated: datetime) -> str:
    """The precision of a time that came without one: midnight sharp says only the day."""
    return "day" if (stated.hour, stated.minute, stated.second) == (0, 0, 0) else "second"


def _upload_month(article: Article) -> tuple[datetime, str] | None:
    """The latest month in the paths of the images that the page shows."""
    clues = [clue for clue in article.clues if clue.kind == "upload_path"]
    months = [(match, clue.quote) for clue in clues if (match := _MONTH.match(clue.target))]
    found = [(datetime(int(match[1]), int(match[2]), 1, tzinfo=UTC), path[-80:]) for match, path in months]
    return max(found, default=None)


def _month_end(start: datetime) -> datetime:
    return (start + timedelta(days=32)).replace(day=1)
