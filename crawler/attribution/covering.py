"""The fewest pages that explain what an article shares with others."""

from __future__ import annotations

from collections.abc import Sequence

from crawler.attribution.pairs import Shared
from crawler.attribution.pointers import Neighbour, Pointer

LEAST_SOURCE = 25
"""Words that a further source must explain which no source before it did."""
SLIP = 12
"""Words that a page must share with one source and not with another for it to be a trace: a caption, an added sentence.
Sources that explain no fewer than that are as good as the best; then credits, evidence and time decide."""


def cover(parents: Sequence[tuple[Neighbour, Pointer]]) -> tuple[Pointer, ...]:
    """The fewest parents that explain what is shared: each takes the passages that no one before it explains."""
    left = list(parents)
    explained: list[tuple[int, int]] = []
    chosen: list[Pointer] = []
    while left:
        gains = [_gain(neighbour.shared, explained) for neighbour, _ in left]
        best = max(gains)
        if best < LEAST_SOURCE and chosen:
            break
        good = [one for one, gain in zip(left, gains, strict=True) if gain > best - SLIP]
        # what names this very page first, then what speaks most for it; of two equal sources the earlier one
        neighbour, pointer = min(good, key=lambda one: (-round(one[1].traces), -round(one[1].score), one[0].page.order))
        chosen.append(pointer)
        explained = sorted([*explained, *((start, end) for start, end, _, _ in neighbour.shared.passages)])
        left = [one for one in left if one[0] is not neighbour]
    return tuple(chosen)


def _gain(shared: Shared, explained: Sequence[tuple[int, int]]) -> float:
    """Words in passages that are not explained yet. `explained`: ascending."""
    passages = shared.passages
    total = sum(end - start for start, end, _, _ in passages)
    if not total:
        return 0.0
    if not explained:
        return float(shared.words)
    free = sum(_uncovered(start, end, explained) for start, end, _, _ in passages)
    return shared.words * free / total


def _uncovered(start: int, end: int, explained: Sequence[tuple[int, int]]) -> int:
    free, at = 0, start
    for low, high in explained:
        if high <= at or low >= end:
            continue
        free += max(0, low - at)
        at = max(at, high)
    return free + max(0, end - at)
