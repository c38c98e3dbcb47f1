"""Which documents share sampled shingles with this one: an index that grows, and forgets nothing it needs.

A hash that stands in more documents than the cap is common. Of a common hash only the documents of lowest rank are
kept, whatever the order of arrival, and it makes candidates only where one of the two texts consists of common hashes
for the most part: a text with thousands of copies is found by its copies, a standing paragraph links nobody.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from crawler.dedup.documents import Documents, Rank

CAP = 50
COMMON_TEXT = 0.75
"""From this share of common hashes on a text is itself common: one that is copied everywhere, not one that carries a
standing paragraph."""
MEMORY_POSTINGS = 1 << 16
"""In the dictionary, before they become a sorted run."""

Keys = npt.NDArray[np.uint64]
Hashes = npt.NDArray[np.uint32] | Sequence[int]


class Change(NamedTuple):
    """What an `add` changed for others: hashes that became common by it, and documents whose candidates may be
    different now (beside those that the new document itself finds)."""

    hashes: tuple[int, ...] = ()
    docs: tuple[int, ...] = ()


class PostingIndex:
    """Hash -> documents. `cap`: how many documents a hash may stand in before it is common."""

    def __init__(self, cap: int = CAP) -> None:
        self.cap = cap
        self.documents = Documents()
        self._memory: dict[int, int | list[int]] = {}
        self._memory_postings = 0
        self._runs: list[Keys] = []
        self._common: dict[int, array[int]] = {}  # hash -> rows, lowest rank first
        self._searched: dict[bytes, tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]] = {}

    def __len__(self) -> int:
        return self.documents.living

    def __contains__(self, doc: int) -> bool:
        return self.documents.find(doc) is not None

    def add(self, doc: int, hashes: Hashes, rank: Rank = 0) -> Change:
        """Adds a document with its distinct hashes; one of that id is replaced."""
        self.remove(doc)
        wanted = np.unique(np.asarray(hashes, np.uint32))
        row = self.documents.append(doc, rank, len(wanted))
        held = self._held(wanted)
        crossed: list[int] = []
        concerned: set[int] = set()
        for value in wanted.tolist():
            if value in self._common:
                self.documents["common"][row] += 1
                concerned.update(self._enter(value, row))
                continue
            rows = self._living(held.get(value, ())) if len(held.get(value, ())) >= self.cap else ()
            if len(rows) >= self.cap:
                self._make_common(value, [*rows, row])
                crossed.append(value)
                concerned.update(rows)
            else:
                self._remember(value, row)
        if self._memory_postings >= MEMORY_POSTINGS:
            self._freeze()
        concerned.discard(row)
        return Change(tuple(crossed), tuple(self.documents["id"][sorted(concerned)].tolist()))

    def remove(self, doc: int) -> bool:
        """Forgets a document. A common hash that drops below the cap by this stays common."""
        row = self.documents.find(doc)
        if row is None:
            return False
        self.documents.bury(row)
        return True

    def candidates(
        self, hashes: Hashes, minimum: int = 2, limit: int = 200, *, doc: int | None = None
    ) -> list[tuple[int, int]]:
        """Documents that share at least `minimum` hashes (a text with fewer: all of them), most shared first, then
        lowest rank: (document, shared). `doc` is left out: the text's own id."""
        wanted = np.unique(np.asarray(hashes, np.uint32))
        rare: Counter[int] = Counter()
        for rows in self._held(wanted).values():
            rare.update(rows)
        common: Counter[int] = Counter()
        for value in wanted.tolist():
            common.update(self._common.get(value, ()))
        own = self._is_common(wanted)
        least = max(1, min(minimum, len(wanted)))
        found = []
        for row in {**common, **rare}:
            shared = rare[row]
            if common[row] and (own or self._common_text(row)):
                shared += common[row]
            if shared >= least and not self.documents["dead"][row] and self.documents["id"][row] != doc:
                found.append((-shared, self.documents.rank(row)))
        found.sort()
        return [(rank[2], -shared) for shared, rank in found[:limit]]

    def common(self, hashes: Hashes) -> npt.NDArray[np.uint32]:
        """Those of the hashes that are common."""
        return np.array([value for value in np.asarray(hashes).tolist() if value in self._common], np.uint32)

    def standing(self, hashes: Hashes, doc: int) -> npt.NDArray[np.uint32]:
        """The hashes that must not count when a text with `hashes` is verified against `doc`: the common ones, unless
        one of the two is a common text."""
        row = self.documents.find(doc)
        if self._is_common(hashes) or (row is not None and self._common_text(row)):
            return np.zeros(0, np.uint32)
        return self.common(hashes)

    def _is_common(self, hashes: Hashes) -> bool:
        return len(hashes) > 0 and len(self.common(hashes)) >= COMMON_TEXT * len(hashes)

    def _common_text(self, row: int) -> bool:
        return bool(self.documents["common"][row] >= COMMON_TEXT * self.documents["hashes"][row])

    def _living(self, rows: Iterable[int]) -> list[int]:
        dead = self.documents["dead"]
        return [row for row in rows if not dead[row]]

    # -- common hashes

    def _make_common(self, value: int, rows: list[int]) -> None:
        for row in rows:
            self.documents["common"][row] += 1
        self._memory.pop(value, None)
        self._common[value] = array("I", sorted(rows, key=self.documents.rank)[: self.cap])

    def _enter(self, value: int, row: int) -> Iterable[int]:
        """Puts a document into the list of a common hash if it ranks among the lowest; the list's rows if it does."""
        rows = self._common[value]
        rank = self.documents.rank
        if len(rows) >= self.cap and rank(row) > rank(rows[-1]):
            return ()
        before = rows.tolist()
        living = self._living(before)
        living.insert(bisect_left(living, rank(row), key=rank), row)
        self._common[value] = array("I", living[: self.cap])
        return before

    # -- other hashes: a dictionary of the newest, and sorted runs

    def _remember(self, value: int, row: int) -> None:
        rows = self._memory.get(value)
        if rows is None:
            self._memory[value] = row
        elif isinstance(rows, int):
            self._memory[value] = [rows, row]
        else:
            rows.append(row)
        self._memory_postings += 1

    def _held(self, wanted: npt.NDArray[np.uint32]) -> dict[int, list[int]]:
        """Hash -> rows, dead ones too, for the hashes that are not common."""
        held: dict[int, list[int]] = {}
        positions, rows = self._search_runs(wanted)
        for position, row in zip(positions.tolist(), rows.tolist(), strict=True):
            held.setdefault(int(wanted[position]), []).append(row)
        for value in wanted.tolist():
            new = self._memory.get(value)
            if new is not None:
                held.setdefault(value, []).extend([new] if isinstance(new, int) else new)
        for value in [value for value in held if value in self._common]:
            del held[value]
        return held

    def _search_runs(self, wanted: npt.NDArray[np.uint32]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Positions in `wanted` and rows. Whoever adds a document asks for its candidates soon after, so the last
        answers are kept until the runs change."""
        key = wanted.tobytes()
        known = self._searched.get(key)
        if known is not None:
            return known
        low = wanted.astype(np.uint64) << np.uint64(32)
        positions, rows = [], []
        for keys in self._runs:
            first = np.searchsorted(keys, low)
            hit = np.flatnonzero(keys[np.minimum(first, len(keys) - 1)] >> np.uint64(32) == wanted)
            hit = hit[first[hit] < len(keys)]
            last = np.searchsorted(keys, low[hit] + np.uint64(1 << 32))
            for position, start, end in zip(hit.tolist(), first[hit].tolist(), last.tolist(), strict=True):
                part = keys[start:end] & np.uint64(0xFFFFFFFF)
                rows.append(part.astype(np.int64))
                positions.append(np.full(len(part), position))
        none = np.zeros(0, np.int64)
        found = (np.concatenate(positions), np.concatenate(rows)) if rows else (none, none)
        if len(self._searched) > 1024:
            self._searched.clear()
        self._searched[key] = found
        return found

    def _freeze(self) -> None:
        """The dictionary becomes a sorted run; runs of like size are merged."""
        pairs = [
            (value << 32) | row
            for value, rows in self._memory.items()
            for row in ([rows] if isinstance(rows, int) else rows)
        ]
        self._runs.append(np.sort(np.array(pairs, np.uint64)))
        self._memory, self._memory_postings = {}, 0
        self._searched.clear()
        while len(self._runs) > 1 and len(self._runs[-2]) <= 2 * len(self._runs[-1]):
            self._runs[-2:] = [np.sort(np.concatenate(self._runs[-2:]), kind="stable")]
