"""An article as the row that a store keeps of it: made wherever there is time for it, read back when it is asked for.

`fields` is JSON of what is never queried, empty values left out; published_at and modified_at with the page's offset.
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from crawler.items import Article, Clue, from_iso, to_iso
from crawler.storage.connection import from_micros, to_micros

_dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Said(NamedTuple):
    """What a page says, as far as a verdict rests on it."""

    site: str
    text_hash: str
    title: str
    fields: str


class Row(NamedTuple):
    """An article with its packed sketch and the hash of its text. Times are in microseconds since 1970."""

    url: str
    site: str
    published: int | None
    first_seen: int | None
    fetched: int | None
    text_hash: str
    title: str
    fields: str
    text: str
    sketch: bytes

    @property
    def time(self) -> int | None:
        """The stated time, the first sight where none is stated."""
        return self.first_seen if self.published is None else self.published

    def says(self) -> Said:
        """All of it that a verdict can rest on, but for the time of first sight."""
        return Said(self.site, self.text_hash, self.title, self.fields)

    def article(self) -> Article:
        """The article again, with first_seen and fetched_at in UTC."""
        return article_of(self.url, self.site, self.title, self.first_seen, self.fetched, self.fields, self.text)


def row_of(article: Article, sketch: bytes, text_hash: str) -> Row:
    """What is stored of an article that can be stored."""
    return Row(
        article.url,
        article.site,
        to_micros(article.published_at),
        to_micros(article.first_seen),
        to_micros(article.fetched_at),
        text_hash,
        article.title,
        _fields(article),
        article.text,
        sketch,
    )


def _fields(article: Article) -> str:
    data: dict[str, Any] = {
        "authors": article.authors,
        "language": article.language,
        "published_at": to_iso(article.published_at),
        "modified_at": to_iso(article.modified_at),
        "published_precision": article.published_precision,
        "section": article.section,
        "tags": article.tags,
        "image": article.image,
        "images": article.images,
        "site_name": article.site_name,
        "generator": article.generator,
        "clues": [(clue.kind, clue.target, clue.quote) for clue in article.clues],
    }
    return _dump({key: value for key, value in data.items() if value})


def article_of(url: str, site: str, title: str, first_seen: int | None, fetched: int | None, fields: str,
               text: str = "") -> Article:  # fmt: skip
    """The article of which these columns are stored."""
    data = json.loads(fields)
    for name in ("authors", "tags", "images"):
        if name in data:
            data[name] = tuple(data[name])
    for name in ("published_at", "modified_at"):
        if name in data:
            data[name] = from_iso(data[name])
    if "clues" in data:
        data["clues"] = tuple(Clue(*clue) for clue in data["clues"])
    return Article(url=url, site=site, title=title, text=text, first_seen=from_micros(first_seen),
                   fetched_at=from_micros(fetched), **data)  # fmt: skip


def told_of(
    url: str, site: str, title: str, first_seen: int | None, fetched: int | None, fields: str
) -> dict[str, Any]:
    """What they say but for the text, in the form that goes into JSON; empty values are left out."""
    told: dict[str, Any] = {"url": url, "site": site, "title": title, **json.loads(fields)}
    if fetched is not None:
        told["fetched_at"] = to_iso(from_micros(fetched))
    if first_seen is not None:
        told["first_seen"] = to_iso(from_micros(first_seen))
    if "clues" in told:
        told["clues"] = [Clue(*clue).to_dict() for clue in told["clues"]]
    return told if title else {name: value for name, value in told.items() if value}
