"""A page's own words as evidence: the credit itself, whole words of it, bounded."""

from __future__ import annotations

import re

from crawler.extraction.phrases import agencies
from crawler.items import Clue

QUOTE = 120
"""Characters of a page's own words that are shown."""
_CLUE = 120
"""Characters of a paragraph that a clue of an agency holds: the last word of so many may be cut."""
_BEFORE = 30
"""Characters before a credit at the end of a paragraph that are shown with it."""
_BEHIND = re.compile(r"\s*[)\]）］】/]*\s*[-–—−:.]?")
"""What belongs to a credit behind the name."""

_PLACES = {
    "canonical": "link rel=canonical", "link_canonical_header": "HTTP header", "og_url": "og:url",
    "jsonld_main_entity": "JSON-LD mainEntityOfPage", "jsonld_is_based_on": "JSON-LD isBasedOn",
    "translation_of": "JSON-LD translationOfWork", "syndication_source": "syndication-source",
    "original_source": "original-source", "dc_source": "dc.source", "via_link": "link rel=via",
    "feed_source": "source in its feed", "guid_host": "guid in its feed", "importer": "trace of an importer",
    "og_site_name": "og:site_name", "article_publisher": "article:publisher", "rights_holder": "line of rights",
    "copyright_holder": "JSON-LD copyrightHolder", "credit_text": "JSON-LD creditText",
    "jsonld_source_organization": "JSON-LD sourceOrganization", "jsonld_provider": "JSON-LD provider",
    "jsonld_publisher": "JSON-LD publisher",
}  # fmt: skip
"""Kinds of clues by what people find them under in a page's source."""


def place_of(clue: Clue) -> str:
    """Where on the page a clue stands, in words that can be looked for there."""
    return _PLACES.get(clue.kind, clue.kind.replace("_", " "))


def short(text: str) -> str:
    """A page's own words in one line, bounded, cut behind a word."""
    text = " ".join(text.split())
    return text if len(text) <= QUOTE else _whole_words(text[: QUOTE - 1]) + "…"


def agency_words(clue: Clue) -> str:
    """The words by which a page credits an agency: of the prose that its clue quotes as well only what leads up to the
    name."""
    text = " ".join((clue.quote or clue.target).split())
    place = _named(text, clue.target)
    if place is None:
        return short(text if len(clue.quote) < _CLUE else _whole_words(text) + "…")
    start, end = place
    behind = _BEHIND.match(text, end)
    end = behind.end() if behind else end
    begin = 0
    if clue.kind != "dateline" and start > QUOTE - _BEFORE:
        begin = text.find(" ", start - _BEFORE, start) + 1 or start
    return f"{'… ' if begin else ''}{text[begin:end].strip()}{' …' if text[end:].strip() else ''}"


def _named(text: str, agency: str) -> tuple[int, int] | None:
    """Where an agency is named first, by any of its names, the longest that stands there."""
    names = sorted({agency, *agencies().get(agency, ())}, key=lambda name: (-len(name), name))
    found = [match for name in names if (match := re.search(_bounded(name), text, re.IGNORECASE))]
    first = min(found, key=lambda match: (match.start(), -match.end()), default=None)
    return first.span() if first else None


def _bounded(name: str) -> str:
    return rf"(?<!\w){re.escape(name)}(?!\w)" if name.isascii() else re.escape(name)


def _whole_words(text: str) -> str:
    """Without the last word, which may be cut; whole where words are not parted by blanks."""
    words = text.rpartition(" ")[0].rstrip(" ,;:–—-")
    return words if len(words) > len(text) // 2 else text
