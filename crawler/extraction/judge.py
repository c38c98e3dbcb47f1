"""Is this page an article at all? A conservative judge: where it doubts, the page stays one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml.html import HtmlElement

from crawler.extraction.head import Head, host_of
from crawler.extraction.jsonld import ARTICLE_TYPES, types
from crawler.extraction.lines import Line, running_words, words
from crawler.extraction.metadata import Metadata
from crawler.extraction.teasers import Teasers
from crawler.extraction.walls import Judgement, Scenery, wall
from crawler.items import SkipReason

MIN_WORDS = 40
"""The floor. A brief of two sentences has about 45 words; with fewer, five-word shingles have little to say."""
MIN_RUNNING = 25
"""Words in sentences or full lines: menus and dates alone are no article, however many."""

_GREETING = re.compile(
    r"^(?:hello world!?|hallo welt!?|bonjour tout le monde\s*!?|¡hola,? mundo!?|olá,? mundo!?|ciao mondo!?"
    r"|hallo wereld!?|привет,? мир!?|привіт,? світ!?|witaj,? świecie!?|merhaba dünya!?|世界，您好！?|أهلاً? بالعالم\s*!?"
    r"|hello world：.{0,20}|sample page"
    r"|beispiel-seite|page d.exemple|página de ejemplo|página de exemplo|пример страницы|örnek sayfa)$",
    re.IGNORECASE,
)
_WELCOME = re.compile(
    r"wordpress\b.{0,80}(?:first post|erster beitrag|premier article|primera entrada|primeiro post|primo articolo"
    r"|eerste bericht|первая запись|перший запис|pierwszy wpis|ilk yazınız)"
    r"|this is an example page\.|eine beispiel-?seite|une page d.exemple|una página de ejemplo|uma página de exemplo"
    r"|una pagina di esempio|een voorbeeldpagina|это пример страницы|bir örnek sayfa",
    re.IGNORECASE | re.DOTALL,
)
_SINGLE_CLASSES = frozenset(
    {"single", "single-post", "singular", "postid", "item-view", "node-type-article", "page-node-type-article"}
)


def judge(
    tree: HtmlElement, head: Head, metadata: Metadata, lines: Sequence[Line], scenery: Scenery
) -> Judgement | None:
    """Why the page is no article, None where it is one."""
    title = metadata.title.text
    is_article = bool(types(metadata.article) & ARTICLE_TYPES) or head.first("og:type").lower() == "article"
    classes = _body_classes(tree)
    count = sum(words(line.text) for line in lines)
    if _GREETING.match(title.strip()) and _WELCOME.search(" ".join(one.text for one in lines[:6])):
        return SkipReason.NOT_ARTICLE, f"the CMS's own page: {title[:60]}"
    if "error404" in classes and not is_article:
        return SkipReason.SOFT_404, head.title[:120]
    free = str(metadata.article.get("isAccessibleForFree")).lower() != "false"
    teasers = Teasers(tree, lines, is_article or bool(classes & _SINGLE_CLASSES))
    titles = _unnamed(" ".join((head.title, *metadata.headings[:2])), metadata.site_name, head.url)
    found = wall(tree, head, titles, lines, MIN_WORDS, is_article, free, scenery, teasers.all)
    if found is not None:
        return found
    if listing := teasers.listing(head, metadata, classes):
        return SkipReason.NOT_ARTICLE, listing
    if count < MIN_WORDS:
        return SkipReason.TOO_SHORT if count else SkipReason.EMPTY, f"{count} words"
    running = running_words(lines)
    if running < MIN_RUNNING and not any(line.kind == "table" for line in lines):
        return SkipReason.TOO_SHORT, f"{running} words of running text"
    return None


def _unnamed(titles: str, site_name: str | None, url: str) -> str:
    """The titles without the site's own names: one that is called "Studio 404" misses no page."""
    host = host_of(url)
    names = sorted({site_name or "", host, *host.split(".")[:-1]}, key=len, reverse=True)
    for name in names:
        if len(name) > 2:
            titles = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", " ", titles, flags=re.IGNORECASE)
    return titles


def _body_classes(tree: HtmlElement) -> frozenset[str]:
    body = tree.find("body")
    return frozenset((body.get("class") or "").lower().split()) if body is not None else frozenset()
