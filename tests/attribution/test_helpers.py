"""A long queue decided by several processes: the same lines and events as by one, whoever else writes or dies."""

from __future__ import annotations

import multiprocessing
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from newsroom import linker, told
from test_order import PRESS, at_once, new_store, verdicts

from crawler.attribution import elsewhere
from crawler.attribution.arrivals import Arrival
from crawler.attribution.decisions import Decisions
from crawler.attribution.draining import Draining
from crawler.attribution.elsewhere import Desks, HelperLostError, Portion
from crawler.attribution.weights import merged
from crawler.sites import Site
from crawler.storage import open_store
from crawler.storage.base import Store
from tests.processes import ends

PATIENCE = 60.0
ROOT = Path(__file__).parents[2]
WEIGHTS = merged(None)


def small(patch: pytest.MonkeyPatch, round_: int) -> None:
    """So that a few articles are a crowd."""
    patch.setattr("crawler.attribution.draining.CROWD", 2)
    patch.setattr("crawler.attribution.draining.ROUND", min(round_, 2))
    patch.setattr("crawler.attribution.portions.ROUND", round_)


def everything(store: Store) -> tuple[object, ...]:
    """All that a drain leaves: lines as stored, pointers, and events in their order."""
    ids = range(1, store.articles.count() + 1)
    events = [(event.seq, event.kind, dict(event.payload)) for event in store.outbox.read("x", 10_000)]
    return (store.verdicts.packed(ids), store.links.parents_of(ids), store.links.endorsed(ids), events)


@dataclass
class Slow:
    """A desk in this process, with a view of the store of its own, that answers when chance says so."""

    url: str
    rng: random.Random
    count: int = 1
    asked: int = 0
    late: list[tuple[Future[Decisions | None], Portion]] = field(default_factory=list)
    ready: bool = True

    @contextmanager
    def at_work(self) -> Iterator[Slow]:
        self.desk = elsewhere._Desk(self.url, (), WEIGHTS)
        yield self
        self.desk._store.close()

    def ask(self, portion: Portion) -> Future[Decisions | None]:
        self.asked += 1
        future: Future[Decisions | None] = Answered(self)
        self.late.append((future, portion))
        while self.late and self.rng.random() < 0.5:
            self.answer()
        return future

    def answer(self) -> None:
        future, portion = self.late.pop(0)
        future.set_result(self.desk.decide(portion))


class Answered(Future[Decisions | None]):
    """An answer that is awaited is there."""

    def __init__(self, desk: Slow) -> None:
        super().__init__()
        self._slow = desk

    def result(self, timeout: float | None = None) -> Decisions | None:
        while not self.done():
            self._slow.answer()
        return super().result(timeout)


@settings(max_examples=10, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 7), st.integers(0, 20))
def test_helpers_change_no_line_and_no_event(rng: random.Random, round_: int, before: int) -> None:
    articles = rng.sample(PRESS, len(PRESS))
    left = []
    for helped in (False, True):
        with new_store() as (store, url), pytest.MonkeyPatch.context() as patch:
            small(patch, round_)
            room = linker(store)
            room.take([Arrival(one) for one in articles[:before]])
            room.drain()  # some are held and decided already
            room.take([Arrival(one) for one in articles[before:]])
            if helped:
                room._helpers = desk = Slow(url, rng)  # type: ignore[assignment]
            room.drain()
            left.append(everything(store))
            assert not helped or desk.asked
    assert left[0] == left[1]


@settings(max_examples=10, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 5))
def test_what_others_write_meanwhile_is_seen(rng: random.Random, round_: int) -> None:
    articles = rng.sample(PRESS, len(PRESS))
    late, expected = articles[-6:], at_once(PRESS)
    with new_store() as (store, url), pytest.MonkeyPatch.context() as patch:
        small(patch, round_)
        other = open_store(url)
        second = linker(other)
        write = Draining._write

        def disturbed(*args: Any) -> None:
            if late and rng.random() < 0.3:
                second.link([Arrival(late.pop())])
            write(*args)

        patch.setattr(Draining, "_write", disturbed)
        room = linker(store)
        room.take([Arrival(one) for one in articles[:-6]])
        room._helpers = Slow(url, rng)  # type: ignore[assignment]
        room.drain()
        room.link([Arrival(late.pop()) for _ in range(len(late))])
        room.drain()
        other.close()
        assert verdicts(store) == expected
        before = told(store)
        room.relink()
        assert told(store) == before, "not even a revision"


def test_an_index_that_was_put_away_while_a_crowd_was_decided_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    small(monkeypatch, 3)
    with new_store() as (store, _):
        room = linker(store)
        room.take([Arrival(one) for one in PRESS[::2]])
        room.drain()
        assert store.links.segments(), "its files hold all of it"
        assert room._pairing._matcher.index._index is None
        room.take([Arrival(one) for one in PRESS[1::2]])
        room.drain()
        assert verdicts(store) == at_once(PRESS)


def test_a_process_of_its_own_helps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With declared sites and weights, which it must be told of."""
    small(monkeypatch, 2)
    options: dict[str, Any] = {
        "publishers": [Site("The Lying", "http://lying.example/", role="publisher")],
        "weights": {"habit": 0.1},
    }
    left, asked = [], []
    ask = Desks.ask

    def asking(desks: Desks, portion: Portion) -> Future[Decisions | None]:
        asked.append(ask(desks, portion))
        return asked[-1]

    monkeypatch.setattr(Desks, "ready", property(lambda desks: bool(desks._started.result())))
    monkeypatch.setattr(Desks, "ask", asking)
    for count in (0, 1):
        store = open_store(url := f"sqlite:///{tmp_path}/{count}.db")
        room = linker(store, helpers=(url, count), **options)
        room.take([Arrival(one) for one in PRESS])
        room.drain()
        left.append(everything(store))
        store.close()
    assert left[0] == left[1]
    assert len(asked) > 5
    assert all(answer.result() for answer in asked), "each was decided there"


def test_a_process_that_dies_is_an_error_and_nothing_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small(monkeypatch, 2)
    monkeypatch.setattr(Desks, "ready", property(lambda desks: bool(desks._started.result())))
    written = 0
    write = Draining._write

    def killing(*args: Any) -> None:
        nonlocal written
        write(*args)
        written += 1
        if written == 3:
            for child in multiprocessing.active_children():
                child.kill()
                child.join()

    expected = at_once(PRESS)
    monkeypatch.setattr(Draining, "_write", killing)
    store = open_store(url := f"sqlite:///{tmp_path}/store.db")
    room = linker(store, helpers=(url, 1))
    room.take([Arrival(one) for one in PRESS])
    with pytest.raises(HelperLostError):
        room.drain()
    assert 0 < store.verdicts.undecided_count() < len(PRESS)
    linker(store).drain()
    assert verdicts(store) == expected
    kinds = [event.kind for event in store.outbox.read("x", 1000)]
    assert sorted(kinds) == ["article.new"] * len(PRESS) + ["verdict.new"] * len(PRESS)
    store.close()


def test_a_helper_that_meets_half_of_a_change_leaves_it_to_the_writer(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/store.db"
    store = open_store(url)
    desk = elsewhere._Desk(url, (), WEIGHTS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(elsewhere, "_desk", desk, raising=False)
        patch.setattr(elsewhere, "decide_linked", lambda scene, ids: scene.page(next(iter(ids))))
        assert elsewhere._decide(Portion([7], 0)) is None
    desk._store.close()
    store.close()


PARENT = """
import multiprocessing, sys, time
from crawler.attribution.elsewhere import Helpers
from crawler.attribution.weights import merged
if __name__ == "__main__":
    with Helpers(1, sys.argv[1], (), merged(None)).at_work() as desks:
        assert desks._started.result()
        print(multiprocessing.active_children()[0].pid, flush=True)
        time.sleep(60)
"""


def test_a_helper_ends_with_its_parent(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/store.db"
    open_store(url).close()
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    parent = subprocess.Popen([sys.executable, str(script), url], stdout=subprocess.PIPE, text=True, env=environment)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert ends(child, PATIENCE)
