"""How often a site is asked: as often as it tends to have something new.

What a site showed is counted against the time over which it was watched, and what lies back counts less. A poll is due
when one more article is to be expected; so visits a minute apart teach next to nothing, and a paper that prints fifty
articles a day is asked every half hour whether or not the last visit happened to bring one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

LEAST = timedelta(minutes=10)
MOST = timedelta(days=1)
_FIRST = timedelta(hours=1)
"""The poll of a site of which nothing is known: one article in this time, until it teaches better."""
_HALF_LIFE = timedelta(days=7)
RECENT = timedelta(days=7)
"""How far back the times that articles state are counted at a first visit."""


def is_recent(published: datetime, now: datetime) -> bool:
    """Whether an article counts as one that the site printed lately; a time to come does not."""
    return timedelta() <= now - published <= RECENT


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Articles, new or changed, over the seconds in which they came; both fade with a half-life of a week."""

    articles: float = 1.0
    seconds: float = _FIRST.total_seconds()

    @classmethod
    def of(cls, stored: object) -> Rhythm:
        """From what `stored()` gave; the beginning where it is nothing of the kind."""
        if isinstance(stored, Sequence) and len(stored) == 2:
            articles, seconds = stored
            if isinstance(articles, int | float) and isinstance(seconds, int | float) and articles > 0 and seconds > 0:
                return cls(float(articles), float(seconds))
        return cls()

    def stored(self) -> list[float]:
        """JSON-serialisable."""
        return [round(self.articles, 3), round(self.seconds, 1)]

    def told(self, dated: int, recent: int) -> Rhythm:
        """After a first visit: of so many articles that state a time, so many are recent."""
        if not dated:
            return self
        return Rhythm(self.articles + recent, self.seconds + RECENT.total_seconds())

    def after(self, articles: int, elapsed: timedelta) -> Rhythm:
        """After a visit that brought so many, so long after the one before."""
        seconds = max(elapsed.total_seconds(), 0.0)
        kept = 0.5 ** (seconds / _HALF_LIFE.total_seconds())
        # never nothing: a site that was silent for a year may begin again
        return Rhythm(max(self.articles * kept + articles, 0.01), max(self.seconds * kept + seconds, 1.0))

    @property
    def poll(self) -> timedelta:
        """How long it takes until one more article is to be expected, from `LEAST` to `MOST`."""
        seconds = min(self.seconds / self.articles, MOST.total_seconds())
        return max(timedelta(seconds=seconds), LEAST)
