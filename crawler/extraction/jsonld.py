"""JSON-LD as it is found: arrays, graphs, several objects in one script, comments, trailing commas, raw newlines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any

from lxml.html import HtmlElement

from crawler.items import plain

MAX_SCRIPT = 200_000
"""Characters. A longer block is a listing or a data dump and not worth its parsing (measured)."""
MAX_NODES = 400
"""Objects looked at on a page."""

ARTICLE_TYPES = frozenset(
    [
        "article",
        "newsarticle",
        "reportagenewsarticle",
        "analysisnewsarticle",
        "opinionnewsarticle",
        "backgroundnewsarticle",
        "asknewsarticle",
        "reviewnewsarticle",
        "satiricalarticle",
        "advertisercontentarticle",
        "liveblogposting",
        "blogposting",
        "socialmediaposting",
        "techarticle",
        "scholarlyarticle",
        "medicalscholarlyarticle",
        "report",
        "review",
        "criticreview",
        "discussionforumposting",
        "creativework",
        "webcontent",
    ]
)
_WEAK_TYPES = frozenset({"creativework", "webcontent", "review", "report"})

_WRAPPING = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)|(?:-->|//\s*\]\]>|\]\]>)\s*;?\s*$"
)
_TRAILING_COMMA = re.compile(r",(\s*[\]}])")
_FIELD = re.compile(
    r'"(datePublished|dateModified|headline|articleSection|isBasedOn|creditText)"\s*:\s*"((?:[^"\\]|\\.){1,500})"'
)

Node = Mapping[str, Any]


def nodes(tree: HtmlElement) -> list[Node]:
    """Every object of the page's JSON-LD with an @type, in the page's order, graphs flattened."""
    found: list[Node] = []
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        text = script.text or ""
        if 2 < len(text) <= MAX_SCRIPT:
            for value in _values(text):
                found.extend(_flatten(value, MAX_NODES - len(found)))
    return found


def types(node: Node) -> set[str]:
    """Lower-case type names without their vocabulary's address."""
    return {str(one).rsplit("/", 1)[-1].rsplit(":", 1)[-1].lower() for one in listed(node.get("@type"))}


def article(found: list[Node], same: frozenset[str], title: str) -> Node:
    """The node that describes this page: of an article's type, and of those the one that names this URL or title.

    `same` holds the addresses that mean this page (fetched, canonical); {} where there is no article node.
    """
    best: Node = {}
    best_score = 0.0
    for node in found:
        kinds = types(node) & ARTICLE_TYPES
        if not kinds:
            continue
        score = 1.0 if kinds <= _WEAK_TYPES else 2.0
        score += 2.0 * bool(same & {address.rstrip("/") for address in _addresses(node)})
        headline = text_of(node.get("headline") or node.get("name"))
        score += 1.5 * bool(headline and title and (headline in title or title in headline))
        score += 0.5 * bool(node.get("datePublished")) + 0.25 * bool(node.get("author"))
        if score > best_score:
            best, best_score = node, score
    return best


def listed(value: Any) -> list[Any]:
    """A value as a list: JSON-LD writes one thing bare and several as an array."""
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def text_of(value: Any) -> str:
    """The text of a string, of an object's name, or of the first of several."""
    for one in listed(value):
        if isinstance(one, str) and one.strip():
            return " ".join(plain(unescape(one)).split())
        if isinstance(one, Mapping) and (inner := text_of(one.get("name") or one.get("@value"))):
            return inner
    return ""


def date_of(value: Any) -> str:
    """What is stated as a date: a text, or seconds or milliseconds since 1970 as a number."""
    for one in listed(value):
        if isinstance(one, int | float) and not isinstance(one, bool):
            return str(one)[:30]
    return text_of(value)


def url_of(value: Any) -> str:
    """The address of a string, or of an object's url or @id."""
    for one in listed(value):
        if isinstance(one, str) and re.match(r"(?:https?:)?//|/", one.strip()):
            return plain(unescape(one)).strip()
        if isinstance(one, Mapping):
            for key in ("url", "@id", "contentUrl"):
                if inner := url_of(one.get(key)):
                    return inner
    return ""


def _addresses(node: Node) -> Iterator[str]:
    for key in ("url", "@id", "mainEntityOfPage"):
        if address := url_of(node.get(key)):
            yield address.split("#", 1)[0]


def _values(text: str) -> list[Any]:
    text = _WRAPPING.sub("", _WRAPPING.sub("", text)).strip().rstrip(";")
    for attempt in (text, _TRAILING_COMMA.sub(r"\1", text), unescape(text)):
        try:
            return [json.loads(attempt, strict=False)]
        except (ValueError, RecursionError):
            continue
    return _several(text) or _fields(text)


def _several(text: str) -> list[Any]:
    """Objects that stand one after the other, up to the first broken one."""
    decoder, at = json.JSONDecoder(strict=False), 0
    found: list[Any] = []
    while at < len(text) and len(found) < MAX_NODES:
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            break
        found.append(value)
        while at < len(text) and text[at] in " \t\r\n,;":
            at += 1
    return found


def _fields(text: str) -> list[Any]:
    """What can be saved of JSON that is broken for good: plain fields, the first of each."""
    saved: dict[str, Any] = {}
    for match in _FIELD.finditer(text):
        saved.setdefault(match[1], match[2].replace('\\"', '"').replace("\\/", "/"))
    names = re.search(r'"author"\s*:\s*[\[{][^\]}]{0,300}?"name"\s*:\s*"([^"]{2,100})"', text)
    if names is not None:
        saved["author"] = names[1]
    return [{"@type": "Article", **saved}] if saved else []


def _flatten(value: Any, room: int, depth: int = 0) -> list[Node]:
    if room <= 0 or depth > 6:
        return []
    found: list[Node] = []
    for one in listed(value):
        if not isinstance(one, Mapping):
            continue
        if "@type" in one:
            found.append(one)
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "hasPart", "itemReviewed"):
            inner = one.get(key)
            if isinstance(inner, list | Mapping):
                found.extend(_flatten(inner, room - len(found), depth + 1))
        if len(found) >= room:
            break
    return found[:room]
