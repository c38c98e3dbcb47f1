"""Lists of articles: pages whose body is teasers of others. Where there is an article too, the page is one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.extraction.head import Head, host_of
from crawler.extraction.jsonld import types
from crawler.extraction.lines import Line, running_words, words
from crawler.extraction.metadata import Metadata
from crawler.extraction.patterns import BROKEN_OFF

_BODY_WORDS = 150
"""Words in sentences that a page has which is more than a list."""
_TEASER_LINE = 12
_MANY = 4
_MOST = 60
_LISTING_PATH = re.compile(
    r"/(?:category|tags?|authors?|topics?|page/\d+|archives?|search|label|rubrik|kategorie|categoria|etiqueta|feed)(?:/|$)",
    re.IGNORECASE,
)
_LISTING_TYPES = frozenset(
    {"collectionpage", "searchresultspage", "itemlist", "profilepage", "contactpage", "aboutpage"}
)
_LISTING_CLASSES = frozenset(
    {"archive", "category", "tag", "search", "author", "home", "blog", "search-results", "search-no-results"}
)
_LISTING_PAIRS = tuple(
    frozenset(pair)
    for pair in (
        {"home", "blog"}, {"archive", "category"}, {"archive", "tag"}, {"archive", "author"}, {"archive", "date"},
        {"search", "search-results"},
    )
)  # fmt: skip
"""Classes that WordPress gives together to its lists."""


class Teasers:
    """What in a page's lines is teasers. `stated`: the page calls itself an article, and is believed."""

    def __init__(self, tree: HtmlElement, lines: Sequence[Line], stated: bool) -> None:
        self._tree, self._lines, self._stated = tree, lines, stated

    @cached_property
    def all(self) -> bool:
        """Whether most of the text stands in blocks with a linked heading each, and not most of that in one."""
        if self._stated or len(self._blocks) < _MANY:
            return False
        inside = [0] * len(self._blocks)
        total = 0
        for line in self._lines:
            key, count = _key(line.text), words(line.text)
            total += count
            at = next((at for at, block in enumerate(self._blocks) if key in block), None)
            if at is not None:
                inside[at] += count
        return sum(inside) - max(inside) >= 0.5 * total

    def listing(self, head: Head, metadata: Metadata, classes: frozenset[str]) -> str | None:
        """Why a page that does not call itself an article is a list of articles, or a front page."""
        if self._stated:
            return None
        if any(pair <= classes for pair in _LISTING_PAIRS):
            return "a listing by its body classes"
        if not self.all and (self._share <= 0.3 or self._has_body()):
            return None
        if classes & _LISTING_CLASSES:
            return f"a listing by its body class {min(classes & _LISTING_CLASSES)}"
        if _is_front(head.url):
            return "the front page"
        named = head.link("canonical") or head.first("og:url")
        if named and _is_front(named) and host_of(named) == host_of(head.url):
            return "the front page under another address"
        if _LISTING_PATH.search(urlsplit(head.url).path):
            return "a listing by its address"
        stated = {kind for node in metadata.nodes for kind in types(node)}
        if stated & _LISTING_TYPES:
            return "a listing by its JSON-LD type"
        return "a list of teasers" if self._share > 0.5 and len(self._blocks) >= _MANY else None

    @cached_property
    def _share(self) -> float:
        """The share of lines that break off or are short: teasers end in "…" or "Read more", headings are short."""
        broken = sum(1 for line in self._lines if BROKEN_OFF.search(line.text) or words(line.text) < _TEASER_LINE)
        return broken / len(self._lines) if self._lines else 0.0

    def _has_body(self) -> bool:
        """Running text of some length, half of the page or more, with few linked headings in it."""
        running = running_words(line for line in self._lines if BROKEN_OFF.search(line.text) is None)
        if running < _BODY_WORDS or running < 0.5 * sum(words(line.text) for line in self._lines):
            return False
        linked = sum(1 for line in self._lines if _key(line.text) in self._linked_headings)
        return linked < _MANY or linked < 0.2 * len(self._lines)

    @cached_property
    def _linked_headings(self) -> set[str]:
        headings = self._tree.iter("h1", "h2", "h3", "h4")
        return {_key(str(one.text_content())[:2000]) for one in headings if _is_linked(one)}

    @cached_property
    def _blocks(self) -> list[str]:
        """Folded texts of the innermost blocks, each an <article>, an hentry or a post, that have a linked heading."""
        found: dict[HtmlElement, str] = {}
        for element in self._tree.iter("article", "div", "li"):
            classes = (element.get("class") or "").split()
            if element.tag != "article" and "hentry" not in classes and "post" not in classes:
                continue
            heading = next(element.iter("h1", "h2", "h3", "h4"), None)
            if heading is not None and _is_linked(heading):
                for outer in element.iterancestors("article", "div", "li"):
                    found.pop(outer, None)
                found[element] = _key(str(element.text_content())[:100_000])
            if len(found) >= _MOST:
                break
        return list(found.values())


def _is_linked(heading: HtmlElement) -> bool:
    """A heading that leads to a page: links to a place on this one are the heading's own address."""
    parent = heading.getparent()
    links = [*heading.iter("a"), *([parent] if parent is not None and parent.tag == "a" else [])]
    return any(not (link.get("href") or "#").startswith("#") for link in links)


def _key(text: str) -> str:
    return " ".join(text.lower().split())


def _is_front(address: str) -> bool:
    parts = urlsplit(address)
    return not parts.query and parts.path.lower() in ("", "/", "/index.html", "/index.php", "/index.htm", "/home")
