"""The lines of a body, and what the page's markup knows about each of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from lxml import etree
from lxml.html import HtmlElement

Kind = Literal["p", "h", "quote", "li", "table"]

_SENTENCE_END = tuple(".!?…。！？؟।։።:;»”\"'’)]")
_INNER_END = re.compile(r"[.!?…؟।](?=\s+[\"'“«(]?\w)|[。！？](?=.)")
_WORD = re.compile(r"\w+")
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")
_FULL_LINE = 15
_MAX_CAPTIONS = 200
_USUAL = 1000
"""Characters of a line that is kept in mind."""
_PUNCTUATION = " .!?:…»→›"
_BLANK = re.compile(r"\s+")
_LEAD_LENGTH, _LEAD_WORDS = 60, 8
_CAPTIONED = etree.XPath("//*[self::p or self::div or self::span or self::dd or self::td][contains(@class, 'caption')]")


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph, heading or item of the body. `glued`: it follows the line before after a mere line break."""

    text: str
    kind: Kind = "p"
    glued: bool = False


@dataclass(slots=True)
class Markup:
    """What the tree says of short lines: which are links as a whole, and which are captions."""

    links: dict[str, str] = field(default_factory=dict)
    """Folded text of a link -> its address."""
    captions: set[str] = field(default_factory=set)
    """Folded text of figure captions and alternative texts."""

    def lead(self, text: str) -> str | None:
        """What stands in a line before the link that is the rest of it: "see also", "" where the line is a link as a
        whole, None where it is no such line."""
        found = self._linked(text)
        return found[0] if found is not None else None

    def address(self, text: str) -> str:
        """Where the link leads that a line is, or that is its end; "" where it is no such line."""
        found = self._linked(text)
        return self.links[found[1]] if found is not None else ""

    def _linked(self, text: str) -> tuple[str, str] | None:
        """What stands before the link, and the link's own folded text."""
        key = fold(text)
        if key in self.links:
            return "", key
        bare = key.rstrip(_PUNCTUATION)
        for blank in list(_BLANK.finditer(key[:_LEAD_LENGTH]))[:_LEAD_WORDS]:
            for rest in (key[blank.end() :], bare[blank.end() :]):
                if rest in self.links:
                    return key[: blank.start()], rest
        return None


def read_markup(tree: HtmlElement) -> Markup:
    """One walk over links, images and captions."""
    markup = Markup()
    for element in tree.iter("a", "img", "figcaption"):
        if element.tag == "a":
            text = str(element.text_content()) if len(element) else element.text or ""
            if 8 <= len(text) <= 400:
                markup.links.setdefault(fold(text), element.get("href") or "")
        elif element.tag == "figcaption":
            _caption(markup, str(element.text_content()))
        else:
            _caption(markup, element.get("alt") or "")
            _caption(markup, element.get("title") or "")
    captioned = _CAPTIONED(tree)
    for element in captioned if isinstance(captioned, list) else ():
        _caption(markup, "".join(map(str, element.itertext())) if isinstance(element, HtmlElement) else "")
    return markup


def _caption(markup: Markup, text: str) -> None:
    if 15 <= len(text) <= 2000 and len(markup.captions) < _MAX_CAPTIONS:
        markup.captions.add(fold(text))


def fold(text: str) -> str:
    """Lower case, white space as one blank, bounded: equal for two renderings of one line."""
    return " ".join(text[:2000].lower().split())[:500]


def words(text: str) -> int:
    """How many words; in scripts without spaces two signs count as one."""
    return _counted(text) if len(text) <= _USUAL else _count(text)


def _count(text: str) -> int:
    if text.isascii():
        return len(_WORD.findall(text))
    unspaced = len(_UNSPACED.findall(text))
    return len(_WORD.findall(_UNSPACED.sub(" ", text) if unspaced else text)) + unspaced // 2


_counted = lru_cache(maxsize=1 << 10)(_count)
"""Each line of a body is asked several times."""


def ends_sentence(text: str) -> bool:
    """Whether the line ends as a sentence does."""
    return text.rstrip().endswith(_SENTENCE_END)


def running_words(lines: Iterable[Line]) -> int:
    """How many words stand in sentences or full lines: menus, dates and headlines do not count."""
    counted = ((line.text, words(line.text)) for line in lines)
    return sum(count for text, count in counted if count >= _FULL_LINE or ends_sentence(text))


def inner_sentences(text: str) -> int:
    """How many sentences end inside the line, its own end not counted."""
    return len(_INNER_END.findall(text))


def joined(lines: Iterable[Line]) -> str:
    """The stored text: paragraphs separated by a blank line, glued lines by a line break."""
    text: list[str] = []
    for line in lines:
        if text:
            text.append("\n" if line.glued else "\n\n")
        text.append(line.text)
    return "".join(text)
