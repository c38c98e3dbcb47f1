"""Sites whose links carry parameters that say nothing: numbers of sessions, marks of where the reader clicked."""

from __future__ import annotations

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
