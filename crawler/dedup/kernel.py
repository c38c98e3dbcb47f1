"""The compiled kernel: `words.read_words`, the sketch and the loops of alignment, bit for bit, in machine code.

Importing this imports numba; each function is read from numba's cache at its first call, and compiled at the first call
on a machine: half a second each, some for the sketch. Nothing here holds the GIL while it works. numba compiles again
when this file or the loops change, not when an imported constant does, so those that make the recipe are arguments.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numba import types
from numba.extending import register_jitable

from crawler.dedup import loops, packing_loops, reading_loops
from crawler.dedup.letters import CLASS_SHIFT, DIGIT, FOLD, IGNORED, MARK, POOLED, SEPARATOR, WORD
from crawler.dedup.tokens import LETTER_BASE, MIX_1, MIX_2, NUMERIC, TOKEN_BASE

Function = TypeVar("Function", bound=Callable[..., Any])

_U1, _U4, _U8, _I4, _I8 = (types.Array(one, 1, "C") for one in (types.u1, types.u4, types.u8, types.i4, types.i8))
_TABLE = types.Array(types.u4, 1, "C", readonly=True)
_TEXT = types.Array(types.u4, 1, "C", readonly=True)
_SEGMENTS = types.Array(types.i8, 2, "C")

# Numbers within the kernel are unsigned: signed ones cost a test for negative indices at every access.
_ZERO, _ONE, _HALF = np.uint64(0), np.uint64(1), np.uint64(32)
_LETTER_BASE, _TOKEN_BASE, _MIX_1, _MIX_2 = map(np.uint64, (LETTER_BASE, TOKEN_BASE, MIX_1, MIX_2))
_SEPARATOR, _IGNORED, _MARK, _WORD = map(np.uint64, (SEPARATOR, IGNORED, MARK, WORD))
_CLASS_SHIFT, _FOLD, _POOLED, _DIGIT = map(np.uint64, (CLASS_SHIFT, FOLD, POOLED, DIGIT))
_PLAIN = np.uint64((0xFF << CLASS_SHIFT) | POOLED)
_PLAIN_WORD = np.uint64(WORD << CLASS_SHIFT)
_FMIX_1 = np.uint32(0x85EBCA6B)
_FMIX_2 = np.uint32(0xC2B2AE35)
_FEW = 160
_KIND_BITS = NUMERIC - 1
_TOGETHER = 8


class Entry:
    """A function that is called from outside: compiled, or read from the cache, at its first call."""

    def __init__(self, signature: tuple[Any, ...], function: Callable[..., Any]) -> None:
        self._signature = signature
        self._function = function

    @cached_property
    def compiled(self) -> Callable[..., Any]:
        """By numba, for this signature only."""
        compiled: Callable[..., Any] = numba.njit(self._signature, nogil=True, cache=True)(self._function)
        return compiled

    def __call__(self, *given: Any) -> Any:
        """What the function gives."""
        return self.compiled(*given)


def _entry(*signature: Any) -> Callable[[Callable[..., Any]], Entry]:
    return partial(Entry, signature)


def _part(function: Function) -> Function:
    """A function that is compiled into those that call it."""
    return cast("Function", numba.njit(nogil=True)(function))


@_part
def _mix(value: Any) -> Any:
    value = (value ^ (value >> np.uint64(30))) * _MIX_1
    value = (value ^ (value >> np.uint64(27))) * _MIX_2
    return value ^ (value >> np.uint64(31))


@_part
def _tokens(codes: Any, entries: Any, pool: Any, spans: Any) -> Any:
    """hashes, starts, ends, kinds of `words.Words`; without `spans` no starts and ends, and kinds without NUMERIC."""
    most = np.uint64(len(codes))
    totals = np.empty(len(codes) + 1, np.uint64)
    kinds = np.empty(len(codes) + 1, np.uint8)
    starts = np.empty(len(codes) + 1 if spans else 0, np.int32)
    ends = np.empty(len(codes) + 1 if spans else 0, np.int32)
    count = start = end = bits = total = _ZERO  # total of all tokens so far: a token's value is what it has added
    power = _ONE  # of the last letter in its token
    open_class = _SEPARATOR
    for place in range(most + _ONE):
        entry = np.uint64(entries[codes[place]]) if place < most else _ZERO
        kind = entry >> _CLASS_SHIFT
        # The token as it is now, written whether it ends here or not: only a token that has ended is counted.
        totals[count] = total
        kinds[count] = open_class - _WORD
        if spans:
            starts[count] = start
            ends[count] = end
            kinds[count] |= NUMERIC if bits & _DIGIT else 0
        if (entry & _PLAIN == _PLAIN_WORD or entry == _ZERO) and open_class <= _WORD:
            # Nearly every character: a letter that folds to one, or the end of a word. Masks instead of branches, since
            # where words end cannot be predicted: WORD is odd, SEPARATOR is 0.
            letter = kind & _ONE
            word = open_class & _ONE
            every = _ZERO - letter  # all bits or none
            count += word & ~letter
            power = power * (_LETTER_BASE & every) + (letter ^ _ONE)
            total += (entry & _FOLD) * power
            if spans:
                stays = (letter & ~word) - _ONE
                start = (start & stays) | (place & ~stays)
                bits = (bits & stays) | entry
                end += (place + _ONE - end) & every
            open_class = kind
            continue
        if kind == _IGNORED or (kind == _MARK and open_class == _SEPARATOR):
            continue
        if kind != _MARK and not (kind == _WORD and open_class == _WORD):
            count += _ONE if open_class != _SEPARATOR else _ZERO
            open_class = kind
            start = np.uint64(place)
            bits = _ZERO
            power = _ONE
        end = place + _ONE
        bits |= entry
        fold = entry & _FOLD
        if entry & _POOLED:
            for offset in range(fold + _ONE, fold + _ONE + np.uint64(pool[fold])):
                power *= _LETTER_BASE
                total += np.uint64(pool[offset]) * power
        elif fold:
            power *= _LETTER_BASE
            total += fold * power
    return _differences(totals[:count]), starts[:count], ends[:count], kinds[:count]


@_part
def _differences(totals: Any) -> Any:
    """Of each and the one before, mixed."""
    hashes = np.empty(len(totals), np.uint64)
    for index in range(len(totals)):
        hashes[index] = _mix(totals[index] - (totals[index - 1] if index else _ZERO))
    return hashes


@_part
def _shingles(hashes: Any, kinds: Any, windows: Any) -> Any:
    count = len(hashes)
    shingles = np.zeros(max(count, 1), np.uint64)
    places = np.empty(max(count, 1), np.int32)
    first = np.int64(windows[kinds[0] & _KIND_BITS]) if count else 1
    alike = _ZERO
    for place in range(count):
        alike |= np.uint64(windows[kinds[place] & _KIND_BITS]) ^ np.uint64(first)
    found = max(0, count - first + 1)
    if alike == _ZERO and found > 0:  # one kind of script, as nearly every text: loops that need no branch
        for step in range(first):
            for place in range(found):
                shingles[place] = shingles[place] * _TOKEN_BASE + hashes[place + step]
        for place in range(found):
            shingles[place] = _mix(shingles[place])
            places[place] = place
        return shingles[:found], places[:found]
    found = 0
    for place in range(count):
        window = windows[kinds[place] & _KIND_BITS]
        if place + window <= count:
            value = _ZERO
            for step in range(window):
                value = value * _TOKEN_BASE + hashes[place + step]
            shingles[found] = _mix(value)
            places[found] = place
            found += 1
    if found == 0 and count > 0:
        value = _ZERO
        for step in range(count):
            value = value * _TOKEN_BASE + hashes[step]
        shingles[0] = _mix(value)
        places[0] = 0
        found = 1
    return shingles[:found], places[:found]


@_entry(_TEXT, _TABLE, _TABLE, _TABLE)
def read_words(codes: Any, entries: Any, pool: Any, windows: Any) -> Any:
    """The fields of `words.Words`."""
    hashes, starts, ends, kinds = _tokens(codes, entries, pool, True)
    shingles, places = _shingles(hashes, kinds, windows)
    return hashes, starts.copy(), ends.copy(), kinds.copy(), shingles, places


@_part
def _fmix(shingle: Any) -> Any:
    value = np.uint32(shingle >> np.uint64(32))
    value = np.uint32((value ^ (value >> np.uint32(16))) * _FMIX_1)
    value = np.uint32((value ^ (value >> np.uint32(13))) * _FMIX_2)
    return np.uint32(value ^ (value >> np.uint32(16)))


@_part
def _minhash(shingles: Any, a: Any, b: Any) -> Any:
    lowest = np.full(len(a), 0xFFFFFFFF, np.uint32)
    count = len(shingles)
    mixed = np.empty(count + _TOGETHER, np.uint32)
    for index in range(count):
        mixed[index] = _fmix(shingles[index])
    for index in range(count, count + _TOGETHER):
        mixed[index] = mixed[count - 1] if count else 0
    for index in range(0, count, _TOGETHER):  # so many at a time: an eighth of the loads and stores
        m0, m1, m2, m3 = mixed[index], mixed[index + 1], mixed[index + 2], mixed[index + 3]
        m4, m5, m6, m7 = mixed[index + 4], mixed[index + 5], mixed[index + 6], mixed[index + 7]
        for k in range(len(lowest)):
            one = min(np.uint32(a[k] * m0 + b[k]), np.uint32(a[k] * m1 + b[k]))
            two = min(np.uint32(a[k] * m2 + b[k]), np.uint32(a[k] * m3 + b[k]))
            three = min(np.uint32(a[k] * m4 + b[k]), np.uint32(a[k] * m5 + b[k]))
            four = min(np.uint32(a[k] * m6 + b[k]), np.uint32(a[k] * m7 + b[k]))
            lowest[k] = min(lowest[k], min(min(one, two), min(three, four)))
    return lowest


@_part
def _sorted(keys: Any) -> Any:
    """Ascending; few distinct keys by how many are below each, which no branch has to guess."""
    if len(keys) > _FEW:
        keys.sort()
        return keys
    ascending = np.empty_like(keys)
    for index in range(len(keys)):
        below = 0
        for other in range(len(keys)):
            below += 1 if keys[other] < keys[index] else 0
        ascending[below] = keys[index]
    return ascending


@_part
def _lowest(shingles: Any, places: Any, below: Any) -> Any:
    """Distinct short hashes below a bound, ascending, each over the place where it stands first."""
    keys = np.empty(len(shingles) + 1, np.uint64)
    count = 0
    for index in range(len(shingles)):
        short = shingles[index] >> np.uint64(32)
        keys[count] = (short << np.uint64(32)) | np.uint64(places[index])
        count += 1 if short < below else 0
    keys = _sorted(keys[:count])
    distinct = 0
    for index in range(count):
        if index == 0 or keys[index] >> np.uint64(32) != keys[index - 1] >> np.uint64(32):
            keys[distinct] = keys[index]
            distinct += 1
    return keys[:distinct]


@_entry(_TEXT, _TABLE, _TABLE, _TABLE, _TABLE, _TABLE, types.i8, types.i8, types.i8)
def sketch(
    codes: Any, entries: Any, pool: Any, windows: Any, a: Any, b: Any, sampled: Any, floor: Any, ceiling: Any
) -> Any:
    """minhash, hashes, positions and length of a sketch; `sampled` is the bound below which hashes are kept."""
    tokens, _, _, kinds = _tokens(codes, entries, pool, False)
    shingles, places = _shingles(tokens, kinds, windows)
    # Nearly always enough for the floor; sorting all is for texts that repeat themselves.
    below = max(sampled, min(1 << 32, (1 << 32) // max(1, len(shingles)) * floor * 3 // 2))
    keys = _lowest(shingles, places, np.uint64(below))
    if len(keys) < floor and below < 1 << 32:
        keys = _lowest(shingles, places, np.uint64(1 << 32))
    count = 0
    while (
        count < len(keys) and count < ceiling and (count < floor or keys[count] >> np.uint64(32) < np.uint64(sampled))
    ):
        count += 1
    hashes = np.empty(count, np.uint32)
    positions = np.empty(count, np.uint32)
    for index in range(count):
        hashes[index] = np.uint32(keys[index] >> np.uint64(32))
        positions[index] = np.uint32(keys[index])
    return _minhash(shingles, a, b), hashes, positions, len(tokens)


@_entry(types.Array(types.u8, 1, "C", readonly=True), _TABLE, types.u8, _TEXT)
def search(keys: Any, starts: Any, shift: Any, wanted: Any) -> Any:
    """As `runs.Run.search`; `shift` makes a key's range of it."""
    last = len(starts) - 2
    first = np.zeros(len(wanted), np.int64)
    counts = np.zeros(len(wanted), np.int64)
    for index in range(len(wanted)):
        value = np.uint64(wanted[index]) << np.uint64(32)
        bucket: Any = min(np.int64(value >> shift), last)
        low = np.int64(starts[bucket])
        high = np.int64(starts[bucket + 1])
        while low < high:
            middle = (low + high) // 2
            if keys[middle] < value:
                low = middle + 1
            else:
                high = middle
        first[index] = low
        while low < len(keys) and keys[low] >> np.uint64(32) == wanted[index]:
            low += 1
        counts[index] = low - first[index]
    return first, counts


# Loops that call others: what they call is compiled into them.
for _loop in (
    loops.find_shared, loops.find_runs, loops.fill_gaps, loops.join, loops.mark, loops.mark_numbers, loops.compare_gaps,
    loops.sum_blocks,
):  # fmt: skip
    register_jitable(_loop)

_SCALAR, _BYTES = types.i8, types.Array(types.u1, 1, "C", readonly=True)
pack = _entry(_TEXT, _TEXT, _TEXT, _U1)(packing_loops.pack)
unpack_hashes = _entry(_BYTES, _SCALAR, _SCALAR, _U4)(packing_loops.unpack_hashes)
weigh = _entry(_U1, _I8, _I8)(reading_loops.weigh)
settle = _entry(_U8, _I4, _I8, _U8, _I4)(reading_loops.settle)
find_numbers = _entry(_I8, _I4, _I4, _TEXT, _TEXT, _I8)(reading_loops.find_numbers)
find_segments = _entry(_U8, _U8, _I4, _U8, _I8, _U8, _U8, _I4)(loops.find_segments)
measure = _entry(_SEGMENTS, _SCALAR, _I8, _I8, _I8, _I8, _I8, _I8)(loops.measure)
find_passages = _entry(_SEGMENTS, _I8, _I4, _I4, _I4, _I4, _SCALAR)(loops.find_passages)
mark = _entry(_SEGMENTS, _SCALAR, _I8, _U1)(loops.mark)
sum_quoted = _entry(_SEGMENTS, _I8, _SCALAR, _I8, _U1, _U1, _I8)(loops.sum_quoted)
