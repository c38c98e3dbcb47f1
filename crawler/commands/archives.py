"""Files of records, read as a stream: JSON lines, plain or gzipped, and Parquet."""

from __future__ import annotations

import codecs
import sys
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from io import BufferedReader
from pathlib import Path
from typing import Any, cast

from crawler.commands.base import CommandError
from crawler.commands.records import LONGEST, Portion, Record

FIRST = 2 * 1024 * 1024
SIZE = 4 * 1024 * 1024
"""Bytes of JSON lines that are taken together, first and later: after the first others help, if there is more."""
ROWS = 1000
"""Rows of Parquet that are taken together."""
_CHUNK = 256 * 1024
_GZIP = b"\x1f\x8b"


class Archive:
    """One file, opened. Raises CommandError where that cannot be done, before anything is read."""

    def __init__(self, name: str) -> None:
        self.name = "standard input" if name == "-" else name
        self.size = 0
        self._problem = ""
        self._open = ExitStack()
        self._parquet: Any = None
        self._damage: tuple[type[Exception], ...] = (OSError,)
        self._raw = self._open_raw(name)
        if name.endswith(".parquet"):
            try:
                self._parquet = self._open_parquet()
            except CommandError:
                self.close()
                raise

    def _open_raw(self, name: str) -> BufferedReader:
        if name == "-":
            return cast("BufferedReader", sys.stdin.buffer)
        try:
            raw = Path(name).open("rb")  # noqa: SIM115  closed by `close`
        except OSError as error:
            raise CommandError(f"{name} cannot be read: {error.strerror or error}") from error
        self.size = Path(name).stat().st_size
        return self._open.enter_context(raw)

    def _open_parquet(self) -> Any:
        try:
            from pyarrow import ArrowException, parquet  # type: ignore[import-not-found,import-untyped,unused-ignore]
        except ImportError as error:
            raise CommandError(
                f"{self.name} is Parquet, which needs pyarrow (pip install pyarrow); JSON lines need nothing"
            ) from error
        self._damage = (ArrowException, OSError)
        try:
            return parquet.ParquetFile(self._raw)
        except self._damage as error:
            raise CommandError(f"{self.name} is no Parquet file that can be read") from error

    def close(self) -> None:
        """Closes the file."""
        self._open.close()

    def __iter__(self) -> Iterator[Record]:
        return (record for portion in self.portions() for record in portion.records())

    def portions(self) -> Iterator[Portion]:
        """All of it, some records at a time."""
        return self._of_lines() if self._parquet is None else self._of_rows()

    def _of_rows(self) -> Iterator[Portion]:
        rows, line, position = self._parquet.metadata.num_rows or 1, 1, 0
        try:
            for batch in self._parquet.iter_batches(ROWS):
                for values, problem in _taken(batch):
                    after = line + len(values) + bool(problem)
                    position = int(self.size * (after - 1) / rows)
                    yield Portion(values, line, self.name, position, full=len(values) == ROWS, problem=problem)
                    line = after
        except self._damage as error:
            yield Portion((), line, self.name, position, problem=f"the file cannot be read further: {_told(error)}")

    def _of_lines(self) -> Iterator[Portion]:
        """Whole lines, as they stand in the file: what they say is found out where there is time for it."""
        held, size, line, enough = list[bytes](), 0, 1, FIRST
        for chunk in self._chunks():
            end = chunk.rfind(b"\n") + 1
            if size >= enough and end:
                lines = b"".join((*held, chunk[:end]))
                yield Portion(lines, line, self.name, self._position(), full=True)
                line += lines.count(b"\n")
                held, size, enough, chunk = [], 0, SIZE, chunk[end:]
            if end or size <= SIZE + LONGEST:  # of a line that is too long the rest need not be kept
                held.append(chunk)
                size += len(chunk)
        lines = b"".join(held)
        if self._problem:  # what is cut off is no line
            lines = lines[: lines.rfind(b"\n") + 1]
        if lines or self._problem:
            yield Portion(lines, line, self.name, self._position(), problem=self._problem)

    def _chunks(self) -> Iterator[bytes]:
        """What the file holds, as far as it can be read."""
        chunks = self._unpacked()
        try:
            first = next(chunks, b"")
            if name := _other_encoding(first[:4]):
                self._problem = f"the file is {name}: write it as UTF-8 first (iconv -f {name.lower()} -t utf-8)"
                return
            yield first
            yield from chunks
        except (OSError, EOFError, zlib.error) as error:
            self._problem = f"the file cannot be read further: {_told(error)}"

    def _position(self) -> int:
        return self._raw.tell() if self.size else 0

    def _unpacked(self) -> Iterator[bytes]:
        """By what the file is, whatever its name: what comes from a pipe has none."""
        if self._raw.peek(2)[:2] == _GZIP:
            return _unzipped(self._raw)
        return iter(lambda: self._raw.read1(_CHUNK), b"")


def _unzipped(raw: BufferedReader) -> Iterator[bytes]:
    """What gzip holds, one member after the other, each byte up to where it is cut off: the standard library's reader
    throws away what it has read when it comes to that place. Raises EOFError, OSError and zlib.error."""
    left = raw.read1(_CHUNK)
    while left:
        member = zlib.decompressobj(wbits=31)
        while not member.eof:
            unpacked = member.decompress(left, _CHUNK)
            left = member.unconsumed_tail
            if unpacked:
                yield unpacked
            if not (left or member.eof or len(unpacked) == _CHUNK or (left := raw.read1(_CHUNK))):
                raise EOFError("it is cut off")
        left = member.unused_data.lstrip(b"\0") or raw.read1(_CHUNK).lstrip(b"\0")


def _other_encoding(start: bytes) -> str:
    """UTF-16 or UTF-32, by the first four bytes: JSON in UTF-8 has no zeros."""
    if start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) or (b"\0" in start and start.strip(b"\0")):
        return "UTF-32" if b"\0\0" in start else "UTF-16"
    return ""


def _taken(batch: Any) -> Iterator[tuple[list[Any], str]]:
    """Rows of Parquet; of a batch in which one cannot be read each by itself, or why it cannot."""
    try:
        yield batch.to_pylist(), ""
        return
    except (ValueError, OverflowError):
        pass
    for row in range(batch.num_rows):
        try:
            yield batch.slice(row, 1).to_pylist(), ""
        except (ValueError, OverflowError) as error:
            yield [], f"the row cannot be read: {_told(error)}"


def _told(error: Exception) -> str:
    """The first line of what a library says, without an end to its own sentence."""
    said = str(error).strip().split("\n", 1)[0][:200].rstrip(" .")
    return said or type(error).__name__
