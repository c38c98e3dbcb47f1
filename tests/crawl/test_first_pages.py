"""A first visit reads all its pages by what the first of them teach, and costs no request more for it."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import Response

from crawler.discovery.base import Link
from crawler.extraction import Noise
from crawler.extraction.worker import Reading
from crawler.items import Skip, SkipReason
from crawler.spiders.first_pages import FirstPages, KeptAnswer
from crawler.spiders.site_noise import BY_NOISE, EARLIER, FIRST, SiteNoise
from crawler.storage.base import Page
from tests.crawl.conftest import Bench, Run

SENTENCE = "The Kettle Meadow Gazette is printed by its readers and has belonged to nobody since the spring of 1911."
LINES = (
    "Hafenrunde zum Mitschneiden",
    "Getragen vom Freundeskreis der Kesselwiese",
    "Kettle Brief, jeden Donnerstag gegen Mittag",
)


# -- which pages teach ----------------------------------------------------------------------------------------------


def row(number: int, **fields: Any) -> Page:
    link = Link(f"http://a.example/{number}", kind=fields.pop("kind", "article"))
    fields = {"state": "queued", "first_seen": datetime(2026, 11, 1, tzinfo=UTC), **fields}
    return Page(id=number, site="a.example", link=link, **fields)


def said(number: int, *lines: str) -> Reading:
    outcome = Skip(f"http://a.example/{number}", SkipReason.EMPTY)
    own = (f"A line of page {number} alone", None)
    return Reading(outcome, seen=(own, *((line, None) for line in lines)), text_hash=str(number))


def answer(number: int, body: bytes = b"<p>x</p>") -> Response:
    url = f"http://a.example/{number}"
    return Response(
        url, body=body, flags=["rendered"], request=Request(url, meta={"redirect_urls": ["http://a.example/"]})
    )


def opened(*leased: int) -> FirstPages:
    first = FirstPages(is_open=True)
    for number in leased:
        first.enrol(row(number))
    return first


def hold(first: FirstPages, *numbers: int) -> None:
    for number in numbers:
        assert first.wants(row(number))
        first.hold(row(number), answer(number), said(number, "Kettle"))


def test_the_first_eight_teach_whoever_answers_first() -> None:
    leased = list(range(1, 12))
    for seed in range(20):
        first = opened(*leased)
        order = random.Random(seed).sample(leased, 11)
        for count, number in enumerate(order, 1):
            hold(first, number)
            assert first.is_complete(set(leased)) == (set(leased[:8]) <= set(order[:count]))
        lesson = first.taught(Noise())
        assert lesson is not None
        assert lesson.pages == 8
        assert [held.page.id for held in first.let_go()] == leased


def test_urgent_pages_teach_before_others_that_were_leased_sooner() -> None:
    first = FirstPages(is_open=True)
    for number in range(1, 9):
        first.enrol(row(number, priority=40))
    for number in range(11, 19):
        first.enrol(row(number, priority=80))
    hold(first, 1, 2, *range(18, 11, -1))
    leased = {*range(1, 9), *range(11, 19)}
    assert not first.is_complete(leased)
    hold(first, 11)
    assert first.is_complete(leased)
    assert [held.page.id for held in first.let_go()] == [*range(11, 19), 1, 2]


def test_a_page_that_is_no_article_is_waited_for_only_while_it_is_leased() -> None:
    first = opened(*range(1, 10))
    hold(first, *range(2, 10))
    assert not first.is_complete({1, *range(2, 10)})
    assert first.is_complete(set(range(2, 10)))


def test_a_page_that_never_answers_does_not_keep_the_others_for_ever() -> None:
    first = opened(*range(1, 30))
    hold(first, *range(2, 13))
    assert not first.is_complete(set(range(1, 30)))
    hold(first, 13)
    assert first.is_complete(set(range(1, 30)))


def test_bytes_are_bounded() -> None:
    first = opened(1, 2, 3)
    noise = random.Random(1).randbytes(1 << 20)
    for number in (2, 3):
        first.hold(row(number), answer(number, noise), said(number))
    assert first.size >= 2 << 20
    assert first.is_complete({1, 2, 3})
    first.let_go()
    assert (first.size, first.is_complete({1})) == (0, False)


def test_where_memory_is_short_fewer_teach() -> None:
    first = opened(*range(1, 9))
    hold(first, 1, 2, 3)
    first.hurry(stop=False)
    assert not first.is_complete(set(range(1, 9)))
    hold(first, 4)
    assert first.is_complete(set(range(1, 9)))
    first.let_go()
    first.hurry(stop=True)
    assert not first.wants(row(5))


def test_only_new_articles_are_held_and_each_once() -> None:
    first = FirstPages(is_open=True)
    for page in (row(1), row(2, text_hash="x"), row(3, kind="list")):
        first.enrol(page)
    assert [first.wants(row(number)) for number in (1, 2, 3)] == [True, False, False]
    hold(first, 1)
    first.let_go()
    assert not first.wants(row(1)), "handed back, it is kept"


def test_one_text_under_two_addresses_teaches_once() -> None:
    first = opened(1, 2, 3)
    for number in (1, 2, 3):
        first.hold(row(number), answer(number), replace(said(number, "Kettle"), text_hash="the same"))
    assert first.taught(Noise()) is None


def test_a_kept_answer_is_the_answer() -> None:
    asked = Request("http://a.example/1")
    again = KeptAnswer.of(answer(1, b"<p>Grebe</p>")).to(asked)
    assert (again.url, again.body, again.flags, again.request) == (
        "http://a.example/1",
        b"<p>Grebe</p>",
        ["rendered"],
        asked,
    )


# -- by which rules a page is read -----------------------------------------------------------------------------------


def after_lesson(visit: int = 0) -> SiteNoise:
    noise = SiteNoise(None, visit)
    for number in (1, 2, 3):
        noise.first_pages.enrol(row(number))
        noise.first_pages.hold(row(number), answer(number), said(number, "Kettle"))
    lesson = noise.lesson()
    assert lesson is not None
    stored = noise.learned(lesson)
    assert noise.rules_for(row(9)) == (None, 0), "not before it is stored"
    noise.believe(lesson)
    noise.first_pages.let_go()
    assert noise.learned() == stored
    return noise


def kinds(noise: SiteNoise, page: Page) -> tuple[bool, int]:
    rules, by = noise.rules_for(page)
    return rules is not None and rules.recurs("Kettle"), by


def test_a_visit_that_was_broken_off_goes_on_by_its_own_first_pages() -> None:
    noise = after_lesson()
    assert kinds(noise, row(9)) == (True, FIRST)
    for number in range(20):
        noise.observe(said(number, "Ropes"))
    again = SiteNoise(noise.learned(), 0)
    assert not again.first_pages.is_open
    assert kinds(again, row(9)) == (True, FIRST)
    rules, _ = again.rules_for(row(9))
    assert rules is not None
    assert not rules.recurs("Ropes")


def test_later_visits_read_new_pages_by_all_and_old_ones_as_before() -> None:
    noise = after_lesson()
    for number in range(20):
        noise.observe(said(number, "Ropes"))
    later = SiteNoise(noise.learned(), 1)
    assert not later.first_pages.is_open
    assert kinds(later, row(9)) == (False, EARLIER)
    assert kinds(later, row(1, text_hash="x", memo={BY_NOISE: FIRST})) == (True, FIRST)
    assert kinds(later, row(1, text_hash="x", memo={BY_NOISE: EARLIER})) == (False, EARLIER)
    assert kinds(later, row(1, text_hash="x")) == (False, 0)


@pytest.mark.parametrize("stored", [None, {}, {"first": 3}, {"first": {}}, {"pages": "x", "first": {"lines": 7}}])
def test_what_cannot_be_read_teaches_nothing(stored: Any) -> None:
    assert kinds(SiteNoise(stored), row(1))[0] is False


def test_pages_of_which_little_was_learned_teach_in_the_next_visit() -> None:
    noise = SiteNoise()
    for number in (1, 2):
        noise.observe(said(number, "Kettle"))
    assert SiteNoise(noise.learned(), 1).first_pages.is_open
    noise.observe(said(3, "Kettle"))
    assert not SiteNoise(noise.learned(), 1).first_pages.is_open


# -- whole crawls ------------------------------------------------------------------------------------------------------


Furnished = Callable[[int], str]


@pytest.fixture
def furnished(bench: Bench, new_site: Callable[..., str]) -> Furnished:
    """A new site of so many posts, each of its own words among the same lines."""
    source = new_site("quickmirror.example", posts=30)

    def add(posts: int) -> str:
        host = new_site("quickmirror.example")
        for number, post in enumerate(bench.web.posts(source)[:posts]):
            insert(bench, source, host, post["url"], number)
        bench.requests()
        return host

    return add


def insert(bench: Bench, source: str, host: str, url: str, number: int) -> None:
    post = bench.web.post(source, url)
    first, *rest = post["text"].split("\n\n")
    counted = f"Gesehen: {number * 37 + 4} Mal"
    parts = [LINES[0], first, LINES[1], *rest, SENTENCE, counted, LINES[2]]
    published = f"2026-{9 - number // 28:02d}-{28 - number % 28:02d}T08:00:00Z"
    bench.web.insert_post(host, title=post["title"], text="\n\n".join(parts), published=published)


def left(run: Run) -> int:
    """How many of the site's lines stand in the texts."""
    return sum(line in item["text"] for item in run.items for line in (*LINES, "Gesehen:"))


def clues(run: Run, kind: str) -> list[int]:
    return [sum(clue["kind"] == kind for clue in item["clues"]) for item in run.items]


def test_a_first_crawl_uses_what_the_site_teaches(bench: Bench, furnished: Furnished) -> None:
    host = furnished(14)
    run = bench.crawl(f"url=http://{host}/")
    assert run.code == 0, run.told
    assert len(run.items) == 14
    assert left(run) == 0
    assert set(clues(run, "site_noise")) == {4}
    assert set(clues(run, "standing_text")) == {1}
    assert all(SENTENCE in item["text"] for item in run.items)
    paths = [line["path"] for line in bench.web.log() if line["host"] == host]
    assert len(paths) == len(set(paths)), "nothing is asked for twice"
    bench.requests()

    assert bench.crawl(f"url=http://{host}/").items == []
    assert bench.requests()[host]["pages"] <= 2
    bench.web.advance("9d")  # the ladder looks at them again
    again = bench.crawl(f"url=http://{host}/")
    assert again.items == [], "what was learned is no edit"
    assert bench.rows("SELECT count(*) FROM outbox WHERE kind = 'article.changed'") == [(0,)]


@pytest.mark.parametrize(("posts", "stays"), [(2, 8), (3, 0)])
def test_small_sites_teach_what_three_pages_can(bench: Bench, furnished: Furnished, posts: int, stays: int) -> None:
    run = bench.crawl(f"url=http://{furnished(posts)}/")
    assert run.code == 0, run.told
    assert (len(run.items), left(run)) == (posts, stays)


def test_a_budget_that_ends_within_the_lesson_loses_nothing(bench: Bench, furnished: Furnished) -> None:
    host = furnished(14)
    runs = [bench.crawl(f"url=http://{host}/", SITE_MAX_PAGES="11") for _ in range(3)]
    spent = bench.requests()[host]["pages"]
    assert 0 < len(runs[0].items) < 8, runs[0].told
    runs.append(bench.crawl(f"url=http://{host}/"))
    assert sum(len(run.items) for run in runs) == 14
    assert sum(left(run) for run in runs) == 0
    assert spent <= 3 * 11


def test_a_run_that_is_broken_off_keeps_what_it_can(bench: Bench, furnished: Furnished) -> None:
    host = furnished(14)
    runs = [bench.crawl(f"url=http://{host}/", CLOSESPIDER_PAGECOUNT="12")]
    assert runs[0].items, runs[0].told
    runs.append(bench.crawl(f"url=http://{host}/"))
    assert sum(len(run.items) for run in runs) == len(bench.articles()) == 14
    assert bench.rows("SELECT count(*) FROM page WHERE owner IS NOT NULL OR wanted = 1") == [(0,)]


def test_pages_that_fail_do_not_keep_the_others_back(bench: Bench, furnished: Furnished) -> None:
    host = furnished(6)
    for post in bench.web.posts(host)[:2]:
        bench.web.fault(host, path=post["url"].split("example", 1)[1] + "$", status=500)
    run = bench.crawl(f"url=http://{host}/", RETRY_TIMES="0")
    assert len(run.items) == 4, run.told
    assert left(run) == 0
    bench.web.clear_faults()
    bench.web.advance("1d")
    later = bench.crawl(f"url=http://{host}/")
    assert (len(later.items), left(later)) == (2, 0)


def test_killed_within_its_lesson_it_ends_the_same(bench: Bench, furnished: Furnished) -> None:
    host = furnished(14)
    whole = Bench(bench.folder / "whole", bench.web)
    whole.folder.mkdir()
    whole.crawl(f"url=http://{host}/")
    for asked in (5, 9, 13):
        bench.web.clear_log()
        process = bench.start(f"url=http://{host}/")
        deadline = time.monotonic() + 60
        while len(bench.web.log()) < asked and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    run = bench.crawl(f"url=http://{host}/")
    assert run.code == 0, run.told
    assert bench.articles() == whole.articles()
    assert bench.rows("SELECT count(*) FROM page WHERE owner IS NOT NULL OR wanted = 1") == [(0,)]
