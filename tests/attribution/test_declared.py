"""A site that is declared, or called something else, after its articles came."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from newsroom import article, link, linker, text, told

from crawler.attribution.declared import adopt_names, known_sites, under_known_names
from crawler.items import Verdict
from crawler.sites import Site
from crawler.storage import open_store
from crawler.storage.base import SiteState, Store

SALT = Site("Salt Gazette", "http://gazette.example/", "publisher", ("The Salt",))


def pages() -> list[object]:
    return [article(f"{site}.example/{n}", text(f"story {n}", 4), hours=30 * n + late)
            for n in range(4) for site, late in (("gazette", 0), ("www.mirror", 2), ("second", 5))]  # fmt: skip


def named(pages: list[object], host: str, site: str) -> list[object]:
    return [replace(one, site=site) if one.site == host else one for one in pages]  # type: ignore[type-var,attr-defined]


def unrevised(store: Store) -> dict[str, list[Verdict]]:
    return {url: [replace(line, revision=0) for line in lines] for url, lines in told(store).items()}


def test_declared_late_is_declared(store: Store, tmp_path: Path) -> None:
    link(store, *pages())
    assert adopt_names(store, [SALT]) == [("gazette.example", "Salt Gazette")]
    linker(store, publishers=known_sites(store, [SALT])).relink()
    other = open_store(f"sqlite:///{tmp_path}/other.db")
    link(other, *named(pages(), "gazette.example", "Salt Gazette"), publishers=[SALT])
    late, early = unrevised(store), unrevised(other)
    counts = [sorted(one.names.counts("later")) for one in (store, other)]
    other.close()
    assert late == early
    assert counts[0] == counts[1]
    assert {line.site for lines in late.values() for line in lines} == {
        "Salt Gazette",
        "www.mirror.example",
        "second.example",
    }


def test_the_next_drain_decides_what_a_new_name_concerns(store: Store) -> None:
    link(store, *pages())
    before = {url: lines[0].publisher for url, lines in told(store).items() if lines[0].status == "repost"}
    assert set(before.values()) == {"gazette.example"}
    adopt_names(store, [SALT])
    again = linker(store, publishers=known_sites(store, [SALT]))
    again.drain()
    after = {url: lines[0].publisher for url, lines in told(store).items() if lines[0].status == "repost"}
    assert after == dict.fromkeys(before, "Salt Gazette")
    assert adopt_names(store, [SALT]) == []


def test_habits_are_carried_along_and_doors_join(store: Store) -> None:
    link(store, *pages())
    mirror = Site("Mirror", "http://mirror.example/")
    assert adopt_names(store, [mirror]) == [("www.mirror.example", "Mirror")]
    assert ("Mirror", "gazette.example", 4) in set(store.names.counts("later"))
    assert not any("www.mirror" in part for row in store.names.counts("later") for part in row[:2])


@pytest.mark.parametrize("url", ["http://gazette.example/", "http://www.gazette.example/"])
def test_an_address_is_the_site_that_it_was_declared_as(store: Store, url: str) -> None:
    with store.transaction():
        store.sites.save(SiteState("Salt Gazette", SALT.url, "publisher", ("The Salt",)))
    host = url.partition("://")[2].rstrip("/")
    (site,) = under_known_names(store, [Site(host, url)])
    assert (site.name, site.role, site.aliases) == ("Salt Gazette", "publisher", ("The Salt",))
    assert under_known_names(store, [replace(SALT, name="Salt")]) == [replace(SALT, name="Salt")]


def test_another_site_at_a_door_keeps_its_name(store: Store) -> None:
    link(store, article("m.gazette.example/1", text("one")), article("gazette.example.org/1", text("two")))
    assert adopt_names(store, [SALT]) == []
