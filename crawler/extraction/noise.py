"""What stands in an article's body and is no part of it: inserts, credits, captions, prompts, bylines.

Everything that is cut is returned with the clue kind under which it is kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from crawler.extraction import patterns as seen
from crawler.extraction.boxes import cut_lists, cut_tail
from crawler.extraction.furniture import is_furniture, states_date
from crawler.extraction.learned import Noise
from crawler.extraction.lines import Line, Markup, ends_sentence, fold, inner_sentences, words
from crawler.extraction.notices import is_notice
from crawler.extraction.prompts import is_prompt
from crawler.extraction.sentences import finite, is_name, runs_on, says_enough, told
from crawler.extraction.shapes import out_of_place
from crawler.extraction.signed import is_signature

FURNITURE = "furniture"
"""Cut, and no clue to anything: dates, the title once more, reading times."""
_MAX_LINE = 320
"""Characters; a longer line is never cut by its words."""
_FIRST, _LAST = 4, 3
"""How many lines of those that stay count as the beginning and the end of a body, where bylines, dates and credits
stand."""

_NAMING, _NAMED = 12, 4
"""Signs of a title, and of a site's or an author's name, by which a line can be told to name it."""
_FEW_LINKS = 3
_LINKED_SENTENCE = 12
"""Words of a sentence that is a link as a whole, and the article's all the same."""
_AUTHOR_BOX = 600
Edge = Literal["first", "last"]


@dataclass(slots=True)
class Cleaned:
    """The article's lines, what was cut as (clue kind, line), and the article's standing paragraphs."""

    kept: list[Line] = field(default_factory=list)
    cut: list[tuple[str, Line]] = field(default_factory=list)
    standing: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Page:
    """What a line is judged by beside its own words."""

    markup: Markup
    noise: Noise | None
    titles: Sequence[str]
    """The folded titles by which a notice can name the article."""
    authors: Sequence[str]
    sites: Sequence[str]
    few_links: bool


def clean(
    lines: Sequence[Line],
    markup: Markup,
    titles: Sequence[str],
    noise: Noise | None = None,
    *,
    authors: Sequence[str] = (),
    sites: Sequence[str] = (),
) -> Cleaned:
    """Cuts what is no part of the article; nothing may be left. `authors`: who the page says wrote it; `sites`: what
    the site is called."""
    leads = [markup.lead(line.text) if len(line.text) <= _MAX_LINE else None for line in lines]
    few = leads.count("") <= max(_FEW_LINKS, len(lines) // 5)
    page = _Page(markup, noise, _names(titles, _NAMING), _names(authors, _NAMED), _names(sites, _NAMED), few)
    kinds = [_kind(line, lead, page) for line, lead in zip(lines, leads, strict=True)]
    _cut_edges(lines, leads, kinds, page)
    kinds = [kind or out_of_place(lines, at) for at, kind in enumerate(kinds)]
    cut_lists(lines, kinds, leads, few)
    cut_tail(lines, kinds, markup)
    _cut_echoes(lines, kinds, titles)
    return _cleaned(lines, kinds, noise)


def _names(names: Sequence[str], signs: int) -> list[str]:
    return [
        name for one in names if len(name := fold(one)) >= signs or (name and not name.isascii() and signs == _NAMED)
    ]


def _cleaned(lines: Sequence[Line], kinds: Sequence[str | None], noise: Noise | None) -> Cleaned:
    cleaned = Cleaned()
    for kind, line in zip(kinds, lines, strict=True):
        if kind is not None:
            cleaned.cut.append((kind, line))
            continue
        cleaned.kept.append(line)
        if noise is not None and noise.standing(line.text):
            cleaned.standing.append(line.text)
    while cleaned.kept and cleaned.kept[-1].kind == "h":
        cleaned.cut.append(("insert", cleaned.kept.pop()))  # a heading with nothing under it
    return cleaned


def credit_kind(text: str) -> str | None:
    """The clue kind of a line at the edge of a plain text that credits somebody ("Source: …"); None for any other."""
    if len(text) > _MAX_LINE:
        return None
    if is_notice(text):
        return "appeared_first"
    return "credit_line" if (match := seen.CREDIT.match(text)) and _credit(match, text, "last") else None


def _cut_edges(lines: Sequence[Line], leads: Sequence[str | None], kinds: list[str | None], page: _Page) -> None:
    """From both ends inwards, until enough lines have stayed."""
    edges: tuple[tuple[Edge, int, range], ...] = (
        ("first", _FIRST, range(len(lines))),
        ("last", _LAST, range(len(lines) - 1, -1, -1)),
    )
    for edge, enough, places in edges:
        stayed = 0
        for at in places:
            if kinds[at] is None:
                kinds[at] = _edge_kind(lines[at], leads[at], edge, page)
                stayed += kinds[at] is None
            if stayed >= enough:
                break


def _edge_kind(line: Line, lead: str | None, edge: Edge, page: _Page) -> str | None:
    """The clue kind of a line that only its place gives away."""
    text = line.text
    if len(text) <= 2 * _MAX_LINE and is_notice(text, page.titles, page.sites):
        return "appeared_first"
    if edge == "last" and len(text) <= _AUTHOR_BOX and (match := seen.ABOUT.match(text)) and match["mark"]:
        return "prompt"
    if len(text) > _MAX_LINE or line.kind == "table":
        return None
    if (match := seen.CREDIT.match(text)) and _credit(match, text, edge, lead is not None):
        return "credit_line"
    if is_signature(text, page.authors):
        return "byline"
    return FURNITURE if states_date(text) else None


def _kind(line: Line, lead: str | None, page: _Page) -> str | None:
    """The clue kind under which a line is cut wherever it stands, None where it stays."""
    if len(line.text) <= _MAX_LINE and page.noise is not None and page.noise.recurs(line.text, lead):
        return _recurring(line, lead, page)
    return _wherever(line, lead, page)


def _recurring(line: Line, lead: str | None, page: _Page) -> str:
    """What recurs on a site is cut in any case. What it is counts on: a site that takes all from one paper credits it
    under every article, and whoever copies an article with the site's own insert has it from there."""
    credit = _edge_kind(line, lead, "last", page)
    if credit in ("appeared_first", "credit_line"):
        return credit
    told = _wherever(line, lead, page)
    return told if told in ("insert", "prompt") else "site_noise"


def _wherever(line: Line, lead: str | None, page: _Page) -> str | None:
    """The clue kind of a line that its words or its link give away in any place."""
    text = line.text
    short = len(text) <= _MAX_LINE
    if len(text) <= 2 * _MAX_LINE and is_notice(text, page.titles, page.sites, short and "first" in text):
        return "appeared_first"
    if not short or line.kind == "table":
        return None
    if lead == "" and page.few_links and line.kind == "p" and words(text) >= 3 and not _linked_sentence(text):
        return "insert"  # a paragraph that is a link leads away; where most are, they are the article's list
    return (
        _by_phrase(line, lead is not None)
        or ("insert" if lead and page.few_links and _leads_away(line, lead) else None)
        or ("prompt" if is_prompt(line, lead, page.sites) else None)
        or (FURNITURE if is_furniture(text) else None)
        or ("caption" if _caption(line, page.markup) else None)
    )


def _linked_sentence(text: str) -> bool:
    return words(text) >= _LINKED_SENTENCE and finite(text) and text.rstrip()[-1] not in "?？؟!！"


def _by_phrase(line: Line, link: bool) -> str | None:
    if (match := seen.INSERT.match(line.text)) and _insert(match, line, link):
        return "insert"
    if (match := seen.CREDIT.match(line.text)) and _credit(match, line.text, None, link):
        return "credit_line"
    return None


def _insert(match: re.Match[str], line: Line, link: bool) -> bool:
    """ "Read more: …" goes with whatever follows, unless that is a whole paragraph; without a mark behind it, a phrase
    must be more than one word, and the line no sentence."""
    rest = line.text[match.end() :]
    if line.kind == "h":
        return not rest.strip() or (match["mark"] is not None and says_enough(match["phrase"]))
    if told(line.text, match.end("phrase")) and not link:
        return False
    if link or match["mark"] is not None:
        return inner_sentences(rest) <= 1
    return says_enough(match["phrase"]) and not ends_sentence(line.text) and len(line.text) <= 220


def _leads_away(line: Line, lead: str) -> bool:
    """A few words, a mark, and a link that is the rest of the paragraph: whatever the words, an insert."""
    return line.kind == "p" and lead[-1] in seen.MARKS and words(lead) <= 6 and len(line.text) > len(lead) + 12


def _credit(match: re.Match[str], text: str, edge: Edge | None, link: bool = False) -> bool:
    """ "Source: Harbour Gazette"; at an edge without a mark too, if what follows is short; never a sentence."""
    rest = text[match.end() :]
    if runs_on(rest):
        return False
    if match["mark"] is not None:
        return len(text) <= 220 and inner_sentences(rest) <= 1 and words(rest) <= 25
    if edge is None or inner_sentences(rest) > 0 or words(rest) > 12:
        return False
    named = is_name(rest, 5) and not finite(text) and (edge == "last" or link or text[0] in "([（【")
    return named or says_enough(match["phrase"])


def _caption(line: Line, markup: Markup) -> bool:
    text = line.text
    if line.kind in ("p", "quote") and fold(text) in markup.captions:
        return True
    if (match := seen.CAPTION.match(text)) and match["mark"] is not None:
        rest = text[match.end() :]
        return inner_sentences(rest) <= 1 and words(rest) <= 40 and not (rest[:1].islower() and runs_on(rest))
    if line.kind == "h" or words(text) > 60 or inner_sentences(text) > 2:
        return False
    if (match := seen.BRACKETED.search(text)) and is_name(match["name"]) and words(match["name"]) > 1:
        return not finite(text[: match.start()])
    return seen.CREDIT_SIGNS.search(text) is not None and seen.CREDIT_TAIL.search(text) is not None


def _cut_echoes(lines: Sequence[Line], kinds: list[str | None], titles: Sequence[str]) -> None:
    """The title once more, and a standfirst that is only the beginning of a later paragraph, broken off."""
    keys = {fold(title) for title in titles if title}
    for at, line in enumerate(lines[:_FIRST]):
        if kinds[at] is None and (fold(line.text) in keys or _broken_off(line, lines[at + 1 :])):
            kinds[at] = FURNITURE


def _broken_off(line: Line, later: Sequence[Line]) -> bool:
    end = seen.BROKEN_OFF.search(line.text)
    beginning = fold(line.text[: end.start()]) if end is not None else ""
    return len(beginning) >= 20 and beginning in fold(" ".join(one.text for one in later[:6]))
