"""The loops of alignment, over plain sequences: Python runs them as they are, the kernel compiles them. The first three
are called from outside and call the others: few and long calls, for each costs some microseconds by itself.

No quadratic cost on any input: a position is compared with at most 2 * TRIES places, of which the longest run is taken
whole, and edits are looked for in gaps of at most MAX_GAP tokens.
"""

from __future__ import annotations

from typing import Any

import numpy as np

TRIES = 4
MAX_GAP = 64
"""Tokens on either side of an edit; the table of `fill_gap` has TABLE cells."""
TABLE = (MAX_GAP + 1) ** 2


def find_segments(
    a: Any, shingles: Any, places: Any, sorted_a: Any, order_a: Any, b: Any, sorted_b: Any, places_b: Any
) -> Any:
    """Equal stretches of two texts, int[n, 3] (token of a, token of b, length), and how many distinct shingles both
    have. `a`, `b`: token hashes; `shingles`, `places`: of a; `sorted_a`, `sorted_b`: in ascending order, `order_a` and
    `places_b` as these stand."""
    seeds = np.empty(len(shingles), np.int64)
    shared = find_shared(sorted_a, order_a, sorted_b, seeds)
    if shared == 0:
        return np.empty((0, 3), np.int64), shared
    runs = np.empty((len(shingles), 3), np.int64)
    count = find_runs(a, b, shingles, places, seeds, sorted_b, places_b, runs)
    segments = np.empty((len(a), 3), np.int64)
    count = fill_gaps(a, b, runs, count, np.empty(TABLE, np.int32), segments)
    count = join(segments, count)
    return segments[:count].copy(), shared


def measure(
    segments: Any, bridge: int, before_a: Any, digits_a: Any, numbers_a: Any, before_b: Any, digits_b: Any,
    numbers_b: Any
) -> Any:  # fmt: skip
    """What segments come to: parts of words of a and of b in them; numbers of a and of b not wholly in them; what
    `compare_gaps` finds (seven in one array); and what `sum_blocks` fills. `digits`: tokens with a digit, `numbers`:
    which number each belongs to."""
    found = np.zeros(7, np.int64)
    inside = np.empty(len(before_a) - 1, np.uint8)
    digits, loose = np.empty(len(before_a), np.int32), np.empty(len(before_a), np.int32)
    found[0] = mark(segments, 0, before_a, inside)
    found[2] = mark_numbers(inside, digits_a, numbers_a, digits, loose)
    inside = np.empty(len(before_b) - 1, np.uint8)
    theirs, loose_b = np.empty(len(before_b), np.int32), np.empty(len(before_b), np.int32)
    found[1] = mark(segments, 1, before_b, inside)
    found[3] = mark_numbers(inside, digits_b, numbers_b, theirs, loose_b)
    compare_gaps(segments, bridge, digits, loose, theirs, loose_b, found[4:])
    blocks = np.zeros(len(segments), np.int64)
    sum_blocks(segments, bridge, before_a, blocks)
    return found, blocks


def find_passages(segments: Any, before: Any, starts: Any, ends: Any, starts_b: Any, ends_b: Any, parts: int) -> Any:
    """int[n, 5]: where the characters of each segment begin and end in a and in b, and how many words these are, one at
    the least. `parts`: of a word."""
    found = np.empty((len(segments), 5), np.int64)
    for index in range(len(segments)):
        first = segments[index, 0]
        end = first + segments[index, 2]
        size = before[end] - before[first]
        words = size // parts
        rest = size - words * parts
        if 2 * rest > parts or (2 * rest == parts and words % 2 == 1):  # to even, as Python rounds
            words += 1
        found[index, 0] = starts[first]
        found[index, 1] = ends[end - 1]
        found[index, 2] = starts_b[segments[index, 1]]
        found[index, 3] = ends_b[segments[index, 1] + segments[index, 2] - 1]
        found[index, 4] = max(words, 1)
    return found


def find_shared(sorted_a: Any, order_a: Any, sorted_b: Any, seeds: Any) -> int:
    """Fills `seeds`, for each shingle of a in order of place the first place of an equal one in `sorted_b`, or -1.
    `order_a` leads from `sorted_a` to that order. Returns how many distinct shingles both have."""
    shared = 0
    i = 0
    j = 0
    while i < len(sorted_a):
        value = sorted_a[i]
        while j < len(sorted_b) and sorted_b[j] < value:
            j += 1
        found = j < len(sorted_b) and sorted_b[j] == value
        shared += 1 if found else 0
        while i < len(sorted_a) and sorted_a[i] == value:
            seeds[order_a[i]] = j if found else -1
            i += 1
    return shared


def find_runs(a: Any, b: Any, shingles: Any, places: Any, seeds: Any, sorted_b: Any, places_b: Any, runs: Any) -> int:
    """Exact runs of a's tokens in b, left to right, each as long as can be; returns how many.

    `a`, `b`: token hashes. `shingles`, `places`, `seeds`: of a, with the first place of an equal one in `sorted_b`, or
    -1. `sorted_b`, `places_b`: b's shingles in ascending order, equal ones in order of place. `runs`: int[?, 3], filled
    with (token of a, token of b, length), at most one for each shingle of a.
    """
    count = 0
    end_a = 0
    end_b = 0
    for index in range(len(places)):
        i = places[index]
        first = seeds[index]
        if i < end_a or first < 0:
            continue
        value = shingles[index]
        # The equal shingles of b: those from where the last run ended go first, so that a text that repeats itself is
        # matched in order; then the first of all.
        low = first
        high = len(places_b)
        while low < high:
            middle = (low + high) // 2
            if sorted_b[middle] == value and places_b[middle] < end_b:
                low = middle + 1
            else:
                high = middle
        best = 0
        best_j = 0
        for attempt in range(2 * TRIES):
            k = low + attempt if attempt < TRIES else first + attempt - TRIES
            if k >= len(places_b) or sorted_b[k] != value:
                continue
            j = places_b[k]
            most = min(len(a) - i, len(b) - j)
            length = 0
            while length < most and a[i + length] == b[j + length]:
                length += 1
            if length > best:
                best = length
                best_j = j
        if best == 0:
            continue  # equal hashes of different shingles
        while i > end_a and best_j > 0 and a[i - 1] == b[best_j - 1]:
            i -= 1
            best_j -= 1
            best += 1
        runs[count, 0] = i
        runs[count, 1] = best_j
        runs[count, 2] = best
        count += 1
        end_a = i + best
        end_b = best_j + best
    return count


def fill_gaps(a: Any, b: Any, runs: Any, count: int, table: Any, filled: Any) -> int:
    """The runs, and between neighbours in the same order in both texts (the ends of the texts count as such) the equal
    tokens of the gap, where it is small: all of them if they make half of the shorter side, else those that stand three
    in a row. Returns how many.

    `table`: int[TABLE], scratch. `filled`: int[?, 3], room for one entry for each token of a.
    """
    total = 0
    i0 = 0
    j0 = 0
    for index in range(count + 1):
        rows = (runs[index, 0] if index < count else len(a)) - i0
        columns = (runs[index, 1] if index < count else len(b)) - j0
        if 0 < rows <= MAX_GAP and 0 < columns <= MAX_GAP:
            width = columns + 1
            for column in range(width):
                table[rows * width + column] = 0
            for row in range(rows - 1, -1, -1):
                table[row * width + columns] = 0
                for column in range(columns - 1, -1, -1):
                    if a[i0 + row] == b[j0 + column]:
                        table[row * width + column] = table[(row + 1) * width + column + 1] + 1
                    else:
                        down = table[(row + 1) * width + column]
                        right = table[row * width + column + 1]
                        table[row * width + column] = down if down >= right else right
            least = 1 if 2 * table[0] >= min(rows, columns) else 3
            row = 0
            column = 0
            while row < rows and column < columns:
                length = 0
                while row + length < rows and column + length < columns:
                    if a[i0 + row + length] != b[j0 + column + length]:
                        break
                    length += 1
                if length > 0:
                    if length >= least:
                        filled[total, 0] = i0 + row
                        filled[total, 1] = j0 + column
                        filled[total, 2] = length
                        total += 1
                    row += length
                    column += length
                elif table[(row + 1) * width + column] >= table[row * width + column + 1]:
                    row += 1
                else:
                    column += 1
        if index < count:
            i0 = runs[index, 0] + runs[index, 2]
            j0 = runs[index, 1] + runs[index, 2]
            filled[total, 0] = runs[index, 0]
            filled[total, 1] = runs[index, 1]
            filled[total, 2] = runs[index, 2]
            total += 1
    return total


def join(runs: Any, count: int) -> int:
    """Makes runs that touch in both texts one, in place; returns how many are left."""
    kept = 0
    for index in range(count):
        i = runs[index, 0]
        j = runs[index, 1]
        before = kept - 1
        if kept and i == runs[before, 0] + runs[before, 2] and j == runs[before, 1] + runs[before, 2]:
            runs[before, 2] += runs[index, 2]
        else:
            runs[kept, 0] = i
            runs[kept, 1] = j
            runs[kept, 2] = runs[index, 2]
            kept += 1
    return kept


def mark(runs: Any, side: int, before: Any, inside: Any) -> int:
    """Fills `inside`, for each token of a (side 0) or b (1) whether it stands in a run; returns the parts of words that
    those are. `before`: parts before each token, and in all."""
    for token in range(len(inside)):
        inside[token] = 0
    parts = 0
    for index in range(len(runs)):
        start = runs[index, side]
        for token in range(start, start + runs[index, 2]):
            if inside[token] == 0:
                parts += before[token + 1] - before[token]
                inside[token] = 1
    return parts


def mark_numbers(inside: Any, tokens: Any, numbers: Any, digits: Any, loose: Any) -> int:
    """Before each token, and in all: how many tokens with a digit, and how many numbers that are not wholly inside,
    each counted where its first token outside stands. Returns how many the latter are.

    `tokens`: those with a digit; `numbers`: which number each belongs to.
    """
    at = 0
    last = -1
    seen = 0
    outside = 0
    for token in range(len(inside)):
        digits[token] = seen
        loose[token] = outside
        if at < len(tokens) and tokens[at] == token:
            seen += 1
            if inside[token] == 0 and numbers[at] != last:
                outside += 1
                last = numbers[at]
            at += 1
    digits[len(inside)] = seen
    loose[len(inside)] = outside
    return outside


def compare_gaps(runs: Any, bridge: int, digits_a: Any, loose_a: Any, digits_b: Any, loose_b: Any, found: Any) -> None:
    """In the gaps between neighbours that are small in both texts: `found[0]` numbers that stand in place of others,
    `found[1]`, `found[2]` words of a and of b that are no numbers."""
    for index in range(len(runs) - 1):
        i = runs[index, 0] + runs[index, 2]
        j = runs[index, 1] + runs[index, 2]
        next_i = runs[index + 1, 0]
        next_j = runs[index + 1, 1]
        if next_i - i <= bridge and 0 <= next_j - j <= bridge:
            found[0] += min(loose_a[next_i] - loose_a[i], loose_b[next_j] - loose_b[j])
            found[1] += next_i - i - (digits_a[next_i] - digits_a[i])
            found[2] += next_j - j - (digits_b[next_j] - digits_b[j])


def sum_blocks(runs: Any, bridge: int, before: Any, blocks: Any) -> None:
    """For each run the parts of words in the runs of its stretch, which all but small edits end."""
    first = 0
    parts = 0
    for index in range(len(runs) + 1):
        ends = index == len(runs)
        if 0 < index < len(runs):
            gap_a = runs[index, 0] - runs[index - 1, 0] - runs[index - 1, 2]
            gap_b = runs[index, 1] - runs[index - 1, 1] - runs[index - 1, 2]
            ends = gap_a > bridge or gap_b > bridge or gap_b < 0
        if ends:
            for one in range(first, index):
                blocks[one] = parts
            first = index
            parts = 0
        if index < len(runs):
            parts += before[runs[index, 0] + runs[index, 2]] - before[runs[index, 0]]


def sum_quoted(runs: Any, blocks: Any, least: int, before: Any, quoted_a: Any, quoted_b: Any, found: Any) -> None:
    """Of runs in stretches of at least so many parts: `found[0]` parts of words of a, `found[1]` of them in a
    quotation, in a or in b."""
    for index in range(len(runs)):
        if blocks[index] >= least:
            for step in range(runs[index, 2]):
                i = runs[index, 0] + step
                parts = before[i + 1] - before[i]
                found[0] += parts
                if quoted_a[i] or quoted_b[runs[index, 1] + step]:
                    found[1] += parts
