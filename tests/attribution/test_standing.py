"""What the pages of a site have in common under all their articles."""

from __future__ import annotations

import pytest
from newsroom import article, link, linker, paragraph, part, text, told
from test_order import new_store, verdicts

from crawler.attribution.arrivals import Arrival
from crawler.items import Article

FOOT = paragraph("who we are, and what a gift would do", 80)


def under(name: str, foot: str, hours: float) -> Article:
    return article(name, f"{text(name, 2)}\n\n{foot}", hours=hours)


def test_two_pages_of_one_site_with_a_paragraph_in_common_are_two_articles() -> None:
    with new_store() as (store, _):
        lines = link(store, under("bee.example/1", FOOT, 0), under("bee.example/2", FOOT, 5))
        assert {one.status for several in lines.values() for one in several} == {"original"}


def test_an_update_of_a_sites_own_article_is_the_same_article() -> None:
    body = text("flood", 4)
    with new_store() as (store, _):
        lines = link(
            store, article("bee.example/1", body), article("bee.example/2", body + "\n\n" + text("more", 3), hours=5)
        )
        assert [(one.status, one.relation) for one in lines["bee.example/2"]] == [("repost", "same_site")]


@pytest.mark.parametrize("first", range(5))
def test_a_standing_paragraph_is_none_to_another_site_either(first: int) -> None:
    """In whatever order they come: the fourth page of the site tells, and what was said before is taken back."""
    pages = [under(f"bee.example/{n}", FOOT, n) for n in range(4)] + [under("wasp.example/1", FOOT, 9)]
    pages = pages[first:] + pages[:first]
    with new_store() as (store, _):
        room = linker(store)
        for one in pages:
            room.link([Arrival(one)])
        room.drain()
        before = verdicts(store)
        assert {lines[0].status for lines in before.values()} == {"original"}
        room.relink()
        assert verdicts(store) == before


def test_an_excerpt_is_one_though_its_page_has_the_standing_paragraph_too() -> None:
    source = f"{text('ferry', 6)}\n\n{FOOT}"
    pages = [under(f"bee.example/{n}", FOOT, n) for n in range(4)]
    excerpt = article("wasp.example/1", f"{part(source, 1, 3)}\n\n{text('own', 5)}\n\n{FOOT}", hours=9)
    with new_store() as (store, _):
        link(store, *pages, article("bee.example/ferry", source), excerpt)
        assert [one.original_url for one in told(store)["wasp.example/1"]] == ["http://bee.example/ferry"]


def test_digests_of_one_site_do_not_make_an_article_its_standing_text() -> None:
    """Whole articles in four round-ups are copies all the same."""
    body = text("ferry", 3)
    digests = [article(f"week.example/{n}", f"{body}\n\n{text(f'week {n}', 6)}", hours=5 + n) for n in range(4)]
    with new_store() as (store, _):
        lines = link(store, article("bee.example/ferry", body), *digests)
        for one in digests:
            assert [line.original_url for line in lines[one.url[7:]]] == ["http://bee.example/ferry"]
