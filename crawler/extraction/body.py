"""The body of an article: trafilatura's choice of it, as lines."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import cache
from typing import Any

from lxml import etree
from lxml.html import HtmlElement

from crawler.extraction.lines import Kind, Line, words
from crawler.extraction.sentences import finite

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
_SENTENCE, _SENTENCE_WORDS, _SENTENCE_BARE = 60, 12, 40
"""Characters and words of a linked sentence, characters of one that has no paragraph."""
_FULL_STOP = 3
"""Signs that end a sentence behind a link in it: ".”"."""
_BREAKS = 4
"""Line breaks in a block whose paragraphs are parted by them."""
_INLINE_HTML = frozenset(
    {"a", "b", "i", "em", "strong", "span", "u", "s", "small", "sub", "sup", "abbr", "code", "mark", "br", "img"}
)
_MARKED = frozenset({"span", "b", "strong", "em", "i"})
_HOLDS_LINKS = _MARKED | {"p", "div"}
_INLINE = frozenset({"hi", "ref", "del", "code", "graphic", "lb"})


def lighten(tree: HtmlElement) -> None:
    """Removes in place what holds no text of the article; metadata must have been read before.

    JSON-LD stays: where a page has no readable body, its articleBody is the last resort.
    """
    etree.strip_elements(tree, *_DEAD_WEIGHT, with_tail=False)
    etree.strip_tags(tree, "picture")
    _unfold_layout_tables(tree)
    _unlink_sentences(tree)
    _wrap_bare_text(tree)
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


def _unlink_sentences(tree: HtmlElement) -> None:
    """Takes the link from a paragraph that is one as a whole, ends with a full stop and stands beside another full
    paragraph: by its density of links it looks like a teaser."""
    for link in list(tree.iter("a")):
        block = link.getparent()
        if block is None or block.tag not in _HOLDS_LINKS:
            continue
        text = link.text_content() if len(link) else link.text or ""
        if len(text) < _SENTENCE or words(text) < _SENTENCE_WORDS:
            continue
        while block is not None and block.tag in _MARKED:
            block = block.getparent()
        if block is None or block.tag not in ("p", "div") or not _ends_with(block, text):
            continue
        if _beside_paragraph(block):
            link.drop_tag()


def _ends_with(block: HtmlElement, text: str) -> bool:
    """Whether a link is the end of its block, but perhaps for a full stop behind it, and ends as a sentence."""
    text = text.strip()
    if finite(text):
        return True
    whole = str(block.text_content()).strip()
    behind = whole.rpartition(text)[2]
    return len(behind) <= _FULL_STOP and finite(whole)


def _beside_paragraph(block: HtmlElement) -> bool:
    """Whether the block before or behind is a paragraph that ends as a sentence and is no link itself. Between those
    of Blogger's editor stand empty ones."""
    return any(other is not None and _is_plain(other, block) for other in (_before(block), _behind(block)))


def _before(block: HtmlElement) -> HtmlElement | None:
    other = block.getprevious()
    return other.getprevious() if other is not None and _is_empty(other) else other


def _behind(block: HtmlElement) -> HtmlElement | None:
    other = block.getnext()
    return other.getnext() if other is not None and _is_empty(other) else other


def _is_empty(block: HtmlElement) -> bool:
    return block.tag in ("p", "div") and len(block) < 2 and str(block.text_content()).strip() == ""


def _is_plain(block: HtmlElement, beside: HtmlElement) -> bool:
    """A paragraph, or where both are blocks of one class that hold nothing but text, such a block."""
    is_like = block.tag == beside.tag == "div" and block.get("class") == beside.get("class") and _is_inline(block)
    text = str(block.text_content()) if block.tag == "p" or is_like else ""
    linked = max((len(str(link.text_content())) for link in block.iter("a")), default=0)
    return len(text) >= _SENTENCE and finite(text.strip()) and linked <= len(text) / 2


def _is_inline(block: HtmlElement) -> bool:
    return all(child.tag in _INLINE_HTML for child in block.iterdescendants())


def _wrap_bare_text(tree: HtmlElement) -> None:
    """Gives sentences that follow a block without one of their own a paragraph, and blocks of bare text between
    paragraphs their tag; both are lost otherwise."""
    broken: dict[HtmlElement, bool] = {}
    for block in list(tree.iter("p", "div", "figure", "blockquote", "table")):
        tail = block.tail
        bare = tail is not None and len(tail) >= _SENTENCE_BARE and not tail.isspace()
        plain = block.tag == "div" and not block.keys()
        if not (bare or plain):  # nearly all
            continue
        parent = block.getparent()
        if parent is None or parent.tag not in ("div", "article", "section", "td"):
            continue
        if bare and _is_broken(parent, broken):
            _wrap_tail(block, parent)
        if plain and _is_bare(block) and _beside_paragraph(block):
            block.tag = "p"


def _is_broken(parent: HtmlElement, known: dict[HtmlElement, bool]) -> bool:
    """Whether the paragraphs of a block are parted by line breaks."""
    if parent not in known:
        known[parent] = len(parent.findall("br")) >= _BREAKS
    return known[parent]


def _is_bare(block: HtmlElement) -> bool:
    if not all(child.tag in _INLINE_HTML for child in block):
        return False
    text = block.text_content() if len(block) else block.text or ""
    return len(text) >= _SENTENCE_BARE and finite(text.strip())


def _wrap_tail(block: HtmlElement, parent: HtmlElement) -> None:
    """A paragraph of the text behind a block, up to the next block or an empty line."""
    paragraph = parent.makeelement("p")
    paragraph.text, block.tail = block.tail, None
    follower = block.getnext()
    block.addnext(paragraph)
    while follower is not None and follower.tag in _INLINE_HTML:
        behind = follower.getnext()
        paragraph.append(follower)
        follower = behind


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
