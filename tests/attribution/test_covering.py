"""Which sources explain what a page shares, and what in a page shows that it came by one of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crawler.attribution.covering import adds, departs, hands_on, slips
from crawler.attribution.pairs import Passage, Shared


def shared(*passages: Passage, words: int = 200, turned: bool = False) -> Shared:
    """Of a page with 200 words of 5 letters each."""
    stored = tuple((c, d, a, b) for a, b, c, d in passages) if turned else passages
    return Shared(words / 200, 1.0, 200, 200, words, 1.0, stored, turned)


WHOLE = shared((0, 1000, 0, 1000))
DEPARTED = shared((0, 300, 0, 300), (310, 600, 320, 610), (612, 1000, 640, 1028))


def test_places_with_the_words_of_another_are_slips() -> None:
    assert slips(DEPARTED, WHOLE) == 2
    assert departs(DEPARTED, WHOLE)
    assert slips(WHOLE, DEPARTED) == 0


def test_a_phrase_that_the_source_has_again_is_no_slip() -> None:
    again = shared((0, 1000, 0, 1000), (199, 222, 1900, 1923), (199, 222, 2800, 2823), (900, 940, 2000, 2040))
    assert slips(again, WHOLE) == 0
    assert slips(DEPARTED, again) == 2, "nor does it hide what the other source has"


@given(st.lists(st.tuples(st.integers(0, 999), st.integers(1, 200)), max_size=8), st.booleans())
def test_passages_inside_of_others_change_nothing(inside: list[tuple[int, int]], turned: bool) -> None:
    def with_more(base: Shared) -> Shared:
        nested = [
            (start, min(start + size, end), 5000 + start, 5000 + min(start + size, end))
            for start, size in inside
            for first, end, _, _ in base.passages
            if first <= start < end
        ]
        return shared(*sorted([*base.passages, *nested]), turned=turned)

    for one, other in ((DEPARTED, WHOLE), (WHOLE, DEPARTED), (WHOLE, WHOLE)):
        assert slips(with_more(one), with_more(other)) == slips(one, other)
        assert adds(with_more(one), with_more(other)) == adds(one, other)


def test_a_sentence_is_more_and_scraps_are_none() -> None:
    assert adds(WHOLE, shared((0, 500, 0, 500), (570, 1000, 500, 930), words=186)), "14 words in one stretch"
    scraps = shared((0, 200, 0, 200), (230, 600, 230, 600), (640, 960, 640, 960), words=178)
    assert not adds(WHOLE, scraps), "22 words, of which 8 stand together"
    assert not adds(WHOLE, WHOLE)
    assert adds(WHOLE, shared((0, 900, 0, 900), words=180)), "at the end too"
    assert not adds(shared(words=0), WHOLE)


def test_a_page_hands_on_what_it_had_from_another() -> None:
    had = shared((0, 300, 0, 300), (600, 900, 300, 600))
    assert hands_on(shared((0, 100, 500, 640)), had), "of the second passage, 40 letters"
    assert hands_on(shared((500, 640, 0, 100), turned=True), had) is hands_on(shared((500, 640, 0, 100)), had)
    assert not hands_on(shared((0, 290, 302, 592), (300, 360, 905, 965)), had), "all between and behind"
    assert not hands_on(shared((0, 308, 300, 608)), had), "a word at the joint"
    assert not hands_on(shared(words=0), had)
