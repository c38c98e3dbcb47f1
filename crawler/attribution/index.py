"""The posting index over all stored sketches: a cache of the store, kept in files beside it.

The sketches in the store are the truth. The files hold the index up to some sketch; what came after is read again
when the store is opened, and files that are missing, damaged or of another recipe are made anew.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from crawler.attribution.ready import Ready
from crawler.dedup import PostingIndex, RecipeMismatch, Sketch
from crawler.dedup.segments import Segment, SegmentError, sweep
from crawler.storage.base import SiteHeld, SketchText, Store, StoredSketch

FLUSH_EVERY = 50_000
"""Sketches after which the index is written to files while a run goes on …"""
FLUSH_AT_END = 5_000
"""… and at its end: fewer are read again from the store in a second or so."""
_MAX_ANSWERS = 10_000
"""Sketches whose candidates are remembered while the index stays as it is."""
_BATCH = 500
"""Sketches that are added, or whose candidates are asked for, together."""
_LOCK = ":index:"
_DAY = 86_400_000_000
"""Microseconds."""
_NEVER = 1 << 62
"""Rank of a document without any time."""

Hashes = npt.NDArray[np.uint32]

_log = logging.getLogger(__name__)


class News(NamedTuple):
    """What `catch_up` read: hashes of sketches by id, and the sketches whose candidates may be different now because a
    hash of theirs became common. When the whole index was read, only of those that were still to be looked up: what
    followed from the others was seen to by whoever looked them up."""

    hashes: dict[int, Hashes]
    concerned: set[int]


class Fresh(NamedTuple):
    """A new article as it was saved just now: what of it would else be read from the store."""

    article_id: int
    arrival: Ready

    @property
    def hashes(self) -> Hashes:
        """Of its sketch."""
        return self.arrival.hashes

    @property
    def text(self) -> SketchText:
        """As `Articles.sketch_texts` tells it."""
        row = self.arrival.row
        return SketchText(self.article_id, row.url, row.text_hash, row.text, row.sketch)

    def stored(self, number: int) -> StoredSketch:
        """As `Articles.sketches` tells it."""
        row = self.arrival.row
        return StoredSketch(number, self.article_id, row.sketch, row.url, row.time)


_New = tuple[StoredSketch, Hashes]


class StoredIndex:
    """`PostingIndex` with a store behind it. Only one process at a time writes its files."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._index: PostingIndex | None = None
        self._seen = 0
        self.unwritten = 0
        """Sketches that are in no file of the index yet."""
        self._answers: dict[int, frozenset[int]] = {}
        self._counting: dict[int, Hashes] = {}

    def catch_up(self, fresh: Mapping[int, Fresh] = MappingProxyType({})) -> News:
        """Reads the sketches that were written since the last time, by whomever. `fresh`: those of them that are at
        hand; their numbers follow one another without a gap."""
        waiting = set(self._store.links.unmatched(None)) if self._index is None else None
        self._open()
        news, late = News({}, set()), list[_New]()
        arrived = self._arrived(fresh)
        while batch := list(islice(arrived, _BATCH)):
            self._seen = batch[-1][0].id
            self.unwritten += len(batch)
            if waiting is None:
                self._add(batch, news)
            else:
                late += (pair for pair in batch if pair[0].article_id in waiting)
                self._add([pair for pair in batch if pair[0].article_id not in waiting], News({}, set()))
        for start in range(0, len(late), _BATCH):
            self._add(late[start : start + _BATCH], news)
        return news

    def _arrived(self, fresh: Mapping[int, Fresh]) -> Iterator[_New]:
        """What the index has not seen, in order of number."""
        stored, seen = self._store.articles.sketches, self._seen
        if fresh and min(fresh) > seen:
            yield from ((one, Sketch.hashes_of(one.data)) for one in stored(seen, min(fresh)))
            yield from ((fresh[number].stored(number), fresh[number].hashes) for number in sorted(fresh))
            seen = max(fresh)
        yield from ((one, Sketch.hashes_of(one.data)) for one in stored(seen))

    def _add(self, batch: Sequence[_New], news: News) -> None:
        change = self._open().add_many((one.id, mine, rank_of(one)) for one, mine in batch)
        self._forget_answers()
        news.concerned.update(change.docs)
        news.hashes.update((one.id, mine) for one, mine in batch)

    def answered(self, sketch_ids: Iterable[int]) -> dict[int, frozenset[int]]:
        """What `candidates_many` has found for sketches, and would find again."""
        return {number: self._answers[number] for number in sketch_ids if number in self._answers}

    def candidates_many(self, asked: Mapping[int, Hashes]) -> dict[int, frozenset[int]]:
        """For each of the sketches those that share sampled shingles with it."""
        unknown = [(number, hashes) for number, hashes in asked.items() if number not in self._answers]
        known = self.answered(asked)
        if len(self._answers) + len(unknown) > _MAX_ANSWERS:
            self._answers.clear()
        for start in range(0, len(unknown), _BATCH):
            portion = unknown[start : start + _BATCH]
            for (number, _), found in zip(portion, self._open().candidates_many(portion), strict=True):
                known[number] = self._answers[number] = frozenset(doc for doc, _ in found)
        return known

    def standing(self, sketch_id: int, packed: bytes, other: int) -> Hashes:
        """Those of a sketch's hashes that stand in too many texts to count against another sketch."""
        known = self._counting.get(sketch_id)
        if known is None:
            if len(self._counting) >= _MAX_ANSWERS:
                self._counting.clear()
            hashes, index = Sketch.hashes_of(packed), self._open()
            all_count = not len(index.common(hashes)) or index.is_common(hashes)
            known = self._counting[sketch_id] = hashes[:0] if all_count else hashes
        return self._open().standing(known, other) if len(known) else known

    def common_texts(self, asked: Mapping[int, Hashes]) -> set[int]:
        """Those of the sketches that consist of common hashes for the most part."""
        return {number for number, hashes in asked.items() if self._open().is_common(hashes)}

    def remove(self, sketch_ids: Iterable[int]) -> None:
        """Forgets sketches whose articles are no more."""
        self._forget_answers()
        for number in sketch_ids:
            self._open().remove(number)

    def _forget_answers(self) -> None:
        self._answers.clear()
        self._counting.clear()

    def flush(self, least: int) -> bool:
        """Writes what is new to files if it is at least so much. Must not run inside a transaction."""
        if self._index is None or self.unwritten < least or not self._may_write():
            return False
        segments = self._index.flush(self._store.folder)
        with self._store.transaction():
            self._store.links.set_segments([segment.to_dict() for segment in segments])
        sweep(self._store.folder, segments)
        self.unwritten = 0
        return True

    def _open(self) -> PostingIndex:
        if self._index is None:
            self._index = self._read()
            self._seen = max(self._index.highest, 0)
        return self._index

    def _read(self) -> PostingIndex:
        segments = [Segment(**row) for row in self._store.links.segments()]
        try:
            return PostingIndex.open(self._store.folder, segments)
        except (SegmentError, RecipeMismatch) as problem:
            _log.warning("the posting index is made anew: %s", problem)
            return PostingIndex()

    def _may_write(self) -> bool:
        try:
            self._store.hold(_LOCK)
        except SiteHeld:
            return False
        return True


def rank_of(stored: StoredSketch) -> tuple[int, int]:
    """Earliest first, ties by a hash of the URL: the same order whatever arrived first. Midnight sharp tells only the
    day, and ranks as its noon: else half a day's copies would stand before an original that states its hour."""
    time = _NEVER if stored.time is None else stored.time + (_DAY // 2 if stored.time % _DAY == 0 else 0)
    tie = int.from_bytes(hashlib.blake2b(stored.url.encode(), digest_size=8).digest(), "big", signed=True)
    return (time, tie)
