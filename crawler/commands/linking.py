"""The linker and the sinks, for commands that write."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from crawler.children import seldom_collected
from crawler.commands.base import CommandError, StoreCommand
from crawler.commands.progress import Advance, progress_bar
from crawler.spiders.exits import FAILED
from crawler.storage.base import Store

if TYPE_CHECKING:
    from crawler.attribution.draining import Progress
    from crawler.attribution.linker import Linker
    from crawler.sinks.base import Sink
    from crawler.sinks.delivery import Delivered


def make_linker(command: StoreCommand, store: Store, *, drain: bool = True) -> Linker:
    """The linker, after it has decided what an interrupted run left undecided."""
    from crawler.attribution.declared import adopt_names, known_sites
    from crawler.attribution.linker import Linker
    from crawler.commands.preparing import workers_here

    assert command.settings is not None
    declared = command.declared_sites()
    for old, new in adopt_names(store, declared):
        command.say(f"{old} is called {new} now")
    sites = known_sites(store, declared)
    helpers = (str(command.settings["STORE_URL"]), workers_here())
    linker = Linker(store, publishers=sites, now=command.clock, weights=weights_of(command), helpers=helpers)
    if drain:
        decide_the_rest(linker, "deciding what was left")
    return linker


def decide_the_rest(linker: Linker, title: str) -> None:
    """Decides what waits, also where only the habits of its sites are other ones now."""
    with deciding(title) as progress:
        linker.drain(progress=progress)


@contextmanager
def deciding(title: str) -> Iterator[Progress]:
    """Shows how far a drain has come. Raises CommandError where a process that helped it died."""
    from crawler.attribution.elsewhere import HelperLostError

    try:
        with progress_bar(title) as advance, seldom_collected():
            yield remaining(advance)
    except HelperLostError:
        raise CommandError(
            "a process that helped to decide died, perhaps for want of memory; what was decided so far stays decided"
        ) from None


def weights_of(command: StoreCommand) -> dict[str, float]:
    """The weights of signals that are in force. Raises CommandError."""
    from crawler.attribution.weights import merged, read_weights

    assert command.settings is not None
    try:
        return merged(read_weights(command.settings.get("ATTRIBUTION_WEIGHTS")))
    except ValueError as error:
        raise CommandError(str(error)) from error


def remaining(advance: Advance) -> Progress:
    """Progress as the linker tells it, in done and still to do, for a bar that wants done and all."""
    return lambda done, left: advance(done, done + left)


def open_sinks(command: StoreCommand) -> dict[str, Sink]:
    """The sinks that SINKS names. Raises CommandError."""
    from crawler.sinks.base import SinkError, parse_sinks

    assert command.settings is not None
    try:
        return parse_sinks(command.settings.get("SINKS"))
    except SinkError as error:
        raise CommandError(str(error)) from error


def hand_over(command: StoreCommand, store: Store, sinks: dict[str, Sink]) -> list[Delivered]:
    """Sends every sink what it has not taken yet, and says what went wrong."""
    from crawler.sinks.delivery import deliver

    if not sinks:
        return []
    logging.getLogger("crawler.sinks").addHandler(logging.NullHandler())  # what goes wrong is said here, once
    try:
        told = deliver(store, sinks, now=command.clock)
    finally:
        for sink in sinks.values():
            sink.close()
    for one in told:
        if one.error:
            command.exitcode = FAILED
            command.say(f"sink {one.sink}: {one.error}; {one.pending:,} events wait for the next delivery")
        if one.rejected:
            command.say(f"sink {one.sink} refused {one.rejected:,} events for good; they are kept apart in the store")
    return told
