"""A progress bar on stderr, where somebody sees it; nothing elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Advance(Protocol):
    """Moves the bar: how much is done, of how much (0: not known), and what else to tell."""

    def __call__(self, done: int, total: int, told: str = "") -> None:
        """Called as often as one likes."""


def _nobody_looks(done: int, total: int, told: str = "") -> None:
    del done, total, told


@contextmanager
def progress_bar(what: str, *, sizes: bool = False) -> Iterator[Advance]:
    """A bar with the share done and the time left. With `sizes`, the amounts are bytes and only the share is shown."""
    if not sys.stderr.isatty():
        yield _nobody_looks
        return
    from rich import progress
    from rich.console import Console

    columns = (
        progress.TextColumn(what),
        progress.BarColumn(),
        progress.TaskProgressColumn() if sizes else progress.MofNCompleteColumn(),
        progress.TextColumn("{task.fields[told]}"),
        progress.TimeRemainingColumn(compact=True),
    )
    with progress.Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None, told="")

        def advance(done: int, total: int, told: str = "") -> None:
            bar.update(task, completed=done, total=total or None, told=told)

        yield advance
