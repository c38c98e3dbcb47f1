"""Is this page an article at all? A conservative judge: where it doubts, the page stays one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.extraction.head import Head, host_of
from crawler.extraction.jsonld import ARTICLE_TYPES, types
from crawler.extraction.lines import Line, ends_sentence, words
from crawler.extraction.metadata import Metadata
from crawler.extraction.patterns import BROKEN_OFF
from crawler.extraction.walls import Judgement, Scenery, wall
from crawler.items import SkipReason

MIN_WORDS = 40
"""The floor. A brief of two sentences has about 45 words; with fewer, five-word shingles have little to say."""
MIN_RUNNING = 25
"""Words in sentences or full lines: menus and dates alone are no article, however many."""
_FULL_LINE = 15
_TEASER_LINE = 12
_MANY = 4

_GREETING = re.compile(
    r"^(?:hello world!?|hallo welt!?|bonjour tout le monde\s*!?|¡hola,? mundo!?|olá,? mundo!?|ciao mondo!?"
    r"|hallo wereld!?|привет,? мир!?|привіт,? світ!?|witaj,? świecie!?|merhaba dünya!?|世界，您好！?|أهلاً? بالعالم\s*!?"
    r"|hello world：.{0,20}|sample page"
    r"|beispiel-seite|page d.exemple|página de ejemplo|página de exemplo|пример страницы|örnek sayfa)$",
    re.IGNORECASE,
)
_WELCOME = re.compile(r"welcome to wordpress\b.{0,80}first post|this is an example page\.", re.IGNORECASE | re.DOTALL)
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
    if _GREETING.match(title.strip()) and (
        count < 2 * MIN_WORDS or _WELCOME.search(" ".join(one.text for one in lines[:6]))
    ):
        return SkipReason.NOT_ARTICLE, f"the CMS's own page: {title[:60]}"
    if "error404" in classes:
        return SkipReason.SOFT_404, head.title[:120]
    free = str(metadata.article.get("isAccessibleForFree")).lower() != "false"
    titles = " ".join((head.title, *metadata.headings[:2]))
    if (found := wall(tree, head, titles, lines, MIN_WORDS, is_article, free, scenery)) is not None:
        return found
    if not is_article and not classes & _SINGLE_CLASSES and (listing := _listing(tree, head, metadata, lines, classes)):
        return SkipReason.NOT_ARTICLE, listing
    if count < MIN_WORDS:
        return SkipReason.TOO_SHORT if count else SkipReason.EMPTY, f"{count} words"
    running = sum(words(line.text) for line in lines if ends_sentence(line.text) or words(line.text) >= _FULL_LINE)
    if running < MIN_RUNNING and not any(line.kind == "table" for line in lines):
        return SkipReason.TOO_SHORT, f"{running} words of running text"
    return None


def _body_classes(tree: HtmlElement) -> frozenset[str]:
    body = tree.find("body")
    return frozenset((body.get("class") or "").lower().split()) if body is not None else frozenset()


def _listing(
    tree: HtmlElement, head: Head, metadata: Metadata, lines: Sequence[Line], classes: frozenset[str]
) -> str | None:
    """Why a page that does not call itself an article is a list of articles, or a front page."""
    if any(pair <= classes for pair in _LISTING_PAIRS):
        return "a listing by its body classes"
    teasers = _teasers(lines)
    if teasers <= 0.3 and not _many_articles(tree):
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
    return "a list of teasers" if teasers > 0.5 and _many_articles(tree) else None


def _is_front(address: str) -> bool:
    parts = urlsplit(address)
    return not parts.query and parts.path.lower() in ("", "/", "/index.html", "/index.php", "/index.htm", "/home")


def _many_articles(tree: HtmlElement) -> bool:
    """Several blocks, each an <article>, an hentry or a post, that hold a linked heading each."""
    found = 0
    for element in tree.iter("article", "div", "li"):
        classes = (element.get("class") or "").split()
        if element.tag != "article" and "hentry" not in classes and "post" not in classes:
            continue
        heading = next(element.iter("h1", "h2", "h3", "h4"), None)
        parent = heading.getparent() if heading is not None else None
        if heading is not None and (heading.find(".//a") is not None or (parent is not None and parent.tag == "a")):
            found += 1
    return found >= _MANY


def _teasers(lines: Sequence[Line]) -> float:
    """The share of lines that break off or are short: teasers end in "…" or "Read more", headings are short."""
    broken = sum(1 for line in lines if BROKEN_OFF.search(line.text) or words(line.text) < _TEASER_LINE)
    return broken / len(lines) if lines else 0.0
