"""Which passages two texts share, and whether that makes one a copy of the other."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from crawler.dedup import compiling, loops
from crawler.dedup.prepared import Ints, Prepared, Span, prepare
from crawler.dedup.sketches import SAMPLED, short_hashes
from crawler.dedup.words import WINDOW, UInt32s

Kind = Literal["copy", "quotation", "template", "overlap", "none"]
Segments = npt.NDArray[np.int64]

# What makes a copy, fitted on half of the generated pairs of tests/dedup/generate.py; docs/sketches.md says how each
# was chosen. Lengths are in words, shares of the text that has more of the other.
# A copy has one of these: so many words and so much of a text.
ENOUGH = ((60, 0.1), (30, 0.2), (0, 0.5))
LEAST_BLOCK = 20  # words in one stretch, but for small edits, below half of a text: one topic shares scattered phrases
BRIDGE = 8  # tokens of an edit that does not end a stretch
QUOTED_SHARE = 0.9  # of what stands in long stretches; or
UNQUOTED_WORDS = 20  # fewer than these outside: "she said", "the statement went on"
QUOTATION_AT_MOST = 0.5  # of a page: one that quotes more than that is an excerpt with marks round it
STANDING_AT_MOST = 0.3  # a last paragraph under both texts, of less than that
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
    inserts: tuple[Span, ...] = ()
    """Of a: what stands in no passage, the text before the first and after the last included."""
    omissions: tuple[Span, ...] = ()
    """Of b, likewise."""
    quoted: float = 0.0
    """Share of the passages' words that a or b has as a quotation."""
    numbers_same: int = 0
    numbers_changed: int = 0
    """Numbers inside passages, and numbers that stand in place of others between them."""
    standing: int = 0
    """Words of a that are in b too but not counted, because they stand in too many texts."""
    key: Hashable = None
    """Of b, from `NearDuplicates`."""

    @property
    def numbers_differ(self) -> bool:
        """Most numbers differ: the mark of a template."""
        total = self.numbers_same + self.numbers_changed
        return self.numbers_changed >= NUMBERS_CHANGED and self.numbers_changed >= NUMBERS_SHARE * total


def align(a: str | Prepared, b: str | Prepared, *, standing: UInt32s | None = None) -> Match:
    """What a shares with b. `standing`: shingle hashes (of a's sketch) that stand in too many texts to count, as
    `PostingIndex.standing` gives them."""
    a, b = prepare(a), prepare(b)
    segments = _segments(a, b)
    if not len(segments):
        return Match("none", inserts=_rest(a, segments, 0), omissions=_rest(b, segments, 1))
    stood = 0.0
    if standing is not None and len(standing):
        segments, stood = _without_standing(a, segments, standing)
    return _measure(a, b, segments, stood)


def _segments(a: Prepared, b: Prepared) -> Segments:
    """int64[n, 3]: token of a, token of b, length; ascending in a, apart."""
    mine, theirs = a.words, b.words
    nothing = np.zeros((0, 3), np.int64)
    if not len(mine.hashes) or not len(theirs.hashes):
        return nothing
    if np.array_equal(mine.hashes, theirs.hashes):
        return np.array([[0, 0, len(mine.hashes)]], np.int64)
    seeds = np.minimum(np.searchsorted(b.ascending, mine.shingles), len(b.ascending) - 1)
    seeds[b.ascending[seeds] != mine.shingles] = -1
    if not (seeds >= 0).any():
        return nothing
    found = np.empty((len(mine.shingles), 3), np.int64)
    filled = np.empty((len(mine.hashes), 3), np.int64)
    given: list[Any] = [
        mine.hashes,
        theirs.hashes,
        mine.shingles,
        mine.places,
        seeds,
        b.ascending,
        theirs.places[b.order],
    ]
    fast = compiling.kernel()
    if fast is None:
        lists = [one.tolist() for one in given]
        count = loops.find_runs(*[*lists, found])
        count = loops.fill_gaps(lists[0], lists[1], found, count, [0] * loops.TABLE, filled)
    else:
        count = fast.find_runs(*given, found)
        count = fast.fill_gaps(given[0], given[1], found, count, np.empty(loops.TABLE, np.int32), filled)
    return _joined(filled[:count])


def _joined(segments: Segments) -> Segments:
    """Segments that touch in both texts made one."""
    if len(segments) < 2:
        return segments
    ends = segments[:, :2] + segments[:, 2:]
    first = np.concatenate(([True], (segments[1:, :2] != ends[:-1]).any(axis=1)))
    joined = segments[first]
    joined[:, 2] = np.add.reduceat(segments[:, 2], np.flatnonzero(first))
    return joined


def _without_standing(a: Prepared, segments: Segments, standing: UInt32s) -> tuple[Segments, float]:
    """The segments without tokens whose nearest sampled shingle is a standing one, and the words so lost."""
    short = short_hashes(a.words.shingles)
    sampled = np.flatnonzero(short <= max(SAMPLED, int(standing.max())))
    stands = np.isin(short[sampled], standing)
    if not stands.any():
        return segments, 0.0
    middles = a.words.places[sampled] + WINDOW[0] // 2
    tokens = np.arange(len(a.words.hashes))
    nearest = np.searchsorted((middles[1:] + middles[:-1]) / 2, tokens)
    free = ~stands[nearest]
    lost = _within(segments, 0, len(tokens)) & ~free
    return _cut(segments, free), a.count(lost)


def _cut(segments: Segments, free: npt.NDArray[np.bool_]) -> Segments:
    """The parts of segments in which a's tokens are free."""
    kept = []
    for i, j, length in segments.tolist():
        edges = np.flatnonzero(np.diff(np.concatenate(([False], free[i : i + length], [False]))))
        kept += [(i + start, j + start, end - start) for start, end in edges.reshape(-1, 2).tolist()]
    return np.array(kept, np.int64).reshape(-1, 3)


def _within(segments: Segments, side: int, count: int) -> npt.NDArray[np.bool_]:
    """Which of `count` tokens of a (side 0) or b (1) stand in a segment."""
    change = np.zeros(count + 1, np.int64)
    np.add.at(change, segments[:, side], 1)
    np.add.at(change, segments[:, side] + segments[:, 2], -1)
    inside: npt.NDArray[np.bool_] = np.cumsum(change[:-1]) > 0
    return inside


def _rest(text: Prepared, segments: Segments, side: int) -> tuple[Span, ...]:
    inside = _within(segments, side, len(text.words.hashes))
    edges = np.flatnonzero(np.diff(np.concatenate(([True], inside, [True])))).reshape(-1, 2)
    return tuple(text.spans(edges[:, 0], edges[:, 1]))


def _measure(a: Prepared, b: Prepared, segments: Segments, stood: float) -> Match:
    inside_a = _within(segments, 0, len(a.words.hashes))
    inside_b = _within(segments, 1, len(b.words.hashes))
    words = a.count(inside_a)
    copied, coverage = words / a.size, b.count(inside_b) / b.size
    ends = segments[:, :2] + segments[:, 2:]
    of_a, of_b = a.spans(segments[:, 0], ends[:, 0]), b.spans(segments[:, 1], ends[:, 1])
    passages = tuple(Passage(*x[:2], *y[:2], x.words) for x, y in zip(of_a, of_b, strict=True))
    numbers = _numbers(a, b, segments)
    quotes = _quoted(a, b, segments)
    return Match(
        kind=_kind(a, b, segments, quotes, numbers),
        copied=copied,
        coverage=coverage,
        passages=passages,
        words=round(words),
        longest=max((passage.words for passage in passages), default=0),
        jaccard=_jaccard(a, b),
        inserts=_rest(a, segments, 0),
        omissions=_rest(b, segments, 1),
        quoted=a.count(quotes) / words if words else 0.0,
        numbers_same=numbers.same,
        numbers_changed=numbers.changed,
        standing=round(stood),
    )


def _quoted(a: Prepared, b: Prepared, segments: Segments) -> npt.NDArray[np.bool_]:
    """Which tokens of a stand in segments and in a quotation, there or in b."""
    lengths = segments[:, 2]
    steps = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    of_a, of_b = (np.repeat(segments[:, side], lengths) + steps for side in (0, 1))
    quoted = np.zeros(len(a.words.hashes), np.bool_)
    quoted[of_a] = a.quoted[of_a] | b.quoted[of_b]
    return quoted


def _jaccard(a: Prepared, b: Prepared) -> float:
    places = np.minimum(np.searchsorted(b.distinct, a.distinct), len(b.distinct) - 1)
    shared = int(np.count_nonzero(b.distinct[places] == a.distinct))
    return shared / (len(a.distinct) + len(b.distinct) - shared)


def _gaps(segments: Segments) -> tuple[Ints, Ints]:
    """Tokens between each segment and the next, in a and in b (negative where b goes back)."""
    ends = segments[:-1, :2] + segments[:-1, 2:]
    gaps = segments[1:, :2] - ends
    return gaps[:, 0], gaps[:, 1]


def _blocks(a: Prepared, segments: Segments) -> npt.NDArray[np.float64]:
    """For each segment the words in passages of its stretch, which is broken by all but small edits."""
    lengths = a.before[segments[:, 0] + segments[:, 2]] - a.before[segments[:, 0]]
    in_a, in_b = _gaps(segments)
    breaks = (in_a > BRIDGE) | (in_b > BRIDGE) | (in_b < 0)
    block = np.concatenate(([0], np.cumsum(breaks)))
    words: npt.NDArray[np.float64] = np.bincount(block, weights=lengths).astype(np.float64)
    return words[block]


class _Numbers(NamedTuple):
    """Numbers of a inside segments; numbers that stand in place of others in small gaps between neighbours; words of a
    and b in these gaps, on the side that has more of them."""

    same: int
    changed: int
    words: int


def _numbers(a: Prepared, b: Prepared, segments: Segments) -> _Numbers:
    ends = segments[:, :2] + segments[:, 2:]
    in_a, in_b = _gaps(segments)
    near = np.flatnonzero((in_a <= BRIDGE) & (in_b <= BRIDGE) & (in_b >= 0))
    numbers, words = [], []
    for side, (text, gap) in enumerate(((a, in_a), (b, in_b))):
        first, last = ends[near, side], segments[near + 1, side]
        loose = _loose_numbers(text, segments, side)
        numbers.append(np.searchsorted(loose, last) - np.searchsorted(loose, first))
        digits = np.searchsorted(text.numbers[0], last) - np.searchsorted(text.numbers[0], first)
        words.append(int((gap[near] - digits).sum()))
        if side == 0:
            same = len(np.unique(a.numbers[1])) - len(loose)
    return _Numbers(same, int(np.minimum(*numbers).sum()), max(words))


def _loose_numbers(text: Prepared, segments: Segments, side: int) -> Ints:
    """Of each number that is not wholly in segments, the first token outside."""
    tokens, number = text.numbers
    outside = ~_within(segments, side, len(text.words.hashes))[tokens]
    _, first = np.unique(number[outside], return_index=True)
    loose: Ints = tokens[outside][first]
    return loose


def _kind(a: Prepared, b: Prepared, segments: Segments, quoted: npt.NDArray[np.bool_], numbers: _Numbers) -> Kind:
    if not len(segments):
        return "none"
    words, share = _extent(a, b, segments)
    if numbers.changed >= max(
        NUMBERS_CHANGED,
        NUMBERS_SHARE * (numbers.same + numbers.changed),
        NUMBERS_DENSITY * words,
        NUMBERS_TO_WORDS * numbers.words,
    ):
        return "template"
    if not _enough(a, b, segments) or (share < STANDING_AT_MOST and _last_paragraph(a, b, segments)):
        return "overlap"
    return "quotation" if share < QUOTATION_AT_MOST and _quotes(a, segments, quoted) else "copy"


def _quotes(a: Prepared, segments: Segments, quoted: npt.NDArray[np.bool_]) -> bool:
    """Long stretches, if there are any, are quotations, with little between."""
    long = segments[_blocks(a, segments) >= LEAST_BLOCK]
    inside = _within(long if len(long) else segments, 0, len(a.words.hashes))
    words, in_quotes = a.count(inside), a.count(inside & quoted)
    return in_quotes >= QUOTED_SHARE * words or (2 * in_quotes >= words and words - in_quotes < UNQUOTED_WORDS)


def _extent(a: Prepared, b: Prepared, segments: Segments) -> tuple[float, float]:
    """Words of a in passages, and their share of the shorter text."""
    words = a.count(_within(segments, 0, len(a.words.hashes)))
    of_b = b.count(_within(segments, 1, len(b.words.hashes)))
    return words, max(words / a.size, of_b / b.size)


def _enough(a: Prepared, b: Prepared, segments: Segments) -> bool:
    if not len(segments):
        return False
    words, share = _extent(a, b, segments)
    if share < ENOUGH[-1][1] and float(_blocks(a, segments).max()) < LEAST_BLOCK:
        return False
    return any(words >= least and share >= part for least, part in ENOUGH)


def _last_paragraph(a: Prepared, b: Prepared, segments: Segments) -> bool:
    """Both texts end with nearly all that they share: what an agency or a paper puts under its articles."""
    ends = segments[-1, :2] + segments[-1, 2]
    at_end = len(a.words.hashes) - ends[0] <= BRIDGE and len(b.words.hashes) - ends[1] <= BRIDGE
    return bool(at_end and _blocks(a, segments)[-1] >= 0.8 * _extent(a, b, segments)[0])


def best_first(matches: Sequence[Match]) -> list[Match]:
    """By how much is copied, then by how much of the other is covered."""
    return sorted(matches, key=lambda match: (-match.copied, -match.coverage))
