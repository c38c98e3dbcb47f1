"""What the index knows of each document: columns that grow, one row a document in order of arrival."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Rank = int | tuple[int, int]
"""Where a document stands in the order of a full list, lowest first: its earliest stated time, then a tie-breaker that
does not depend on arrival (a hash), both within 64 bits, signed."""

FIELDS = np.dtype([("id", "<i8"), ("time", "<i8"), ("tie", "<i8"), ("hashes", "<u2"), ("common", "<u2"), ("dead", "?")])
"""`hashes`: how many the document has. `common`: how many of these are common ones (stand in too many documents)."""


class Documents:
    """Rows of FIELDS; 29 bytes a document."""

    def __init__(self, rows: npt.NDArray[np.void] | None = None) -> None:
        self._rows = np.zeros(1024, FIELDS) if rows is None else rows
        self.count = 0 if rows is None else len(rows)
        self._highest = -1 if not self.count else int(self._rows["id"][: self.count].max())
        self.living = self.count - int(np.count_nonzero(self._rows["dead"][: self.count]))

    def __getitem__(self, name: str) -> npt.NDArray[np.int64]:
        column: npt.NDArray[np.int64] = self._rows[name][: self.count]
        return column

    def rows(self, start: int = 0) -> npt.NDArray[np.void]:
        """From row `start` on, a view."""
        return self._rows[start : self.count]

    def append(self, doc: int, rank: Rank, hashes: int) -> int:
        """The new document's row. Raises OverflowError where doc or rank do not fit 64 bits."""
        if self.count == len(self._rows):
            grown = np.zeros(len(self._rows) * 3 // 2 + 1024, FIELDS)
            grown[: self.count] = self._rows
            self._rows = grown
        time, tie = rank if isinstance(rank, tuple) else (rank, 0)
        self._rows[self.count] = (doc, time, tie, min(hashes, 0xFFFF), 0, False)
        self._highest = max(self._highest, doc)
        self.count += 1
        self.living += 1
        return self.count - 1

    def find(self, doc: int) -> int | None:
        """The row of a living document. Ids beyond all before, the usual case, cost nothing; others a scan."""
        if doc > self._highest:
            return None
        found = np.flatnonzero((self["id"] == doc) & (self["dead"] == 0))
        return int(found[-1]) if len(found) else None

    def bury(self, row: int) -> None:
        """The document is no more; its row stays."""
        self._rows["dead"][row] = True
        self.living -= 1

    def rank(self, row: int) -> tuple[int, int, int]:
        """What orders documents: rank, then id."""
        one = self._rows[row]
        return int(one["time"]), int(one["tie"]), int(one["id"])
