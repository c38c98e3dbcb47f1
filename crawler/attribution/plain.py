"""Clues of an article that came without any: what its bare title and text still say of their source."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.extraction import agencies
from crawler.extraction.titles import bare_title
from crawler.items import Article, Clue

_LINES = 3
"""Paragraphs at the beginning and at the end in which an agency is credited."""


def plain_clues(article: Article) -> tuple[Clue, ...]:
    """The clues that reading the page would have taken from title and text."""
    return tuple(dict.fromkeys([*_of_title(article), *_of_text(article.text)]))


def _of_title(article: Article) -> Iterator[Clue]:
    title = bare_title(article.title, (), article.title, [article.site_name] if article.site_name else [])
    foreign = False
    for name, own in title.suffixes:
        kind = "site_suffix" if own else "title_section" if foreign else "title_suffix"
        foreign = foreign or not own
        yield Clue(kind, name, article.title[:300])


def _of_text(text: str) -> Iterator[Clue]:
    lines = text[:4000].split("\n\n")[:_LINES]
    tail = text[-2000:].split("\n\n")[-_LINES:] if len(text) > 6000 else []
    for line in lines:
        if (found := agencies.dateline(line)) is not None:
            yield Clue("dateline", found, line[:120])
    for line in (*lines, *tail):
        if name := agencies.credit(line):
            yield Clue("agency", name, line[-120:])
