"""Sets of post numbers in a few bytes each: sorted, as differences in base 36 ("1,1,1,2s,1" is 1, 2, 3, 103, 104)."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def packed(numbers: Iterable[int]) -> str:
    """The text form; numbers are not negative."""
    ordered = sorted(set(numbers))
    return ",".join(_base36(number - before) for before, number in zip([0, *ordered], ordered, strict=False))


def unpacked(text: str) -> list[int]:
    """The inverse, sorted; what is no such text gives an empty list."""
    try:
        return list(accumulate(int(step, 36) for step in text.split(","))) if text else []
    except ValueError:
        return []


def _base36(number: int) -> str:
    digits = ""
    while True:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
        if not number:
            return digits
