"""The loops of `packing`, over plain sequences: what its NumPy says, byte for byte, for the kernel to compile."""

from __future__ import annotations

from typing import Any

DENSE, DENSE_WIDE = 2, 3
"""How arrays are packed, the first byte. Wide: there are positions above 65,535."""


def pack(minhash: Any, hashes: Any, positions: Any, packed: Any) -> int:
    """Fills `packed`, uint8, with room for 5 bytes for each of minhash and hashes, 5 for each position, and 1. Returns
    how many bytes these are."""
    planes = 1
    for place in range(len(positions)):
        if positions[place] > 0xFFFF:
            planes = 3
    permutations = len(minhash)
    count = len(hashes)
    total = permutations + count
    bits = 1 + 3 * total + count
    end = bits + (total + planes * count + 7) // 8
    for place in range(bits, end):
        packed[place] = 0
    packed[0] = DENSE if planes == 1 else DENSE_WIDE
    for place in range(total):
        if place < permutations:
            value = minhash[place]
        elif place == permutations:
            value = hashes[0]
        else:
            value = hashes[place - permutations] - hashes[place - permutations - 1]
        packed[1 + 3 * place] = value & 0xFF
        packed[2 + 3 * place] = (value >> 8) & 0xFF
        packed[3 + 3 * place] = (value >> 16) & 0xFF
        if value >> 24:
            packed[bits + place // 8] |= 128 >> (place % 8)
            packed[end] = value >> 24
            end += 1
    for place in range(count):
        packed[1 + 3 * total + place] = positions[place] & 0xFF
    for plane in range(planes):
        for place in range(count):
            value = (positions[place] >> (8 * plane + 8)) & 0xFF
            if value:
                bit = total + plane * count + place
                packed[bits + bit // 8] |= 128 >> (bit % 8)
                packed[end] = value
                end += 1
    return end


def unpack_hashes(packed: Any, start: int, permutations: int, hashes: Any) -> int:
    """Fills `hashes` from what is packed from `start` on. Returns 0 where these are no such bytes, else 1."""
    count = len(hashes)
    low = start + 1 + 3 * permutations
    bits = low + 4 * count
    planes = 4 if packed[start] == DENSE_WIDE else 2
    high = bits + (permutations + planes * count + 7) // 8
    if high > len(packed):
        return 0
    for place in range(permutations):
        if packed[bits + place // 8] & (128 >> (place % 8)):
            high += 1
    value = 0
    for place in range(count):
        at = low + 3 * place
        value += packed[at] + (packed[at + 1] << 8) + (packed[at + 2] << 16)
        bit = permutations + place
        if packed[bits + bit // 8] & (128 >> (bit % 8)):
            if high >= len(packed):
                return 0
            value += packed[high] << 24
            high += 1
        hashes[place] = value & 0xFFFFFFFF
    return 1
