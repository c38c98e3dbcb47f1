from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.sites import Site, SitesError, load_sites, site_of_url

ROOT = Path(__file__).parents[2]
GOOD = '[[site]]\nurl = "https://a.example/"\n'


def load(folder: Path, source: str | bytes) -> list[Site]:
    path = folder / "sites.toml"
    path.write_bytes(source if isinstance(source, bytes) else source.encode())
    return load_sites(path)


def test_the_example_file_is_right() -> None:
    sites = load_sites(ROOT / "sites.example.toml")
    assert [site.name for site in sites] == ["Example Mirror", "Example Times", "relay.example", "app.example"]
    assert sites[2].discovery == ("feed", "sitemap")
    assert sites[3].render


def test_every_field_is_read(tmp_path: Path) -> None:
    (site,) = load(
        tmp_path,
        '[[site]]\nurl = "HTTP://B.example:8080"\nrole = "publisher"\naliases = ["B", "Ба"]\ndiscovery = ["listing"]\n'
        'feeds = ["http://b.example:8080/f"]\nsitemaps = []\nrender = true\ndelay = 2\nmax_pages = 9\n',
    )
    assert site == Site(
        name="b.example:8080", url="http://b.example:8080/", role="publisher", aliases=("B", "Ба"), render=True,
        discovery=("listing",), feeds=("http://b.example:8080/f",), delay=2.0, max_pages=9,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("source", "line", "says"),
    [
        (
            GOOD + '\n[[site]]\nurl = "http://b.example"\nrole = "mirorr"',
            6,
            "role is 'mirorr'; it is mirror, publisher or",
        ),
        (GOOD + 'rolle = "mirror"', 3, "rolle is not known; do you mean role?"),
        (GOOD + "colour = 3", 3, "colour is not known; a site has name, url"),
        (GOOD + "delay = -1", 3, "delay is -1; it is a number of seconds"),
        (GOOD + "delay = true", 3, "delay is true"),
        (GOOD + "max_pages = 0", 3, "max_pages is 0"),
        (GOOD + 'render = "yes"', 3, "render is 'yes'; it is true or false"),
        (GOOD + 'aliases = "B"', 3, "aliases is 'B'; it is a list"),
        (GOOD + 'discovery = ["rest"]', 3, "discovery has 'rest'; it has any of wordpress"),
        (GOOD + '# a note\nfeeds = [\n  "x",\n]', 4, "feeds is 'x'"),
        ('[[site]]\nname = "x"\n\n' + GOOD, 1, "this site has no url"),
        ('[[site]]\nurl = "ftp://a.example"', 2, "url is 'ftp://a.example'"),
        ('[[site]]\n  "url" = 7', 2, "url is 7"),
        (GOOD + '\n[[site]]\nurl = "http://www.a.example"', 5, "is declared already, on line 2"),
        (
            GOOD + 'name = "n"\n[[site]]\nurl = "http://b.example"\nname = "n"',
            6,
            "name 'n' is declared already, on line 3",
        ),
        (GOOD + 'name = "a, b"', 3, "it has no comma"),
        (GOOD + 'feeds = ["https://bob:secret@a.example/feed"]', 3, "has a user's name or a password in it"),
        ('[[site]]\nurl = "http://bob@a.example/"', 2, "has a user's name or a password in it"),
        (GOOD + "url = 3", 3, "Cannot overwrite a value"),
        (GOOD + 'role = "mirror', 3, ""),
        ("x = 1\n" + GOOD, 1, "x is not known here"),
        ("[site]\nurl = 1", 1, "two brackets"),
        ("", 1, "no site is declared"),
        ('site = [{url = "http://a.example"}, {url = 3}]', 1, "url is 3"),
        (b"[[site]]\n# \xff", 2, "not UTF-8"),
    ],
)
def test_mistakes_are_told_with_their_line(tmp_path: Path, source: str | bytes, line: int, says: str) -> None:
    with pytest.raises(SitesError) as caught:
        load(tmp_path, source)
    assert str(caught.value).startswith(f"sites.toml:{line}: ")
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SitesError, match="cannot be read"):
        load_sites(tmp_path / "none.toml")


@given(st.binary(max_size=200))
def test_nothing_but_a_sites_error(tmp_path_factory: pytest.TempPathFactory, source: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_bytes(GOOD.encode() + source)
    with contextlib.suppress(SitesError):
        assert load_sites(path)


def test_a_site_from_its_address() -> None:
    assert site_of_url("https://H.example:443/news") == Site("h.example", "https://h.example/news")
    with pytest.raises(SitesError, match="not a web address"):
        site_of_url("h.example")
    with pytest.raises(SitesError, match="a password in it"):
        site_of_url("https://bob:secret@h.example/")
