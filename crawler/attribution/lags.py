"""What two times say of who copied whom: how long copies take, how often a stated time lies, and by how much.

All in hours. Copies come soon (log-normal, median 3.5 hours) or, one in ten, from an archive. One stated time in ten is
wrong in the way that matters, for mirrors back-date, and then by anything from minutes to weeks. So an earlier time on
the same morning says more than one ten days earlier: few copies take that long, and a lie does not mind.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from crawler.attribution.times import Moment

LIE_RATE = 0.1
"""How often a stated time is wrong in the way that matters."""
_STEPS = 24
_ROOT_2 = math.sqrt(2)


class Law(NamedTuple):
    """A log-normal distribution of hours, and its part in a mixture."""

    part: float
    median: float
    spread: float
    """Standard deviation of the logarithm."""

    def below(self, hours: float) -> float:
        """The chance of fewer hours."""
        if hours <= 0:
            return 0.0
        return self.part * 0.5 * (1 + math.erf(math.log(hours / self.median) / (self.spread * _ROOT_2)))

    def density(self, hours: float) -> float:
        """At more than 0 hours, up to a factor that all laws have."""
        return self.part * math.exp(-((math.log(hours / self.median) / self.spread) ** 2) / 2) / (self.spread * hours)


LAGS = (Law(0.9, 3.5, 1.5), Law(0.1, 72.0, 2.0))
"""From the original to its copy."""
LIES = (Law(1.0, 24.0, 2.0),)
"""By how much a back-dated copy states a time before its original's."""
MOST = math.log((1 - LIE_RATE) / LIE_RATE)
"""Log-odds beyond which no stated time is believed: +2.2."""


def log_odds(copy: Moment, source: Moment) -> float:
    """Log-odds that `copy` was taken from `source` rather than the other way round, by their times alone.

    Of two exact times the later one is the copy's. Where one is known to the day only, both stories are compared: how
    likely is the lag of a copy, or the lie of one, to begin here and to end there.
    """
    if copy.exact and source.exact:
        return _of_exact((copy.middle - source.middle).total_seconds() / 3600)
    forth, back = (
        (1 - LIE_RATE) * _likelihood(a, b, LAGS) + LIE_RATE * _likelihood(b, a, LIES)
        for a, b in ((source, copy), (copy, source))
    )
    return _capped(math.log(forth / back)) if forth > 0 and back > 0 else 0.0


@lru_cache(maxsize=1 << 14)
def _of_exact(hours: float) -> float:
    if abs(hours) < 1 / 60:
        return math.copysign(MOST / 2, hours) if hours else 0.0
    honest, lied = (sum(law.density(abs(hours)) for law in laws) for laws in (LAGS, LIES))
    odds = math.log((1 - LIE_RATE) * honest / (LIE_RATE * lied)) if honest and lied else 0.0
    return math.copysign(min(max(odds, 0.0), MOST), hours)


def stated_at(hours: float) -> float:
    """How likely a copy states a time so many hours after its source's, honest or not, an hour."""
    laws, part = (LAGS, 1 - LIE_RATE) if hours > 0 else (LIES, LIE_RATE)
    return part * sum(law.density(max(abs(hours), 1 / 60)) for law in laws) / math.sqrt(2 * math.pi)


def stated_within(start: float, end: float) -> float:
    """How likely a copy states a time between so many hours after its source's."""
    honest = _below(LAGS, end) - _below(LAGS, start)
    return (1 - LIE_RATE) * honest + LIE_RATE * (_below(LIES, -start) - _below(LIES, -end))


def _capped(odds: float) -> float:
    return max(-MOST, min(MOST, odds))


def probability_after(copy: Moment, source: Moment) -> float:
    """The chance that `copy` was taken from `source`, by their times alone and if nobody lies."""
    if copy.earliest == copy.latest and source.earliest == source.latest:
        return 0.5 if copy.earliest == source.earliest else float(copy.earliest > source.earliest)
    forth, back = _likelihood(source, copy, LAGS), _likelihood(copy, source, LAGS)
    if forth + back == 0.0:
        return 0.5 if copy.middle == source.middle else float(copy.middle > source.middle)
    return forth / (forth + back)


def _likelihood(source: Moment, copy: Moment, laws: Sequence[Law]) -> float:
    """How well it fits that a copy lies at `copy` when its source lies at `source`, up to a common factor."""
    s0, s1, c0, c1 = (
        moment.timestamp() / 3600 for moment in (source.earliest, source.latest, copy.earliest, copy.latest)
    )
    if s0 == s1:
        return _below(laws, c1 - s0) - _below(laws, c0 - s0)
    if c0 == c1:
        return _below(laws, c0 - s0) - _below(laws, c0 - s1)
    steps = [s0 + (s1 - s0) * (step + 0.5) / _STEPS for step in range(_STEPS)]
    return sum(_below(laws, c1 - s) - _below(laws, c0 - s) for s in steps) / _STEPS * (s1 - s0)


def _below(laws: Sequence[Law], hours: float) -> float:
    return sum(law.below(hours) for law in laws) if hours > 0 else 0.0
