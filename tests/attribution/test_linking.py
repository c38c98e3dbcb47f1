"""What the linker says of small, clear cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from newsroom import NOON, article, link, linker, now, paragraph, part, text, told

from crawler.attribution.arrivals import Arrival
from crawler.items import Clue
from crawler.sites import Site
from crawler.storage.base import Store, StoreError

FERRY = text("ferry", 8)
BRIDGE = text("bridge", 8)
KESTREL = ("og_site_name", "The Kestrel Times")


def original(where: str = "kestrel.example/ferry", body: str = FERRY, **fields: object):  # type: ignore[no-untyped-def]
    return article(where, body, site_name="The Kestrel Times", authors=("Jane Roe",), **fields)


def test_an_article_alone_is_an_original(store: Store) -> None:
    (line,) = link(store, original())["kestrel.example/ferry"]
    assert (line.status, line.original_url, line.publisher, line.relation) == ("original", None, None, None)
    assert line.published == NOON
    assert 0.5 < line.confidence < 1


def test_the_later_of_two_equal_texts_is_the_repost(store: Store) -> None:
    lines = link(store, article("mirror.example/a", FERRY, hours=3.2), original())
    (copy,) = lines["mirror.example/a"]
    (source,) = lines["kestrel.example/ferry"]
    assert (copy.status, copy.relation, copy.publisher) == ("repost", "verbatim", "The Kestrel Times")
    assert copy.original_url == "http://kestrel.example/ferry"
    assert (copy.copied, copy.coverage, copy.lag_seconds) == (1.0, 1.0, 3.2 * 3600)
    assert copy.original_published == NOON
    assert copy.story == source.story
    assert source.status == "original"
    time = next(one for one in copy.evidence if one.signal == "time_gap")
    assert time.weight > 0
    assert "2026-10-05 15:12 UTC" in time.reason
    assert "3 h 12 min" in time.reason


def test_an_excerpt_says_how_much_of_both_it_is(store: Store) -> None:
    lines = link(store, original(), article("mirror.example/a", part(FERRY, 0, 3), hours=2))
    (copy,) = lines["mirror.example/a"]
    assert copy.relation == "excerpt"
    assert copy.copied == pytest.approx(1.0)
    assert copy.coverage == pytest.approx(3 / 8, abs=0.01)


def test_a_page_with_paragraphs_of_its_own_is_edited(store: Store) -> None:
    mixed = part(FERRY, 0, 5) + "\n\n" + text("own words", 3)
    (copy,) = link(store, original(), article("mirror.example/a", mixed, hours=2))["mirror.example/a"]
    assert (copy.status, copy.relation) == ("repost", "edited")
    assert copy.copied == pytest.approx(5 / 8, abs=0.01)


def test_a_round_up_has_a_line_for_each_source(store: Store) -> None:
    digest = "\n\n".join((part(FERRY, 0, 2), part(BRIDGE, 0, 2), paragraph("our own")))
    lines = link(
        store,
        original(),
        article("nord.example/bridge", BRIDGE, hours=1),
        article("mirror.example/week", digest, hours=30),
    )["mirror.example/week"]
    assert {line.original_url for line in lines} == {"http://kestrel.example/ferry", "http://nord.example/bridge"}
    assert {line.relation for line in lines} == {"roundup"}
    assert len({line.story for line in lines}) == 2, "each line belongs to its source's story"


def test_a_copy_of_a_round_ups_own_part_comes_from_the_round_up(store: Store) -> None:
    own = text("the weekly's own report", 4)
    week = "\n\n".join((own, part(FERRY, 0, 3), part(BRIDGE, 0, 3)))
    lines = link(
        store,
        original(),
        article("nord.example/bridge", BRIDGE, hours=1),
        article("weekly.example/week", week, hours=30),
        article("own.example/a", own, hours=45),
        article("again.example/a", own, hours=50),
        article("mixed.example/a", "\n\n".join((own, part(BRIDGE, 0, 3))), hours=47),
    )
    assert {line.relation for line in lines["weekly.example/week"]} == {"roundup"}
    for name in ("own", "again"):
        [line] = lines[f"{name}.example/a"]
        assert (line.original_url, line.publisher) == ("http://weekly.example/week", "weekly.example")
        assert line.story not in {line.story for line in lines["weekly.example/week"]}
    [line] = lines["mixed.example/a"]
    assert (line.original_url, line.via_url) == ("http://nord.example/bridge", "http://weekly.example/week")


def test_a_copy_of_a_copy_names_the_root_and_the_way(store: Store) -> None:
    added = part(FERRY, 0, 4) + "\n\n" + paragraph("slip of the first mirror") + "\n\n" + part(FERRY, 4, 8)
    lines = link(
        store,
        original(),
        article("first.example/a", added, hours=2),
        article("second.example/a", added, hours=5),
    )
    (second,) = lines["second.example/a"]
    assert (second.original_url, second.via_url) == ("http://kestrel.example/ferry", "http://first.example/a")
    assert second.copied == pytest.approx(8 / 9, abs=0.01), "measured against the original, not the way"
    assert second.story == lines["kestrel.example/ferry"][0].story
    assert lines["first.example/a"][0].via_url is None


def test_slips_that_are_handed_on_show_the_way(store: Store) -> None:
    """The places in which a copy of a copy departs from the original tell by which copy it came."""
    words = FERRY.split(" ")
    words[40], words[200] = "zerdranxx", "ketpolxx"
    slipped = " ".join(words)
    lines = link(
        store,
        original(),
        article("first.example/a", slipped, hours=2),
        article("second.example/a", slipped, hours=6),
        article("third.example/a", FERRY, hours=8),
    )
    [second], [third] = lines["second.example/a"], lines["third.example/a"]
    assert (second.original_url, second.via_url) == ("http://kestrel.example/ferry", "http://first.example/a")
    assert any("In 2 places" in one.reason for one in second.evidence if one.signal == "chain")
    assert (third.original_url, third.via_url) == ("http://kestrel.example/ferry", None)


def test_one_slip_may_be_chance(store: Store) -> None:
    slipped = FERRY.replace(FERRY.split(" ")[40], "zerdranxx", 1)
    copies = [article(f"{name}.example/a", slipped, hours=hours) for name, hours in (("first", 2), ("second", 6))]
    [second] = link(store, original(), *copies)["second.example/a"]
    assert (second.original_url, second.via_url) == ("http://kestrel.example/ferry", None)


SCRAPS = ("Join our channel for more of this every day", "Leave a comment below and tell your friends")


def test_a_page_that_credits_the_root_and_shares_but_scraps_with_a_copy_came_from_the_root(store: Store) -> None:
    """Calls that half of all sites put under everything are no slip of a copy's."""
    body = "\n\n".join((part(FERRY, 0, 4), SCRAPS[0], part(FERRY, 4, 8), SCRAPS[1]))
    credit = [("title_suffix", "The Kestrel Times", "Ferry | Coast | The Kestrel Times")]
    lines = link(
        store,
        original(),
        article("first.example/a", body, hours=2),
        article("second.example/a", body, hours=5, clues=credit),
        article("third.example/a", body, hours=6),
    )
    for name in ("second", "third"):
        [line] = lines[f"{name}.example/a"]
        assert (line.original_url, line.via_url) == ("http://kestrel.example/ferry", None)
    assert "title_suffix" in {one.signal for one in lines["second.example/a"][0].evidence}


def test_a_page_that_credits_the_root_and_has_a_caption_of_a_copys_came_by_the_copy(store: Store) -> None:
    body = "\n\n".join((part(FERRY, 0, 4), paragraph("a caption of the first mirror's own", 16), part(FERRY, 4, 8)))
    credit = [("title_suffix", "The Kestrel Times", "Ferry | Coast | The Kestrel Times")]
    copy = article("first.example/a", body, hours=2)
    [line] = link(store, original(), copy, article("second.example/a", body, hours=5, clues=credit))["second.example/a"]
    assert (line.original_url, line.via_url) == ("http://kestrel.example/ferry", "http://first.example/a")


def test_a_copy_of_a_copy_that_shares_nothing_with_the_root_names_the_nearest_that_does(store: Store) -> None:
    between = part(FERRY, 0, 3) + "\n\n" + text("the mirror goes on", 5)
    lines = link(
        store,
        original(),
        article("first.example/a", between, hours=2),
        article("second.example/a", part(between, 3, 8), hours=5),
    )
    (second,) = lines["second.example/a"]
    assert (second.original_url, second.via_url) == ("http://first.example/a", None)
    assert second.publisher == "first.example", "the original's publisher never had a word of it"
    assert second.story == lines["kestrel.example/ferry"][0].story


def test_two_copies_on_one_site_are_same_site(store: Store) -> None:
    lines = link(store, original(), original("kestrel.example/again", hours=-1))
    (later,) = lines["kestrel.example/ferry"]
    assert (later.status, later.relation) == ("repost", "same_site")
    assert later.original_url == "http://kestrel.example/again"


@pytest.mark.parametrize("order", [1, -1])
def test_a_page_that_moved_is_the_first_at_its_new_address(store: Store, order: int) -> None:
    moved = article("kestrel.example/zz-ferry", FERRY, clues=[("moved_from", "http://kestrel.example/ferry")])
    pages = [original(), article("mirror.example/a", FERRY, hours=2), moved]
    lines = link(store, *pages[::order])
    assert lines["kestrel.example/zz-ferry"][0].status == "original"
    (old,) = lines["kestrel.example/ferry"]
    assert (old.relation, old.original_url) == ("same_site", "http://kestrel.example/zz-ferry")
    assert "moved to the address of the other" in old.evidence[0].reason
    assert lines["mirror.example/a"][0].original_url == "http://kestrel.example/zz-ferry"


@pytest.mark.parametrize("host", ["m.kestrel.example", "amp.kestrel.example"])
@pytest.mark.parametrize(
    ("clues", "why"),
    [
        ([("canonical", "http://kestrel.example/ferry")], "this one names the other as its canonical address"),
        ([], "this one stands at another door of the other's host"),
    ],
)
def test_another_door_is_the_same_house(store: Store, host: str, clues: list[tuple[str, ...]], why: str) -> None:
    lines = link(
        store,
        original(),
        article(f"{host}/ferry", FERRY, hours=-0.1, clues=clues),
        article("mirror.example/a", FERRY, hours=2),
    )
    (door,) = lines[f"{host}/ferry"]
    assert (door.status, door.relation, door.site) == ("repost", "same_site", host)
    assert door.original_url == "http://kestrel.example/ferry"
    assert door.evidence[0].reason == f"Both pages are of kestrel.example; {why}."
    assert lines["kestrel.example/ferry"][0].status == "original"
    assert lines["mirror.example/a"][0].original_url == "http://kestrel.example/ferry"


def test_pages_behind_other_doors_are_decided_again_with_their_house(store: Store) -> None:
    """What the habits of a house say must reach the pages of all its doors, in any order."""
    pages = [
        article(f"{door}kestrel.example/{n}" if late == 0 else f"mirror.example/{n}", text(f"story {n}", 3),
                hours=30 * n + late)
        for n, door in enumerate(("m.", "", "amp.", "m.", "", "www."))
        for late in (0, 2)
    ]  # fmt: skip
    link(store, *pages[::-1][:5])
    crawled = link(store, *pages[::-1][5:])
    linker(store).relink()
    relinked = told(store)
    for where, lines in crawled.items():
        assert [replace(one, revision=1) for one in lines] == [replace(one, revision=1) for one in relinked[where]]
        if where.startswith("mirror"):
            assert "in 5, the earlier one in 0" in " ".join(one.reason for one in lines[0].evidence)


def test_siblings_of_one_agency(store: Store) -> None:
    lines = link(
        store,
        article(
            "one.example/x",
            FERRY,
            clues=[("dateline", "Harrow Press", "OSLO (Harrow Press) -")],
            title="One headline of ours",
        ),
        article(
            "two.example/y",
            part(FERRY, 0, 7),
            hours=1,
            clues=[("agency", "Harrow Press", "(Harrow Press)")],
            title="Quite another",
        ),
    )
    for (line,) in lines.values():
        assert (line.status, line.original_url, line.publisher) == ("sibling", None, "Harrow Press")
    assert lines["one.example/x"][0].story == lines["two.example/y"][0].story


def test_a_copy_that_carries_its_victims_agency_line_is_no_sibling(store: Store) -> None:
    agency = ("dateline", "Harrow Press", "OSLO (Harrow Press) -")
    lines = link(
        store,
        original(clues=[agency], title="Ferry sails without captain"),
        article(
            "two.example/y",
            FERRY,
            hours=1,
            clues=[agency, ("credit_line", "The Kestrel Times", "Source: The Kestrel Times")],
        ),
        article("three.example/y", FERRY, hours=2, clues=[agency], title="Ferry sails without captain"),
    )
    assert lines["two.example/y"][0].status == "repost"
    assert lines["three.example/y"][0].status == "repost"
    assert lines["kestrel.example/ferry"][0].status == "original"


def test_the_agencys_own_page_is_the_original(store: Store) -> None:
    agency = ("dateline", "Harrow Press", "OSLO (Harrow Press) -")
    lines = link(
        store,
        article("harrowpress.example/1", FERRY, hours=1),
        article("two.example/y", FERRY, hours=1, clues=[agency]),
    )
    assert lines["two.example/y"][0].original_url == "http://harrowpress.example/1"


@pytest.mark.parametrize("at", ["hours", "undated", "later"])
@pytest.mark.parametrize(
    ("host", "called", "line"),
    [
        ("harrowpress.example", None, "Harrow Press"),
        ("apnews.example", "AP News", "Associated Press"),
        ("afp.example", "AFP.example", "Agence France-Presse"),
        ("lenta1.example", "РИА Новости", "RIA Novosti"),
        ("aa.example", None, "Anadolu"),
        ("presseportal.example", None, "ots"),
    ],
)
def test_prints_of_an_agency_whose_own_page_is_held_come_from_it(
    store: Store, host: str, called: str | None, line: str, at: str
) -> None:
    clues = [("dateline", line, f"OSLO ({line}) -")]
    hours = {"hours": 0.0, "undated": None, "later": 9}[at]
    prints = [
        article(f"{name}.example/x", body, hours=1 + n, clues=clues, title=f"A headline of {name}'s own")
        for n, (name, body) in enumerate((("one", FERRY), ("two", part(FERRY, 0, 5)), ("three", FERRY)))
    ]
    own = article(f"{host}/1", FERRY, hours=hours, clues=clues, site_name=called)
    lines = link(store, *prints, own)
    for (told_of,) in (lines[f"{name}.example/x"] for name in ("one", "two", "three")):
        assert (told_of.status, told_of.original_url) == ("repost", f"http://{host}/1")
    assert lines[f"{host}/1"][0].status == "original"


@pytest.mark.parametrize("credit", ["Harbour Office of Ostmark", "Harbour Office Ostmark", "harbouroffice.example"])
def test_a_credit_of_a_house_that_is_no_medium_means_its_page_where_that_is_held(store: Store, credit: str) -> None:
    clues = [("credit_line", credit, f"Source: {credit}")]
    print_ = article("one.example/x", FERRY, clues=clues)
    assert link(store, print_)["one.example/x"][0].status == ("repost" if "." in credit else "original")
    lines = link(store, article("harbouroffice.example/7", FERRY, hours=None), article("two.example/y", FERRY, hours=2))
    (line,) = lines["one.example/x"]
    assert line.original_url == "http://harbouroffice.example/7"
    assert f"“Source: {credit}”" in line.evidence[0].reason
    assert lines["harbouroffice.example/7"][0].status == "original"


def test_a_credit_of_somebody_else_is_none_of_the_page_that_is_held(store: Store) -> None:
    clues = [("credit_line", "Anna Berg", "Source: Anna Berg"), ("credit_line", "World", "Source: World")]
    others = [article(f"{name}.example/7", FERRY, hours=None) for name in ("world", "bergamo")]
    lines = link(store, article("one.example/x", FERRY, clues=clues, hours=None), *others)
    assert {line.status for (line,) in lines.values()} == {"unknown"}


def test_a_credited_publisher_whose_page_is_not_held(store: Store) -> None:
    seed = article(
        "mirror.example/war",
        FERRY,
        title="Will it end?",
        clues=[("title_suffix", "Al Jazeera", "Will it end? | Ukraine War | Al Jazeera")],
    )
    (line,) = link(store, seed)["mirror.example/war"]
    assert (line.status, line.relation, line.publisher, line.original_url) == (
        "repost",
        "attributed",
        "Al Jazeera",
        None,
    )
    assert "Ukraine War | Al Jazeera" in line.evidence[0].reason


def test_two_pages_that_credit_one_unheld_publisher_are_one_story_and_copy_neither(store: Store) -> None:
    clue = ("title_suffix", "Al Jazeera", "Will it end? | Ukraine War | Al Jazeera")
    lines = link(
        store, article("one.example/a", FERRY, clues=[clue]), article("two.example/b", FERRY, hours=5, clues=[clue])
    )
    assert {line.original_url for (line,) in lines.values()} == {None}
    assert {line.publisher for (line,) in lines.values()} == {"Al Jazeera"}
    assert len({line.story for (line,) in lines.values()}) == 1


def test_an_article_that_came_with_nothing_but_title_and_text_is_credited_too(store: Store) -> None:
    bare = article("mirror.example/war", FERRY, title="Will the ferries ever sail again? | Ukraine War | Al Jazeera")
    (line,) = link(store, bare)["mirror.example/war"]
    assert (line.status, line.publisher) == ("repost", "Al Jazeera")


@pytest.mark.parametrize(
    ("title", "where"),
    [
        ("Ferry sails | Kestrel Times", "kestrel-times.example/a"),
        ("Ferry sails | Politics", "any.example/a"),
        ("Ferry sails - World News", "any.example/a"),
        ("Ferry sails", "any.example/a"),
    ],
)
def test_a_title_that_ends_in_its_own_site_or_a_section_credits_nobody(store: Store, title: str, where: str) -> None:
    suffix = title.replace(" - ", " | ").partition(" | ")[2]
    clues = [("title_suffix", suffix, title)] if suffix else []
    (line,) = link(store, article(where, FERRY, title="Ferry sails", clues=clues))[where]
    assert line.status == "original"


def test_a_suffix_that_recurs_on_all_of_a_sites_titles_is_its_own(store: Store) -> None:
    clue = ("title_suffix", "The Daily Gull", "A headline | Coast | The Daily Gull")
    several = [article(f"any.example/{n}", text(f"gull {n}"), clues=[clue]) for n in range(6)]
    assert {line.status for (line,) in link(store, *several).values()} == {"original"}


def test_a_mirror_that_copies_one_publisher_only_still_credits_it(store: Store) -> None:
    clue = ("title_suffix", "The Kestrel Times", "A headline | Coast | The Kestrel Times")
    several = [article(f"mirror.example/{n}", text(f"gull {n}"), clues=[clue]) for n in range(6)]
    lines = link(store, original(), *several)
    assert {lines[f"mirror.example/{n}"][0].publisher for n in range(6)} == {"The Kestrel Times"}


def test_nobody_is_called_the_source_where_nothing_says_so(store: Store) -> None:
    lines = link(store, article("one.example/a", FERRY, hours=None), article("two.example/b", FERRY, hours=None))
    for (line,) in lines.values():
        assert (line.status, line.original_url) == ("unknown", None)
        assert line.evidence


def test_declared_roles_decide_where_times_do_not(store: Store) -> None:
    sites = [
        Site("The Kestrel", "http://kestrel.example/", "publisher"),
        Site("Mirror", "http://mirror.example/", "mirror"),
    ]
    lines = link(store, original(hours=None), article("mirror.example/a", FERRY, hours=None), publishers=sites)
    (copy,) = lines["mirror.example/a"]
    assert (copy.status, copy.original_url) == ("repost", "http://kestrel.example/ferry")
    assert copy.publisher == "The Kestrel"


def test_a_declared_source_outweighs_a_back_dated_time(store: Store) -> None:
    copy = article("mirror.example/a", FERRY, hours=-20, clues=[("canonical", "http://kestrel.example/ferry", "")])
    lines = link(store, original(), copy)
    (line,) = lines["mirror.example/a"]
    assert line.original_url == "http://kestrel.example/ferry"
    assert line.lag_seconds == -20 * 3600
    assert [one.weight < 0 for one in line.evidence if one.signal == "time_gap"] == [True], (
        "what speaks against is said"
    )


def test_an_image_uploaded_after_the_stated_time_gives_a_lie_away(store: Store) -> None:
    path = ("upload_path", "2026-11", "http://mirror.example/wp-content/uploads/2026/11/ferry.jpg")
    copy = article("mirror.example/a", FERRY, hours=-48, clues=[path])
    (line,) = link(store, original(), copy)["mirror.example/a"]
    assert line.original_url == "http://kestrel.example/ferry"
    assert any("2026-11" in one.reason for one in line.evidence if one.signal == "back_dated")


def test_a_site_that_is_always_later_is_the_copier_also_where_one_time_lies(store: Store) -> None:
    pairs = []
    for number in range(8):
        body = text(f"story {number}", 4)
        pairs.append(article(f"kestrel.example/{number}", body, hours=number * 10))
        pairs.append(article(f"mirror.example/{number}", body, hours=number * 10 + 3 if number else -2))
    lines = link(store, *pairs)
    (lie,) = lines["mirror.example/0"]
    assert lie.original_url == "http://kestrel.example/0"
    assert any(one.signal == "habit" for one in lie.evidence)


def test_a_late_original_turns_earlier_verdicts_as_a_new_revision(store: Store) -> None:
    room = linker(store)
    room.link([Arrival(article("first.example/a", FERRY, hours=2))])
    room.link([Arrival(article("second.example/a", FERRY, hours=4))])
    assert told(store)["second.example/a"][0].original_url == "http://first.example/a"
    room.link([Arrival(original())])
    room.drain()
    (second,) = told(store)["second.example/a"]
    assert (second.original_url, second.revision) == ("http://kestrel.example/ferry", 2)
    kinds = [event.kind for event in store.outbox.read("x", 99)]
    assert kinds.count("article.new") == 3
    assert kinds.count("verdict.new") == 3
    assert kinds.count("verdict.revised") == 2


def test_nothing_new_is_told_of_what_is_linked_twice(store: Store) -> None:
    batch = [original(), article("mirror.example/a", FERRY, hours=2)]
    before = link(store, *batch)
    seq = store.outbox.read("x", 99)[-1].seq
    assert link(store, *batch) == before
    assert linker(store).relink() == 2
    assert told(store) == before
    assert store.outbox.read("x", 99)[-1].seq == seq


def test_an_edited_source_keeps_its_place(store: Store) -> None:
    source = original(fetched_at=NOON)
    lines = link(store, source, article("mirror.example/a", FERRY, hours=2))
    rewritten = original(body=text("all new", 8), fetched_at=NOON + timedelta(days=1))
    after = link(store, rewritten)
    assert after["mirror.example/a"][0].original_url == lines["mirror.example/a"][0].original_url
    assert after["mirror.example/a"][0].coverage == 1.0
    assert [event.kind for event in store.outbox.read("x", 99)].count("article.changed") == 1


def test_a_copy_that_drops_what_it_copied_is_a_repost_no_more(store: Store) -> None:
    link(store, original(), article("mirror.example/a", FERRY, hours=2, fetched_at=NOON))
    after = link(store, article("mirror.example/a", text("own words", 8), hours=2, fetched_at=NOON + timedelta(days=1)))
    (line,) = after["mirror.example/a"]
    assert (line.status, line.revision) == ("original", 2)


def test_a_page_does_not_match_its_own_earlier_versions(store: Store) -> None:
    link(store, original(fetched_at=NOON))
    after = link(store, original(body=FERRY + "\n\n" + paragraph("more"), fetched_at=NOON + timedelta(days=1)))
    assert [line.status for line in after["kestrel.example/ferry"]] == ["original"]


def test_a_better_time_is_taken(store: Store) -> None:
    link(store, original(hours=None), article("mirror.example/a", FERRY, hours=None))
    after = link(store, original(hours=0), article("mirror.example/a", FERRY, hours=3))
    assert after["mirror.example/a"][0].status == "repost"
    assert after["kestrel.example/ferry"][0].status == "original"


def test_a_credit_finds_its_publisher_when_that_is_first_seen_later(store: Store) -> None:
    credit = ("credit_line", "The Kestrel Times", "Source: The Kestrel Times")
    link(store, article("mirror.example/a", FERRY, hours=None, clues=[credit]))
    assert told(store)["mirror.example/a"][0].relation == "attributed"
    after = link(store, original(hours=None))
    assert after["mirror.example/a"][0].original_url == "http://kestrel.example/ferry"


def test_what_nobody_can_store_is_made_fit(store: Store) -> None:
    odd = article("mirror.example/a", "half a pair \ud83d " + FERRY, clues=[("title_suffix", "\udc00", "")])
    odd = article("mirror.example/a", odd.text, title="x" * 9000, clues=[("insert", "", "\udc00")], tags=("t",) * 900)
    link(store, odd, article("b.example/1", FERRY, hours=1))
    held = store.articles.get("http://mirror.example/a")
    assert held is not None
    assert held.article.text.startswith("half a pair \ufffd ")
    assert len(held.article.title) == 2000
    assert len(held.article.tags) == 200
    assert held.article.clues == (Clue("insert", "", "\ufffd"),)


@pytest.mark.parametrize("year", [1, 1800, 9999])
def test_an_absurd_time_says_nothing(store: Store, year: int) -> None:
    odd = article("mirror.example/a", FERRY, hours=None, authors=("Ann",), published_at=NOON.replace(year=year))
    assert link(store, odd, original())["mirror.example/a"][0].status == "unknown"


def test_an_editors_word_stands_above_the_sum_and_survives_relink(store: Store) -> None:
    link(store, original(), article("mirror.example/a", FERRY, hours=3))
    room = linker(store)
    (line,) = room.judge(
        "http://kestrel.example/ferry", original_url="http://mirror.example/a", reason="they showed us the file"
    )
    assert (line.status, line.original_url) == ("repost", "http://mirror.example/a")
    assert "they showed us the file" in line.evidence[0].reason
    assert told(store)["mirror.example/a"][0].status == "original"
    before = told(store)
    room.relink()
    assert told(store) == before
    (line,) = room.clear("http://kestrel.example/ferry")
    assert line.status == "original"
    room.drain()
    assert told(store)["mirror.example/a"][0].status == "repost"


def test_an_editor_may_say_that_it_is_no_repost(store: Store) -> None:
    link(store, original(), article("mirror.example/a", FERRY, hours=3))
    (line,) = linker(store).judge("http://mirror.example/a", reason="licensed, own work")
    assert (line.status, line.original_url, line.confidence) == ("original", None, 1.0)


def test_an_editor_may_name_a_page_that_is_not_held_and_it_may_come(store: Store) -> None:
    link(store, article("mirror.example/a", FERRY, hours=3))
    (line,) = linker(store).judge("http://mirror.example/a", original_url="http://far.example/x")
    assert line.publisher == "far.example", "whom to credit, also where their page is not held"
    assert (line.status, line.original_url) == ("repost", "http://far.example/x")
    far = article("far.example/x", text("something else"), hours=90)
    (line,) = link(store, far)["mirror.example/a"]
    assert line.original_url == "http://far.example/x"
    assert line.story == told(store)["far.example/x"][0].story
    with pytest.raises(LookupError):
        linker(store).judge("http://nowhere.example/")


def test_an_unknown_weight_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="astrology"):
        linker(store, weights={"astrology": 1.0})


def test_a_weight_may_be_set(store: Store) -> None:
    lines = link(
        store, original(), article("mirror.example/a", FERRY, hours=3), weights={"time_gap": 0, "generic_author": 0}
    )
    assert lines["mirror.example/a"][0].status == "unknown"


def test_sketches_of_another_recipe_are_refused_until_they_are_made_anew(store: Store) -> None:
    link(store, original(), article("mirror.example/a", FERRY, hours=3))
    before = told(store)
    with store.transaction():
        for number, data in store.articles.sketches_of([1, 2]).items():
            store.articles.resketch(number, data, recipe="of old")
    room = linker(store)
    with pytest.raises(StoreError, match="relink"):
        room.link([Arrival(article("b.example/x", BRIDGE))])
    with pytest.raises(StoreError, match="relink"):
        room.drain()
    assert room.relink() == 2
    assert told(store) == before
    assert room.link([Arrival(article("b.example/x", BRIDGE))])[0][0].status == "original"


def test_link_answers_in_the_order_of_what_arrived(store: Store) -> None:
    batch = [article(f"a.example/{n}", text(f"order {n}")) for n in (3, 1, 2)]
    answers = linker(store).link([Arrival(one) for one in batch])
    assert [lines[0].url[-1] for lines in answers] == ["3", "1", "2"]
    assert linker(store).link([]) == []


def test_the_clock_dates_what_is_told(store: Store) -> None:
    link(store, original())
    assert {event.at for event in store.outbox.read("x", 9)} == {now()}
