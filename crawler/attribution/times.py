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
_MEDIAN_LAG = 3.5
_LAG_SPREAD = 1.5
"""Hours, and the standard deviation of their logarithm."""
_STEPS = 24
_PLAUSIBLE = range(1990, 2100)
"""Years outside of which a stated time says nothing."""
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
    if stated is None or stated.year not in _PLAUSIBLE:
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


def probability_after(copy: Moment, source: Moment) -> float:
    """The chance that `copy` was taken from `source` rather than the other way round, by their times alone.

    Of two exact times the later one is the copy's. Where one is known to the day only, both stories are compared: how
    likely is the known lag of copies (log-normal, median 3.5 hours) to end in that day, and how likely to begin there.
    """
    if copy.earliest == copy.latest and source.earliest == source.latest:
        return 0.5 if copy.earliest == source.earliest else float(copy.earliest > source.earliest)
    forth, back = _likelihood(source, copy), _likelihood(copy, source)
    if forth + back == 0.0:
        return 0.5 if copy.middle == source.middle else float(copy.middle > source.middle)
    return forth / (forth + back)


def _likelihood(source: Moment, copy: Moment) -> float:
    """How well it fits that a copy lies at `copy` when its source lies at `source`, up to a common factor."""
    s0, s1, c0, c1 = (
        moment.timestamp() / 3600 for moment in (source.earliest, source.latest, copy.earliest, copy.latest)
    )
    if s0 == s1:
        return _lag_below(c1 - s0) - _lag_below(c0 - s0)
    if c0 == c1:
        return _lag_below(c0 - s0) - _lag_below(c0 - s1)
    steps = [s0 + (s1 - s0) * (step + 0.5) / _STEPS for step in range(_STEPS)]
    return sum(_lag_below(c1 - s) - _lag_below(c0 - s) for s in steps) / _STEPS * (s1 - s0)


def _lag_below(hours: float) -> float:
    if hours <= 0:
        return 0.0
    return 0.5 * (1 + math.erf(math.log(hours / _MEDIAN_LAG) / (_LAG_SPREAD * math.sqrt(2))))


def log_odds(probability: float, lie_rate: float = LIE_RATE) -> float:
    """Log-odds of a probability that is itself wrong in `lie_rate` of the cases."""
    believed = (1 - lie_rate) * probability + lie_rate * (1 - probability)
    return math.log(believed / (1 - believed))
