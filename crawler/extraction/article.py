"""`extract`: one page in, one article or the reason why there is none."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypedDict, Unpack
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.discovery.base import Link
from crawler.discovery.urls import host_name
from crawler.extraction import clues as clue_reader
from crawler.extraction.body import lighten, read_body
from crawler.extraction.decode import decode
from crawler.extraction.head import Head, read_head
from crawler.extraction.judge import judge
from crawler.extraction.languages import language_of
from crawler.extraction.learned import Noise, Seen
from crawler.extraction.lines import Line, Markup, joined, read_markup
from crawler.extraction.metadata import Metadata, read_metadata, stated_language
from crawler.extraction.noise import clean
from crawler.extraction.parse import MAX_BYTES, TooLargeError, parse
from crawler.extraction.text_clues import text_clues
from crawler.extraction.walls import Scenery
from crawler.items import Article, Skip, SkipReason, plain

_NOT_HTML = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"Rar!",
    b"\x7fELF",
    b"RIFF",
    b"OggS",
    b"ID3",
    b"\x00\x00\x00\x18ftyp",
)
_HTML_TYPES = (
    "text/html",
    "application/xhtml",
    "text/plain",
    "application/xml",
    "text/xml",
    "application/octet-stream",
)
_FEED = re.compile(
    r"[\s\ufeff]*(?:<\?[^>]{0,500}>\s*|<!--.{0,1000}?-->\s*|<!DOCTYPE\s+(?!html)[^>]{0,300}>\s*){0,20}"
    r"<(?:rss|feed|rdf:RDF|urlset|sitemapindex|opml)[\s>]",
    re.IGNORECASE | re.DOTALL,
)
"""Feeds and sitemaps, which many servers call text/html."""
_CONTROLS = bytes({*range(1, 0x20)} - {0x09, 0x0A, 0x0C, 0x0D, 0x1B})
"""Escape is left out: ISO-2022-JP is full of it."""
MAX_TEXT = 500_000
"""Characters of an article."""
_MAX_VISIBLE = 2_000_000
"""Characters on the whole page: beyond, a body is not even looked for."""
_MAX_LINES = 5_000
_MAX_SCRIPTS = 200_000
_LEARNED_LENGTH = 300


class Known(TypedDict, total=False):
    """What is known of a page before it is read: the site's name; what discovery brought along; what the site has
    taught (`noise.brief()` where it is sent to another process); when it was fetched (now, where nobody says; dates
    ahead of it are not believed); what the site is called, as its front page has it first (such a name at the end of a
    title credits nobody)."""

    site: str | None
    hints: Link | None
    noise: Noise | None
    fetched_at: datetime | None
    names: Sequence[str]


@dataclass(frozen=True, slots=True)
class Page:
    """All that one page gave. `seen`, `theme` and `suffix` are what `Noise.observe` takes; `noindex` and `noarchive`
    what robots meta or X-Robots-Tag ask for, and the caller decides."""

    outcome: Article | Skip
    noindex: bool = False
    noarchive: bool = False
    seen: tuple[Seen, ...] = ()
    theme: str = ""
    suffix: str = ""


def extract(url: str, body: bytes, headers: Mapping[str, str] | None = None, **known: Unpack[Known]) -> Article | Skip:
    """The article of a page, or why there is none.

    `url` is the page's identity and is kept as it is. `headers` are the answer's, any case. Never raises on what a
    page says.
    """
    return read_page(url, body, headers, **known).outcome


def read_page(url: str, body: bytes, headers: Mapping[str, str] | None = None, **known: Unpack[Known]) -> Page:
    """`extract`, with what a crawl wants besides the article."""
    lowered = {str(name).lower(): str(value) for name, value in (headers or {}).items()}
    if (reason := _refused(body, lowered.get("content-type", ""))) is not None:
        return Page(Skip(url, *reason))
    text, _ = decode(body, lowered.get("content-type"))
    if _FEED.match(text):
        return Page(Skip(url, SkipReason.NOT_HTML, "a feed or a sitemap"))
    try:
        tree = parse(text)
    except TooLargeError as error:
        return Page(Skip(url, SkipReason.TOO_LARGE, str(error)))
    if tree is None:
        return Page(Skip(url, SkipReason.NOT_HTML, "no markup"))
    return _Reader(url, tree, lowered, len(text), known).read()


def _refused(body: bytes, content_type: str) -> tuple[SkipReason, str] | None:
    if len(body) > MAX_BYTES:
        return SkipReason.TOO_LARGE, f"{len(body)} bytes"
    if not body.strip():
        return SkipReason.EMPTY, "no bytes"
    kind = content_type.split(";", 1)[0].strip().lower()
    if kind and not kind.startswith(_HTML_TYPES):
        return SkipReason.NOT_HTML, plain(kind[:80])
    head = body[:4096]
    if body.startswith(_NOT_HTML) or _is_binary(head):
        return SkipReason.NOT_HTML, "a binary file"
    if b"<" not in head and head.lstrip()[:1] in (b"{", b"["):
        return SkipReason.NOT_HTML, "JSON"
    return None


def _is_binary(head: bytes) -> bool:
    """Zero bytes that are not UTF-16's, or more control characters than any text has."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False  # half of UTF-16's bytes look like controls
    zeros, controls = head.count(0), len(head) - len(head.translate(None, _CONTROLS))
    if controls > len(head) * 0.02:
        return True
    return zeros > len(head) // 3 and b"<\x00" not in head and b"\x00<" not in head


class _Reader:
    """The steps of reading one page, with what they share."""

    def __init__(self, url: str, tree: HtmlElement, headers: Mapping[str, str], size: int, known: Known) -> None:
        self.url, self.tree, self.headers, self.size = url, tree, headers, size
        self.hints, self.noise, self.now = known.get("hints"), known.get("noise"), known.get("fetched_at")
        self.site, self.names = known.get("site") or host_name(url), known.get("names", ())

    def read(self) -> Page:
        head = read_head(self.tree, self.url, self.size)
        noindex, noarchive = _robots(head, self.headers)
        if "challenge" in self.headers.get("cf-mitigated", ""):
            return Page(Skip(self.url, SkipReason.CAPTCHA, "cf-mitigated: challenge"), noindex, noarchive)
        now = self.now or datetime.now(UTC)
        metadata = read_metadata(self.tree, head, self.hints, self.noise, now, self.names)
        scenery = Scenery(_scripts(self.tree), _noscript(self.tree))
        found = clue_reader.read_clues(self.tree, head, self.headers, metadata, self.hints, scenery.scripts)
        markup = read_markup(self.tree)
        theme = _theme(head)
        lighten(self.tree)
        body = self.tree.find("body")
        if body is not None and (size := len(str(body.text_content()))) > _MAX_VISIBLE:
            return Page(Skip(self.url, SkipReason.TOO_LARGE, f"{size} characters of text"), noindex, noarchive)
        lines = read_body(self.tree)
        if (size := sum(len(line.text) for line in lines)) > MAX_TEXT or len(lines) > _MAX_LINES:
            detail = f"an article of {size} characters in {len(lines)} lines"
            return Page(Skip(self.url, SkipReason.TOO_LARGE, detail), noindex, noarchive)
        cleaned = clean(
            lines,
            markup,
            (metadata.title.text, *metadata.headings),
            self.noise,
            authors=metadata.authors,
            sites=[name for name in (metadata.site_name, metadata.title.theme_suffix, *self.names) if name],
        )
        seen = _seen(lines, markup)
        verdict = judge(self.tree, head, metadata, cleaned.kept, scenery)
        if verdict is not None:
            return Page(Skip(self.url, *verdict), noindex, noarchive, theme=theme)
        found += text_clues(self.tree, head, metadata, cleaned, markup)
        article = self._article(head, metadata, joined(cleaned.kept), found)
        return Page(article, noindex, noarchive, seen, theme, metadata.title.theme_suffix)

    def _article(self, head: Head, metadata: Metadata, text: str, found: list[clue_reader.Found]) -> Article:
        return Article(
            url=self.url,
            site=self.site,
            title=plain(metadata.title.text),
            text=plain(text),
            authors=metadata.authors,
            language=language_of(text, stated_language(head, metadata.article)),
            published_at=metadata.times.published,
            modified_at=metadata.times.modified,
            published_precision=metadata.times.precision,
            fetched_at=self.now,
            first_seen=self.now,
            section=metadata.section,
            tags=metadata.tags,
            image=next(iter(metadata.images), None),
            images=metadata.images,
            site_name=metadata.site_name,
            generator=metadata.generator,
            clues=clue_reader.bounded(found, self.url),
        )


def _robots(head: Head, headers: Mapping[str, str]) -> tuple[bool, bool]:
    stated = ",".join(
        [*head.meta.get("robots", ()), *head.meta.get("googlebot", ()), headers.get("x-robots-tag", "")]
    ).lower()
    none = re.search(r"\bnone\b", stated) is not None
    return none or "noindex" in stated, none or "noarchive" in stated


def _scripts(tree: HtmlElement) -> str:
    """A bounded sample of the scripts' sources and texts: for account ids and challenge marks."""
    pieces: list[str] = []
    size = 0
    for script in tree.iter("script", "ins"):
        if "ld+json" in (script.get("type") or ""):
            continue
        piece = f"{script.get('src') or ''} {script.get('data-ad-client') or ''} {(script.text or '')[:20_000]}"
        pieces.append(piece)
        size += len(piece)
        if size > _MAX_SCRIPTS:
            break
    return "\n".join(pieces)


def _noscript(tree: HtmlElement) -> str:
    return " ".join(str(one.text_content())[:1000] for one in list(tree.iter("noscript"))[:5])


def _theme(head: Head) -> str:
    """A mark of the site's theme that stays from page to page: the theme's folder, else the first style sheet."""
    sheets = [urlsplit(href).path for rels, href, _ in head.links if "stylesheet" in rels]
    for path in sheets:
        if match := re.search(r"/themes/([\w.-]+)", path):
            return match[1]
    return sheets[0] if sheets else ""


def _seen(lines: list[Line], markup: Markup) -> tuple[Seen, ...]:
    """The short lines of a body, for the site's noise to learn from."""
    short = (line.text for line in lines if len(line.text) <= _LEARNED_LENGTH and line.kind != "table")
    return tuple(dict.fromkeys((text, markup.lead(text)) for text in short))[:120]
