"""Names and hosts, across spellings and scripts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.attribution.publishers import Publishers, host_of, is_platform, main_label, name_key
from crawler.sites import Site


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Kestrel-Times", "kestrel times"),
        ("DER  SPIEGEL", "Spiegel"),
        ("Süddeutsche Zeitung", "Suddeutsche Zeitung"),
        ("ＡＢＣ Ｎｅｗｓ", "abc news"),
        ("Нордпост", "НОРДПОСТ"),
        ("الواحة", "الواحة "),
        ("新华社", "新华社。"),
    ],
)
def test_spellings_of_one_name(one: str, other: str) -> None:
    assert name_key(one) == name_key(other) != ""


@pytest.mark.parametrize("name", ["The", "Die", "A", "—", "", " "])
def test_a_name_of_nothing_but_an_article_is_not_everybody(name: str) -> None:
    assert name_key(name) == "".join(filter(str.isalnum, name.casefold()))


@given(st.text(max_size=25))
def test_a_key_is_its_own_key(name: str) -> None:
    assert name_key(name_key(name)) == name_key(name)


@pytest.mark.parametrize(
    ("target", "host"),
    [
        ("https://www.Example.org/x?y", "example.org"),
        ("//cdn.example.org/x", "cdn.example.org"),
        ("example.org", "example.org"),
        ("http://user@example.org:80/", "example.org"),
        ("http://example.org:8080/", "example.org:8080"),
        ("The Example", None),
        ("e.g.", None),
        ("http://[broken", None),
        ("", None),
    ],
)
def test_hosts(target: str, host: str | None) -> None:
    assert host_of(target) == host


def test_platforms_credit_nobody_but_their_tenants_do() -> None:
    assert is_platform("m.facebook.com")
    assert is_platform("blogspot.com")
    assert not is_platform("gulls.blogspot.com")
    assert Publishers().resolve("https://t.me/gulls") is None
    assert main_label("www2.kestrel-times.example") == "kestrel-times"
    assert main_label("news.bbc.co.uk") == "bbc"
    assert main_label("news.example.com:8080") == "example"
    assert main_label("localhost:80") == "localhost"


def test_declared_names_come_first() -> None:
    known = Publishers([Site("kestrel", "https://kestrel.example/", "publisher", ("The Kestrel Times", "الصقر"))])
    known.count_titles("mirror.example", 5)
    known.count_own("mirror.example", "The Kestrel Times", 5)
    for target in ("Kestrel Times", "الصقر", "https://www.kestrel.example/x", "news.kestrel.example"):
        found = known.resolve(target)
        assert found is not None
        assert (found.site, found.role) == ("kestrel", "publisher")
    assert known.display("mirror.example") == "mirror.example", "who shows another's name is not renamed by that"
    assert not known.is_own_name("mirror.example", name_key("The Kestrel Times"))


def test_what_pages_call_their_site_is_its_name() -> None:
    known = Publishers()
    known.count_titles("kt.example", 3)
    known.count_own("kt.example", "The Kestrel Times", 2)
    known.count_own("kt.example", "Ferry sails", 1)
    found = known.resolve("Kestrel Times")
    assert found is not None
    assert (found.name, found.site) == ("The Kestrel Times", "kt.example")
    known.count_own("kt.example", "The Kestrel Times", -2)
    assert known.resolve("Kestrel Times") != found


def test_an_unknown_name_stands_for_itself() -> None:
    found = Publishers().resolve(" Al   Jazeera ")
    assert found is not None
    assert (found.name, found.site, found.role) == ("Al Jazeera", None, "unknown")


def test_a_slug_gives_way_to_a_name() -> None:
    known = Publishers([Site("kestrel", "https://kestrel.example/")])
    assert known.display("kestrel") == "kestrel"
    known.count_own("kestrel", "The Kestrel Times", 1)
    assert known.display("kestrel") == "The Kestrel Times"
    named = Publishers([Site("Kestrel & Sons", "https://kestrel.example/")])
    named.count_own("Kestrel & Sons", "The Kestrel Times", 9)
    assert named.display("Kestrel & Sons") == "Kestrel & Sons"


def test_a_subdomain_is_the_sites_own_but_only_of_what_is_declared() -> None:
    from newsroom import article

    known = Publishers([Site("Kestrel", "https://kestrel.example/")])
    assert known.home(article("news.kestrel.example/a", "x")) == "Kestrel"
    known.count_titles("gull.example", 1)
    assert known.home(article("news.gull.example/a", "x")) == "news.gull.example"
