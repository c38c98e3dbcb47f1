"""The body of an article: trafilatura's choice of it, as lines."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import cache
from typing import Any

from lxml import etree
from lxml.html import HtmlElement

from crawler.extraction.lines import Kind, Line

_ENOUGH = 250
"""Characters; below, the slower extractors that trafilatura falls back on are asked too."""
_DEAD_WEIGHT = (
    "style", "svg", "iframe", "object", "embed", "canvas", "template", "link", "noscript", "button", "select", "option",
    "input", "label", "nav", "menu", "audio", "video", "source", "map", "dialog", "datalist", "fieldset",
    "legend", "progress", "meter", "param", "track", "footer", "aside", "time",
)  # fmt: skip
"""What trafilatura takes out of its copies anyway; gone before, its four copies and hundred searches are smaller."""
_LAYOUT = 3
"""Paragraphs in one cell that make a table a layout."""
_KINDS: dict[str, Kind] = {"head": "h", "quote": "quote", "item": "li", "row": "table"}
_INLINE = frozenset({"hi", "ref", "del", "code", "graphic", "lb"})


def lighten(tree: HtmlElement) -> None:
    """Removes in place what holds no text of the article; metadata must have been read before.

    JSON-LD stays: where a page has no readable body, its articleBody is the last resort.
    """
    etree.strip_elements(tree, *_DEAD_WEIGHT, with_tail=False)
    etree.strip_tags(tree, "picture")
    _unfold_layout_tables(tree)
    for script in list(tree.iter("script")):
        parent = script.getparent()
        if "ld+json" in (script.get("type") or "") or parent is None:
            continue
        if script.tail:
            script.text = None  # removing it would take the text behind it along
            script.attrib.clear()
        else:
            parent.remove(script)


def _unfold_layout_tables(tree: HtmlElement) -> None:
    """Turns tables that lay a page out into plain blocks: those with a cell of several paragraphs."""
    for cell in tree.iter("td"):
        if len(cell.findall("p")) >= _LAYOUT:
            for element in [cell, *cell.iterancestors("td", "tr", "tbody", "table")]:
                element.tag = "div"
            for row in cell.itersiblings("td", "th"):
                row.tag = "div"


def read_body(tree: HtmlElement) -> list[Line]:
    """The article's lines in order; [] where there is no body. The tree is left as it was."""
    body = _extract(tree, fast=True)
    if body is None or _length(body) < _ENOUGH:
        fuller = _extract(tree, fast=False)
        if fuller is not None and (body is None or _length(fuller) > _length(body)):
            body = fuller
    return [] if body is None else _with_headings(tree, _lines(body))


def _with_headings(tree: HtmlElement, lines: list[Line]) -> list[Line]:
    """Puts subheadings back that trafilatura loses where it falls back on bare paragraphs: those that stand right
    before a paragraph of the body, and behind another one."""
    if len(lines) < 3 or any(line.kind == "h" for line in lines):
        return lines
    places = {line.text: at for at, line in enumerate(lines)}
    found: dict[int, str] = {}
    for heading in tree.iter("h2", "h3", "h4"):
        after = heading.getnext()
        at = places.get(_text(after), 0) if after is not None and after.tag == "p" else 0
        if at and 2 <= len(text := _text(heading)) <= 200 and text not in places:
            found[at] = text
    return [one for at, line in enumerate(lines) for one in ([Line(found[at], "h"), line] if at in found else [line])]


def _text(element: HtmlElement) -> str:
    return " ".join("".join(map(str, element.itertext())).split())


def _extract(tree: HtmlElement, *, fast: bool) -> Any:
    return getattr(_extractor(fast)(tree), "body", None)


@cache
def _extractor(fast: bool) -> Callable[[HtmlElement], Any]:
    # imported by who reads a page: commands and the crawling process itself start without it
    from trafilatura import bare_extraction
    from trafilatura.settings import Extractor

    # its warnings name pages that we report ourselves
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    logging.getLogger("readability").setLevel(logging.CRITICAL)
    options = Extractor(output_format="python", fast=fast, comments=False, dedup=False, with_metadata=False)
    return lambda tree: bare_extraction(tree, options=options)


def _length(body: Any) -> int:
    return sum(len(text) for text in body.itertext())


def _lines(body: Any) -> list[Line]:
    lines: list[Line] = []
    for child in body:
        _block(child, lines)
        if child.tail and child.tail.strip():
            _add(lines, child.tail, "p")
    return lines


def _block(element: Any, lines: list[Line]) -> None:
    """A block that holds blocks is walked, one that holds text is a line, or several at line breaks."""
    tag = element.tag
    if not isinstance(tag, str):
        return
    kind: Kind = _KINDS.get(tag, "p")
    if tag == "row":
        cells = [" ".join("".join(cell.itertext()).split()) for cell in element]
        _add(lines, " | ".join(cell for cell in cells if cell), kind)
        return
    if all(child.tag in _INLINE for child in element.iterdescendants()):
        _text_block(element, kind, lines)
        return
    if element.text and element.text.strip():
        _add(lines, element.text, kind)
    for child in element:
        if child.tag in _INLINE:
            _add(lines, "".join(child.itertext()) + (child.tail or ""), kind)
        else:
            _block(child, lines)
            if child.tail and child.tail.strip():
                _add(lines, child.tail, kind)


def _text_block(element: Any, kind: Kind, lines: list[Line]) -> None:
    for breaker in element.iter("lb"):
        breaker.text = "\n"
    pieces = "".join(element.itertext()).split("\n")
    first = True
    for piece in pieces:
        if piece.strip():
            _add(lines, piece, kind, glued=not first)
            first = False


def _add(lines: list[Line], text: str, kind: Kind, *, glued: bool = False) -> None:
    text = " ".join(text.split())
    if text:
        # two full paragraphs parted by a line break are paragraphs; short ones are verses or an address
        glued = glued and bool(lines) and (len(text) < 80 or len(lines[-1].text) < 80)
        lines.append(Line(text, kind, glued))
