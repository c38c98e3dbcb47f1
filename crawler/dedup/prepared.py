"""A text read once, with what alignment asks of it: words, shingles in order, numbers, quotations."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from crawler.dedup import reading_loops
from crawler.dedup.compiling import run_loop
from crawler.dedup.quotes import quoted_spans
from crawler.dedup.sketches import sample_size, short_hashes
from crawler.dedup.tokens import NUMERIC
from crawler.dedup.words import WINDOW, Int32s, UInt32s, UInt64s, code_points, read_words

_IN_NUMBERS = code_points(".,:/٫٬’' ")  # between the parts of one number

PARTS = 24
"""Of a word: what tokens count is exact in them."""
_WEIGHTS = np.array([PARTS * WINDOW[0] // window for window in WINDOW], np.int64)

Ints = npt.NDArray[np.int64]


class Span(NamedTuple):
    """Characters of one text, end exclusive, and how many words they are."""

    start: int
    end: int
    words: int


class Prepared:
    """A text read once, to be aligned with many."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = read_words(text)

    @cached_property
    def before(self) -> Ints:
        """Before each token, and in all: how many PARTS of a word. A token is a word, or what a letter makes in scripts
        without spaces."""
        parts = np.empty(len(self.words.kinds) + 1, np.int64)
        run_loop(reading_loops.weigh, (self.words.kinds, _WEIGHTS), parts)
        return parts

    @property
    def size(self) -> float:
        """Words in all."""
        return int(self.before[-1]) / PARTS

    @cached_property
    def _sorted(self) -> tuple[Ints, UInt64s, Int32s, int]:
        shingles, places = self.words.shingles, self.words.places
        order: Ints = shingles.argsort()  # several times as fast as a stable one
        ascending, then = np.empty_like(shingles), np.empty_like(places)
        distinct = run_loop(reading_loops.settle, (shingles, places), order, ascending, then)
        return order, ascending, then, distinct

    @property
    def order(self) -> Ints:
        """Of the shingles, ascending; equal ones in order of place."""
        return self._sorted[0]

    @property
    def ascending(self) -> UInt64s:
        """The shingles in that order."""
        return self._sorted[1]

    @property
    def places(self) -> Int32s:
        """The token at which each of these starts."""
        return self._sorted[2]

    @property
    def distinct(self) -> int:
        """How many different shingles there are."""
        return self._sorted[3]

    @cached_property
    def sampled(self) -> UInt32s:
        """The hashes of the text's sketch."""
        hashes = np.unique(short_hashes(self.words.shingles))
        return hashes[: sample_size(hashes)]

    @cached_property
    def numbers(self) -> tuple[Ints, Ints]:
        """The tokens with a digit, and for each the number it belongs to, from 0 on: 1,234.5 is one of three tokens."""
        tokens = (self.words.kinds & NUMERIC).nonzero()[0]
        numbers = np.empty_like(tokens)
        if len(tokens):
            where = (self.words.starts, self.words.ends, code_points(self.text))
            run_loop(reading_loops.find_numbers, (tokens, *where, _IN_NUMBERS), numbers)
        return tokens, numbers

    @property
    def number_count(self) -> int:
        """How many numbers there are."""
        number = self.numbers[1]
        return int(number[-1]) + 1 if len(number) else 0

    @cached_property
    def quotes(self) -> list[tuple[int, int]]:
        """Character spans of quotations."""
        return quoted_spans(self.text)

    @cached_property
    def quoted(self) -> npt.NDArray[np.uint8]:
        """Which tokens stand in a quotation."""
        inside = np.zeros(len(self.words.hashes), np.uint8)
        for first, end in np.searchsorted(self.words.starts, np.array(self.quotes).reshape(-1, 2)).tolist():
            inside[first:end] = 1
        return inside

    def edges(self, first: Ints, end: Ints) -> tuple[list[int], list[int], list[int]]:
        """Of tokens `first` to before tokens `end`: where their characters begin and end, and how many words they are,
        one at the least."""
        words = np.maximum(1, np.rint((self.before[end] - self.before[first]) / PARTS)).astype(np.int64)
        return self.words.starts[first].tolist(), self.words.ends[end - 1].tolist(), words.tolist()


def prepare(text: str | Prepared) -> Prepared:
    """Reads a text's words, once for all its alignments."""
    return text if isinstance(text, Prepared) else Prepared(text)
