"""What the index knows of each document: columns that grow, one row a document in order of arrival."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Sequence
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

    def append(self, docs: Sequence[int], ranks: Sequence[Rank], hashes: Rows) -> None:
        """New documents, each with how many hashes it has; their rows come one after the other. Raises OverflowError
        where a document or a rank does not fit 64 bits."""
        rows = np.zeros(len(docs), FIELDS)
        both = [rank if isinstance(rank, tuple) else (rank, 0) for rank in ranks]
        rows["id"] = docs
        rows["time"], rows["tie"] = [time for time, _ in both], [tie for _, tie in both]
        rows["hashes"] = np.minimum(hashes, 0xFFFF)
        self.extend(rows)

    def extend(self, rows: Rows) -> None:
        """Rows of documents that are not held."""
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

    def dead(self, row: int) -> bool:
        """Whether it was removed."""
        return bool(self._rows["dead"][row])

    def common_texts(self, rows: Rows, share: float) -> npt.NDArray[np.bool_]:
        """Which of these rows have at least that share of common hashes."""
        chosen = self._rows[rows]
        enough: npt.NDArray[np.bool_] = chosen["common"] >= share * np.maximum(1, chosen["hashes"])
        return enough

    def alive(self, rows: Rows) -> npt.NDArray[np.bool_]:
        """Which of these rows belong to documents that were not removed."""
        living: npt.NDArray[np.bool_] = ~self._rows["dead"][rows]
        return living

    def before(self, rows: Rows, limit: int) -> Rows:
        """Those of these rows that rank before the row `limit`."""
        chosen, last = self._rows[rows], self._rows[limit]
        tied = chosen["time"] == last["time"]
        lower = chosen["tie"] < last["tie"]
        lower |= (chosen["tie"] == last["tie"]) & (chosen["id"] < last["id"])
        found: Rows = rows[(chosen["time"] < last["time"]) | (tied & lower)]
        return found

    def ranked(self, owners: Rows, shared: Rows, rows: Rows) -> Rows:
        """The order of these rows by owner, most shared first, then by rank."""
        chosen = self._rows[rows]
        order: Rows = np.lexsort((chosen["id"], chosen["tie"], chosen["time"], -shared, owners))
        return order

    def rank(self, row: int) -> tuple[int, int, int]:
        """What orders documents: rank, then id."""
        one = self._rows[row]
        return int(one["time"]), int(one["tie"]), int(one["id"])

    def bury(self, row: int) -> None:
        """The document is no more; its row stays."""
        self._rows["dead"][row] = True
        self.living -= 1
        self._changed.add(row)

    def count_common(self, rows: Rows) -> None:
        """Of each of these rows, all different, one more hash is common."""
        self._rows["common"][rows] += 1
        self._changed.update(rows.tolist())

    def set_common(self, first: int, counts: Rows) -> None:
        """How many hashes of the rows from `first` on are common ones."""
        self._rows["common"][first : first + len(counts)] = np.minimum(counts, 0xFFFF)

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
