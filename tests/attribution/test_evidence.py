"""Every sentence of the evidence is true of the two pages, and a person can check it there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from newsroom import NOON, article, link, paragraph, text

from crawler.attribution.credits import SIGNAL_OF
from crawler.attribution.signals.finding import turned
from crawler.attribution.signals.quoting import QUOTE, agency_words, place_of, short
from crawler.attribution.weights import Weighed, both_sides
from crawler.items import Article, Clue, Evidence
from crawler.storage.base import Store

FERRY, HARBOUR = text("ferry", 8), text("harbour", 8)
BY = {"site_name": "The Kestrel Times", "authors": ("Jane Roe",)}


def said(store: Store, where: str, *articles: object) -> dict[str, Evidence]:
    """Signal -> evidence of the first line."""
    return {one.signal: one for one in link(store, *articles)[where][0].evidence}  # type: ignore[arg-type]


def test_a_long_title_is_shown_by_its_end(store: Store) -> None:
    title = "Ferry " * 40 + "| Harbour | The Kestrel Times"
    told = said(store, "mirror.example/a", article("kestrel.example/f", FERRY, **BY),
                article("mirror.example/a", FERRY, hours=2, title=title))  # fmt: skip
    reason = told["title_suffix"].reason
    assert reason.startswith("The title ends in “The Kestrel Times”: “…")
    assert reason.endswith("| Harbour | The Kestrel Times”.")
    assert len(reason) < 200


def test_a_pages_own_credit_does_not_speak_twice(store: Store) -> None:
    credit = [("credit_line", "The Kestrel Times", "Source: The Kestrel Times")]
    original = article("kestrel.example/f", FERRY, **BY)
    told = said(store, "one.example/a", original, article("one.example/a", FERRY, hours=2, clues=credit))
    assert "credit_line" in told
    assert "endorsed" not in told, "the only page that credits it is this one"
    others = [article(f"{name}.example/a", FERRY, hours=3, clues=credit) for name in ("two", "three")]
    lines = link(store, *others, article("four.example/a", FERRY, hours=4))
    reasons = {
        where: [one.reason for one in lines[f"{where}.example/a"][0].evidence if one.signal == "endorsed"]
        for where in ("one", "four")
    }
    assert reasons["one"] == ["At least 2 other pages with this text credit The Kestrel Times for it."]
    assert reasons["four"] == ["At least 3 other pages with this text credit The Kestrel Times for it."]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        (({"hours": 0}, {"hours": 2}), "the other was published 2026-10-05 12:00 UTC, this one 2026-10-05 14:00 UTC"),
        (({"hours": 0}, {"hours": None}), "the other was published 2026-10-05 12:00 UTC, this one states no time"),
        (
            ({"hours": None, "first_seen": NOON}, {"hours": None, "first_seen": NOON.replace(day=7)}),
            "we saw the other first (2026-10-05 12:00 UTC, this one 2026-10-07 12:00 UTC)",
        ),
        (
            ({"hours": 0}, {"hours": 0}),
            "nothing says which was first, and the one whose address comes first is taken for it",
        ),
    ],
)
def test_why_one_of_two_pages_of_a_site_is_the_first(
    store: Store, fields: tuple[dict[str, object], dict[str, object]], why: str
) -> None:
    told = said(store, "kestrel.example/b", article("kestrel.example/a", FERRY, **fields[0]),  # type: ignore[arg-type]
                article("kestrel.example/b", FERRY, **fields[1]))  # type: ignore[arg-type]  # fmt: skip
    assert told["same_site"].reason == f"Both pages are of kestrel.example; {why}."


@pytest.mark.parametrize("hours", [None, 0])
@pytest.mark.parametrize(
    ("first", "second", "why"),
    [
        ("zz/?p=57", "aa/?p=61", "the other has the lower number (57, this one 61)"),
        ("zz/archives/981", "aa/archives/1042", "the other has the lower number (981, this one 1042)"),
        ("sport/4711-ferry", "home/4802-ferry", "the other has the lower number (4711, this one 4802)"),
        ("ferry", "ferry-2", "this one's address is that of the other with “-2” behind its name"),
        ("x/ferry.html", "x/ferry_1.html", "this one's address is that of the other with “_1” behind its name"),
    ],
)
def test_what_a_site_numbers_tells_the_first_of_its_pages(
    store: Store, first: str, second: str, why: str, hours: float | None
) -> None:
    pages = [article(f"kestrel.example/{path}", FERRY, hours=hours) for path in (first, second)]
    told = said(store, f"kestrel.example/{second}", *pages)
    assert told["same_site"].reason == f"Both pages are of kestrel.example; {why}."


def test_numbers_of_the_head_tell_the_first_of_a_sites_pages(store: Store) -> None:
    def page(slug: str, number: int, **fields: object) -> Article:
        body = fields.pop("text", FERRY)
        clues = [("post_id", str(number))]
        return article(f"kestrel.example/{slug}", body, clues=clues, **fields)  # type: ignore[arg-type]

    day = {"published_precision": "day"}
    told = said(store, "kestrel.example/a", page("a", 90, hours=-8, **day), page("b", 85, hours=None))
    assert "the lower number (85, this one 90)" in told["same_site"].reason
    told = said(
        store, "kestrel.example/c", page("c", 80, hours=200, text=HARBOUR), page("d", 95, hours=190, text=HARBOUR)
    )
    assert "the other was published 2026-10-13 10:00" in told["same_site"].reason, "two times that are apart say more"


def test_numbers_that_contradict_one_another_say_nothing(store: Store) -> None:
    pages = [article(f"kestrel.example/{where}", FERRY, clues=[("post_id", number)])
             for where, number in (("a/?p=300", "41"), ("b/?p=200", "42"))]  # fmt: skip
    reason = said(store, "kestrel.example/b/?p=200", *pages)["same_site"].reason
    assert "nothing says which was first" in reason


def test_siblings_are_named(store: Store) -> None:
    agency = [("dateline", "Harrow Press", "OSLO (Harrow Press) -")]
    pages = [article(f"{name}.example/x", FERRY, hours=hours, clues=agency, title=f"A headline of {name}'s own")
             for hours, name in enumerate(("one", "two", "three"))]  # fmt: skip
    reason = said(store, "two.example/x", *pages)["agency"].reason
    assert "others with its text, as http://one.example/x, credit Harrow Press" in reason
    lines = link(store, article("four.example/x", FERRY, hours=9, clues=agency, title="A headline of four's own"))
    assert lines["two.example/x"][0].revision == 1, "a further print changes nothing that is said of the others"


def test_a_habit_speaks_of_pairs_of_pages(store: Store) -> None:
    pages = [article(f"{site}.example/{n}", text(f"story {n}", 4), hours=30 * n + late)
             for n in range(4) for site, late in (("kestrel", 0), ("mirror", 2))]  # fmt: skip
    told = said(store, "mirror.example/1", *pages)
    assert told["habit"].reason == (
        "Of the other pairs of pages with the same text on mirror.example and kestrel.example, mirror.example had the"
        " later page in 3, the earlier one in 0."
    )


def test_two_pages_are_one_pair_however_often_one_was_edited(store: Store) -> None:
    states = [article("kestrel.example/f", f"{FERRY}\n\n{paragraph(str(n))}", fetched_at=NOON.replace(day=7 + n),
                      published_at=NOON - timedelta(hours=n % 2)) for n in range(6)]  # fmt: skip
    copy = article("mirror.example/a", FERRY, hours=5)
    told = said(store, "mirror.example/a", *states, copy)
    assert "habit" not in told
    assert list(store.names.counts("later")) == [("mirror.example", "kestrel.example", 1)]
    later = article("kestrel.example/f", FERRY, hours=9, fetched_at=NOON.replace(day=20))
    said(store, "mirror.example/a", later)
    assert list(store.names.counts("later")) == [("kestrel.example", "mirror.example", 1)]


def test_a_stated_time_explains_why_a_page_was_seen_later(store: Store) -> None:
    """We came to the original's site a fortnight after we had been at the copy's."""
    told = said(
        store,
        "mirror.example/a",
        article("mirror.example/a", FERRY, hours=5, first_seen=NOON.replace(hour=18)),
        article("kestrel.example/f", FERRY, first_seen=NOON.replace(day=20)),
    )
    assert told["first_sight"].weight == pytest.approx(-0.28)
    assert told["time_gap"].weight > 1.5


@pytest.mark.parametrize(
    ("kind", "agency", "quote", "words"),
    [
        ("dateline", "Reuters", "OSLO, Nov 4 (Reuters) - Two tugs have pulled it o", "OSLO, Nov 4 (Reuters) - …"),
        ("dateline", "TASS", "МОСКВА, 4 ноября. /ТАСС/. Два буксира", "МОСКВА, 4 ноября. /ТАСС/. …"),
        ("agency", "AFP", "y the tugs had gone home, and the ferry with them, " * 2 + "or nearly so. (AFP)",
         "… with them, or nearly so. (AFP)"),
        ("agency", "AFP", "By Ann Bell, AFP", "By Ann Bell, AFP"),
        ("agency", "Reuters", "Reuters", "Reuters"),
        ("dateline", "Harrow Press", "OSLO (HP) - " + "ferry " * 18, "OSLO (HP) - " + "ferry " * 16 + "ferry…"),
    ],
)  # fmt: skip
def test_a_credit_is_quoted_without_the_prose_round_it(kind: str, agency: str, quote: str, words: str) -> None:
    assert agency_words(Clue(kind, agency, quote)) == words


@given(st.sampled_from(["dateline", "agency"]), st.sampled_from(["AFP", "Reuters", "新华社"]), st.text(max_size=140))
def test_any_quotation_is_bounded_and_of_the_page(kind: str, agency: str, quote: str) -> None:
    words = agency_words(Clue(kind, agency, quote))
    assert len(words) <= QUOTE + 40
    assert words.strip("… ") in " ".join((quote or agency).split())
    assert len(short(quote)) <= QUOTE


def test_long_words_of_a_page_are_cut_between_words() -> None:
    assert short("tug " * 60) == ("tug " * 29).strip() + "…"
    assert short("拖" * 200) == "拖" * 119 + "…"


@pytest.mark.parametrize(
    ("clue", "reason"),
    [
        (("jsonld_publisher", "The Kestrel Times", ""), "The page names The Kestrel Times in its JSON-LD publisher."),
        (("guid_host", "http://kestrel.example/f", ""),
         "The page's declared source (guid in its feed) is http://kestrel.example/f, which is the other page."),
        (("original_source", "The Kestrel Times", ""),
         "The page's declared source (original-source) is The Kestrel Times."),
        (("canonical", "http://kestrel.example/other", ""),
         "The page's canonical address (link rel=canonical) is http://kestrel.example/other, of The Kestrel Times."),
    ],
)  # fmt: skip
def test_evidence_says_where_it_stands_as_people_look_for_it(
    store: Store, clue: tuple[str, str, str], reason: str
) -> None:
    source = article("kestrel.example/f", FERRY, site_name="The Kestrel Times")
    told = said(store, "mirror.example/a", source, article("mirror.example/a", FERRY, hours=2, clues=[clue]))
    assert reason in {one.reason for one in told.values()}


def test_prints_of_an_agency_quote_its_credit_alone(store: Store) -> None:
    prose = (
        "TROMSØ, Oct 5 (AFP) - Two tugs have pulled the ferry off the bank, and a third has pulled them off it, as it w"
    )
    clue = ("dateline", "AFP", prose)
    prints = [article(f"{name}.example/a", FERRY, hours=name == "two", clues=[clue]) for name in ("one", "two")]
    reason = said(store, "two.example/a", *prints)["agency"].reason
    assert reason == (
        "This page (“TROMSØ, Oct 5 (AFP) - …”) and others with its text, as http://one.example/a, credit AFP; none"
        " shows a trace of another."
    )


def test_every_kind_of_clue_that_is_declared_has_words() -> None:
    declared = {"canonical", "declared_source", "declared_publisher"}
    for kind in (kind for kind, signal in SIGNAL_OF.items() if signal in declared):
        assert "_" not in place_of(Clue(kind, "x", "")).replace("og:site_name", "")


def test_a_page_that_was_seen_before_the_time_it_states(store: Store) -> None:
    ahead = article("ahead.example/a", FERRY, hours=40, first_seen=NOON - timedelta(hours=30))
    told = said(store, "kestrel.example/f", ahead, article("kestrel.example/f", FERRY))
    assert told["time_gap"].origin == "http://ahead.example/a"
    assert told["time_gap"].weight > 1
    assert told["time_gap"].reason == (
        "Published 2026-10-05 12:00 UTC, the other page by 2026-10-04 06:00 UTC (we saw it then, though it states"
        " 2026-10-07 04:00 UTC)."
    )


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (1, "Published 2026-10-05 12:00:01 UTC, the other page 2026-10-05 12:00:00 UTC: 1 s earlier."),
        (59, "Published 2026-10-05 12:00:59 UTC, the other page 2026-10-05 12:00:00 UTC: 59 s earlier."),
        (61, "Published 2026-10-05 12:01 UTC, the other page 2026-10-05 12:00 UTC: 1 min earlier."),
        (3 * 3600, "Published 2026-10-05 15:00 UTC, the other page 2026-10-05 12:00 UTC: 3 h earlier."),
    ],
)
def test_a_gap_can_be_checked_by_the_times_that_are_told(store: Store, seconds: int, told: str) -> None:
    copy = article("b.example/f", FERRY, hours=seconds / 3600)
    assert said(store, "b.example/f", article("a.example/f", FERRY), copy)["time_gap"].reason == told


def test_minutes_are_counted_as_they_are_told(store: Store) -> None:
    first = article("a.example/f", FERRY, published_at=NOON.replace(minute=52, second=50))
    later = article("b.example/f", FERRY, published_at=NOON.replace(hour=16, minute=54, second=10))
    reason = said(store, "b.example/f", first, later)["time_gap"].reason
    assert reason == "Published 2026-10-05 16:54 UTC, the other page 2026-10-05 12:52 UTC: 4 h 2 min earlier."


def test_times_that_say_nothing_are_not_told(store: Store) -> None:
    lines = link(
        store,
        article("a.example/1", FERRY, published_at=NOON.replace(hour=0), published_precision="day"),
        article("b.example/1", FERRY, published_at=NOON.replace(hour=0), published_precision="day"),
    )
    assert {one.signal for told in lines.values() for line in told for one in line.evidence} == {"unknown"}


@pytest.mark.parametrize(
    ("reason", "other_way"),
    [
        ("Published A, the other page B: 3 h earlier.", "The other page was published A, this page B: 3 h earlier."),
        ("Published A; we saw the other page before that, at B.",
         "The other page was published A; we saw this page before that, at B."),
        ("The page names no author, the other Jane Roe.", "The other page names no author, this one Jane Roe."),
        ("The page is signed “the other by this one”, the other by Jane Roe.",
         "The other page is signed “the other by this one”, this one by Jane Roe."),
        ("The text links to the other page (http://a.example/the-page).",
         "The other page's text links to this page (http://a.example/the-page)."),
        ("The title ends in “The page”: “The text”.", "The other page's title ends in “The page”: “The text”."),
        ("90% of this page stands in the other, and makes only 40% of it.",
         "90% of the other page stands in this one, and makes only 40% of it."),
        ("We saw the other page first (A, this one B).", "We saw this page first (A, the other B)."),
        ("3 or more pages of a.example credit B, fewer than 3 the other way.",
         "3 or more pages of a.example credit B, fewer than 3 the other way."),
        ("The page puts lines between the paragraphs (“See also”), the other none.",
         "The other page puts lines between the paragraphs (“See also”), this one none."),
    ],
)  # fmt: skip
def test_what_speaks_against_a_source_is_told_from_the_page_in_question(reason: str, other_way: str) -> None:
    assert turned(reason) == other_way


def test_evidence_against_reads_from_this_page(store: Store) -> None:
    told = said(store, "mirror.example/a", article("kestrel.example/f", FERRY, hours=2, **BY),
                article("mirror.example/a", FERRY, title="Ferry sails | Harbour | The Kestrel Times"))  # fmt: skip
    assert told["time_gap"].weight < 0
    assert told["time_gap"].reason == (
        "Against it: The other page was published 2026-10-05 14:00 UTC, this page 2026-10-05 12:00 UTC: 2 h earlier."
    )


def test_only_what_was_found_from_the_other_side_is_turned() -> None:
    own = Weighed("credit_elsewhere", -1.0, "The page credits Nordpost, not The Kestrel Times.")
    assert own.evidence("u").reason == "Against it: The page credits Nordpost, not The Kestrel Times."
    [theirs] = both_sides([], [Weighed("title_suffix", 2.0, "The page credits the other page.")])
    assert theirs.evidence("u").reason == "Against it: The other page credits this page."
    [for_it] = both_sides([], [replace(theirs, weight=-2.0, mirrored=False)])
    assert for_it.evidence("u").reason == "The other page credits this page."


def test_a_paper_beside_the_authors_name_signs_the_page(store: Store) -> None:
    beside = [("byline", "The Kestrel Times", "Ann Holm | The Kestrel Times")]
    told = said(store, "mirror.example/a", article("kestrel.example/f", FERRY, **BY),
                article("mirror.example/a", FERRY, hours=2, authors=("Ann Holm",), clues=beside))  # fmt: skip
    assert told["byline"].reason == "The page is signed “The Kestrel Times”."
