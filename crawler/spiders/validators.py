"""Conditional requests, as far as servers can be believed.

A gzip proxy makes ETags weak, which WordPress never matches, and sent together with If-Modified-Since both must
match: so If-Modified-Since goes alone, or the ETag without its `W/`. A 304 can lie (a back-dated post leaves a
feed's validators unchanged), so every few polls the whole answer is asked for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from crawler.storage.base import Page

FULL_EVERY = 4
"""How many answers of 304 are believed in a row."""
_CLOCK_SKEW = timedelta(minutes=5)
_MAX_VALIDATOR = 200

REVALIDATE = {"Cache-Control": "max-age=0"}
"""Caches on the way ask the server, instead of answering from their own idea of freshness."""


def headers_for(page: Page) -> dict[str, str]:
    """The request headers that let a server answer 304 for a page that we have read; validators only if they are
    to be believed this time."""
    if page.link.fresh or page.memo.get("unmodified", 0) >= FULL_EVERY or page.fetched_at is None:
        return dict(REVALIDATE)
    if page.last_modified:
        return {**REVALIDATE, "If-Modified-Since": page.last_modified}
    if page.etag:
        return {**REVALIDATE, "If-None-Match": page.etag.removeprefix("W/")}
    return dict(REVALIDATE)


def validators_of(headers: Mapping[str, str], now: datetime) -> tuple[str | None, str | None]:
    """(ETag, Last-Modified) of an answer, as far as they can be used again. `headers` have lower-case names."""
    etag = headers.get("etag", "").strip()
    stamp = headers.get("last-modified", "").strip()
    return _bounded(etag), _bounded(stamp) if stamp and _is_past(stamp, now) else None


def _is_past(stamp: str, now: datetime) -> bool:
    """A Last-Modified in the future would make every later change look older than what we have."""
    try:
        moment = parsedate_to_datetime(stamp)
    except ValueError:
        return False
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment <= now + _CLOCK_SKEW


def _bounded(validator: str) -> str | None:
    safe = validator.isascii() and validator.isprintable() and len(validator) <= _MAX_VALIDATOR
    return validator if validator and safe else None


def body_hash(body: bytes) -> str:
    """Identifies a list's bytes."""
    return hashlib.blake2b(body, digest_size=16).hexdigest()
