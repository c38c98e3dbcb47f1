"""Order of arrival, batches, processes, repetition and crashes change no verdict."""

from __future__ import annotations

import pickle
import random
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from newsroom import NOON, article, linker, paragraph, part, text, told

from crawler.attribution.arrivals import Arrival
from crawler.attribution.index import Fresh, rank_of
from crawler.attribution.ready import Ready, facts_of, made_ready
from crawler.dedup import RECIPE, PostingIndex, Sketch
from crawler.items import Article, Verdict
from crawler.storage import open_store
from crawler.storage.base import Store, StoredSketch

FERRY, BRIDGE, HARVEST = text("ferry", 6), text("bridge", 6), text("harvest", 6)
OWN = text("what the weekly says itself", 3)
DIGEST = "\n\n".join(part(one, 0, 2) for one in (FERRY, BRIDGE, HARVEST))
SLIPPED = part(FERRY, 0, 3) + "\n\n" + paragraph("a slip") + "\n\n" + part(FERRY, 3, 6)
AGENCY = ("dateline", "Harrow Press", "OSLO (Harrow Press) -")
GULL = ("title_suffix", "The Daily Gull", "Head | Coast | The Daily Gull")
KESTREL = ("credit_line", "The Kestrel Times", "Source: The Kestrel Times")


def press() -> list[Article]:
    """A little of everything that verdicts depend on: times, credits, names, habits, chains, circles, siblings."""
    made = [
        article("kestrel.example/ferry", FERRY, site_name="The Kestrel Times", authors=("Jane Roe",)),
        article("kestrel.example/bridge", BRIDGE, hours=4, site_name="The Kestrel Times"),
        article("mirror.example/ferry", SLIPPED, hours=2, authors=("admin",), clues=[KESTREL]),
        article("second.example/ferry", SLIPPED, hours=6),
        article("third.example/ferry", part(FERRY, 0, 2), hours=None, first_seen=NOON + timedelta(hours=9)),
        article("lying.example/bridge", BRIDGE, hours=-9, clues=[("canonical", "http://kestrel.example/bridge", "")]),
        article(
            "digest.example/week",
            DIGEST,
            hours=50,
        ),
        article("weekly.example/month", f"{OWN}\n\n{part(BRIDGE, 2, 5)}\n\n{part(HARVEST, 2, 5)}", hours=70),
        article("taker.example/own", OWN, hours=75),
        article("one.example/harvest", HARVEST, hours=1, clues=[AGENCY], title="Harvest, they say"),
        article("two.example/harvest", part(HARVEST, 0, 5), hours=2, clues=[AGENCY], title="More wheat"),
        article("two.example/again", HARVEST, hours=3),
        article("gulls.example/1", text("gull 1", 4), clues=[GULL]),
        article("gulls.example/2", text("gull 2", 4), clues=[GULL]),
        article("petrels.example/1", text("gull 1", 4), hours=2, clues=[GULL]),
        article("dailygull.example/1", text("gull 9", 4), site_name="The Daily Gull"),
        article("undated.example/a", text("undated", 4), hours=None),
        article("undated.example/b", text("undated", 4), hours=None),
        article("nowhere.example/a", text("undated", 4), hours=None),
        article("day.example/ferry", FERRY, hours=12, published_precision="day"),
    ]
    # three of one site: their times and their numbers make a circle
    made += [
        article("twice.example/c?p=10", text("twice", 4), hours=2),
        article("twice.example/b?p=30", text("twice", 4)),
        article("twice.example/a?p=20", text("twice", 4), published_precision="day"),
        article("twice.example/d-2", text("twice", 4), hours=None),
        article("twice.example/d", text("twice", 4), hours=None),
    ]
    made += [article(f"late{n}.example/a", text("late", 4), hours=hours) for n, hours in enumerate((0, 1, 2, 4, -70))]
    for number in range(5):
        body = text(f"habit {number}", 3)
        made.append(article(f"leader.example/{number}", body, hours=number * 9))
        made.append(article(f"follower.example/{number}", body, hours=number * 9 + (2 if number else -2)))
    return made


PRESS = press()


@contextmanager
def new_store() -> Iterator[tuple[Store, str]]:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/store.db"
        store = open_store(url)
        yield store, url
        store.close()


def verdicts(store: Store) -> dict[str, tuple[Verdict, ...]]:
    """Without their revision: how often somebody changed their mind is history, not verdict."""
    return {url: tuple(replace(line, revision=1) for line in lines) for url, lines in told(store).items()}


def at_once(articles: list[Article]) -> dict[str, tuple[Verdict, ...]]:
    with new_store() as (store, _):
        room = linker(store)
        room.link([Arrival(one) for one in articles])
        room.drain()
        return verdicts(store)


def sent(one: Article) -> Ready:
    """As it comes out of another process."""
    made: Ready = pickle.loads(pickle.dumps(made_ready(Arrival(one))))
    return made


def test_what_was_saved_just_now_is_at_hand_as_the_store_tells_it() -> None:
    ready = [sent(one) for one in PRESS]
    with new_store() as (store, _):
        linker(store).take([Arrival(article("before.example/a", text("before", 3)))])
        with store.transaction():
            saved = store.articles.put_many([one.row for one in ready], recipe=RECIPE, now=NOON)
        fresh = {one.sketch: Fresh(one.id, made) for one, made in zip(saved, ready, strict=True)}
        numbers = [number for number in fresh if number is not None]
        assert [fresh[number].stored(number) for number in numbers] == list(store.articles.sketches(min(numbers) - 1))
        assert {number: fresh[number].text for number in numbers} == store.articles.sketch_texts(numbers)
        for number in numbers:
            assert fresh[number].hashes.tolist() == Sketch.hashes_of(fresh[number].text.sketch).tolist()
        assert {one.url: facts_of(one) for one in PRESS} == {one.row.url: one.facts for one in ready}


@pytest.fixture(scope="module")
def expected() -> dict[str, tuple[Verdict, ...]]:
    return at_once(PRESS)


def test_the_press_has_a_little_of_everything(expected: dict[str, tuple[Verdict, ...]]) -> None:
    lines = [line for several in expected.values() for line in several]
    assert {line.status for line in lines} == {"original", "repost", "sibling", "unknown"}
    assert {"verbatim", "excerpt", "edited", "roundup", "attributed", "same_site"} <= {line.relation for line in lines}
    assert any(line.via_url for line in lines)
    signals = {one.signal for line in lines for one in line.evidence}
    assert {"habit", "credit_line", "canonical", "endorsed", "chain", "title_suffix", "agency", "too_early"} <= signals


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.randoms(use_true_random=False), st.lists(st.integers(1, 9), min_size=1, max_size=12))
@example(random.Random(0), [1])
def test_order_batches_repetition_and_reopening_change_no_verdict(
    expected: dict[str, tuple[Verdict, ...]], rng: random.Random, sizes: list[int]
) -> None:
    articles = [*PRESS, *rng.sample(PRESS, 4)]
    rng.shuffle(articles)
    with new_store() as (store, url):
        rooms = [linker(store)]
        others = [store]
        while articles:
            size = sizes[0]
            sizes = [*sizes[1:], size]
            batch, articles = articles[:size], articles[size:]
            room = rng.choice(rooms)
            if rng.random() < 0.5:
                room.take([Arrival(one) if rng.random() < 0.5 else sent(one) for one in batch])
            else:
                room.link([Arrival(one) for one in batch])
            if rng.random() < 0.2 and len(rooms) < 3:
                # a process of its own, with an index and names of its own
                others.append(open_store(url))
                rooms.append(linker(others[-1]))
        rooms[-1].drain()
        assert verdicts(store) == expected
        assert store.verdicts.undecided_count() == 0
        for other in others[1:]:
            other.close()


@settings(max_examples=8, deadline=None)
@given(st.sets(st.sampled_from(range(len(PRESS))), min_size=3, max_size=12), st.randoms(use_true_random=False))
def test_a_crawl_equals_relink_on_any_part_of_the_press(chosen: set[int], rng: random.Random) -> None:
    articles = [PRESS[number] for number in sorted(chosen)]
    rng.shuffle(articles)
    with new_store() as (store, _):
        room = linker(store)
        for one in articles:
            room.link([Arrival(one)])
        room.drain()
        before = told(store)
        seq = store.outbox.read("x", 1000)[-1].seq
        room.relink()
        assert told(store) == before, "not even a revision"
        assert store.outbox.read("x", 1000)[-1].seq == seq
    assert {url: tuple(replace(line, revision=1) for line in lines) for url, lines in before.items()} == at_once(
        articles
    )


@settings(max_examples=6, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 20), st.integers(2, 9))
def test_an_archive_is_decided_once_by_all_that_is_known(
    expected: dict[str, tuple[Verdict, ...]], rng: random.Random, size: int, round_: int
) -> None:
    articles = rng.sample(PRESS, len(PRESS))
    with new_store() as (store, _), pytest.MonkeyPatch.context() as patch:
        patch.setattr("crawler.attribution.draining.ROUND", round_)
        patch.setattr("crawler.attribution.portions.ROUND", round_)
        patch.setattr("crawler.attribution.sight.REMEMBERED", 4 * round_)
        patch.setattr("crawler.attribution.scene._PAIRS", size)
        room = linker(store)
        for start in range(0, len(articles), size):
            room.take([Arrival(one) for one in articles[start : start + size]])
            assert store.outbox.read("x", 1) == [], "nothing is told by half of what is known"
        steps: list[tuple[int, int]] = []
        room.drain(progress=lambda done, left: steps.append((done, left)))
        assert verdicts(store) == expected
        assert {line.revision for lines in told(store).values() for line in lines} == {1}
        kinds = [event.kind for event in store.outbox.read("x", 1000)]
        assert sorted(kinds) == ["article.new"] * len(PRESS) + ["verdict.new"] * len(PRESS)
        assert steps[-1][1] == 0
        assert sorted(done for done, _ in steps) == [done for done, _ in steps]


def test_an_article_that_came_with_other_fields_first_ends_the_same(expected: dict[str, tuple[Verdict, ...]]) -> None:
    with new_store() as (store, _):
        room = linker(store)
        poor = [replace(one, published_at=None, published_precision=None, clues=(), site_name=None) for one in PRESS]
        room.link([Arrival(one) for one in poor])
        room.link([Arrival(one) for one in reversed(PRESS)])
        room.drain()
        assert verdicts(store) == expected


def test_a_time_told_in_another_zone_is_no_revision() -> None:
    copy = article("mirror.example/ferry", FERRY, hours=2)
    same = replace(copy, published_at=NOON.astimezone(timezone(timedelta(hours=5))) + timedelta(hours=2))
    other = replace(copy, published_at=NOON + timedelta(hours=3))
    with new_store() as (store, _):
        room = linker(store)
        room.link([Arrival(article("kestrel.example/ferry", FERRY)), Arrival(copy)])
        before = told(store)
        room.link([Arrival(same)])
        assert told(store) == before
        room.link([Arrival(other)])
        line = told(store)["mirror.example/ferry"][0]
        assert line.revision == 2
        (event,) = [one for one in store.outbox.read("x", 100) if one.kind == "verdict.revised"]
        assert event.payload == {"url": line.url, "lines": [line.to_dict()]}


def test_edits_leave_the_same_verdicts_in_whatever_order_they_are_loaded() -> None:
    first = article("kestrel.example/a", FERRY, fetched_at=NOON, first_seen=NOON)
    second = article("kestrel.example/a", HARVEST, fetched_at=NOON + timedelta(days=2), first_seen=NOON)
    copies = [article("mirror.example/a", FERRY, hours=3), article("other.example/b", HARVEST, hours=60)]
    results = []
    for order in ([first, second, *copies], [*copies, second, first], [second, copies[0], first, copies[1]]):
        with new_store() as (store, _):
            room = linker(store)
            for one in order:
                room.link([Arrival(one)])
            room.drain()
            results.append(verdicts(store))
            before = told(store)
            room.relink()
            assert told(store) == before
    assert results[0] == results[1] == results[2]
    assert results[0]["mirror.example/a"][0].original_url == "http://kestrel.example/a"
    assert results[0]["other.example/b"][0].original_url == "http://kestrel.example/a"


def test_an_earlier_sight_that_comes_with_an_older_state_counts_in_any_order() -> None:
    """A page that dates itself anew: what habits are counted by changes with our first sight of it."""
    made = []
    for number in range(4):
        body = text(f"again {number}", 3)
        page = article(f"again.example/{number}", body, hours=60, fetched_at=NOON + timedelta(hours=70))
        old = replace(page, title="As it was", published_at=NOON, fetched_at=NOON, first_seen=NOON)
        made += [page, old, article(f"other.example/{number}", body, hours=20 + number)]
    results, tallies = [], []
    for order in (made, made[::-1], random.Random(3).sample(made, len(made))):
        with new_store() as (store, _):
            room = linker(store)
            for one in order:
                room.link([Arrival(one)])
            room.drain()
            results.append(verdicts(store))
            tallies.append(sorted(store.names.counts("later")))
            before = told(store)
            room.relink()
            assert told(store) == before
    assert results[0] == results[1] == results[2]
    assert tallies == [[("other.example", "again.example", 4)]] * 3
    assert results[0]["other.example/0"][0].original_url == "http://again.example/0"


def farm() -> list[Article]:
    """One text on many sites: whole, with a part of each site's own, or only some of it; some credit its publisher."""
    source = article("kestrel.example/farm", FERRY, hours=1, site_name="The Kestrel Times")
    made = [source]
    for number in range(20):
        own = part(FERRY, 0, 4) + "\n\n" + text(f"own {number}", 2)
        body = (FERRY, FERRY, own, part(FERRY, 1, 5))[number % 4]
        hours = number * 7 % 20 - (1.5, 1.5, 60)[number] if number < 3 else number * 7 % 20
        made.append(article(f"m{number}.example/farm", body, hours=hours, clues=[KESTREL] if number % 5 == 0 else ()))
    return made


FARM = farm()


@pytest.fixture
def low_cap(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a farm is small."""
    for function in (PostingIndex.__init__, PostingIndex.open.__func__):  # type: ignore[attr-defined]
        monkeypatch.setattr(function, "__defaults__", (6,))


def pairs_of(store: Store) -> set[tuple[str, str]]:
    urls = {number: one.article.url for number, one in store.articles.many(range(1, len(FARM) + 1)).items()}
    found = store.links.matches_of(urls).values()
    return {(urls[match.left], urls[match.right]) for several in found for match in several}


@pytest.mark.usefixtures("low_cap")
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.randoms(use_true_random=False), st.sampled_from([1, 2, 7, len(FARM)]))
def test_a_text_with_more_copies_than_are_found_ends_the_same(rng: random.Random, size: int) -> None:
    articles = rng.sample(FARM, len(FARM))
    with new_store() as (store, _), pytest.MonkeyPatch.context() as patch:
        patch.setattr("crawler.attribution.draining.ROUND", 5)
        patch.setattr("crawler.attribution.deciding.ASKED_AT_ONCE", 4)
        patch.setattr("crawler.attribution.portions.ROUND", 5)
        patch.setattr("crawler.attribution.scene._PAIRS", 20)
        patch.setattr("crawler.attribution.sight.REMEMBERED", 30)
        patch.setattr("crawler.attribution.scene.REMEMBERED", 30)
        room = linker(store)
        for start in range(0, len(articles), size):
            (room.take if rng.random() < 0.7 else room.link)([Arrival(one) for one in articles[start : start + size]])
        room.drain()
        assert store.verdicts.undecided_count() == 0
        before, pairs = told(store), pairs_of(store)
        assert len(pairs) < len(FARM) * (len(FARM) - 1) / 2, "not all are found"
        room.relink()
        assert pairs_of(store) == pairs
        assert told(store) == before, "not even a revision"


@pytest.mark.usefixtures("low_cap")
@pytest.mark.parametrize("dies", [False, True])
def test_what_becomes_common_by_the_first_batch_of_a_process(dies: bool) -> None:
    """Pairs that were found before it are none any more, as if one process had read everything."""
    foot = paragraph("about this paper", 70)
    pages = [
        article(f"p{n}.example/a", f"{text(f'own {n}', 2)}\n\n{foot}\n\n{paragraph(f'more {n}')}", hours=n)
        for n in range(9)
    ]
    with new_store() as (store, _):
        first = linker(store)
        first.link([Arrival(one) for one in pages[:6]])
        first.drain()
        assert [lines[0].status for lines in told(store).values()].count("repost") == 5
        second = linker(store)
        with pytest.MonkeyPatch.context() as patch:
            if dies:  # when it has saved what it read
                patch.setattr(second._pairing, "match_new", lambda saved, ready: None)
            second.take([Arrival(one) for one in pages[6:]])
        linker(store).drain()
        before = verdicts(store)
        assert {lines[0].status for lines in before.values()} == {"original"}
        second.relink()
        assert verdicts(store) == before


def test_days_stand_in_the_middle_of_themselves() -> None:
    """Copies that tell only their day do not push a page out that was there in the morning."""
    midnight = 1_767_225_600_000_000
    morning = midnight + 9 * 3_600_000_000
    whole, sharp, none = (
        rank_of(StoredSketch(1, 1, b"", "http://a.example/", time)) for time in (midnight, morning, None)
    )
    assert sharp < whole < none


CRASH = """
import os, pickle, signal, sys
from crawler.attribution import linker as module
from crawler.attribution.arrivals import Arrival
from crawler.storage import open_store
from newsroom import linker
url, where = sys.argv[1:3]
articles = pickle.load(sys.stdin.buffer)
store = open_store(url)
room = linker(store)
def dies(*args, **options):
    os.kill(os.getpid(), signal.SIGKILL)
if where == "between":
    room._decide = dies
elif where == "after the save":
    room._pairing.match_new = dies
elif where == "before the end":
    module.Round.run = dies
elif where == "while matching":
    store.links.set_matched = dies
take = where in ("after the save", "while matching", "in the last commit")
(room.take if take else room.link)([Arrival(one) for one in articles])
if where == "in the last commit":
    store.outbox.add_many = dies
room.drain()
"""


@pytest.mark.parametrize(
    "where", ["between", "before the end", "after the save", "while matching", "in the last commit"]
)
def test_a_crash_between_the_commits_loses_nothing(
    where: str, tmp_path: Path, expected: dict[str, tuple[Verdict, ...]]
) -> None:
    url = f"sqlite:///{tmp_path}/store.db"
    run = subprocess.run(
        [sys.executable, "-c", CRASH, url, where],
        input=pickle.dumps(PRESS),
        cwd=Path(__file__).parent,
        timeout=60,
        capture_output=True,
    )
    assert run.returncode == -signal.SIGKILL, run.stderr.decode()
    store = open_store(url)
    assert store.articles.count() == len(PRESS), "the first commit was durable"
    assert store.outbox.read("x", 1) == []
    assert linker(store).drain() == len(PRESS)
    assert verdicts(store) == expected
    kinds = [event.kind for event in store.outbox.read("x", 1000)]
    assert kinds.count("article.new") == len(PRESS), "what happened is told, though late"
    store.close()


def test_a_relink_that_was_killed_is_ended_by_the_next_writer(
    tmp_path: Path, expected: dict[str, tuple[Verdict, ...]]
) -> None:
    url = f"sqlite:///{tmp_path}/store.db"
    store = open_store(url)
    room = linker(store)
    room.link([Arrival(one) for one in PRESS])
    room.drain()
    room._pairing.match_queued = _Killed()  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        room.relink()
    store.close()
    store = open_store(url)
    assert linker(store).drain() == len(PRESS)
    assert verdicts(store) == expected
    store.close()


class _Killed:
    def __call__(self, told: object) -> None:
        raise KeyboardInterrupt


PROCESS = """
import pickle, sys
from crawler.attribution.arrivals import Arrival
from crawler.storage import open_store
from newsroom import linker
store = open_store(sys.argv[1])
room = linker(store)
for one in pickle.load(sys.stdin.buffer):
    room.link([Arrival(one)])
"""


def test_processes_that_link_at_the_same_time_agree(tmp_path: Path, expected: dict[str, tuple[Verdict, ...]]) -> None:
    url = f"sqlite:///{tmp_path}/store.db"
    open_store(url).close()
    runs = []
    for start in range(3):
        run = subprocess.Popen(
            [sys.executable, "-c", PROCESS, url],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=Path(__file__).parent,
        )
        assert run.stdin is not None
        run.stdin.write(pickle.dumps(PRESS[start::3]))
        run.stdin.close()
        run.stdin = None
        runs.append(run)
    for run in runs:
        _, errors = run.communicate(timeout=120)
        assert run.returncode == 0, errors.decode()
    store = open_store(url)
    linker(store).drain()
    assert verdicts(store) == expected
    store.close()


def test_the_index_in_files_finds_what_the_index_in_memory_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expected: dict[str, tuple[Verdict, ...]]
) -> None:
    monkeypatch.setattr("crawler.attribution.linker.FLUSH_AT_END", 1)
    url = f"sqlite:///{tmp_path}/store.db"
    for start in range(0, len(PRESS), 7):
        store = open_store(url)
        room = linker(store)
        room.link([Arrival(one) for one in PRESS[start : start + 7]])
        room.drain()
        assert store.links.segments()
        store.close()
    store = open_store(url)
    assert verdicts(store) == expected
    for path in store.folder.iterdir():
        path.unlink()
    room = linker(store)
    room.link([Arrival(article("late.example/ferry", FERRY, hours=99))])
    assert verdicts(store)["late.example/ferry"][0].status == "repost", "files that are gone are made anew"
    store.close()
