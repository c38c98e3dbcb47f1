"""Which documents share sampled shingles with this one: an index that grows, and forgets nothing it needs.

A hash that stands in more documents than the cap is common. Of a common hash only the documents of lowest rank are
kept, whatever the order of arrival, and it makes candidates only where one of the two texts consists of common hashes
for the most part: a text with thousands of copies is found by its copies, a standing paragraph links nobody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from crawler.dedup.common_hashes import CommonHashes
from crawler.dedup.documents import Documents, Rank
from crawler.dedup.runs import Run, Runs
from crawler.dedup.segments import Segment, SegmentError, merge_from, merged, read_segment, write_segment

CAP = 50
COMMON_TEXT = 0.75
"""From this share of common hashes on a text is itself common: one that is copied everywhere, not one that carries a
standing paragraph."""

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
        self.segments: tuple[Segment, ...] = ()
        """The files that make the index up to the last `flush`."""
        self._documents = Documents()
        self._common = CommonHashes(self._documents, cap)
        self._runs = Runs()

    def __len__(self) -> int:
        return self._documents.living

    def __contains__(self, doc: int) -> bool:
        return self._documents.find(doc) is not None

    @property
    def highest(self) -> int:
        """The highest document id ever added, -1 without one: whoever opens an index adds what came after."""
        return self._documents.highest

    def add(self, doc: int, hashes: Hashes, rank: Rank = 0) -> Change:
        """Adds a document with its distinct hashes; one of that id is replaced."""
        self.remove(doc)
        wanted = _distinct(hashes)
        row = self._documents.append(doc, rank, len(wanted))
        values = wanted.tolist()
        common = self._common.of(values)
        concerned: set[int] = set()
        for value in common:
            concerned.update(self._common.enter(value, row))
        crossed = []
        for value, held in self._runs.find(wanted).items():
            rows = self._living(held) if len(held) >= self.cap and value not in common else []
            if len(rows) >= self.cap:
                self._common.make(value, [*rows, row])
                crossed.append(value)
                concerned.update(rows)
        common.update(crossed)
        self._runs.add([value for value in values if value not in common] if common else values, row)
        concerned.discard(row)
        return Change(tuple(sorted(crossed)), tuple(self._documents.ids(sorted(concerned))))

    def remove(self, doc: int) -> bool:
        """Forgets a document. A common hash that drops below the cap by this stays common."""
        row = self._documents.find(doc)
        if row is None:
            return False
        self._documents.bury(row)
        return True

    def candidates(
        self, hashes: Hashes, minimum: int = 2, limit: int = 200, *, doc: int | None = None
    ) -> list[tuple[int, int]]:
        """Documents that share at least `minimum` hashes (a text with fewer: all of them), most shared first, then
        lowest rank: (document, shared). `doc` is left out: the text's own id."""
        wanted = _distinct(hashes)
        known = self._common.of(wanted.tolist())
        held = self._runs.find(wanted)
        rare = Counter(row for value, rows in held.items() if value not in known for row in rows)
        common = Counter(row for value in known for row in self._common.rows(value))
        own = len(known) >= COMMON_TEXT * len(wanted)
        least = max(1, min(minimum, len(wanted)))
        found = []
        for row in rare.keys() | common.keys():
            shared = rare[row] + (common[row] if own or self._common_text(row) else 0)
            if shared >= least and not self._documents.dead(row):
                found.append((-shared, self._documents.rank(row)))
        found.sort()
        return [(rank[2], -shared) for shared, rank in found if rank[2] != doc][:limit]

    def common(self, hashes: Hashes) -> npt.NDArray[np.uint32]:
        """Those of the hashes that are common, ascending."""
        return np.array(sorted(self._common.of(np.asarray(hashes, np.uint32).tolist())), np.uint32)

    def standing(self, hashes: Hashes, doc: int) -> npt.NDArray[np.uint32]:
        """The hashes that must not count when a text with `hashes` is verified against `doc`: the common ones, unless
        one of the two is a common text."""
        common, row = self.common(hashes), self._documents.find(doc)
        if len(common) >= COMMON_TEXT * len(hashes) or (row is not None and self._common_text(row)):
            return common[:0]
        return common

    def _common_text(self, row: int) -> bool:
        return self._documents.common_share(row) >= COMMON_TEXT

    def _living(self, rows: Iterable[int]) -> list[int]:
        return [row for row in rows if not self._documents.dead(row)]

    # -- files

    @classmethod
    def open(cls, folder: Path, segments: Sequence[Segment], cap: int = CAP) -> PostingIndex:
        """The index as it was at the `flush` whose list this is. Raises SegmentError where a file is missing or
        damaged, RecipeMismatch where it is of another recipe: then build it again."""
        index = cls(cap)
        for segment in segments:
            if segment.first != index._documents.count:
                raise SegmentError(f"{segment.name} starts at row {segment.first}, not {index._documents.count}")
            arrays = read_segment(folder, segment)
            index._documents.extend(arrays["documents"])
            index._documents.unpack(arrays["changed"], arrays["changed_rows"])
            index._common.unpack(arrays["common"].tolist(), arrays["common_lengths"], arrays["common_rows"])
            index._runs.files.append(Run.read(arrays))
        index.segments = tuple(segments)
        return index

    def flush(self, folder: Path) -> tuple[Segment, ...]:
        """Writes what is new since the last time into a file, together with older ones where they are of like size.

        Returns the list of files that make the index now. Keep it in one commit with whatever says how far the index
        is (`highest`), then `sweep` the folder; until then the files of the list before are still there.
        """
        unwritten = self._runs.unwritten()
        first = self.segments[-1].end if self.segments else 0
        changed, common = self._documents.changed(below=first), set(self._common.changed())
        if first == self._documents.count and not changed and not common:
            return self.segments
        sizes = [segment.postings for segment in self.segments]
        start = min(merge_from([*sizes, sum(map(len, unwritten))]), len(sizes))
        old = [read_segment(folder, segment) for segment in self.segments[start:]]
        first = self.segments[start].first if old else first
        changed.update(row for arrays in old for row in arrays["changed"].tolist())
        common.update(value for arrays in old for value in arrays["common"].tolist())
        arrays = {
            "documents": self._documents.slice(first, self._documents.count),
            **self._documents.pack(sorted(row for row in changed if row < first)),
            **self._common.pack(sorted(common)),
        }
        runs = [keys for keys in (*(run.keys for run in self._runs.files[start:]), *unwritten) if len(keys)]
        keys = merged(runs, self._documents.living_rows(), self._common.hashes()) if runs else ()
        written = write_segment(folder, first, self._documents.count, arrays, keys, sum(map(len, runs)))
        self.segments = (*self.segments[:start], written)
        self._runs.replace(start, Run.read(read_segment(folder, written)))
        self._documents.settle()
        self._common.settle()
        return self.segments


def _distinct(hashes: Hashes) -> npt.NDArray[np.uint32]:
    """Ascending, each once: as those of a sketch are."""
    values = np.asarray(hashes, np.uint32).view()
    if not (values[1:] > values[:-1]).all():
        values = np.unique(values)
    values.setflags(write=False)
    return values
