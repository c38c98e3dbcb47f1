"""Sitemaps: page lists, indices, Google News, gzip, plain text; the ones robots.txt names and the usual places.

Cursor: {"roots": {URL: {"kind": "index" | "pages" | "news", "dated": bool, "misses": int}}, "live": [children that
change], "prints": {mark of a child: print of what it held}, "listed": articles that the children listed, "idle": int,
"changed": when a sheet changed, "news": [marks of children that hold only the newest], "probes": [...], "dead": [...]}.

An index whose children state when they changed costs one request at a quiet visit: a child is a link with
`modified`, read again when that changes. Where they state nothing, or what they state proved untrue, the youngest
children are polled in turns.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from crawler.discovery.base import Fetched, Found, Link, Visit
from crawler.discovery.markup import children, decoded, moment, name_of, plain, text_of, unzipped, xml_elements
from crawler.discovery.parameters import without
from crawler.discovery.shapes import no_article, says_article, without_amp_twins
from crawler.discovery.turnover import mark
from crawler.discovery.urls import resolve, same_site

NAME = "sitemap"

MAX_PAGES = 50_000
"""URLs in one file, by the protocol."""
MAX_CHILDREN = 50_000
OLD = timedelta(days=180)
"""A child that states no change for so long and brought nothing is left alone; dated sitemaps pile up."""
PATIENCE = 3
"""Visits in a row at which a sitemap that was there is missing before it is given up."""
_IDLE = 6
"""Re-reads in a row, each for a stated change, that found none: then the children's dates are not believed."""
_LIVE = 4
_PRINTS = 400

_NO_ARTICLES = re.compile(
    r"(?:^|[-_/.])(?:taxonomies|taxonomy|users?|authors?|categor(?:y|ies)|tags?|post_tag|pages?|posts-page|attachments?"
    r"|products?|product_cat|videos?|images?|sections?|static|misc|topics?|archives?|elementor\w*|e-landing\w*|templates?|local|kml|locations?)"
    r"(?:[-_]?sitemap)?(?:[-_]?\d+)?(?:-[\w]+-\d+)?\.(?:xml|txt)(?:\.gz)?$",
    re.IGNORECASE,
)
"""Names by which WordPress, Yoast, Rank Math and others call the children that hold no articles."""


def seeds(visit: Visit) -> list[Link]:
    """The site's sitemaps, and the child to poll where an index does not tell which has changed; before one is known,
    the first place where one may be."""
    roots: Mapping[str, Any] = visit.cursor.get("roots") or {}
    live = list(visit.cursor.get("live") or ())
    if not roots:
        return _probe(visit.cursor.get("probes") or ())
    lists = [Link(url, "list", NAME, poll=True) for url in _ordered(roots)]
    believed = all(root.get("kind") != "index" or root.get("dated") for root in roots.values())
    if visit.first or believed or not live:
        return lists
    polled = [Link(url, "list", NAME, poll=True) for url in live]
    return [polled[0], *lists, *polled[1:]]


def lists_all(cursor: Mapping[str, Any]) -> bool:
    """Whether sitemaps that are not only of the newest have shown articles."""
    roots = (cursor.get("roots") or {}).values()
    return bool(cursor.get("listed")) or any(root.get("kind") == "pages" and root.get("listed") for root in roots)


def _ordered(roots: Mapping[str, Any]) -> list[str]:
    """News first: they are small, and hold the newest."""
    return sorted(roots, key=lambda url: ("news", "pages", "index").index(roots[url].get("kind") or "pages"))


def _probe(places: Sequence[str]) -> list[Link]:
    return [Link(place, "list", NAME, poll=True, probe=True) for place in places[:1]]


def read(fetched: Fetched, visit: Visit) -> Found:
    """What one sitemap lists: articles, or further sitemaps."""
    if fetched.status >= 500 or fetched.status in (304, 429):
        return Found()
    memory = _Memory(visit, fetched)
    sheet = _parse(fetched) if fetched.status < 400 else None
    if sheet is None:
        return Found((), tuple(_probe(memory.miss())), cursor=memory.changed(), note="no sitemap here")
    if visit.idle:
        sheet = replace(sheet, entries=tuple(replace(one, url=without(one.url, visit.idle)) for one in sheet.entries))
    memory.saw(sheet)
    if sheet.kind == "index":
        return _index(sheet, fetched, visit, memory)
    return _pages(sheet, visit, memory)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One sitemap as it stands; URLs are resolved."""

    kind: str
    entries: tuple[Link, ...]


def _parse(fetched: Fetched) -> _Sheet | None:
    body = unzipped(fetched.body)
    content_type = fetched.headers.get("content-type", "")
    head = body[:3000].lower()
    if b"<html" in head or b"<!doctype html" in head:
        return None
    if b"<" not in head:
        return _text_sheet(decoded(body, content_type), fetched.url)
    entries: list[Link] = []
    kinds: Counter[str] = Counter()
    for element in xml_elements(body, ("url", "sitemap", "item", "entry"), content_type):
        if not (name := name_of(element)) or len(entries) >= MAX_PAGES:
            break
        found = list(_entry(element, fetched.url))
        entries += found
        kinds["news" if any(one.title for one in found) and name == "url" else name] += 1
    if not kinds and not re.search(rb"<(?:\w+:)?(?:urlset|sitemapindex|rss|feed)\b", head):
        return None
    kind = "index" if kinds["sitemap"] else "news" if kinds["news"] + kinds["item"] + kinds["entry"] else "pages"
    if not kinds and b"sitemapindex" in head:
        kind = "index"
    return _Sheet(kind, tuple(entries))


def _text_sheet(text: str, url: str) -> _Sheet | None:
    lines = [line.strip() for line in text.splitlines()[:MAX_PAGES]]
    links = [
        Link(found) for line in lines if line.startswith(("http://", "https://")) and (found := resolve(url, line))
    ]
    return _Sheet("pages", tuple(links)) if links else None


def _entry(element: etree._Element, base: str) -> Iterator[Link]:
    """One <url> or <sitemap> (or, in a feed used as sitemap, one entry), and its twins in other languages."""
    place = next(children(element, "loc"), None)
    if place is None:
        place = next(children(element, "link"), None)
    spelled = "" if place is None else text_of(place) or place.get("href") or ""
    url = resolve(base, spelled)
    if not url:
        return
    modified = moment(text_of(next(children(element, "lastmod"), None)))
    news = next(children(element, "news"), None)
    if news is None:
        yield Link(url, modified=modified)
    else:
        yield Link(
            url, title=plain(text_of(next(children(news, "title"), None))), modified=modified,
            published=moment(text_of(next(children(news, "publication_date"), None))), tags=_keywords(news),
        )  # fmt: skip
    for twin in children(element, "link"):
        if twin.get("hreflang") and (other := resolve(base, twin.get("href") or "")) and other != url:
            yield Link(other)


def _keywords(news: etree._Element) -> tuple[str, ...]:
    words = text_of(next(children(news, "keywords"), None)).split(",")
    return tuple(dict.fromkeys(word.strip()[:80] for word in words if word.strip()))[:20]


def _index(sheet: _Sheet, fetched: Fetched, visit: Visit, memory: _Memory) -> Found:
    listed = {one.url: one for one in sheet.entries if same_site(one.url, fetched.url) or same_site(one.url, visit.url)}
    useful = {url: one for url, one in listed.items() if not _NO_ARTICLES.search(urlsplit(url).path)} or listed
    dated = memory.dates_are_told(list(useful.values()))
    memory.found_children(list(useful), dated)
    more = [
        replace(one, kind="list", method=NAME, modified=one.modified if dated else None)
        for one in list(useful.values())[:MAX_CHILDREN]
        if visit.first or not (_is_stale(one, visit.now, memory) or _is_spare(one, useful.values(), memory))
    ]
    more.sort(key=lambda one: _natural(one.url), reverse=True)
    more.sort(key=lambda one: one.modified.timestamp() if one.modified else 0.0, reverse=True)
    return Found((), tuple(more), cursor=memory.changed())


def _is_stale(child: Link, now: datetime | None, memory: _Memory) -> bool:
    return bool(child.modified and now and now - child.modified > OLD and memory.brought_nothing(child.url))


def _is_spare(child: Link, others: Iterable[Link], memory: _Memory) -> bool:
    """A sitemap of the newest need not be read where another child, of all pages, has changed no earlier."""
    if not child.modified or mark(child.url) not in memory.news:
        return False
    return any(one.modified and one.modified >= child.modified and mark(one.url) not in memory.news for one in others)


def _natural(url: str) -> tuple[str, list[int]]:
    """Children of one family side by side, the one with the highest number or latest date last."""
    path = urlsplit(url).path + "?" + urlsplit(url).query
    return re.sub(r"\d+", "", path), [int(number) for number in re.findall(r"\d{1,12}", path)]


def _pages(sheet: _Sheet, visit: Visit, memory: _Memory) -> Found:
    links: dict[str, Link] = {}
    for one in sheet.entries:
        if same_site(one.url, visit.url) and not no_article(one.url):
            known = links.get(one.url)
            links[one.url] = one if known is None or (one.title and not known.title) else known
    kept = without_amp_twins(list(links)) - _sections(links)
    stamp = _build_stamp(list(links.values()))
    articles = tuple(
        replace(one, method=NAME, modified=None if one.modified == stamp else one.modified)
        for one in links.values()
        if one.url in kept
    )
    memory.print(sheet, len(articles))
    return Found(articles, whole=sheet.kind == "pages", cursor=memory.changed())


def _sections(urls: Iterable[str]) -> set[str]:
    """Those under which two or more of the others stand: `/world/` beside `/world/a` and `/world/b`."""
    listed = {url.rstrip("/"): url for url in urls}
    below: Counter[str] = Counter()
    for url in listed:
        parent = url.rpartition("/")[0]
        below.update({parent, parent.rpartition("/")[0]} & listed.keys())
    return {listed[url] for url, number in below.items() if number >= 2 and not says_article(urlsplit(url).path)}


def _build_stamp(entries: Sequence[Link]) -> datetime | None:
    """The one date that most entries share: when the site was built, not when they changed."""
    dates = Counter(one.modified for one in entries if one.modified)
    if not dates:
        return None
    date, times = dates.most_common(1)[0]
    return date if times >= 3 and times * 2 > len(entries) else None


class _Memory:
    """The cursor while it is read and rewritten, for one answer."""

    def __init__(self, visit: Visit, fetched: Fetched) -> None:
        cursor = visit.cursor
        self.before = dict(cursor)
        self.url = fetched.url
        self.asked = resolve(fetched.url, fetched.asked or fetched.url)
        self.roots: dict[str, dict[str, Any]] = {url: dict(one) for url, one in (cursor.get("roots") or {}).items()}
        self.live: list[str] = list(cursor.get("live") or ())
        self.prints: dict[str, str] = dict(cursor.get("prints") or {})
        self.probes: list[str] = list(cursor.get("probes") or ())
        self.dead: list[str] = list(cursor.get("dead") or ())
        self.idle = int(cursor.get("idle") or 0)
        self.listed = int(cursor.get("listed") or 0)
        self.news: list[str] = list(cursor.get("news") or ())
        self.at = str(cursor.get("changed") or "")
        self.now = visit.now.isoformat() if visit.now else ""

    def is_root(self) -> bool:
        return self.asked in self.roots or self.asked in self.probes or self.url in self.roots

    def saw(self, sheet: _Sheet) -> None:
        if not self.is_root():
            return
        root = self.roots.pop(self.asked, {})
        self.probes = []
        self.roots[self.url] = {**self.roots.get(self.url, {}), **root, "kind": sheet.kind}
        self.roots[self.url].pop("misses", None)

    def miss(self) -> list[str]:
        """There was no sitemap at this place. Returns the places still to be tried."""
        if self.is_root():
            root = self.roots.get(self.asked, {})
            misses = root.get("misses", 0) + 1
            if root.get("kind") and misses < PATIENCE:
                self.roots[self.asked] = root | {"misses": misses}
            else:
                self.roots.pop(self.asked, None)
                self.dead = [*dict.fromkeys([*self.dead, self.asked])][-20:]
        self.live = [child for child in self.live if child != self.asked]
        self.probes = [place for place in self.probes if place not in self.dead]
        return [] if self.roots else self.probes

    def dates_are_told(self, listed: Sequence[Link]) -> bool:
        """Whether the children of an index truly say when they changed."""
        stated = [one.modified for one in listed if one.modified]
        if len(stated) * 2 < len(listed) or not stated or self.idle >= _IDLE:
            return False
        return len(listed) <= 3 or len(set(stated)) > 1

    def found_children(self, listed: Sequence[str], dated: bool) -> None:
        root = self.roots.setdefault(self.url, {"kind": "index"})
        root["dated"] = dated
        if dated:
            self.live = []
            return
        families: dict[str, str] = {}
        for url in sorted(listed, key=_natural):
            families[_natural(url)[0]] = url
        youngest = sorted(families.values(), key=_natural, reverse=True)
        known = [url for url in self.live if url in listed and url not in youngest]
        self.live = [*youngest, *known][:_LIVE]

    def print(self, sheet: _Sheet, count: int) -> None:
        """Remembers what a sheet held: a child that changed is polled first, and dates that told nothing are found
        out."""
        if self.is_root():
            self.roots[self.url]["listed"] = count
        elif mark(self.url) not in self.prints:
            self.listed += count
        said = "\n".join(f"{one.url} {one.modified}" for one in sheet.entries)
        now = mark(said) + ("" if count else "-")
        before = self.prints.pop(mark(self.url), None)
        self.prints[mark(self.url)] = now
        self.prints = dict(list(self.prints.items())[-_PRINTS:])
        if before != now:
            self.at = self.now
        if self.is_root():
            return
        if sheet.kind == "news":
            self.news = [*dict.fromkeys([*self.news, mark(self.url)])][-_LIVE:]
        if before == now:
            self.idle += 1
        elif before:
            self.idle = 0
            if self.url in self.live:
                self.live = [self.url, *(one for one in self.live if one != self.url)]

    def brought_nothing(self, child: str) -> bool:
        return self.prints.get(mark(child), "-").endswith("-")

    def changed(self) -> dict[str, Any] | None:
        cursor = {
            "roots": self.roots, "live": self.live, "prints": self.prints, "probes": self.probes, "dead": self.dead,
            "idle": self.idle, "listed": self.listed, "changed": self.at, "news": self.news,
        }  # fmt: skip
        kept = {key: value for key, value in cursor.items() if value}
        return kept if kept != self.before else None
