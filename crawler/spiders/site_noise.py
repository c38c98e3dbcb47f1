"""The lines that recur on a site, as one visit knows them: which of them a page is read by, and what is learned."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crawler.extraction import Noise
from crawler.extraction.worker import Reading
from crawler.spiders.first_pages import FirstPages
from crawler.storage.base import Page

BY_NOISE = "noise"
"""In a page's memo: what its text was read by, `EARLIER` or `FIRST`. It is read by the same again, or by none if it was
read by none, or what we learn would look like an edit of every page."""
EARLIER, FIRST = 1, 2
"""What earlier visits had taught; what the site's first pages taught before any of them was kept."""

_FIRST, _VISIT = "first", "visit"
"""In what is stored: what the first pages taught, and in which visit."""
_ENOUGH = 3
"""Pages from which something can be learned; where there were fewer, first pages teach."""


class SiteNoise:
    """`stored` is what the store remembers (`learned`), `visit` the number of this visit.

    One visit reads all new pages by the same rules, in whatever order they come, however often it is broken off: by
    what earlier visits learned, or, where these learned nothing, by what its own first pages teach.
    """

    def __init__(self, stored: Mapping[str, Any] | None = None, visit: int = 0) -> None:
        stored = stored or {}
        self._all = Noise.from_dict(stored)
        self._visit = visit
        first = stored.get(_FIRST)
        first = first if isinstance(first, Mapping) else None
        self._first = Noise.from_dict(first) if first else None
        self._first_in: object = first.get(_VISIT) if first else None
        self._earlier = self._all.brief() if self._all.pages >= _ENOUGH else None
        knows_nothing = self._earlier is None and not self._goes_by_first
        self.first_pages = FirstPages(is_open=knows_nothing)
        """The pages that are held back until they have taught."""

    @property
    def _goes_by_first(self) -> bool:
        return self._first is not None and self._first_in == self._visit

    def rules_for(self, page: Page) -> tuple[Noise | None, int]:
        """The noise by which a page is read, and what its memo calls it (0: none)."""
        is_new = page.text_hash is None
        by = (FIRST if self._goes_by_first else EARLIER) if is_new else page.memo.get(BY_NOISE, 0)
        noise = self._first if by == FIRST else self._earlier if by == EARLIER else None
        return noise, by if noise is not None else 0

    def observe(self, reading: Reading) -> None:
        """Learns from a page that is kept, for later visits; once for each new text."""
        self._all.observe(reading.seen, theme=reading.theme, suffix=reading.suffix)

    def lesson(self) -> Noise | None:
        """What the pages that are held back have in common; None if they are too few to tell."""
        return self.first_pages.taught(self._all)

    def believe(self, lesson: Noise) -> None:
        """From now on the visit goes by this."""
        self._first, self._first_in = lesson, self._visit
        self.first_pages.is_open = False

    def learned(self, lesson: Noise | None = None) -> dict[str, Any]:
        """What is stored, with a lesson that is believed only when it is; JSON-serialisable."""
        told = self._all.to_dict()
        if lesson is not None:
            told[_FIRST] = {**lesson.to_dict(), _VISIT: self._visit}
        elif self._first is not None:
            told[_FIRST] = {**self._first.to_dict(), _VISIT: self._first_in}
        return told
