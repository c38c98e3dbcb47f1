"""Hashes that stand in more documents than the cap, and for each the documents of lowest rank."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from crawler.dedup.documents import Documents


class CommonHashes:
    """Hash -> rows of `documents`, at most `cap`, lowest rank first. A hash that became common stays so."""

    def __init__(self, documents: Documents, cap: int) -> None:
        self._documents = documents
        self._cap = cap
        self._rows: dict[int, array[int]] = {}
        self._changed: set[int] = set()

    def __len__(self) -> int:
        return len(self._rows)

    def rows(self, value: int) -> Sequence[int]:
        """Of a common hash."""
        return self._rows[value]

    def of(self, hashes: Sequence[int]) -> set[int]:
        """Those of the hashes that are common."""
        return self._rows.keys() & hashes

    def make(self, value: int, rows: list[int]) -> None:
        """The hash becomes common: it stands in these documents."""
        for row in rows:
            self._documents.count_common(row)
        self._keep(value, sorted(rows, key=self._documents.rank))

    def enter(self, value: int, row: int) -> Sequence[int]:
        """Adds a document of a common hash to its list if it ranks among the lowest; the rows before, if it does."""
        self._documents.count_common(row)
        rank, rows = self._documents.rank, self._rows[value]
        if len(rows) >= self._cap and rank(row) > rank(rows[-1]):
            return ()
        living = [one for one in rows if not self._documents.dead(one)]
        living.insert(bisect_left(living, rank(row), key=rank), row)
        self._keep(value, living)
        return rows

    def _keep(self, value: int, rows: list[int]) -> None:
        self._rows[value] = array("I", rows[: self._cap])
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
