"""Sites whose links carry parameters that say nothing: numbers of sessions, marks of where the reader clicked."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from tests.crawl.conftest import Bench


def articles(bench: Bench, host: str) -> set[str]:
    """The paths of the articles that are held."""
    return {url.removeprefix(f"http://{host}").partition("?")[0] for url in bench.articles()}


def live(bench: Bench, host: str) -> set[str]:
    return {post["url"].removeprefix(f"http://{host}") for post in bench.web.posts(host) if post["state"] == "publish"}


@pytest.mark.parametrize("session", ["idle", "sent"])
def test_an_echo_is_no_article(bench: Bench, new_site: Callable[..., str], session: str) -> None:
    host = new_site("paperboy.example", posts=7, session=session)
    run = bench.crawl(f"url=http://{host}/")
    before = bench.articles()
    assert articles(bench, host) == live(bench, host), run.told
    assert len(before) == len(run.items) == 7
    bench.web.advance("2h")  # and some are looked at again
    again = bench.crawl(f"url=http://{host}/")
    assert again.items == [], again.told
    assert bench.articles() == before
    assert {kind for (kind,) in bench.rows("SELECT kind FROM outbox")} == {"article.new", "verdict.new"}
    assert bench.rows("SELECT count(*) FROM page WHERE owner IS NOT NULL OR wanted = 1") == [(0,)]


def test_a_site_teaches_which_parameters_say_nothing(bench: Bench, new_site: Callable[..., str]) -> None:
    host = new_site("paperboy.example", posts=9, session="idle")
    url = f"url=http://{host}/"
    killed = bench.start(url)
    while killed.poll() is None and bench.web.log()[12:] == []:
        time.sleep(0.05)
    killed.kill()
    killed.communicate()
    told = [bench.crawl(url).told, bench.crawl(url).told]
    held = bench.articles()
    assert articles(bench, host) == live(bench, host), told
    assert len(held) == 9
    bench.requests()
    again = bench.crawl(url)
    assert again.items == []
    assert bench.requests()[host]["pages"] <= 2, again.told

    newest = max(bench.web.posts(host), key=lambda post: post["published"])["url"]
    known = next(url for url in held if url.partition("?")[0] == newest)
    assert known != newest
    (new,) = bench.web.add_posts(host, 1)
    bench.web.advance("26h")
    text = bench.web.post(host, newest)["text"]
    bench.web.edit_post(host, newest, text=f"{text}\n\nThe ferry office confirmed it in the evening.")
    run = bench.crawl(url)
    assert {item["url"] for item in run.items} == {new, known}, run.told
    assert bench.requests()[host]["pages"] <= 2 + 1 + 9, (
        "two lists, the new one, and those whose time on the ladder has come"
    )
    assert len(bench.articles()) == 10


def test_parameters_without_which_a_site_answers_nothing_stay(bench: Bench, new_site: Callable[..., str]) -> None:
    host = new_site("paperboy.example", posts=7, session="needed")
    url = f"url=http://{host}/"
    bench.crawl(url)
    bench.crawl(url)
    (new,) = bench.web.add_posts(host, 1)
    run = bench.crawl(url)
    assert [item["url"].partition("?")[0] for item in run.items] == [new], run.told
    assert articles(bench, host) == live(bench, host)
    assert len(bench.articles()) == 8
