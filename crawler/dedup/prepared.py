"""A text read once, with what alignment asks of it: words, shingles in order, numbers, quotations."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from crawler.dedup.quotes import quoted_spans
from crawler.dedup.sketches import sample_size, short_hashes
from crawler.dedup.words import NUMERIC, WINDOW, UInt32s, UInt64s, read_words

_IN_NUMBERS = frozenset(".,:/٫٬’'  ")  # between the parts of one number

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
    def weights(self) -> Ints:
        """What each token counts, in parts of a word: a word, or what a letter makes in scripts without spaces."""
        weights: Ints = _WEIGHTS[self.words.kinds & (NUMERIC - 1)]
        return weights

    @cached_property
    def before(self) -> npt.NDArray[np.float64]:
        """Before each token, and after the last: how many words."""
        return np.concatenate(([0], np.cumsum(self.weights))) / PARTS

    def count(self, tokens: npt.NDArray[np.bool_]) -> float:
        """Words that the chosen tokens are."""
        return int(self.weights[tokens].sum()) / PARTS

    @property
    def size(self) -> float:
        """Words in all."""
        return float(self.before[-1])

    @cached_property
    def order(self) -> npt.NDArray[np.int64]:
        """Of the shingles, ascending; equal ones in order of place."""
        return np.argsort(self.words.shingles, kind="stable")

    @cached_property
    def ascending(self) -> UInt64s:
        """The shingles in that order."""
        return self.words.shingles[self.order]

    @cached_property
    def distinct(self) -> UInt64s:
        """The shingles, ascending, each once."""
        return self.ascending[
            np.concatenate(([True], self.ascending[1:] != self.ascending[:-1]))[: len(self.ascending)]
        ]

    @cached_property
    def sampled(self) -> UInt32s:
        """The hashes of the text's sketch."""
        hashes = np.unique(short_hashes(self.distinct))
        return hashes[: sample_size(hashes)]

    @cached_property
    def numbers(self) -> Ints:
        """The tokens with a digit, and for each the number it belongs to: 1,234.5 is one of three tokens."""
        tokens = np.flatnonzero(self.words.kinds & NUMERIC)
        ends, starts = self.words.ends[tokens[:-1]].tolist(), self.words.starts[tokens[1:]].tolist()
        follows = (tokens[1:] == tokens[:-1] + 1).tolist()
        apart = [
            not (near and self.text[end:start] in _IN_NUMBERS)
            for near, end, start in zip(follows, ends, starts, strict=True)
        ]
        return np.stack((tokens, np.cumsum(np.array([0, *apart][: len(tokens)], np.int64))))

    @cached_property
    def quoted(self) -> npt.NDArray[np.bool_]:
        """Which tokens stand in a quotation."""
        inside = np.zeros(len(self.words.hashes), np.bool_)
        for start, end in quoted_spans(self.text):
            inside[slice(*np.searchsorted(self.words.starts, (start, end)))] = True
        return inside

    def spans(self, first: Ints, end: Ints) -> list[Span]:
        """The characters from tokens `first` to before tokens `end`."""
        words = np.maximum(1, np.rint(self.before[end] - self.before[first])).astype(np.int64)
        starts, ends = self.words.starts[first], self.words.ends[end - 1]
        return list(map(Span, starts.tolist(), ends.tolist(), words.tolist()))


def prepare(text: str | Prepared) -> Prepared:
    """Reads a text's words, once for all its alignments."""
    return text if isinstance(text, Prepared) else Prepared(text)
