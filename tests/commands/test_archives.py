from __future__ import annotations

import gzip
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.commands import archives, records
from crawler.commands.archives import Archive
from crawler.commands.base import CommandError
from crawler.commands.records import Record, RecordError, parsed


def read(path: Path) -> list[tuple[int, object, str]]:
    archive = Archive(str(path))
    try:
        return [_read(one) for one in archive]
    finally:
        archive.close()


def _read(record: Record) -> tuple[int, object, str]:
    if record.problem:
        return record.line, None, record.problem
    try:
        return record.line, parsed(record.value), ""
    except RecordError as error:
        return record.line, None, str(error)


def test_lines_empty_ones_and_bad_ones(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"a": 1}\n\n{"a": \n"\xff"\n' + b"[" * 100_000 + b"\n{}")
    lines = read(path)
    assert [(line, value) for line, value, problem in lines if not problem] == [(1, {"a": 1}), (6, {})]
    reasons = {line: problem for line, _, problem in lines if problem}
    assert set(reasons) == {3, 4, 5}
    assert reasons[3].startswith("not JSON")
    assert reasons[4] == "not UTF-8"


def test_gzip_and_what_is_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    whole = gzip.compress(b'{"a": 1}\n' * 3)
    path.write_bytes(whole)
    assert [value for _, value, _ in read(path)] == [{"a": 1}] * 3
    path.write_bytes(whole[:-6])
    assert read(path)[:-1] == [(line, {"a": 1}, "") for line in (1, 2, 3)]
    assert read(path)[-1] == (4, None, "the file cannot be read further: it is cut off")


@given(
    st.lists(st.binary(max_size=40), min_size=1, max_size=5),
    st.integers(1, 300),
    st.integers(1, 20),
    st.integers(1, 40),
)
def test_gzip_is_read_member_by_member_to_the_byte_where_it_ends(
    parts: list[bytes], kept: int, chunk: int, padding: int
) -> None:
    packed = b"".join(map(gzip.compress, parts))
    for content, whole in ((packed + b"\0" * padding, True), (packed[: -min(kept, len(packed) - 2)], False)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(archives, "_CHUNK", chunk)
            found, ends = _unzipped(content)
        assert b"".join(parts).startswith(found)
        assert (ends and found == b"".join(parts)) or not whole


@given(st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=4), st.integers(0, 7))
def test_what_stands_before_the_end_of_cut_gzip_is_kept(parts: list[bytes], lost: int) -> None:
    """The last eight bytes are a check and a length: all of the text stands before them."""
    assert _unzipped(b"".join(map(gzip.compress, parts))[: -lost - 1]) == (b"".join(parts), False)


def _unzipped(content: bytes) -> tuple[bytes, bool]:
    """What is read of it, and whether it ends where it should."""
    found = bytearray()
    try:
        for piece in archives._unzipped(io.BufferedReader(io.BytesIO(content))):
            found += piece
    except EOFError:
        return bytes(found), False
    return bytes(found), True


def test_gzip_is_known_by_its_bytes_not_its_name(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(gzip.compress(b'{"a": 1}\n' * 3))
    assert [value for _, value, _ in read(path)] == [{"a": 1}] * 3
    path = tmp_path / "b.jsonl.gz"
    path.write_bytes(b'{"a": 1}\n')
    assert [value for _, value, _ in read(path)] == [{"a": 1}]


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_other_encodings_of_unicode_are_refused_as_a_whole(tmp_path: Path, encoding: str, mark: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(f'{mark}{{"a": 1}}\n{{"a": 2}}\n'.encode(encoding))
    ((line, _, problem),) = read(path)
    assert line == 1
    assert encoding[:6].upper() in problem


def test_no_line_is_guessed_to_be_in_another_encoding(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"a": 1}\n' + '{"a": 2}'.encode("utf-16-le") + b"\n\0\0\0\0\n")
    assert [(line, value) for line, value, problem in read(path) if not problem] == [(1, {"a": 1})]


def test_a_json_feed_with_an_item_a_line(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b'[\n{"a": 1},\n{"a": 2}\n]\n')
    assert [value for _, value, _ in read(path)] == [{"a": 1}, {"a": 2}]


def test_an_endless_line_is_not_kept_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name, size in ((archives, "SIZE", 20), (archives, "LONGEST", 64), (records, "LONGEST", 64),
                               (archives, "_CHUNK", 16)):  # fmt: skip
        monkeypatch.setattr(module, name, size)
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"a": 0}\n{"a": "' + b"x" * 1000 + b'"}\n{"b": 1}\n')
    (_, first, _), (_, _, problem), (line, value, _) = read(path)
    assert first == {"a": 0}
    assert "longer" in problem
    assert (line, value) == (3, {"b": 1})
    archive = Archive(str(path))
    assert max(len(portion.content) for portion in archive.portions()) < 200
    archive.close()


@given(st.lists(st.text("ab\r ", max_size=12), max_size=20), st.integers(1, 40), st.integers(1, 9), st.booleans())
def test_every_line_is_read_once_with_its_number_however_it_is_portioned(
    lines: list[str], size: int, chunk: int, ends: bool
) -> None:
    written = "\n".join(lines) + "\n" * ends
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (("FIRST", size), ("SIZE", size), ("_CHUNK", chunk)):
            patch.setattr(archives, name, value)
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(written.encode()))))
        found = [(one.line, one.value) for one in Archive("-")]
    assert found == [(n, line.strip().encode()) for n, line in enumerate(written.split("\n"), 1) if line.strip()]


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(b'{"a": 1}\n'))))
    archive = Archive("-")
    assert [_read(one) for one in archive] == [(1, {"a": 1}, "")]
    assert archive.name == "standard input"


def test_files_that_are_not_there(tmp_path: Path) -> None:
    for name in (tmp_path / "none.jsonl", tmp_path):
        with pytest.raises(CommandError, match="cannot be read"):
            read(name)


def test_parquet_names_what_it_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(b"PAR1")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(CommandError, match="needs pyarrow"):
        read(path)


class _Batch:
    """Rows as pyarrow has them; an error in place of a row is raised where that row is read."""

    def __init__(self, rows: list[dict[str, object] | Exception]) -> None:
        self.rows = rows
        self.num_rows = len(rows)

    def slice(self, start: int, length: int) -> _Batch:
        return _Batch(self.rows[start : start + length])

    def to_pylist(self) -> list[object]:
        for row in self.rows:
            if isinstance(row, Exception):
                raise row
        return list(self.rows)


def _parquet(monkeypatch: pytest.MonkeyPatch, *batches: list[dict[str, object] | Exception] | Exception) -> None:
    """Stands in for pyarrow, which the project does not require, by what it does with damaged files."""

    class ParquetFile:
        metadata = SimpleNamespace(num_rows=sum(len(one) for one in batches if isinstance(one, list)))

        def __init__(self, raw: object) -> None: ...

        def iter_batches(self, size: int) -> Iterator[_Batch]:
            for one in batches:
                if isinstance(one, Exception):
                    raise one
                yield _Batch(one)

    pyarrow = SimpleNamespace(ArrowException=_ArrowError, parquet=SimpleNamespace(ParquetFile=ParquetFile))
    monkeypatch.setitem(sys.modules, "pyarrow", cast("ModuleType", pyarrow))


class _ArrowError(Exception):
    pass


@pytest.mark.parametrize(
    "error", [OSError("Corrupt snappy data.\n at page.cc:12"), _ArrowError("Corrupt snappy data.")]
)
def test_of_damaged_parquet_what_was_read_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    _parquet(monkeypatch, [{"a": 1}, {"a": 2}], error)
    (tmp_path / "a.parquet").write_bytes(b"PAR1")
    assert read(tmp_path / "a.parquet") == [
        (1, {"a": 1}, ""),
        (2, {"a": 2}, ""),
        (3, None, "the file cannot be read further: Corrupt snappy data"),
    ]


def test_a_damaged_row_of_parquet_costs_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _parquet(monkeypatch, [{"a": 1}, ValueError("invalid continuation byte"), {"a": 3}], [{"a": 4}])
    (tmp_path / "a.parquet").write_bytes(b"PAR1")
    found = read(tmp_path / "a.parquet")
    assert [(line, value) for line, value, problem in found if not problem] == [
        (1, {"a": 1}),
        (3, {"a": 3}),
        (4, {"a": 4}),
    ]
    assert [(line, problem) for line, _, problem in found if problem] == [
        (2, "the row cannot be read: invalid continuation byte")
    ]
