from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.discovery.census import Answer, Census
from crawler.discovery.numbers import packed, unpacked

NUMBERS = st.sets(st.integers(0, 2**63 - 1), max_size=60)


@given(NUMBERS)
def test_packed_numbers_come_back(numbers: set[int]) -> None:
    assert unpacked(packed(numbers)) == sorted(numbers)


@given(st.text(max_size=20))
def test_no_packed_numbers(text: str) -> None:
    assert isinstance(unpacked(text), list)


def test_packed_numbers_are_small() -> None:
    assert len(packed(range(100_000, 130_000, 3))) < 21_000  # 10,000 posts


def take(held: list[int], there: list[int], per_page: int) -> tuple[set[int], int]:
    """A census against a site that has the posts `there`. Returns what is gone and how many questions that took."""
    pages = -(-len(there) // per_page)
    answer = Answer((there[-1],), len(there), pages)
    ids, state, gone, questions = list(held), {}, set(), 0
    census = Census(state, ids, per_page)
    question = census.begin(answer)
    while question:
        questions += 1
        assert questions <= pages + len(held) + 1
        census = Census(state, ids, per_page)
        if question.include:
            shown = [one for one in there if one in question.include]
            question = census.confirmed(question.include, Answer(tuple(shown)))
            gone |= set(census.gone)
        else:
            shown = there[(question.page - 1) * per_page : question.page * per_page]
            new = sorted(set(shown) - set(ids))
            ids[:] = sorted({*ids, *new})
            question = census.counted(question.page, Answer(tuple(shown), len(there), pages), len(new))
    assert set(ids) >= set(there) - (set(there) - set(held)) - gone
    return gone, questions


@settings(max_examples=200)
@given(st.lists(st.integers(1, 100_000), min_size=2, max_size=300, unique=True), st.data())
def test_every_deletion_is_found(numbers: list[int], data: st.DataObject) -> None:
    held = sorted(numbers)
    lost = data.draw(st.sets(st.sampled_from(held[:-1]), max_size=20))
    gone, _ = take(held, [one for one in held if one not in lost], data.draw(st.integers(1, 12)))
    assert gone == lost


@settings(max_examples=200)
@given(st.lists(st.integers(1, 100_000), min_size=2, max_size=300, unique=True), st.data())
def test_nothing_that_lives_is_called_gone(numbers: list[int], data: st.DataObject) -> None:
    there = sorted(numbers)
    unseen = data.draw(st.sets(st.sampled_from(there[:-1]), max_size=20))
    lost = data.draw(st.sets(st.integers(100_001, 100_100), max_size=5))
    held = sorted({*there, *lost} - unseen)
    gone, _ = take(held, there, data.draw(st.integers(1, 12)))
    assert gone <= lost


def test_one_deletion_among_ten_thousand_costs_nine_questions_at_most() -> None:
    held = list(range(1000, 41_000, 4))
    for place in (0, 1, 99, 100, 4_999, 5_000, 7_777, 9_899, 9_900, 9_998):
        there = held[:place] + held[place + 1 :]
        gone, questions = take(held, there, 100)
        assert gone == {held[place]}
        assert questions <= 9


def test_a_difference_that_stays_is_looked_for_once() -> None:
    """A site counts a post that it never shows."""
    held = list(range(1, 500))
    state: dict[str, object] = {}
    census = Census(state, list(held), 100)
    question = census.begin(Answer((held[-1],), len(held) + 1, 5))
    while question:
        shown = tuple(held[(question.page - 1) * 100 : question.page * 100])
        question = Census(state, list(held), 100).counted(question.page, Answer(shown), 0)
    assert state == {"slack": -1}
    assert Census(state, list(held), 100).begin(Answer((held[-1],), len(held) + 1, 5)) is None


def test_an_answer_without_the_control_proves_nothing() -> None:
    held = list(range(1, 50))
    state: dict[str, object] = {}
    census = Census(state, held, 100)
    question = census.begin(Answer((49,), 48, 1), suspects=[7])
    assert question is not None
    census.confirmed(question.include, Answer(()))
    assert not census.gone
    assert 7 in held
