"""What is remembered: one protocol (`base`), backends behind it, opened by URL."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from crawler.storage.base import StoreError

if TYPE_CHECKING:
    from crawler.clock import Clock
    from crawler.storage.base import Store

STORAGE_BACKENDS: dict[str, str] = {"sqlite": "crawler.storage.sqlite:open_sqlite"}
"""URL scheme -> "module:function", which takes (url, read_only=, clock=) and returns a Store."""


def open_store(url: str, *, read_only: bool = False, clock: Clock | None = None) -> Store:
    """The store at `url`, created or upgraded where needed.

    `read_only` is for commands that only look: it creates nothing. `clock` dates what the store itself records
    (migrations). Raises StoreError, with one sentence for the operator, where the store cannot be used.
    """
    scheme = url.partition(":")[0]
    if scheme not in STORAGE_BACKENDS or "://" not in url:
        known = ", ".join(f"{name}:///…" for name in sorted(STORAGE_BACKENDS))
        raise StoreError(f"STORE_URL is {url!r}, which names no kind of store that is known here ({known}).")
    module, _, function = STORAGE_BACKENDS[scheme].partition(":")
    store: Store = getattr(importlib.import_module(module), function)(url, read_only=read_only, clock=clock)
    return store


__all__ = ["STORAGE_BACKENDS", "StoreError", "open_store"]
