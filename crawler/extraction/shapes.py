"""Paragraphs that are no part of an article by their shape and their place, whatever their words and language."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.extraction.lines import Line, ends_sentence, inner_sentences, words

_FULL = 15
"""Words of a paragraph of the article; less is a brief line, a caption, an insert."""
_SHORT, _ANNOUNCED = 10, 22
"""Words at most of a credit with a slash, and of an announced headline."""
_LONG = 220
"""Characters that no such line has."""
_SLASH = re.compile(r"^[^/\d]{2,60}\s?/\s?[^/\d]{2,60}$")
_ADDRESS = re.compile(r"\w\.\w{2,}/|https?:")
_ANNOUNCING = re.compile(r"^[^\W\d_][^:：?!.\"“”«»„]{1,40}\s?[:：]\s+[\"“«„‚'‘¿¡]?(?=[^\W\d_])(?P<rest>\S.*)$")
_QUOTES = "\"“”«»„‚‘’'"


def out_of_place(lines: Sequence[Line], at: int) -> str | None:
    """The clue kind of a paragraph that its shape gives away, None for any other."""
    line = lines[at]
    if line.kind != "p" or len(line.text) > _LONG or line.glued or (at + 1 < len(lines) and lines[at + 1].glued):
        return None
    text, count = line.text, words(line.text)
    if count <= _SHORT and _is_slashed(text):
        return "caption"
    announced = count <= _ANNOUNCED and _announces(text) and _among_paragraphs(lines, at)
    return "insert" if announced else None


def _among_paragraphs(lines: Sequence[Line], at: int) -> bool:
    """Between two full paragraphs, or behind the last one."""
    behind = at + 1 >= len(lines) or _is_full(lines[at + 1])
    return at > 0 and behind and _is_full(lines[at - 1])


def _is_full(line: Line) -> bool:
    return line.kind == "p" and ends_sentence(line.text) and words(line.text) >= _FULL


def _is_slashed(text: str) -> bool:
    """ "Name / Agency": no sentence or verse, no address, no score."""
    behind = text.rpartition("/")[2].lstrip()[:1]
    return (
        text[:1] == text[:1].upper()
        and behind == behind.upper()
        and _SLASH.match(text) is not None
        and _ADDRESS.search(text) is None
        and inner_sentences(text) <= 1
        and text[-1] not in "?!:;…" + _QUOTES
    )


def _announces(text: str) -> bool:
    """A few words, a colon, and what reads like a headline: no full stop at its end, no speech behind the colon."""
    match = _ANNOUNCING.match(text)
    if match is None or ends_sentence(text):
        return False
    rest = match["rest"]
    return words(text[: match.start("rest")]) <= 5 and words(rest) >= 3 and rest[:1].upper() == rest[:1]
