"""Title, people, times and the rest, from JSON-LD, meta, microdata, <time>, discovery's hints, in that order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.discovery.base import Link
from crawler.extraction import authors, headlines, jsonld, signatures
from crawler.extraction.head import Head, resolve, squeeze
from crawler.extraction.jsonld import Node, listed, text_of, url_of
from crawler.extraction.learned import Noise
from crawler.extraction.times import Times, read_times
from crawler.extraction.titles import Title

_AUTHORS = (
    "author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator", "dc:creator",
    "byl", "articleauthor", "citation_author", "cxenseparse:author", "og:article:author", "article.author",
    "mediator_author",
)  # fmt: skip
_SECTIONS = (
    "article:section",
    "parsely-section",
    "section",
    "og:article:section",
    "cxenseparse:category",
    "subsection",
    "article.section",
)
_TAGS = (
    "article:tag",
    "news_keywords",
    "parsely-tags",
    "keywords",
    "sailthru.tags",
    "og:article:tag",
    "cxenseparse:taglist",
)
_IMAGES = (
    "og:image:secure_url",
    "og:image",
    "og:image:url",
    "twitter:image",
    "twitter:image:src",
    "parsely-image-url",
    "thumbnail",
)
_MAX_IMAGES = 20
_MAX_TAGS = 30


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says of its article. `article` is the JSON-LD node that describes it, {} without one;
    `beside_authors` what a byline says besides names, each with the whole byline."""

    title: Title
    headings: tuple[str, ...]
    authors: tuple[str, ...]
    beside_authors: tuple[tuple[str, str], ...]
    times: Times
    section: str | None
    tags: tuple[str, ...]
    images: tuple[str, ...]
    site_name: str | None
    generator: str | None
    article: Node
    nodes: Sequence[Node]


def read_metadata(
    tree: HtmlElement,
    head: Head,
    hints: Link | None,
    noise: Noise | None,
    now: datetime,
    names: Sequence[str] = (),
) -> Metadata:
    """Everything but body, language and clues. `names`: what the site is called. Never raises on what a page says."""
    nodes = jsonld.nodes(tree)
    same = frozenset(
        address.split("#", 1)[0].rstrip("/") for address in (head.url, head.link("canonical"), head.first("og:url"))
    )
    article = jsonld.article(nodes, same - {""}, head.first("og:title") or head.title)
    home = headlines.home_names(tree, head.url)
    site_name = _site_name(head, nodes, article, names, home)
    own = [*_own_names(head, site_name, noise), *names, *home]
    signed, beside = _authors(tree, head, article, nodes, hints, site_name)
    return Metadata(
        title=headlines.choose(tree, head, article, hints, own),
        headings=tuple(headlines.headings(tree)),
        authors=signed,
        beside_authors=beside,
        times=read_times(tree, head, nodes, article, hints, now, stated_language(head, article)),
        section=_section(head, article),
        tags=_tags(head, article, hints),
        images=_images(head, article),
        site_name=site_name,
        generator=head.first("generator")[:120] or None,
        article=article,
        nodes=nodes,
    )


# -- the site's names --------------------------------------------------------------------------------------------


def _site_name(
    head: Head, nodes: Sequence[Node], article: Node, names: Sequence[str], home: Sequence[str]
) -> str | None:
    name = head.first("og:site_name", "application-name", "apple-mobile-web-app-title", "cre", "dc.publisher")
    if not name:
        sites = (text_of(node.get("name")) for node in nodes if "website" in jsonld.types(node))
        name = next((one for one in sites if one), "") or next(iter(names), "") or text_of(article.get("publisher"))
    name = name or next((one for one in home if one in _pieces(head.title)), "")
    return name[:120] or None


def _own_names(head: Head, site_name: str | None, noise: Noise | None) -> list[str]:
    """What this site is called: its stated name, the words of its host, what nearly all its titles end with."""
    host = (urlsplit(head.url).hostname or "").removeprefix("www.")
    labels = host.split(".")
    names = [site_name or "", host, ".".join(labels[:2]), *labels[:-1], *(_pieces(site_name or ""))]
    if noise is not None:
        names += [piece for piece in _pieces(head.title) if noise.own_suffix(piece)]
    return [name for name in names if len(name) > 2]


def _pieces(text: str) -> list[str]:
    return [piece.strip() for piece in re.split(r"[|｜•·»«–—_-]", text) if piece.strip()]


# -- people ------------------------------------------------------------------------------------------------------


def _authors(
    tree: HtmlElement, head: Head, article: Node, nodes: Sequence[Node], hints: Link | None, site_name: str | None
) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """The first source that names somebody else than the site, and what it says beside the names; a site that names
    itself is its own author."""
    own = [site_name or "", text_of(article.get("publisher")), head.first("publisher")]
    people, organisations = authors.stated(article or _page_node(nodes), nodes)
    metas = [value for name in _AUTHORS for value in head.meta.get(name, ())]
    sources: tuple[Iterable[str], ...] = (
        people, metas, signatures.labelled(head), hints.authors if hints is not None else (),
        head.props.get("author", ()), signatures.find(tree), organisations,
    )  # fmt: skip
    for source in sources:
        values = list(source)
        if found := authors.clean(values, own):
            return found, authors.beside(values)
    return authors.clean(people) or authors.clean(metas) or authors.clean(organisations), ()


def _page_node(nodes: Sequence[Node]) -> Node:
    """The WebPage node: on it SEO plugins put author and date where the post has no article node."""
    return next((node for node in nodes if "webpage" in jsonld.types(node) and node.get("author")), {})


# -- the rest ----------------------------------------------------------------------------------------------------


def _section(head: Head, article: Node) -> str | None:
    found = (
        text_of(article.get("articleSection"))
        or head.first(*_SECTIONS)
        or next(iter(head.props.get("articlesection", ())), "")
    )
    return found[:120] or None


def _tags(head: Head, article: Node, hints: Link | None) -> tuple[str, ...]:
    stated: list[str] = []
    for name in _TAGS:
        stated += head.meta.get(name, ())
        if stated:
            break
    stated = stated or [one for one in listed(article.get("keywords")) if isinstance(one, str)]
    stated = stated or list(hints.tags if hints is not None else ())
    tags = (squeeze(tag, 80) for value in stated for tag in re.split(r"[,;،、，]", value[:2000]))
    return tuple(list(dict.fromkeys(tag for tag in tags if tag))[:_MAX_TAGS])


def _images(head: Head, article: Node) -> tuple[str, ...]:
    found = [value for name in _IMAGES for value in head.meta.get(name, ())]
    found += [url_of(one) for one in listed(article.get("image"))[:10]]
    absolute = (resolve(head.base, address) for address in found if address)
    return tuple(list(dict.fromkeys(address for address in absolute if address))[:_MAX_IMAGES])


def stated_language(head: Head, article: Node) -> str:
    """What the page says that it is written in, as it says it."""
    return (
        head.language or head.first("og:locale", "content-language", "language") or text_of(article.get("inLanguage"))
    )
