"""Where a copy stands on the line after its original: one logarithmic scale for all stories, so that they compare."""

from __future__ import annotations

import math

ORIGINAL = 6.0
"""Place of the original, in per cent of the line's width; copies dated before it stand to its left."""
_EARLY = 2.0
_END = 98.0
_SHORTEST, _LONGEST = 60, 90 * 86400
_TICKS = (
    (60, "1 min"),
    (600, "10 min"),
    (3600, "1 h"),
    (6 * 3600, "6 h"),
    (86400, "1 day"),
    (7 * 86400, "1 week"),
    (30 * 86400, "1 month"),
)


def place(lag_seconds: int | None) -> float | None:
    """Per cent of the width for a lag; None where the lag is not known."""
    if lag_seconds is None:
        return None
    if lag_seconds < 0:
        return _EARLY
    share = math.log(max(lag_seconds, _SHORTEST) / _SHORTEST) / math.log(_LONGEST / _SHORTEST)
    first = ORIGINAL + 4
    return round(first + min(share, 1.0) * (_END - first), 2)


def ticks() -> list[tuple[float, str]]:
    """Places and labels of the scale."""
    return [(place(seconds) or 0.0, label) for seconds, label in _TICKS]
