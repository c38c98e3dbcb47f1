"""The folder a report is written into: each file appears whole or not at all, and nobody else's is touched."""

from __future__ import annotations

import os
from pathlib import Path

OWN_FOLDERS = ("stories", "list")
"""Folders whose .html files are ours."""
_HEAD = 4096


class ReportError(Exception):
    """The report cannot be written there; the message is one clear sentence."""


class Folder:
    """Writes pages by temporary file and rename, and at last removes pages of an earlier report."""

    def __init__(self, path: Path, signature: str) -> None:
        """`signature` stands near the top of every page of ours. Raises ReportError for a folder that is not ours."""
        self.path = path
        self._signature = signature
        self._written: set[Path] = set()
        try:
            path.mkdir(parents=True, exist_ok=True)
            for name in OWN_FOLDERS:
                (path / name).mkdir(exist_ok=True)
        except OSError as error:
            raise ReportError(f"{path} cannot be written: {error.strerror or error}") from error
        index = path / "index.html"
        if index.exists() and not self._ours(index):
            raise ReportError(f"{index} was not written by this program; name another folder with -o")

    def write(self, name: str, html: str) -> None:
        """Writes one page; `name` is relative to the folder. Raises ReportError."""
        target = self.path / name
        try:
            part = target.with_name(f".{target.name}.{os.getpid()}.part")
            try:
                part.write_text(html, encoding="utf-8", errors="replace", newline="\n")
                part.replace(target)
            except BaseException:
                part.unlink(missing_ok=True)
                raise
        except OSError as error:
            raise ReportError(f"{target} cannot be written: {error.strerror or error}") from error
        self._written.add(target)

    def remove_stale(self) -> None:
        """Removes our own pages that were not written this time."""
        for name in OWN_FOLDERS:
            for page in (self.path / name).glob("*.html"):
                if page not in self._written and self._ours(page):
                    page.unlink(missing_ok=True)

    def _ours(self, page: Path) -> bool:
        try:
            with page.open(encoding="utf-8", errors="replace") as file:
                return self._signature in file.read(_HEAD)
        except OSError:
            return False
