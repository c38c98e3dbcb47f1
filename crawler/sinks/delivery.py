"""Drains the outbox: each sink from its own cursor, one that fails never in the way of another."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from crawler.clock import Clock
from crawler.sinks.base import Rejected, Sink
from crawler.storage.base import Event, Store

BATCH = 500

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one sink got. `error` is why it stopped early; what is `pending` is sent next time."""

    sink: str
    sent: int = 0
    rejected: int = 0
    pending: int = 0
    error: str = ""


def deliver(
    store: Store,
    sinks: Mapping[str, Sink],
    *,
    now: Clock = lambda: datetime.now(UTC),
    limit: int | None = None,
    prune: bool = True,
    progress: Callable[[str, int], None] | None = None,
) -> list[Delivered]:
    """Sends every sink what it has not taken yet, at most `limit` events each, and prunes what all have taken.

    The cursor moves after the sink has the batch: a crash in between sends it again, so delivery is at least once.
    Never raises for a sink: its failure is told in the result. Raises StoreError.
    """
    _introduce(store, sinks)
    told = [_drain(store, name, sink, now, limit, progress) for name, sink in sinks.items()]
    if prune and sinks:
        with store.transaction():
            store.outbox.prune()
    return told


def _introduce(store: Store, sinks: Mapping[str, Sink]) -> None:
    """A sink that is new gets its cursor before anything is pruned, or it would miss what another has taken."""
    known = store.outbox.cursors()
    new = [name for name in sinks if name not in known]
    if new:
        with store.transaction():
            for name in new:
                store.outbox.advance(name, 0)


def _drain(
    store: Store, name: str, sink: Sink, now: Clock, limit: int | None, progress: Callable[[str, int], None] | None
) -> Delivered:
    sent = rejected = 0
    error = ""
    while limit is None or sent + rejected < limit:
        batch = store.outbox.read(name, BATCH if limit is None else min(BATCH, limit - sent - rejected))
        if not batch:
            break
        try:
            sink.send(batch)
        except Rejected as refusal:
            taken = _put_aside(store, name, batch, refusal, now())
            if taken is None:
                error = f"rejected event {refusal.seq}, which it was not sent"
                break
            sent, rejected = sent + taken, rejected + 1
        except Exception as problem:  # a sink may fail in any way; the others must not notice
            error = f"{type(problem).__name__}: {problem}"
            _log.warning("sink %s: %s; what is left is sent next time", name, error)
            break
        else:
            with store.transaction():
                store.outbox.advance(name, batch[-1].seq)
            sent += len(batch)
        if progress is not None:
            progress(name, sent)
    return Delivered(name, sent, rejected, store.outbox.pending(name), error)


def _put_aside(store: Store, name: str, batch: list[Event], refusal: Rejected, now: datetime) -> int | None:
    """Quarantines the refused event and moves the cursor past it. Returns how many before it were taken."""
    before = [event.seq for event in batch].index(refusal.seq) if refusal.seq in {e.seq for e in batch} else None
    if before is None:
        return None
    with store.transaction():
        store.outbox.quarantine(name, batch[before], refusal.reason, now)
        store.outbox.advance(name, refusal.seq)
    return before
