from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from crawler.report.marks import mark, trimmed, unshared

TEXTS = st.text(alphabet="ab .\n\u0647\u4e2d", max_size=60)
SPANS = st.lists(st.tuples(st.integers(-3, 70), st.integers(-3, 70)), max_size=5)


def test_paragraphs_and_passages() -> None:
    text = "One two three.\n\nFour five six."
    first, second = mark(text, [(4, 20)])
    assert [(p.text, p.passage, p.first) for p in first.pieces] == [
        ("One ", 0, False),
        ("two three.", 1, True),
    ]
    assert [(p.text, p.passage, p.first) for p in second.pieces] == [("Four", 1, False), (" five six.", 0, False)]
    assert not first.alone


def test_what_is_not_shared_is_told_without_mere_punctuation() -> None:
    assert unshared("Alpha beta, gamma. Delta.", [(0, 10), (12, 17)]) == [". Delta."]
    assert unshared("Alpha.", []) == ["Alpha."]


def test_passages_keep_the_number_they_were_given() -> None:
    (only,) = mark("aaa bbb ccc", [(8, 11), (0, 3)])
    assert [(p.text, p.passage) for p in only.pieces] == [("aaa", 2), (" bbb ", 0), ("ccc", 1)]


def test_what_a_third_text_has_is_neither_shared_nor_alone() -> None:
    first, second = mark("One two three.\n\nFour five six.", [(4, 7)], elsewhere=[(0, 7), (16, 30)])
    assert [(p.text, p.passage, p.elsewhere) for p in first.pieces] == [
        ("One ", 0, True),
        ("two", 1, False),
        (" three.", 0, False),
    ]
    assert not second.alone
    assert unshared("One two three.\n\nFour five six.", [(4, 7)], [(0, 7), (16, 30)]) == ["three."]


@given(TEXTS, SPANS, SPANS)
def test_elsewhere_takes_only_from_what_is_not_shared(
    text: str, spans: list[tuple[int, int]], others: list[tuple[int, int]]
) -> None:
    spans, others = ([(max(a, 0), b) for a, b in some] for some in (spans, others))
    signs = [
        (sign, piece.passage, piece.elsewhere)
        for paragraph in mark(text, spans, others)
        for piece in paragraph.pieces
        for sign in piece.text
    ]
    plain = [(sign, p.passage) for paragraph in mark(text, spans) for p in paragraph.pieces for sign in p.text]
    assert [(sign, passage) for sign, passage, _ in signs] == plain
    assert not any(passage and elsewhere for _, passage, elsewhere in signs)
    both = "".join(unshared(text, [*spans, *others]))
    assert re.sub(r"\W", "", "".join(unshared(text, spans, others))) == re.sub(r"\W", "", both)


@given(TEXTS, SPANS)
def test_nothing_is_lost_or_doubled(text: str, spans: list[tuple[int, int]]) -> None:
    spans = [(max(a, 0), b) for a, b in spans]
    shown = "".join(piece.text for paragraph in mark(text, spans) for piece in paragraph.pieces)
    assert re.sub(r"\s", "", shown) == re.sub(r"\s", "", text)


@given(TEXTS)
def test_trimming_keeps_every_character(text: str) -> None:
    before, core, after = trimmed(text)
    assert before + core + after == text
    assert core == core.strip()
