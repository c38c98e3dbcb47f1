"""Who signs a page where no field says it: bylines by their class, users of a system, the line under the headline."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from lxml.html import HtmlElement

from crawler.extraction import authors
from crawler.extraction.head import Head, in_comment, squeeze

_BYLINE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:byline|author|autor|auteur|autore|posted-by|writer)(?:[\s_-]?name|s)?(?:$|[\s_-])", re.IGNORECASE
)
_USER_CLASS = re.compile(r"(?:^|\s)username(?:$|\s)")
_OF_A_POST = re.compile(r"submitted|meta|byline|name-uid|post|node|created|info", re.IGNORECASE)
_LINE_CLASS = re.compile(r"meta|info|details|submitted|(?:^|[\s_-])date", re.IGNORECASE)
_DATED = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[:.]\d\d\b")
_SIGNED = re.compile(
    rf"(?:^|[\s|·•,])(?:{authors.SIGNS})\s+(?P<name>[^\s\d|·•,:@<>()][^\d|·•,:@<>()]{{1,60}}?)"
    r"(?=\s+(?:on|at|in|am|um|le|à|el|il|em|a|op|på|den|w|dnia|в|о|у|pada|lúc)\s|\s+[-–—]\s|\s*[\d|·•,:@(]|$)",
    re.IGNORECASE,
)
_MAX_LENGTH, _MAX_LINE, _MAX_LINES = 120, 160, 30


def labelled(head: Head) -> Iterator[str]:
    """What SEO plugins put into the card of a link: "Written by" and a name."""
    for number in "12":
        if authors.announces(head.first(f"twitter:label{number}")):
            yield head.first(f"twitter:data{number}")


def find(tree: HtmlElement) -> Iterator[str]:
    """The first byline that names anybody, as it stands: a theme may call the line of the date one, too."""
    for element in chain(tree.iterfind(".//a[@rel='author']"), _by_class(tree)):
        text = squeeze(str(element.text_content()), 200)
        if 3 <= len(text) <= _MAX_LENGTH and _names_anybody(text) and not in_comment(element):
            yield text
            return
    yield from _under_the_headline(tree)


def _names_anybody(text: str) -> bool:
    return any(not re.search(r"\d", name) for name in authors.clean([text]))


def _by_class(tree: HtmlElement) -> Iterator[HtmlElement]:
    for element in tree.iter("a", "span", "p", "div", "address", "li"):
        value = element.get("class")
        if value and (_BYLINE_CLASS.search(value) or (_USER_CLASS.search(value) and _is_of_a_post(element))):
            yield element


def _is_of_a_post(element: HtmlElement) -> bool:
    """Whether a user's name stands with a post: the visitor's own may stand in a menu."""
    around = (ancestor for ancestor, _ in zip(element.iterancestors(), range(3), strict=False))
    return any(_OF_A_POST.search(one.get("class") or "") for one in around)


def _under_the_headline(tree: HtmlElement) -> Iterator[str]:
    """ "March 3rd, 2026 by Ada Quill": a short line with a year or a time, and a name behind a word that signs."""
    seen = 0
    for element in tree.iter("small", "p", "div", "span", "footer"):
        if element.tag != "small" and not _LINE_CLASS.search(element.get("class") or ""):
            continue
        seen += 1
        if seen > _MAX_LINES:
            return
        text = squeeze(str(element.text_content()), _MAX_LINE + 1)
        match = _SIGNED.search(text) if len(text) <= _MAX_LINE and _DATED.search(text) else None
        if match is not None and not match["name"][0].islower() and not in_comment(element):
            yield match["name"]
            return
