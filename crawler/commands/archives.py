"""Files of records, read as a stream: JSON lines, plain or gzipped, and Parquet."""

from __future__ import annotations

import codecs
import gzip
import sys
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import Any, cast

from crawler.commands.base import CommandError
from crawler.commands.records import Portion, Record

MAX_LINE = 64 * 1024 * 1024
"""Bytes; a longer line is no article."""
ROWS = 1000
MAX_BYTES = 16 * 1024 * 1024
"""Records, and bytes of JSON, that are taken together."""
_GZIP = b"\x1f\x8b"


class Archive:
    """One file, opened. Raises CommandError where that cannot be done, before anything is read."""

    def __init__(self, name: str) -> None:
        self.name = "standard input" if name == "-" else name
        self.size = 0
        self._share_read: float | None = None
        self._open = ExitStack()
        self._parquet: Any = None
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
            from pyarrow import ArrowInvalid, parquet  # type: ignore[import-not-found,import-untyped,unused-ignore]
        except ImportError as error:
            raise CommandError(
                f"{self.name} is Parquet, which needs pyarrow (pip install pyarrow); JSON lines need nothing"
            ) from error
        try:
            return parquet.ParquetFile(self._raw)
        except (ArrowInvalid, OSError) as error:
            raise CommandError(f"{self.name} is no Parquet file that can be read") from error

    def close(self) -> None:
        """Closes the file."""
        self._open.close()

    def portions(self) -> Iterator[Portion]:
        """All of it, some records at a time."""
        records: list[Record] = []
        size = 0
        for record in self:
            records.append(record)
            size += len(record.value)
            if len(records) >= ROWS or size >= MAX_BYTES:
                yield Portion(records, self.name, self._position(), full=True)
                records, size = [], 0
        if records:
            yield Portion(records, self.name, self._position())

    def _position(self) -> int:
        if self._share_read is not None:
            return int(self.size * self._share_read)
        return self._raw.tell() if self.size else 0

    def __iter__(self) -> Iterator[Record]:
        return self._rows() if self._parquet is not None else self._lines()

    def _rows(self) -> Iterator[Record]:
        line = 0
        rows = self._parquet.metadata.num_rows or 1
        for batch in self._parquet.iter_batches(ROWS):
            for value in batch.to_pylist():
                line += 1
                self._share_read = line / rows
                yield Record(line, value)

    def _lines(self) -> Iterator[Record]:
        line = 0
        try:
            stream = self._unpacked()
            if stream.peek(2)[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
                yield Record(1, problem="the file is UTF-16: write it as UTF-8 first (iconv -f utf-16 -t utf-8)")
                return
            while piece := stream.readline(MAX_LINE):
                line += 1
                if len(piece) == MAX_LINE and not piece.endswith(b"\n"):
                    while (rest := stream.readline(MAX_LINE)) and not rest.endswith(b"\n"):
                        pass
                    yield Record(line, problem=f"the line is longer than {MAX_LINE // 1024**2} MiB")
                    continue
                # a JSON array with one item a line, as a feed export to .json writes it, is read too
                piece = piece.removeprefix(b"\xef\xbb\xbf").strip().rstrip(b",")
                if piece not in (b"", b"[", b"]"):
                    yield Record(line, piece)
        except (OSError, EOFError, zlib.error) as error:
            yield Record(line + 1, problem=f"the file cannot be read further: {error}")

    def _unpacked(self) -> BufferedReader:
        """By what the file is, whatever its name: what comes from a pipe has none."""
        if self._raw.peek(2)[:2] != _GZIP:
            return self._raw
        stream = gzip.GzipFile(fileobj=self._raw)
        return self._open.enter_context(BufferedReader(cast("RawIOBase", stream)))
