"""Where two texts are equal, and how much that is: the loops of alignment over two prepared texts."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from crawler.dedup import loops
from crawler.dedup.compiling import run_loop
from crawler.dedup.prepared import PARTS, Ints, Prepared

Segments = npt.NDArray[np.int64]
"""int64[n, 3]: token of a, token of b, length; ascending in a, apart."""

NOTHING: Segments = np.zeros((0, 3), np.int64)


class Extent(NamedTuple):
    """What segments come to. Lengths are in words, blocks in PARTS of a word."""

    words: float
    """Of a, in segments."""
    copied: float
    """Their share of a."""
    coverage: float
    """Share of b."""
    blocks: Ints
    """For each segment what its stretch has in segments: small edits do not end a stretch."""
    numbers_same: int
    """Numbers of a inside segments."""
    numbers_changed: int
    """Numbers that stand in place of others in small gaps between neighbours."""
    words_changed: int
    """Words of a and b in these gaps, on the side that has more of them."""


def find_segments(a: Prepared, b: Prepared) -> tuple[Segments, float]:
    """Equal stretches of two texts, and the resemblance of their sets of shingles."""
    mine, theirs = a.words, b.words
    if not len(mine.hashes) or not len(theirs.hashes):
        return NOTHING, 0.0
    if mine.hashes is theirs.hashes or np.array_equal(mine.hashes, theirs.hashes):
        return np.array([[0, 0, len(mine.hashes)]], np.int64), 1.0
    segments, shared = run_loop(
        loops.find_segments,
        (mine.hashes, mine.shingles, mine.places, a.ascending, a.order, theirs.hashes, b.ascending, b.places),
    )
    return segments, shared / (a.distinct + b.distinct - shared)


def measure(a: Prepared, b: Prepared, segments: Segments, bridge: int) -> Extent:
    """How much two texts share. `bridge`: tokens of an edit that does not end a stretch."""
    if len(segments) == 1 and segments[0, 2] == len(a.words.hashes) == len(b.words.hashes):
        whole = a.before[-1:]
        return Extent(int(whole[0]) / PARTS, 1.0, 1.0, whole, a.number_count, 0, 0)
    figures, blocks = run_loop(loops.measure, (segments, bridge, a.before, *a.numbers, b.before, *b.numbers))
    mine, theirs, missing, _, changed, words_a, words_b = figures.tolist()
    return Extent(
        words=mine / PARTS,
        copied=mine / int(a.before[-1]),
        coverage=theirs / int(b.before[-1]),
        blocks=blocks,
        numbers_same=a.number_count - missing,
        numbers_changed=changed,
        words_changed=max(words_a, words_b),
    )


def passages(a: Prepared, b: Prepared, segments: Segments) -> list[list[int]]:
    """For each segment where it begins and ends in a and in b, in characters, and its words, one at the least."""
    told: list[list[int]] = run_loop(
        loops.find_passages,
        (segments, a.before, a.words.starts, a.words.ends, b.words.starts, b.words.ends, PARTS),
    ).tolist()
    return told


def words_in(a: Prepared, segments: Segments) -> float:
    """Words of a in segments."""
    return int((a.before[segments[:, 0] + segments[:, 2]] - a.before[segments[:, 0]]).sum()) / PARTS


def quoted(a: Prepared, b: Prepared, segments: Segments, blocks: Ints, least: int) -> tuple[float, float]:
    """Words of a in segments of stretches of at least `least` parts, and those of them that are in a quotation, in a or
    in b."""
    if not (a.quotes or b.quotes):
        return words_in(a, segments[blocks >= least]), 0.0
    found = np.zeros(2, np.int64)
    run_loop(loops.sum_quoted, (segments, blocks, least, a.before, a.quoted, b.quoted), found)
    return int(found[0]) / PARTS, int(found[1]) / PARTS


def outside(text: Prepared, segments: Segments, side: int) -> tuple[Ints, Ints]:
    """Where the tokens of a (side 0) or b (1) that stand in no segment begin and end."""
    inside = np.empty(len(text.words.hashes), np.uint8)
    run_loop(loops.mark, (segments, side, text.before), inside)
    edges = np.flatnonzero(np.diff(np.concatenate(([1], inside, [1])).astype(np.int8))).reshape(-1, 2)
    return edges[:, 0], edges[:, 1]
