from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.dedup import (
    PostingIndex,
    RecipeMismatch,
    SegmentError,
    align,
    compiling,
    postings,
    prepare,
    runs,
    sketch,
    sweep,
)
from crawler.dedup.segments import Segment, merge_from
from tests.dedup.generate import fiction, in_page

CAP = 4


def filled(documents: dict[int, tuple[list[int], int]], order: list[int], cap: int = CAP) -> PostingIndex:
    index = PostingIndex(cap)
    for doc in order:
        hashes, rank = documents[doc]
        index.add(doc, hashes, (rank, doc))
    return index


def view(index: PostingIndex, documents: dict[int, tuple[list[int], int]]) -> list[object]:
    """All that an index can be asked."""
    return [
        (doc, index.candidates(hashes, doc=doc), index.common(hashes).tolist(), index.standing(hashes, doc).tolist())
        for doc, (hashes, _) in sorted(documents.items())
    ]


# Few hashes, so that many of them become common; some above the sampling bound, as short texts have them.
HASHES = st.lists(st.one_of(st.integers(0, 12), st.sampled_from([1 << 28, (1 << 32) - 1])), unique=True, max_size=8)
DOCUMENTS = st.lists(st.tuples(HASHES, st.integers(0, 5)), max_size=25).map(lambda docs: dict(enumerate(docs, 1)))


@settings(max_examples=60)
@given(DOCUMENTS, st.randoms(use_true_random=False))
def test_order_of_arrival_does_not_matter(documents: dict[int, tuple[list[int], int]], shuffle: random.Random) -> None:
    order = list(documents)
    first = filled(documents, order)
    shuffle.shuffle(order)
    assert view(filled(documents, order), documents) == view(first, documents)


@settings(max_examples=100, deadline=None)
@given(DOCUMENTS, st.lists(st.integers(1, 12), max_size=6), st.lists(st.integers(1, 25), max_size=5))
def test_batches_are_one_by_one(
    documents: dict[int, tuple[list[int], int]], sizes: list[int], again: list[int]
) -> None:
    arrivals = [*documents, *(doc for doc in again if doc in documents)]  # some replaced, in a batch with the first
    single, batched = PostingIndex(CAP), PostingIndex(CAP)
    with pytest.MonkeyPatch.context() as patch, TemporaryFolder() as folder:
        patch.setattr(postings, "BATCH", 3)
        patch.setattr(runs, "MEMORY_POSTINGS", 7)
        for size in [*sizes, len(arrivals)]:
            portion, arrivals = arrivals[:size], arrivals[size:]
            changes = [single.add(doc, documents[doc][0], (documents[doc][1], doc)) for doc in portion]
            change = batched.add_many((doc, documents[doc][0], (documents[doc][1], doc)) for doc in portion)
            assert set(change.hashes) == {value for one in changes for value in one.hashes}
            assert set(change.docs) == {doc for one in changes for doc in one.docs}
            assert view(single, documents) == view(batched, documents)
            if size % 3 == 0:
                batched = PostingIndex.open(folder, batched.flush(folder), CAP)
    asked = [(doc, hashes) for doc, (hashes, _) in documents.items()]
    assert batched.candidates_many(asked) == [single.candidates(hashes, doc=doc) for doc, hashes in asked]
    assert batched.candidates_many([(None, []), *asked], limit=1)[1:] == [
        single.candidates(hashes, doc=doc, limit=1) for doc, hashes in asked
    ]


@settings(max_examples=60)
@given(DOCUMENTS)
def test_candidates_are_those_that_share_hashes(documents: dict[int, tuple[list[int], int]]) -> None:
    index = filled(documents, list(documents), cap=1000)
    for doc, (hashes, _) in documents.items():
        least = max(1, min(2, len(hashes)))
        expected = [
            (other, len(set(hashes) & set(theirs)))
            for other, (theirs, _) in documents.items()
            if other != doc and len(set(hashes) & set(theirs)) >= least
        ]
        expected.sort(key=lambda found: (-found[1], documents[found[0]][1], found[0]))
        assert index.candidates(hashes, doc=doc) == expected
        assert index.candidates(hashes, doc=doc, limit=1) == expected[:1]


@settings(max_examples=40, deadline=None)
@given(DOCUMENTS, st.lists(st.integers(1, 25)), st.sets(st.integers(1, 25)), st.booleans())
def test_files_change_nothing(
    documents: dict[int, tuple[list[int], int]], flushes: list[int], removed: set[int], reopen: bool
) -> None:
    with pytest.MonkeyPatch.context() as patch, TemporaryFolder() as folder:
        patch.setattr(runs, "MEMORY_POSTINGS", 7)
        plain, kept = PostingIndex(CAP), PostingIndex(CAP)
        for doc, (hashes, rank) in documents.items():
            assert plain.add(doc, hashes, (rank, doc)) == kept.add(doc, hashes, (rank, doc))
            if doc in removed:
                assert plain.remove(doc // 2 + 1) == kept.remove(doc // 2 + 1)
            for _ in range(flushes.count(doc)):
                segments = kept.flush(folder)
                assert kept.flush(folder) == segments
                sweep(folder, segments)
                if reopen:
                    kept = PostingIndex.open(folder, segments, CAP)
        assert len(plain) == len(kept)
        assert plain.highest == kept.highest
        assert view(plain, documents) == view(kept, documents)


class TemporaryFolder:
    """As tempfile's, as a Path; hypothesis does not go with function-scoped fixtures."""

    def __enter__(self) -> Path:
        import tempfile

        self._folder = tempfile.TemporaryDirectory()
        return Path(self._folder.name)

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()


@settings(max_examples=60)
@given(st.lists(st.integers(0, (1 << 32) - 1), unique=True, max_size=300), st.lists(st.integers(0, (1 << 32) - 1)))
def test_compiled_search_is_numpy_s(held: list[int], asked: list[int]) -> None:
    if compiling.kernel() is None:
        pytest.skip("numba is not installed")
    run = runs.Run.of(np.sort(np.array([(value << 32) | row for row, value in enumerate(held)], np.uint64)))
    wanted = np.unique(np.array([*held[::3], *asked], np.uint32))
    wanted.setflags(write=False)
    first, counts = run.search(wanted)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiling, "kernel", lambda: None)
        plain_first, plain_counts = run.search(wanted)
    assert np.array_equal(counts, plain_counts)
    assert np.array_equal(first[counts > 0], plain_first[counts > 0])


def test_a_text_with_thousands_of_copies_stays_linkable() -> None:
    index = PostingIndex()
    text = fiction(1, 400)
    hashes = sketch(text).hashes
    for doc in range(1500):
        index.add(doc, hashes, (500 - doc % 500, doc))  # the earliest comes late, and thrice
    found = index.candidates(hashes, doc=1499)
    assert [doc for doc, _ in found[:3]] == [499, 999, 498]
    assert len(found) == 49
    page = in_page(text, fiction(2, 300), random.Random(1))
    assert index.candidates(sketch(page).hashes)
    assert not len(index.standing(sketch(page).hashes, 499))


def test_a_farm_that_arrives_in_batches_stays_linkable() -> None:
    hashes, documents = sketch(fiction(1, 400)).hashes, range(5000)
    index, shuffled = PostingIndex(), PostingIndex()
    index.add_many((doc, hashes, (500 - doc % 500, doc)) for doc in documents)
    order = random.Random(2).sample(documents, len(documents))
    for start in range(0, len(order), 700):
        shuffled.add_many((doc, hashes, (500 - doc % 500, doc)) for doc in order[start : start + 700])
    (found,) = index.candidates_many([(4999, hashes)])
    assert [doc for doc, _ in found[:3]] == [499, 999, 1499]
    assert len(found) == 49
    assert shuffled.candidates_many([(4999, hashes)]) == [found]


def test_boilerplate_makes_no_candidates() -> None:
    index = PostingIndex()
    banner = [7, 70, 700]
    pages = [[*banner, *range(1000 * doc, 1000 * doc + 9)] for doc in range(1, 201)]
    changes = [index.add(doc, hashes, doc) for doc, hashes in enumerate(pages)]
    assert not any(index.candidates(hashes, doc=doc) for doc, hashes in enumerate(pages))
    crossing = [change for change in changes if change.hashes]
    assert [(change.hashes, change.docs) for change in crossing] == [(tuple(banner), tuple(range(50)))]
    assert index.standing(pages[0], 1).tolist() == banner
    # … but those that say nothing else find each other.
    index.add(500, banner, 0)
    assert [doc for doc, _ in index.candidates(banner)][:2] == [0, 500]


def test_boilerplate_links_nobody() -> None:
    index = PostingIndex()
    banner = fiction(3, 120)
    texts = [f"{banner}\n\n{fiction(seed, 250)}" for seed in range(100, 180)]
    pages = [prepare(text) for text in texts]
    for doc, page in enumerate(pages):
        assert page.sampled.tolist() == sketch(page.text).hashes.tolist()
        index.add(doc, page.sampled, doc)
    for doc, page in enumerate(pages):
        for other, _ in index.candidates(page.sampled, doc=doc):
            match = align(page, pages[other], standing=index.standing(page.sampled, other))
            assert match.kind != "copy"


def test_who_enters_a_full_list_concerns_those_in_it() -> None:
    index = PostingIndex(CAP)
    for doc in range(10, 16):
        index.add(doc, [1, 2, 3], doc)
    assert index.add(20, [1, 2, 3], 99).docs == ()
    assert index.add(21, [1, 2, 3], 0).docs == (10, 11, 12, 13)
    assert [doc for doc, _ in index.candidates([1, 2, 3])] == [21, 10, 11, 12]


def test_replacing_and_removing() -> None:
    index = PostingIndex()
    index.add(7, [1, 2, 3])
    index.add(7, [4, 5, 6])
    assert len(index) == 1
    assert index.candidates([1, 2, 3]) == []
    assert index.candidates([4, 5]) == [(7, 2)]
    assert index.remove(7)
    assert not index.remove(7)
    assert 7 not in index
    assert index.candidates([4, 5]) == []


def test_a_text_of_one_shingle_finds_its_like() -> None:
    index = PostingIndex()
    index.add(1, sketch("Ferry late.").hashes)
    assert index.candidates(sketch("ferry, LATE!").hashes) == [(1, 1)]
    assert index.candidates([]) == []


def test_what_was_not_committed_is_swept(tmp_path: Path) -> None:
    index = PostingIndex()
    index.add(1, [1, 2])
    kept = index.flush(tmp_path)
    index.add(2, [1, 2])
    index.flush(tmp_path)  # and the process dies before its commit
    (tmp_path / "half.postings.draft").write_bytes(b"half")
    opened = PostingIndex.open(tmp_path, kept)
    assert opened.highest == 1
    assert sweep(tmp_path, kept) == 2
    assert opened.candidates([1, 2]) == [(1, 2)]


def test_damaged_files_are_refused(tmp_path: Path) -> None:
    index = PostingIndex()
    index.add(1, [1, 2])
    (segment,) = index.flush(tmp_path)
    file = tmp_path / segment.name
    whole = file.read_bytes()
    with pytest.raises(SegmentError, match="bytes"):
        PostingIndex.open(tmp_path, [replace(segment, size=3)])
    with pytest.raises(SegmentError, match="starts at"):
        PostingIndex.open(tmp_path, [segment, segment])
    file.write_bytes(whole[:-20] + b"x" * 20)
    with pytest.raises(SegmentError):
        PostingIndex.open(tmp_path, [segment])
    file.write_bytes(whole.replace(b'"recipe": "fp1', b'"recipe": "fp0'))
    with pytest.raises(RecipeMismatch):
        PostingIndex.open(tmp_path, [segment])
    file.unlink()
    with pytest.raises(SegmentError):
        PostingIndex.open(tmp_path, [segment])
    assert Segment(**segment.to_dict()) == segment


def test_files_stay_few() -> None:
    sizes: list[int] = []
    for _ in range(1000):
        sizes.append(10)
        start = merge_from(sizes)
        sizes[start:] = [sum(sizes[start:])]
        assert len(sizes) <= 10
    assert sum(sizes) == 10_000
