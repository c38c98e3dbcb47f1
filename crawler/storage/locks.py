"""Who holds a site: one OS file lock each, beside the database. A lock dies with its process."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
from pathlib import Path

from crawler.storage.base import SiteHeld, StoreError


class SiteLocks:
    """The sites that this process holds, as `flock`s on files in one folder.

    The files stay: unlinking a lock file lets two processes lock two files of one name.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._held: dict[str, int] = {}

    def hold(self, site: str) -> None:
        """Holds a site until `release`. Holding it twice is no error. Raises SiteHeld, StoreError."""
        if site in self._held:
            return
        try:
            self.folder.mkdir(exist_ok=True)
            handle = os.open(self.folder / _file_name(site), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        except OSError as error:
            raise StoreError(f"The lock of {site} in {self.folder} cannot be made ({error.strerror}).") from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.pread(handle, 20, 0).decode("ascii", "replace").strip()
            os.close(handle)
            by = f"process {holder}" if holder.isdigit() else "another process"
            raise SiteHeld(f"{site} is held by {by}, which is crawling it now.") from error
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        self._held[site] = handle

    def release(self) -> None:
        """Gives all of them back."""
        for handle in self._held.values():
            os.close(handle)
        self._held.clear()


def _file_name(site: str) -> str:
    """Readable, and different for different sites whatever their names are made of."""
    readable = re.sub(r"[^A-Za-z0-9._-]", "_", site)[:60].lstrip(".") or "site"
    return f"{readable}.{hashlib.blake2b(site.encode(), digest_size=4).hexdigest()}.lock"
