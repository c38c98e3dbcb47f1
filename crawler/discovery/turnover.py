"""How a list of the newest turns over: what is new on it, what was taken out, what has merely moved on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

MAX_RECENT = 400


def mark(text: str) -> str:
    """Ten characters that stand for a URL or a key in a cursor."""
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=5).hexdigest()


def with_recent(recent: Sequence[str], marks: Iterable[str], *, newest: bool) -> list[str]:
    """The marks of what was shown lately, newest first, bounded; while an archive is read, older ones only fill up."""
    known = set(recent)
    new = [one for one in dict.fromkeys(marks) if one not in known]
    return [*new, *recent][:MAX_RECENT] if newest else [*recent, *new][:MAX_RECENT]


def is_mostly_familiar(marks: Sequence[str], recent: Iterable[str]) -> bool:
    """Whether a page of a list has come to where we were before. One new entry among ten may have been inserted with
    a past date; where a third is new, the page after it is worth asking for."""
    known = set(recent)
    return sum(one not in known for one in marks) * 3 < len(marks)


def taken_out(before: Sequence[str], now: Sequence[str]) -> tuple[str, ...]:
    """Of the URLs shown before, in their order, those that are not shown now though one that stood behind them is.

    Where more than half of the list is gone at once it was made anew, and nothing is concluded.
    """
    still = set(now)
    last = max((number for number, url in enumerate(before) if url in still), default=0)
    missing = tuple(url for url in before[:last] if url not in still)
    return missing if len(missing) * 2 <= len(before) else ()
