"""Where a text quotes: marks of many scripts, and paragraphs announced by a colon."""

from __future__ import annotations

import re
from itertools import pairwise

# In a paragraph. Straight marks open after a space only, or a text cut inside a quotation would be quoted inside out;
# an opening mark without its end runs to the paragraph's, as a quotation of several paragraphs does.
_QUOTED = re.compile(
    r"“[^“”]*(?:”|$)|„[^„“”]*[“”]|«[^«»]*(?:»|$)|»[^«»]*«|「[^「」]*」|『[^『』]*』|”[^”]*”|＂[^＂]*＂"
    r"|‘[^‘]*?’(?!\w)|(?<![^\s(\[—–-])\"(?=\S)[^\"]*\"",
)
_PARAGRAPH = re.compile(r"[^\n]+")
_COLONS = (":", "：", "︰", "՝")


def quoted_spans(text: str) -> list[tuple[int, int]]:
    """Character spans inside quotation marks or announced as a quotation, ascending, may touch."""
    paragraphs = [match.span() for match in _PARAGRAPH.finditer(text) if not match.group().isspace()]
    announced = {later for earlier, later in pairwise(paragraphs) if text[slice(*earlier)].rstrip().endswith(_COLONS)}
    spans: list[tuple[int, int]] = []
    for start, end in paragraphs:
        if (start, end) in announced:
            spans.append((start, end))
        else:
            spans += [(start + m.start(), start + m.end()) for m in _QUOTED.finditer(text[start:end])]
    return spans
