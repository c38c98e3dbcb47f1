"""Text to one tree that everything else shares, and the limits that keep a page from taking the worker with it."""

from __future__ import annotations

import re

from lxml import etree
from lxml.html import HtmlElement

MAX_BYTES = 10 * 1024 * 1024
MAX_ELEMENTS = 30_000
"""The largest of 313 real news pages measured has 4,100 elements, 680 links and 8,400 attributes."""
MAX_LINKS = 6_000
"""Link density is measured block by block, so links cost more than other elements do."""
MAX_TAG_ATTRIBUTES = 1_000
"""libxml2 compares each attribute of an element with all before it: 100,000 on one never end."""
MAX_ATTRIBUTES = 100_000
"""Of all elements together."""
MAX_DEPTH = 400
"""trafilatura and lxml's own copies walk the tree by recursion in places."""

MAX_BREAKS = 500
"""Beyond so many <br>, runs of them are drawn together: each costs trafilatura an element of its own."""

_LONG_PIECE = re.compile(rf"<[a-zA-Z][^<]{{{4 * MAX_TAG_ATTRIBUTES},}}")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_BREAKS = re.compile(r"(?:<br\s*/?>\s*){3,}", re.IGNORECASE)
_FORMATTING = re.compile(
    r"</?(?:a|b|i|u|s|em|strong|font|span|small|big|center|nobr|tt|strike)\b[^<>]*>", re.IGNORECASE
)
_CONTROL = bytes({*range(0x20), 0x7F} - {0x09, 0x0A, 0x0D})
_UNSEEN = tuple(
    map(
        re.compile,
        (rb"\xc2[\x80-\x84\x86-\x9f]", rb"\xe2\x80[\xaa-\xae]", rb"\xe2\x81[\xa6-\xa9]", rb"\xef\xbf[\xbe\xbf]"),
    )
)
"""C1 controls, embeddings and overrides, isolates, non-characters, in UTF-8; the first bytes are found fast."""
_TURNING = frozenset({*range(0x202A, 0x202F), *range(0x2066, 0x206A)})
_REFERENCE = re.compile(r"&#(?:x([0-9a-fA-F]{1,8})|([0-9]{1,9}));?")
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_CP1252 = {code: bytes([code]).decode("cp1252", "replace") for code in range(0x80, 0xA0)}

_ELEMENTS = etree.ElementDefaultClassLookup(element=HtmlElement)
"""lxml.html's own lookup asks Python for the class of every element; all that is needed of it is this one."""
_DEEP = etree.XPath(f"boolean(/*{'/*' * MAX_DEPTH})")
_COUNT = etree.XPath("count(//*)")
_ATTRIBUTES = etree.XPath("count(//@*)")
_LINKS = etree.XPath("count(//a)")


class TooLargeError(ValueError):
    """The page is over a limit; the message says which, for a Skip's detail."""


def parse(text: str) -> HtmlElement | None:
    """One tree with the html element on top; None where there is no markup at all.

    Raises TooLargeError where elements, links, attributes or depth are over the limits above.
    """
    text = _XML_DECLARATION.sub("", text, count=1)
    text = _REFERENCE.sub(_reference, text) if "&#" in text else text
    if text.count("<br") > MAX_BREAKS:
        text = _BREAKS.sub("<br><br>", text)
    _check_attributes(text)
    tree = _tree(text)
    if tree is not None and _DEEP(tree):
        # thousands of unclosed <b> and <font> nest without meaning it; without them the page is whole again
        tree = _tree(_FORMATTING.sub(" ", text))
        if tree is not None and _DEEP(tree):
            raise TooLargeError(f"nested over {MAX_DEPTH} deep")
    if tree is not None:
        _check_size(tree, tags=text.count("<"))
    return tree


def _tree(text: str) -> HtmlElement | None:
    # a parser is not shared between threads, and making one costs microseconds
    parser = etree.HTMLParser(
        encoding="utf-8", collect_ids=False, remove_comments=True, remove_pis=True, huge_tree=True
    )
    parser.set_element_class_lookup(_ELEMENTS)
    try:
        tree = etree.fromstring(_clean(text), parser=parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return tree if isinstance(tree, HtmlElement) and tree.tag == "html" else None


def _clean(text: str) -> bytes:
    """UTF-8 without what no document may hold: control characters, surrogates, U+FFFE and U+FFFF, and what turns the
    reading order of everything behind it."""
    data = text.encode("utf-8", "ignore").translate(None, _CONTROL)
    if data.isascii():
        return data
    for unseen in _UNSEEN:
        data = unseen.sub(b"", data)
    return data.replace(b"\xc2\x85", b" ")


def _check_attributes(text: str) -> None:
    for piece in _LONG_PIECE.finditer(text):
        if piece[0][1:6].lower() in ("scrip", "style"):
            continue
        names = len(_QUOTED.sub('""', piece[0]).partition(">")[0].split())
        if names > MAX_TAG_ATTRIBUTES:
            raise TooLargeError(f"{names - 1} attributes on one element")


def _check_size(tree: HtmlElement, tags: int) -> None:
    if tags > MAX_LINKS:  # fewer tags make no more elements, and counting these costs more
        elements, links = _number(_COUNT(tree)), _number(_LINKS(tree))
        if elements > MAX_ELEMENTS:
            raise TooLargeError(f"{elements} elements")
        if links > MAX_LINKS:
            raise TooLargeError(f"{links} links")
    if (attributes := _number(_ATTRIBUTES(tree))) > MAX_ATTRIBUTES:
        raise TooLargeError(f"{attributes} attributes")


def _number(value: object) -> int:
    return int(value) if isinstance(value, float) else 0


def _reference(match: re.Match[str]) -> str:
    """Drops references to what no text may hold, and reads 128 to 159 as windows-1252, as browsers do."""
    code = int(match[1], 16) if match[1] else int(match[2])
    if code in _CP1252:
        return _CP1252[code]
    if (code < 0x20 and code not in (9, 10, 13)) or code == 0x7F or 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
        return ""
    if code in _TURNING:
        return ""
    return "" if code & 0xFFFE == 0xFFFE else match[0]
