"""What stands in an article's body and is no part of it: inserts, credits, captions, prompts, bylines.

Everything that is cut is returned with the clue kind under which it is kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from crawler.extraction import patterns as seen
from crawler.extraction.learned import Noise
from crawler.extraction.lines import Line, Markup, ends_sentence, fold, inner_sentences, words
from crawler.extraction.shapes import out_of_place

FURNITURE = "furniture"
"""Cut, and no clue to anything: dates, the title once more, reading times."""
_MAX_LINE = 320
"""Characters; a longer line is never cut by its words."""
_FIRST, _LAST = 4, 3
"""How many lines count as the beginning and the end of a body, where bylines, dates and credits stand."""

_NAMING, _NOTICE_WORDS = 12, 16
"""Signs of a title by which a notice can be told, and the words that it has beside it."""
_FEW_LINKS = 3
Edge = Literal["first", "last"] | None


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
    names: Sequence[str]
    """The folded titles by which a notice can name the article."""
    few_links: bool


def clean(lines: Sequence[Line], markup: Markup, titles: Sequence[str], noise: Noise | None = None) -> Cleaned:
    """Cuts what is no part of the article; nothing may be left."""
    leads = [markup.lead(line.text) if len(line.text) <= _MAX_LINE else None for line in lines]
    few = leads.count("") <= max(_FEW_LINKS, len(lines) // 5)
    page = _Page(markup, noise, [name for title in titles if len(name := fold(title)) >= _NAMING], few)
    kinds = [
        _kind(line, lead, _edge(at, len(lines)), page) or out_of_place(lines, at)
        for at, (line, lead) in enumerate(zip(lines, leads, strict=True))
    ]
    _cut_tail(lines, kinds, markup)
    _cut_echoes(lines, kinds, titles)
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
    if _notice(text):
        return "appeared_first"
    return "credit_line" if (match := seen.CREDIT.match(text)) and _credit(match, text, "last") else None


def _edge(at: int, total: int) -> Edge:
    if at < _FIRST:
        return "first"
    return "last" if at >= total - _LAST else None


def _kind(line: Line, lead: str | None, edge: Edge, page: _Page) -> str | None:
    """The clue kind under which a line is cut, None where it stays."""
    text = line.text
    short = len(text) <= _MAX_LINE
    if short and page.noise is not None and page.noise.recurs(text, lead):
        return "site_noise"
    if len(text) <= 2 * _MAX_LINE and _notice(text, page.names, edge is not None or (short and "first" in text)):
        return "appeared_first"
    if not short or line.kind == "table":
        return None
    if lead == "" and page.few_links and line.kind == "p" and words(text) >= 3:
        return "insert"  # a paragraph that is a link leads away; where most are, they are the article's list
    return (
        _by_phrase(line, lead is not None, edge)
        or ("insert" if lead and page.few_links and _leads_away(line, lead) else None)
        or _byline(text, edge)
        or ("prompt" if _prompt(text) else None)
        or ("caption" if _caption(line, page.markup) else None)
    )


def _by_phrase(line: Line, link: bool, edge: Edge) -> str | None:
    text = line.text
    if (match := seen.INSERT.match(text)) and _insert(match, line, link):
        return "insert"
    if (match := seen.CREDIT.match(text)) and _credit(match, text, edge):
        return "credit_line"
    if ((match := seen.PROMPT.match(text)) and _appeal(match, line)) or _asks(line):
        return "prompt"
    return None


def _insert(match: re.Match[str], line: Line, link: bool) -> bool:
    """ "Read more: …" goes with whatever follows, unless that is a whole paragraph; without a mark behind it, a phrase
    must be more than one word, and the line no sentence."""
    rest = line.text[match.end() :]
    if line.kind == "h":
        return not rest.strip() or (match["mark"] is not None and _says_enough(match["phrase"]))
    if link or match["mark"] is not None:
        return inner_sentences(rest) <= 1
    return _says_enough(match["phrase"]) and not ends_sentence(line.text) and len(line.text) <= 220


def _leads_away(line: Line, lead: str) -> bool:
    """A few words, a mark, and a link that is the rest of the paragraph: whatever the words, an insert."""
    return line.kind == "p" and lead[-1] in seen.MARKS and words(lead) <= 6 and len(line.text) > len(lead) + 12


def _says_enough(phrase: str) -> bool:
    """Of two words, or of four signs of a script without blanks."""
    return " " in phrase.strip() or (len(phrase) >= 4 and not phrase.isascii() and not phrase.islower())


def _notice(text: str, names: Sequence[str] = (), by_itself: bool = True) -> bool:
    """ "The post Mayor says no. appeared first on …": what the article's title reports is no sentence of the notice's
    own. `by_itself`: whether a notice is believed that does not name the article."""
    if not _may_be_notice(text.lower()):
        return False
    folded = fold(text)
    rest = next((folded.replace(name, "", 1) for name in names if name in folded), None)
    named = rest is not None and words(rest) <= _NOTICE_WORDS
    own = named or (by_itself and inner_sentences(text) <= 2 and seen.REPORTS.search(text) is None)
    return own and seen.NOTICE.search(text) is not None


def _may_be_notice(low: str) -> bool:
    return any(stem in low for stem in seen.NOTICE_STEMS)


def _credit(match: re.Match[str], text: str, edge: Edge) -> bool:
    rest = text[match.end() :]
    if match["mark"] is not None:
        return len(text) <= 220 and inner_sentences(rest) <= 1 and words(rest) <= 25
    return edge is not None and _says_enough(match["phrase"]) and words(rest) <= 12 and inner_sentences(rest) == 0


def _appeal(match: re.Match[str], line: Line) -> bool:
    rest = line.text[match.end() :]
    if len(line.text) > 250:
        return False
    if line.kind == "h":
        return not rest.strip()
    return match["mark"] is not None or (_says_enough(match["phrase"]) and inner_sentences(rest) <= 1)


def _asks(line: Line) -> bool:
    """A paragraph of a sentence or two that asks the reader for something, for us or in the mail."""
    text = line.text
    return (
        line.kind == "p"
        and len(text) <= 250
        and seen.ASKING.search(text) is not None
        and words(text) <= 30
        and inner_sentences(text) <= 2
        and (seen.OURS.search(text) is not None or seen.MAIL.search(text) is not None)
    )


def _byline(text: str, edge: Edge) -> str | None:
    if edge is None:
        return None
    if seen.STAFF.match(text) or ((match := seen.BYLINE.match(text)) and words(match["name"]) <= 10):
        return "byline"
    if edge == "first" and (seen.DATE_LINE.match(text) or seen.READING_TIME.match(text)):
        return FURNITURE
    return None


def _caption(line: Line, markup: Markup) -> bool:
    text = line.text
    if line.kind in ("p", "quote") and fold(text) in markup.captions:
        return True
    if (match := seen.CAPTION.match(text)) and match["mark"] is not None:
        rest = text[match.end() :]
        return inner_sentences(rest) <= 1 and words(rest) <= 40
    return (
        line.kind != "h"
        and words(text) <= 60
        and inner_sentences(text) <= 2
        and seen.CREDIT_SIGNS.search(text) is not None
        and seen.CREDIT_TAIL.search(text) is not None
    )


def _prompt(text: str) -> bool:
    low = text.lower()
    if any(stem in low for stem in seen.PLUGIN_STEMS) and seen.PLUGIN.search(text):
        return True
    if seen.RIGHTS.search(text) or (len(text) <= 150 and seen.BREADCRUMB.match(text)):
        return True
    if ("cookie" in low or "куки" in low or "çerez" in low) and words(text) <= 50 and seen.COOKIES.search(text):
        return True
    if words(text) > 40 or not any(name in low for name in seen.CHANNELS):
        return False
    # an appeal to the reader, not a sentence about one: the urging word comes first, or beside "us" and "our"
    urge = seen.URGE.search(text)
    return urge is not None and (urge.start() <= 2 or low.startswith(seen.PLEASE) or seen.OURS.search(text) is not None)


def _cut_tail(lines: Sequence[Line], kinds: list[str | None], markup: Markup) -> None:
    """Behind "You may also like" or "About the author" nothing is the article's, if no paragraph follows."""
    for at in range(1, len(lines)):
        about = lines[at].kind == "h" and seen.ABOUT.match(lines[at].text) is not None
        if not about and (kinds[at] not in ("insert", "prompt") or words(lines[at].text) > 6):
            continue
        rest = range(at + 1, len(lines))
        if all(kinds[one] is not None or _teaser(lines[one], markup, about and one < at + 3) for one in rest):
            for one in range(at, len(lines)):
                kinds[one] = kinds[one] or "insert"
            return


def _teaser(line: Line, markup: Markup, of_author: bool) -> bool:
    if fold(line.text) in markup.links or (words(line.text) <= 20 and not ends_sentence(line.text)):
        return True
    return of_author and words(line.text) <= 60


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
