"""What tells a sentence of the article from a line that only stands in its body: speech, names, running words."""

from __future__ import annotations

import re

from crawler.extraction.lines import words
from crawler.extraction.phrases import alternation, words_for

_FULL_STOP = re.compile(r"[.。।!！?？؟۔](?:[\s\"'”»“」』)\]]|\[\d+\])*$")
_COMMAS = (",", "،", "，", "、")
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_SPEECH_WORDS = words_for("speech")
_SPEECH = re.compile(
    rf"\b(?:{alternation(word for word in _SPEECH_WORDS if not _UNSPACED.search(word))})\b"
    rf"|{alternation(word for word in _SPEECH_WORDS if _UNSPACED.search(word))}",
    re.IGNORECASE,
)
_FEW, _SOME, _LONG = 5, 8, 11
"""Words of a sentence behind a phrase, of one behind a label, of one without clauses in a script without capitals."""
_TOKEN = re.compile(r"[^\W\d_][\w.'’-]*")
_PARTICLES = frozenset(
    ("de", "da", "do", "dos", "das", "del", "della", "di", "du", "des", "la", "le", "van", "von", "der", "den", "ter",
     "ten", "te", "zu", "al", "el", "bin", "ibn", "ben", "abu", "af", "av", "y", "e", "i", "und", "and", "et", "och",
     "og")
)  # fmt: skip
_MOST_NAMES = 6


def finite(text: str) -> bool:
    """Whether a line ends as a sentence with a full stop."""
    return _FULL_STOP.search(text, max(0, len(text) - 12)) is not None


def told(text: str, at: int) -> bool:
    """Whether what follows a phrase that ends at `at` makes it a sentence about others: "Follow us, they called from
    the boat, and nobody did."."""
    if not finite(text) or words(text[at:]) < _FEW:
        return False
    return text.startswith(_COMMAS, at) or speaks(text, at)


def speaks(text: str, at: int) -> bool:
    """Whether a verb of saying stands behind `at`, in a sentence with a comma."""
    return any(comma in text for comma in _COMMAS) and _SPEECH.search(text, at) is not None


def says_enough(phrase: str) -> bool:
    """Of two words, or of four signs of a script without blanks."""
    return " " in phrase.strip() or (len(phrase) >= 4 and not phrase.isascii() and not phrase.islower())


def runs_on(rest: str) -> bool:
    """Whether what stands behind a label is a sentence and no list of names: mostly words that begin small, or, where
    letters have no size, several clauses."""
    if not finite(rest) or words(rest) < _SOME:
        return False
    tokens: list[str] = [token for token in _TOKEN.findall(rest) if len(token) > 1]
    cased: list[str] = [token for token in tokens if token[0].lower() != token[0].upper()]
    if len(cased) >= len(tokens) / 2 and cased:
        return sum(token[0].islower() for token in cased) >= 0.55 * len(cased)
    return words(rest) >= _LONG or any(comma in rest for comma in _COMMAS)


def is_name(text: str, most: int = _MOST_NAMES) -> bool:
    """Whether a piece of a line reads like somebody's or something's name: a few words that begin with capitals; in
    scripts without capitals just few."""
    text = text.strip(" \t\u00a0()[]*:：,，.、|–—-/\"“”«»'")
    if not 2 <= len(text) <= 60 or any(sign.isdigit() for sign in text) or any(sign in text for sign in "!?！？。।;؛…"):
        return False
    if _UNSPACED.search(text):
        return len(text) <= 12
    tokens = [bare for token in text.split() if (bare := token.strip("\"“”«»'’()[],،.&-–—"))]
    named = [token for token in tokens if token.lower() not in _PARTICLES]
    caseless = all(token[0].lower() == token[0].upper() for token in named)
    return bool(named) and len(tokens) <= (4 if caseless else most) and not any(token[0].islower() for token in named)
