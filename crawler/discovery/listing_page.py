"""What a page that lists articles shows: which of its links are articles, which are sections, by its structure.

A link is an article by what is around it (a heading, a teaser's block among others of its kind, a time), by its
text, by the shape of its URL, and by what proved to be an article on this site; navigation, footers and short words
speak against it. Links of one kind stand in blocks of one kind: so a kind is judged as a whole, and then each link.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from crawler.discovery import pagination, patterns
from crawler.discovery.base import Fetched, Link
from crawler.discovery.markup import base_of, moment, name_of, one_line, parse_html, plain, text_of
from crawler.discovery.shapes import no_article, says_article, without_amp_twins
from crawler.discovery.urls import normalise, resolve, same_site

MAX_ANCHORS = 5000
"""Links of one page that are looked at."""
THRESHOLD = 3.0
_PROOF = 6.0
"""What proved to be an article (or none) on this site outweighs what a link looks like."""

_TEASER = re.compile(
    r"\b(?:post|entry|article|card|story|stories|item|teaser|headline|news|title|blog|hentry|loop)s?\b"
)
_ASIDE = re.compile(
    r"\b(?:nav|navbar|navigation|menu|breadcrumbs?|footer|header-top|topbar|social|share|sharing|pagination|pager|paging"
    r"|tagcloud|tags|tag-links|cat-links|byline|author|comments?|comment-\w+|widget_(?:categories|archive|tag_cloud|meta|pages"
    r"|nav_menu|recent_comments)|calendar|cookie|login|lang(?:uage)?-?(?:switcher)?|sponsor(?:ed)?|advert\w*|ads?|promo)\b"
)
_SECTION = re.compile(r"/(?:category|categories|sections?|topics?|kategorien?|rubriken?|rubrique|sekce)/[^/]+/?$")
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_KEEP_UP = 6


@dataclass(slots=True)
class Shown:
    """One URL on the page, with the best of what all links to it say."""

    url: str
    text: str = ""
    score: float = 0.0
    aside: bool = True
    """Every link to it stands in navigation, a footer, a byline."""
    kinds: set[str] = field(default_factory=set)
    published: datetime | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """What one listing says. `sections`: pages that may list more; `following`: the next page of this one."""

    articles: tuple[Link, ...] = ()
    sections: tuple[str, ...] = ()
    following: str = ""
    links: int = 0


def parse(fetched: Fetched, site: str, learned: patterns.Patterns) -> Listing | None:
    """The listing in this answer; None where it is no HTML."""
    root = parse_html(fetched.body, fetched.headers.get("content-type", ""))
    if root is None:
        return None
    base = base_of(root, fetched.url)
    shown = _shown(root, base, site)
    shown.pop(normalise(fetched.url), None)
    for one in shown.values():
        one.score += _url_score(one.url) + _PROOF * patterns.opinion(learned, one.url)
    _judge_by_kind(list(shown.values()))
    stated = _stated(root, base, site)
    chosen = {
        url: one
        for url, one in shown.items()
        if not no_article(url)
        and not pagination.is_page(url, fetched.url)
        and (one.score >= THRESHOLD or url in stated)
    }
    kept = without_amp_twins(list(chosen))
    articles = [Link(one.url, title=one.text, published=one.published) for one in chosen.values() if one.url in kept]
    articles += [Link(url, title=title) for url, title in stated.items() if url not in shown and not no_article(url)]
    return Listing(
        articles=tuple(articles),
        sections=tuple(_sections(shown, chosen, fetched.url)) + tuple(_languages(root, base, site)),
        following=pagination.next_page(root, fetched.url, base),
        links=len(shown),
    )


def _shown(root: etree._Element, base: str, site: str) -> dict[str, Shown]:
    found: dict[str, Shown] = {}
    for anchor, _ in zip(root.iter("a"), range(MAX_ANCHORS), strict=False):
        url = resolve(base, anchor.get("href") or "")
        if not url or not same_site(url, site):
            continue
        one = found.setdefault(url, Shown(url))
        place = _Place(anchor)
        text = text_of(anchor) or one_line(anchor.get("title") or anchor.get("aria-label") or "")
        score = place.score() + _text_score(text)
        if score > one.score or not one.kinds:
            one.score = max(score, one.score) if one.kinds else score
        if len(text) > len(one.text) and not _says_more(text):
            one.text = text
        one.aside = one.aside and place.aside
        one.kinds.add(place.kind)
        one.published = one.published or place.published
    return found


def _says_more(text: str) -> bool:
    return len(text) < 40 and bool(
        re.search(r"\b(?:read|continue|more|weiter|mehr|lire|leer|читать|далее)\b", text.lower())
    )


class _Place:
    """Where a link stands: the names of what is around it, up to the block that is repeated."""

    def __init__(self, anchor: etree._Element) -> None:
        self.heading = self.teaser = self.aside = False
        self.published: datetime | None = None
        steps: list[str] = []
        element, depth = anchor.getparent(), 0
        self.heading = any(name_of(child) in _HEADINGS for child in anchor.iter())
        while element is not None and depth < 12:
            name = name_of(element)
            said = f"{element.get('class') or ''} {element.get('id') or ''}".lower()[:300]
            if name in ("nav", "footer") or (
                _ASIDE.search(said.replace("_", "-")) and name not in ("body", "html", "main")
            ):
                self.aside = True
            self.heading = self.heading or (name in _HEADINGS and depth < 3)
            if name in ("body", "html"):
                break
            if depth < _KEEP_UP:
                steps.append(f"{name}.{(element.get('class') or '').split(' ')[0]}")
                if name == "article" or _TEASER.search(said):
                    self.teaser = True
                    self.published = self.published or _time_in(element)
            element, depth = element.getparent(), depth + 1
        self.kind = ">".join(steps)

    def score(self) -> float:
        return 2.0 * self.heading + 1.0 * self.teaser + 0.5 * (self.published is not None) - 2.5 * self.aside


_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5"})


def _time_in(block: etree._Element) -> datetime | None:
    """The one time that a block states; a block that states several is no teaser but a list of them."""
    times = [one for one, _ in zip(block.iter("time"), range(3), strict=False)]
    if len(times) != 1:
        return None
    return moment(times[0].get("datetime"))


def _text_score(text: str) -> float:
    words = len(text.split())
    if _WIDE.search(text):
        words = max(words, len(_WIDE.findall(text)) // 2)
    if words >= 5:
        return 1.5
    if words >= 3:
        return 0.75
    return -1.0 if 0 < words <= 2 and len(text) < 20 else 0.0


def _url_score(url: str) -> float:
    parts = urlsplit(url)
    if says_article(parts.path):
        return 2.0
    shape = patterns.template(url)
    last = shape.partition("?")[0].rstrip("/").rpartition("/")[2]
    if last.startswith(("S", "D", "H", "YMD")) or re.search(r"[?&](?:p|id|story|article|news\w*|nid|item)=D", shape):
        return 1.5
    return 0.5 if re.search(r"\.html?$|\.php$|\.aspx?$", parts.path) else -0.5


def _judge_by_kind(shown: list[Shown]) -> None:
    """Three or more links of one kind, or with URLs of one template, are judged together, as most of them look; and
    links of one kind whose URLs are of one template are all articles where most of them are."""
    shapes = {one.url: patterns.template(one.url) for one in shown}
    groups: dict[tuple[str, str], list[Shown]] = defaultdict(list)
    for one in shown:
        groups["", shapes[one.url]].append(one)
        for kind in one.kinds:
            groups[kind, ""].append(one)
            groups[kind, shapes[one.url]].append(one)
    raised: dict[str, float] = {}
    for (kind, shape), members in groups.items():
        if len(members) < 3:
            continue
        middle = median(one.score for one in members)
        for one in members:
            step = 1.0 if middle >= THRESHOLD else -0.5 if middle < 1.0 else 0.0
            if kind and shape and middle >= THRESHOLD:
                step = max(step, THRESHOLD - one.score)
            if not one.aside:
                raised[one.url] = max(step, raised.get(one.url, -1.0))
    for one in shown:
        one.score += raised.get(one.url, 0.0)


def _stated(root: etree._Element, base: str, site: str) -> dict[str, str]:
    """Articles that the page's JSON-LD lists (ItemList, Blog, CollectionPage)."""
    stated: dict[str, str] = {}
    for script, _ in zip(root.iter("script"), range(200), strict=False):
        if "ld+json" not in (script.get("type") or "") or len(script.text or "") > 500_000:
            continue
        try:
            data = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        for item in _listed(data, 0):
            url = resolve(base, item[0])
            if url and same_site(url, site):
                stated.setdefault(url, item[1])
    return stated


def _listed(data: Any, depth: int) -> Iterator[tuple[str, str]]:
    if depth > 8:
        return
    if isinstance(data, list):
        for one in data[:500]:
            yield from _listed(one, depth + 1)
    elif isinstance(data, Mapping):
        lists = "BreadcrumbList" not in str(data.get("@type")) and "SiteNavigation" not in str(data.get("@type"))
        for key in ("itemListElement", "blogPost", "blogPosts", "hasPart") if lists else ():
            members = data.get(key)
            for member in members[:500] if isinstance(members, list) else ():
                yield from _member(member)
        for key in ("@graph", "mainEntity"):
            if key in data:
                yield from _listed(data[key], depth + 1)


def _member(member: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(member, Mapping):
        return
    item = member.get("item")
    inner = item if isinstance(item, Mapping) else member
    url = inner.get("url") or inner.get("@id") or (item if isinstance(item, str) else "")
    title = inner.get("headline") or inner.get("name") or ""
    if isinstance(url, str) and url:
        yield url, plain(title) if isinstance(title, str) else ""


def _sections(shown: Mapping[str, Shown], chosen: Mapping[str, Shown], url: str) -> Iterator[str]:
    """Pages of the site that may list more: what navigation names in a word or two, and archives of categories."""
    for one in shown.values():
        path = urlsplit(one.url).path
        if one.url in chosen or pagination.number_of(one.url)[0] or not 0 < len(one.text) <= 40:
            continue
        reason = no_article(one.url)
        if (
            (reason == "cms" and _SECTION.search(path))
            or (
                not reason
                and one.aside
                and path.strip("/").count("/") <= 1
                and not urlsplit(one.url).query
                and one.url != url
            )
            or re.fullmatch(
                r"/(?:archives?|archiv|archivo|archivio|all|news|latest|blog)/?(?:index\.html?)?", path, re.IGNORECASE
            )
        ):
            yield one.url


def _languages(root: etree._Element, base: str, site: str) -> Iterator[str]:
    """The front pages, or listings, in this site's other languages."""
    for link in root.iter("link"):
        if "alternate" in (link.get("rel") or "") and link.get("hreflang"):
            url = resolve(base, link.get("href") or "")
            if url and same_site(url, site) and url.rstrip("/") != base.rstrip("/"):
                yield url
