"""A small press of our own invention: texts that are made of nonsense, and articles made of them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from crawler.attribution.arrivals import Arrival
from crawler.attribution.linker import Linker
from crawler.clock import Clock
from crawler.items import Article, Clue, Verdict
from crawler.storage.base import Store

NOON = datetime(2026, 10, 5, 12, tzinfo=UTC)
_SYLLABLES = ["ba", "ke", "li", "mo", "nu", "sha", "tor", "vel", "win", "zer", "dran", "pol", "gri", "hus", "ket"]


def now() -> datetime:
    return datetime(2026, 11, 1, tzinfo=UTC)


def paragraph(seed: str, words: int = 60) -> str:
    """A paragraph that no other seed shares a phrase with."""
    rng = random.Random(seed)
    made = ["".join(rng.choices(_SYLLABLES, k=rng.choice((1, 2, 2, 3)))) for _ in range(words)]
    return " ".join(made).capitalize() + "."


def text(seed: str, paragraphs: int = 6, words: int = 60) -> str:
    return "\n\n".join(paragraph(f"{seed} {number}", words) for number in range(paragraphs))


def part(whole: str, first: int, last: int) -> str:
    return "\n\n".join(whole.split("\n\n")[first:last])


def article(
    where: str, body: str, *, hours: float | None = 0, clues: Sequence[tuple[str, ...]] = (), **fields: Any
) -> Article:
    """An article at `host/path`, stated to the second `hours` after noon; None states no time."""
    host = where.partition("/")[0]
    values: dict[str, Any] = {"title": f"On {where.partition('/')[2]}"}
    if hours is not None:
        values |= {"published_at": NOON + timedelta(hours=hours), "published_precision": "second"}
    return Article(
        url=f"http://{where}", site=host, text=body, clues=tuple(Clue(*clue) for clue in clues), **(values | fields)
    )


def linker(store: Store, clock: Clock = now, **options: Any) -> Linker:
    return Linker(store, now=clock, **options)


def link(store: Store, *articles: Article, **options: Any) -> dict[str, tuple[Verdict, ...]]:
    """Links articles in one batch and works off the queue. URL without scheme -> lines."""
    room = linker(store, **options)
    room.link([Arrival(one) for one in articles])
    room.drain()
    return told(store)


def told(store: Store) -> dict[str, tuple[Verdict, ...]]:
    lines: dict[str, tuple[Verdict, ...]] = {}
    for line in store.verdicts.select(everything=True):
        key = line.url.removeprefix("http://")
        lines[key] = (*lines.get(key, ()), line)
    return lines
