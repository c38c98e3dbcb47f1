"""Which parameters say nothing, judged from pages and their texts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.parameters import cursor_without, without
from crawler.discovery.turnover import mark
from crawler.spiders.idle_parameters import MOST, idle_parameters

H = "http://a.example"


def sessions(stories: int, visits: int = 2, shape: str = "/s/{n}?sid=x{v}{n}") -> list[tuple[str, str]]:
    return [(H + shape.format(n=n, v=v), f"text {n}") for n in range(stories) for v in range(visits)]


def test_a_session_says_nothing():
    assert idle_parameters(sessions(3)) == {"sid"}
    assert idle_parameters(sessions(2)) == frozenset()


def test_parameters_that_are_new_together_are_known_together():
    assert idle_parameters(sessions(5, shape="/s/{n}?sid={v}{n}&lang=en&ref={n}{v}")) == {"sid", "ref"}


def test_the_number_of_an_article_says_which_it_is():
    pages = sessions(9, shape="/index.php?id={n}&sid={v}{n}")
    assert idle_parameters(pages) == {"sid"}
    twice = [(f"{H}/index.php?id={n + 100}&sid={n}9", f"text {n}") for n in range(3)]  # three were posted twice
    assert idle_parameters(pages + twice) == {"sid"}
    assert idle_parameters([(url.partition("&")[0], text) for url, text in pages + twice]) == frozenset()


def test_the_number_of_an_article_stays_where_two_others_are_new_together():
    pages = sessions(9, shape="/index.php?id={n}&sid={v}{n}&ref={n}{v}")
    twice = [(f"{H}/index.php?id={n + 100}&sid={n}9&ref=9{n}", f"text {n}") for n in range(3)]
    assert idle_parameters(pages + twice) == {"sid", "ref"}


def test_a_language_or_a_page_number_says_something():
    two = [(f"{H}/s/{n}?lang={lang}", f"text {n} {lang}") for n in range(9) for lang in ("en", "de")]
    untranslated = [(f"{H}/u/{n}?lang={lang}", f"text u{n}") for n in range(9) for lang in ("en", "de")]
    assert idle_parameters(two + untranslated) == frozenset()
    assert idle_parameters(two[:2] + untranslated) == frozenset()


def test_one_edit_among_many_is_forgiven():
    pages = sessions(30)
    edited = [(f"{H}/s/3?sid=late", "text 3, corrected")]
    assert idle_parameters(pages + edited) == {"sid"}
    assert idle_parameters(pages[:12] + edited) == frozenset()


def test_what_is_known_stays_known_and_the_rest_is_judged_beside_it():
    pages = sessions(5, shape="/s/{n}?sid={v}{n}&t={n}{v}")
    assert idle_parameters(pages, {"sid"}) == {"sid", "t"}
    assert idle_parameters([], {"sid"}) == {"sid"}


def test_a_mark_that_only_some_links_carry():
    pages = [(f"{H}/s/{n}{query}", f"text {n}") for n in range(4) for query in ("", "?from=front")]
    assert idle_parameters(pages) == {"from"}


NAMES = st.sampled_from(["id", "sid", "ref", "p", "x" * 200, ""])
QUERIES = st.lists(st.tuples(NAMES, st.sampled_from(["", "1", "2", "3"])), max_size=3)


@st.composite
def sites(draw) -> list[tuple[str, str]]:
    pages = draw(st.lists(st.tuples(st.sampled_from("abcd"), QUERIES, st.sampled_from("123")), max_size=30))
    return [(f"{H}/{path}?" + "&".join(f"{n}={v}" for n, v in query), text) for path, query, text in pages]


@given(sites(), st.randoms(use_true_random=False))
def test_no_order_matters(pages, chance):
    mixed = pages * 2
    chance.shuffle(mixed)
    idle = idle_parameters(pages)
    assert idle_parameters(mixed) == idle
    assert all(0 < len(name) <= 100 for name in idle)


@given(st.integers(3, 12), st.integers(2, 4), st.booleans(), st.randoms(use_true_random=False))
def test_sessions_are_found_whatever_else_the_addresses_say(stories, visits, by_path, chance):
    shape = "/s/{n}?page=full&sid={v}{n}" if by_path else "/?page=full&id={n}&sid={v}-{n}"
    pages = sessions(stories, visits, shape)
    chance.shuffle(pages)
    assert idle_parameters(pages) == {"sid"}


@given(st.lists(st.text(max_size=40), max_size=40), st.text(max_size=3))
def test_nothing_that_a_site_writes_makes_it_raise(queries, text):
    idle_parameters([(f"{H}/?{query}", text) for query in queries])


def test_names_are_bounded():
    many = "&".join(f"n{number}={{v}}{{n}}" for number in range(MOST + 5))
    assert len(idle_parameters(sessions(5, shape="/s/{n}?" + many))) <= MOST


def test_an_address_without_parameters():
    names = {"sid", "ref"}
    assert without(f"{H}/a?sid=1&ref=2", names) == f"{H}/a"
    assert without(f"{H}/a?id=1&sid=2&id=3&sidx=4", names) == f"{H}/a?id=1&id=3&sidx=4"
    assert without(f"{H}/a?sid#!/b?sid=1", names) == f"{H}/a#!/b?sid=1"
    assert without(f"{H}/a?sid=1", ()) == f"{H}/a?sid=1"


def test_a_cursor_is_told_anew():
    cursor = {
        "front": f"{H}/?sid=1",
        "lists": {f"{H}/s?sid=1": {"shown": [f"{H}/1?sid=1", f"{H}/1?sid=2"], "misses": 1}, f"{H}/t?sid=2": {}},
        "recent": [mark(f"{H}/1?sid=1")],
        "near": [f"{H}/?page=2&sid=4", 2],
        "patterns": {"yes": {"/s?sid=D": 3}},
    }
    assert cursor_without(cursor, {"sid"}, [f"{H}/1?sid=9"]) == {
        "front": f"{H}/?sid=1",
        "lists": {f"{H}/s?sid=1": {"shown": [f"{H}/1"], "misses": 1}, f"{H}/t?sid=2": {}},
        "recent": [mark(f"{H}/1"), mark(f"{H}/1?sid=1")],
        "near": [f"{H}/?page=2&sid=4", 2],
        "patterns": {"yes": {"/s?sid=D": 3}},
    }
