"""When an article was published, as far as can be believed: an interval, and why it is not narrower.

A page states a time with some precision; that statement is a claim. Its own marks (a path of an uploaded image, a
date in its URL, a later change of its own that it states) bound the claim, and our first sight bounds it from above.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from crawler.items import Article

LIE_RATE = 0.1
"""How often a stated time is wrong in the way that matters (mirrors back-date)."""
_WIDTHS = {"second": timedelta(0), "minute": timedelta(minutes=1), "day": timedelta(days=1)}
_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")
_IMPORT_SLACK = timedelta(days=3)
"""Images are uploaded before publication, so an upload month that has begun only after the stated time by more than
this contradicts it."""


@dataclass(frozen=True, slots=True)
class Moment:
    """The time of publication lies in [earliest, latest]; `stated` where it rests on the page's own statement."""

    earliest: datetime
    latest: datetime
    stated: bool
    doubt: str = ""
    """Why the page's statement is not believed, in words that can be checked."""

    @property
    def exact(self) -> bool:
        """Known to a minute or better."""
        return self.stated and self.latest - self.earliest <= timedelta(minutes=1)

    @property
    def middle(self) -> datetime:
        """One time to sort by and to measure lags with."""
        return self.earliest + (self.latest - self.earliest) / 2


def moment_of(article: Article) -> Moment | None:
    """What is known of an article's time; None where nothing is."""
    stated = article.published_at
    if stated is None:
        return None
    start = stated.astimezone(UTC)
    width = _WIDTHS[article.published_precision or _guess(stated)]
    moment = Moment(start, start + width, stated=True)
    uploaded = _upload_month(article)
    if uploaded and uploaded[0] > moment.latest + _IMPORT_SLACK:
        first = uploaded[0].strftime("%Y-%m")
        doubt = f"states {start:%Y-%m-%d}, but its own image was uploaded in {first} ({uploaded[1]})"
        return Moment(uploaded[0], _month_end(uploaded[0]), stated=False, doubt=doubt)
    return moment


def _guess(stated: datetime) -> str:
    """The precision of a time that came without one: midnight sharp says only the day."""
    return "day" if (stated.hour, stated.minute, stated.second) == (0, 0, 0) else "second"


def _upload_month(article: Article) -> tuple[datetime, str] | None:
    """The latest month in the paths of the images that the page keeps on its own host."""
    clues = [clue for clue in article.clues if clue.kind == "upload_path"]
    months = [(match, clue.quote) for clue in clues if (match := _MONTH.match(clue.target))]
    found = [(datetime(int(match[1]), int(match[2]), 1, tzinfo=UTC), path[-80:]) for match, path in months]
    return max(found, default=None)


def _month_end(start: datetime) -> datetime:
    return (start + timedelta(days=32)).replace(day=1)


def probability_before(a: Moment, b: Moment) -> float:
    """The chance that a time drawn evenly from `a` lies before one drawn evenly from `b`; a tie counts half."""
    a0, a1, b0, b1 = (moment.timestamp() for moment in (a.earliest, a.latest, b.earliest, b.latest))
    if a1 <= b0 and a0 < b1:
        return 1.0
    if b1 <= a0 and b0 < a1:
        return 0.0
    if a1 == a0 or b1 == b0:
        return _point_before(a0, a1, b0, b1)
    # the area of the rectangle [a0,a1] x [b0,b1] in which a < b, by its pieces
    low, high = max(a0, b0), min(a1, b1)
    total = (a1 - a0) * (b1 - b0)
    before = (low - a0) * (b1 - b0) if a0 < b0 else 0.0
    after_b = (high - low) * (b1 - high)
    within = (high - low) ** 2 / 2
    return (before + after_b + within) / total


def _point_before(a0: float, a1: float, b0: float, b1: float) -> float:
    if a0 == a1 and b0 == b1:
        return 0.5 if a0 == b0 else float(a0 < b0)
    if a0 == a1:
        return (b1 - a0) / (b1 - b0)
    return (b0 - a0) / (a1 - a0)


def log_odds(probability: float, lie_rate: float = LIE_RATE) -> float:
    """Log-odds of a probability that is itself wrong in `lie_rate` of the cases."""
    believed = (1 - lie_rate) * probability + lie_rate * (1 - probability)
    return math.log(believed / (1 - believed))
