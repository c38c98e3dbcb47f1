"""Files of records, read as a stream: JSON lines, plain or gzipped, and Parquet."""

from __future__ import annotations

import gzip
import json
import sys
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from crawler.commands.base import CommandError

MAX_LINE = 64 * 1024 * 1024
"""Bytes; a longer line is no article."""
_ROWS = 1000


@dataclass(frozen=True, slots=True)
class Record:
    """What stands on one line (from 1; of Parquet, one row): a value, or the reason why it cannot be read."""

    line: int
    value: Any = None
    problem: str = ""
    position: int = 0
    """Bytes of the file that were read so far."""


class Archive:
    """One file, opened. Raises CommandError where that cannot be done, before anything is read."""

    def __init__(self, name: str) -> None:
        self.name = "standard input" if name == "-" else name
        self.size = 0
        self._open = ExitStack()
        self._parquet: Any = None
        self._raw: IO[bytes] = self._open_raw(name)
        if name.endswith(".parquet"):
            try:
                self._parquet = self._open_parquet()
            except CommandError:
                self.close()
                raise

    def _open_raw(self, name: str) -> IO[bytes]:
        if name == "-":
            return sys.stdin.buffer
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

    def __iter__(self) -> Iterator[Record]:
        return self._rows() if self._parquet is not None else self._lines()

    def _rows(self) -> Iterator[Record]:
        line = 0
        rows = self._parquet.metadata.num_rows or 1
        for batch in self._parquet.iter_batches(_ROWS):
            for value in batch.to_pylist():
                line += 1
                yield Record(line, value, position=self.size * line // rows)

    def _lines(self) -> Iterator[Record]:
        line = 0
        try:
            stream = self._unpacked()
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
                    yield self._record(line, piece)
        except (OSError, EOFError, zlib.error) as error:
            yield Record(line + 1, problem=f"the file cannot be read further: {error}")

    def _unpacked(self) -> IO[bytes]:
        if self.name.endswith(".gz"):
            stream = gzip.GzipFile(fileobj=self._raw)
            self._open.callback(stream.close)
            return cast("IO[bytes]", stream)
        return self._raw

    def _record(self, line: int, piece: bytes) -> Record:
        position = self._raw.tell() if self.size else 0
        try:
            return Record(line, json.loads(piece), position=position)
        except UnicodeDecodeError:
            return Record(line, problem="not UTF-8", position=position)
        except json.JSONDecodeError as error:
            return Record(line, problem=f"not JSON: {error.msg} at column {error.colno}", position=position)
        except (ValueError, RecursionError):
            return Record(line, problem="not JSON that can be read", position=position)
