"""From sketches to verified pairs: candidates by the posting index, edges only by alignment of the texts."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterable
from typing import NamedTuple

from crawler.dedup import Match, PostingIndex, Prepared, Sketch, align, prepare
from crawler.storage.base import SketchText, Store, StoredMatch, StoredSketch

LINKING = "copy"
"""The kind of match that makes an edge; quotations, templates and mere overlaps make none."""
QUOTATION_BELOW = 0.5
"""Share of both texts below which a match is looked at from the other side too: either may be the one that quotes."""
_PREPARED = 400
"""Texts kept ready for alignment, about 60 KB each."""
_NEVER = 1 << 62
"""Rank of a document without any time."""


class News(NamedTuple):
    """What `catch_up` read: sketches by id (none when the whole index was read), and the sketches whose candidates
    may be different now because a hash of theirs became common."""

    sketches: dict[int, Sketch]
    concerned: set[int]


class Matcher:
    """The posting index over all stored sketches, and the alignment of what it proposes.

    The index is a cache of the store: it holds every sketch up to `seen`, and `catch_up` reads the rest.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._index = PostingIndex()
        self._prepared: OrderedDict[int, tuple[SketchText, Prepared]] = OrderedDict()
        self.seen = 0

    def catch_up(self) -> News:
        """Reads the sketches that were written since the last time, by whomever."""
        first = self.seen == 0
        sketches: dict[int, Sketch] = {}
        concerned: set[int] = set()
        for stored in self._store.articles.sketches(self.seen):
            sketch = Sketch.from_bytes(stored.data)
            change = self._index.add(stored.id, sketch.hashes, _rank(stored))
            self.seen = stored.id
            if not first:
                concerned.update(change.docs)
                sketches[stored.id] = sketch
        return News(sketches, concerned)

    def candidates(self, sketch_id: int, sketch: Sketch) -> list[int]:
        """Sketches that share sampled shingles with this one."""
        return [doc for doc, _ in self._index.candidates(sketch.hashes, doc=sketch_id)]

    def verify(self, pairs: Iterable[tuple[int, int]]) -> list[StoredMatch]:
        """Aligns pairs of sketches' texts. Returns those that are copies, each once, in a fixed orientation."""
        wanted = sorted({(min(pair), max(pair)) for pair in pairs})
        self._load({number for pair in wanted for number in pair})
        found = []
        for a, b in wanted:
            if a in self._prepared and b in self._prepared:
                match = self._match(a, b)
                if match is not None:
                    found.append(match)
        while len(self._prepared) > _PREPARED:
            self._prepared.popitem(last=False)
        return found

    def _load(self, sketch_ids: set[int]) -> None:
        for number in sketch_ids & self._prepared.keys():
            self._prepared.move_to_end(number)
        for number, text in self._store.articles.sketch_texts(sketch_ids - self._prepared.keys()).items():
            self._prepared[number] = (text, prepare(text.text))

    def _match(self, a: int, b: int) -> StoredMatch | None:
        """One alignment, always from the side of the smaller (url, text hash): the same whoever came first."""
        if self._key(b) < self._key(a):
            a, b = b, a
        left, right = self._prepared[a], self._prepared[b]
        if left[0].article_id == right[0].article_id:
            return None
        match = aligned(left[1], right[1])
        if match.kind != LINKING:
            return None
        return StoredMatch(
            left_sketch=a,
            right_sketch=b,
            left=left[0].article_id,
            right=right[0].article_id,
            kind=match.kind,
            copied=match.copied,
            coverage=match.coverage,
            left_words=round(left[1].size),
            right_words=round(right[1].size),
            longest=match.longest,
            jaccard=match.jaccard,
            passages=tuple((p.a_start, p.a_end, p.b_start, p.b_end) for p in match.passages),
        )

    def _key(self, number: int) -> tuple[str, str]:
        text = self._prepared[number][0]
        return (text.url, text.text_hash)


def aligned(left: Prepared, right: Prepared) -> Match:
    """`align`, looked at from both sides where it may be a quotation: whichever side quotes, it is one."""
    match = align(left, right)
    if match.kind == LINKING and max(match.copied, match.coverage) < QUOTATION_BELOW:
        back = align(right, left)
        if back.kind != LINKING:
            return back
    return match


def _rank(stored: StoredSketch) -> tuple[int, int]:
    """Earliest first, ties by a hash of the URL: the same order whatever arrived first."""
    tie = int.from_bytes(hashlib.blake2b(stored.url.encode(), digest_size=8).digest(), "big", signed=True)
    return (_NEVER if stored.time is None else stored.time, tie)
