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

Distinct = npt.NDArray[np.uint32]
"""Hashes, ascending, each once."""
Rows = npt.NDArray[np.int64]


class Postings(NamedTuple):
    """`rows[i]` is a document with the hash at `positions[i]` of those that were asked for."""

    positions: npt.NDArray[np.int64]
    rows: Rows

    def in_order(self) -> Postings:
        """Positions ascending; the rows of each as they stand."""
        order = np.argsort(self.positions, kind="stable")
        return Postings(self.positions[order], self.rows[order])

    def where(self, chosen: npt.NDArray[np.bool_]) -> Postings:
        """A part of them."""
        return Postings(self.positions[chosen], self.rows[chosen])

    def and_also(self, others: Postings) -> Postings:
        """Both, positions ascending."""
        positions, rows = (np.concatenate(both) for both in zip(self, others, strict=True))
        return Postings(positions, rows).in_order()


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

    def add(self, values: Sequence[int], row: int) -> None:
        """The postings of one document, of the highest row so far."""
        known = self._newest.keys() & values
        for value in known:
            self._repeated.setdefault(value, []).append(row)
        self._newest.update(dict.fromkeys([value for value in values if value not in known] if known else values, row))
        self._newest_postings += len(values)
        if self._newest_postings >= MEMORY_POSTINGS:
            self._freeze()

    def add_many(self, hashes: npt.NDArray[np.uint32], rows: Rows) -> None:
        """The postings of many documents, of rows higher than all so far: a sorted run of their own."""
        self._freeze()
        self._append(np.sort((hashes.astype(np.uint64) << _HASH) | rows.astype(np.uint64)))

    def count(self, wanted: Distinct) -> npt.NDArray[np.int64]:
        """How many postings each of these hashes has."""
        total = np.zeros(len(wanted), np.int64)
        for run in (*self.files, *self._memory):
            total += run.search(wanted)[1]
        newest = list(self._newest.keys() & wanted.tolist()) if self._newest else []
        if newest:
            counts = [1 + len(self._repeated.get(value, ())) for value in newest]
            total[np.searchsorted(wanted, np.array(newest, np.uint32))] += counts
        return total

    def find(self, wanted: Distinct) -> Postings:
        """All postings of these hashes, positions ascending, the rows of each in the order of arrival."""
        positions, rows = [], []
        steps = np.arange(len(wanted))
        for run in (*self.files, *self._memory):
            first, counts = run.search(wanted)
            if counts.any():
                rows.append((run.keys[spread(first, counts)] & _ROW).astype(np.int64))
                positions.append(np.repeat(steps, counts))
        if self._newest or not rows:
            newest = np.array(self._of_newest(wanted), np.int64).reshape(-1, 2)
            positions.append(wanted.searchsorted(newest[:, 0].astype(np.uint32)))
            rows.append(newest[:, 1])
        return Postings(np.concatenate(positions), np.concatenate(rows)).in_order()

    def _of_newest(self, wanted: Distinct) -> list[tuple[int, int]]:
        known = self._newest.keys() & wanted.tolist()
        found = [(value, self._newest[value]) for value in known]
        if self._repeated:
            found += [(value, row) for value in known for row in self._repeated.get(value, ())]
        return found

    def _freeze(self) -> None:
        """The dictionary becomes a sorted run."""
        if not self._newest:
            return
        pairs = [(value << 32) | row for value, row in self._newest.items()]
        pairs += [(value << 32) | row for value, rows in self._repeated.items() for row in rows]
        self._newest, self._repeated, self._newest_postings = {}, {}, 0
        self._append(np.sort(np.array(pairs, np.uint64)))

    def _append(self, keys: Keys) -> None:
        """One run more; those of like size are merged."""
        start = merge_from([*(len(run.keys) for run in self._memory), len(keys)])
        if start < len(self._memory):
            keys = np.sort(np.concatenate([*(run.keys for run in self._memory[start:]), keys]), kind="stable")
        self._memory[start:] = [Run.of(keys)]

    def unwritten(self) -> list[Keys]:
        """The runs that are in no file."""
        self._freeze()
        return [run.keys for run in self._memory]

    def replace(self, start: int, run: Run) -> None:
        """The files from `start` on, and what was in memory, are now one file."""
        self.files[start:] = [run]
        self._memory = []


def spread(first: npt.NDArray[np.int64], counts: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The numbers from each `first` on, so many of each, one after the other."""
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    return np.arange(total) + np.repeat(first - ends + counts, counts)
