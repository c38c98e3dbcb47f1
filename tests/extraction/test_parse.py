from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction import parse as limits
from crawler.extraction.parse import TooLargeError, parse


def text_of(html: str) -> str:
    tree = parse(html)
    assert tree is not None
    return " ".join(str(tree.text_content()).split())


def test_control_references_go_and_the_rest_stays():
    assert text_of("<p>a&#1;b&#x13;c&#xFFFF;d&#xD800;e</p>") == "abcde"


def test_c1_references_are_windows_1252_as_in_browsers():
    assert text_of("<p>&#147;so&#148; &#8212; &#x96;</p>") == "“so” — –"


def test_raw_control_characters_go():
    assert text_of("<p>a\x00b\x0bc\ufffed</p>") == "abcd"


def test_unclosed_formatting_is_flattened_not_refused():
    html = "<html><body>" + "<b><i><font>" * 400 + "<p>The end is still there.</p></body></html>"
    assert text_of(html).endswith("The end is still there.")


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("<p>" + "<i>x</i>" * (limits.MAX_ELEMENTS + 1), "elements"),
        ("<a href=x>y</a>" * (limits.MAX_LINKS + 1), "links"),
        ("<div " + " ".join(f"a{n}" for n in range(limits.MAX_TAG_ATTRIBUTES + 2)) + ">x</div>", "on one element"),
        ("<div>" * (limits.MAX_DEPTH + 10) + "x", "deep"),
        ("<p a=1 b=2 c=3 d=4 e=5 f=6 g=7 h=8>x</p>" * (limits.MAX_ATTRIBUTES // 8 + 1), "attributes"),
    ],
)
def test_over_a_limit(html, reason):
    with pytest.raises(TooLargeError, match=reason):
        parse(f"<html><body>{html}")


def test_brackets_in_quotes_do_not_hide_attributes():
    html = "<div " + " ".join(f'a{n}=">"' for n in range(limits.MAX_TAG_ATTRIBUTES * 2)) + ">"
    with pytest.raises(TooLargeError):
        parse(html)


def test_a_long_script_with_many_assignments_is_no_attack():
    assert text_of(f"<html><script>{'a = 1; ' * 20_000}</script><p>Text.</p>").endswith("Text.")


def test_no_entity_of_a_file_is_read():
    html = '<!DOCTYPE html [<!ENTITY e SYSTEM "file:///etc/hostname">]><html><body><p>[&e;]</p></body></html>'
    tree = parse(html)
    assert tree is not None
    assert "&e;" in str(tree.text_content()) or "[]" in str(tree.text_content())


@given(st.text(max_size=300))
def test_never_raises_but_for_size(text):
    tree = parse(text)
    assert tree is None or tree.tag == "html"


def test_controls_and_turned_directions_go_and_joiners_stay():
    assert text_of("<p>a\x9bb\u202ec\u2066d\u2069e&#8238;f&#x2067;g</p>") == "abcdefg"
    assert text_of("<p>one\x85two</p>") == "one two"
    assert text_of("<p>می\u200cخواهم \u200fשלום\u200e क्\u200dष</p>") == "می\u200cخواهم \u200fשלום\u200e क्\u200dष"
