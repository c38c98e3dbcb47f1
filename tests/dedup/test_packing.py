from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.dedup import compiling, packing, packing_loops

NUMBERS = st.integers(0, 0xFFFFFFFF) | st.integers(0, 0xFFFFFF)
Arrays = tuple[list[int], list[int], list[int]]


@st.composite
def arrays(draw: st.DrawFn) -> Arrays:
    hashes = sorted(draw(st.sets(NUMBERS, max_size=50)))
    places = st.integers(0, 255) | st.integers(0, 0xFFFF) | st.integers(0, 0xFFFFFFFF)
    positions = draw(st.lists(places, min_size=len(hashes), max_size=len(hashes)))
    return draw(st.lists(NUMBERS, min_size=4, max_size=4)), hashes, positions


def as_numpy(told: Arrays) -> list[packing.UInt32s]:
    return [np.array(one, np.uint32) for one in told]


@given(arrays())
def test_loops_pack_as_numpy_does(told: Arrays) -> None:
    expected = packing.plain_pack(*as_numpy(told))
    packed = bytearray(1 + 5 * sum(map(len, told)))
    assert packed[: packing_loops.pack(*told, packed)] == expected
    assert packing.pack(*as_numpy(told)) == expected


@given(arrays(), st.binary(max_size=9))
def test_loops_unpack_as_numpy_does(told: Arrays, before: bytes) -> None:
    data = before + packing.pack(*as_numpy(told))
    hashes = [0] * len(told[1])
    assert packing_loops.unpack_hashes(data, len(before), 4, hashes) == 1
    assert hashes == told[1]
    assert packing.unpack_hashes(data, len(before), 4, len(hashes)).tolist() == hashes
    assert packing.plain_unpack_hashes(data, len(before), 4, len(hashes)).tolist() == hashes


@given(arrays(), st.data())
def test_damaged_bytes_are_no_hashes_or_other_hashes(told: Arrays, data: st.DataObject) -> None:
    """Compiled code does not look beyond the end: it says no wherever Python would fall off it."""
    packed = bytearray(packing.pack(*as_numpy(told)))
    del packed[data.draw(st.integers(1, len(packed))) :]
    if len(packed) > 1:
        packed[data.draw(st.integers(1, len(packed) - 1))] ^= data.draw(st.integers(1, 255))
    asked = data.draw(st.integers(0, 100))
    hashes = [0] * asked
    if packing_loops.unpack_hashes(packed, 0, 4, hashes):
        assert packing.unpack_hashes(bytes(packed), 0, 4, asked).tolist() == hashes
    elif compiling.kernel() is not None:
        with pytest.raises(ValueError, match="too early"):
            packing.unpack_hashes(bytes(packed), 0, 4, asked)
