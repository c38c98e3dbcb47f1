"""What runs in a worker process: one page read and sketched, one compact message back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from crawler.dedup import sketch
from crawler.discovery.base import Link
from crawler.extraction.article import read_page, text_hash
from crawler.extraction.learned import Noise, Seen
from crawler.items import Article, Skip


@dataclass(frozen=True, slots=True)
class Reading:
    """What the crawl gets of a page: `sketch` and `text_hash` only with an Article.

    `links` are the page's links out (with `want_links`). `seen`, `theme` and `suffix` are for the site's
    `Noise.observe`. `noindex` and `noarchive` are what robots meta or X-Robots-Tag ask for; the caller decides.
    """

    outcome: Article | Skip
    sketch: bytes | None = None
    text_hash: str | None = None
    links: tuple[str, ...] = ()
    noindex: bool = False
    noarchive: bool = False
    seen: tuple[Seen, ...] = ()
    theme: str = ""
    suffix: str = ""


def read(
    url: str,
    body: bytes,
    headers: Mapping[str, str] | None = None,
    site: str | None = None,
    hints: Link | None = None,
    noise: Noise | None = None,
    fetched_at: datetime | None = None,
    want_links: bool = False,
    names: Sequence[str] = (),
) -> Reading:
    """Reads a page as `extract` does and sketches the article's text. Pass `noise.brief()`: it is pickled each time."""
    page = read_page(
        url,
        body,
        headers,
        site=site,
        hints=hints,
        noise=noise,
        fetched_at=fetched_at,
        want_links=want_links,
        names=names,
    )
    article = page.outcome if isinstance(page.outcome, Article) else None
    return Reading(
        outcome=page.outcome,
        sketch=sketch(article.text).to_bytes() if article is not None else None,
        text_hash=text_hash(article.text) if article is not None else None,
        links=page.links,
        noindex=page.noindex,
        noarchive=page.noarchive,
        seen=page.seen,
        theme=page.theme,
        suffix=page.suffix,
    )
