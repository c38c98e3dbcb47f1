"""What a signal finds, and how facts are told in its reasons."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from crawler.attribution.pairs import Pair
from crawler.attribution.times import Moment


@dataclass(frozen=True, slots=True)
class Finding:
    """`strength` times the signal's weight is what it adds, in log-odds. A reason that is work to write is written
    only where it is told: most pairs are weighed and come to nothing."""

    strength: float
    reason: str | Callable[[], str]


Signal = Callable[[Pair], Finding | None]


def minute(moment: datetime) -> str:
    """A time as it is told: to the minute, in UTC."""
    return f"{moment.astimezone(UTC).isoformat(' ', 'minutes')[:16]} UTC"


def second(moment: datetime) -> str:
    """The same to the second."""
    return f"{moment.astimezone(UTC).isoformat(' ', 'seconds')[:19]} UTC"


def moment_told(moment: Moment) -> str:
    """A moment as far as it is known."""
    if not moment.stated:
        return f"not before {minute(moment.earliest)}"
    if moment.exact:
        return f"by {minute(moment.earliest)} ({moment.by})" if moment.by else minute(moment.earliest)
    return f"on {moment.earliest:%Y-%m-%d}{f' ({moment.by})' if moment.by else ''}"


_TURNS = {
    "The page": "The other page",
    "The title": "The other page's title",
    "The text": "The other page's text",
    "Published": "The other page was published",
    "the other page": "this page",
    "the other site": "this site",
    "the other": "this one",
    "this page": "the other page",
    "this one": "the other",
}
_TURNING = re.compile(
    r"“[^”]*”|The page|The title|The text|Published|the other page|the other site|(?<=author, )the other"
    r"|the other(?= by| none|,)|this page|this one"
)


def turned(reason: str) -> str:
    """A reason, found when the other page was asked about this one, as it reads from this one. Quotations stay."""
    return _TURNING.sub(lambda match: _TURNS.get(match[0], match[0]), reason)


def span(length: timedelta) -> str:
    """A length of time as people say it: "3 h 12 min"."""
    minutes = int(abs(length).total_seconds() // 60)
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    if hours:
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    return f"{rest} min" if rest else f"{int(abs(length).total_seconds())} s"
