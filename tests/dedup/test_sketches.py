from __future__ import annotations

import struct
import unicodedata

import numpy as np
import pytest
from datasketch import LeanMinHash, MinHash, MinHashLSH
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.dedup import (
    RECIPE,
    RecipeMismatch,
    Sketch,
    compiling,
    letters,
    packing,
    shingle_hashes,
    sketch,
    unicode_table,
)
from crawler.dedup.sketches import CEILING, FLOOR, SAMPLING, plain_sketch
from crawler.dedup.words import MAX_CHARS, plain_words, read_words
from tests.dedup.generate import fiction

# Characters that decide something: every class of the table, foldings into several, marks, joints, surrogates.
TELLING = (
    "aB1 .,'’-\u00ad\u200b\u0301\u0327\u05b0\u064b\u3099\n\ud800\U0001d400💬"
    "ßﬁ½²ⅷİıςΣ가각ㅏ漢字かガｶﾞー々ไทยภาษ่ำກຂကခ្មែرـأﷺ१٣"
)
TEXTS = st.one_of(st.text(TELLING, max_size=200), st.text(st.characters(), max_size=80))


def words_of(text: str) -> list[str]:
    words = read_words(text)
    return [text[start:end] for start, end in zip(words.starts, words.ends, strict=True)]


def same(one: str, other: str) -> bool:
    return bool(np.array_equal(read_words(one).hashes, read_words(other).hashes))


@pytest.mark.skipif(compiling.kernel() is None, reason="numba is not installed: NumPy is all there is")
@settings(max_examples=400)
@given(TEXTS)
def test_kernel_equals_numpy(text: str) -> None:
    for compiled, plain in zip(read_words(text), plain_words(text), strict=True):
        assert compiled.dtype == plain.dtype
        assert np.array_equal(compiled, plain)
    assert sketch(text) == plain_sketch(text)


@pytest.mark.skipif(compiling.kernel() is None, reason="numba is not installed: NumPy is all there is")
@pytest.mark.parametrize("count", [4, 5, 40, 300, 700, 20_000])
def test_kernel_equals_numpy_on_long_texts(count: int) -> None:
    for text in (" ".join(f"word{n}" for n in range(count)), "to be or not " * count, "字体" * count):
        assert sketch(text) == plain_sketch(text)


@given(TEXTS)
def test_minhash_is_datasketch_s(text: str) -> None:
    theirs = MinHash(num_perm=128, scheme="affine32", hashfunc=lambda value: value)
    theirs.update_batch(shingle_hashes(text).tolist())
    assert np.array_equal(sketch(text).minhash, theirs.hashvalues)


def test_datasketch_s_structures_take_it() -> None:
    one = sketch("The lock keeper counted nine barges before breakfast and wrote the tenth down anyway.")
    other = sketch("The lock keeper counted nine barges before breakfast and wrote the tenth down twice.")
    index = MinHashLSH(threshold=0.5, num_perm=128)
    index.insert("one", one.to_minhash())
    assert index.query(other.to_minhash()) == ["one"]
    assert LeanMinHash(one.to_minhash()).jaccard(LeanMinHash(other.to_minhash())) == one.jaccard(other)


@given(TEXTS)
def test_bytes_and_back(text: str) -> None:
    whole = sketch(text)
    assert Sketch.from_bytes(whole.to_bytes()) == whole
    assert np.array_equal(Sketch.hashes_of(whole.to_bytes()), whole.hashes)


@given(TEXTS)
def test_sketches_of_the_plain_layout_are_read(text: str) -> None:
    whole = sketch(text)
    for layout, kind in ((packing.PLAIN, "<u2"), (packing.PLAIN_WIDE, "<u4")):
        head = bytes([len(RECIPE)]) + RECIPE.encode() + struct.pack("<IHB", whole.length, len(whole.hashes), layout)
        arrays = (whole.minhash.astype("<u4"), whole.hashes.astype("<u4"), whole.positions.astype(kind))
        data = head + b"".join(array.tobytes() for array in arrays)
        assert Sketch.from_bytes(data) == whole
        assert np.array_equal(Sketch.hashes_of(data), whole.hashes)


def test_a_sketch_and_its_postings_are_small() -> None:
    packed = [len(sketch(fiction(seed, 600)).to_bytes()) for seed in range(40)]
    assert sum(packed) / len(packed) < 690


def test_positions_beyond_16_bits() -> None:
    whole = sketch(" ".join(f"w{n}" for n in range(70_000)))
    assert int(whole.positions.max()) > 0xFFFF
    assert Sketch.from_bytes(whole.to_bytes()) == whole
    assert np.array_equal(Sketch.hashes_of(whole.to_bytes()), whole.hashes)


def test_another_recipe_is_refused() -> None:
    data = sketch("Nothing to see here.").to_bytes()
    other = data.replace(RECIPE.encode(), RECIPE.replace("fp1", "fp0").encode())
    with pytest.raises(RecipeMismatch, match="fp0"):
        Sketch.from_bytes(other)
    head = 1 + data[0] + 6
    unknown = data[:head] + b"\x09" + data[head + 1 :]
    for broken in (b"", b"\x05abcde", data[:-3], data + b"x", data[:40], data[: head + 1], unknown):
        with pytest.raises(ValueError, match="not a sketch"):
            Sketch.from_bytes(broken)
    for broken in (b"", b"\x05abcde", data[:40], data[: head + 1], data[: head + 400], unknown):
        with pytest.raises(ValueError, match="not a sketch"):
            Sketch.hashes_of(broken)
    with pytest.raises(RecipeMismatch, match="fp0"):
        Sketch.hashes_of(other)


@given(TEXTS)
def test_sample_is_the_lowest_shingles_where_they_stand_first(text: str) -> None:
    whole, every, words = sketch(text), shingle_hashes(text), read_words(text)
    distinct = np.unique(every)
    assert np.array_equal(whole.hashes, distinct[: len(whole.hashes)])
    assert len(whole.hashes) == min(max(FLOOR, np.count_nonzero(distinct < (1 << 32) // SAMPLING)), len(distinct))
    for value, position in zip(whole.hashes, whole.positions, strict=True):
        assert position == words.places[np.flatnonzero(every == value)[0]]
    assert whole.length == len(words.hashes)


def test_sample_is_bounded() -> None:
    assert len(sketch(" ".join(f"w{n}" for n in range(120_000))).hashes) == CEILING
    assert sketch("abc " * (MAX_CHARS // 4) + "end " * 100) == sketch("abc " * (MAX_CHARS // 4))


def test_words() -> None:
    assert words_of("“Don’t,” she said — it's 3.5% of l’eau!") == [
        "Don’t",
        "she",
        "said",
        "it's",
        "3",
        "5",
        "of",
        "l’eau",
    ]
    assert words_of("Старый паром… не ушёл.") == ["Старый", "паром", "не", "ушёл"]
    assert words_of("قال: «نعم»، ثم مضى") == ["قال", "نعم", "ثم", "مضى"]
    assert words_of("한국어 문장입니다.") == ["한국어", "문장입니다"]
    assert words_of("東京で2日。") == ["東", "京", "で", "2", "日"]
    assert words_of("ที่นี่") == ["ที่", "นี่"]
    assert words_of("नमस्ते दुनिया।") == ["नमस्ते", "दुनिया"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("don't", "don’t"),
        ("dont", "don't"),
        ("infor\u00admation", "information"),
        ("in\u200bfor\u2060mation\ufeff", "information"),
        ("Straße", "STRASSE"),
        ("café", "cafe\u0301"),
        ("ﬁnance", "finance"),
        ("Ｆｕｌｌ", "full"),
        ("ｶﾞ", "ガ"),
        ("محمّد", "محمد"),
        ("أحمد", "احمد"),
        ("مـــرحبا", "مرحبا"),
        ("١٢٣", "123"),
        ("שָׁלוֹם", "שלום"),
        ("м'ята", "мʼята"),
        ("mi\u200cxāham", "mixāham"),
        ("İstanbul", "istanbul"),
        ("각", unicodedata.normalize("NFD", "각")),
        ("said \"yes\" to", "said “yes” to"),
        ("one—two", "one - two"),
    ],
)  # fmt: skip
def test_typography_does_not_matter(one: str, other: str) -> None:
    assert same(one, other)


@pytest.mark.parametrize(("one", "other"), [("か", "が"), ("कि", "कु"), ("ไม่", "ไม"), ("cote", "coté!x"), ("12", "13")])
def test_what_matters(one: str, other: str) -> None:
    assert not same(one, other)


@given(st.text(st.characters(categories=("L", "N", "P", "Z", "Mn")), max_size=60))
def test_normal_forms_are_one(text: str) -> None:
    assert same(unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text))


@pytest.mark.skipif(unicodedata.unidata_version != letters.VERSION, reason="this Python has another Unicode")
def test_table_is_what_its_module_builds() -> None:
    built, held = unicode_table.build(), letters.load()
    assert np.array_equal(built.entries, held.entries)
    assert np.array_equal(built.pool, held.pool)


def test_scripts_without_spaces_are_found_inside_another_text() -> None:
    paragraphs = {
        "zh": "旧渡口的管理员说，下周一早上第一班船将重新启航，票价不变，每天只开四班，遇到大雾就全部取消。",
        "ja": "港の係員によると、古い渡し船は来週の月曜から再び動くが、霧の深い日はすべての便が取りやめになる。",
        "th": "เจ้าหน้าที่ท่าเรือกล่าวว่าเรือข้ามฟากลำเก่าจะกลับมาวิ่งอีกครั้งในวันจันทร์หน้าแต่จะหยุดวิ่งในวันที่มีหมอกหนา",
    }
    for text in paragraphs.values():
        inside = "Intro words of another text entirely. " + text + " And words after it."
        assert len(np.intersect1d(sketch(text).hashes, sketch(inside).hashes)) >= 2
