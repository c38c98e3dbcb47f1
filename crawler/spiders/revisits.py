"""When an article is looked at again, and when it is believed to be gone. Pure rules over one row.

The ladder pays for edits: after 1 h, 6 h, 1 d, 3 d, 7 d, 30 d, then no more; a change of the text steps back one. A
404 is believed after three misses over two days, a 410 at once, and an outage or a block never.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from crawler.storage.base import Page, PageResult

LADDER = (
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=3),
    timedelta(days=7),
    timedelta(days=30),
)
MISSES_BELIEVED = 3
MISSING_BELIEVED = timedelta(days=2)
_AFTER_MISS = (timedelta(hours=6), timedelta(days=1), timedelta(days=1), timedelta(days=3))
_AFTER_OUTAGE = timedelta(hours=6)
_RETRY_FIRST = timedelta(minutes=5)
_RETRY_MOST = timedelta(days=1)

DEAD_AFTER = 5
"""Attempts, each in a run of its own or after the retries of one, before a page is given up."""


def next_look(step: int, now: datetime, *, told: bool) -> datetime | None:
    """When the ladder's `step` is due; None past its end, or where the site's lists tell of edits anyway."""
    return None if told or step >= len(LADDER) else now + LADDER[step]


def first_step(published: datetime | None, now: datetime) -> int:
    """Where an article enters the ladder: an old one is past the hours in which texts are mended."""
    if published is None:
        return 0
    age = now - published
    return sum(1 for step in LADDER if step < age / 2)


def stored(
    page: Page, now: datetime, *, status: int, text_hash: str | None, published: datetime | None, told: bool
) -> PageResult:
    """An article was read whose text is new to us, or changed."""
    step = first_step(published, now) if page.text_hash is None else max(page.ladder - 1, 0)
    return PageResult(
        page.id,
        state="held",
        status=status,
        text_hash=text_hash,
        fetched_at=now,
        due_at=next_look(step, now, told=told),
        ladder=step,
    )


def unchanged(page: Page, now: datetime, *, status: int, told: bool) -> PageResult:
    """An article says what it said: one step up the ladder."""
    step = page.ladder + 1
    return PageResult(
        page.id,
        state="held",
        status=status,
        etag=page.etag,
        last_modified=page.last_modified,
        text_hash=page.text_hash,
        fetched_at=now,
        due_at=next_look(step, now, told=told),
        ladder=step,
    )


def missed(page: Page, now: datetime, *, status: int, reason: str) -> PageResult:
    """The page is not there (404, or a page that says so under 200): missing, and gone once that is believed."""
    misses = page.misses + 1
    since = page.missing_since or now
    if misses >= MISSES_BELIEVED and now - since >= MISSING_BELIEVED:
        return gone(page, now, status=status, reason=reason)
    return PageResult(
        page.id,
        state="missing",
        status=status,
        reason=reason,
        text_hash=page.text_hash,
        fetched_at=now,
        due_at=now + _AFTER_MISS[min(misses - 1, len(_AFTER_MISS) - 1)],
        ladder=page.ladder,
        misses=misses,
        missing_since=since,
    )


def gone(page: Page, now: datetime, *, status: int, reason: str) -> PageResult:
    """The page is deleted: it said so itself (410, a redirect to the front page), or was missed for long enough."""
    return PageResult(
        page.id,
        state="gone",
        status=status,
        reason=reason,
        text_hash=page.text_hash,
        fetched_at=now,
        ladder=page.ladder,
        misses=page.misses,
        missing_since=page.missing_since,
    )


def kept(page: Page, now: datetime, *, status: int | None, reason: str) -> PageResult:
    """A page that we hold could not be read this time: an outage, a block, a captcha say nothing about it."""
    return PageResult(
        page.id,
        state=page.state,
        status=status,
        reason=reason,
        etag=page.etag,
        last_modified=page.last_modified,
        text_hash=page.text_hash,
        fetched_at=page.fetched_at,
        due_at=now + _AFTER_OUTAGE,
        ladder=page.ladder,
        misses=page.misses,
        missing_since=page.missing_since,
    )


def skipped(page: Page, now: datetime, *, status: int | None, reason: str) -> PageResult:
    """The page was read and is no article."""
    return PageResult(page.id, state="skipped", status=status, reason=reason, fetched_at=now)


def retry_at(attempts: int, now: datetime) -> datetime:
    """When a page that could not be had is tried again; each time twice as late."""
    return now + min(_RETRY_FIRST * (1 << min(attempts, 10)), _RETRY_MOST)
