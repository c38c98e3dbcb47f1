"""What a page says of itself in a short line: when it was changed, how long it takes to read, how often it was seen,
whose rights it reserves, what its comment form asks for. None of it is the article's, in any language."""

from __future__ import annotations

import re

from crawler.extraction import patterns as seen
from crawler.extraction.lines import words
from crawler.extraction.patterns import begins_with
from crawler.extraction.phrases import alternation, words_for
from crawler.extraction.sentences import finite, is_name, runs_on

_I = re.IGNORECASE
_SHORT, _FORM, _NOTICE = 110, 320, 600
"""Characters of a statement, of what a comment form says, of a reservation of rights."""
_MANY = 40
_PARTS = re.compile(r"\s*[|·•]\s*|\s+[–—]\s+")
_MINUTES = re.compile(
    r"\d\s*(?:min|мин|мін|хв|dakika|dk\b|phút|menit|perc|λεπτ|دقيق|دقائق|دقیق|דקו|मिनट|মিনিট|นาที|分|분|წთ)", _I
)
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_SHORTENED = re.compile(r"\b(?:min|мин|хв|dk)\.$", _I)
_READING_WORDS = words_for("reading")
_READING = re.compile(
    rf"\b(?:{alternation(word for word in _READING_WORDS if not _UNSPACED.search(word))})"
    rf"|{alternation(word for word in _READING_WORDS if _UNSPACED.search(word))}",
    _I,
)
_DATED = begins_with("dated")
_DATE = re.compile(
    r"\d{4}|\d{1,2}\s?[./:年月-]\s?\d{1,2}|\d{1,2}\.?\s+[^\W\d]{3,}|[^\W\d]{3,}\s+\d{1,2}\b|\d+\s+[^\W\d]+"
)
_LETTERS = re.compile(r"[^\W\d_]+")
_DATE_WORDS = 8
_NUMBER = r"\d[\d.,٬\u00a0 ]*\s?(?:[kKmM]|тыс\.?|mil|mila|万|만)?"
_COUNTED = alternation(words_for("counts"))
_COUNTS = re.compile(
    rf"^\W*(?:(?:{_COUNTED})(?:\s+[^\W\d]+)?\s*[:：=(]?\s*{_NUMBER}\W*|{_NUMBER}\s*\W?\s*(?:{_COUNTED})\W*){{1,4}}$", _I
)
_NOTE = begins_with("notes")
_LABELS = frozenset(words_for("labels"))
_RIGHTS = tuple(words_for("rights"))
_SIGNED = re.compile(r"^\W*(?:©|\(c\)|copyright\b)\W*(?P<rest>.*)$", _I)


def is_furniture(text: str) -> bool:
    """Whether a line, wherever it stands, says when it is read out how long the page takes, how often it was seen, or
    is the comment form's."""
    if len(text) > _FORM:
        return False
    match = _NOTE.match(text)
    if match is not None and words(text[match.end() :]) <= 25:
        return True
    if text.strip(" \t*:.…»«→").lower() in _LABELS:
        return True
    return len(text) <= _SHORT and any(sign.isdigit() for sign in text) and _measures(text)


def states_date(text: str) -> bool:
    """Whether a line at an edge of the body says when the page was published or changed, and nothing else."""
    if len(text) > _SHORT or not any(sign.isdigit() for sign in text):
        return False
    parts = [part for part in _PARTS.split(text) if part.strip()]
    return bool(parts) and any(map(_is_date, parts)) and all(_is_date(part) or _aside(part) for part in parts)


def reserves_rights(text: str) -> bool:
    """ "© 2026 Harbour Gazette. All rights reserved. …", in any language; no sentence about a right."""
    if len(text) > _NOTICE:
        return False
    low = text.lower()
    bare = low.rstrip(" .!)*】」。")
    if bare.endswith(_RIGHTS) and words(text) <= _MANY:
        before = next(bare[: -len(right)] for right in _RIGHTS if bare.endswith(right)).rstrip()
        return before[-1:] in ("", ".", "。", ",", "，", "|", "–", "—", "-", "·", ":", "©", "/") or _signed(text)
    if low.lstrip(" ©(c)*-–—【").startswith(_RIGHTS):
        return not runs_on(text)
    return _signed(text)


def _signed(text: str) -> bool:
    """A copyright sign, and a year or a name behind it."""
    match = _SIGNED.match(text)
    if match is None or words(text) > _MANY:
        return False
    rest = match["rest"]
    if any(right in rest.lower() for right in _RIGHTS) or rest[:1].isdigit():
        return True
    return is_name(re.split(r"[.,|–—-]", rest, maxsplit=1)[0]) and not runs_on(rest)


def _measures(text: str) -> bool:
    parts = [part for part in _PARTS.split(text) if part.strip()]
    if not parts or not any(_reading_time(part) or _COUNTS.match(part) for part in parts):
        return False
    return all(_reading_time(part) or _COUNTS.match(part) or _is_date(part) or _aside(part) for part in parts)


def _reading_time(text: str) -> bool:
    if _MINUTES.search(text) is None or words(text) > 10 or _READING.search(text) is None:
        return False
    return not finite(text) or _SHORTENED.search(text.rstrip()) is not None


def _is_date(text: str) -> bool:
    if seen.DATE_LINE.match(text):
        return True
    match = _DATED.match(text)
    if match is None:
        return False
    rest = text[match.end() :]
    return _DATE.search(rest) is not None and len(_LETTERS.findall(rest)) <= _DATE_WORDS and not _ends(rest)


def _ends(text: str) -> bool:
    """A full stop behind a word, not behind a number or a shortened one ("10 a.m.", "Uhr.")."""
    return finite(text) and re.search(r"(?:\d|\b\w{1,4})\W*$", text) is None


def _aside(text: str) -> bool:
    return is_name(text) or (len(text) <= 40 and seen.BYLINE.match(text) is not None)
