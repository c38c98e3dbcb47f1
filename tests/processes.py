"""Whether processes that a test knows by number have ended."""

from __future__ import annotations

import time
from pathlib import Path


def ends(pid: int, patience: float) -> bool:
    """Whether a process ends within so many seconds."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline and _runs(pid):
        time.sleep(0.05)
    return not _runs(pid)


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
