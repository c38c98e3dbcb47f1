"""Boxes in and behind an article: a label, and below it links to others. What follows is the article's again."""

from __future__ import annotations

from collections.abc import Sequence

from crawler.extraction import patterns as seen
from crawler.extraction.lines import Line, Markup, ends_sentence, fold, words

_LABEL = 7
_COLONS = (":", "：", "︓")


def cut_lists(lines: Sequence[Line], kinds: list[str | None], leads: Sequence[str | None], few_links: bool) -> None:
    """Items that are links as a whole and stand below the label of a box, or below no label at all because it was a
    heading that the body has lost. A list that a sentence announces stays."""
    at = 0
    while at < len(lines):
        labelled = at > 0 and kinds[at - 1] in ("insert", "prompt") and words(lines[at - 1].text) <= _LABEL
        end = at
        while end < len(lines) and _is_item(lines[end], leads[end], labelled):
            end += 1
        if end > at and (labelled or (few_links and _stands_alone(lines, kinds, at, end))):
            kinds[at:end] = [kind or "insert" for kind in kinds[at:end]]
        at = max(end, at + 1)


def _is_item(line: Line, lead: str | None, labelled: bool) -> bool:
    return line.kind == "li" and (lead == "" or (labelled and not ends_sentence(line.text)))


def _stands_alone(lines: Sequence[Line], kinds: Sequence[str | None], at: int, end: int) -> bool:
    """Links below a paragraph that ends and does not announce them; none of them a part of a longer list."""
    if at == 0 or kinds[at - 1] is not None or (end < len(lines) and lines[end].kind == "li"):
        return False
    above = lines[at - 1]
    announced = above.text.rstrip().endswith(_COLONS)
    sentences = any(ends_sentence(line.text) for line in lines[at:end])
    return above.kind == "p" and ends_sentence(above.text) and not announced and not sentences


def cut_tail(lines: Sequence[Line], kinds: list[str | None], markup: Markup) -> None:
    """Behind "You may also like" or "About the author" nothing is the article's, if no paragraph follows."""
    for at in range(1, len(lines)):
        about = _is_about(lines[at])
        if not about and (kinds[at] not in ("insert", "prompt") or words(lines[at].text) > _LABEL - 1):
            continue
        rest = range(at + 1, len(lines))
        if all(kinds[one] is not None or _teaser(lines[one], markup, about and one < at + 3) for one in rest):
            for one in range(at, len(lines)):
                kinds[one] = kinds[one] or "insert"
            return


def _is_about(line: Line) -> bool:
    match = seen.ABOUT.match(line.text) if words(line.text) <= _LABEL else None
    return match is not None and (line.kind == "h" or match.end() == len(line.text))


def _teaser(line: Line, markup: Markup, of_author: bool) -> bool:
    if fold(line.text) in markup.links or (words(line.text) <= 20 and not ends_sentence(line.text)):
        return True
    return of_author and words(line.text) <= 60
