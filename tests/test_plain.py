"""What is left of a stranger's text: all that is seen, and of what is not seen only what its script needs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.items import plain


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("The wa\u00adll", "The wall"),
        ("T\u200bh\u200ce\u200d w\u2060a\ufeffll", "The wall"),
        ("The\u200e wall\u200f\u200f", "The wall"),
        ("Стена\u200b упа\u200dла", "Стена упала"),
        ("海\u200b堤\ufeff", "海堤"),
        ("wall\U000e0041\U000e007f", "wall"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("می\u200c\u200c\u200cخواهم", "می\u200cخواهم"),
        ("क\u094d\u200dष", "क\u094d\u200dष"),
        ("ไทย\u200bคำ", "ไทย\u200bคำ"),
        ("👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"),
        ("❤\ufe0f\u200d🔥", "❤\ufe0f\u200d🔥"),
        ("שלום\u200e iPhone\u200f\u200f\u200e", "שלום\u200e iPhone\u200f"),
        ("one\x85two\u202e", "one two"),
        ("tab\tand\nline", "tab\tand\nline"),
    ],
)
def test_what_is_not_seen_goes_unless_its_script_needs_it(text, left):
    assert plain(text) == left


UNSEEN = "\u200b\u200c\u200d\u200e\u200f\u061c\u2060\ufeff\u00ad\u202e\u2066\u180e\U000e0041"


@given(st.text(alphabet="ab Яم海ไשक\u094d" + UNSEEN, max_size=200))
def test_what_is_seen_stays_and_what_is_not_is_bounded(text):
    left = plain(text)
    seen = [one for one in text if one not in UNSEEN]
    assert [one for one in left if one not in UNSEEN] == seen
    assert len(left) <= 3 * len(seen) + 1
    assert plain(left) == left
