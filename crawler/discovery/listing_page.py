"""What a page that lists articles shows: which of its links are articles, which are sections, by its structure.

`teasers` judges the links; here it is put together with what the page states in JSON-LD, its next page, its sections.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from crawler.discovery import pagination, patterns
from crawler.discovery.base import Fetched, Link
from crawler.discovery.markup import base_of, parse_html, plain
from crawler.discovery.parameters import without
from crawler.discovery.shapes import no_article, without_amp_twins
from crawler.discovery.teasers import THRESHOLD, Shown, guessed, shown_links
from crawler.discovery.urls import normalise, resolve, same_site

_SECTION = re.compile(r"/(?:category|categories|sections?|topics?|kategorien?|rubriken?|rubrique|sekce)/[^/]+/?$")


@dataclass(frozen=True, slots=True)
class Listing:
    """What one listing says. `sections`: pages that may list more; `following`: the next page of this one."""

    articles: tuple[Link, ...] = ()
    sections: tuple[str, ...] = ()
    following: str = ""
    links: int = 0

    def without(self, idle: Collection[str]) -> Listing:
        """The same, articles by their URLs without the parameters that say nothing. Of lists nobody knows what their
        parameters say: `cat` may say nothing of an article, and all of a section."""
        articles: dict[str, Link] = {}
        for link in self.articles:
            url = without(link.url, idle)
            articles.setdefault(url, replace(link, url=url))
        return replace(self, articles=tuple(articles.values()))


def parse(fetched: Fetched, site: str, learned: patterns.Patterns) -> Listing | None:
    """The listing in this answer; None where it is no HTML."""
    root = parse_html(fetched.body, fetched.headers.get("content-type", ""))
    if root is None:
        return None
    base = base_of(root, fetched.url)
    shown = shown_links(root, base, site, learned)
    shown.pop(normalise(fetched.url), None)
    stated = _stated(root, base, site)
    possible = {
        url: one for url, one in shown.items() if not no_article(url) and not pagination.is_page(url, fetched.url)
    }
    chosen = {url: one for url, one in possible.items() if one.score >= THRESHOLD or url in stated}
    if not learned.get("yes"):
        chosen |= {url: possible[url] for url in guessed(possible, chosen, learned)}
    kept = without_amp_twins(list(chosen))
    articles = [Link(one.url, title=one.text, published=one.published) for one in chosen.values() if one.url in kept]
    articles += [Link(url, title=title) for url, title in stated.items() if url not in shown and not no_article(url)]
    return Listing(
        articles=tuple(articles),
        sections=tuple(_sections(shown, chosen, fetched.url)) + tuple(_languages(root, base, site)),
        following=pagination.next_page(root, fetched.url, base),
        links=len(shown),
    )


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
