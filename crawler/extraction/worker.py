"""What runs in a worker process: one page read and sketched, one compact message back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from crawler.dedup import sketch
from crawler.extraction.article import Known, Page, read_page
from crawler.extraction.hashing import text_hash
from crawler.items import Article


@dataclass(frozen=True, slots=True)
class Reading(Page):
    """What the crawl gets of a page: `sketch` and `text_hash` only with an Article."""

    sketch: bytes | None = None
    text_hash: str | None = None


def read(url: str, body: bytes, headers: Mapping[str, str] | None = None, known: Known | None = None) -> Reading:
    """Reads a page as `extract` does and sketches the article's text."""
    page = read_page(url, body, headers, **(known or {}))
    said = {one.name: getattr(page, one.name) for one in fields(page)}
    if not isinstance(page.outcome, Article):
        return Reading(**said)
    text = page.outcome.text
    return Reading(**said, sketch=sketch(text).to_bytes(), text_hash=text_hash(text))
