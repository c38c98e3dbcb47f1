"""What all the copies of a text say together of when it began: whose stated time the others contradict.

Two pages alone cannot tell an honest early time from a false one (`lags.py`). Where several more have the text, they
can: copies follow what they were taken from, so five pages that follow one another, and all of them two days behind a
sixth, follow the first of the five rather than that one. Two stories are compared. Either the early page is the
source, and so many of the others waited so long or took the text from a copy; or its stated time is false, and they
follow one of themselves. Both are given room: copies may be quick or slow as a whole, any share of them may be copies
of a copy, one family in twenty copies a copy throughout, and of the others, too, one in ten lies.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from crawler.attribution.habits import step_of
from crawler.attribution.lags import LAGS, LIE_RATE, LIES, MOST, log_odds
from crawler.attribution.times import Moment

LEAST = 2
"""Pages of other sites from which there is a family: a pair alone says nothing here."""
ALIKE = 0.5
"""Share of either text that must stand in the other. An old text of which a new one holds a part is not its copy."""
LEVEL = MOST / 4
"""Log-odds of one level."""
_LEVELS = 4
_FARTHEST = 45 * 24.0
"""Hours. Who prints a text again after longer than this makes a new start, which mirrors follow."""
_MOST_TIMES, _MOST_FIRSTS = 48, 12
"""Times that are looked at, and of these the ones that may be the first: of more, so many spread over their order."""
_WITHIN = (1 / 12, 3 / 12, 5 / 12, 7 / 12, 9 / 12, 11 / 12)
"""A time that is known to a day is looked at in so many places of it."""
_MINUTE = 1 / 60
_LEAST_DENSITY = 1e-9

Hours = npt.NDArray[np.float64]

_TEMPI = [(LAGS[0].median * pace, spread) for pace in (0.3, 1.0, 1.0, 3.5, 12.0) for spread in (1.0, LAGS[0].spread)]
"""Medians (hours) and spreads that lags may have in a family, all as likely."""
_MEDIANS, _SPREADS = (np.array(column)[:, None, None] for column in zip(*_TEMPI, strict=True))
_CHAINED = np.array([0.03, 0.085, 0.16, 0.26, 0.44, 0.95])[:, None, None]
"""Shares of a family that may be copies of a copy …"""
_CHAINED_LOG = np.log(np.array([0.19, 0.19, 0.19, 0.19, 0.19, 0.05]))[:, None]
"""… and how likely each of them is."""

_LENGTHS = (1, 2, 3, 6, 12, 24, 48, 72, 120, 192, 312, 504, 816, 1320)
"""Hours in which lengths are told."""
_T = TypeVar("_T")


class Early(NamedTuple):
    """What the others hold against a page's stated time, in steps: one more copy seldom changes it.

    `level`: 1 to 4, each `LEVEL` of log-odds. `others`: pages that state later times. `gap`, `within`: hours by which
    they are later at least, and within which half of them follow.
    """

    level: int
    others: int
    gap: int
    within: int


Sited = tuple[str, Moment]
"""A site, and when its page with the text was published."""


def too_early(mine: Sited, others: Iterable[Sited]) -> Early | None:
    """What the times of the other pages with a text hold against what one of them states; None if nothing much."""
    site, moment = mine
    if not moment.stated:
        return None
    times = _one_a_site(one for one in others if one[0] != site)
    if len(times) < LEAST or not _may_be(moment, times):
        return None
    return _judged(moment, times)


def _one_a_site(others: Iterable[Sited]) -> list[Moment]:
    """The earliest moment of each site, in their order."""
    found: dict[str, Moment] = {}
    for site, moment in others:
        if moment.stated and (site not in found or _order(moment) < _order(found[site])):
            found[site] = moment
    return sorted(found.values(), key=_order)


def _order(moment: Moment) -> tuple[float, float]:
    return (moment.middle.timestamp(), moment.latest.timestamp())


def _may_be(mine: Moment, times: Sequence[Moment]) -> bool:
    """A quick look: whether half of the others follow any of them about as soon as that one follows this page."""
    start = mine.latest.timestamp()
    at = [moment.middle.timestamp() for moment in times]
    if at[len(at) // 2] <= start:
        return False
    room = 0.6 if len(at) < 8 else 2.0
    return any(at[(i + len(at)) // 2] - one < room * (one - start) for i, one in enumerate(at[:-1]) if one > start)


def _judged(mine: Moment, times: Sequence[Moment]) -> Early | None:
    """Compares both stories for each of the others that may be the first."""
    start = _hour(mine.latest)  # a day may as well mean its end
    looked_at = _some(times, _MOST_TIMES)
    places = np.array([_places(one) for one in looked_at])
    from_mine = _densities(places - start)
    best, first = 0.0, start
    later = [at for at, one in enumerate(looked_at) if 0 < _hour(one.middle) - start <= _FARTHEST]
    for at in _some(later, _MOST_FIRSTS):
        middle = _hour(looked_at[at].middle)
        odds = _against(at, from_mine, _densities(places - middle)) - log_odds(looked_at[at], mine)
        if odds > best:
            best, first = odds, middle
    level = min(int(best / LEVEL), _LEVELS)
    return _told(level, start, first, [_hour(one.middle) for one in times]) if level else None


def _against(first: int, from_mine: Hours, from_first: Hours) -> float:
    """Log-odds by the times of all the rest that they come from one of the others, not from this page."""
    rest = np.arange(from_mine.shape[1]) != first
    mine, other = from_mine[:, rest], from_first[:, rest]
    by_other = _log_mean(np.log(other).sum(axis=1))
    mixed = np.log((1 - _CHAINED) * mine + _CHAINED * other).sum(axis=2) + _CHAINED_LOG
    return by_other - _log_mean(mixed) - math.log(len(_CHAINED))


def _densities(lags: Hours) -> Hours:
    """How likely a page states each of these times when it was taken from one at 0, for each tempo: (tempi, times).

    `lags`: hours, (times, places in them).
    """
    apart = np.maximum(np.abs(lags), _MINUTE)
    quick, archive, lie = LAGS[0], LAGS[1], LIES[0]
    honest = quick.part * _log_normal(apart, _MEDIANS, _SPREADS)
    honest = honest + archive.part * _log_normal(apart, archive.median, archive.spread)
    false = _log_normal(apart, lie.median, lie.spread)
    found: Hours = np.where(lags > 0, (1 - LIE_RATE) * honest, LIE_RATE * false).mean(axis=2)
    return np.maximum(found, _LEAST_DENSITY)


def _log_normal(hours: Hours, median: Hours | float, spread: Hours | float) -> Hours:
    made: Hours = np.exp(-((np.log(hours / median) / spread) ** 2) / 2) / (spread * hours)
    return made


def _log_mean(logs: Hours) -> float:
    """Logarithm of the mean of what these are the logarithms of."""
    most = float(logs.max())
    return most + math.log(float(np.exp(logs - most).mean()))


def _told(level: int, start: float, first: float, times: Sequence[float]) -> Early:
    """The facts, in steps: how many are later, by how much, and how soon half of them follow."""
    later = [one for one in times if one >= first]
    within = later[len(later) // 2] - first
    gap = max((step for step in _LENGTHS if step <= first - start), default=0)
    room = min((step for step in _LENGTHS if step >= within), default=math.ceil(within))
    return Early(level, step_of(len(later)), gap, room)


def _places(moment: Moment) -> list[float]:
    start, end = _hour(moment.earliest), _hour(moment.latest)
    return [start + (end - start) * at for at in _WITHIN]


def _hour(time: datetime) -> float:
    return time.timestamp() / 3600


def _some(several: Sequence[_T], most: int) -> Sequence[_T]:
    """All, or so many of them evenly over their order."""
    count = len(several)
    return several if count <= most else [several[(2 * at + 1) * count // (2 * most)] for at in range(most)]
