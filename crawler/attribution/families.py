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
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from crawler.attribution.habits import step_of
from crawler.attribution.lags import LAGS, LIE_RATE, LIES, MOST, log_odds, stated_at, stated_within
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
_CROWD, _OWN_PLACES = 16, 12
"""Others from which a page that names only its day is asked about so many hours of it. With fewer it is given the
end of its day."""
_MINUTE = 1 / 60
_WIDE = 2 * _MINUTE
_GELU = math.sqrt(2 / math.pi)
_LEAST_DENSITY, _MOST_ODDS = 1e-9, 300.0

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
SAME_DAY = -1
"""The gap of a page that names only its day, where the others begin before that is over."""


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
    start = (mine.earliest if len(times) >= _CROWD else mine.latest).timestamp()
    at = [moment.middle.timestamp() for moment in times]
    if at[len(at) // 2] <= start:
        return False
    room = 0.6 if len(at) < 8 else 2.0
    return any(at[(i + len(at)) // 2] - one < room * (one - start) for i, one in enumerate(at[:-1]) if one > start)


def _judged(mine: Moment, times: Sequence[Moment]) -> Early | None:
    """Compares both stories for those of the others that may be the first: some over all their order, then those
    round the best of these."""
    stories = _Stories(mine, times)
    later = [one for one in times if stories.may_be_first(one)]
    asked = {at: stories.odds(later[at]) for at in _some(range(len(later)), _MOST_FIRSTS)}
    if not asked:
        return None
    best, step = max(asked, key=lambda at: asked[at]), len(later) // _MOST_FIRSTS + 1
    near = range(max(best - step, 0), min(best + step + 1, len(later)))
    asked |= {at: stories.odds(later[at]) for at in _some(near, _MOST_FIRSTS) if at not in asked}
    best = max(asked, key=lambda at: asked[at])
    level = min(int(asked[best] / LEVEL), _LEVELS)
    return _told(level, _hour(mine.latest), _hour(later[best].middle), list(map(_middle, times))) if level > 0 else None


class _Stories:
    """That a page is the source of all the others, against that one of them is and its time is false."""

    def __init__(self, mine: Moment, times: Sequence[Moment]) -> None:
        self._over_day = not mine.exact and len(times) >= _CROWD
        if not self._over_day:
            mine = replace(mine, earliest=mine.latest)  # a day may as well mean its end
        self._mine = mine
        self._times = _some(times, _MOST_TIMES)
        self._spans = np.array([(_hour(one.earliest), _hour(one.latest)) for one in self._times])
        self._own = _places(mine, _OWN_PLACES) if self._over_day else [_hour(mine.latest)]
        self._from_mine = [_densities(self._spans - at) for at in self._own]

    def may_be_first(self, other: Moment) -> bool:
        """Whether another is later than the page, at least in its middle; of two days one must be over."""
        is_apart = other.exact or other.earliest >= self._mine.latest
        return is_apart and 0 < _middle(other) - _hour(self._mine.earliest) <= _FARTHEST

    def odds(self, first: Moment) -> float:
        """Log-odds against the page, if it is that other which all the others follow."""
        rest = np.array([one is not first for one in self._times])
        from_first = _densities(self._spans - _middle(first))[:, rest]
        against = [_against(from_mine[:, rest], from_first) for from_mine in self._from_mine]
        if self._over_day:
            return self._over_its_day(against, _middle(first))
        return against[0] - log_odds(first, self._mine)

    def _over_its_day(self, against: Sequence[float], first: float) -> float:
        """The same for a page that names only its day, by all hours of it. `against`: by the rest, at each of them."""
        start, end = _hour(self._mine.earliest), _hour(self._mine.latest)
        as_copy = stated_within(start - first, end - first)
        hours = zip(self._own, against, strict=True)
        as_source = sum(
            stated_at(first - at) * math.exp(-max(min(odds, _MOST_ODDS), -_MOST_ODDS)) for at, odds in hours
        )
        return math.log(max(as_copy, _LEAST_DENSITY) / (as_source * (end - start) / len(self._own)))


def _against(mine: Hours, other: Hours) -> float:
    """Log-odds by the times of all the rest that they come from one of the others, not from this page: from how
    likely they are by either, (tempi, times)."""
    by_other = _log_mean(np.log(other).sum(axis=1))
    mixed = np.log((1 - _CHAINED) * mine + _CHAINED * other).sum(axis=2) + _CHAINED_LOG
    return by_other - _log_mean(mixed) - math.log(len(_CHAINED))


def _densities(spans: Hours) -> Hours:
    """How likely a page states each of these times when it was taken from one at 0, for each tempo: (tempi, times). Of
    a day, the mean over its hours: one that is nearly over leaves little room behind a source.

    `spans`: (times, 2), hours from its beginning to its end.
    """
    start, end = spans[:, 0], spans[:, 1]
    lags = (start + end) / 2
    apart = np.maximum(np.abs(lags), _MINUTE)
    quick, archive, lie = LAGS[0], LAGS[1], LIES[0]
    honest = quick.part * _log_normal(apart, _MEDIANS[:, 0], _SPREADS[:, 0])
    honest = honest + archive.part * _log_normal(apart, archive.median, archive.spread)
    false = _log_normal(apart, lie.median, lie.spread)
    found: Hours = np.where(lags > 0, (1 - LIE_RATE) * honest, LIE_RATE * false)
    if (wide := end - start > _WIDE).any():
        found[:, wide] = _mean_densities(start[wide], end[wide])
    return np.maximum(found, _LEAST_DENSITY)


def _mean_densities(start: Hours, end: Hours) -> Hours:
    """The same over spans that are not a moment."""
    quick, archive, lie = LAGS[0], LAGS[1], LIES[0]
    behind = np.maximum(np.stack((start, end)), _MINUTE)
    before = np.maximum(-np.stack((end, start)), _MINUTE)
    honest = quick.part * _log_normal_share(behind, _MEDIANS, _SPREADS)
    honest = honest + archive.part * _log_normal_share(behind, archive.median, archive.spread)
    false = _log_normal_share(before, lie.median, lie.spread)
    found: Hours = ((1 - LIE_RATE) * honest + LIE_RATE * false) / (end - start)
    return found


def _log_normal_share(edges: Hours, median: Hours | float, spread: Hours | float) -> Hours:
    """The integral of `_log_normal` between two edges each; `edges`: (2, times). By tanh, within .0003 of the normal
    distribution, which NumPy lacks (Hendrycks and Gimpel 2016, arXiv:1606.08415)."""
    z = np.log(edges / median) / spread
    shares = math.sqrt(2 * math.pi) * (1 + np.tanh(_GELU * (z + 0.044715 * z**3))) / 2
    return shares[..., 1, :] - shares[..., 0, :]


def _log_normal(hours: Hours, median: Hours | float, spread: Hours | float) -> Hours:
    """Its density, but for a factor that all have."""
    made: Hours = np.exp(-((np.log(hours / median) / spread) ** 2) / 2) / (spread * hours)
    return made


def _log_mean(logs: Hours) -> float:
    """Logarithm of the mean of what these are the logarithms of."""
    most = float(logs.max())
    return most + math.log(float(np.exp(logs - most).mean()))


def _told(level: int, end: float, first: float, times: Sequence[float]) -> Early:
    """The facts, in steps: how many are later, by how much than its end, and how soon half of them follow."""
    later = [one for one in times if one >= first]
    within = later[len(later) // 2] - first
    gap = max((step for step in _LENGTHS if step <= first - end), default=0 if first >= end else SAME_DAY)
    room = min((step for step in _LENGTHS if step >= within), default=math.ceil(within))
    return Early(level, step_of(len(later)), gap, room)


def _places(moment: Moment, count: int) -> list[float]:
    """So many hours, evenly over a moment."""
    start, end = _hour(moment.earliest), _hour(moment.latest)
    return [start + (end - start) * (2 * at + 1) / (2 * count) for at in range(count)]


def _middle(moment: Moment) -> float:
    return _hour(moment.middle)


def _hour(time: datetime) -> float:
    return time.timestamp() / 3600


def _some(several: Sequence[_T], most: int) -> Sequence[_T]:
    """All, or so many of them evenly over their order."""
    count = len(several)
    return several if count <= most else [several[(2 * at + 1) * count // (2 * most)] for at in range(most)]
