"""Postings of hashes that are not common: a dictionary of the newest, and sorted runs, in memory and in files.

A posting is one number, hash << 32 | row. Runs of like size are merged, so that there are a dozen of them at a million
documents.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from crawler.dedup import compiling
from crawler.dedup.segments import Buckets, Keys, merge_from

MEMORY_POSTINGS = 1 << 16
"""In the dictionary, before they become a sorted run."""
_ROW = np.uint64(0xFFFFFFFF)
_HASH = np.uint64(32)


class Run(NamedTuple):
    """Ascending keys, and where the ranges of `Buckets` start in them."""

    keys: Keys
    starts: npt.NDArray[np.uint32]
    shift: int

    @classmethod
    def read(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> Run:
        """The run of a file."""
        return cls(arrays["keys"], arrays["buckets"], Buckets.shift_for(len(arrays["buckets"]) - 1))

    @classmethod
    def of(cls, keys: Keys) -> Run:
        """A run of keys in memory."""
        buckets = Buckets.of_size(len(keys))
        buckets.count(keys)
        starts = buckets.starts()
        keys.setflags(write=False)
        starts.setflags(write=False)
        return cls(keys, starts, buckets.shift)

    def search(self, wanted: npt.NDArray[np.uint32]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """For each hash (ascending) where its keys start, and how many they are."""
        fast = compiling.kernel()
        if fast is not None:
            found: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]] = fast.search(
                self.keys, self.starts, self.shift, wanted
            )
            return found
        low = wanted.astype(np.uint64) << _HASH
        first = np.searchsorted(self.keys, low)
        return first, np.searchsorted(self.keys, low | _ROW, "right") - first


class Runs:
    """Hash -> rows."""

    def __init__(self) -> None:
        self.files: list[Run] = []
        """Sorted runs of the index's files, oldest first."""
        self._memory: list[Run] = []
        self._newest: dict[int, int] = {}
        self._repeated: dict[int, list[int]] = {}  # rows after the first of hashes in _newest
        self._newest_postings = 0
        self._searched: dict[bytes, tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]] = {}

    def add(self, values: Sequence[int], row: int) -> None:
        """The postings of one document, of the highest row so far."""
        known = self._newest.keys() & values
        for value in known:
            self._repeated.setdefault(value, []).append(row)
        self._newest.update(dict.fromkeys([value for value in values if value not in known] if known else values, row))
        self._newest_postings += len(values)
        if self._newest_postings >= MEMORY_POSTINGS:
            self._freeze()

    def find(self, wanted: npt.NDArray[np.uint32]) -> dict[int, list[int]]:
        """The rows of each of these hashes (ascending, distinct) that is held."""
        held: dict[int, list[int]] = {}
        values = wanted.tolist()
        positions, rows = self._search(wanted)
        for position, row in zip(positions.tolist(), rows.tolist(), strict=True):
            held.setdefault(values[position], []).append(row)
        for value in self._newest.keys() & values:
            held.setdefault(value, []).extend([self._newest[value], *self._repeated.get(value, ())])
        return held

    def _search(self, wanted: npt.NDArray[np.uint32]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Positions in `wanted` and rows, from the sorted runs. Whoever adds a document asks for its candidates soon
        after, so the last answers are kept until the runs change."""
        key = wanted.tobytes()
        known = self._searched.get(key)
        if known is not None:
            return known
        positions, rows = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        for run in (*self.files, *self._memory):
            first, counts = run.search(wanted)
            for position in counts.nonzero()[0].tolist():
                start, count = int(first[position]), int(counts[position])
                rows.append((run.keys[start : start + count] & _ROW).astype(np.int64))
                positions.append(np.full(count, position))
        found = np.concatenate(positions), np.concatenate(rows)
        if len(self._searched) >= 1024:
            self._searched.clear()
        self._searched[key] = found
        return found

    def _freeze(self) -> None:
        """The dictionary becomes a sorted run; runs of like size are merged."""
        self._searched.clear()
        if not self._newest:
            return
        pairs = [(value << 32) | row for value, row in self._newest.items()]
        pairs += [(value << 32) | row for value, rows in self._repeated.items() for row in rows]
        self._memory.append(Run.of(np.sort(np.array(pairs, np.uint64))))
        self._newest, self._repeated, self._newest_postings = {}, {}, 0
        start = merge_from([len(run.keys) for run in self._memory])
        if len(self._memory) - start > 1:
            together = np.concatenate([run.keys for run in self._memory[start:]])
            self._memory[start:] = [Run.of(np.sort(together, kind="stable"))]

    def unwritten(self) -> list[Keys]:
        """The runs that are in no file."""
        self._freeze()
        return [run.keys for run in self._memory]

    def replace(self, start: int, run: Run) -> None:
        """The files from `start` on, and what was in memory, are now one file."""
        self.files[start:] = [run]
        self._memory = []
        self._searched.clear()
