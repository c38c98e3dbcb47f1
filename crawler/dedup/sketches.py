"""The sketch of a text: a datasketch MinHash for resemblance, and sampled shingles with positions for shared passages.

Jaccard alone misses excerpts: two shared hashes of a sixteenth of all shingles find a fifth of a text inside another.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from crawler.dedup import compiling, letters, packing
from crawler.dedup.words import WINDOW, WINDOWS, UInt32s, UInt64s, code_points, plain_words, read_words

if TYPE_CHECKING:
    from datasketch import MinHash

PERMUTATIONS = 128
SEED = 1
SAMPLING = 16
SAMPLED = (1 << 32) // SAMPLING
"""Of the distinct shingle hashes those below this are kept …"""
FLOOR = 40
"""… but at least so many of the lowest, so that an excerpt of a short text is found as surely as of a long one …"""
CEILING = 4096
"""… and no more than so many."""

RECIPE = "fp1:w{}.{}.{}.{}:u{}:m{}:s{}+{}".format(
    *WINDOW, letters.VERSION.partition(".")[0], PERMUTATIONS, SAMPLING, FLOOR
)
"""How sketches are made. Sketches of another recipe cannot be compared with these."""

_RECIPE = RECIPE.encode()
_HEAD = struct.Struct("<IH")  # length, number of hashes


class RecipeMismatch(ValueError):  # noqa: N818 - names what happened, as KeyError does
    """A stored sketch was made by another recipe; the texts have to be sketched again."""


@dataclass(frozen=True, slots=True, eq=False)
class Sketch:
    """`minhash`: uint32[128], the hash values of datasketch's affine32 scheme, seed 1. `hashes`: uint32[n], the sampled
    shingle hashes, ascending, distinct. `positions`: uint32[n], the token at which each stands first. `length`: tokens.
    """

    minhash: UInt32s
    hashes: UInt32s
    positions: UInt32s
    length: int

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sketch) and self.to_bytes() == other.to_bytes()

    def __hash__(self) -> int:
        return hash(self.to_bytes())

    def to_bytes(self) -> bytes:
        """Packed: the recipe, then the arrays; about 660 bytes for a text of 600 words."""
        arrays = packing.pack(self.minhash, self.hashes, self.positions)
        return bytes([len(_RECIPE)]) + _RECIPE + _HEAD.pack(self.length, len(self.hashes)) + arrays

    @classmethod
    def from_bytes(cls, data: bytes) -> Sketch:
        """The inverse of `to_bytes`. Raises RecipeMismatch, and ValueError on what is no sketch."""
        length, count, start = _read_head(data)
        try:
            return cls(*packing.unpack(data, start, PERMUTATIONS, count), length)
        except ValueError as error:
            raise ValueError(f"not a sketch: {error}") from error

    @staticmethod
    def hashes_of(data: bytes) -> UInt32s:
        """`from_bytes(data).hashes` at half the cost. Raises the same, but not for what is damaged beside them."""
        _, count, start = _read_head(data)
        try:
            return packing.unpack_hashes(data, start, PERMUTATIONS, count)
        except ValueError as error:
            raise ValueError(f"not a sketch: {error}") from error

    def to_minhash(self) -> MinHash:
        """A `datasketch.MinHash`, for MinHashLSH, LeanMinHash and their kin. Its own `update` would hash otherwise."""
        from datasketch import MinHash

        permutations = np.array(permutation_parameters())
        return MinHash(scheme="affine32", seed=SEED, hashvalues=self.minhash, permutations=permutations)

    def jaccard(self, other: Sketch) -> float:
        """Estimate of the resemblance, standard error at most .045."""
        return float(np.count_nonzero(self.minhash == other.minhash)) / PERMUTATIONS


def _read_head(data: bytes) -> tuple[int, int, int]:
    """Length, number of hashes, and where the arrays start."""
    recipe = data[1 : 1 + data[0]] if data else b""
    if recipe != _RECIPE:
        if not recipe.startswith(b"fp") or len(recipe) != data[0]:
            raise ValueError("not a sketch")
        raise RecipeMismatch(f"made by {recipe.decode('ascii', 'replace')!r}, this is {RECIPE!r}")
    try:
        length, count = _HEAD.unpack_from(data, 1 + len(recipe))
    except struct.error as error:
        raise ValueError(f"not a sketch: {error}") from error
    return length, count, 1 + len(recipe) + _HEAD.size


@cache
def permutation_parameters() -> tuple[UInt32s, UInt32s]:
    """The a and b of datasketch 2's affine32 permutations (a * fmix32(h) + b modulo 2**32) for its default seed."""
    generator = np.random.RandomState(SEED)
    a = generator.randint(0, 1 << 31, PERMUTATIONS, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    b = generator.randint(0, 1 << 32, PERMUTATIONS, dtype=np.uint32)
    a.setflags(write=False)
    b.setflags(write=False)
    return a, b


def shingle_hashes(text: str) -> UInt32s:
    """The 32-bit hashes of all shingles in order, repeats included: what the MinHash is updated with."""
    return short_hashes(read_words(text).shingles)


def sketch(text: str) -> Sketch:
    """The sketch of a text. Never raises; a text without a letter has an empty one."""
    fast = compiling.kernel()
    if fast is None:
        return plain_sketch(text)
    return Sketch(
        *fast.sketch(code_points(text), *letters.load(), WINDOWS, *permutation_parameters(), SAMPLED, FLOOR, CEILING)
    )


def plain_sketch(text: str) -> Sketch:
    """`sketch` without the compiled kernel: the same bits."""
    words = plain_words(text)
    shingles = short_hashes(words.shingles)
    hashes, first = np.unique(shingles, return_index=True)
    count = sample_size(hashes)
    positions = words.places[first[:count]].astype(np.uint32)
    return Sketch(_minhash(hashes), hashes[:count], positions, len(words.hashes))


def sample_size(hashes: UInt32s) -> int:
    """How many of a text's distinct shingle hashes (ascending) its sketch keeps."""
    return min(max(int(np.searchsorted(hashes, SAMPLED)), FLOOR), CEILING, len(hashes))


def short_hashes(shingles: UInt64s) -> UInt32s:
    """The 32 bits of shingles that sketches know."""
    return (shingles >> np.uint64(32)).astype(np.uint32)


def _minhash(hashes: UInt32s) -> UInt32s:
    a, b = permutation_parameters()
    values: npt.NDArray[np.uint32] = np.full(PERMUTATIONS, 0xFFFFFFFF, np.uint32)
    mixed = hashes ^ (hashes >> np.uint32(16))
    mixed = mixed * np.uint32(0x85EBCA6B)
    mixed ^= mixed >> np.uint32(13)
    mixed *= np.uint32(0xC2B2AE35)
    mixed ^= mixed >> np.uint32(16)
    for start in range(0, len(mixed), 4096):  # 2 MB at a time
        part = mixed[start : start + 4096, None] * a + b
        values = np.minimum(values, part.min(axis=0))
    return values
