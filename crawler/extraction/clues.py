"""Everything a page says about where its text comes from. docs/clues.md explains each kind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from lxml.html import HtmlElement

from crawler.discovery.base import Link
from crawler.extraction import agencies
from crawler.extraction.head import Head, host_of, resolve, squeeze
from crawler.extraction.jsonld import listed, text_of, url_of
from crawler.extraction.lines import Line, Markup, fold
from crawler.extraction.metadata import Metadata
from crawler.extraction.noise import FURNITURE, Cleaned
from crawler.items import Clue

MAX_CLUES = 120
_MAX_OF_KIND = 12
_MAX_QUOTE = 300
_MAX_TARGET = 500

KINDS = frozenset(
    [
        "canonical",
        "link_canonical_header",
        "og_url",
        "amphtml",
        "shortlink",
        "hreflang",
        "og_site_name",
        "article_publisher",
        "syndication_source",
        "original_source",
        "dc_source",
        "rights_holder",
        "via_link",
        "jsonld_is_based_on",
        "jsonld_source_organization",
        "jsonld_provider",
        "jsonld_publisher",
        "jsonld_citation",
        "jsonld_main_entity",
        "copyright_holder",
        "credit_text",
        "translation_of",
        "translator",
        "feed_source",
        "guid_host",
        "importer",
        "hotlinked_image",
        "source_link",
        "title_suffix",
        "title_section",
        "site_suffix",
        "credit_line",
        "appeared_first",
        "originally_published",
        "dateline",
        "agency",
        "byline",
        "insert",
        "caption",
        "prompt",
        "site_noise",
        "standing_text",
        "upload_path",
        "account_id",
        "post_id",
    ]
)

_META = {
    "og:site_name": "og_site_name", "article:publisher": "article_publisher", "syndication-source": "syndication_source",
    "original-source": "original_source", "dcterms.source": "dc_source", "dc.source": "dc_source", "dc:source": "dc_source",
    "dcterms.rightsholder": "rights_holder", "dcterms.rights": "rights_holder", "dc.rights": "rights_holder", "copyright": "rights_holder",
    "og:url": "og_url", "twitter:url": "og_url", "source": "original_source", "news_source": "original_source",
    "article:source": "original_source", "cxenseparse:source": "original_source", "translator": "translator",
    "syndication_permalink": "importer", "syndication_source_uri": "importer", "syndication_source": "importer",
    "wprss_item_permalink": "importer", "feedzy_item_url": "importer", "wpe_campaignid": "importer", "wpe_sourcepermalink": "importer",
    "rss_pi_source_url": "importer", "original_link": "importer", "source_url": "importer",
}  # fmt: skip
_JSON = {
    "isBasedOn": "jsonld_is_based_on", "isBasedOnUrl": "jsonld_is_based_on", "sourceOrganization": "jsonld_source_organization",
    "provider": "jsonld_provider", "publisher": "jsonld_publisher", "copyrightHolder": "copyright_holder", "creditText": "credit_text",
    "citation": "jsonld_citation", "translationOfWork": "translation_of", "translator": "translator",
    "mainEntityOfPage": "jsonld_main_entity", "contentReferenceTime": "", "copyrightNotice": "rights_holder", "license": "",
}  # fmt: skip
_RELS = {"canonical": "canonical", "amphtml": "amphtml", "shortlink": "shortlink", "via": "via_link", "syndication-source": "syndication_source",
         "original-source": "original_source", "cite": "via_link"}  # fmt: skip
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
_SHARING = re.compile(
    r"(?:^|\.)(?:facebook|twitter|x|whatsapp|telegram|t|linkedin|pinterest|reddit|instagram|youtube|youtu|tiktok|threads|bsky|vk|ok|viber|weibo|line|"
    r"tumblr|getpocket|flipboard|addtoany|addthis|sharethis|google|goo|apple|spotify|wa|mastodon|truthsocial|snapchat|messenger|gmail|bit|feedburner|"
    r"wordpress|blogger|gravatar|akismet|w3|schema|doubleclick|amazon|paypal|patreon|discord|medium|xing)\.(?:com|org|net|me|be|app|social|ru|jp|ly|gl|co|to|gd|us|tv|im|link)$"
)
_CDN = re.compile(
    r"(?:^|[.-])(?:cdn|static|img|images?|media|assets?|wp\.com|gravatar|cloudfront|akamai\w*|fastly|imgix|cloudinary|googleusercontent|bp\.blogspot|blogger|amazonaws|imgur|ytimg|twimg|fbcdn|shopify|jsdelivr|unsplash|gettyimages|shutterstock|pixabay|pexels|wixstatic|squarespace|b-cdn)(?:[.-]|$)"
)
_UPLOAD = re.compile(
    r"/(?:wp-content/uploads|sites/default/files(?:/styles/[^/]+/public)?|uploads|media|images?|img|photos?)/(\d{4})/(0[1-9]|1[0-2])(?:/(0[1-9]|[12]\d|3[01]))?/"
)
# each with a literal at its beginning, which is what makes the search fast
_ACCOUNTS = tuple(
    re.compile(pattern)
    for pattern in (
        r"UA-\d{4,10}-\d{1,3}\b", r"G-[A-Z0-9]{8,12}\b", r"GTM-[A-Z0-9]{5,8}\b", r"ca-pub-\d{14,17}\b", r"AW-\d{8,11}\b",
        r"fbq\(\s*['\"]init['\"]\s*,\s*['\"](\d{10,18})", r"ym\((\d{6,10})", r"yaCounter(\d{6,10})",
    )
)  # fmt: skip
_ORIGINALLY = re.compile(
    r"(?:originally|first)\s+(?:published|appeared|posted|ran|reported)\s+(?:by|on|in|at|with)\s+(?P<en>[^.,;:()]{2,80})"
    r"|(?:republished|reprinted|reproduced)\s+(?:from|with\s+permission\s+(?:of|from))\s+(?P<en2>[^.,;:()]{2,80})"
    r"|erschien\s+zuerst\s+(?:auf|bei|in)\s+(?P<de>[^.,;:()]{2,80})|(?:publié|paru)\s+(?:initialement|à\s+l['’]origine|pour\s+la\s+première\s+fois)\s+(?:par|sur|dans)\s+(?P<fr>[^.,;:()]{2,80})"
    r"|publicad[oa]\s+(?:originalmente|por\s+primera\s+vez)\s+(?:en|por|no|na|em)\s+(?P<es>[^.,;:()]{2,80})|(?:впервые|изначально)\s+опубликован\w*\s+(?:на|в)\s+(?P<ru>[^.,;:()]{2,80})"
    r"|appeared\s+first\s+on\s+(?P<wp>[^.;:()]{2,80})",
    re.IGNORECASE,
)
_ORIGINALLY_STEMS = (
    "publi",
    "appeared",
    "posted",
    "ran ",
    "reported",
    "reprinted",
    "reproduced",
    "erschien",
    "paru",
    "опубликов",
)
_POST_ID = re.compile(r"(?:^|\s)(?:postid|post|node|page-id)-(\d{1,10})(?=\s|$)")
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
        *_hints(hints, head),
        *_accounts(scripts),
        *_post_ids(tree),
    ]


def text_clues(tree: HtmlElement, head: Head, metadata: Metadata, cleaned: Cleaned, markup: Markup) -> list[Found]:
    """Clues of what was cut, of datelines and credits in what stayed, of links and images in the body."""
    kept_keys = _Keys(cleaned)
    return [
        *_cut(cleaned, markup, head),
        *_lines(cleaned.kept),
        *(("standing_text", "", text) for text in cleaned.standing),
        *_links(tree, head, kept_keys),
        *_images(tree, head, metadata),
    ]


def bounded(found: Iterable[Found], url: str) -> tuple[Clue, ...]:
    """Each once, so many of a kind and in all, long ones cut; what points at the page's own host goes, where only
    another host means anything."""
    host = host_of(url)
    kept: dict[tuple[str, str, str], Clue] = {}
    counts: dict[str, int] = {}
    for kind, target, quote in found:
        if (kind in _NEEDS_OTHER_HOST and host_of(target) in ("", host)) or not (target or quote):
            continue
        clue = Clue(kind, squeeze(target, _MAX_TARGET), squeeze(quote, _MAX_QUOTE))
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
        for rel in rels & _RELS.keys():
            yield _RELS[rel], href, ""
        if "alternate" in rels and more["hreflang"]:
            yield "hreflang", href, more["hreflang"]
    for address, rels_text in _LINK_HEADER.findall(headers.get("link", "")[:4000]):
        if "canonical" in rels_text.lower().split():
            yield "link_canonical_header", resolve(head.url, address), ""
    for name, kind in _META.items():
        for value in head.meta.get(name, ())[:3]:
            yield kind, (resolve(head.base, value) if kind == "og_url" else value), name


def _json(metadata: Metadata, head: Head) -> Iterator[Found]:
    article = metadata.article
    for key, kind in _JSON.items():
        for value in listed(article.get(key))[:6] if kind else ():
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


def _post_ids(tree: HtmlElement) -> Iterator[Found]:
    """The CMS's number of the post: numbers run in the order of insertion, whatever date a post claims."""
    body = tree.find("body")
    for element in ([body] if body is not None else []) + list(tree.iter("article"))[:1]:
        told = f"{element.get('class') or ''} {element.get('id') or ''}"
        if match := _POST_ID.search(told):
            yield "post_id", match[1], ""


# -- text --------------------------------------------------------------------------------------------------------


def _cut(cleaned: Cleaned, markup: Markup, head: Head) -> Iterator[Found]:
    for kind, line in cleaned.cut:
        if kind == FURNITURE:
            continue
        address = markup.links.get(fold(line.text), "")
        target = resolve(head.base, address) if address else ""
        if kind in ("credit_line", "appeared_first"):
            target = target or _credited(line.text)
        yield kind, target, line.text
        if name := _originally(line.text):
            yield "originally_published", name, line.text


def _credited(text: str) -> str:
    """The name in a credit line: what stands behind its colon or its "on" and "by"."""
    if match := re.search(
        r"(?:appeared first on|zuerst auf|en premier sur|primero en|primeiro em|proviene da|сначала на|op|z serwisu|on|by|from|in)\s+([^.;|]{2,80})\.?\s*$",
        text,
        re.IGNORECASE,
    ):
        return match[1].strip()
    match = re.search(r"[:：»›|–—-]\s*([^.;|()]{2,80})", text)
    return match[1].strip() if match else ""


def _originally(text: str) -> str:
    """Who is said to have published it first, "" where nobody is."""
    low = text.lower()
    if not any(stem in low for stem in _ORIGINALLY_STEMS):
        return ""
    match = _ORIGINALLY.search(text)
    return next(one for one in match.groups() if one).strip() if match is not None else ""


def _lines(kept: Sequence[Line]) -> Iterator[Found]:
    for at, line in enumerate(kept):
        first = at < 3
        if first and (found := agencies.dateline(line.text)) is not None:
            yield "dateline", found, line.text[:120]
        if (first or at >= len(kept) - 3) and (name := agencies.credit(line.text)):
            yield "agency", name, line.text[-120:] if not first else line.text[:120]
        if len(line.text) < 600 and (name := _originally(line.text)):
            yield "originally_published", name, line.text


class _Keys:
    """Tells whether a block of the page is part of the article, kept or cut."""

    def __init__(self, cleaned: Cleaned) -> None:
        lines = [*cleaned.kept, *(line for _, line in cleaned.cut)]
        self._text = "\n".join(fold(line.text) for line in lines)

    def holds(self, element: HtmlElement) -> bool:
        block: HtmlElement | None = element
        while block is not None and block.tag not in (
            "p",
            "li",
            "blockquote",
            "h2",
            "h3",
            "h4",
            "td",
            "figcaption",
            "div",
        ):
            block = block.getparent()
        key = fold(str(block.text_content()))[:120] if block is not None else ""
        return len(key) >= 15 and key in self._text


def _links(tree: HtmlElement, head: Head, keys: _Keys) -> Iterator[Found]:
    """Links of the article's own text into other sites."""
    own, seen = host_of(head.url), 0
    for link in tree.iter("a"):
        href = link.get("href") or ""
        if "//" not in href[:10]:
            continue
        host = host_of(href)
        if not host or same_site(host, own) or _SHARING.search(host):
            continue
        seen += 1
        if seen > 400:
            return
        if keys.holds(link):
            yield "source_link", resolve(head.base, href), squeeze(str(link.text_content()), 200)


def _images(tree: HtmlElement, head: Head, metadata: Metadata) -> Iterator[Found]:
    """Images of the article that another site serves, and the months in which its own were uploaded."""
    own = host_of(head.url)
    shown = [resolve(head.base, one.get("src") or one.get("data-src") or "") for one in list(tree.iter("img"))[:200]]
    lead = metadata.images[:3]
    for address in dict.fromkeys([*lead, *shown]):
        host = host_of(address)
        if not host:
            continue
        if not same_site(host, own) and not _SHARING.search(host) and not _generic(host, own):
            yield "hotlinked_image", address, "lead image" if address in lead else ""
        if match := _UPLOAD.search(address):
            stamp = "-".join(part for part in match.groups() if part)
            yield "upload_path", stamp, address


def _generic(host: str, own: str) -> bool:
    """A delivery network, or a static host whose name shows that it is this site's own."""
    label = own.split(".")[0]
    return bool(_CDN.search(host)) and (len(label) < 4 or label in host or not _named_cdn(host))


def _named_cdn(host: str) -> bool:
    """static.kestrel-times.example names its publisher; d1x2.cloudfront.net names nobody."""
    return re.match(r"(?:cdn|static|img|images?|media|assets?)\d*[.-]", host) is not None
