"""What stands in a page's head and attributes, gathered once for everybody: meta, link, title, itemprop, time."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from lxml import etree
from lxml.html import HtmlElement

from crawler.items import plain

_HOST = re.compile(r"\s*(?:https?:)?//(?:[^/?#@\s]*@)?([^/?#:@\s]{1,253})", re.IGNORECASE)
MAX_VALUE = 1000
"""Characters of any one value that is kept."""
_MAX_VALUES = 40
_MAX_NAMES = 400
_ITEMPROPS = etree.XPath("//*[@itemprop or @property][not(self::meta)]")
_WANTED_PROPS = {
    "datepublished": "datepublished", "published_time": "datepublished", "issued": "datepublished",
    "datecreated": "datecreated", "created": "datecreated", "date": "datecreated",
    "datemodified": "datemodified", "modified": "datemodified",
    "author": "author", "creator": "author", "headline": "headline", "articlesection": "articlesection",
}  # fmt: skip
"""What microdata and RDFa (schema, Dublin Core, Open Graph) call a thing, without the vocabulary -> our word for it."""
_ISO_DAY = re.compile(r"\s*\d{4}-\d\d-\d\d")
_COMMENT = re.compile(r"(?:^|\s)comments?(?:-\d+|-list|list)?(?:\s|$)|/Comment\b", re.IGNORECASE)


@dataclass(slots=True)
class Head:
    """`meta` maps a lower-case name, property, itemprop or http-equiv to its values in the page's order."""

    url: str
    base: str
    size: int = 0
    """Characters of the page's HTML."""
    meta: dict[str, list[str]] = field(default_factory=dict)
    links: list[tuple[frozenset[str], str, dict[str, str]]] = field(default_factory=list)
    props: dict[str, list[str]] = field(default_factory=dict)
    times: list[tuple[str, HtmlElement]] = field(default_factory=list)
    title: str = ""
    language: str = ""

    def first(self, *names: str) -> str:
        """The first value of the first of these names that has one."""
        for name in names:
            for value in self.meta.get(name, ()):
                if value:
                    return value
        return ""

    def link(self, rel: str) -> str:
        """The absolute address of the first link element with this relation."""
        return next((href for rels, href, _ in self.links if rel in rels), "")


def read_head(tree: HtmlElement, url: str, size: int = 0) -> Head:
    """One walk over the elements that carry metadata."""
    base = tree.find(".//base[@href]")
    head = Head(url=url, size=size, base=resolve(url, base.get("href", "")) if base is not None else url)
    head.language = (tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or "").strip()[:20]
    for element in tree.iter("meta", "link", "title", "time", "abbr"):
        if element.tag == "meta":
            _meta(head, element)
        elif element.tag == "link":
            _link(head, element)
        elif element.tag == "time":
            _time(head, element, element.get("datetime") or "")
        elif element.tag == "abbr":
            if _ISO_DAY.match(stamp := element.get("title") or ""):  # hAtom, of which Blogger's older layouts are full
                _time(head, element, stamp)
        elif not head.title and not _inside_svg(element):
            head.title = squeeze(str(element.text_content()))
    for element in _itemprops(tree):
        _prop(head, element)
    return head


def resolve(base: str, address: str) -> str:
    """An absolute http(s) address, "" for anything else."""
    address = address.strip()[:2000]
    if address.startswith(("http://", "https://")):
        return address
    if not address or address.startswith(("#", "javascript:", "data:", "mailto:")):
        return ""
    try:
        absolute = urljoin(base, address)
    except ValueError:
        return ""
    return absolute if absolute.startswith(("http://", "https://")) else ""


def host_of(address: str) -> str:
    """The lower-case host of an absolute or scheme-relative address without www., "" where there is none."""
    match = _HOST.match(address)
    return match[1].lower().removeprefix("www.") if match is not None else ""


def squeeze(text: str, limit: int = MAX_VALUE) -> str:
    """White space as one blank each, what nobody should see gone, bounded."""
    return " ".join(plain(text[: 4 * limit]).split())[:limit]


def _itemprops(tree: HtmlElement) -> list[Any]:
    found = _ITEMPROPS(tree)
    return found[:400] if isinstance(found, list) else []


def _inside_svg(element: HtmlElement) -> bool:
    return any(True for _ in element.iterancestors("svg"))


def in_comment(element: HtmlElement) -> bool:
    """Whether it belongs to a reader's comment: that has an author and a date of its own."""
    around = element.iterancestors("div", "li", "ol", "ul", "section", "article", "dl", "td")
    told = (" ".join(one.get(name) or "" for name in ("class", "id", "itemprop", "itemtype")) for one in around)
    return any(_COMMENT.search(one) for one in told)


def _time(head: Head, element: HtmlElement, stamp: str) -> None:
    if len(head.times) < _MAX_VALUES:
        head.times.append((stamp.strip()[:80], element))


def _meta(head: Head, element: HtmlElement) -> None:
    content = element.get("content")
    if not content:
        return
    value = squeeze(content)
    for attribute in ("property", "name", "itemprop", "http-equiv"):
        for name in (element.get(attribute) or "").lower().split()[:3]:
            if name not in head.meta and len(head.meta) >= _MAX_NAMES:
                return
            values = head.meta.setdefault(name, [])
            if value and len(values) < _MAX_VALUES:
                values.append(value)


def _link(head: Head, element: HtmlElement) -> None:
    rels = frozenset((element.get("rel") or "").lower().split())
    if rels and len(head.links) < 400 and (href := resolve(head.base, element.get("href") or "")):
        head.links.append((rels, href, {"hreflang": element.get("hreflang") or "", "type": element.get("type") or ""}))


def _prop(head: Head, element: HtmlElement) -> None:
    told = f"{element.get('itemprop') or ''} {element.get('property') or ''}"[:200].lower().split()
    wanted = dict.fromkeys(_WANTED_PROPS.get(name.rsplit("/", 1)[-1].rsplit(":", 1)[-1], "") for name in told)
    wanted.pop("", None)
    if not wanted or in_comment(element):
        return
    for name in wanted:
        values = head.props.setdefault(name, [])
        if len(values) < _MAX_VALUES:
            values.append(squeeze(_stated(element) or str(element.text_content()), 300))


def _stated(element: HtmlElement) -> str:
    """The value in an attribute; a title is one only where it is a date (Blogger's <abbr itemprop>)."""
    title = element.get("title") or ""
    return element.get("content") or element.get("datetime") or (title if _ISO_DAY.match(title) else "")
