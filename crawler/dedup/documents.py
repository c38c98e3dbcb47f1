"""What the index knows of each document: columns that grow, one row a document in order of arrival."""

from __future__ import annotations

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
    """Rows of FIELDS; 29 bytes a document."""

    def __init__(self) -> None:
        self._rows: Rows = np.zeros(1024, FIELDS)
        self._changed: set[int] = set()
        self.count = 0
        self.highest = -1
        """Of all ids ever given."""
        self.living = 0

    def append(self, doc: int, rank: Rank, hashes: int) -> int:
        """The new document's row. Raises OverflowError where doc or rank do not fit 64 bits."""
        time, tie = rank if isinstance(rank, tuple) else (rank, 0)
        self._make_room(1)
        self._rows[self.count] = (doc, time, tie, min(hashes, 0xFFFF), 0, False)
        self.highest = max(self.highest, doc)
        self.count += 1
        self.living += 1
        return self.count - 1

    def extend(self, rows: Rows) -> None:
        """Rows read from a file."""
        self._make_room(len(rows))
        self._rows[self.count : self.count + len(rows)] = rows
        self.count += len(rows)
        self.living += len(rows) - int(np.count_nonzero(rows["dead"]))
        if len(rows):
            self.highest = max(self.highest, int(rows["id"].max()))

    def _make_room(self, more: int) -> None:
        if self.count + more > len(self._rows):
            grown = np.zeros((self.count + more) * 3 // 2, FIELDS)
            grown[: self.count] = self._rows[: self.count]
            self._rows = grown

    def find(self, doc: int) -> int | None:
        """The row of a living document. Ids beyond all before, the usual case, cost nothing; others a search."""
        if doc > self.highest:
            return None
        found = np.flatnonzero(self._rows["id"][: self.count] == doc)
        living = [int(row) for row in found if not self.dead(int(row))]
        return living[-1] if living else None

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
