from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.urls import doors_of, host_name, house_of, normalise, resolve, same_site
from fixtures.web import FixtureWeb

PARTS = st.sampled_from(
    [
        *(
            "http",
            "https",
            "://",
            "/",
            "//",
            "?",
            "&",
            "=",
            "#",
            "#!",
            "#/",
            "%",
            "%2e",
            "%2F",
            "%41",
            "%zz",
            ";",
            "@",
            "\\",
        ),
        *(
            ";jsessionid=1",
            "utm_source=x",
            "p=1",
            "a.example",
            "A.EXAMPLE",
            "www.",
            ":80",
            ":443",
            ":8080",
            "..",
            ".",
            "./",
        ),
        *("é", "漢字", "[", "]", "|", "%C3%A9", "%75tm_source=x", "index.html", "?p=12", "+", " ", "\ud800", "ß", "。"),
    ]
)
ADDRESSES = st.one_of(
    st.lists(PARTS, max_size=12).map("".join),
    st.lists(PARTS, max_size=12).map(lambda parts: "http://a.example/" + "".join(parts)),
    st.text(max_size=60),
    st.text(max_size=40).map("http://a.example/".__add__),
)


@given(ADDRESSES)
def test_normalise_is_idempotent_and_never_raises(url: str) -> None:
    once = normalise(url)
    assert normalise(once) == once
    assert once.isascii()


@given(st.text(max_size=30), st.text(max_size=30))
def test_resolve_gives_an_identity_or_nothing(base: str, href: str) -> None:
    for found in (resolve(base, href), resolve("http://a.example/x/", href)):
        assert found == normalise(found)


@pytest.mark.parametrize(
    ("url", "identity"),
    [
        (
            "HTTP://Example.COM:80/a/../b/./c%7e%2f%e4?utm_source=x&p=12&&b=#frag",
            "http://example.com/b/c~%2F%E4?p=12&b=",
        ),
        ("https://münchen.example/straße?q=ä b", "https://xn--mnchen-3ya.example/stra%C3%9Fe?q=%C3%A4%20b"),
        ("http://h.example", "http://h.example/"),
        ("http://h.example?p=7", "http://h.example/?p=7"),
        ("http://h.example/a?utm_medium=rss&fbclid=1", "http://h.example/a"),
        ("http://h.example/a?b=2&a=1", "http://h.example/a?b=2&a=1"),
        ("http://h.example/a;jsessionid=AF01/b?PHPSESSID=9", "http://h.example/a/b"),
        ("http://user:secret@h.example/a#top", "http://h.example/a"),
        ("http://h.example/#!/story/7", "http://h.example/#!/story/7"),
        ("http://h.example/post/?replytocom=55", "http://h.example/post/"),
        ("http://[::1]:8080/x", "http://[::1]:8080/x"),
        ("http://h.example./a", "http://h.example/a"),
        ("javascript:alert(1)", ""),
        ("mailto:a@h.example", ""),
        ("http://h.example:99999/", ""),
        ("//h.example/a", ""),
        ("http://h.example/" + "a" * 3000, ""),
    ],
)
def test_normalise(url: str, identity: str) -> None:
    assert normalise(url) == identity


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://h.example/a", "http://h.example/a/"),
        ("http://h.example/a", "https://h.example/a"),
        ("http://h.example/a", "http://www.h.example/a"),
        ("http://h.example/A", "http://h.example/a"),
        ("http://h.example/?p=1", "http://h.example/?p=2"),
        ("http://h.example/?id=1&page=2", "http://h.example/?id=1"),
        ("http://h.example/a%2Fb", "http://h.example/a/b"),
        ("http://h.example/#/a", "http://h.example/#/b"),
    ],
)
def test_pages_that_may_differ_stay_apart(one: str, other: str) -> None:
    assert normalise(one) != normalise(other)


def test_no_two_articles_of_the_fixture_web_become_one(discovery_web: FixtureWeb) -> None:
    for host in ("kestrel-times.example", "worldbrief.example", "newsquilt.example", "paperboy.example"):
        urls = {row["url"] for row in discovery_web.posts(host)}
        assert len({normalise(url) for url in urls}) == len(urls) > 5


def test_one_site_under_its_spellings() -> None:
    assert same_site("http://h.example/a", "https://www.h.example:443/b")
    assert not same_site("http://h.example/", "http://news.h.example/")
    assert not same_site("http://h.example/", "http://h.example:8080/")
    assert not same_site("", "")
    assert host_name("https://H.example:8443/x") == "h.example:8443"
    assert host_name("nonsense") == ""


@pytest.mark.parametrize(
    ("host", "house"),
    [
        ("m.paper.example", "paper.example"), ("amp.news.paper.example", "news.paper.example"),
        ("www.paper.example:8080", "paper.example:8080"), ("paper.example", "paper.example"),
        ("m.example", "m.example"),
        ("news.paper.example", "news.paper.example"), ("m.127.0.0.1", "m.127.0.0.1"), ("M. Herald", "M. Herald"),
        ("", ""), ("m.", "m."), ("amp.The Kestrel Times.com", "amp.The Kestrel Times.com"),
    ],
)  # fmt: skip
def test_other_doors_lead_into_one_house(host: str, house: str) -> None:
    assert house_of(host) == house
    assert host in doors_of(house)
    assert all(house_of(door) == house for door in doors_of(house)[1:])
