"""Where two texts are equal, and how much that is: the loops of alignment over two prepared texts."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from crawler.dedup import compiling, loops
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


def _loop(name: str, inputs: tuple[Any, ...], *outputs: Any) -> Any:
    """Calls a loop of alignment, compiled or as Python, which is at home in lists."""
    fast = compiling.kernel()
    if fast is not None:
        return getattr(fast, name)(*inputs, *outputs)
    plain = (one.tolist() if isinstance(one, np.ndarray) and one.ndim == 1 else one for one in inputs)
    return getattr(loops, name)(*plain, *outputs)


def find_segments(a: Prepared, b: Prepared) -> tuple[Segments, int]:
    """Equal stretches of two texts, and how many distinct shingles both have."""
    mine, theirs = a.words, b.words
    if not len(mine.hashes) or not len(theirs.hashes):
        return NOTHING, 0
    if mine.hashes is theirs.hashes or np.array_equal(mine.hashes, theirs.hashes):
        return np.array([[0, 0, len(mine.hashes)]], np.int64), a.distinct
    seeds = np.empty(len(mine.shingles), np.int64)
    shared = _loop("find_shared", (a.ascending, a.order, b.ascending), seeds)
    if not shared:
        return NOTHING, 0
    runs = np.empty((len(mine.shingles), 3), np.int64)
    count = _loop(
        "find_runs", (mine.hashes, theirs.hashes, mine.shingles, mine.places, seeds, b.ascending, b.places), runs
    )
    segments = np.empty((len(mine.hashes), 3), np.int64)
    table = np.empty(loops.TABLE, np.int32)
    count = _loop("fill_gaps", (mine.hashes, theirs.hashes, runs[:count], count), table, segments)
    count = _loop("join", (), segments, count)
    return segments[:count], shared


def measure(a: Prepared, b: Prepared, segments: Segments, bridge: int) -> Extent:
    """How much two texts share. `bridge`: tokens of an edit that does not end a stretch."""
    if len(segments) == 1 and segments[0, 2] == len(a.words.hashes) == len(b.words.hashes):
        whole = a.before[-1:]
        return Extent(int(whole[0]) / PARTS, 1.0, 1.0, whole, a.number_count, 0, 0)
    inside, digits, loose = [], [], []
    parts, missing = [], []
    for side, text in enumerate((a, b)):
        inside.append(np.empty(len(text.words.hashes), np.uint8))
        digits.append(np.empty(len(text.before), np.int32))
        loose.append(np.empty(len(text.before), np.int32))
        parts.append(_loop("mark", (segments, side, text.before), inside[side]))
        missing.append(_loop("mark_numbers", (inside[side], *text.numbers), digits[side], loose[side]))
    changed, blocks = np.zeros(3, np.int64), np.zeros(len(segments), np.int64)
    _loop("compare_gaps", (segments, bridge, digits[0], loose[0], digits[1], loose[1]), changed)
    _loop("sum_blocks", (segments, bridge, a.before), blocks)
    return Extent(
        words=parts[0] / PARTS,
        copied=parts[0] / int(a.before[-1]),
        coverage=parts[1] / int(b.before[-1]),
        blocks=blocks,
        numbers_same=a.number_count - missing[0],
        numbers_changed=int(changed[0]),
        words_changed=int(changed[1:].max()),
    )


def words_in(a: Prepared, segments: Segments) -> float:
    """Words of a in segments."""
    return int((a.before[segments[:, 0] + segments[:, 2]] - a.before[segments[:, 0]]).sum()) / PARTS


def quoted(a: Prepared, b: Prepared, segments: Segments, blocks: Ints, least: int) -> tuple[float, float]:
    """Words of a in segments of stretches of at least `least` parts, and those of them that are in a quotation, in a or
    in b."""
    if not (a.quotes or b.quotes):
        return words_in(a, segments[blocks >= least]), 0.0
    found = np.zeros(2, np.int64)
    _loop("sum_quoted", (segments, blocks, least, a.before, a.quoted, b.quoted), found)
    return int(found[0]) / PARTS, int(found[1]) / PARTS


def outside(text: Prepared, segments: Segments, side: int) -> tuple[Ints, Ints]:
    """Where the tokens of a (side 0) or b (1) that stand in no segment begin and end."""
    inside = np.empty(len(text.words.hashes), np.uint8)
    _loop("mark", (segments, side, text.before), inside)
    edges = np.flatnonzero(np.diff(np.concatenate(([1], inside, [1])).astype(np.int8))).reshape(-1, 2)
    return edges[:, 0], edges[:, 1]
