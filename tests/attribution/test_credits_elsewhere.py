"""A page that names somebody as its source, where another page that names nobody has the text too."""

from __future__ import annotations

import random
import tempfile
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from newsroom import article, link, linker, paragraph, part, text, told

from crawler.attribution.arrivals import Arrival
from crawler.items import Article, Verdict
from crawler.storage import open_store
from crawler.storage.base import Store

LAKE, HERON = text("lake", 8), text("heron", 8)
LINE = ("credit_line", "The Tern Tribune", "Source: The Tern Tribune")
SUFFIX = ("title_suffix", "The Tern Tribune", "Lake rises | World | The Tern Tribune")
CANONICAL = ("canonical", "https://terntribune.example/lake", "")
HERALD = article("herald.example/lake", LAKE)
DAY = 24


def copy(clue: tuple[str, ...] = LINE, body: str = LAKE, hours: float = 4) -> Article:
    return article("mirror.example/a", body, hours=hours, clues=[clue])


def line_of(store: Store, *articles: Article) -> Verdict:
    """The only verdict line of the copy."""
    (line,) = link(store, *articles)["mirror.example/a"]
    return line


@pytest.mark.parametrize("site_name", [None, "The Herald"])
@pytest.mark.parametrize(
    ("clue", "publisher"), [(LINE, LINE[1]), (SUFFIX, SUFFIX[1]), (CANONICAL, "terntribune.example")]
)
def test_whom_a_page_credits_is_its_publisher_also_where_another_page_had_the_text(
    store: Store, clue: tuple[str, ...], publisher: str, site_name: str | None
) -> None:
    line = line_of(store, replace(HERALD, site_name=site_name), copy(clue))
    assert (line.status, line.original_url, line.publisher) == ("repost", HERALD.url, publisher)
    said = {one.signal: one for one in line.evidence}
    assert said["time_gap"].weight > 0 > said["credit_elsewhere"].weight
    assert said["credit_elsewhere"].origin == HERALD.url
    assert said[clue[0]].origin in (publisher, CANONICAL[1])
    assert line.confidence < 0.8, "it may be two copies of a page that is not held"


def test_where_little_speaks_for_the_other_page_both_are_copies_of_one_that_is_not_held(store: Store) -> None:
    line = line_of(store, HERALD, copy(hours=40 * DAY))
    assert (line.status, line.relation, line.original_url) == ("repost", "attributed", None)
    assert line.publisher == "The Tern Tribune"
    assert line.story == told(store)["herald.example/lake"][0].story
    assert {"credit_line", "time_gap", "credit_elsewhere"} == {one.signal for one in line.evidence}


def test_pages_without_times_are_one_story_with_whom_one_of_them_credits(store: Store) -> None:
    line = line_of(store, replace(HERALD, published_at=None), replace(copy(), published_at=None))
    assert (line.relation, line.publisher) == ("attributed", "The Tern Tribune")
    assert line.story == told(store)["herald.example/lake"][0].story


def test_the_page_that_is_credited_is_the_original_once_it_is_held(store: Store) -> None:
    line_of(store, HERALD, copy())
    own = article("terntribune.example/lake", LAKE, hours=-3, site_name="The Tern Tribune")
    line = line_of(store, own)
    assert (line.original_url, line.publisher) == (own.url, "The Tern Tribune")
    assert "no page of theirs" not in " ".join(one.reason for one in line.evidence)


@pytest.mark.parametrize(
    ("host", "name", "credit", "theirs"),
    [
        ("ntt.example", None, "Northern Tern Tribune", True),
        ("terntrib.example", None, "The Tern Tribune", True),
        ("herald.example", "The Tern Tribune", "Tern Tribune", True),
        ("herald.example", "Bay of Terns Tribune", "btt.example", False),
        ("herald.example", "The Herald of Terns", "Northern Tern Tribune", False),
    ],
)
def test_a_house_is_known_by_the_beginnings_of_its_names_words(
    store: Store, host: str, name: str | None, credit: str, theirs: bool
) -> None:
    original = article(f"{host}/lake", LAKE, site_name=name)
    line = line_of(store, original, copy(("credit_line", credit, f"Source: {credit}")))
    assert ("credit_elsewhere" in {one.signal for one in line.evidence}) is not theirs
    assert line.publisher == ((name or host) if theirs else credit)


def test_a_name_in_another_script_may_be_that_of_a_host(store: Store) -> None:
    credit = ("credit_line", "Вестник Озера", "Источник: Вестник Озера")
    own = article("vestnik.example/1", text("own"), site_name="Вестник Озера")
    line = line_of(store, HERALD, own, copy(credit))
    assert (line.original_url, line.publisher) == (HERALD.url, "Вестник Озера")
    assert "credit_elsewhere" not in {one.signal for one in line.evidence}


def test_a_page_that_links_to_the_other_came_from_it(store: Store) -> None:
    page = article("mirror.example/a", LAKE, hours=4, clues=[LINE, ("source_link", HERALD.url, "here")])
    line = line_of(store, HERALD, page)
    assert (line.original_url, line.publisher) == (HERALD.url, "herald.example")


def test_a_credit_of_a_round_up_is_not_that_of_each_of_its_sources(store: Store) -> None:
    digest = "\n\n".join((part(LAKE, 0, 2), part(HERON, 0, 2), paragraph("our own")))
    other = article("heronpost.example/1", HERON, hours=1)
    lines = link(store, HERALD, other, copy(body=digest, hours=5))["mirror.example/a"]
    assert {line.publisher for line in lines} == {"herald.example", "heronpost.example"}
    assert all("credit_elsewhere" in {one.signal for one in line.evidence} for line in lines)


def press() -> list[Article]:
    return [
        HERALD,
        copy(),
        replace(copy(SUFFIX, hours=40 * DAY), url="http://late.example/a", site="late.example"),
        article("plain.example/a", LAKE, hours=9),
        article("terntribune.example/lake", part(LAKE, 0, 6), hours=60 * DAY, site_name="The Tern Tribune"),
        article("terntribune.example/heron", HERON, site_name="The Tern Tribune"),
        article("cut.example/a", part(LAKE, 3, 8), hours=6, clues=[CANONICAL]),
        article("undated.example/a", LAKE, hours=None, clues=[LINE]),
    ]


PRESS = press()


def verdicts(articles: list[Article], size: int, *, relink: bool = False) -> dict[str, tuple[Verdict, ...]]:
    """Of articles that come so many at a time."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/store.db")
        room = linker(store)
        for start in range(0, len(articles), size):
            room.link([Arrival(one) for one in articles[start : start + size]])
        room.drain()
        if relink:
            room.relink()
        found = told(store)
        store.close()
    return {url: tuple(replace(line, revision=1) for line in lines) for url, lines in found.items()}


@settings(max_examples=12, deadline=None)
@given(st.sets(st.sampled_from(range(len(PRESS))), min_size=2), st.randoms(use_true_random=False), st.integers(1, 4))
def test_order_and_batches_change_nothing(chosen: set[int], rng: random.Random, size: int) -> None:
    articles = [PRESS[number] for number in sorted(chosen)]
    expected = verdicts(articles, len(articles))
    rng.shuffle(articles)
    assert verdicts(articles, size) == expected
    assert verdicts(articles, len(articles), relink=True) == expected
