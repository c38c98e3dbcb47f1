"""Where a text quotes: marks of many scripts, and paragraphs announced by a colon."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import pairwise

# In a paragraph. Straight marks open after a space only, or a text cut inside a quotation would be quoted inside out;
# an opening mark without its end runs to the paragraph's, as a quotation of several paragraphs does. Every alternative
# begins with a letter of its own, for which `re` then looks by a table.
_QUOTED = re.compile(
    r"“[^“”\n]*(?:”|$)|„[^„“”\n]*[“”]|«[^«»\n]*(?:»|$)|»[^«»\n]*«|「[^「」\n]*」|『[^『』\n]*』|”[^”\n]*”"
    r"|＂[^＂\n]*＂|‘[^‘\n]*?’(?!\w)|\"(?<![^\s(\[—–-]\")(?=\S)[^\"\n]*\"",
    re.MULTILINE,
)
_MARKS = tuple('"“„«»「『”＂‘')
_PARAGRAPH = re.compile(r"[^\n]+")
_COLONS = (":", "：", "︰", "՝")
_ANNOUNCES = re.compile(rf"[{''.join(_COLONS)}]\s*\n")


def quoted_spans(text: str) -> list[tuple[int, int]]:
    """Character spans inside quotation marks or announced as a quotation, ascending, may touch."""
    marked = [match.span() for match in _QUOTED.finditer(text)] if _holds(text, _MARKS) else []
    announced = _announced(text) if _holds(text, _COLONS) and _ANNOUNCES.search(text) else []
    if not announced:
        return marked
    starts = [start for start, _ in announced]
    apart = [
        span for span in marked if span[0] >= announced[bisect_right(starts, span[0]) - 1][1] or span[0] < starts[0]
    ]
    return sorted(apart + announced)


def _holds(text: str, signs: tuple[str, ...]) -> bool:
    """Whether one of these stands in a text: looked for one by one, an expression takes twenty times as long."""
    return signs[0] in text or (not text.isascii() and any(sign in text for sign in signs[1:]))


def _announced(text: str) -> list[tuple[int, int]]:
    """Paragraphs after one that ends with a colon."""
    paragraphs = [match.span() for match in _PARAGRAPH.finditer(text) if not match.group().isspace()]
    return [later for earlier, later in pairwise(paragraphs) if text[slice(*earlier)].rstrip().endswith(_COLONS)]
