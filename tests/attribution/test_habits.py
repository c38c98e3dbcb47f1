"""What a site usually does is told by many of its articles, not by the many copies of one."""

from __future__ import annotations

from newsroom import article, link, linker, text, told

from crawler.items import Article
from crawler.storage.base import Store

FERRY = text("ferry", 3)


def viral(copies: int = 12) -> list[Article]:
    """A text that stands first on kestrel.example, and later on many sites."""
    made = [article("kestrel.example/ferry", FERRY)]
    return made + [article(f"farm{n}.example/x", FERRY, hours=2 + n) for n in range(copies)]


def signals(store: Store, where: str) -> set[str]:
    return {one.signal for line in told(store)[where] for one in line.evidence}


def test_the_copies_of_one_text_give_their_sites_no_habit(store: Store) -> None:
    link(store, *viral())
    assert all("site_habit" not in signals(store, f"farm{n}.example/x") for n in range(12))


def test_sites_of_which_more_is_held_have_habits_and_earlier_verdicts_hear_of_it(store: Store) -> None:
    link(store, *viral())
    more = [article(f"{host}.example/{n}", text(f"{host} {n}", 2), hours=100 + n)
            for host in ("kestrel", "farm5") for n in range(3)]  # fmt: skip
    link(store, *more)
    assert "site_habit" in signals(store, "farm5.example/x")
    assert "site_habit" not in signals(store, "farm6.example/x")
    crawled = {where: [line.to_dict() | {"revision": 0} for line in lines] for where, lines in told(store).items()}
    linker(store).relink()
    assert crawled == {
        where: [line.to_dict() | {"revision": 0} for line in lines] for where, lines in told(store).items()
    }
