"""What a site teaches about its own noise: the lines that recur over its pages, in any language.

One `Noise` belongs to one site. It is small, JSON-serialisable, and forgets what the site has stopped to show.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from crawler.extraction.lines import ends_sentence, fold, words

_MIN_PAGES = 3
"""Pages a line must stand on, each of another text, before it counts as recurring; two are enough of the first four."""
_MIN_SHARE = 0.25
_HALVE_AT = 40
"""Pages after which all counts are halved: a line that is no longer shown is gone two or three halvings later."""
_MAX_LINES = 600
_MAX_LENGTH = 300
_NEW_THEME = 3
"""Pages in a row with another theme before the old one's noise is dropped."""
_FORGET = 0.4
_LEAD = re.compile(r"^[\W_]*(?P<lead>[^:：→|»>–—\]]{2,30}?)\s*(?:[:：→|»>\]]|\s[–—-]\s)\s*\S")

Seen = tuple[str, str | None]
"""One short line of a page as it is learned: its text, and what stands in it before the link that is the rest of it
("" where it is a link as a whole, None where it is no such line)."""


class Noise:
    """Counts, for one site, on how many pages each short line and each lead-in of a link line was seen."""

    def __init__(self) -> None:
        self.pages = 0.0
        self.theme = ""
        self._strange = 0
        self._lines: dict[str, float] = {}
        self._suffixes: dict[str, float] = {}

    def observe(self, lines: Iterable[Seen], *, theme: str = "", suffix: str = "") -> None:
        """Learns from one page: its short lines, its theme's mark, and the suffix that only its <title> carries.

        Call it once for a page whose text is new; a page read again would count twice.
        """
        self._watch_theme(theme)
        self.pages += 1
        for key in {key for text, lead in lines for key in _keys(text, lead)}:
            self._lines[key] = self._lines.get(key, 0.0) + 1
        if suffix:
            key = fold(suffix)[:100]
            self._suffixes[key] = self._suffixes.get(key, 0.0) + 1
        if self.pages >= _HALVE_AT:
            self._fade(0.5)
        if len(self._lines) > _MAX_LINES:
            strongest = sorted(self._lines.items(), key=lambda item: (-item[1], item[0]))
            self._lines = dict(strongest[: _MAX_LINES // 2])

    def recurs(self, text: str, lead: str | None = None) -> bool:
        """Whether a line is noise here: it stands on many pages and is no sentence, or it begins with a lead-in
        ("Voir aussi : …") that lines of many pages have."""
        key = fold(text)[:_MAX_LENGTH]
        if self._often(self._lines.get(key, 0.0)):
            return not _sentence(text)
        return any(self._often(self._lines.get(lead, 0.0)) for lead in _leads(text, lead))

    def standing(self, text: str) -> bool:
        """Whether a full sentence of the article stands on many of the site's pages: kept, but evidence of nothing."""
        return _sentence(text) and self._often(self._lines.get(fold(text)[:_MAX_LENGTH], 0.0))

    def own_suffix(self, suffix: str) -> bool:
        """Whether nearly every page's title ends so: the site's own name, which credits nobody."""
        seen = self._suffixes.get(fold(suffix)[:100], 0.0)
        return seen >= _MIN_PAGES and seen >= 0.6 * self.pages

    def brief(self) -> Noise:
        """A copy with only what `recurs`, `standing` and `own_suffix` would answer yes to: small enough to send along
        with every page."""
        small = Noise()
        small.pages, small.theme = self.pages, self.theme
        small._lines = {key: seen for key, seen in self._lines.items() if self._often(seen)}
        small._suffixes = {key: seen for key, seen in self._suffixes.items() if self.own_suffix(key)}
        return small

    def common(self) -> Noise | None:
        """As `brief`, but only with what half of the pages show, and three at least; None where there are fewer. For
        the few first pages of a site: a quarter of those may well be one series of articles."""
        if self.pages < _MIN_PAGES:
            return None
        small = self.brief()
        least = max(_MIN_PAGES, 0.5 * self.pages)
        small._lines = {key: seen for key, seen in small._lines.items() if seen >= least}
        return small

    def to_dict(self) -> dict[str, Any]:
        """A JSON-serialisable form, counts rounded."""
        return {
            "pages": round(self.pages, 2),
            "theme": self.theme,
            "strange": self._strange,
            "lines": {key: round(seen, 2) for key, seen in self._lines.items()},
            "suffixes": {key: round(seen, 2) for key, seen in self._suffixes.items()},
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any] | None) -> Noise:
        """The inverse of `to_dict`; anything unreadable gives an empty one."""
        noise = cls()
        try:
            if data:
                noise.pages = float(data.get("pages", 0))
                noise.theme = str(data.get("theme", ""))
                noise._strange = int(data.get("strange", 0))
                noise._lines = {str(key): float(seen) for key, seen in dict(data.get("lines") or {}).items()}
                noise._suffixes = {str(key): float(seen) for key, seen in dict(data.get("suffixes") or {}).items()}
        except (TypeError, ValueError):
            return cls()
        return noise

    def __len__(self) -> int:
        return len(self._lines)

    def _often(self, seen: float) -> bool:
        few, many = seen >= 2 and seen >= 0.5 * self.pages, seen >= _MIN_PAGES and seen >= _MIN_SHARE * self.pages
        return few or many

    def _watch_theme(self, theme: str) -> None:
        if not theme or theme == self.theme:
            self._strange = 0
            return
        if not self.theme:
            self.theme = theme
            return
        self._strange += 1
        if self._strange >= _NEW_THEME:
            self.__init__()  # type: ignore[misc]
            self.theme = theme

    def _fade(self, factor: float) -> None:
        self.pages *= factor
        for table in (self._lines, self._suffixes):
            for key in list(table):
                table[key] *= factor
                if table[key] < _FORGET:
                    del table[key]


def _sentence(text: str) -> bool:
    return ends_sentence(text) and words(text) >= 8


def _keys(text: str, lead: str | None) -> list[str]:
    return [fold(text)[:_MAX_LENGTH], *_leads(text, lead)] if text.strip() else []


def _leads(text: str, lead: str | None) -> list[str]:
    """What a line begins with: before its link, or before a mark in a line that is no sentence; a sentence that begins
    like others does so by chance."""
    found = [f"{lead}>"] if lead else []
    match = _LEAD.match(text)
    if match is not None and (
        lead is not None or not ends_sentence(text) or (words(text) <= 14 and text[-1] in "?!？！")
    ):
        found.append(f"{fold(match['lead'])}:")
    return found
