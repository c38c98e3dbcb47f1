"""The fewest pages that explain what an article shares with others."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise

from crawler.attribution.pairs import Passage, Shared
from crawler.attribution.pointers import Neighbour, Pointer

LEAST_SOURCE = 25
"""Words that a further source must explain which no source before it did."""
SLIP = 12
"""Words that a page must share with one source and not with another for it to be a trace: a caption, an added sentence.
Sources that explain no fewer than that are as good as the best; then credits, evidence and time decide."""
SLIPS = 2
"""Places in which a page departs from one source and has the words of another, from which that is no chance: slips,
changed words and left-out ones are handed on from copy to copy."""
Span = tuple[int, int]
"""Where a passage begins and ends in the page, in characters."""

_BESIDE = 12
"""Letters on either side of such a place that the other source must have too; fewer are no words in common."""


def slips(departed: Shared, agreed: Shared) -> int:
    """In how many places a page departs from one source and has the words of another. Both are seen from the page."""
    runs = list(_outer(agreed.passages))
    starts = [start for start, _ in runs]
    count = 0
    for (_, end), (start, _) in pairwise(_outer(departed.passages)):
        at = bisect_right(starts, end - _BESIDE) - 1
        count += at >= 0 and runs[at][1] >= start + _BESIDE
    return count


def _outer(passages: Iterable[Passage]) -> Iterator[Span]:
    """Where the passages stand in the page, without those inside of others: a phrase that the source has again."""
    reach = -1
    for start, end, _, _ in sorted(passages, key=lambda one: (one[0], -one[1])):
        if end > reach:
            yield start, end
            reach = end


def adds(more: Shared, less: Shared) -> bool:
    """Whether a page has a sentence, a caption, an insert of one source that stands in no passage of the other: so many
    words in one stretch. Scraps that many pages have ("See also", a call to subscribe) are none."""
    known = _united([], [one[:2] for one in less.passages])
    spans = [one[:2] for one in more.passages]
    letters = sum(end - start for start, end in spans)
    longest = max((_longest_free(start, end, known) for start, end in spans), default=0)
    return more.words * longest >= SLIP * letters > 0


def _longest_free(start: int, end: int, spans: Sequence[Span]) -> int:
    """Letters of the longest stretch of a span that stands in none of these."""
    longest, at = 0, start
    for low, high in islice(spans, bisect_right(spans, start, key=lambda one: one[1]), None):
        if low >= end:
            break
        longest, at = max(longest, low - at), max(at, high)
    return max(longest, end - at)


def cover(parents: Sequence[tuple[Neighbour, Pointer]]) -> tuple[Pointer, ...]:
    """The fewest parents that explain what is shared: each takes the passages that no one before it explains."""
    if len(parents) < 2:
        return tuple(pointer for _, pointer in parents)
    left = list(parents)
    spans = {neighbour.page.id: [one[:2] for one in neighbour.shared.passages] for neighbour, _ in left}
    explained: list[Span] = []
    chosen: list[Pointer] = []
    while left:
        gains = [_gain(neighbour.shared, spans[neighbour.page.id], explained) for neighbour, _ in left]
        best = max(gains)
        if best < LEAST_SOURCE and chosen:
            break
        top = left[gains.index(best)]
        good = _fitting([
            one for one, gain in zip(left, gains, strict=True)
            if gain > best - SLIP or (not explained and _is_named_for_all(one, top))
        ])  # fmt: skip
        # what names this very page first, then what speaks most for it; of two equal sources the earlier one
        neighbour, pointer = min(good, key=lambda one: (-round(one[1].traces), -round(one[1].score), one[0].page.order))
        chosen.append(pointer)
        explained = _united(explained, spans[neighbour.page.id])
        left = [one for one in left if one[0] is not neighbour]
    return tuple(chosen)


def _is_named_for_all(one: tuple[Neighbour, Pointer], top: tuple[Neighbour, Pointer]) -> bool:
    """Whether the page names this source, and the one that explains most has only scraps more."""
    return one[1].traces > 0 and not adds(top[0].shared, one[0].shared)


def _fitting(good: Sequence[tuple[Neighbour, Pointer]]) -> Sequence[tuple[Neighbour, Pointer]]:
    """Without those from which the page departs where it has the words of the one that it follows most closely."""
    if len(good) < 2 or max(len(one.shared.stored) for one, _ in good) <= SLIPS:
        return good
    closest, _ = min(good, key=lambda one: (len(one[0].shared.stored), one[0].page.order))
    return [one for one in good if one[0] is closest or not departs(one[0].shared, closest.shared)]


def hands_on(taken: Shared, had: Shared) -> bool:
    """Whether any of what was `taken` from a page is what that page `had` from another, rather than its own words.
    `taken`: seen from who took it; `had`: seen from the page."""
    known = _united([], [one[:2] for one in had.passages])
    ends = [end for _, end in known]
    spans = [one[2:] for one in taken.passages]
    return any(
        end - start - _uncovered(start, end, known, bisect_right(ends, start)) >= _BESIDE for start, end in spans
    )


def departs(one: Shared, other: Shared) -> bool:
    """Whether a page follows another source more closely than this one, in several places, and nowhere less so."""
    return slips(one, other) >= SLIPS and not slips(other, one)


def _united(some: Sequence[Span], others: Sequence[Span]) -> list[Span]:
    """All letters that stand in any of these, as spans that do not touch, ascending."""
    united: list[Span] = []
    for start, end in sorted([*some, *others]):
        if united and start <= united[-1][1]:
            united[-1] = (united[-1][0], max(united[-1][1], end))
        else:
            united.append((start, end))
    return united


def _gain(shared: Shared, spans: Sequence[Span], explained: Sequence[Span]) -> float:
    """Words in passages that are not explained yet. `spans`: of these passages. `explained`: `_united`."""
    total = sum(end - start for start, end in spans)
    if not total:
        return 0.0
    if not explained:
        return float(shared.words)
    ends = [end for _, end in explained]
    free = sum(_uncovered(start, end, explained, bisect_right(ends, start)) for start, end in spans)
    return shared.words * free / total


def _uncovered(start: int, end: int, explained: Sequence[Span], first: int) -> int:
    """Letters of a span that stand in none of these, the `first` of which ends behind its start."""
    free, at = 0, start
    for low, high in islice(explained, first, None):
        if low >= end:
            break
        free += max(0, low - at)
        at = high
    return free + max(0, end - at)
