"""Processes that work for another one: how they are started, and what they do first."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from multiprocessing.connection import wait


@contextmanager
def deaf_to_interrupts() -> Iterator[None]:
    """Processes that this thread starts in the block never hear Ctrl-C, which a terminal sends to all of them: one that
    still loads its modules would die of it, with a traceback."""
    resource_tracker.ensure_running()  # to start that first process of all would let this thread hear it again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def end_with_parent() -> None:
    """In a new process: leaves Ctrl-C to its parent, which ends it when it is done, and ends when that one is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def collect_seldom() -> None:
    """What thousands of articles are read into and decided by stays for long and holds no circles: Python's collector
    need not go through all of it again and again."""
    gc.set_threshold(500_000, 10, 10)


@contextmanager
def seldom_collected() -> Iterator[None]:
    """`collect_seldom`, as long as the block lasts."""
    before = gc.get_threshold()
    collect_seldom()
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
