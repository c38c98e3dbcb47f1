"""The first pages of a site teach what recurs on it before any of them is kept: each is read and held back with its
answer until there are enough of them; then they are handed out again, and read by what they taught.

A page that is held back is leased as before. If the process dies, it is fetched again. See docs/decisions/0126.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Set
from dataclasses import dataclass, field

from scrapy import Request
from scrapy.http import Headers, Response

from crawler.extraction import Noise
from crawler.extraction.learned import Seen
from crawler.extraction.worker import Reading
from crawler.storage.base import Page

ANSWER = "firstprint_answer"
"""In a request's meta: the `KeptAnswer` that it is given instead of being sent."""

_LESSON, _SHORT = 8, 4
"""Pages that teach, the first ones that prove to be articles; fewer where memory is short."""
_MOST = 12
"""Pages that are held back while one that comes before them keeps us waiting."""
_MOST_BYTES = 2 << 20
"""Held of one site."""


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer that is read again later, packed."""

    url: str
    status: int
    headers: Headers
    flags: list[str]
    body: bytes

    @classmethod
    def of(cls, response: Response) -> KeptAnswer:
        """Packs an answer."""
        return cls(response.url, response.status, response.headers, response.flags, zlib.compress(response.body, 1))

    def to(self, request: Request) -> Response:
        """The answer once more, to a request of the same address."""
        return Response(self.url, self.status, self.headers, zlib.decompress(self.body), self.flags, request)


@dataclass(frozen=True, slots=True)
class HeldPage:
    """A page that teaches, and what is needed to read it again."""

    page: Page
    answer: KeptAnswer
    asked: list[str]
    """The addresses that redirected here, the first one first."""
    seen: tuple[Seen, ...]
    theme: str
    suffix: str
    text_hash: str | None

    @classmethod
    def of(cls, page: Page, response: Response, reading: Reading) -> HeldPage:
        """Keeps what teaches of a reading, and lets the article go: it is read again."""
        asked = list(response.meta.get("redirect_urls") or ())
        answer = KeptAnswer.of(response)
        return cls(page, answer, asked, reading.seen, reading.theme, reading.suffix, reading.text_hash)

    @property
    def size(self) -> int:
        """Bytes, about."""
        return len(self.answer.body) + sum(len(text) for text, _ in self.seen)


@dataclass
class FirstPages:
    """What one visit holds back. Only the reactor's thread touches it."""

    is_open: bool = False
    """New articles are held back."""
    size: int = 0
    """Bytes that are held."""
    _lesson: int = _LESSON
    _ranks: dict[int, tuple[int, int]] = field(default_factory=dict)
    """New articles' rows, each with its rank: the most urgent first, of these the first found."""
    _held: dict[int, HeldPage] = field(default_factory=dict)

    @property
    def held(self) -> Mapping[int, HeldPage]:
        """The pages that are held back, by their rows."""
        return self._held

    def enrol(self, page: Page) -> None:
        """A row was leased."""
        if self.is_open and page.link.kind != "list" and page.text_hash is None:
            self._ranks[page.id] = (-page.priority, page.id)

    def wants(self, page: Page) -> bool:
        """Whether a page is to be held back if it is an article."""
        return self.is_open and page.id in self._ranks

    def hold(self, page: Page, response: Response, reading: Reading) -> int:
        """Holds an article back. Returns the bytes that this takes."""
        held = self._held[page.id] = HeldPage.of(page, response, reading)
        self.size += held.size
        return held.size

    def hurry(self, *, stop: bool) -> None:
        """Memory is short: fewer pages are enough, or (`stop`) those that are here."""
        self._lesson = _SHORT
        self.is_open = not stop

    def is_complete(self, leased: Set[int]) -> bool:
        """Whether the first pages by rank are all here, whichever was answered first: so a crawl that was killed is
        taught by the same ones again. `leased`: the rows whose lease has not ended."""
        self._ranks = {row: rank for row, rank in self._ranks.items() if row in self._held or row in leased}
        first = sorted(self._ranks, key=self._ranks.__getitem__)[: self._lesson]
        if len(first) == self._lesson and self._held.keys() >= set(first):
            return True
        return len(self._held) >= _MOST or self.size > _MOST_BYTES or not self.is_open

    def taught(self, before: Noise) -> Noise | None:
        """What the first pages have in common, together with those seen before; None if they are too few to tell."""
        if not self._held:
            return None
        noise = Noise.from_dict(before.to_dict())
        texts: set[str | None] = set()
        for held in self._in_order():
            if len(texts) < self._lesson and held.text_hash not in texts:
                texts.add(held.text_hash)
                noise.observe(held.seen, theme=held.theme, suffix=held.suffix)
        return noise.common()

    def let_go(self) -> list[HeldPage]:
        """Holds nothing back any more of what is here: these pages, by rank."""
        held = self._in_order()
        for row in self._held:
            del self._ranks[row]
        self._held, self.size = {}, 0
        return held

    def _in_order(self) -> list[HeldPage]:
        return [self._held[row] for row in sorted(self._held, key=self._ranks.__getitem__)]
