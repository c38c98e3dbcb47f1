"""The index's files: immutable, written, flushed to the disk and renamed; which of them count, the caller's table says.

A file is a line of JSON (what it is, and where its arrays lie) and the arrays, read through a memory map.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import numpy.typing as npt

from crawler.dedup.sketches import RECIPE, SAMPLED, RecipeMismatch

SUFFIX = ".postings"
_ALIGNMENT = 64
_SLICE = 1 << 20
"""Postings merged at a time: what a merge takes of memory, times 8 bytes and the number of files."""

Keys = npt.NDArray[np.uint64]
Array = npt.NDArray[Any]


class SegmentError(ValueError):
    """A file that is missing or damaged; the index can be built again from the stored sketches."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One file: its name in the folder, the rows of documents that it holds, how many postings and bytes."""

    name: str
    first: int
    end: int
    postings: int
    size: int

    def to_dict(self) -> dict[str, Any]:
        """For a row of the caller's table; `Segment(**row)` is the inverse."""
        return asdict(self)


def write_segment(
    folder: Path, first: int, end: int, arrays: Mapping[str, Array], keys: Iterable[Keys], expected: int
) -> Segment:
    """A new file, durable when this returns. `keys` may come in pieces, ascending, about `expected` in all."""
    folder.mkdir(parents=True, exist_ok=True)
    name = uuid4().hex + SUFFIX
    draft = folder / f"{name}.draft"
    places: dict[str, tuple[Any, int, int]] = {}
    buckets = Buckets.of_size(expected)
    with draft.open("wb") as file:

        def write(label: str, parts: Iterable[Array], dtype: np.dtype[Any]) -> None:
            file.write(b"\0" * (-file.tell() % _ALIGNMENT))
            start = file.tell()
            for part in parts:
                file.write(part.astype(dtype, copy=False).tobytes())
            places[label] = (_described(dtype), start, (file.tell() - start) // dtype.itemsize)

        write("keys", map(buckets.count, keys), np.dtype("<u8"))
        for label, array in {**arrays, "buckets": buckets.starts()}.items():
            write(label, [array], array.dtype)
        head = {"recipe": RECIPE, "first": first, "end": end, "arrays": places}
        tail = json.dumps(head).encode()
        file.write(tail + len(tail).to_bytes(8, "little"))
        file.flush()
        os.fsync(file.fileno())
        size = file.tell()
    draft.replace(folder / name)
    _sync_folder(folder)
    return Segment(name, first, end, places["keys"][2], size)


def read_segment(folder: Path, segment: Segment) -> dict[str, Array]:
    """The arrays of a file, as views of its memory map. Raises SegmentError, RecipeMismatch."""
    path = folder / segment.name
    try:
        if path.stat().st_size != segment.size:
            raise SegmentError(f"{path}: has {path.stat().st_size} bytes, not {segment.size}")
        raw = np.asarray(np.memmap(path, np.uint8, "r"))
        length = int.from_bytes(raw[-8:].tobytes(), "little")
        head = json.loads(raw[-8 - length : -8].tobytes())
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise SegmentError(f"{path}: {error}") from error
    if head["recipe"] != RECIPE:
        raise RecipeMismatch(f"{path} was made by {head['recipe']!r}, this is {RECIPE!r}")
    arrays = {}
    for label, (kind, start, count) in head["arrays"].items():
        dtype = np.dtype(kind if isinstance(kind, str) else [tuple(field) for field in kind])
        arrays[label] = raw[start : start + count * dtype.itemsize].view(dtype)
    return arrays


def sweep(folder: Path, segments: Iterable[Segment]) -> int:
    """Deletes the files that are not among the segments: retired ones, and those of a commit that never was. Call it
    after the commit that keeps the list. Returns how many."""
    kept = {segment.name for segment in segments}
    unknown = [path for path in folder.glob(f"*{SUFFIX}*") if path.name not in kept]
    for path in unknown:
        path.unlink(missing_ok=True)
    return len(unknown)


class Buckets:
    """Where in ascending keys the hashes of each of 2**bits equal ranges start: a search then looks at some 32 keys.

    Sampled hashes lie below SAMPLED, evenly; what short texts have above that goes into the last range.
    """

    def __init__(self, counts: npt.NDArray[np.int64]) -> None:
        self._counts = counts
        self.shift = self.shift_for(len(counts))

    @staticmethod
    def shift_for(ranges: int) -> int:
        """By how many bits to the right a key is the number of its range, of so many."""
        return 32 + (SAMPLED // ranges).bit_length() - 1

    @classmethod
    def of_size(cls, keys: int) -> Buckets:
        """For about so many keys, none counted yet."""
        return cls(np.zeros(1 << max(0, min(22, keys.bit_length() - 6)), np.int64))

    def count(self, keys: Keys) -> Keys:
        """Counts these, and gives them back."""
        ranges = np.minimum(keys >> np.uint64(self.shift), np.uint64(len(self._counts) - 1)).astype(np.int64)
        self._counts += np.bincount(ranges, minlength=len(self._counts))
        return keys

    def starts(self) -> npt.NDArray[np.uint32]:
        """One for each range, and the end."""
        return np.concatenate(([0], np.cumsum(self._counts))).astype(np.uint32)


def merge_from(sizes: Sequence[int]) -> int:
    """From which on the runs (sizes in order of age) are to be merged into one: the newest that are of like size
    together. Their number grows with the logarithm of the whole."""
    start, total = len(sizes), 0
    while start and (start == len(sizes) or sizes[start - 1] <= total):
        start -= 1
        total += sizes[start]
    return start


def merged(runs: Sequence[Keys], wanted: npt.NDArray[np.bool_], common: npt.NDArray[np.uint32]) -> Iterator[Keys]:
    """Sorted runs as one, in pieces; without rows that are not `wanted` and without the `common` hashes (ascending)."""
    total = sum(map(len, runs))
    largest = max(runs, key=len)
    # The longest run's own values cut all of them into slices of about equal size.
    steps = range(0, len(largest), max(1, len(largest) * _SLICE // max(total, 1)))[1:]
    cuts = [largest[step] >> np.uint64(32) << np.uint64(32) for step in steps]
    bounds = [[0, *np.searchsorted(run, np.array(cuts, np.uint64)).tolist(), len(run)] for run in runs]
    for index in range(len(cuts) + 1):
        piece = np.concatenate(
            [run[limits[index] : limits[index + 1]] for run, limits in zip(runs, bounds, strict=True)]
        )
        piece = piece[wanted[(piece & np.uint64(0xFFFFFFFF)).astype(np.int64)]]
        if len(common):
            hashes = (piece >> np.uint64(32)).astype(np.uint32)
            places = np.minimum(np.searchsorted(common, hashes), len(common) - 1)
            piece = piece[common[places] != hashes]
        piece.sort(kind="stable")
        yield piece


def _described(dtype: np.dtype[Any]) -> Any:
    return dtype.str if dtype.names is None else dtype.descr


def _sync_folder(folder: Path) -> None:
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:  # a system that opens no folders
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
