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
_ITEMPROPS = etree.XPath("//*[@itemprop][not(self::meta)]")
_WANTED_PROPS = frozenset(["datepublished", "datemodified", "datecreated", "author", "headline", "articlesection"])


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
    for element in tree.iter("meta", "link", "title", "time"):
        if element.tag == "meta":
            _meta(head, element)
        elif element.tag == "link":
            _link(head, element)
        elif element.tag == "time":
            if len(head.times) < _MAX_VALUES:
                head.times.append(((element.get("datetime") or "").strip()[:80], element))
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
    for name in (element.get("itemprop") or "").lower().split():
        if name in _WANTED_PROPS:
            values = head.props.setdefault(name, [])
            if len(values) < _MAX_VALUES:
                stated = element.get("content") or element.get("datetime") or ""
                values.append(squeeze(stated or str(element.text_content()), 300))
