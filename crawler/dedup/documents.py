"""What the index knows of each document: columns that grow, one row a document in order of arrival."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from typing import Any

import numpy as np
import numpy.typing as npt

Rank = int | tuple[int, int]
"""Where a document stands in the order of a full list, lowest first: its earliest stated time, then a tie-breaker that
does not depend on arrival (a hash), both within 64 bits, signed."""

FIELDS = np.dtype([("id", "<i8"), ("time", "<i8"), ("tie", "<i8"), ("hashes", "<u2"), ("common", "<u2"), ("dead", "?")])
"""`hashes`: how many the document has. `common`: how many of these are common ones (stand in too many documents)."""

Rows = npt.NDArray[Any]


class Documents:
    """Rows of FIELDS; 41 bytes a document with the way from its number to its row."""

    def __init__(self) -> None:
        self._rows: Rows = np.zeros(1024, FIELDS)
        self._changed: set[int] = set()
        self._ascending = array("q")  # numbers that were higher than all before, and their rows
        self._ascending_rows = array("I")
        self._late: dict[int, int] = {}  # the others
        self.count = 0
        self.highest = -1
        """Of all ids ever given."""
        self.living = 0

    def append(self, doc: int, rank: Rank, hashes: int) -> int:
        """The new document's row. Raises OverflowError where doc or rank do not fit 64 bits."""
        time, tie = rank if isinstance(rank, tuple) else (rank, 0)
        self._make_room(1)
        self._rows[self.count] = (doc, time, tie, min(hashes, 0xFFFF), 0, False)
        self._remember(doc, self.count)
        self.count += 1
        self.living += 1
        return self.count - 1

    def _remember(self, doc: int, row: int) -> None:
        if doc > self.highest:
            self.highest = doc
            self._ascending.append(doc)
            self._ascending_rows.append(row)
        else:
            self._late[doc] = row

    def extend(self, rows: Rows) -> None:
        """Rows read from a file."""
        self._make_room(len(rows))
        self._rows[self.count : self.count + len(rows)] = rows
        ids, numbers = rows["id"].astype(np.int64), np.arange(self.count, self.count + len(rows), dtype=np.uint32)
        highest = np.maximum.accumulate(np.concatenate(([self.highest], ids)))
        higher = ids > highest[:-1]
        self._ascending.frombytes(ids[higher].tobytes())
        self._ascending_rows.frombytes(numbers[higher].tobytes())
        self._late.update(zip(ids[~higher].tolist(), numbers[~higher].tolist(), strict=True))
        self.highest = int(highest[-1])
        self.count += len(rows)
        self.living += len(rows) - int(np.count_nonzero(rows["dead"]))

    def _make_room(self, more: int) -> None:
        if self.count + more > len(self._rows):
            grown = np.zeros((self.count + more) * 3 // 2, FIELDS)
            grown[: self.count] = self._rows[: self.count]
            self._rows = grown

    def find(self, doc: int) -> int | None:
        """The row of a living document."""
        row = self._late.get(doc)
        if row is None:
            place = bisect_left(self._ascending, doc)
            if place == len(self._ascending) or self._ascending[place] != doc:
                return None
            row = self._ascending_rows[place]
        return None if self.dead(row) else row

    def ids(self, rows: list[int]) -> list[int]:
        """The documents' own numbers."""
        ids: list[int] = self._rows["id"][rows].tolist()
        return ids

    def id(self, row: int) -> int:
        """The document's own number."""
        return int(self._rows["id"][row])

    def dead(self, row: int) -> bool:
        """Whether it was removed."""
        return bool(self._rows["dead"][row])

    def common_share(self, row: int) -> float:
        """The part of its hashes that are common."""
        return float(self._rows["common"][row] / max(1, self._rows["hashes"][row]))

    def rank(self, row: int) -> tuple[int, int, int]:
        """What orders documents: rank, then id."""
        one = self._rows[row]
        return int(one["time"]), int(one["tie"]), int(one["id"])

    def bury(self, row: int) -> None:
        """The document is no more; its row stays."""
        self._rows["dead"][row] = True
        self.living -= 1
        self._changed.add(row)

    def count_common(self, row: int) -> None:
        """One more of its hashes is common."""
        self._rows["common"][row] += 1
        self._changed.add(row)

    # -- files

    def slice(self, first: int, end: int) -> Rows:
        """Rows as they are now, a copy."""
        return self._rows[first:end].copy()

    def changed(self, below: int) -> set[int]:
        """Rows before `below` that changed since the last `settle`."""
        return {row for row in self._changed if row < below}

    def settle(self) -> None:
        """What has changed is in a file."""
        self._changed.clear()

    def pack(self, rows: list[int]) -> dict[str, Rows]:
        """These rows and their numbers as arrays."""
        return {"changed": np.array(rows, np.uint32), "changed_rows": self._rows[rows]}

    def unpack(self, numbers: Rows, rows: Rows) -> None:
        """The inverse of `pack`."""
        self.living += int(np.count_nonzero(self._rows["dead"][numbers])) - int(np.count_nonzero(rows["dead"]))
        self._rows[numbers] = rows

    def living_rows(self) -> npt.NDArray[np.bool_]:
        """For each row whether its document lives."""
        return ~self._rows["dead"][: self.count]
