"""What the texts look like beside each other: their authors, what stands between the paragraphs, what is left out."""

from __future__ import annotations

import re
from itertools import pairwise

from crawler.attribution.pairs import Page, Pair
from crawler.attribution.publishers import name_key
from crawler.attribution.signals.declared import INSERTED
from crawler.attribution.signals.finding import Finding
from crawler.attribution.signals.quoting import short

LARGE_REST = 300
"""Characters from which what an excerpt left out is a part of the article."""
_GENERIC = frozenset(
    """
    admin administrator editor editors editorial staff newsdesk newsroom desk news webmaster author guest team redaction
    redaktion redaktør redactie redacción redação rédaction redazione redakcja редакция администратор админ редактор
    المحرر التحرير ادمن 编辑 管理员 小编 記者
    """.split()  # noqa: SIM905  one word a line would be a page of them
)


def generic_author(pair: Pair) -> Finding | None:
    """The copy is signed by nobody in particular or by nobody, the source by a person."""
    mine, theirs = pair.copy, pair.source
    named = [author for author in theirs.article.authors if not _is_generic(author, theirs)]
    if not named or not all(_is_generic(author, mine) for author in mine.article.authors):
        return None
    if not mine.article.authors:
        return Finding(0.7, f"The page names no author, the other {short(named[0])}.")
    signed = short(", ".join(mine.article.authors))
    return Finding(1.0, f"The page is signed “{signed}”, the other by {short(named[0])}.")


def _is_generic(author: str, page: Page) -> bool:
    words = re.findall(r"\w+", author.casefold())
    return not words or bool(_GENERIC.intersection(words)) or name_key(author) == page.publisher.key


def inserts(pair: Pair) -> Finding | None:
    """The copy had lines between its paragraphs that lead elsewhere ("See also …"), the source has none."""
    mine = [clue for clue in pair.copy.article.clues if clue.kind in INSERTED]
    if not mine or any(clue.kind in INSERTED for clue in pair.source.article.clues):
        return None
    return Finding(1.0, f"The page puts lines between the paragraphs (“{short(mine[0].quote)}”), the other none.")


def excerpt(pair: Pair) -> Finding | None:
    """All of the copy stands in the source, which has a longer piece more."""
    shared = pair.shared
    if shared.copied < 0.9 or shared.coverage > 0.9:
        return None
    ordered = sorted((c, d) for _, _, c, d in shared.passages)
    per_word = (ordered[-1][1] - ordered[0][0]) / max(1, round(shared.coverage * shared.source_words))
    rest = (shared.source_words * (1 - shared.coverage)) * per_word
    gaps = [start - end for (_, end), (start, _) in pairwise(ordered) if start - end > 8]
    outside = rest - sum(gaps)
    if max(outside, *gaps, 0) < LARGE_REST:
        return None
    return Finding(
        min(1.0, 2 * (1 - shared.coverage)),
        f"{shared.copied:.0%} of this page stands in the other, and makes only {shared.coverage:.0%} of it.",
    )
