"""The arrays of a sketch as bytes, near their entropy: the lowest of so many hashes have empty high bytes.

Hashes are kept as differences. Of each value the three low bytes stand as they are (of positions one); the other bytes
are nearly all zero, so a bit for each says whether it is, and only those that are not follow.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from crawler.dedup import compiling
from crawler.dedup.packing_loops import DENSE, DENSE_WIDE

UInt32s = npt.NDArray[np.uint32]
UInt8s = npt.NDArray[np.uint8]

PLAIN, PLAIN_WIDE = range(2)
"""How arrays were packed once, the first byte: read, never written."""


def pack(minhash: UInt32s, hashes: UInt32s, positions: UInt32s) -> bytes:
    """`hashes` ascending."""
    fast = compiling.kernel()
    if fast is None:
        return plain_pack(minhash, hashes, positions)
    packed = np.empty(1 + 5 * (len(minhash) + 2 * len(hashes)), np.uint8)
    return packed[: fast.pack(minhash, hashes, positions, packed)].tobytes()


def plain_pack(minhash: UInt32s, hashes: UInt32s, positions: UInt32s) -> bytes:
    """`pack` without the compiled kernel: the same bytes."""
    values = np.concatenate((minhash, hashes))
    values[len(minhash) + 1 :] -= hashes[:-1]
    parts, places = _bytes_of(values), _bytes_of(positions)
    wide = bool(places[:, 2:].any())
    rest = np.concatenate((parts[:, 3], *places.T[1 : 4 if wide else 2]))
    given = rest != 0
    layout = DENSE_WIDE if wide else DENSE
    pieces = (parts[:, :3], places[:, 0], np.packbits(given), rest[given])
    return bytes([layout]) + b"".join([piece.tobytes() for piece in pieces])


def unpack(data: bytes, start: int, permutations: int, count: int) -> tuple[UInt32s, UInt32s, UInt32s]:
    """The inverse, from `start` on: minhash, hashes and positions. ValueError where these are not such bytes."""
    layout = data[start] if start < len(data) else -1
    if layout in (PLAIN, PLAIN_WIDE):
        return _unpack_plain(data, start + 1, permutations, count, "<u4" if layout == PLAIN_WIDE else "<u2")
    if layout not in (DENSE, DENSE_WIDE):
        raise ValueError(f"arrays packed in the unknown way {layout}")
    values, positions = np.zeros((permutations + count, 4), np.uint8), np.zeros((count, 4), np.uint8)
    values[:, :3] = np.frombuffer(data, np.uint8, 3 * len(values), start + 1).reshape(-1, 3)
    start += 1 + 3 * len(values)
    positions[:, 0] = np.frombuffer(data, np.uint8, count, start)
    planes = 3 if layout == DENSE_WIDE else 1
    rest = _rest(data[start + count :], len(values) + planes * count)
    values[:, 3] = rest[: len(values)]
    positions[:, 1 : 1 + planes] = rest[len(values) :].reshape(planes, count).T
    whole = values.view("<u4")[:, 0]
    return whole[:permutations], np.cumsum(whole[permutations:], dtype=np.uint32), positions.view("<u4")[:, 0]


def unpack_hashes(data: bytes, start: int, permutations: int, count: int) -> UInt32s:
    """The hashes alone, at a fraction of the cost. ValueError where these are no such bytes."""
    layout = data[start] if start < len(data) else -1
    if layout not in (DENSE, DENSE_WIDE):
        return unpack(data, start, permutations, count)[1]
    fast = compiling.kernel()
    if fast is None:
        return plain_unpack_hashes(data, start, permutations, count)
    hashes = np.empty(count, np.uint32)
    if not fast.unpack_hashes(np.frombuffer(data, np.uint8), start, permutations, hashes):
        raise ValueError("the arrays end too early")
    return hashes


def plain_unpack_hashes(data: bytes, start: int, permutations: int, count: int) -> UInt32s:
    """`unpack_hashes` of a dense layout without the compiled kernel: the same hashes."""
    layout = data[start]
    differences = np.zeros((count, 4), np.uint8)
    differences[:, :3] = np.frombuffer(data, np.uint8, 3 * count, start + 1 + 3 * permutations).reshape(-1, 3)
    rest = start + 1 + 3 * permutations + 4 * count
    total = permutations + (4 if layout == DENSE_WIDE else 2) * count
    given = np.unpackbits(np.frombuffer(data, np.uint8, -(-total // 8), rest), count=total).view(np.bool_)
    before = rest + -(-total // 8) + int(np.count_nonzero(given[:permutations]))
    mine = given[permutations : permutations + count]
    differences[mine, 3] = np.frombuffer(data, np.uint8, int(np.count_nonzero(mine)), before)
    return np.cumsum(differences.view("<u4")[:, 0], dtype=np.uint32)


def _bytes_of(values: UInt32s) -> UInt8s:
    return values.astype("<u4", copy=False).view(np.uint8).reshape(-1, 4)


def _rest(data: bytes, count: int) -> UInt8s:
    """So many bytes, of which those that are not zero follow a bit for each."""
    bits = -(-count // 8)
    given = np.unpackbits(np.frombuffer(data, np.uint8, bits), count=count).view(np.bool_)
    rest = np.zeros(count, np.uint8)
    rest[given] = np.frombuffer(data, np.uint8, offset=bits) if len(data) > bits else ()
    return rest


def _unpack_plain(
    data: bytes, start: int, permutations: int, count: int, kind: str
) -> tuple[UInt32s, UInt32s, UInt32s]:
    """As sketches were kept once: 4 bytes a hash."""
    hashes = start + 4 * permutations
    return (
        np.frombuffer(data, "<u4", permutations, start),
        np.frombuffer(data, "<u4", count, hashes),
        np.frombuffer(data, kind, count, hashes + 4 * count).astype(np.uint32),
    )
