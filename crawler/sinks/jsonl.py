"""JSON lines in a file: one event a line, durable before the cursor moves.

A line is {"seq", "kind", "at", …payload under "data"}; `seq` only grows. A crash between the write and the cursor
repeats lines, never loses one: whoever reads drops a `seq` that is not larger than the last.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

from crawler.storage.base import Event

_TAIL = 1 << 16


class JsonLines:
    """Appends to `path`. The file and its folder are made where they do not exist."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._file: int | None = None

    def send(self, batch: Sequence[Event]) -> None:
        """Appends a batch and waits until the disk has it. Raises OSError."""
        handle = self._open()
        data = b"".join(to_line(event) for event in batch)
        start = os.fstat(handle).st_size
        try:
            written = 0
            while written < len(data):
                written += os.write(handle, data[written:])
            os.fsync(handle)
        except OSError:
            # what is half there would be repeated after the other half: take it back, if the disk lets us
            os.ftruncate(handle, start)
            raise

    def close(self) -> None:
        """Closes the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _open(self) -> int:
        """The file, open for appending; opened anew where somebody has moved it away (log rotation)."""
        if self._file is not None and not self._is_ours(self._file):
            self.close()
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            new = not self.path.exists()
            self._file = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o644)
            _drop_torn_line(self._file)
            if new:
                _sync_folder(self.path.parent)
        return self._file

    def _is_ours(self, handle: int) -> bool:
        try:
            return os.path.samestat(os.fstat(handle), self.path.stat())
        except FileNotFoundError:
            return False


def to_line(event: Event) -> bytes:
    """One event as a line of JSON, UTF-8; characters that break lines in other readers are escaped."""
    line = {"seq": event.seq, "kind": event.kind, "at": event.at.isoformat(), "data": dict(event.payload)}
    text = json.dumps(line, ensure_ascii=False, separators=(",", ":"))
    for sign in ("\u2028", "\u2029", "\x85"):
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text.encode("utf-8", "backslashreplace") + b"\n"


def _drop_torn_line(handle: int) -> None:
    """A line that a crash cut short is removed; its event is sent again."""
    end = size = os.fstat(handle).st_size
    while end > 0:
        start = max(0, end - _TAIL)
        newline = os.pread(handle, end - start, start).rfind(b"\n")
        if newline >= 0:
            end = start + newline + 1
            break
        end = start
    if end < size:
        os.ftruncate(handle, end)
        os.fsync(handle)


def _sync_folder(folder: Path) -> None:
    """A new file is only there after a crash if its folder's entry is on disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
