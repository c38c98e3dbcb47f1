"""The lines beside an article's heading that tell readers when it was published or changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

from crawler.extraction.head import Head, in_comment, squeeze
from crawler.extraction.lines import fold
from crawler.extraction.worded import MAX_LINE, Worded, read_line

DATE_CLASS = re.compile(r"date|time|when|publi|posted", re.IGNORECASE)
"""How themes call what holds a date."""
_HEADER_CLASS = re.compile(r"post|entry|article|story|head|hentry|detail|single", re.IGNORECASE)
_YEAR = re.compile(r"\d{4}")
_BLOCKS = frozenset(
    ("address", "article", "body", "dd", "div", "dl", "dt", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header",
     "hgroup", "li", "main", "ol", "p", "section", "table", "tbody", "td", "th", "tr", "ul")
)  # fmt: skip
_ELSEWHERE = frozenset(("aside", "blockquote", "button", "figcaption", "figure", "form", "nav", "noscript", "script",
                        "select", "style", "template"))  # fmt: skip
_HEADINGS = ("h1", "h2", "h3", "h4")
_LEVELS = 3
_MAX_ELEMENTS, _MAX_TEXT, _MAX_LINES, _MAX_HEADINGS = 200, 800, 12, 40
"""How far from the heading is looked: elements and characters below it, lines with a year."""


@dataclass(frozen=True, slots=True)
class _Place:
    holder: HtmlElement
    is_below: bool


def date_lines(tree: HtmlElement, head: Head, language: Callable[[], str]) -> list[Worded]:
    """What the lines with a year near the heading state, the likeliest publication first: what says that it is one,
    then what its class calls a date, then what stands below the heading. `language`: as in `read_line`."""
    heading = _heading(tree, head)
    if heading is None:
        return []
    found: list[tuple[tuple[bool, bool, bool], Worded]] = []
    for place in _places(tree, heading):
        is_classed = _is_classed(place.holder)
        found += (
            ((not one.labelled, not is_classed, not place.is_below), one)
            for one in _read(place.holder, heading, language)
            if place.is_below or is_classed or one.labelled
        )
    return list(dict.fromkeys(one for _, one in sorted(found, key=lambda one: one[0])))


def _heading(tree: HtmlElement, head: Head) -> HtmlElement | None:
    """The first heading that the titles repeat, else the first of the first rank."""
    titles = [key for title in (head.title, head.first("og:title", "twitter:title")) if (key := fold(title))]
    first = None
    for at, heading in enumerate(tree.iter(*_HEADINGS)):
        if at >= _MAX_HEADINGS:
            break
        key = fold(squeeze(str(heading.text_content()), 500))
        if len(key) >= 8 and any(key in title or title in key for title in titles):
            return heading
        first = heading if first is None and heading.tag == "h1" else first
    return first


# -- where is looked ---------------------------------------------------------------------------------------------


def _places(tree: HtmlElement, heading: HtmlElement) -> Iterator[_Place]:
    """Where texts with a year stand: in the header that the heading is part of, and below it down to the article."""
    lines = 0
    for place, text in _texts(tree, heading):
        if _YEAR.search(text) is None or not _is_beside(place.holder):
            continue
        lines += 1
        if lines > _MAX_LINES:
            return
        yield place


def _texts(tree: HtmlElement, heading: HtmlElement) -> Iterator[tuple[_Place, str]]:
    for element in _above(heading):
        yield from ((_Place(holder, False), text) for holder, text in _own_texts(element))
    size, is_below = 0, False
    for at, element in enumerate(_from(tree, heading)):
        if at > _MAX_ELEMENTS or size > _MAX_TEXT:
            return
        for holder, text in _own_texts(element):
            is_below = is_below or element is not heading or holder is not element
            size += len(text.strip()) if is_below else 0
            if is_below:
                yield _Place(holder, True), text


def _own_texts(element: HtmlElement) -> Iterator[tuple[HtmlElement, str]]:
    if element.text and isinstance(element.tag, str):
        yield element, element.text
    parent = element.getparent()
    if element.tail and parent is not None:
        yield parent, element.tail


def _above(heading: HtmlElement) -> Iterator[HtmlElement]:
    """The elements before it in the header or article that it belongs to, those far before left out."""
    header = None
    for _, ancestor in zip(range(_LEVELS), heading.iterancestors(), strict=False):
        if ancestor.tag in ("header", "article") or _HEADER_CLASS.search(ancestor.get("class") or ""):
            header = ancestor
            break
    if header is None:
        return
    for at, element in enumerate(header.iterdescendants()):
        if element is heading or at > _MAX_ELEMENTS:
            return
        yield element


def _from(tree: HtmlElement, heading: HtmlElement) -> Iterator[HtmlElement]:
    """The heading's own descendants and all that follow it, in the order of the page."""
    yield from heading.iterdescendants()
    here: HtmlElement | None = heading
    while here is not None and here is not tree and here.tag != "body":
        for sibling in here.itersiblings():
            yield from sibling.iter()
        here = here.getparent()


def _is_beside(holder: HtmlElement) -> bool:
    if holder.tag in _ELSEWHERE or any(one.tag in _ELSEWHERE for one in holder.iterancestors()):
        return False
    return not in_comment(holder)


def _is_classed(holder: HtmlElement) -> bool:
    parent = holder.getparent()
    around = (holder,) if parent is None else (holder, parent)
    return any(DATE_CLASS.search(f"{one.get('class') or ''} {one.get('itemprop') or ''}") for one in around)


# -- what is a line ----------------------------------------------------------------------------------------------


def _read(holder: HtmlElement, heading: HtmlElement, language: Callable[[], str]) -> list[Worded]:
    """The dates of the largest short block round a text that is nothing but a line with dates, for what is beside a
    date tells what it is; where there is none, of an element that stands alone between blocks or that its class calls
    a date."""
    blocks, inline = _around(holder)
    around = set(heading.iterancestors())
    for unit in [*(one for one in reversed(blocks) if one not in around), *inline]:
        text = _line(unit)
        if len(text) <= MAX_LINE and (stated := list(read_line(text, language))):
            return stated
    return []


def _around(holder: HtmlElement) -> tuple[list[HtmlElement], list[HtmlElement]]:
    """The nearest blocks, innermost first, and what lies within them and has the class of a date."""
    blocks: list[HtmlElement] = []
    inline: list[HtmlElement] = []
    for at, element in enumerate((holder, *holder.iterancestors())):
        if element.tag in _BLOCKS:
            blocks.append(element)
        elif not blocks and (DATE_CLASS.search(element.get("class") or "") or _stands_alone(element)):
            inline.append(element)
        if len(blocks) == _LEVELS or at > 3 * _LEVELS:
            break
    return blocks, inline


def _stands_alone(element: HtmlElement) -> bool:
    """Whether an element within a line has that line for itself: nothing but blocks beside it."""
    before, behind, parent = element.getprevious(), element.getnext(), element.getparent()
    if parent is None or len(parent) == 1 or any(one is not None and not _parts_lines(one) for one in (before, behind)):
        return False
    told = f"{element.tail or ''}{(before.tail if before is not None else parent.text) or ''}"
    return not told.strip()


def _parts_lines(element: HtmlElement) -> bool:
    return element.tag in _BLOCKS or element.tag in ("br", "hr")


def _line(unit: HtmlElement) -> str:
    """Its text with " | " where blocks and line breaks part it, cut a little above what a line may have."""
    pieces: list[str] = []
    size = 0
    for event, element in etree.iterwalk(unit, events=("start", "end")):
        parts = element is not unit and _parts_lines(element)
        tail = element.tail if event == "end" and element is not unit else None
        text = (element.text if isinstance(element.tag, str) else None) if event == "start" else tail
        pieces += [" | " if parts else " ", text or ""]
        size += len((text or "").strip())
        if size > MAX_LINE:
            return "x" * (MAX_LINE + 1)
    joined = re.sub(r"\s*\|[\s|]*", " | ", squeeze("".join(pieces)))
    return joined.strip(" |")
