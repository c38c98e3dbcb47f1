"""One crawl over healthy hosts and all kinds of trouble: nothing of the healthy is lost, and each trouble is named.

The full size, with times: `python -m tests.benchmarks.many_hosts`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator

import pytest
from scrapy import Request

from crawler.spiders.turns import Flight, Turns
from tests.benchmarks.many_hosts import ARTICLES, Crawled, HostsWeb, Mix, crawl

MIX = Mix(healthy=9, slow=2, dead=2, resting=2, calendars=3, slowness=0.4, timeout=2.0, rest=1)


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[HostsWeb, Crawled]]:
    quick = {"AUTOTHROTTLE_START_DELAY": "0.05", "EXTRACTION_WORKERS": "1", "RETRY_TIMES": "0"}
    with HostsWeb(MIX) as web:
        yield web, crawl(tmp_path_factory.mktemp("hosts"), web, MIX.all(), **quick)


def test_every_article_of_the_healthy_is_found(crawled: tuple[HostsWeb, Crawled]) -> None:
    assert crawled[1].code == 0, crawled[1].told
    assert crawled[1].held("healthy") == MIX.healthy * ARTICLES
    assert crawled[1].held("slow") == MIX.slow * ARTICLES // 2
    assert crawled[1].held("calendar") == MIX.calendars * ARTICLES // 2
    assert not any(crawled[1].said("healthy").values())


@pytest.mark.parametrize(
    ("host", "said"),
    [
        ("hang0", "no answer in time"), ("dead0", "the connection was refused"), ("resting0", "asked us to wait"),
        ("resting1", "robots.txt answered 429"), ("calendar1", "were not followed further: 1"),
    ],
)  # fmt: skip
def test_each_trouble_is_named(crawled: tuple[HostsWeb, Crawled], host: str, said: str) -> None:
    assert said in crawled[1].said(host)[f"{host}.test"]
    assert host in crawled[1].told


def test_calendars_end(crawled: tuple[HostsWeb, Crawled]) -> None:
    for name in MIX.names("calendar"):
        assert crawled[0].asked[name] < 60


# -- whose turn it is


def request(site: str, asked: float | None = None) -> Request:
    return Request(f"http://{site}/", meta={"site": site} | ({"firstprint_asked": asked} if asked is not None else {}))


def test_slow_sites_are_told_by_what_they_leave_unanswered() -> None:
    flight = Flight.of([request("a", 90.0), request("a", 99.0), request("b", 99.5), request("c")], 100.0)
    assert flight.of_site == {"a": 2, "b": 1, "c": 1}
    assert (flight.slow, flight.held) == ({"a"}, 2)


def test_sites_take_turns_and_who_must_wait_does() -> None:
    asyncio.run(_turns())


async def _turns() -> None:
    delays = {"a": 0.0, "b": 5.0, "c": 0.0}
    turns = Turns(lambda request: delays[request.meta["site"]], lambda: None)
    for site in ("a", "a", "b", "c", "c"):
        turns.push(site, request(site))

    def sites(now: float, barred: str = "") -> list[str]:
        found = []
        while (one := turns.next(now, lambda site: site != barred)) is not None:
            found.append(one[0])
        return found

    assert sites(100.0, barred="c") == ["a", "a"]
    assert sites(100.0) == ["c", "c"]
    assert turns.waiting("b") == 1
    delays["b"] = 0.0
    assert sites(104.0) == []
    assert sites(105.0) == ["b"]
    assert not turns
    turns.push("a", request("a"))
    turns.rest("a", 110.0)
    assert sites(109.0) == []
    assert sites(110.5) == ["a"]
    turns.close()


def test_a_bell_rings_once_for_each_that_may_be_asked_again() -> None:
    asyncio.run(_bells())


async def _bells() -> None:
    rung: list[float] = []
    turns = Turns(lambda request: request.meta["wait"], lambda: rung.append(time.monotonic()))
    for site, wait in (("a", 0.05), ("b", 0.15)):
        turns.push(site, Request(f"http://{site}/", meta={"site": site, "wait": wait}))
    began = time.monotonic()
    assert turns.next(began, lambda _site: True) is None
    await asyncio.sleep(0.4)  # nobody asks: a bell that went on ringing would be a busy loop
    assert len(rung) == 2
    assert rung[0] - began >= 0.05
    assert rung[1] - began >= 0.15
    turns.close()
