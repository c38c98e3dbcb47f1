"""What decisions look at: pages without their text, what two of them share, and the question about the two."""

from __future__ import annotations

from dataclasses import dataclass

from crawler.attribution.credits import Credit
from crawler.attribution.families import Early
from crawler.attribution.habits import Habit
from crawler.attribution.publishers import Publisher
from crawler.attribution.times import Moment
from crawler.items import Article

_NO_HABIT = Habit()

Passage = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Page:
    """An article as the signals see it: its text is not needed."""

    id: int
    article: Article
    site: str
    """As the operator declared it for this host, else as the article says."""
    publisher: Publisher
    moment: Moment | None
    credits: tuple[Credit, ...]
    endorsed: int = 0
    """How many of ENDORSED_BY the other pages reach that have its text and credit its publisher."""
    claimed: Moment | None = None
    """Its time by its own page alone: what habits are counted by."""
    early: Early | None = None
    """What the other pages with its text hold against its stated time."""

    @property
    def url(self) -> str:
        """Of the article."""
        return self.article.url

    @property
    def too_early(self) -> Early | None:
        """Why its stated time is not believed; a page that others credit is."""
        return None if self.endorsed else self.early

    @property
    def order(self) -> tuple[float, str]:
        """Earliest first; pages without a time last, by when we first saw them; ties by URL."""
        if self.moment is not None:
            return (self.moment.middle.timestamp(), self.url)
        seen = self.article.first_seen
        return (1e12 + (seen.timestamp() if seen else 1e12), self.url)


@dataclass(frozen=True, slots=True)
class Shared:
    """The verified passages of two texts, seen from the copy: shares of its words and of the source's, and where they
    stand."""

    copied: float
    coverage: float
    copy_words: int
    source_words: int
    longest: int
    jaccard: float
    stored: tuple[Passage, ...]
    """Passages as they were measured; `turned`: from the other side."""
    turned: bool = False

    @property
    def passages(self) -> tuple[Passage, ...]:
        """(copy_start, copy_end, source_start, source_end) in characters, ascending in the copy."""
        return tuple(sorted((c, d, a, b) for a, b, c, d in self.stored)) if self.turned else self.stored

    def swapped(self) -> Shared:
        """Seen from the source."""
        return Shared(
            self.coverage,
            self.copied,
            self.source_words,
            self.copy_words,
            self.longest,
            self.jaccard,
            self.stored,
            not self.turned,
        )

    @property
    def words(self) -> int:
        """Of the copy, in passages."""
        return round(self.copied * self.copy_words)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two pages that share text: the question is whether `copy` was taken from `source`."""

    copy: Page
    source: Page
    shared: Shared
    habit: Habit = _NO_HABIT
    """Of the copy's site towards the source's."""

    def swapped(self) -> Pair:
        """The opposite question."""
        return Pair(self.source, self.copy, self.shared.swapped(), self.habit.swapped())
