"""Which documents share sampled shingles with this one: an index that grows, and forgets nothing it needs.

A hash that stands in more documents than the cap is common. Of a common hash only the documents of lowest rank are
kept, whatever the order of arrival, and it makes candidates only where one of the two texts consists of common hashes
for the most part: a text with thousands of copies is found by its copies, a standing paragraph links nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from crawler.dedup.common_hashes import CommonHashes
from crawler.dedup.documents import Documents, Rank
from crawler.dedup.runs import Distinct, Postings, Rows, Run, Runs, spread
from crawler.dedup.segments import Segment, SegmentError, merge_from, merged, read_segment, write_segment

CAP = 50
COMMON_TEXT = 0.75
"""From this share of common hashes on a text is itself common: one that is copied everywhere, not one that carries a
standing paragraph."""

BATCH = 32
"""From so many documents on, those added together become a sorted run; fewer go into the dictionary."""

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
        return self.add_many([(doc, hashes, rank)])

    def add_many(self, documents: Iterable[tuple[int, Hashes, Rank]]) -> Change:
        """Adds documents, (document, hashes, rank), as if one after the other, and tells all that they changed: in
        batches of hundreds each costs an eighth of what it costs alone."""
        told = list(documents)
        stretch: dict[int, tuple[Distinct, Rank]] = {}
        changes: list[Change] = []
        for (doc, _, rank), hashes in zip(told, _distinct([hashes for _, hashes, _ in told]), strict=True):
            if doc in stretch or doc in self:  # what a document was before leaves the index where it did one by one
                changes.append(self._add(stretch))
                self.remove(doc)
                stretch = {}
            stretch[doc] = (hashes, rank)
        changes.append(self._add(stretch))
        return changes[0] if len(changes) == 1 else _together(changes)

    def _add(self, documents: Mapping[int, tuple[Distinct, Rank]]) -> Change:
        """Adds documents that are not held."""
        if not documents:
            return Change()
        wanted = [hashes for hashes, _ in documents.values()]
        lengths = np.array([len(hashes) for hashes in wanted])
        first = self._documents.count
        self._documents.append(list(documents), [rank for _, rank in documents.values()], lengths)
        hashes, rows = np.concatenate(wanted), np.repeat(np.arange(first, first + len(wanted)), lengths)
        crossed, concerned = self._crowd(hashes, rows)
        common = self._common.of(hashes)
        rare = ~_among(hashes, common)
        if common:
            self._documents.set_common(first, lengths - np.bincount(rows - first, rare, len(wanted)))
            hashes, rows = hashes[rare], rows[rare]
        if len(wanted) >= BATCH:
            self._runs.add_many(hashes, rows)
        else:
            for row, values in enumerate((one.tolist() for one in wanted), first):
                self._runs.add([value for value in values if value not in common] if common else values, row)
        return Change(crossed, tuple(self._documents.ids(concerned)))

    def _crowd(self, hashes: Distinct, rows: Rows) -> tuple[tuple[int, ...], list[int]]:
        """Enters new rows into the lists of the hashes that are common or become so by them: the latter, and the rows
        concerned."""
        distinct, inverse = _union(hashes, not len(rows) or bool(rows[0] == rows[-1]))
        known = self._common.of(distinct)
        counts = np.bincount(inverse, minlength=len(distinct))
        full = ((self._runs.count(distinct) + counts > self.cap) | _among(distinct, known)).nonzero()[0]
        if not len(full):
            return (), []
        concerned: set[int] = set()
        crossed = []
        for value, new in zip(distinct[full].tolist(), _of_each(full, inverse, rows), strict=True):
            if value not in known:
                held, new = self._fill(value, new)
                if not len(new):
                    continue
                concerned.update(held.tolist())
                self._common.make(value, held)
                crossed.append(value)
            concerned |= self._common.enter(value, new)
        return tuple(crossed), sorted(concerned)

    def _fill(self, value: int, new: Rows) -> tuple[Rows, Rows]:
        """The living rows of a hash that is not common, with new ones up to the cap; and those that find no room."""
        held = self._runs.find(np.array([value], np.uint32)).rows
        held = held[self._documents.alive(held)]
        room = max(0, self.cap - len(held))
        return np.concatenate((held, new[:room])), new[room:]

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
        return self.candidates_many([(doc, hashes)], minimum, limit)[0]

    def candidates_many(
        self, texts: Sequence[tuple[int | None, Hashes]], minimum: int = 2, limit: int = 200
    ) -> list[list[tuple[int, int]]]:
        """For each text, (its own document or None, hashes), what `candidates` gives: in batches of hundreds each costs
        a tenth of what it costs alone."""
        if not texts:
            return []
        wanted = _distinct([hashes for _, hashes in texts])
        lengths = np.array([len(hashes) for hashes in wanted])
        owners, rows = self._sharing(np.concatenate(wanted), np.repeat(np.arange(len(wanted)), lengths), lengths)
        pairs, shared = np.unique((owners << 32) | rows, return_counts=True)
        owners, rows = pairs >> 32, pairs & 0xFFFFFFFF
        enough = shared >= np.maximum(1, np.minimum(minimum, lengths))[owners]
        owners, rows, shared = owners[enough], rows[enough], shared[enough]
        order = self._documents.ranked(owners, shared, rows)
        docs = self._documents.ids(rows[order])
        ends = np.searchsorted(owners, np.arange(len(texts) + 1)).tolist()
        both = list(zip(docs, shared[order].tolist(), strict=True))
        return [
            [one for one in both[start:end] if one[0] != doc][:limit]
            for (doc, _), start, end in zip(texts, ends[:-1], ends[1:], strict=True)
        ]

    def _sharing(self, hashes: Distinct, owners: Rows, lengths: Rows) -> tuple[Rows, Rows]:
        """Each hash that an owner shares with a living row and that counts between the two: owners and rows."""
        distinct, inverse = _union(hashes, len(lengths) == 1)
        known = self._common.of(distinct)
        common = _among(distinct, known)
        held = self._runs.find(distinct)
        if known:
            held = held.where(~common[held.positions]).and_also(self._common.find(distinct, known))
        ends = np.searchsorted(held.positions, np.arange(len(distinct) + 1))
        counts = np.diff(ends)[inverse]
        theirs = held.rows[spread(ends[:-1][inverse], counts)]
        mine = np.repeat(owners, counts)
        valid = self._documents.alive(theirs)
        if known:
            own = np.bincount(owners, common[inverse], len(lengths)) >= COMMON_TEXT * lengths
            valid &= ~np.repeat(common[inverse], counts) | own[mine] | self._common_texts(theirs)
        return mine[valid], theirs[valid]

    def common(self, hashes: Hashes) -> npt.NDArray[np.uint32]:
        """Those of the hashes that are common, ascending."""
        return np.array(sorted(self._common.of(np.asarray(hashes, np.uint32))), np.uint32)

    def is_common(self, hashes: Hashes) -> bool:
        """Whether a text consists of common hashes for the most part: it is copied everywhere."""
        return 0 < COMMON_TEXT * len(hashes) <= len(self._common.of(np.asarray(hashes, np.uint32)))

    def standing(self, hashes: Hashes, doc: int) -> npt.NDArray[np.uint32]:
        """The hashes that must not count when a text with `hashes` is verified against `doc`: the common ones, unless
        one of the two is a common text."""
        common, row = self.common(hashes), self._documents.find(doc)
        if len(common) >= COMMON_TEXT * len(hashes) or (row is not None and self._common_texts(np.array([row]))[0]):
            return common[:0]
        return common

    def _common_texts(self, rows: Rows) -> npt.NDArray[np.bool_]:
        return self._documents.common_texts(rows, COMMON_TEXT)

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


def _distinct(several: Sequence[Hashes]) -> list[Distinct]:
    """Each ascending and without repeats: as those of sketches are, which are looked at all at once."""
    given = [np.asarray(hashes, np.uint32) for hashes in several]
    ends = np.cumsum([len(hashes) for hashes in given])
    together = np.concatenate(given) if given else np.zeros(0, np.uint32)
    falls = np.flatnonzero(together[1:] <= together[:-1]) + 1
    return given if np.isin(falls, ends).all() else [np.unique(hashes) for hashes in given]


def _union(hashes: Distinct, single: bool) -> tuple[Distinct, Rows]:
    """The hashes of texts, one after the other, as distinct ones, and for each where among these it is."""
    return (hashes, np.arange(len(hashes))) if single else np.unique(hashes, return_inverse=True)


def _among(hashes: Distinct, values: set[int]) -> npt.NDArray[np.bool_]:
    """Which of the hashes are among the values."""
    if not values:
        return np.zeros(len(hashes), np.bool_)
    return np.isin(hashes, np.fromiter(values, np.uint32, len(values)))


def _of_each(chosen: Rows, positions: Rows, rows: Rows) -> list[Rows]:
    """The rows of each of the chosen positions (ascending)."""
    places = np.minimum(np.searchsorted(chosen, positions), len(chosen) - 1)
    found = chosen[places] == positions
    held = Postings(places[found], rows[found]).in_order()
    return np.split(held.rows, np.searchsorted(held.positions, np.arange(1, len(chosen))))


def _together(changes: Sequence[Change]) -> Change:
    hashes = {value for change in changes for value in change.hashes}
    docs = {doc for change in changes for doc in change.docs}
    return Change(tuple(sorted(hashes)), tuple(sorted(docs)))
