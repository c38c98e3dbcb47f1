"""What the article's own text says about where it comes from: credits, datelines, links, images, and what was cut."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from lxml.html import HtmlElement

from crawler.extraction import agencies
from crawler.extraction.clues import Found, same_site
from crawler.extraction.head import Head, host_of, resolve, squeeze
from crawler.extraction.lines import Line, Markup, fold
from crawler.extraction.metadata import Metadata
from crawler.extraction.noise import FURNITURE, Cleaned, credit_kind
from crawler.extraction.originals import any_may_say, originally

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
_WRITTEN_ADDRESS = re.compile(
    r"https?://[^\s<>\"()]{4,480}|(?<=[\s:：])(?:[a-z0-9](?:[a-z0-9-]{0,60}[a-z0-9])?\.){1,5}[a-z]{2,24}(?=[/.]?\s*$)",
    re.IGNORECASE,
)
"""Of a page, or of a site at the end of a line."""
_FIRST_ON = re.compile(
    r".*\b(?:appeared first on|zuerst auf|en premier sur|primero en|primeiro em|proviene da|сначала на|op|z serwisu)"
    r"\s+([^.;|]{2,80})\.?\s*$",
    re.IGNORECASE | re.DOTALL,
)
"""The last of them in a line: before it stands the title, which may say anything."""
_NOTICE = 240
"""Signs at the end of a paragraph in which a notice stands: a sentence with a name."""
_PARAGRAPH = 600
"""Signs of a paragraph that tells too much to be anything else."""
_NAMED = re.compile(r"\b(?:on|by|from|in)\s+([^.;|]{2,80})\.?\s*$", re.IGNORECASE)


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


def line_credits(text: str, notices: bool = True) -> Iterator[Found]:
    """Whom a line at the edge of a plain text credits, of which there is no page any more to read. `notices`: what
    `may_be_notices` said of all such lines."""
    if (kind := credit_kind(text)) and (name := _credited(text)):
        yield kind, name, text
    elif notices and len(text) < _PARAGRAPH and (name := originally(text[-_NOTICE:])):
        yield "originally_published", name, text


def may_be_notices(lines: Iterable[str]) -> bool:
    """Whether any of the lines may say who published first."""
    return any_may_say([line[-_NOTICE:] for line in lines if len(line) < _PARAGRAPH])


def _cut(cleaned: Cleaned, markup: Markup, head: Head) -> Iterator[Found]:
    for kind, line in cleaned.cut:
        if kind == FURNITURE:
            continue
        address = markup.address(line.text) if kind == "insert" else markup.links.get(fold(line.text), "")
        target = resolve(head.base, address) if address else ""
        if kind in ("credit_line", "appeared_first"):
            target = target or _credited(line.text)
        yield kind, target, line.text
        if kind == "byline" and (name := agencies.credit(line.text)):
            yield "agency", name, line.text
        if name := originally(line.text):
            yield "originally_published", name, line.text


def _credited(text: str) -> str:
    """The address or name in a credit line: what stands behind its colon or its "on" and "by"."""
    if match := _WRITTEN_ADDRESS.search(text):
        return match[0].rstrip(".,;:!?")
    if match := _FIRST_ON.match(text):
        return match[1].strip()
    if name := originally(text):
        return name
    if match := _NAMED.search(text):
        return match[1].strip()
    match = re.search(r"[:：»›|–—-]\s*([^.;|()]{2,80})", text)
    return match[1].strip() if match else ""


def _lines(kept: Sequence[Line]) -> Iterator[Found]:
    for at, line in enumerate(kept):
        first = at < 3
        if first and (found := agencies.dateline(line.text)) is not None:
            yield "dateline", found, line.text[:120]
        if (first or at >= len(kept) - 3) and (name := agencies.credit(line.text)):
            yield "agency", name, line.text[-120:] if not first else line.text[:120]
        if len(line.text) < 600 and (name := originally(line.text)):
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
    shown = [resolve(head.base, one.get("src") or one.get("data-src") or "") for one in list(tree.iter("img"))[:200]]
    yield from image_clues(metadata.images[:3], shown, host_of(head.url))


def image_clues(lead: Sequence[str], shown: Sequence[str], own: str) -> Iterator[Found]:
    """Images that another site than the page's `own` host serves, and the months in which images were uploaded."""
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
