"""An archive of articles for measuring `scrapy load`: any number, each made from its number alone, always the same.

Seven of ten articles are new texts of 20 publishers, three are copies on 20 mirrors of one of the last thousands:
whole, with inserts, an excerpt, or with a tenth of the words replaced. Words are of our own making, with frequencies
as in a language, so that texts share words and single phrases but no passages.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

PUBLISHERS, MIRRORS = 20, 20
COPIES = 0.3
WORDS = (250, 950)
_REACH = 5000
"""How many articles back a copy's source may lie."""
_VOCABULARY = 30_000
_START = datetime(2025, 3, 1, tzinfo=UTC)
_SPACING = timedelta(minutes=4)
_SYLLABLES = (
    "ba",
    "ke",
    "li",
    "mo",
    "nu",
    "sha",
    "tor",
    "vel",
    "win",
    "zer",
    "dran",
    "pol",
    "gri",
    "hus",
    "ona",
    "ist",
    "ure",
)

_SMALL = """
the of and to in a is that for it was on are as with his they at be this from have or by one had not but what
all were when we there can an your which their said if do will each about how up out them then she many some so
these would other into has more her two like him see time could no make than first been its who now people my
made over did down only way find use may water long little very after words called just where most know
""".split()  # noqa: SIM905  one word a line would be a page of them
"""Words that English has most of: some readers tell an article by them."""


def _vocabulary() -> list[str]:
    dice = random.Random("vocabulary")
    words = dict.fromkeys(_SMALL)
    while len(words) < _VOCABULARY:
        words["".join(dice.choices(_SYLLABLES, k=dice.choice((2, 3, 3, 4))))] = None
    return list(words)


class Texts:
    """Texts by number."""

    def __init__(self) -> None:
        self._words = np.array(_vocabulary(), dtype=object)
        shares = 1 / np.arange(3, len(self._words) + 3)
        self._shares = np.cumsum(shares / shares.sum())

    def new(self, number: int) -> str:
        """A text that shares no passage with that of any other number."""
        dice = np.random.default_rng(number)
        count = int(dice.integers(*WORDS))
        words = self._words[np.searchsorted(self._shares, dice.random(count))]
        paragraphs = []
        at = 0
        while at < count:
            sentences = []
            for length in dice.integers(8, 26, size=4).tolist():
                if at < count:
                    sentences.append(" ".join(words[at : at + length]).capitalize() + ".")
                    at += length
            paragraphs.append(" ".join(sentences))
        return "\n\n".join(paragraphs)

    def copy(self, text: str, dice: random.Random) -> str:
        """That text as a mirror prints it."""
        paragraphs = text.split("\n\n")
        kind = dice.randrange(4)
        if kind == 1:
            for _ in range(2):
                line = " ".join(dice.choices(self._words[:3000], k=9))
                paragraphs.insert(dice.randrange(1, len(paragraphs) + 1), f"See also: {line}")
        elif kind == 2:
            paragraphs = paragraphs[: max(2, len(paragraphs) * dice.randrange(3, 7) // 10)]
        elif kind == 3:
            return " ".join(w if dice.random() > 0.1 else dice.choice(self._words) for w in text.split(" "))
        return "\n\n".join(paragraphs)


def articles(count: int) -> Iterator[dict[str, Any]]:
    """Records as `scrapy load` reads them, in the order of their publication."""
    texts = Texts()
    for number in range(count):
        dice = random.Random(number)
        published = _START + number * _SPACING
        if number > 10 and dice.random() < COPIES:
            source = number - dice.randrange(1, min(number, _REACH))
            text, host = texts.copy(texts.new(source), dice), f"mirror{dice.randrange(MIRRORS)}.example"
        else:
            text, host = texts.new(number), f"daily{dice.randrange(PUBLISHERS)}.example"
        title = text[:60].rpartition(" ")[0]
        yield {
            "url": f"https://{host}/{published:%Y/%m}/{number}/",
            "title": title,
            "text": text,
            "published": published.isoformat(),
        }


def lines(count: int) -> Iterator[bytes]:
    """The same as JSON lines."""
    for record in articles(count):
        yield json.dumps(record, ensure_ascii=False).encode() + b"\n"
