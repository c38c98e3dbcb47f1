from __future__ import annotations

import hashlib
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.extraction import text_hash
from crawler.extraction.hashing import plain_words

JOINING = (
    "ÁéẞßİŒﬁ…½²ǅΣςϊй\u0301\u0308\u0345\u0653\u093c가\u1100\u1161\u11a8\uff76\uff9e\ufe0f\u200d\xa0“”👍🏽中"
    "\U00016d63\U00016d67"
)
"""Characters that become others, more or none, and those that change the one before them."""
MIXED = st.text(st.sampled_from(JOINING) | st.characters(max_codepoint=127) | st.characters())


def by_definition(text: str) -> str:
    return hashlib.blake2b(plain_words(text), digest_size=16).hexdigest()


def test_words_alone_count():
    assert text_hash("The wall,\n\nfell.") == text_hash("the WALL fell")
    assert text_hash("Cafe\u0301") == text_hash("Café")
    assert text_hash("the wall") != text_hash("thewall")
    assert text_hash("Stra\u00dfe ½") == text_hash("STRASSE 1 2")


@given(st.text(st.characters(max_codepoint=127)))
@example("  a\n\n b.  _c\x00")
def test_ascii_is_hashed_as_any_other(text):
    assert text_hash(text) == by_definition(text)


@given(MIXED)
@example("\ud800a\udfff")
@example("ßﬁẞ…")
def test_texts_of_any_script_are_hashed_by_definition(text):
    assert text_hash(text) == by_definition(text)


@pytest.mark.parametrize("first", range(0, 0x3000, 0x400))
def test_each_character_between_others(first):
    """Beside a letter that marks join, and beside itself."""
    for code in range(first, first + 0x400):
        text = f"a{chr(code)}e{chr(code)}{chr(code)}"
        assert text_hash(text) == by_definition(text), hex(code)


def test_what_joins_the_letter_before_it_is_known_to():
    """Of every composition that Unicode has, the second part."""
    parts = [unicodedata.decomposition(chr(code)).split() for code in range(0x110000)]
    for both in {tuple(part) for part in parts if len(part) == 2 and not part[0].startswith("<")}:
        text = "".join(chr(int(one, 16)) for one in both)
        assert text_hash(f"a{text}") == by_definition(f"a{text}"), both
