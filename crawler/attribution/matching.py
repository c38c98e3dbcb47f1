"""From sketches to verified pairs: candidates by the posting index, edges only by alignment of the texts."""

from __future__ import annotations

import zlib
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple
from weakref import WeakValueDictionary

from crawler.attribution.index import Fresh, Hashes, StoredIndex
from crawler.dedup import Match, Prepared, Sketch, align, prepare
from crawler.storage.base import SketchText, Store, StoredMatch

LINKING = "copy"
"""The kind of match that makes an edge; quotations, templates and mere overlaps make none."""
_PREPARED = 400
"""Texts kept ready for alignment, about 60 KB each."""
_AT_ONCE = 100
"""Pairs whose texts are read together."""

Pair = tuple[int, int]


class _Text(NamedTuple):
    """A text ready for alignment."""

    told: SketchText
    prepared: Prepared


@dataclass(slots=True)
class Found:
    """What looking sketches up came to: pairs to add, and held pairs that are none any more or are measured anew."""

    add: list[StoredMatch] = field(default_factory=list)
    drop: list[StoredMatch] = field(default_factory=list)
    concerned: set[int] = field(default_factory=set)
    """Other sketches whose candidates may be different now."""
    own: set[int] = field(default_factory=set)
    """The sketches that were looked up."""
    passed: set[int] = field(default_factory=set)
    """Those that were passed over."""


class Matcher:
    """Finds the verified pairs of sketches. A pair is the same whichever of the two came first."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._texts: OrderedDict[int, _Text] = OrderedDict()
        self._prepared: WeakValueDictionary[str, Prepared] = WeakValueDictionary()  # of these, by text hash
        self._fresh: Mapping[int, Fresh] = {}
        self.index = StoredIndex(store)

    def look_up(
        self,
        packed: Mapping[int, bytes],
        held: Sequence[StoredMatch] = (),
        *,
        fresh: Mapping[int, Fresh] = MappingProxyType({}),
        but_common: bool = False,
    ) -> Found:
        """The matches of sketches with all that is held; `held` are the matches that they have already, `fresh` those
        that were saved just now and have none. `but_common`: texts that stand nearly everywhere are passed over."""
        self._fresh = fresh
        news = self.index.catch_up(fresh)
        asked = {number: one.hashes for number, one in fresh.items()} | {
            number: news.hashes[number] if number in news.hashes else Sketch.hashes_of(data)
            for number, data in packed.items()
        }
        passed = self.index.common_texts(asked) if but_common else set()
        asked = {number: hashes for number, hashes in asked.items() if number not in passed}
        found = Found(concerned=news.concerned, own=set(asked), passed=passed)
        pairs: set[Pair] = set()
        known = {(match.left_sketch, match.right_sketch): match for match in held}
        for number, others in self.index.candidates_many(asked).items():
            pairs.update(_pair(number, other) for other in others)
        self._again([match for pair, match in known.items() if _pair(*pair) not in pairs], found, pairs)
        self._verify(pairs - self._aligned(known, packed), known, found)
        return found

    def newcomers(self, own: set[int]) -> Found:
        """The matches of `own` with what other processes have written since."""
        news = self.index.catch_up()
        found = Found(concerned=news.concerned)
        asked = news.hashes if own else {}
        pairs = {
            _pair(number, other)
            for number, others in self.index.candidates_many(asked).items()
            for other in others
            if other in own
        }
        self._verify(pairs, {}, found)
        return found

    def _again(self, lost: Sequence[StoredMatch], found: Found, pairs: set[Pair]) -> None:
        """Held pairs that one side does not find any more: they stay while the other side still finds them."""
        sides = {side for match in lost for side in (match.left_sketch, match.right_sketch)}
        answers = self.index.answered(sides)
        unknown = self._store.articles.packed(sides - answers.keys())
        answers |= self.index.candidates_many({one: Sketch.hashes_of(data) for one, data in unknown.items()})
        for match in lost:
            left, right = match.left_sketch, match.right_sketch
            if right in answers.get(left, ()) or left in answers.get(right, ()):
                pairs.add(_pair(left, right))
            else:
                found.drop.append(match)

    def _aligned(self, known: Mapping[Pair, StoredMatch], packed: Mapping[int, bytes]) -> set[Pair]:
        """Held pairs that were aligned under the same conditions: their texts need not be read."""
        first = {left for left, _ in known}
        data = {**packed, **self._store.articles.packed(first - packed.keys())}
        return {
            _pair(left, right)
            for (left, right), match in known.items()
            if left in data and _mark(self.index.standing(left, data[left], right)) == match.standing
        }

    def _verify(self, pairs: Iterable[Pair], known: Mapping[Pair, StoredMatch], found: Found) -> None:
        ordered = sorted(pairs)
        for start in range(0, len(ordered), _AT_ONCE):
            portion = ordered[start : start + _AT_ONCE]
            self._load({number for pair in portion for number in pair})
            for pair in portion:
                if pair[0] in self._texts and pair[1] in self._texts:
                    self._check(self._oriented(pair), known, found)
            while len(self._texts) > _PREPARED:
                self._texts.popitem(last=False)

    def _load(self, sketch_ids: set[int]) -> None:
        for number in sketch_ids & self._texts.keys():
            self._texts.move_to_end(number)
        missing = sketch_ids - self._texts.keys()
        told = {number: self._fresh[number].text for number in missing & self._fresh.keys()}
        for number, text in (told | self._store.articles.sketch_texts(missing - told.keys())).items():
            self._texts[number] = _Text(text, self._ready(text))

    def _ready(self, told: SketchText) -> Prepared:
        """A text ready for alignment, once for all its verbatim copies that are held here."""
        known = self._prepared.get(told.text_hash)
        if known is None or known.text != told.text:
            known = self._prepared[told.text_hash] = prepare(told.text)
        return known

    def _oriented(self, pair: Pair) -> Pair:
        """The side of the smaller (url, text hash) first."""
        first, second = (self._texts[number].told for number in pair)
        return pair if (first.url, first.text_hash) <= (second.url, second.text_hash) else (pair[1], pair[0])

    def _check(self, pair: Pair, known: Mapping[Pair, StoredMatch], found: Found) -> None:
        """Aligns a pair, unless it is held and was aligned under the same conditions."""
        left, right = (self._texts[number] for number in pair)
        if left.told.article_id == right.told.article_id:
            return
        standing = self.index.standing(pair[0], left.told.sketch, pair[1])
        mark = _mark(standing)
        held = known.get(pair)
        if held is not None and held.standing == mark:
            return
        match = align(left.prepared, right.prepared, standing=standing)
        if held is not None:
            found.drop.append(held)
        if match.kind == LINKING:
            found.add.append(_stored(pair, left, right, match, mark))


def _mark(standing: Hashes) -> int:
    """Tells conditions of an alignment apart."""
    return zlib.crc32(standing.tobytes()) if len(standing) else 0


def _pair(a: int, b: int) -> Pair:
    return (a, b) if a < b else (b, a)


def _stored(pair: Pair, left: _Text, right: _Text, match: Match, mark: int) -> StoredMatch:
    return StoredMatch(
        left_sketch=pair[0],
        right_sketch=pair[1],
        left=left.told.article_id,
        right=right.told.article_id,
        kind=match.kind,
        copied=match.copied,
        coverage=match.coverage,
        left_words=round(left.prepared.size),
        right_words=round(right.prepared.size),
        longest=match.longest,
        jaccard=match.jaccard,
        passages=tuple((p.a_start, p.a_end, p.b_start, p.b_end) for p in match.passages),
        standing=mark,
    )
