"""What happens to posts as the clock goes on, site make by site make, without a server."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from fixtures.content import START, Block, Change, Post
from fixtures.web.clock import FixtureClock, parse_step
from fixtures.web.messages import Request
from fixtures.web.sites import build
from fixtures.web.volume import add_posts
from fixtures.web.world import World

HOUR = timedelta(hours=1)


def a_post(host: str, *changes: Change, **fields: Any) -> Post:
    stated = START - 5 * HOUR
    values: dict[str, Any] = {
        "id": "one", "host": host, "slug": "a-post", "title": "A post", "language": "en", "author": "A. Writer",
        "section": "World", "published": stated, "modified": None, "tags": (), "image": None, "kind": "original",
        "blocks": (Block("p", "It rained."), Block("p", "Then it stopped.")), "wp_id": 501, "inserted": stated,
    }  # fmt: skip
    return Post(**(values | fields), changes=changes)


def visit(world: World, host: str, path: str) -> tuple[int, str]:
    world.catch_up()
    response = build(world.archive(host)).answer(Request("GET", host, path, {}), world.clock.now())
    return response.status, response.headers.get("Location", "") or response.body.decode()


@pytest.mark.parametrize(
    ("host", "path", "deleted"),
    [
        ("dailyrelay.example", "/a-post/", 404),
        ("alwaha.example", "/2026/11/02/a-post/", 301),
        ("worldbrief.example", "/?p=501", 404),
        ("newsquilt.example", "/2026/11/a-post.html", 404),
        ("nordpost.example", "/world/a-post.html", 410),
        ("quickmirror.example", "/news/a-post.html", 404),
        ("paperboy.example", "/article/501-a-post", 302),
    ],
)
def test_appears_is_edited_and_goes(host: str, path: str, deleted: int) -> None:
    changes = (
        Change(HOUR, "appear"),
        Change(2 * HOUR, "edit", title="A better post", blocks=(Block("p", "It snowed."),)),
        Change(3 * HOUR, "delete"),
    )
    clock = FixtureClock(START)
    world = World([a_post(host, *changes)], clock)
    assert visit(world, host, path)[0] == 404
    clock.advance(HOUR)
    status, text = visit(world, host, path)
    assert (status, "It rained." in text) == (200, True)
    clock.advance(HOUR)
    status, text = visit(world, host, path)
    assert (status, "It snowed." in text, "A better post" in text, "It rained." in text) == (200, True, True, False)
    entry = world.find(host, "one")
    assert entry.modified == START + 2 * HOUR
    clock.advance(HOUR)
    assert visit(world, host, path)[0] == deleted


@pytest.mark.parametrize(
    ("host", "old", "new", "status"),
    [
        ("dailyrelay.example", "/a-post/", "/a-new-slug/", 301),
        ("nordpost.example", "/world/a-post.html", "/world/a-new-slug.html", 301),
        ("quickmirror.example", "/news/a-post.html", "/news/a-new-slug.html", 404),
        ("newsquilt.example", "/2026/11/a-post.html", "/2026/11/a-new-slug.html", 404),
        ("paperboy.example", "/article/501-a-post", "/article/501-a-new-slug", 301),
    ],
)
def test_moves(host: str, old: str, new: str, status: int) -> None:
    clock = FixtureClock(START)
    world = World([a_post(host, Change(HOUR, "move", slug="a-new-slug"))], clock)
    assert visit(world, host, old)[0] == 200
    clock.advance(HOUR)
    assert visit(world, host, new)[0] == 200
    answered, location = visit(world, host, old)
    assert answered == status
    assert status == 404 or location == f"http://{host}{new}"


def test_a_back_dated_post_has_a_high_number_and_its_static_file_tells_the_truth() -> None:
    host = "nordpost.example"
    clock = FixtureClock(START)
    lie = START - timedelta(days=9)
    world = World([a_post(host, Change(HOUR, "appear"), published=lie, inserted=START + HOUR)], clock)
    clock.advance(HOUR)
    world.catch_up()
    response = build(world.archive(host)).answer(Request("GET", host, "/world/a-post.html", {}), clock.now())
    assert response.headers["Last-Modified"] == "Mon, 02 Nov 2026 13:00:00 GMT"
    assert lie.strftime("%Y-%m-%dT%H:%M") in response.body.decode()


def test_generated_posts_are_always_the_same_and_share_next_to_nothing() -> None:
    clock = FixtureClock(START)
    texts = []
    for _ in range(2):
        world = World([], clock)
        add_posts(world.archive("dailyrelay.example"), 40, datetime(2026, 11, 2, tzinfo=UTC))
        texts.append([entry.post.text for entry in world.archive("dailyrelay.example").newest_first])
    assert texts[0] == texts[1]
    seen: dict[tuple[str, ...], int] = {}
    shared = 0
    for number, text in enumerate(texts[0]):
        words = text.lower().split()
        assert 150 < len(words) < 1200
        for at in range(len(words) - 4):
            shared += seen.setdefault(tuple(words[at : at + 5]), number) != number
    assert shared <= 3


def test_durations() -> None:
    assert parse_step("1d2h30m") == timedelta(days=1, hours=2, minutes=30)
    assert parse_step(90) == timedelta(seconds=90)
    with pytest.raises(ValueError, match="forward"):
        FixtureClock(START).advance(timedelta(seconds=-1))
