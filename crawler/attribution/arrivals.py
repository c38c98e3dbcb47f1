"""What arrives is made fit to be stored: from a crawl it is already, from somebody's archive it need not be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any

from crawler.extraction import agencies
from crawler.extraction.head import host_of
from crawler.extraction.text_clues import image_clues, line_credits, may_be_notices
from crawler.extraction.titles import MARKED, bare_title
from crawler.items import Article, Clue
from crawler.storage.base import PageResult

MAX_TEXT = 2_000_000
MAX_FIELD = 2_000
MAX_LIST = 200
"""Characters of a text and of any other field, and entries of a list, that are kept."""
_IMAGES = 20
"""Of those that came with an article, how many are looked at."""
_LINES = 3
"""Paragraphs at the beginning and at the end in which an agency is credited."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """An article to be linked. `sketch` and `text_hash` are made by the linker where a worker has not made them.

    `page` is how the lease ends that brought it; it is saved with the verdict.
    """

    article: Article
    sketch: bytes | None = None
    text_hash: str | None = None
    page: PageResult | None = None


def made_fit(article: Article) -> Article:
    """The article with what cannot be stored replaced, what is endless cut, and clues where it came without any."""
    if not _is_fit(article):
        article = replace(article, **{one.name: _fit(one.name, getattr(article, one.name)) for one in fields(article)})
    if not article.clues and (clues := plain_clues(article)):
        article = replace(article, clues=clues)
    return article


def _is_fit(article: Article) -> bool:
    strings = [article.url, article.site, article.title, article.section or "", article.site_name or "",
               article.image or "", article.language or "", article.generator or "",
               *article.authors, *article.tags, *article.images]  # fmt: skip
    for clue in article.clues:
        strings += (clue.kind, clue.target, clue.quote)
    try:
        article.text.encode()
        "".join(strings).encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        return False
    moments = (article.published_at, article.modified_at, article.fetched_at, article.first_seen)
    return (
        len(article.text) <= MAX_TEXT
        and max(map(len, strings)) <= MAX_FIELD
        and max(map(len, (article.authors, article.tags, article.images, article.clues))) <= MAX_LIST
        and all(moment is None or moment.tzinfo is not None for moment in moments)
    )


def _fit(name: str, value: Any) -> Any:
    if isinstance(value, str):
        return _encodable(value[: MAX_TEXT if name == "text" else MAX_FIELD])
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, tuple):
        return tuple(_fit(name, one) for one in value[:MAX_LIST])
    if isinstance(value, Clue):
        return Clue(_fit("", value.kind), _fit("", value.target), _fit("", value.quote))
    return value


def _encodable(text: str) -> str:
    """As long as before, so that offsets stay."""
    return "".join("\ufffd" if "\ud800" <= sign <= "\udfff" else sign for sign in text)


def plain_clues(article: Article) -> tuple[Clue, ...]:
    """The clues that reading the page would have taken from title, text and images."""
    return tuple(dict.fromkeys([*_of_title(article), *_of_text(article.text), *_of_images(article)]))


def _of_title(article: Article) -> Iterator[Clue]:
    if not MARKED.search(article.title):
        return
    title = bare_title(article.title, (), article.title, [article.site_name] if article.site_name else [])
    foreign = False
    for name, own in title.suffixes:
        kind = "site_suffix" if own else "title_section" if foreign else "title_suffix"
        foreign = foreign or not own
        yield Clue(kind, name, article.title[:300])


def _of_images(article: Article) -> Iterator[Clue]:
    lead = [one for one in (article.image, *article.images[:_IMAGES]) if one and "://" in one[:10]]
    for kind, target, quote in image_clues(lead[:1], lead[1:], host_of(article.url)) if lead else ():
        yield Clue(kind, target[:500], quote[:300])


def _of_text(text: str) -> Iterator[Clue]:
    lines = text[:4000].split("\n\n", _LINES)[:_LINES]
    tail = text[-2000:].split("\n\n")[-_LINES:]
    for line in lines:
        if (found := agencies.dateline(line)) is not None:
            yield Clue("dateline", found, line[:120])
    edges = dict.fromkeys((*lines, *tail))
    notices = may_be_notices(edges)
    for line in edges:
        if name := agencies.credit(line):
            yield Clue("agency", name, line[-120:])
        for kind, credited, quote in line_credits(line, notices):
            yield Clue(kind, credited, quote[:300])
