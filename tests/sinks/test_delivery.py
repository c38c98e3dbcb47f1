"""From the outbox to sinks: nothing is lost, one bad sink never stops another."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.sinks.base import Rejected, SinkError, parse_sinks
from crawler.sinks.delivery import BATCH, deliver
from crawler.sinks.jsonl import JsonLines
from crawler.storage import open_store
from crawler.storage.base import Event, Store

NOW = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(f"sqlite:///{tmp_path}/store.db")
    yield store
    store.close()


def happen(store: Store, *numbers: int, **more: Any) -> None:
    with store.transaction():
        store.outbox.add_many([("verdict.new", {"n": number, **more}) for number in numbers], NOW)


class Taker:
    """Takes everything, and remembers it; `fails` and `refuses` say when not."""

    def __init__(self, fails: Sequence[int] = (), refuses: Sequence[int] = ()) -> None:
        self.fails, self.refuses = set(fails), set(refuses)
        self.taken: list[int] = []

    def send(self, batch: Sequence[Event]) -> None:
        for event in batch:
            number = event.payload["n"]
            if number in self.fails:
                raise ConnectionError("the line is down")
            if number in self.refuses:
                raise Rejected(event.seq, "never heard of it")
            self.taken.append(number)

    def close(self) -> None:
        pass


def test_each_sink_gets_everything_once_and_in_order(store: Store) -> None:
    happen(store, 1, 2, 3)
    one, two = Taker(), Taker()
    (first, second) = deliver(store, {"one": one, "two": two})
    assert one.taken == two.taken == [1, 2, 3]
    assert (first.sent, first.pending, first.error, second.sent) == (3, 0, "", 3)
    happen(store, 4)
    deliver(store, {"one": one, "two": two})
    assert one.taken == [1, 2, 3, 4]


def test_more_than_a_batch_is_sent_in_batches(store: Store) -> None:
    happen(store, *range(BATCH * 2 + 7))
    one = Taker()
    seen: list[int] = []
    deliver(store, {"one": one}, progress=lambda name, sent: seen.append(sent))
    assert one.taken == list(range(BATCH * 2 + 7))
    assert seen == [BATCH, 2 * BATCH, 2 * BATCH + 7]
    happen(store, 1, 2, 3)
    (told,) = deliver(store, {"one": one}, limit=2)
    assert (told.sent, told.pending) == (2, 1)


def test_a_sink_that_fails_is_tried_again_from_its_cursor_and_stops_nobody(store: Store) -> None:
    happen(store, 1, 2, 3)
    bad, good = Taker(fails=[2]), Taker()
    first, second = deliver(store, {"bad": bad, "good": good})
    assert "the line is down" in first.error
    assert (first.pending, second.pending, good.taken) == (3, 0, [1, 2, 3])
    bad.fails.clear()
    bad.taken.clear()
    deliver(store, {"bad": bad, "good": good})
    assert bad.taken == [1, 2, 3]
    assert store.outbox.read("new", 9) == [], "what all have taken is pruned"


def test_what_is_refused_is_put_aside_and_the_rest_goes_on(store: Store) -> None:
    happen(store, 1, 2, 3, 4)
    sink = Taker(refuses=[2, 4])
    (told,) = deliver(store, {"one": sink}, now=lambda: NOW)
    assert sink.taken == [1, 3]
    assert (told.sent, told.rejected, told.pending) == (2, 2, 0)
    assert [(event.payload["n"], reason) for _, event, reason in store.outbox.quarantined("one")] == [
        (2, "never heard of it"),
        (4, "never heard of it"),
    ]


def test_a_sink_that_refuses_what_it_was_not_sent_is_stopped(store: Store) -> None:
    class Liar(Taker):
        def send(self, batch: Sequence[Event]) -> None:
            raise Rejected(999, "that one")

    happen(store, 1)
    (told,) = deliver(store, {"liar": Liar()})
    assert "999" in told.error
    assert told.pending == 1


def test_a_sink_that_comes_later_gets_what_is_still_there(store: Store) -> None:
    happen(store, 1, 2)
    slow = Taker(fails=[1])
    deliver(store, {"slow": slow, "quick": Taker()})
    late = Taker()
    deliver(store, {"slow": slow, "late": late})
    assert late.taken == [1, 2]


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_lines_say_what_the_outbox_says(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "deep" / "out.jsonl"
    happen(store, 1, title="Überschrift \u2028 \ud83d")
    sink = JsonLines(path)
    deliver(store, {"jsonl": sink}, prune=False)
    sink.close()
    (event,) = store.outbox.read("other", 9)
    (line,) = lines(path)
    assert line == {"seq": event.seq, "kind": event.kind, "at": NOW.isoformat(), "data": dict(event.payload)}
    assert path.read_bytes().count(b"\n") == 1
    assert len(path.read_text("utf-8").splitlines()) == 1, "readers that split on other line breaks see one line"


def test_a_line_that_a_crash_tore_is_sent_again_whole(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    happen(store, 1, 2, 3)
    sink = JsonLines(path)
    sink.send(store.outbox.read("jsonl", 1))
    sink.close()
    whole = path.read_bytes()
    path.write_bytes(whole + whole[: len(whole) // 2])
    again = JsonLines(path)
    deliver(store, {"jsonl": again})
    again.close()
    numbers = [line["seq"] for line in lines(path)]
    assert numbers == [1, 1, 2, 3], "the cursor had not moved: told twice, with its number, and lost never"


@pytest.mark.parametrize("torn", [b"{", b'{"seq":1,"kind":"x"' + b"y" * 100_000, b"no newline at all"])
def test_a_file_of_one_torn_line_is_mended(tmp_path: Path, torn: bytes) -> None:
    path = tmp_path / "out.jsonl"
    path.write_bytes(torn)
    sink = JsonLines(path)
    sink.send([Event(7, "k", NOW, {})])
    sink.close()
    assert [line["seq"] for line in lines(path)] == [7]


def test_a_file_that_was_rotated_away_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    sink = JsonLines(path)
    sink.send([Event(1, "k", NOW, {})])
    path.rename(tmp_path / "out.1.jsonl")
    sink.send([Event(2, "k", NOW, {})])
    sink.close()
    assert [line["seq"] for line in lines(path)] == [2]
    assert [line["seq"] for line in lines(tmp_path / "out.1.jsonl")] == [1]


def test_a_full_disk_leaves_no_half_line_and_loses_nothing(store: Store) -> None:
    happen(store, 1)
    sink = JsonLines("/dev/full")
    (told,) = deliver(store, {"full": sink})
    sink.close()
    assert told.error
    assert told.pending == 1


@pytest.mark.parametrize(
    "setting",
    [
        {"jsonl": {"path": "a.jsonl"}},
        {"jsonl": "a.jsonl"},
        '{"jsonl": {"path": "a.jsonl"}}',
        "jsonl:a.jsonl",
        " jsonl:a.jsonl , ",
        ["jsonl:a.jsonl"],
        {"archive": {"kind": "jsonl", "path": "a.jsonl"}},
    ],
)
def test_a_sink_is_named_in_many_ways(setting: object) -> None:
    ((name, sink),) = parse_sinks(setting).items()
    assert isinstance(sink, JsonLines)
    assert str(sink.path) == "a.jsonl"
    assert name in ("jsonl", "archive")


def test_several_of_one_kind(tmp_path: Path) -> None:
    sinks = parse_sinks("jsonl:a.jsonl,jsonl:b.jsonl")
    assert [str(sink.path) for sink in sinks.values() if isinstance(sink, JsonLines)] == ["a.jsonl", "b.jsonl"]
    assert parse_sinks("") == parse_sinks(None) == parse_sinks({}) == {}


@pytest.mark.parametrize(
    "setting", ["kafka:x", "jsonl", "jsonl:", "{", {"jsonl": 3}, {"jsonl": {"color": "red"}}, 7, {"jsonl": {}}]
)
def test_a_wrong_setting_is_one_sentence(setting: object) -> None:
    with pytest.raises(SinkError) as refusal:
        parse_sinks(setting)
    assert "SINKS" in str(refusal.value)
    assert str(refusal.value).endswith(".")
