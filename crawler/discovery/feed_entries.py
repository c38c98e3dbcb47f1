"""What stands in a feed: one shape for the entries of RSS 2.0, RSS 1.0, Atom and JSON Feed.

Elements are told by their local names, whatever namespace they claim: feeds in the wild forget to declare them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from lxml import etree

from crawler.discovery.base import Fetched
from crawler.discovery.markup import (
    children,
    decoded,
    moment,
    name_of,
    namespace_of,
    one_line,
    parse_xml,
    plain,
    text_of,
)  # fmt: skip

MAX_ENTRIES = 5000
"""Entries that are read of one page of a feed."""

_ROOT = re.compile(r"<(?:\w{1,20}:)?(?:rss|rdf|feed)[\s>]", re.IGNORECASE)
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as the feed states it; links are not resolved yet, `base` is what they are relative to."""

    link: str = ""
    guid: str = ""
    guid_is_link: bool = False
    original: str = ""
    """feedburner:origLink: the page behind a counting link."""
    base: str = ""
    title: str = ""
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    modified: datetime | None = None
    source: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a feed. `following` is the link to older entries; `numbered`: it takes `?paged=N`."""

    entries: tuple[Entry, ...] = field(default_factory=tuple)
    following: str = ""
    numbered: bool = False
    base: str = ""
    title: str = ""


def parse(fetched: Fetched) -> Page | None:
    """The feed in this answer, however broken; None where there is none."""
    text = decoded(fetched.body, fetched.headers.get("content-type", ""))
    if text[:2000].lstrip("\ufeff \t\r\n").startswith("{"):
        return _json_feed(text, fetched.url)
    start = _ROOT.search(text)  # a broken template, or a warning of PHP, may stand before it
    root = parse_xml(text[start.start() :].encode("utf-8", "replace")) if start else None
    return _xml_feed(root, fetched.url) if root is not None and name_of(root) in ("rss", "rdf", "feed") else None


def _xml_feed(root: etree._Element, url: str) -> Page:
    channel = next(children(root, "channel"), root)
    base = _based(channel, _based(root, url))
    links = [one for one in channel if name_of(one) == "link"]
    relations = {(one.get("rel") or "").lower(): (one.get("href") or "").strip() for one in reversed(links)}
    generator = text_of(next(children(channel, "generator"), None)).lower()
    return Page(
        entries=tuple(_entry(one, base) for one in _entry_elements(root)),
        following=relations.get("next") or relations.get("prev-archive") or "",
        numbered="wordpress" in generator,
        base=base,
        title=text_of(next(children(channel, "title"), None)),
    )


def _entry_elements(root: etree._Element) -> Iterator[etree._Element]:
    found = (one for one in root.iter() if name_of(one) in ("item", "entry"))
    return (one for one, _ in zip(found, range(MAX_ENTRIES), strict=False))


def _based(element: etree._Element, base: str) -> str:
    try:
        return urljoin(base, (element.get(_XML_BASE) or "").strip())
    except ValueError:
        return base


def _entry(element: etree._Element, base: str) -> Entry:
    parts: dict[str, list[etree._Element]] = {}
    for child in element:
        parts.setdefault(name_of(child), []).append(child)
    guid = text_of(_first(parts, "guid", "id")) or (element.get(_RDF_ABOUT) or "")
    says_link = (_first(parts, "guid", "id", default=element).get("isPermaLink") or "true").strip().lower() != "false"
    return Entry(
        link=_link(parts.get("link", ())),
        guid=guid,
        guid_is_link=says_link and guid.startswith(("http://", "https://")),
        original=text_of(_first(parts, "origlink")),
        base=_based(element, base),
        title=_title(parts.get("title", ())),
        authors=_authors(parts),
        published=_moment(parts, "pubdate", "published", "issued", "created", "date"),
        modified=_moment(parts, "updated", "modified"),
        source=_source(parts),
        tags=_tags(parts),
    )


_RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"


def _first(parts: Mapping[str, list[etree._Element]], *names: str, default: etree._Element | None = None) -> Any:
    return next((parts[name][0] for name in names if parts.get(name)), default)


def _link(links: Any) -> str:
    """RSS writes the link as text, Atom as an attribute; an enclosure is the picture, not the page."""
    texts = [text for one in links if (text := (one.text or "").strip()) and not one.get("href")]
    if texts:
        return texts[0]
    pages = [one for one in links if (one.get("rel") or "alternate").strip().lower() == "alternate" and one.get("href")]
    pages.sort(key=lambda one: "html" not in (one.get("type") or "html"))
    return (pages[0].get("href") or "").strip() if pages else ""


def _title(titles: Any) -> str:
    own = [one for one in titles if "media" not in namespace_of(one) and "mrss" not in namespace_of(one)]
    for one in own or titles:
        if title := plain("".join(str(part) for part in one.itertext(with_tail=False))):
            return title
    return ""


def _authors(parts: Mapping[str, list[etree._Element]]) -> tuple[str, ...]:
    names = [text_of(one) for one in parts.get("creator", ())]
    for one in parts.get("author", ()):
        name = text_of(next(children(one, "name"), None)) or text_of(one)
        mail, bracket, person = name.partition("(")  # RSS: address@host (Name)
        names.append(person.rstrip(") ") if bracket and "@" in mail else name)
    names = [plain(name)[:120] for name in names]
    return tuple(dict.fromkeys(name for name in names if name and "@" not in name))[:10]


def _moment(parts: Mapping[str, list[etree._Element]], *names: str) -> datetime | None:
    found = (moment(text_of(one)) for name in names for one in parts.get(name, ()))
    return next((one for one in found if one), None)


def _source(parts: Mapping[str, list[etree._Element]]) -> str:
    """<source url="…">, Atom's <source> with its link or title, rel=via, dc:source: a URL where one is given."""
    said: list[str] = []
    for one in parts.get("source", ()):
        links = list(children(one, "link"))
        linked = next((link.get("href") for link in links if (link.get("rel") or "alternate") == "alternate"), "")
        said += [one.get("url") or "", linked or "", text_of(next(children(one, "title"), None)), text_of(one)]
    via = (one for one in parts.get("link", ()) if (one.get("rel") or "").strip().lower() == "via")
    said = [one.get("href") or "" for one in via] + said
    said = [one_line(one) for one in said]
    return next((one for one in said if one.startswith(("http:", "https:"))), next((one for one in said if one), ""))


def _tags(parts: Mapping[str, list[etree._Element]]) -> tuple[str, ...]:
    elements = [*parts.get("category", ()), *parts.get("subject", ())]
    tags = [plain(text_of(one) or one.get("label") or one.get("term") or "")[:80] for one in elements]
    return tuple(dict.fromkeys(tag for tag in tags if tag))[:20]


def _json_feed(text: str, url: str) -> Page | None:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return None
    items = data.get("items") if isinstance(data, dict) else None
    if not isinstance(items, list) or not ("jsonfeed.org" in str(data.get("version")) or _has_links(items)):
        return None
    entries = tuple(_json_entry(item) for item in items[:MAX_ENTRIES] if isinstance(item, dict))
    return Page(entries, following=_string(data, "next_url"), base=url, title=plain(_string(data, "title")))


def _has_links(items: list[Any]) -> bool:
    return bool(items) and all(isinstance(item, dict) and isinstance(item.get("url"), str) for item in items)


def _json_entry(item: Mapping[str, Any]) -> Entry:
    people = item.get("authors") if isinstance(item.get("authors"), list) else [item.get("author")]
    names = [plain(_string(one, "name"))[:120] for one in people or () if isinstance(one, dict)]
    tags = item.get("tags")
    guid = str(item.get("id") or "")
    return Entry(
        link=_string(item, "url"),
        guid=one_line(guid),
        guid_is_link=guid.startswith(("http://", "https://")),
        title=plain(_string(item, "title")),
        authors=tuple(name for name in names if name)[:10],
        published=moment(_string(item, "date_published")),
        modified=moment(_string(item, "date_modified")),
        source=_string(item, "external_url"),
        tags=tuple(plain(tag)[:80] for tag in tags if isinstance(tag, str))[:20] if isinstance(tags, list) else (),
    )


def _string(data: Mapping[str, Any], key: str) -> str:
    value = data.get(key)
    return value.strip()[:5000] if isinstance(value, str) else ""
