"""Hashes that stand in more documents than the cap, and for each the documents of lowest rank."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from crawler.dedup.documents import Documents
from crawler.dedup.runs import Distinct, Postings, Rows

FEW = 8
"""Documents that are compared one by one with the last of a list."""


class CommonHashes:
    """Hash -> rows of `documents`, at most `cap`, lowest rank first. A hash that became common stays so."""

    def __init__(self, documents: Documents, cap: int) -> None:
        self._documents = documents
        self._cap = cap
        self._rows: dict[int, array[int]] = {}
        self._highest: dict[int, tuple[int, int, int]] = {}  # rank of the last of a list, where it was asked for
        self._changed: set[int] = set()

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, value: int) -> bool:
        return value in self._rows

    def of(self, hashes: Distinct) -> set[int]:
        """Those of the hashes that are common."""
        return self._rows.keys() & hashes.tolist() if self._rows else set()

    def find(self, wanted: Distinct, common: set[int]) -> Postings:
        """The rows kept of those of the wanted hashes (ascending, distinct) that are common ones."""
        values = sorted(common)
        lists = [np.asarray(self._rows[value], np.int64) for value in values]
        places = np.searchsorted(wanted, np.array(values, np.uint32))
        return Postings(np.repeat(places, [len(one) for one in lists]), np.concatenate(lists))

    def make(self, value: int, rows: Rows) -> None:
        """The hash becomes common: it stands in these documents."""
        self._documents.count_common(rows)
        self._keep(value, sorted(rows.tolist(), key=self._documents.rank))

    def enter(self, value: int, new: Rows) -> set[int]:
        """Adds documents, in this order, to the list of a common hash, where they rank among the lowest. The rows whose
        candidates may be different by that: those that were in the list each time."""
        concerned: set[int] = set()
        rank = self._documents.rank
        for row in (self._hopeful(value, new) if len(new) > FEW else new).tolist():
            rows = self._rows[value]
            if len(rows) < self._cap or rank(row) < self._last(value):
                concerned.update(rows)
                living = [one for one in rows if not self._documents.dead(one)]
                living.insert(bisect_left(living, rank(row), key=rank), row)
                self._keep(value, living)
        return concerned

    def _last(self, value: int) -> tuple[int, int, int]:
        found = self._highest.get(value)
        if found is None:
            found = self._highest[value] = self._documents.rank(self._rows[value][-1])
        return found

    def _hopeful(self, value: int, new: Rows) -> Rows:
        """Without those that cannot enter a list that is full and only gets lower."""
        rows = np.asarray(self._rows[value], np.int64)
        full = len(rows) >= self._cap and bool(self._documents.alive(rows).all())
        return self._documents.before(new, rows[-1]) if full else new

    def _keep(self, value: int, rows: list[int]) -> None:
        self._rows[value] = array("I", rows[: self._cap])
        self._highest.pop(value, None)
        self._changed.add(value)

    # -- files

    def hashes(self) -> npt.NDArray[np.uint32]:
        """All of them, ascending."""
        return np.sort(np.fromiter(self._rows, np.uint32, len(self._rows)))

    def changed(self) -> set[int]:
        """Hashes whose list is another since the last `settle`."""
        return self._changed

    def settle(self) -> None:
        """What has changed is in a file."""
        self._changed.clear()

    def pack(self, hashes: Sequence[int]) -> dict[str, npt.NDArray[np.uint32]]:
        """The lists of these hashes as arrays."""
        lists = [self._rows[value] for value in hashes]
        rows = np.concatenate([np.asarray(one, np.uint32) for one in lists]) if lists else np.zeros(0, np.uint32)
        lengths = np.array([len(one) for one in lists], np.uint32)
        return {"common": np.array(hashes, np.uint32), "common_lengths": lengths, "common_rows": rows}

    def unpack(self, hashes: Iterable[int], lengths: npt.NDArray[np.uint32], rows: npt.NDArray[np.uint32]) -> None:
        """The inverse of `pack`; lists already held are replaced."""
        ends = np.cumsum(lengths)
        for value, end, length in zip(hashes, ends.tolist(), lengths.tolist(), strict=True):
            self._rows[value] = array("I", rows[end - length : end].tolist())
        self._highest.clear()
