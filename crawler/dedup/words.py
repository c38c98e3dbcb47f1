"""A text as tokens and shingles, in NumPy: the definition that the compiled kernel must equal bit for bit.

A token is a word, or one letter (with its marks) in scripts that put no spaces between words. A shingle is as many
tokens as make about five words in the script it starts in. All hash arithmetic is modulo 2**64.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from crawler.dedup import compiling, letters
from crawler.dedup.letters import CLASS_SHIFT, DIGIT, FOLD, HAN, IGNORED, MARK, POOLED, SEPARATOR, WORD
from crawler.dedup.tokens import LETTER_BASE, MIX_1, MIX_2, NUMERIC, TOKEN_BASE

MAX_CHARS = 1 << 20
"""Of a text, what follows is not looked at: about 170,000 words."""

_CODE = np.dtype("<u4")

WINDOW = (5, 6, 8, 12)
"""Tokens of a shingle that starts with a word, a Han character, a kana, a letter of Thai and its kin."""
WINDOWS = np.array(WINDOW, np.uint32)
WINDOWS.setflags(write=False)

UInt64s = npt.NDArray[np.uint64]
UInt32s = npt.NDArray[np.uint32]
Int32s = npt.NDArray[np.int32]
UInt8s = npt.NDArray[np.uint8]


class Words(NamedTuple):
    """The tokens of a text, n of them: a 64-bit hash of the folded letters, where in the text (character offsets, the
    end exclusive), and the kind; and its shingles: a 64-bit hash and the token at which each starts."""

    hashes: UInt64s
    starts: Int32s
    ends: Int32s
    kinds: UInt8s
    shingles: UInt64s
    places: Int32s


def code_points(text: str) -> UInt32s:
    """The first MAX_CHARS characters as numbers; lone surrogates are kept (and separate)."""
    return np.frombuffer(text[:MAX_CHARS].encode("utf-32-le", "surrogatepass"), _CODE)


def mix(values: UInt64s) -> UInt64s:
    """The finaliser of splitmix64: every bit of the result depends on every bit."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(MIX_1)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(MIX_2)
    return values ^ (values >> np.uint64(31))


def read_words(text: str) -> Words:
    """Tokens and shingles of a text."""
    fast = compiling.kernel()
    if fast is None:
        return plain_words(text)
    return Words(*fast.read_words(code_points(text), *letters.load(), WINDOWS))


def plain_words(text: str) -> Words:
    """`read_words` without the compiled kernel: the same bits."""
    table = letters.load()
    entries = table.entries[code_points(text)]
    kept = np.flatnonzero((entries >> CLASS_SHIFT) != IGNORED)
    entries = entries[kept]
    classes = (entries >> CLASS_SHIFT).astype(np.uint8)
    # A mark belongs to the last letter before it; the class of that letter decides, and where there is none it is lost.
    steps = np.arange(len(kept))
    last = np.maximum.accumulate(np.where(classes != MARK, steps, -1)) if len(kept) else steps
    classes_of_base = np.where(last >= 0, classes[last], SEPARATOR)
    before = np.concatenate(([SEPARATOR], classes_of_base[:-1])) if len(kept) else classes_of_base
    opens = (classes >= HAN) | ((classes == WORD) & (before != WORD))
    inside = np.flatnonzero(classes_of_base != SEPARATOR)
    firsts = np.flatnonzero(opens[inside])
    if not len(firsts):
        return _empty()
    starts = kept[inside[firsts]].astype(np.int32)
    ends = (kept[inside[np.append(firsts[1:], len(inside)) - 1]] + 1).astype(np.int32)
    token = np.cumsum(opens[inside]) - 1
    entries = entries[inside]
    digits = np.bincount(token, weights=(entries & DIGIT) != 0, minlength=len(firsts)) > 0
    kinds = (classes[inside[firsts]] - WORD) | (digits * np.uint8(NUMERIC))
    hashes = _hash_tokens(entries, token, len(firsts), table.pool)
    return Words(hashes, starts, ends, kinds.astype(np.uint8), *_shingles(hashes, kinds))


def _empty() -> Words:
    none = np.zeros(0, np.int32)
    return Words(none.astype(np.uint64), none, none, none.astype(np.uint8), none.astype(np.uint64), none)


def _hash_tokens(entries: UInt32s, token: npt.NDArray[np.int64], count: int, pool: UInt32s) -> UInt64s:
    """Polynomial in the folded letters of each token, mixed."""
    values = (entries & FOLD).astype(np.int64)
    pooled = (entries & POOLED) != 0
    emitted = np.where(pooled, 1, values != 0)  # a dropped mark gives no letter
    if pooled.any():
        emitted[pooled] = pool[values[pooled]]
        flat = np.repeat(values, emitted)
        starts = np.cumsum(emitted) - emitted
        from_pool = np.repeat(pooled, emitted)
        within = np.arange(len(flat)) - np.repeat(starts, emitted)
        flat[from_pool] = pool[flat[from_pool] + 1 + within[from_pool]]
    else:
        flat = values[emitted != 0]
    token = np.repeat(token, emitted)
    first = np.searchsorted(token, np.arange(count))
    position = np.arange(len(token)) - first[token]
    powers = np.cumprod(np.full(int(position.max()) + 1, LETTER_BASE, np.uint64))
    return mix(np.add.reduceat(flat.astype(np.uint64) * powers[position], first))


def _shingles(hashes: UInt64s, kinds: UInt8s) -> tuple[UInt64s, Int32s]:
    """Each token's window where it fits into the text; a text with none is one shingle itself."""
    count = len(hashes)
    windows = np.array(WINDOW)[kinds & (NUMERIC - 1)]
    places = np.flatnonzero(np.arange(count) + windows <= count)
    if not len(places):
        return mix(_polynomial(hashes, np.zeros(1, np.int64), count)), np.zeros(1, np.int32)
    shingles = np.zeros(len(places), np.uint64)
    for window in WINDOW:
        chosen = windows[places] == window
        if chosen.any():
            shingles[chosen] = _polynomial(hashes, places[chosen], window)
    return mix(shingles), places.astype(np.int32)


def _polynomial(hashes: UInt64s, places: npt.NDArray[np.int64], window: int) -> UInt64s:
    total = np.zeros(len(places), np.uint64)
    for step in range(window):
        total = total * np.uint64(TOKEN_BASE) + hashes[places + step]
    return total
