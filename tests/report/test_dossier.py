from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from greywick import NOON, OTHER, PARAGRAPHS, PUBLISHERS, World, article, edited

from crawler.attribution.arrivals import Arrival
from crawler.attribution.linker import Linker
from crawler.report import dossier_page, dossier_text, make_dossier, nearest_urls
from crawler.report.dossier import compare

WEIR = (
    "The weir at Lower Tansy was opened on Saturday for the first time since the flood of 1953, and eels came down it"
    " by the hundred, to the delight of a heron that had waited on the same post for two summers.\n\n"
    "The river board had promised the opening for May, then for June, and had blamed in turn the rust, the swans and a"
    " key that was found at last in the pocket of the chairman's other coat."
)


def test_passages_are_equal_text_and_the_rest_is_told(world: World) -> None:
    dossier = make_dossier(world.store, world.verbatim)
    assert dossier is not None
    (source,) = dossier.comparisons
    assert source.other is not None
    assert source.other.url == world.original
    assert source.passages
    for (a, b), (c, d) in zip(source.page_spans, source.other_spans, strict=True):
        assert source.page.text[a:b].split() == source.other.text[c:d].split()
    assert any("Ten mud flats" in piece for piece in source.added)
    assert not source.dropped


def test_an_excerpt_shows_what_it_dropped(world: World) -> None:
    dossier = make_dossier(world.store, world.excerpt)
    assert dossier is not None
    (source,) = dossier.comparisons
    assert not source.added
    assert "Odile Farrow" in " ".join(source.dropped)


def test_the_other_pages_of_the_story_are_listed_once(world: World) -> None:
    dossier = make_dossier(world.store, world.excerpt)
    assert dossier is not None
    urls = [one.url for one in dossier.copies]
    assert urls[0] == world.original
    assert sorted(urls) == sorted({world.original, world.verbatim, world.nasty})


def test_a_copy_is_compared_with_the_text_it_was_made_of(fresh_world: World) -> None:
    held = fresh_world.store.articles.get(fresh_world.original)
    assert held is not None
    shorter = "\n\n".join([PARAGRAPHS[0], "The council then changed its mind, and nothing of what we wrote was true."])
    Linker(fresh_world.store, now=lambda: held.article.fetched_at).link([Arrival(edited(held.article, shorter))])  # type: ignore[arg-type, return-value]
    dossier = make_dossier(fresh_world.store, fresh_world.verbatim)
    assert dossier is not None
    (source,) = dossier.comparisons
    assert source.other_version == 1
    assert source.other is not None
    assert PARAGRAPHS[4] in source.other.text
    changed = make_dossier(fresh_world.store, fresh_world.original)
    assert changed is not None
    assert [one.number for one in changed.versions] == [1]


def test_it_is_found_in_other_spellings(world: World) -> None:
    for spelling in ("paper.example/mill", "https://paper.example/mill/", "http://PAPER.example/mill/?utm_source=x"):
        dossier = make_dossier(world.store, spelling)
        assert dossier is not None, spelling
        assert dossier.article.url == world.original


def test_an_unknown_address_has_near_ones(world: World) -> None:
    assert make_dossier(world.store, "http://mirror.example/mill-agian/") is None
    assert nearest_urls(world.store, "http://mirror.example/mill-agian/")[0] == world.verbatim
    assert nearest_urls(world.store, "http://nowhere.example/mill/") == []
    assert nearest_urls(world.store, "\x00://") == []


def test_it_is_found_by_the_other_doors_of_its_house(fresh_world: World) -> None:
    mobile = article("m.paper.example", "ferry", OTHER, 5)
    Linker(fresh_world.store, now=lambda: NOON).link([Arrival(mobile)])
    for typed, held in (
        ("www.paper.example/mill", fresh_world.original),
        ("https://m.paper.example/mill/", fresh_world.original),
        ("paper.example/ferry", mobile.url),
        ("https://amp.paper.example/ferry?utm_source=x", mobile.url),
    ):
        dossier = make_dossier(fresh_world.store, typed)
        assert dossier is not None, typed
        assert dossier.article.url == held
    assert make_dossier(fresh_world.store, "news.paper.example/mill") is None
    assert nearest_urls(fresh_world.store, "www.paper.example/Mill/")[0] == fresh_world.original
    assert nearest_urls(fresh_world.store, "paper.example/FERRY")[0] == mobile.url
    assert nearest_urls(fresh_world.store, "http://[paper.example/mill") == []


def test_what_a_round_up_has_of_one_source_is_not_its_own_beside_another(fresh_world: World) -> None:
    store = fresh_world.store
    lead = "Our desk has gathered what was odd this week, and has drunk a pot of tea over it."
    page = article("roundup.example", "week", "\n\n".join([lead, OTHER, *PARAGRAPHS[:3]]), 90)
    Linker(store, publishers=PUBLISHERS, now=lambda: NOON).link([Arrival(page)])
    dossier = make_dossier(store, page.url)
    assert dossier is not None
    assert {one.verdict.original_url for one in dossier.comparisons} == {fresh_world.original, fresh_world.alone}
    assert [one.added for one in dossier.comparisons] == [[lead], [lead]]
    assert all(one["added"] == [lead] for one in dossier.to_dict()["sources"])
    told = dossier_text(dossier)
    assert told.count("Only on this page (1)") == 1
    assert told.index("Left out") < told.index("Only on this page (1)")
    html = dossier_page(dossier, NOON)
    assert html.count('<span class="own">Our desk') == 2
    assert html.count('<span class="elsewhere">The harbour council') == html.count('"elsewhere">Snow closed') == 1
    assert 'class="own">The harbour council' not in html
    assert 'class="own">Snow closed' not in html
    held = store.articles.get(page.url)
    assert held is not None
    assert [compare(store, held, one.verdict) for one in dossier.comparisons] == list(dossier.comparisons)


def test_where_a_page_states_only_its_day_no_hours_are_told(fresh_world: World) -> None:
    store = fresh_world.store
    day = datetime(2026, 11, 7, tzinfo=UTC)
    lines = [
        article(
            f"{name}.example", "weir", WEIR, 0, first_seen=None, published_at=day + timedelta(hours=hours), **fields
        )
        for name, hours, fields in (
            ("slow", 0, {"published_precision": "day"}),
            ("quick", 63, {"authors": ("admin",)}),
            ("lazy", 87, {"authors": ("admin",)}),
        )
    ]
    Linker(store, publishers=PUBLISHERS, now=lambda: NOON).link([Arrival(one) for one in lines])
    dossier = make_dossier(store, lines[1].url)
    assert dossier is not None
    told = dossier_text(dossier, heading=str)
    assert "2 days after it" in told
    assert "http://lazy.example/weir/  verbatim copy, 100 %, +3 days" in told
    html = dossier_page(dossier, NOON)
    assert "+3 days" in html
    assert "7 Nov 2026, 00:00" not in html + told
    assert "15 h" not in html + told


def test_nobody_is_half_sure_of_what_is_not_known(fresh_world: World) -> None:
    store = fresh_world.store
    lines = [article(f"{name}.example", "weir", WEIR, 0, published_at=None, first_seen=None) for name in ("one", "two")]
    Linker(store, now=lambda: NOON).link([Arrival(one) for one in lines])
    dossier = make_dossier(store, lines[1].url)
    assert dossier is not None
    told, html = dossier_text(dossier, heading=str), dossier_page(dossier, NOON)
    assert "\nunknown\n" in told
    assert "Undecided: the evidence does not carry a verdict." in told
    assert "Undecided: the evidence does not carry a verdict." in html
    assert "50 %" not in told + html


def test_json_is_complete(world: World) -> None:
    dossier = make_dossier(world.store, world.verbatim)
    assert dossier is not None
    data = json.loads(json.dumps(dossier.to_dict()))
    assert data["article"]["url"] == world.verbatim
    (source,) = data["sources"]
    assert source["verdict"]["relation"]
    assert all(one["text"] for one in source["passages"])
    assert len(data["copies"]) == 3


def test_text_names_what_matters_and_no_control_character(world: World) -> None:
    dossier = make_dossier(world.store, world.verbatim)
    nasty = make_dossier(world.store, world.nasty)
    assert dossier is not None
    assert nasty is not None
    told = dossier_text(dossier)
    for wanted in (world.original, "Copied passages", "Only on this page", "Ten mud flats", "Evidence"):
        assert wanted in told
    assert "\x1b" not in dossier_text(nasty)
    assert "\u202e" not in dossier_text(nasty)
    longest = max((line for line in told.splitlines() if "://" not in line), key=len)
    assert len(longest) <= 100
