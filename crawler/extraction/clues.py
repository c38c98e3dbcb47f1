"""Everything a page says about where its text comes from. docs/clues.md explains each kind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from lxml.html import HtmlElement

from crawler.discovery.base import Link
from crawler.extraction import agencies
from crawler.extraction.head import Head, host_of, resolve, squeeze
from crawler.extraction.jsonld import listed, text_of, url_of
from crawler.extraction.lines import fold
from crawler.extraction.metadata import Metadata
from crawler.items import Clue

MAX_CLUES = 120
_MAX_OF_KIND = 12
_MAX_QUOTE = 300
_MAX_TARGET = 500

_META = {
    "og_site_name": ("og:site_name",),
    "article_publisher": ("article:publisher",),
    "syndication_source": ("syndication-source",),
    "original_source": ("original-source", "source", "news_source", "article:source", "cxenseparse:source"),
    "dc_source": ("dcterms.source", "dc.source", "dc:source"),
    "rights_holder": ("dcterms.rightsholder", "dcterms.rights", "dc.rights", "copyright"),
    "og_url": ("og:url", "twitter:url"),
    "translator": ("translator",),
    "importer": (
        *(
            "syndication_permalink",
            "syndication_source_uri",
            "syndication_source",
            "wprss_item_permalink",
            "feedzy_item_url",
        ),
        *("wpe_campaignid", "wpe_sourcepermalink", "rss_pi_source_url", "original_link", "source_url"),
    ),
}
"""Clue kind -> names of meta elements."""
_JSON = {
    "jsonld_is_based_on": ("isBasedOn", "isBasedOnUrl"),
    "jsonld_source_organization": ("sourceOrganization",),
    "jsonld_provider": ("provider",),
    "jsonld_publisher": ("publisher",),
    "jsonld_citation": ("citation",),
    "jsonld_main_entity": ("mainEntityOfPage",),
    "copyright_holder": ("copyrightHolder",),
    "credit_text": ("creditText",),
    "rights_holder": ("copyrightNotice",),
    "translation_of": ("translationOfWork",),
    "translator": ("translator",),
}
"""Clue kind -> properties of the JSON-LD article."""
_RELS = {
    "canonical": ("canonical",),
    "amphtml": ("amphtml",),
    "shortlink": ("shortlink",),
    "via_link": ("via", "cite"),
    "syndication_source": ("syndication-source",),
    "original_source": ("original-source",),
}
"""Clue kind -> relations of link elements."""
_OTHERS = """link_canonical_header hreflang feed_source guid_host hotlinked_image source_link title_suffix title_section
    site_suffix credit_line appeared_first originally_published dateline agency byline insert caption prompt site_noise
    standing_text upload_path account_id post_id moved_from"""
KINDS = frozenset({*_META, *_JSON, *_RELS, *_OTHERS.split()})
"""The closed vocabulary; docs/clues.md explains each word."""
_NEEDS_OTHER_HOST = frozenset(
    {
        "canonical",
        "og_url",
        "amphtml",
        "shortlink",
        "via_link",
        "jsonld_main_entity",
        "hreflang",
        "link_canonical_header",
    }
)
# each with a literal at its beginning, which is what makes the search fast
_ACCOUNTS = tuple(
    re.compile(pattern)
    for pattern in (
        r"UA-\d{4,10}-\d{1,3}\b", r"G-[A-Z0-9]{8,12}\b", r"GTM-[A-Z0-9]{5,8}\b", r"ca-pub-\d{14,17}\b",
        r"AW-\d{8,11}\b",
        r"fbq\(\s*['\"]init['\"]\s*,\s*['\"](\d{10,18})", r"ym\((\d{6,10})", r"yaCounter(\d{6,10})",
    )
)  # fmt: skip
_POST_ID = re.compile(r"(?:^|\s)(?:postid|post|node|page-id)-(\d{1,10})(?=\s|$)")
_POST_ADDRESS = re.compile(
    r"(?:https?://[^/?#]+/)?\?p=(\d{1,10})|https?://[^/?#]+/(?:\w\w/)?node/(\d{1,10})|(\d{1,10}) at https?://\S+"
)
"""WordPress's steady address of a post, also as discovery tells it ("?p=12"), and what Drupal's head and feed say."""
_LINK_HEADER = re.compile(r"<([^<>]{1,500})>\s*;[^,]*?rel\s*=\s*\"?([\w\s-]+)\"?", re.IGNORECASE)

Found = tuple[str, str, str]


def read_clues(
    tree: HtmlElement, head: Head, headers: Mapping[str, str], metadata: Metadata, hints: Link | None, scripts: str
) -> list[Found]:
    """Clues of head, markup and discovery; those of the text come with `text_clues`. As (kind, target, quote)."""
    return [
        *_head(head, headers),
        *_json(metadata, head),
        *_titles(metadata, head),
        *(("byline", name, whole) for name, whole in metadata.beside_authors),
        *(("agency", known, whole) for name, whole in metadata.beside_authors if (known := agencies.named(name))),
        *_hints(hints, head),
        *_accounts(scripts),
        *_post_ids(tree, head, headers, hints),
    ]


def bounded(found: Iterable[Found], url: str) -> tuple[Clue, ...]:
    """Each once, so many of a kind and in all, long ones cut; what points at the page's own host goes, where only
    another host means anything."""
    host = host_of(url)
    kept: dict[tuple[str, str, str], Clue] = {}
    counts: dict[str, int] = {}
    for kind, target, quote in found:
        clue = Clue(kind, squeeze(target, _MAX_TARGET), squeeze(quote, _MAX_QUOTE))
        if (kind in _NEEDS_OTHER_HOST and host_of(clue.target) in ("", host)) or not (clue.target or clue.quote):
            continue
        key = (kind, clue.target, clue.quote)
        if key not in kept and counts.get(kind, 0) < _MAX_OF_KIND and len(kept) < MAX_CLUES:
            counts[kind] = counts.get(kind, 0) + 1
            kept[key] = clue
    return tuple(kept.values())


def same_site(one: str, other: str) -> bool:
    """Whether two hosts are one site's: equal, or one a subdomain of the other."""
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")


# -- head --------------------------------------------------------------------------------------------------------


def _head(head: Head, headers: Mapping[str, str]) -> Iterator[Found]:
    for rels, href, more in head.links:
        for kind, names in _RELS.items():
            if not rels.isdisjoint(names):
                yield kind, href, ""
        if "alternate" in rels and more["hreflang"]:
            yield "hreflang", href, more["hreflang"]
    for address, rels in _header_links(headers):
        if "canonical" in rels:
            yield "link_canonical_header", resolve(head.url, address), ""
    for kind, names in _META.items():
        for name in names:
            for value in head.meta.get(name, ())[:3]:
                yield kind, (resolve(head.base, value) if kind == "og_url" else value), name


def _header_links(headers: Mapping[str, str]) -> Iterator[tuple[str, frozenset[str]]]:
    for address, rels in _LINK_HEADER.findall(headers.get("link", "")[:4000]):
        yield address, frozenset(rels.lower().split())


def _json(metadata: Metadata, head: Head) -> Iterator[Found]:
    for kind, properties in _JSON.items():
        for value in (one for name in properties for one in listed(metadata.article.get(name))[:6]):
            address, name = url_of(value), text_of(value)
            if address or name:
                yield kind, (resolve(head.base, address) or name), name


def _titles(metadata: Metadata, head: Head) -> Iterator[Found]:
    """The outermost suffix that is not the site's own may name a publisher; what stands before it is a section."""
    foreign = False
    own_section = {fold(name) for name in (metadata.section or "", *metadata.tags) if name}
    for name, own in metadata.title.suffixes:
        if own:
            yield "site_suffix", name, head.title
        elif foreign or fold(name) in own_section:
            yield "title_section", name, head.title
        else:
            foreign = True
            yield "title_suffix", name, head.title or metadata.title.text


def _hints(hints: Link | None, head: Head) -> Iterator[Found]:
    if hints is None:
        return
    if hints.source:
        yield "feed_source", hints.source, hints.method
    key_host = host_of(hints.key)
    if key_host and not same_site(key_host, host_of(head.url)):
        yield "guid_host", hints.key, key_host


def _accounts(scripts: str) -> Iterator[Found]:
    for pattern in _ACCOUNTS:
        for account in dict.fromkeys(pattern.findall(scripts)):
            yield "account_id", account, ""


def _post_ids(tree: HtmlElement, head: Head, headers: Mapping[str, str], hints: Link | None) -> Iterator[Found]:
    """The CMS's number of the post: numbers run in the order of insertion, whatever date a post claims."""
    body = tree.find("body")
    for element in ([body] if body is not None else []) + list(tree.iter("article"))[:1]:
        told = f"{element.get('class') or ''} {element.get('id') or ''}"
        if match := _POST_ID.search(told):
            yield "post_id", match[1], ""
            return
    said = [(rels, href) for rels, href, _ in head.links]
    said += [(rels, resolve(head.url, address)) for address, rels in _header_links(headers)]
    own = [href for rels, href in said if "shortlink" in rels and host_of(href) == host_of(head.url)]
    for address in [*own, *([hints.key] if hints else ())]:
        if match := _POST_ADDRESS.fullmatch(address):
            yield "post_id", match[match.lastindex or 0], ""
            return
