"""What each code point is to a sketch: a letter (and which, folded), a mark, nothing, or the end of a word.

The table is a file made once from one version of Unicode, because `unicodedata` differs from one Python to the next and
a sketch must not. Folding is NFKD, case folding and NFKD again, without accents and vowel points, digits of every
script as 0 to 9: texts that differ in normal form, accents or typography alone fold to the same letters.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

FILE = Path(__file__).with_name("letters.npz")
VERSION = "14.0.0"
"""Of Unicode, in the file, which `python -m crawler.dedup.unicode_table` writes. Code points added later count as
separators, but for Han."""

# An entry of the table: bits 0-20 the folded code point (or an offset into the pool), 21 the entry is such an offset,
# 22 a digit, 24-27 the class.
FOLD = 0x1FFFFF
POOLED = 1 << 21
DIGIT = 1 << 22
SELF = 1 << 23
"""In the file only: folds to itself, so that all pages of Han are one."""
CLASS_SHIFT = 24
SEPARATOR, IGNORED, MARK, WORD, HAN, KANA, SYLLABIC = range(7)
"""Classes. A mark goes with the letter before it; of HAN, KANA and SYLLABIC each letter is a token of its own."""


class Letters(NamedTuple):
    """`entries`: uint32 for each code point. `pool`: runs of folded code points, each after its length."""

    entries: npt.NDArray[np.uint32]
    pool: npt.NDArray[np.uint32]


@cache
def load() -> Letters:
    """The table, read once in a process (about 4 MB)."""
    with np.load(FILE) as file:
        entries = file["pages"][file["page_of"]].reshape(-1)
        pool = file["pool"]
    itself = np.flatnonzero(entries & SELF).astype(np.uint32)
    entries[itself] += itself - np.uint32(SELF)
    entries.setflags(write=False)
    pool.setflags(write=False)
    return Letters(entries, pool)
