"""A text cut into paragraphs, and each paragraph into what it shares with another text and what it does not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_BREAK = re.compile(r"\n[ \t\r]*\n\s*")
_WORD = re.compile(r"\w")

Span = tuple[int, int]
"""Character offsets into a text: start and end, end excluded."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a paragraph. `passage` is the number (from 1) of the shared passage it belongs to, 0 where none."""

    text: str
    passage: int = 0
    first: bool = False
    """The passage begins here; it may go on in the next paragraph."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph, in reading order."""

    pieces: tuple[Piece, ...]

    @property
    def alone(self) -> bool:
        """No word of it is shared."""
        return not any(piece.passage for piece in self.pieces)


def mark(text: str, spans: Sequence[Span]) -> list[Paragraph]:
    """Paragraphs of `text`; span number n (from 1, in the order given) becomes pieces with `passage` n.

    Where spans overlap, the one that begins first keeps the ground.
    """
    numbered = _apart(text, spans)
    paragraphs = []
    for start, end in _paragraph_bounds(text):
        pieces = tuple(_pieces(text, start, end, numbered))
        if pieces:
            paragraphs.append(Paragraph(pieces))
    return paragraphs


def unshared(text: str, spans: Sequence[Span]) -> list[str]:
    """What stands outside of all spans, in order; pieces without a letter or digit are left out."""
    left: list[str] = []
    for paragraph in mark(text, spans):
        left += [piece.text.strip() for piece in paragraph.pieces if not piece.passage and _WORD.search(piece.text)]
    return left


def trimmed(text: str) -> tuple[str, str, str]:
    """The white space (and, where there is no word at all, everything) around what is worth marking."""
    if not _WORD.search(text):
        return text, "", ""
    core = text.strip()
    start = text.index(core)
    return text[:start], core, text[start + len(core) :]


def _apart(text: str, spans: Sequence[Span]) -> list[tuple[int, int, int]]:
    """Spans with their number, inside the text, sorted and without overlap."""
    numbered: list[tuple[int, int, int]] = []
    covered = 0
    for start, end, number in sorted((start, end, number) for number, (start, end) in enumerate(spans, 1)):
        start, end = max(start, covered), min(end, len(text))
        if start < end:
            numbered.append((start, end, number))
            covered = end
    return numbered


def _paragraph_bounds(text: str) -> list[Span]:
    bounds: list[Span] = []
    start = 0
    for gap in _BREAK.finditer(text):
        bounds.append((start, gap.start()))
        start = gap.end()
    bounds.append((start, len(text)))
    return bounds


def _pieces(text: str, start: int, end: int, numbered: Sequence[tuple[int, int, int]]) -> list[Piece]:
    pieces: list[Piece] = []
    at = start
    for span_start, span_end, number in numbered:
        begin, stop = max(span_start, start), min(span_end, end)
        if begin >= stop:
            continue
        if begin > at:
            pieces.append(Piece(text[at:begin]))
        pieces.append(Piece(text[begin:stop], number, first=begin == span_start))
        at = stop
    if at < end:
        pieces.append(Piece(text[at:end]))
    return pieces if any(piece.text.strip() for piece in pieces) else []
