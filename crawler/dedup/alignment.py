"""Which passages two texts share, and whether that makes one a copy of the other."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from crawler.dedup.passages import Extent, Segments, find_segments, measure, outside, passages, quoted, words_in
from crawler.dedup.prepared import PARTS, Prepared, Span, prepare
from crawler.dedup.sketches import SAMPLED, short_hashes
from crawler.dedup.words import WINDOW, Int32s, UInt32s

Kind = Literal["copy", "quotation", "template", "overlap", "none"]

# What makes a copy, fitted on half of the generated pairs of tests/dedup/generate.py; docs/sketches.md says how each
# was chosen. Lengths are in words, shares of the text that has more of the other.
# A copy has one of these: so many words and so much of a text.
ENOUGH = ((60, 0.1), (30, 0.2), (0, 0.5))
LEAST_BLOCK = 20  # words in one stretch, but for small edits, below half of a text: one topic shares scattered phrases
BRIDGE = 8  # tokens of an edit that does not end a stretch
QUOTED_SHARE = 0.9  # of what stands in long stretches; or
UNQUOTED_WORDS = 20  # fewer than these outside: "she said", "the statement went on"
QUOTATION_AT_MOST = 0.5  # of a page: one that quotes more than that is an excerpt with marks round it
STANDING_AT_MOST = 0.3  # a last paragraph under both texts, of less than that; below it may be
TAIL = 25  # tokens of a text's own: who reported and edited, a prompt to share
NUMBERS_CHANGED = 3
NUMBERS_SHARE = 0.5
NUMBERS_DENSITY = 0.02  # changed numbers to a word of the passages
NUMBERS_TO_WORDS = 0.5  # changed numbers to a changed word: a rewriter changes words too


class Passage(NamedTuple):
    """Equal text: `a[a_start:a_end]` and `b[b_start:b_end]` have the same words (letters folded)."""

    a_start: int
    a_end: int
    b_start: int
    b_end: int
    words: int


class _Aligned(NamedTuple):
    """What a match was made from."""

    a: Prepared
    b: Prepared
    segments: Segments


@dataclass(frozen=True, slots=True)
class Match:
    """What two texts share, seen from a. Shares are from 0 to 1, lengths in words (letters of scripts without spaces
    count for the part of a word that they are)."""

    kind: Kind
    """copy; quotation: one quotes the other, or both a third; template: words agree, numbers differ; overlap: too
    little to be a copy; none."""
    copied: float = 0.0
    """Share of a's words that stand in passages."""
    coverage: float = 0.0
    """Share of b's."""
    passages: tuple[Passage, ...] = ()
    """Ascending in a, where they do not overlap; in b they may (a says a thing twice)."""
    words: int = 0
    """Of a, in passages."""
    longest: int = 0
    """Words of the longest passage."""
    jaccard: float = 0.0
    """Resemblance of the sets of shingles."""
    numbers_same: int = 0
    numbers_changed: int = 0
    """Numbers inside passages, and numbers that stand in place of others between them."""
    standing: int = 0
    """Words of a that are in b too but not counted, because they stand in too many texts."""
    key: Hashable = None
    """Of b, from `NearDuplicates`."""
    _of: _Aligned | None = field(default=None, repr=False, compare=False)

    @property
    def inserts(self) -> tuple[Span, ...]:
        """Of a: what stands in no passage, the text before the first and after the last included."""
        return () if self._of is None else _spans(self._of.a, self._of.segments, 0)

    @property
    def omissions(self) -> tuple[Span, ...]:
        """Of b, likewise."""
        return () if self._of is None else _spans(self._of.b, self._of.segments, 1)

    @property
    def quoted(self) -> float:
        """Share of the passages' words that a or b has as a quotation."""
        if self._of is None or not len(self._of.segments):
            return 0.0
        words, in_quotes = quoted(*self._of, np.zeros(len(self._of.segments), np.int64), 0)
        return in_quotes / words

    @property
    def numbers_differ(self) -> bool:
        """Most numbers differ: the mark of a template."""
        total = self.numbers_same + self.numbers_changed
        return self.numbers_changed >= NUMBERS_CHANGED and self.numbers_changed >= NUMBERS_SHARE * total


def align(a: str | Prepared, b: str | Prepared, *, standing: UInt32s | None = None) -> Match:
    """What a shares with b. `standing`: shingle hashes (of a's sketch) that stand in too many texts to count, as
    `PostingIndex.standing` gives them."""
    a, b = prepare(a), prepare(b)
    segments, jaccard = find_segments(a, b)
    if not len(segments):
        return Match("none", _of=_Aligned(a, b, segments))
    free = _free_of(a, segments, standing) if standing is not None and len(standing) else None
    own = segments if free is None else _cut(segments, free)
    extent = measure(a, b, own, BRIDGE)
    kind, stood = _kind(a, b, own, extent), 0.0
    if free is not None:
        before = words_in(a, segments)
        if kind == "copy":
            segments = _mostly(segments, free)
            extent = measure(a, b, segments, BRIDGE)
        else:
            segments = own
        stood = before - words_in(a, segments)
    found = tuple(map(Passage._make, passages(a, b, segments)))
    return Match(
        kind=kind,
        copied=extent.copied,
        coverage=extent.coverage,
        passages=found,
        words=round(extent.words),
        longest=max((passage.words for passage in found), default=0),
        jaccard=jaccard,
        numbers_same=extent.numbers_same,
        numbers_changed=extent.numbers_changed,
        standing=round(stood),
        _of=_Aligned(a, b, segments),
    )


def _spans(text: Prepared, segments: Segments, side: int) -> tuple[Span, ...]:
    return tuple(map(Span, *text.edges(*outside(text, segments, side))))


def _free_of(a: Prepared, segments: Segments, standing: UInt32s) -> npt.NDArray[np.bool_] | None:
    """Which tokens of a are no part of what stands in too many texts; None if all are. A phrase that many texts have
    inside a sentence that these two share is free: only what lies between standing shingles with no other between them
    is not, and a segment that has no others."""
    short = short_hashes(a.words.shingles)
    sampled = np.flatnonzero(short <= max(SAMPLED, int(standing.max())))
    stands = np.isin(short[sampled], standing)
    if not stands.any():
        return None
    starts = a.words.places[sampled]
    free = np.ones(len(a.words.hashes), np.bool_)
    for start, _, length in segments.tolist():
        for low, high in _stretches(start, start + length, starts, stands):
            free[low:high] = False
    return free


def _stretches(start: int, end: int, starts: Int32s, stands: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Which stretches of a segment of tokens stand. `starts`: where sampled shingles begin; `stands`: whether they
    do."""
    first, last = np.searchsorted(starts, (start, max(end - WINDOW[0] + 1, start))).tolist()
    own = stands[first:last]
    if not len(own):  # too short to hold one: as the nearest
        near = min(range(max(first - 1, 0), min(first + 1, len(starts))), key=lambda at: abs(starts[at] - start))
        return [(start, end)] if stands[near] else []
    if own.all():
        return [(start, end)]
    runs = np.flatnonzero(np.diff(np.concatenate(([False], own, [False])))).reshape(-1, 2).tolist()
    return [
        (
            start if low == 0 else int(starts[first + low]),
            end if high == len(own) else int(starts[first + high - 1]) + WINDOW[0],
        )
        for low, high in runs
        if high - low > 1
    ]


def _cut(segments: Segments, free: npt.NDArray[np.bool_]) -> Segments:
    """The parts of segments in which a's tokens are free."""
    kept = []
    for i, j, length in segments.tolist():
        edges = np.flatnonzero(np.diff(np.concatenate(([False], free[i : i + length], [False]))))
        kept += [(i + start, j + start, end - start) for start, end in edges.reshape(-1, 2).tolist()]
    return np.array(kept, np.int64).reshape(-1, 3)


def _mostly(segments: Segments, free: npt.NDArray[np.bool_]) -> Segments:
    """What is told of a copy: what stands in too many texts does not make one, but is copied with the passage of which
    it is the lesser part."""
    before = np.concatenate(([0], np.cumsum(free)))
    mostly = 2 * (before[segments[:, 0] + segments[:, 2]] - before[segments[:, 0]]) >= segments[:, 2]
    both = np.concatenate((segments[mostly], _cut(segments[~mostly], free)))
    return both[np.argsort(both[:, 0])]


def _kind(a: Prepared, b: Prepared, segments: Segments, extent: Extent) -> Kind:
    if not len(segments):
        return "none"
    changed = extent.numbers_changed
    if changed >= max(
        NUMBERS_CHANGED,
        NUMBERS_SHARE * (extent.numbers_same + changed),
        NUMBERS_DENSITY * extent.words,
        NUMBERS_TO_WORDS * extent.words_changed,
    ):
        return "template"
    share = max(extent.copied, extent.coverage)
    if not _enough(extent, share) or _last_paragraph(a, b, segments, extent):
        return "overlap"
    return "quotation" if share < QUOTATION_AT_MOST and _quotes(a, b, segments, extent) else "copy"


def _enough(extent: Extent, share: float) -> bool:
    if share < ENOUGH[-1][1] and extent.blocks.max() < LEAST_BLOCK * PARTS:
        return False
    return any(extent.words >= least and share >= part for least, part in ENOUGH)


def _last_paragraph(a: Prepared, b: Prepared, segments: Segments, extent: Extent) -> bool:
    """Both texts end with nearly all that they share, and it is little of them: what an agency or a paper puts under
    its articles. The phrases that one topic scatters do not count here, neither for it nor against it."""
    last = int(extent.blocks[-1]) / PARTS
    if not LEAST_BLOCK <= last < STANDING_AT_MOST * min(a.size, b.size):
        return False
    end_a, end_b = (segments[-1, :2] + segments[-1, 2]).tolist()
    if len(a.words.hashes) - end_a > TAIL or len(b.words.hashes) - end_b > TAIL:
        return False
    return last >= 0.8 * words_in(a, segments[extent.blocks >= LEAST_BLOCK * PARTS])


def _quotes(a: Prepared, b: Prepared, segments: Segments, extent: Extent) -> bool:
    """Long stretches, if there are any, are quotations, with little between."""
    least = LEAST_BLOCK * PARTS if extent.blocks.max() >= LEAST_BLOCK * PARTS else 0
    words, in_quotes = quoted(a, b, segments, extent.blocks, least)
    return in_quotes >= QUOTED_SHARE * words or (2 * in_quotes >= words and words - in_quotes < UNQUOTED_WORDS)


def best_first(matches: Sequence[Match]) -> list[Match]:
    """By how much is copied, then by how much of the other is covered."""
    return sorted(matches, key=lambda match: (-match.copied, -match.coverage))
