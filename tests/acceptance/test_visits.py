"""Runs that meet, break off, or find the site down: nothing is lost, nothing is passed over."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import press
import tales
from little_web import LittleWeb, page, xml
from person import Crawled, Person, press_web

from crawler.storage import open_store
from tests.dedup.generate import fiction


def hold_articles(web: LittleWeb, host: str, gate: threading.Event, free: int = 0) -> None:
    """Articles, but for the first few that are asked for, do not come before the gate opens: a run can be met in its
    midst."""
    asked = itertools.count()
    for path, answer in web.hosts[host].items():
        if path.startswith("/2026/"):

            def late(out: Any, body: bytes = answer.body) -> None:
                if next(asked) >= free:
                    gate.wait(60)
                out.write(body)

            answer.stream = late


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_two_runs_at_once_share_nothing(web: LittleWeb, person: Person) -> None:
    press.courier(web, (tales.FERRY, tales.LIBRARY))
    press.plain(web, (tales.BEES, tales.LIBRARY))
    gate = threading.Event()
    hold_articles(web, "courier.test", gate)
    first = person.start("crawl", "mirror", "-a", "url=http://courier.test/")
    try:
        wait_for(lambda: any("2026" in path for path in web.seen("courier.test")))
        done = person.crawl("http://courier.test/")
        assert done.code == 75
        assert "courier.test" in done.err
        done = person.crawl("http://courier.test/", "http://plain.test/")
        assert done.code == 0
        assert "courier.test is held by another run" in done.err
    finally:
        gate.set()
        first.kill()
        first.wait()


def test_killed_in_its_midst_and_begun_again(crawled: Crawled, web: LittleWeb, person: Person) -> None:
    press_web(web)
    gate = threading.Event()
    hold_articles(web, "courier.test", gate, free=2)
    urls = "url=http://courier.test/,http://lantern.test/,http://plain.test/"
    first = person.start("crawl", "mirror", "-a", urls)
    store = person.folder / "firstprint.db"
    wait_for(lambda: sum("2026" in path for path in web.seen("courier.test")) >= 3 and store.exists())
    first.kill()
    first.wait()
    gate.set()
    assert person.type("crawl", "mirror", "-a", urls).code == 0
    found, wanted = person.verdicts(), crawled.person.verdicts()
    assert [(one["url"], one["status"], one["original_url"], one["copied"]) for one in found] == [
        (one["url"], one["status"], one["original_url"], one["copied"]) for one in wanted
    ]
    with_store = open_store(f"sqlite:///{store}", read_only=True)
    try:
        assert with_store.verdicts.undecided_count() == 0
    finally:
        with_store.close()


def test_after_an_outage_the_next_visit_asks_again(web: LittleWeb, person: Person) -> None:
    press.courier(web, (tales.FERRY, tales.LIBRARY))
    assert person.crawl("http://courier.test/").code == 0
    assert person.crawl("http://courier.test/", HOST_MAP="*.test=127.0.0.1:9").code == 3
    press.courier(web, (tales.FERRY, tales.LIBRARY, tales.VIGNE))
    web.forget_log()
    assert person.crawl("http://courier.test/").code == 0
    assert web.seen("courier.test")
    assert any("vigne" in line["url"] for line in person.verdicts())


def test_an_answer_of_an_outage_is_no_deletion(web: LittleWeb, person: Person) -> None:
    press.courier(web, (tales.FERRY,))
    assert person.crawl("http://courier.test/").code == 0
    web.hosts["courier.test"] = {path: page("down", 502) for path in web.hosts["courier.test"]}
    done = person.crawl("http://courier.test/", RETRY_TIMES="0")
    assert done.code == 3
    assert len(person.verdicts()) == 1


def rebuilt(web: LittleWeb, texts: Sequence[str], day: int) -> None:
    """A static site as it was built on a day: each page with a date of its own, whatever its text."""
    site = web.hosts["built.test"] = {}
    urls = []
    for number, text in enumerate(texts):
        body = "".join(f"<p>{one}</p>" for one in text.split("\n\n"))
        site[f"/texts/piece-{number}/"] = page(
            f"<html><title>Piece number {number} of them</title><body><article>{body}</article></body></html>"
        )
        urls.append(
            f"<url><loc>http://built.test/texts/piece-{number}/</loc>"
            f"<lastmod>2026-05-{day:02}T10:{number % 60:02}:00Z</lastmod></url>"
        )
    site["/sitemap.xml"] = xml(f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{"".join(urls)}</urlset>')
    site["/"] = page("<html><title>Built</title><body><h1>Built</h1></body></html>")


def test_a_rebuild_that_dates_every_page_anew_is_not_read_anew(web: LittleWeb, person: Person) -> None:
    texts = [fiction(number, 120) for number in range(24)]
    quick = {"REVISIT_BUDGET": "0", "AUTOTHROTTLE_ENABLED": "False"}
    read = []
    for day in (4, 5, 6):
        rebuilt(web, texts, day)
        web.forget_log()
        assert person.crawl("http://built.test/", **quick).code == 0
        read.append(sum("piece" in path for path in web.seen("built.test")))
    assert read == [24, 20, 5]
    texts = [
        f"{text}\n\nAfter this was printed, the {number} of them wrote to us." for number, text in enumerate(texts)
    ]
    rebuilt(web, texts, 7)
    web.forget_log()
    assert person.crawl("http://built.test/", **quick).code == 0
    assert sum("piece" in path for path in web.seen("built.test")) == 24
