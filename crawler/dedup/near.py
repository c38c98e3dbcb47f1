"""Near duplicates of a text among many, in memory: this room's face for use without a crawl."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace

from crawler.dedup.alignment import Kind, Match, align, best_first
from crawler.dedup.postings import CAP, PostingIndex
from crawler.dedup.prepared import Prepared, prepare
from crawler.dedup.sketches import sketch


class NearDuplicates:
    """Texts under keys, and which of them a text copies or is copied by.

    `threshold`: the least share of either text that stands in shared passages. `kinds`: what counts as a match (see
    `Match.kind`). `cap`: in how many texts a passage may stand before it is no evidence any more.
    """

    def __init__(self, threshold: float = 0.1, kinds: tuple[Kind, ...] = ("copy",), cap: int = CAP) -> None:
        self.threshold = threshold
        self.kinds = kinds
        self._index = PostingIndex(cap)
        self._keys: list[Hashable] = []
        self._texts: dict[Hashable, tuple[int, Prepared]] = {}

    def __len__(self) -> int:
        return len(self._texts)

    def __contains__(self, key: Hashable) -> bool:
        return key in self._texts

    def add(self, key: Hashable, text: str) -> None:
        """Holds a text; another under that key is replaced."""
        self.remove(key)
        doc = len(self._keys)
        self._keys.append(key)
        self._texts[key] = (doc, prepare(text))
        self._index.add(doc, sketch(text).hashes, doc)

    def remove(self, key: Hashable) -> bool:
        """Forgets a text; False where there is none."""
        known = self._texts.pop(key, None)
        return known is not None and self._index.remove(known[0])

    def matches(self, text: str) -> list[Match]:
        """One for each text held that matches, the most copied first, `key` saying which."""
        mine, hashes = prepare(text), sketch(text).hashes
        found = []
        for doc, _ in self._index.candidates(hashes):
            key = self._keys[doc]
            match = align(mine, self._texts[key][1], standing=self._index.standing(hashes, doc))
            if match.kind in self.kinds and max(match.copied, match.coverage) >= self.threshold:
                found.append(replace(match, key=key))
        return best_first(found)
