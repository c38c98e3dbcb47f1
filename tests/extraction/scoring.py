"""Entry points for a scorer of bodies: each takes (url, html bytes) and returns the body text or None.

`ours` and `plain` (trafilatura with comments off) are what the project's quality floors compare.
"""

from __future__ import annotations

import logging

from trafilatura import bare_extraction

from crawler.extraction import extract
from crawler.items import Article

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


def ours(url: str, html: bytes) -> str | None:
    page = extract(url, html)
    return page.text if isinstance(page, Article) else None


def plain(url: str, html: bytes) -> str | None:
    document = bare_extraction(html, url=url, include_comments=False, with_metadata=False)
    return None if document is None else str(document.text)
