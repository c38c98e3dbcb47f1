"""Whether the compiled kernel is used, and where numba keeps what it compiled.

numba dies at import of cached code where it finds no folder to write to (a read-only install, a user without a home),
so a folder is named before it is imported.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

SWITCH = "FIRSTPRINT_KERNEL"
"""Environment: `numpy` leaves numba alone; anything else uses it where it is installed."""


@cache
def kernel() -> ModuleType | None:
    """`crawler.dedup.kernel`, imported at the first call, or None where NumPy has to do. Each of its functions is
    loaded at its own first call: a process that will sketch under a deadline sketches something before."""
    if os.environ.get(SWITCH) == "numpy" or find_spec("numba") is None:
        return None
    _name_cache()
    try:
        from crawler.dedup import kernel as module
    except ImportError:  # a numba that does not fit this NumPy or this machine
        return None
    return module


def run_loop(loop: Callable[..., Any], inputs: Iterable[Any], *outputs: Any) -> Any:
    """Calls a loop that the kernel has under the same name: compiled, or as Python, which is at home in lists.
    `outputs` are the arrays that it fills."""
    fast = kernel()
    if fast is not None:
        return getattr(fast, loop.__name__)(*inputs, *outputs)
    plain = (one.tolist() if getattr(one, "ndim", 0) == 1 else one for one in inputs)
    return loop(*plain, *outputs)


def _name_cache() -> None:
    """Sets NUMBA_CACHE_DIR, unless it is set or the folder of this file, numba's own choice, can be written."""
    if "NUMBA_CACHE_DIR" in os.environ or _writable(Path(__file__).parent / "__pycache__"):
        return
    for folder in _folders():
        if _writable(folder):
            os.environ["NUMBA_CACHE_DIR"] = str(folder)
            return
    os.environ["NUMBA_CACHE_DIR"] = tempfile.mkdtemp(prefix="firstprint-")


def _folders() -> list[Path]:
    user = os.environ.get("XDG_CACHE_HOME")
    home = os.path.expanduser("~")  # noqa: PTH111 - Path.home() raises where there is none
    folders = [Path(user)] if user else [Path(home, ".cache")] if home != "~" else []
    return [folder / "firstprint" / "numba" for folder in folders]


def _writable(folder: Path) -> bool:
    """Whether files can be made in the folder, which is made where it does not exist."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False
