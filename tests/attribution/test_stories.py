"""Roots, circles and ways, on graphs of our own making."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from newsroom import article

from crawler.attribution.pairs import Page, Shared
from crawler.attribution.pointers import Choice, Pointer
from crawler.attribution.publishers import Publisher
from crawler.attribution.stories import alone, conclude, story_of
from crawler.attribution.times import moment_of
from crawler.attribution.ways import Above, Family
from crawler.items import to_iso

EQUAL = Shared(1.0, 1.0, 100, 100, 100, 1.0, ((0, 500, 0, 500),))


def above(edges: dict[int, list[int]]) -> Above:
    """Pages 0, 1, 2 …, each an hour later than the one before; who points at whom; all share all."""

    def page(number: int) -> Page:
        one = article(f"s{number}.example/a", "", hours=number)
        return Page(number, one, one.site, Publisher(one.site, one.site, one.site), moment_of(one), ())

    def choice(number: int) -> Choice:
        return Choice(sources=tuple(Pointer(parent, "copy", 2.0, page(parent).url) for parent in edges.get(number, [])))

    return Above(page, choice, lambda _one, _other: EQUAL)


def test_a_page_that_nothing_ties_to_another_is_concluded_without_a_look() -> None:
    scene = above({})
    (line,) = conclude(3, scene)
    assert line.to_dict() == alone(line.url, line.site, to_iso(line.published))


graphs = st.dictionaries(st.integers(0, 7), st.lists(st.integers(0, 7), max_size=3, unique=True)).map(
    lambda edges: {one: [parent for parent in parents if parent != one] for one, parents in edges.items()}
)


@given(graphs, st.integers(0, 7))
def test_every_way_ends(edges: dict[int, list[int]], start: int) -> None:
    family = Family(start, above(edges))
    for path in family.paths(start):
        assert len(set(path)) == len(path)
        assert start not in path
        assert family.parents(path[-1]) == ()


@given(graphs)
def test_the_root_is_the_same_from_wherever_one_starts(edges: dict[int, list[int]]) -> None:
    scene = above({one: parents[:1] for one, parents in edges.items()})
    stories = {number: conclude(number, scene)[0].story for number in range(8)}
    for number, parents in edges.items():
        if parents:
            assert stories[number] == stories[parents[0]]


def test_a_circle_is_cut_at_its_earliest_page() -> None:
    scene = above({1: [2], 2: [3], 3: [1], 4: [2]})
    lines = {number: conclude(number, scene)[0] for number in (1, 2, 3, 4)}
    assert lines[1].status == "original"
    assert {lines[number].original_url for number in (2, 3, 4)} == {"http://s1.example/a"}
    assert len({line.story for line in lines.values()}) == 1


def test_a_copy_of_a_round_up_has_all_its_sources_that_it_shares_text_with() -> None:
    scene = above({5: [1, 2, 3], 6: [5]})
    assert {line.original_url for line in conclude(6, scene)} == {f"http://s{n}.example/a" for n in (1, 2, 3)}
    only = replace(scene, shared=lambda one, other: EQUAL if (one, other) in ((6, 5), (6, 2)) else None)
    assert [line.original_url for line in conclude(6, only)] == ["http://s2.example/a"]


def test_who_takes_a_round_ups_own_words_has_the_round_up_for_its_source() -> None:
    scene = above({5: [1, 2, 3], 6: [5], 7: [6], 8: [7]})
    own = {(6, 5), (7, 5), (7, 6), (8, 7)}  # the last one shares nothing with the round-up any more
    scene = replace(scene, shared=lambda one, other: EQUAL if (one, other) in own or one == 5 else None)
    for number, original in ((6, 5), (7, 5)):
        [line] = conclude(number, scene)
        assert (line.original_url, line.publisher) == (f"http://s{original}.example/a", "s5.example")
        assert line.story == story_of("http://s5.example/a")
    [line] = conclude(8, scene)
    assert (line.original_url, line.story) == ("http://s7.example/a", story_of("http://s5.example/a"))
    assert {line.original_url for line in conclude(5, scene)} == {f"http://s{n}.example/a" for n in (1, 2, 3)}


def test_a_page_beside_a_copy_of_a_round_ups_own_words_is_of_the_round_ups_story() -> None:
    scene = above({3: [1, 2], 4: [3]})
    shared = {(4, 3), (3, 1), (3, 2)}
    scene = replace(
        scene,
        choice=lambda number: Choice(first_beside=4) if number == 5 else above({3: [1, 2], 4: [3]}).choice(number),
        shared=lambda one, other: EQUAL if (one, other) in shared else None,
    )
    assert conclude(5, scene)[0].story == conclude(4, scene)[0].story == story_of("http://s3.example/a")


def test_a_deep_chain_is_no_trouble() -> None:
    scene = above({number: [number - 1] for number in range(1, 3000)})
    (line,) = conclude(2999, scene)
    assert line.original_url == "http://s0.example/a"


def test_a_thicket_is_bounded() -> None:
    scene = above({number: list(range(max(0, number - 3), number)) for number in range(1, 60)})
    assert conclude(59, scene)[0].original_url == "http://s0.example/a"
