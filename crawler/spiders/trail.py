"""What is worth following at a site during one visit: so calendars, session ids and sort orders end.

See docs/decisions/0042-barren-lists.md. A depth limit would end honest archives, too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from crawler.discovery.patterns import template

_BARREN_LISTS = 3
_HOPELESS = 20
"""Pages of one URL template that are read before it is given up for this visit, if none of them is an article."""
_TEMPLATES = 1000
_TEXTS = 20_000
"""Bounds of what is remembered for that."""


@dataclass
class Trail:
    """What lists showed, and what came of the pages that they led to."""

    _shown: set[int] = field(default_factory=set)
    _barren: dict[int, int] = field(default_factory=dict)
    _refuted: Counter[str] = field(default_factory=Counter)
    _proven: Counter[str] = field(default_factory=Counter)
    """Pages by URL template."""
    _echoes: Counter[str] = field(default_factory=Counter)
    """Pages, by template, that said what another one says under another query."""
    _texts: dict[int, str] = field(default_factory=dict)
    _given_up: set[str] = field(default_factory=set)

    def saw_list(self, page_id: int, parent: int | None, method: str, urls: Iterable[str]) -> bool:
        """Notes what a list showed. False: neither it nor the lists that led to it showed anything that its method
        had not shown in this visit, or only what is hopeless, and it is not worth following further."""
        before = len(self._shown)
        self._shown.update(hash((method, url)) for url in urls if not self.is_hopeless(url))
        barren = 0 if len(self._shown) > before else self._barren.get(parent or 0, 0) + 1
        self._barren[page_id] = barren
        return barren < _BARREN_LISTS

    def is_hopeless(self, url: str) -> bool:
        """Whether many pages of this URL's template were read in this visit, and none was an article, or most of them
        said what another one did whose URL differs in its query only: session ids make no end of those."""
        return bool(self._given_up) and template(url) in self._given_up

    def proved(self, url: str, is_article: bool) -> None:
        """A page was read and was, or was not, an article."""
        shape = template(url)
        counts = self._proven if is_article else self._refuted
        if shape in counts or len(counts) < _TEMPLATES:
            counts[shape] += 1
        self._judge(shape)

    def first_to_say(self, url: str, said: str) -> str:
        """The page that said this first in this visit, among those whose URLs differ in the query only: this one, or
        the one of which it is an echo, perhaps not stored yet."""
        key = hash((url.partition("?")[0], said))
        if len(self._texts) >= _TEXTS:
            return self._texts.get(key, url)
        return self._texts.setdefault(key, url)

    def echoed(self, url: str) -> None:
        """A page said what another one says whose URL differs in the query only."""
        shape = template(url)
        self._echoes[shape] += 1
        self._judge(shape)

    def _judge(self, shape: str) -> None:
        proven, echoes = self._proven[shape], self._echoes[shape]
        no_article = self._refuted[shape] >= _HOPELESS and not proven
        if no_article or (echoes >= _HOPELESS and echoes * 2 > proven):
            self._given_up.add(shape)
        else:
            self._given_up.discard(shape)
