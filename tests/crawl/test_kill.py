"""A crawl that is killed at any moments and started again leaves what an uninterrupted one leaves.

By hand, with more seeds: `KILL_SEEDS=20 pytest tests/crawl/test_kill.py`.
"""

from __future__ import annotations

import json
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from crawler.frontier import UNFINISHED
from crawler.settings import CONCURRENT_REQUESTS_PER_DOMAIN
from crawler.storage import open_store
from fixtures.web import FixtureWeb
from tests.crawl.conftest import Bench

HOSTS = ("kestrel-times.example", "dailyrelay.example")
URLS = "url=" + ",".join(f"http://{host}/" for host in HOSTS)
SEEDS = range(int(os.environ.get("KILL_SEEDS", "1")))
KILLS = 2
IN_FLIGHT = len(HOSTS) * CONCURRENT_REQUESTS_PER_DOMAIN * UNFINISHED
"""Pages that one kill may cost: what is asked of each host, and what waits to be read or linked."""


@dataclass(frozen=True)
class Whole:
    """What an uninterrupted crawl left, and how long it took (s)."""

    final: dict[str, Any]
    asked: Counter[str]
    lasted: float


@pytest.fixture(scope="module")
def whole(web: FixtureWeb, tmp_path_factory: pytest.TempPathFactory) -> Whole:
    web.clear_faults()
    web.clear_log()
    bench = Bench(tmp_path_factory.mktemp("whole"), web)
    began = time.monotonic()
    run = bench.crawl(URLS)
    lasted = time.monotonic() - began
    assert run.code == 0, run.told
    return Whole(final(bench), asked(bench), lasted)


def final(bench: Bench) -> dict[str, Any]:
    """Everything that must be the same: articles, verdicts without their revision, what was left out, and that
    nothing is left open."""
    articles = {
        url: (text_hash, version, gone, title, published, json.loads(fields).get("modified_at"))
        for url, text_hash, version, gone, title, published, fields in bench.rows(
            "SELECT url, text_hash, version, gone, title, published, fields FROM article"
        )
    }
    return {
        "articles": articles,
        "verdicts": verdicts(bench),
        "skips": sorted(bench.rows("SELECT url, reason FROM skip")),
        "pages": sorted(bench.rows("SELECT url, state, text_hash FROM page WHERE kind = 'article'")),
        "open": bench.rows("SELECT count(*) FROM page WHERE owner IS NOT NULL OR wanted = 1"),
        "undecided": bench.rows("SELECT count(*) FROM undecided"),
    }


def verdicts(bench: Bench) -> list[str]:
    store = bench.store()
    try:
        return sorted(repr(replace(verdict, revision=0)) for verdict in store.verdicts.select(everything=True))
    finally:
        store.close()


def asked(bench: Bench) -> Counter[str]:
    log = bench.web.log(robots=False)
    bench.web.clear_log()
    return Counter(f"http://{line['host']}{line['path']}" for line in log)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_killed_crawl_ends_like_a_whole_one(web: FixtureWeb, tmp_path: Path, whole: Whole, seed: int) -> None:
    moments = random.Random(seed)
    bench = Bench(tmp_path, web)
    web.clear_faults()
    web.clear_log()
    for _ in range(KILLS):
        process = bench.start(URLS)
        time.sleep(moments.uniform(0.3, 0.95) * whole.lasted)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    run = bench.crawl(URLS)
    assert run.code == 0, run.told
    ended = final(bench)
    for part, wanted in whole.final.items():
        assert ended[part] == wanted, part
    spent = asked(bench)
    refetched = sum(spent[url] - whole.asked[url] for url in ended["articles"] if spent[url] > whole.asked[url])
    assert refetched <= KILLS * IN_FLIGHT


def test_what_a_kill_left_for_the_end_is_done_where_nothing_is_new(bench: Bench, new_site: Callable[..., str]) -> None:
    url = f"url=http://{new_site('quickmirror.example', posts=3)}/"
    assert bench.crawl(url).code == 0
    whole = verdicts(bench)
    # a kill between the last article's commit and the drain at the end leaves marks that only a drain takes away
    left = open_store(f"sqlite:///{bench.store_path}")
    numbers = list(left.articles.ids(bench.articles()).values())
    with left.transaction():
        left.links.set_stale(["crawled.example"])
        left.families.mark(numbers[:1])
        left.links.queue(numbers[1:], "again")
        left.verdicts.put({numbers[1]: (1, ())})
    left.close()
    assert verdicts(bench) != whole
    again = bench.crawl(url)
    assert again.code == 0, again.told
    assert again.items == []
    assert verdicts(bench) == whole
    for table in ("stale_site", "outgrown", "undecided", "unreviewed"):
        assert bench.rows(f"SELECT count(*) FROM {table}") == [(0,)], table
