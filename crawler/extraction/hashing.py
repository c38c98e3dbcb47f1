"""`text_hash`: one number for texts that have the same words.

The definition is short (`plain_words`), and the tables of Unicode make it the dearest part of reading a text that is
not ASCII. So what a character becomes is asked once in a process, where that does not depend on its neighbours.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import cache

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.uint32]

_ASCII = bytes(ord(chr(sign).lower()) if re.match(r"\w", chr(sign)) else 0x20 for sign in range(128)) + bytes(128)
_BLANK = 0x20
_CODE_POINTS = 0x110000
_SEVERAL = 0xFFFFFFFE
"""Becomes more than one character."""
_HARD = 0xFFFFFFFF
"""May join the one before it: the whole text is normalised."""


def text_hash(text: str) -> str:
    """A hash of the words of a text: case, accents' encoding, punctuation and white space do not count."""
    words = _ascii_words(text) if text.isascii() else _words(text)
    return hashlib.blake2b(words, digest_size=16).hexdigest()


def plain_words(text: str) -> bytes:
    """What is hashed, as it is defined: words with a blank between them."""
    normal = unicodedata.normalize("NFKC", text)
    return " ".join(re.findall(r"\w+", normal.casefold())).encode()


def _ascii_words(text: str) -> bytes:
    words = np.frombuffer(text.encode().translate(_ASCII), np.uint8)
    return words[_without_gaps(words == _BLANK)].tobytes().strip(b" ")


def _words(text: str) -> bytes:
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    folded = _folded(codes)
    highest = folded.max()
    if highest == _HARD:
        return plain_words(text)
    if highest == _SEVERAL:
        for code in np.unique(codes[folded == _SEVERAL]).tolist():
            text = text.replace(chr(code), _becomes(chr(code)))
        return _words(text)
    return folded[_without_gaps(folded == _BLANK)].tobytes().decode("utf-32-le").strip(" ").encode()


def _without_gaps(blanks: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """All but the blanks behind a blank."""
    kept = np.ones(len(blanks), np.bool_)
    np.logical_and(blanks[1:], blanks[:-1], out=kept[1:])
    np.logical_not(kept[1:], out=kept[1:])
    return kept


def _folded(codes: Codes) -> Codes:
    """What each character becomes: one, or a mark of what it is instead."""
    table = _table()
    folded: Codes = table[codes]
    if not folded.all():
        for code in np.unique(codes[folded == 0]).tolist():
            table[code] = _entry(chr(code))
        folded = table[codes]
    return folded


@cache
def _table() -> Codes:
    """By code point, 0 where nobody has asked yet. Untouched parts of it take no memory."""
    return np.zeros(_CODE_POINTS, np.uint32)


def _entry(char: str) -> int:
    if _may_join(char):
        return _HARD
    folded = _becomes(char)
    if len(folded) == 1:
        return ord(folded)
    return _SEVERAL if all(_becomes(one) == one and not _may_join(one) for one in folded) else _HARD


def _may_join(char: str) -> bool:
    """Whether normalising may change the character before this one. Marks do that, and the later parts of Korean
    syllables; beyond the first plane letters of few scripts do, and are not told apart."""
    first = unicodedata.normalize("NFKD", char)[0]
    kind = unicodedata.category(first)[0]
    later_part = "\u1160" <= first <= "\u11ff" or "\ud7b0" <= first <= "\ud7ff"
    return kind == "M" or unicodedata.combining(first) != 0 or later_part or (first > "\uffff" and kind == "L")


def _becomes(char: str) -> str:
    """A character by itself: normal, folded, with one blank for what is no part of a word."""
    folded = unicodedata.normalize("NFKC", char).casefold()
    return re.sub(r"\W+", " ", folded)
