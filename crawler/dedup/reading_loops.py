"""The loops over one text that is to be aligned: Python runs them as they are, the kernel compiles them."""

from __future__ import annotations

from typing import Any


def weigh(kinds: Any, weights: Any, before: Any) -> None:
    """Fills `before`: the weights of all tokens before each, and of all. `kinds` are places in `weights` (as many as a
    power of two), with bits above."""
    parts = 0
    for token in range(len(kinds)):
        before[token] = parts
        parts += weights[kinds[token] & (len(weights) - 1)]
    before[len(kinds)] = parts


def settle(shingles: Any, places: Any, order: Any, ascending: Any, places_then: Any) -> int:
    """Puts equal shingles in order of place where `order` (an array) leads to ascending ones, and fills these and their
    places. Returns how many are distinct."""
    distinct = 0
    start = 0
    for end in range(1, len(order) + 1):
        if end < len(order) and shingles[order[end]] == shingles[order[start]]:
            continue
        if end - start > 1:
            order[start:end].sort()
        distinct += 1
        start = end
    for index in range(len(order)):
        ascending[index] = shingles[order[index]]
        places_then[index] = places[order[index]]
    return distinct


def find_numbers(digits: Any, starts: Any, ends: Any, codes: Any, joints: Any, numbers: Any) -> None:
    """Fills `numbers`, for each of the tokens with a digit the number that it belongs to, from 0 on. Tokens are of one
    number if nothing stands between them but one of `joints`, code points."""
    number = -1
    last = -2
    for index in range(len(digits)):
        token = digits[index]
        joined = token == last + 1 and starts[token] - ends[last] == 1
        if joined:
            joined = False
            for joint in range(len(joints)):
                if codes[ends[last]] == joints[joint]:
                    joined = True
        if not joined:
            number += 1
        numbers[index] = number
        last = token
