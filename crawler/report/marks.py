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
    elsewhere: bool = False
    """The other text lacks it, but a third one has it."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph, in reading order."""

    pieces: tuple[Piece, ...]

    @property
    def alone(self) -> bool:
        """No word of it is shared."""
        return not any(piece.passage or piece.elsewhere for piece in self.pieces)


def mark(text: str, spans: Sequence[Span], elsewhere: Sequence[Span] = ()) -> list[Paragraph]:
    """Paragraphs of `text`; span number n (from 1, in the order given) becomes pieces with `passage` n.

    Where spans overlap, the one that begins first keeps the ground. `elsewhere` is what a third text has; of it counts
    what is in no span.
    """
    numbered = _with_elsewhere(_apart(text, spans), _apart(text, elsewhere))
    paragraphs = []
    for start, end in _paragraph_bounds(text):
        pieces = tuple(_pieces(text, start, end, numbered))
        if pieces:
            paragraphs.append(Paragraph(pieces))
    return paragraphs


def unshared(text: str, spans: Sequence[Span], elsewhere: Sequence[Span] = ()) -> list[str]:
    """What stands outside of all spans, in order; pieces without a letter or digit are left out."""
    pieces = (piece for paragraph in mark(text, spans, elsewhere) for piece in paragraph.pieces)
    alone = (piece.text for piece in pieces if not piece.passage and not piece.elsewhere)
    return [left.strip() for left in alone if _WORD.search(left)]


def trimmed(text: str) -> tuple[str, str, str]:
    """The white space (and, where there is no word at all, everything) around what is worth marking."""
    if not _WORD.search(text):
        return text, "", ""
    core = text.strip()
    start = text.index(core)
    return text[:start], core, text[start + len(core) :]


_Numbered = tuple[int, int, int]
"""Start, end, and the number of the passage; 0 for what stands elsewhere."""


def _apart(text: str, spans: Sequence[Span]) -> list[_Numbered]:
    """Spans with their number, inside the text, sorted and without overlap."""
    numbered: list[_Numbered] = []
    covered = 0
    for start, end, number in sorted((start, end, number) for number, (start, end) in enumerate(spans, 1)):
        start, end = max(start, covered), min(end, len(text))
        if start < end:
            numbered.append((start, end, number))
            covered = end
    return numbered


def _with_elsewhere(numbered: list[_Numbered], elsewhere: Sequence[_Numbered]) -> list[_Numbered]:
    """The passages, and between them what of `elsewhere` they leave free."""
    if not elsewhere:
        return numbered
    left: list[_Numbered] = []
    for start, end, _ in elsewhere:
        for begin, stop, _ in numbered:
            if start < min(begin, end):
                left.append((start, min(begin, end), 0))
            start = max(start, stop)
        if start < end:
            left.append((start, end, 0))
    return sorted(numbered + left)


def _paragraph_bounds(text: str) -> list[Span]:
    bounds: list[Span] = []
    start = 0
    for gap in _BREAK.finditer(text):
        bounds.append((start, gap.start()))
        start = gap.end()
    bounds.append((start, len(text)))
    return bounds


def _pieces(text: str, start: int, end: int, numbered: Sequence[_Numbered]) -> list[Piece]:
    pieces: list[Piece] = []
    at = start
    for span_start, span_end, number in numbered:
        begin, stop = max(span_start, start), min(span_end, end)
        if begin >= stop:
            continue
        if begin > at:
            pieces.append(Piece(text[at:begin]))
        pieces.append(Piece(text[begin:stop], number, first=number > 0 and begin == span_start, elsewhere=number == 0))
        at = stop
    if at < end:
        pieces.append(Piece(text[at:end]))
    return pieces if any(piece.text.strip() for piece in pieces) else []
