"""What a person sees while a crawl runs: one live line in a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from collections.abc import Sequence

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from crawler.extensions.say import say
from crawler.spiders.visit import SiteVisit

_LIVE_SECONDS = 0.25
_PLAIN_SECONDS = 30.0


def figures(visits: Sequence[SiteVisit], seconds: float) -> str:
    """One line: what was fetched, what was new, how fast."""
    pages = new = changed = reposts = errors = 0
    for visit in visits:
        pages += visit.counts["requests"]
        new += visit.counts["new"]
        changed += visit.counts["changed"]
        reposts += visit.verdicts["repost"]
        errors += visit.counts["errors"]
    line = f"{pages} pages, {new} new articles, {changed} changed, {reposts} reposts"
    if errors:
        line += f", {errors} errors"
    return f"{line}, {pages / max(seconds, 0.1):.1f}/s"


class Progress:
    """Shows a run on stderr until it is stopped."""

    def __init__(self, visits: Sequence[SiteVisit]) -> None:
        self._visits = visits
        self._began = time.monotonic()
        self._task: asyncio.Task[None] | None = None
        self._bar: Bar | None = None

    def start(self) -> None:
        """Begins to show."""
        console = Console(stderr=True)
        if console.is_terminal:
            self._bar = Bar(
                SpinnerColumn(),
                TextColumn("sites"),
                BarColumn(bar_width=20),
                MofNCompleteColumn(),
                TextColumn("{task.fields[figures]}"),
                TimeElapsedColumn(),
                console=console,
                transient=True,
            )
            self._bar.add_task("crawl", total=len(self._visits), figures="")
            self._bar.start()
            _log_through(sys.stderr)
        self._task = asyncio.ensure_future(self._show())

    def stop(self) -> None:
        """Stops showing; the line vanishes, the summary follows."""
        if self._task is not None:
            self._task.cancel()
        if self._bar is not None:
            self._bar.stop()
            _log_through(sys.stderr)

    async def _show(self) -> None:
        while True:
            await asyncio.sleep(_LIVE_SECONDS if self._bar else _PLAIN_SECONDS)
            done = sum(visit.finished for visit in self._visits)
            line = figures(self._visits, time.monotonic() - self._began)
            if self._bar is not None:
                self._bar.update(self._bar.task_ids[0], completed=done, figures=line)
            else:
                say(f"{done} of {len(self._visits)} sites done; {line}")


def _log_through(stream: object) -> None:
    """Log lines go where rich now expects them, or they would be written into the live line."""
    for handler in logging.root.handlers:
        if type(handler) is logging.StreamHandler:
            handler.setStream(stream)
