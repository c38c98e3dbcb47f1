"""Which CMS is this, and which methods will find its articles? Told from the front page, its headers, robots.txt."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import etree

from crawler.discovery.base import Fetched, Profile
from crawler.discovery.markup import base_of, decoded, one_line, parse_html, plain, text_of
from crawler.discovery.urls import host_name, normalise, resolve, same_site

MAX_SITEMAPS = 20
_FEED_TYPES = re.compile(r"application/(?:rss\+xml|atom\+xml|rdf\+xml|feed\+json)|text/xml")
_FEED_ADDRESS = re.compile(
    r"/(?:feed/?|rss/?|rss2/?|atom/?|(?:rss|feed|atom|index)\.(?:xml|rss|json|php))$|[?&]feed=rss2?$", re.IGNORECASE
)
_COMMENTS = re.compile(
    r"/comments/feed|comments?[-_]?feed|feed=comments|/feeds/\d+/comments|/feeds/comments", re.IGNORECASE
)
_WORDPRESS = re.compile(rb"/wp-(?:content|includes)/|\?rest_route=|/wp-json/", re.IGNORECASE)
_BLOGGER = re.compile(
    rb"www\.blogger\.com/|\.bp\.blogspot\.com|blogger\.googleusercontent|/feeds/posts/(?:default|summary)",
    re.IGNORECASE,
)
_FEED_PLACES = ("/feed/", "/rss.xml", "/feed.xml", "/index.xml", "/atom.xml", "/rss/", "/rss")
_SITEMAP_PLACES = ("/sitemap.xml", "/sitemap_index.xml", "/wp-sitemap.xml", "/sitemap-index.xml")
_NO_NAMES = {"", "home", "homepage", "home page", "home-page", "index", "start", "welcome", "news", "latest news",
             "accueil", "startseite", "inicio", "início", "ana sayfa", "главная", "الرئيسية",
             "首页", "ホーム"}  # fmt: skip
_SHELL_ROOT = re.compile(
    r"(?:root|app|__next|__nuxt|___gatsby|main|svelte|react-?root|q-app|app-?root|ember\d*|mount)", re.IGNORECASE
)


def recognise(front: Fetched, robots: Fetched | None, known: Profile | None = None) -> dict[str, Any]:
    """The profile of a site. With `known`, an earlier profile, what its methods remember is kept.

    `front` is the answer to the front page (of a browser, where a site needs one), `robots` the one to /robots.txt.
    """
    root = parse_html(front.body, front.headers.get("content-type", ""))
    facts = _Facts(front, root)
    cms = facts.cms()
    methods: dict[str, dict[str, Any]] = {"listing": {"front": normalise(front.url)}}
    if cms == "wordpress":
        methods["wordpress"] = {"api": facts.rest_api()}
    if cms == "blogger":
        methods["blogger"] = {"feed": normalise(urljoin(front.url, "/feeds/posts/default"))}
    feeds = facts.feeds()
    methods["feed"] = {"urls": {url: {} for url in feeds}} if feeds else {"probes": facts.feed_places(cms)}
    maps = sitemaps_of(robots)
    methods["sitemap"] = {"roots": {url: {} for url in maps}} if maps else {"probes": facts.sitemap_places()}
    profile = {
        "methods": methods, "cms": cms, "generator": facts.generator(), "names": facts.names(),
        "language": facts.language(), "shell": facts.is_shell(), "front": normalise(front.url),
    }  # fmt: skip
    return _kept(profile, known) if known else profile


def _kept(profile: dict[str, Any], known: Profile) -> dict[str, Any]:
    """What is remembered stands; what is newly seen is added to it, and what had died has another chance."""
    for name, cursor in (known.get("methods") or {}).items():
        new = profile["methods"].get(name, {})
        merged = {**cursor, **new} if cursor.get("misses") else {**new, **cursor}
        merged.pop("misses", None)
        merged.pop("dead", None)
        for key in ("urls", "roots"):
            if new.get(key):
                merged[key] = {**new[key], **(cursor.get(key) or {})}
        profile["methods"][name] = merged
    return {**known, **{key: value for key, value in profile.items() if value not in (None, [], "")}}


def sitemaps_of(robots: Fetched | None) -> list[str]:
    """The Sitemap lines of a robots.txt; none where a site answers with its home page instead."""
    if robots is None or robots.status != 200:
        return []
    text = decoded(robots.body[:512_000], robots.headers.get("content-type", ""))
    if text.lstrip("\ufeff \t\r\n").startswith("<"):
        return []
    lines = re.findall(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", text, re.IGNORECASE | re.MULTILINE)
    found = (resolve(robots.url, line) for line in lines)
    own = [url for url in dict.fromkeys(found) if url]
    here = [url for url in own if same_site(url, robots.url)]
    return (here or own)[:MAX_SITEMAPS]


class _Facts:
    """What one front page tells."""

    def __init__(self, front: Fetched, root: etree._Element | None) -> None:
        self.front, self.root = front, root
        self.base = base_of(root, front.url) if root is not None else front.url
        self.body = front.body[:2_000_000]

    def _elements(self, *names: str) -> Iterator[etree._Element]:
        return iter(()) if self.root is None else self.root.iter(*names)

    def _meta(self, *names: str) -> str:
        for meta in self._elements("meta"):
            if (meta.get("name") or meta.get("property") or "").strip().lower() in names:
                return one_line(meta.get("content") or "", 200)
        return ""

    def generator(self) -> str | None:
        return self._meta("generator") or None

    def cms(self) -> str | None:
        generator = self._meta("generator").lower()
        if generator.startswith("wordpress") or self._rest_link():
            return "wordpress"
        if generator.startswith("blogger") or len(set(_BLOGGER.findall(self.body))) >= 2:
            return "blogger"
        if any(urlsplit(url).path.startswith("/feeds/posts/") for url in self._alternates()):
            return "blogger"
        own = host_name(self.front.url).encode()
        marks = [found.start() for found in _WORDPRESS.finditer(self.body)]
        near = (self.body[max(0, at - 200) : at] for at in marks[:50])
        return "wordpress" if any(own in text or not re.search(rb"//[^/\"']*$", text) for text in near) else None

    def _rest_link(self) -> str:
        header = re.search(r"<([^>]+)>\s*;\s*rel=\"?https://api\.w\.org/", self.front.headers.get("link", ""))
        if header:
            return header[1]
        links = (one for one in self._elements("link") if "https://api.w.org/" in (one.get("rel") or ""))
        return next((one.get("href") or "" for one in links), "")

    def rest_api(self) -> str:
        """The base of the REST interface; the form that works wherever there is one, where none is told."""
        told = resolve(self.base, self._rest_link())
        if told and same_site(told, self.front.url):
            return told if "rest_route=" in told or told.endswith("/") else told + "/"
        return normalise(urljoin(self.front.url, "/?rest_route=/"))

    def _alternates(self) -> Iterator[str]:
        for link in self._elements("link"):
            kind = (link.get("type") or "").strip().lower()
            is_feed = "alternate" in (link.get("rel") or "").lower() and _FEED_TYPES.search(kind)
            if is_feed and (url := resolve(self.base, link.get("href") or "")):
                yield url

    def feeds(self) -> list[str]:
        """The feeds of articles that the page declares, else those that it links to."""
        linked = (resolve(self.base, one.get("href") or "") for one in self._elements("a"))
        own = (url for url in linked if url and same_site(url, self.front.url))
        found = list(self._alternates()) or [url for url in own if _FEED_ADDRESS.search(url)]
        found = [url for url in dict.fromkeys(found) if not _COMMENTS.search(url)]
        kinds = [url for url in found if not re.search(r"/atom/?$|feed=atom|/rdf/?$|alt=rss", url)]
        return (kinds or found)[:3]

    def feed_places(self, cms: str | None) -> list[str]:
        places = ["/?feed=rss2", *_FEED_PLACES] if cms == "wordpress" else list(_FEED_PLACES)
        return [normalise(urljoin(self.front.url, place)) for place in places]

    def sitemap_places(self) -> list[str]:
        links = (one.get("href") or "" for one in self._elements("link") if one.get("rel") == "sitemap")
        told = [url for link in links if (url := resolve(self.base, link))]
        usual = [normalise(urljoin(self.front.url, place)) for place in _SITEMAP_PLACES]
        return list(dict.fromkeys([*told, *usual]))

    def names(self) -> list[str]:
        """What the site calls itself."""
        pieces = re.split(r"\s+[|–—»·-]\s+|\s*[|｜]\s*", text_of(next(self._elements("title"), None)))
        title = next((piece for piece in pieces if plain(piece).casefold() not in _NO_NAMES), "")
        said = (plain(name)[:100] for name in (self._meta("og:site_name"), self._meta("application-name"), title))
        return list(dict.fromkeys(name for name in said if name))

    def language(self) -> str | None:
        html = next(self._elements("html"), None)
        said = (html.get("lang") or html.get("xml:lang") or "") if html is not None else ""
        code = re.match(r"[A-Za-z]{2,3}", said or self._meta("og:locale", "content-language"))
        return code[0].lower() if code else None

    def is_shell(self) -> bool:
        """Whether there is nothing to read before scripts have run."""
        links = {resolve(self.base, one.get("href") or "") for one in self._elements("a")}
        own = [url for url in links if url and same_site(url, self.front.url)]
        scripts = sum(1 for _ in self._elements("script"))
        if len(own) > 3 or not scripts or self.root is None:
            return False
        body = next(self._elements("body"), None)
        read = "" if body is None else " ".join(_visible(body))
        roots = (one.get("id") or "" for one in self._elements("div", "main"))
        return len(read) < 200 or (len(read) < 600 and any(_SHELL_ROOT.fullmatch(one) for one in roots))


def _visible(element: etree._Element) -> Iterator[str]:
    for one in element.iter():
        shown = isinstance(one.tag, str) and one.tag not in ("script", "style", "noscript", "template")
        if shown and (text := (one.text or "").strip()):
            yield text
        if one is not element and (tail := (one.tail or "").strip()):
            yield tail


def declared(
    profile: Mapping[str, Any], feeds: tuple[str, ...], sitemaps: tuple[str, ...]
) -> dict[str, dict[str, Any]]:
    """The methods' cursors with the lists that the operator declares."""
    methods = {name: dict(cursor) for name, cursor in (profile.get("methods") or {}).items()}
    for name, key, urls in (("feed", "urls", feeds), ("sitemap", "roots", sitemaps)):
        if urls:
            cursor = methods.setdefault(name, {})
            cursor[key] = {**{normalise(url): {} for url in urls}, **(cursor.get(key) or {})}
    return methods
