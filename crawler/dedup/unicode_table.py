"""Makes the file of `letters` (`python -m crawler.dedup.unicode_table`) by a Python of that file's Unicode version."""

from __future__ import annotations

import sys
import unicodedata
from itertools import chain

import numpy as np

from crawler.dedup.letters import (
    CLASS_SHIFT,
    DIGIT,
    FILE,
    FOLD,
    HAN,
    IGNORED,
    KANA,
    MARK,
    POOLED,
    SELF,
    SEPARATOR,
    SYLLABIC,
    VERSION,
    WORD,
    Letters,
)

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
_VOICING = (0xFF9E, 0xFF9F)  # halfwidth forms of combining marks, letters by category
_TWINS = {ord("ı"): ord("i"), ord("ی"): ord("ي"), ord("ک"): ord("ك")}  # one letter under two code points


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
    if category[0] == "M" or code in _VOICING:
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
    for code in chain(range(0x40000), range(0xE0000, 0xE1000)):  # none between and after
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
