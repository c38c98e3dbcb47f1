"""What each code point is to a sketch: a letter (and which, folded), a mark, nothing, or the end of a word.

The table is a file made once from one version of Unicode (`python -m crawler.dedup.letters` writes it again), because
`unicodedata` differs from one Python to the next and a sketch must not. Folding is NFKD, case folding and NFKD
again, without accents and vowel points, digits of every script as 0 to 9: texts that differ in normal form, accents or
typography alone fold to the same letters.
"""

from __future__ import annotations

import sys
import unicodedata
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

FILE = Path(__file__).with_name("letters.npz")
VERSION = "14.0.0"
"""Of Unicode, in the file. Code points added later count as separators, but for Han."""

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

PAGE = 256
CODE_POINTS = 0x110000

# Scripts written without spaces between words; the last group is Thai, Lao, Burmese, Khmer and their kin.
_HAN = ((0x2E80, 0x2FDF), (0x3005, 0x3007), (0x3021, 0x3029), (0x3038, 0x303B), (0x3400, 0x4DBF), (0x4E00, 0x9FFF),
        (0xA000, 0xA48C), (0xF900, 0xFAFF), (0x20000, 0x3FFFD))  # fmt: skip
_KANA = ((0x3031, 0x3035), (0x3041, 0x30FF), (0x3105, 0x312F), (0x31A0, 0x31BF), (0x31F0, 0x31FF), (0xFF66, 0xFF9F),
         (0x1AFF0, 0x1B16F))  # fmt: skip
_SYLLABIC = ((0x0E01, 0x0E4E), (0x0E81, 0x0EDF), (0x1000, 0x109F), (0x1780, 0x17DC), (0x1950, 0x19DF), (0x1A20, 0x1AAF),
             (0x1B00, 0x1B4B), (0xA980, 0xA9C0), (0xA9E0, 0xA9FE), (0xAA60, 0xAADF))  # fmt: skip
# Apostrophes and their look-alikes join what they stand between (don't, l'eau, м'ята), so that curly, straight and
# lost ones are the same; fillers and the stretched joint of Arabic letters are nothing.
_IGNORED = (
    frozenset(map(ord, "'’‘‛`´＇׳ـ͏")) | set(range(0x02B9, 0x02C0)) | {0x115F, 0x1160, 0x3164, 0xFFA0, 0x17B4, 0x17B5}
)
_TWINS = {ord("ı"): ord("i"), ord("ی"): ord("ي"), ord("ک"): ord("ك")}  # one letter under two code points


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


def _within(code: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(low <= code <= high for low, high in ranges)


def _dropped_mark(char: str) -> bool:
    # Accents, Hebrew points and Arabic vowel signs, which writers leave out; not the vowels of Indic scripts (class 0),
    # nuktas, voicing marks (7, 8), viramas (9) and Thai tones (103 and up).
    place = unicodedata.combining(char)
    return 10 <= place <= 36 or 200 <= place <= 240 or unicodedata.category(char) == "Me"


def _selector(code: int) -> bool:
    return 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF or 0x180B <= code <= 0x180F


def _fold(char: str) -> list[int]:
    digit = unicodedata.digit(char, None) if unicodedata.category(char) == "Nd" else None
    if digit is not None:
        return [ord("0") + digit]
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).casefold()).casefold()
    folded = unicodedata.normalize("NFKD", folded)
    kept = []
    for one in folded:
        code = ord(one)
        if unicodedata.category(one)[0] not in "LNM" or code in _IGNORED or _selector(code):
            continue
        if unicodedata.category(one)[0] == "M" and _dropped_mark(one):
            continue
        digit = unicodedata.digit(one, None)
        kept.append(_TWINS.get(code, code) if digit is None else ord("0") + digit)
    return kept


def _class(code: int) -> int:
    char = chr(code)
    category = unicodedata.category(char)
    if category == "Cf" or code in _IGNORED or _selector(code):
        return IGNORED
    if category[0] == "M":
        return MARK
    if _within(code, _HAN) and category[0] in "LNC":
        return HAN
    if category[0] not in "LN":
        return SEPARATOR
    if category == "Nd":
        return WORD
    return KANA if _within(code, _KANA) else SYLLABIC if _within(code, _SYLLABIC) else WORD


def build() -> Letters:
    """The table from this Python's own `unicodedata`; seconds. For `main` and for the test of the file."""
    entries = np.zeros(CODE_POINTS, np.uint32)
    pool: list[int] = []
    places: dict[tuple[int, ...], int] = {}
    for code in range(CODE_POINTS):
        kind = _class(code)
        if kind == SEPARATOR:
            continue
        folded = _fold(chr(code)) if kind != IGNORED else []
        if kind == HAN and not folded:
            folded = [code]  # of a later Unicode
        if not folded and kind != MARK:
            kind = IGNORED
        entry = kind << CLASS_SHIFT
        if len(folded) == 1:
            entry |= folded[0]
        elif folded:
            key = tuple(folded)
            if key not in places:
                places[key] = len(pool)
                pool += [len(key), *key]
            entry |= POOLED | places[key]
        if any(0x30 <= one <= 0x39 for one in folded):
            entry |= DIGIT
        entries[code] = entry
    return Letters(entries, np.array(pool, np.uint32))


def main() -> None:
    """Writes the file."""
    if unicodedata.unidata_version != VERSION:
        sys.exit(f"this Python has Unicode {unicodedata.unidata_version}, the file is of {VERSION}")
    letters = build()
    codes = np.arange(CODE_POINTS, dtype=np.uint32)
    itself = (letters.entries & (POOLED | FOLD) == codes) & (codes > 0)
    entries = np.where(itself, letters.entries - codes + np.uint32(SELF), letters.entries)
    pages, page_of = np.unique(entries.reshape(-1, PAGE), axis=0, return_inverse=True)
    np.savez_compressed(FILE, pages=pages, page_of=page_of.reshape(-1).astype(np.uint16), pool=letters.pool)


if __name__ == "__main__":
    main()
