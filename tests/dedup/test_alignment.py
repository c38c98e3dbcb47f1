from __future__ import annotations

import random
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.dedup import align, compiling, prepare, sketch
from crawler.dedup.alignment import Match
from crawler.dedup.quotes import quoted_spans
from crawler.dedup.words import read_words
from tests.dedup import generate
from tests.dedup.generate import fiction

# Few words, so that texts repeat themselves and share much; with what a page does to them.
WORDS = st.lists(
    st.sampled_from(
        ["the", "ferry", "sailed", "at", "noon", "12", "3.5", "“", "”", ".", "\n\n", "don’t", "渡", "口", "ไป"]
    ),
    max_size=120,
).map(" ".join)


def words(text: str) -> list[int]:
    return read_words(text).hashes.tolist()


def check(match: Match, a: str, b: str) -> None:
    """What holds of every match."""
    end = 0
    for passage in match.passages:
        assert end <= passage.a_start < passage.a_end <= len(a)
        assert 0 <= passage.b_start < passage.b_end <= len(b)
        assert words(a[passage.a_start : passage.a_end]) == words(b[passage.b_start : passage.b_end])
        end = passage.a_end
    pieces = sorted([*(one[:2] for one in match.passages), *(one[:2] for one in match.inserts)])
    assert [word for start, end in pieces for word in words(a[start:end])] == words(a)
    assert 0 <= match.copied <= 1.000001
    assert 0 <= match.coverage <= 1.000001


@settings(max_examples=300, deadline=None)
@given(WORDS, WORDS)
def test_spans_are_equal_text(a: str, b: str) -> None:
    check(align(a, b), a, b)


@settings(max_examples=200, deadline=None)
@given(WORDS, WORDS)
def test_compiled_and_plain_loops_agree(a: str, b: str) -> None:
    if compiling.kernel() is None:
        pytest.skip("numba is not installed")
    compiled = align(a, b)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiling, "kernel", lambda: None)
        plain = align(a, b)
        assert plain == compiled
        assert (plain.inserts, plain.omissions, plain.quoted) == (compiled.inserts, compiled.omissions, compiled.quoted)


@given(st.text(max_size=300))
def test_a_text_always_matches_itself(text: str) -> None:
    match = align(text, text)
    if words(text):
        assert (match.kind, match.copied, match.coverage, match.jaccard) == ("copy", 1, 1, 1)
        assert not match.inserts
        assert not match.omissions
    else:
        assert match.kind == "none"


def test_excerpt() -> None:
    whole = fiction(1, 600)
    page = whole[: whole.index("\n\n", len(whole) // 3)]
    match = align(page, whole)
    assert match.kind == "copy"
    assert match.copied == 1
    assert match.coverage == pytest.approx(1 / 3, abs=0.05)
    assert match.passages == ((0, len(page) - 1, 0, len(page) - 1, len(page.split())),)
    assert match.omissions[0].start > len(page)
    assert align(whole, page).coverage == 1


def test_edits_cost_what_they_change() -> None:
    whole = fiction(2, 600)
    edited = generate.replaced(whole, 0.2, random.Random(5), ["xylem", "quorum", "zephyr"])
    match = align(edited, whole)
    check(match, edited, whole)
    assert match.kind == "copy"
    assert match.copied == pytest.approx(0.8, abs=0.04)
    assert match.coverage == pytest.approx(0.8, abs=0.04)


def test_inserts_and_omissions() -> None:
    parts = fiction(3, 400).split("\n\n")
    page = "\n\n".join([parts[0], "See also: the heron of Pell has returned.", *parts[1:4], *parts[5:]])
    whole = "\n\n".join(parts)
    match = align(page, whole)
    assert [page[start:end] for start, end, _ in match.inserts] == ["See also: the heron of Pell has returned"]
    assert [whole[start:end] for start, end, _ in match.omissions] == [parts[4].strip("“.")]
    assert match.omissions[0].words == len(words(parts[4]))


def test_order_of_paragraphs_does_not_matter() -> None:
    parts = fiction(4, 500).split("\n\n")
    match = align("\n\n".join(reversed(parts)), "\n\n".join(parts))
    assert match.kind == "copy"
    assert match.copied > 0.99


@pytest.mark.parametrize(
    "frame", ["“{}”", "«{}»", '"{}"', "„{}“", "「{}」", "The letter in full:\n\n{}\n\n", "“{}\n\n“And so it ends.”"]
)
def test_quotation(frame: str) -> None:
    source = fiction(5, 500)
    piece = " ".join(source.replace("“", "").replace("”", "").split("\n\n")[2:5])
    own = fiction(6, 300)
    page = own[:800] + "\n\n" + frame.format(piece) + "\n\n" + own[800:]
    match = align(page, source)
    assert match.kind == "quotation"
    assert match.quoted > 0.9


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ('He said "stop" and 5" pipes, "go on"', ['"stop"', '"go on"']),
        ("“First.\n\n“Second.” Third.", ["“First.", "“Second.”"]),
        ("The letter:\n\nDear “all”, no.\n\n“Yes.”", ["Dear “all”, no.", "“Yes.”"]),
        ("‘It’s late’ isn’t", ["‘It’s late’"]),
        ('"Begun here\nand not ended"', []),
        ("「船」と『港』", ["「船」", "『港』"]),
    ],
)
def test_where_a_text_quotes(text: str, spans: list[str]) -> None:
    assert [text[start:end] for start, end in quoted_spans(text)] == spans


@pytest.mark.parametrize("piece", ["“", "‘", "‘’a", '"a ', ":\n", "a:\n“x”\n"])
def test_hostile_quotations_take_linear_time(piece: str) -> None:
    started = time.perf_counter()
    quoted_spans(piece * 50_000)
    assert time.perf_counter() - started < 2


def test_the_same_paragraphs_without_marks_are_a_copy() -> None:
    source, own = fiction(5, 500), fiction(6, 300)
    piece = "\n\n".join(source.split("\n\n")[2:4])
    assert align(own[:800] + "\n\n" + piece + "\n\n" + own[800:], source).kind == "copy"


def test_interview_copied_whole_is_a_copy() -> None:
    source = "\n\n".join(f"“{part}”" for part in fiction(7, 300).replace("“", "").replace("”", "").split("\n\n"))
    assert align(source, source + "\n\nAnd a last word.").kind == "copy"


@pytest.mark.parametrize("seed", range(12))
def test_templates_and_their_copies(seed: int) -> None:
    monday, tuesday = generate.template(seed, 1), generate.template(seed, 2)
    match = align(tuesday, monday)
    assert match.kind == "template"
    assert match.numbers_differ
    assert align(monday.replace("the", "this"), monday).kind == "copy"


def test_one_corrected_number_does_not_make_a_template() -> None:
    whole = generate.template(3, 1)
    numbers = [word for word in whole.split() if word.replace(".", "").isdigit()]
    match = align(whole.replace(f" {numbers[9]} ", " 77.7 ", 1), whole)
    assert match.kind == "copy"
    assert match.numbers_changed == 1
    assert not match.numbers_differ


def test_standing_last_paragraph_is_no_copy() -> None:
    foot = fiction(8, 55).replace("\n\n", " ")
    assert align(fiction(9, 400) + "\n\n" + foot, fiction(10, 400) + "\n\n" + foot).kind == "overlap"


def test_a_line_of_credits_may_stand_below_it() -> None:
    foot = fiction(8, 70).replace("\n\n", " ")
    one, other = (
        "Reporting by Ilse Maren in Pell; editing by Odo Roy",
        "Written by Femi Dow; edited by Pia Sand and Hal Lunn",
    )
    assert align(f"{fiction(9, 400)}\n\n{foot}\n\n{one}", f"{fiction(10, 400)}\n\n{foot}\n\n{other}").kind == "overlap"
    assert align(f"{fiction(9, 400)}\n\n{foot}\n\n{fiction(61, 60)}", f"{fiction(10, 400)}\n\n{foot}").kind == "copy"


def test_phrases_that_both_have_by_chance_do_not_make_it_one() -> None:
    foot, shared = fiction(8, 55).replace("\n\n", " "), ["at the end of the day on", "as far as anyone there can tell"]
    one, other = (
        fiction(seed, 240).split("\n\n")[:2] + [f"{phrase} {fiction(seed + 50, 20)}" for phrase in shared] * 2
        for seed in (9, 10)
    )
    match = align("\n\n".join([*one, *[fiction(61, 120)], foot]), "\n\n".join([*other, *[fiction(62, 120)], foot]))
    assert match.words > 1.25 * 55  # so that the last paragraph is less than four fifths of all
    assert match.kind == "overlap"


def test_the_last_third_of_a_text_under_another_is_a_copy() -> None:
    source, own = fiction(14, 400), fiction(15, 400)
    piece = source[source.index("\n\n", len(source) * 3 // 5) :]
    assert align(own + piece, source).kind == "copy"


def test_standing_hashes_do_not_count() -> None:
    banner = fiction(11, 160)
    page, other = banner + "\n\n" + fiction(12, 200), fiction(13, 150) + "\n\n" + banner
    assert align(page, other).kind == "copy"
    standing = np.intersect1d(sketch(page).hashes, sketch(banner + banner).hashes)
    match = align(page, other, standing=standing)
    assert match.kind in ("overlap", "none")
    assert match.standing > 100
    check(match, page, other)


def test_a_phrase_of_many_texts_counts_inside_a_sentence_that_both_have() -> None:
    words = fiction(11, 300).split()
    whole = " ".join(words)
    shared = sketch(whole).hashes
    for number in range(len(shared)):  # whichever shingle it is that many texts have
        assert align(whole, whole, standing=shared[number : number + 1]).copied == 1
    assert align(whole, fiction(12, 300), standing=shared).copied == 0


def test_a_sentence_of_many_texts_is_copied_with_the_passage_round_it() -> None:
    sentence = fiction(15, 40)
    page = f"{fiction(11, 150)}\n\n{fiction(13, 8)} {sentence} {fiction(14, 8)}\n\n{fiction(12, 150)}"
    standing = np.intersect1d(sketch(page).hashes, sketch(sentence).hashes)
    assert len(standing) >= 2
    match = align(page, page, standing=standing)
    assert (match.kind, match.copied, match.coverage, match.standing) == ("copy", 1.0, 1.0, 0)
    assert len(match.passages) == 1
    assert match.inserts == match.omissions == ()


def test_what_many_texts_have_is_not_copied_where_it_is_most_of_a_passage() -> None:
    banner = fiction(11, 160)
    body = fiction(12, 200)
    page, other = f"{body}\n\n{fiction(13, 30)}\n\n{banner}", f"{body}\n\n{fiction(14, 30)}\n\n{banner}"
    match = align(page, other, standing=np.intersect1d(sketch(page).hashes, sketch(banner).hashes))
    assert match.kind == "copy"
    assert match.standing > 100
    assert match.copied < 0.6
    check(match, page, other)


def test_other_texts_on_one_topic_are_no_copy() -> None:
    texts = [fiction(seed, 400) for seed in range(20, 40)]
    for pair in generate.near_misses(texts):
        assert align(pair.page, pair.source).kind != "copy", pair.stratum


def test_scripts_without_spaces_count_as_words_of_several_letters() -> None:
    text = "旧渡口的管理员说，下周一早上第一班船将重新启航，票价不变。" * 4
    match = align(text, text)
    assert match.kind == "copy"
    assert 60 < match.words < len(text)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("the " * 100_000, "the " * 99_999),
        ("a b c d e f " * 16_000, "f e d c b a " * 16_000),
        ("to be or not " * 25_000, "or not to be " * 25_000),
        (" ".join(str(n % 7) for n in range(100_000)), " ".join(str(n % 11) for n in range(100_000))),
        ("the quick " * 50_000, "the quick brown " * 33_000),
        ("one two three four five six x " * 14_000, "one two three four five six y " * 14_000),
    ],
)
def test_hostile_repetition_takes_linear_time(a: str, b: str) -> None:
    one, other = prepare(a), prepare(b)
    started = time.perf_counter()
    align(one, other)
    assert time.perf_counter() - started < 3
