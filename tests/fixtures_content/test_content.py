"""The fixture web's content is what it says it is: sizes, kinds, shares, times and the truth derived from them."""

from __future__ import annotations

import itertools
import json
import re
from collections import Counter
from datetime import timedelta

import pytest

from fixtures.content import HOSTS, START, Post, at, by_id, load, parse, path, url
from fixtures.derive import count_words, duration, excerpt
from fixtures.truth import FILE, lines, render

PUBLISHERS = {host for host, habits in HOSTS.items() if habits.role == "publisher"}
FIVE = ("verbatim", "inserts", "excerpt30", "excerpt50", "titled", "canonical", "heavy_edit")
THREE = (
    "light_edit", "roundup", "repost_of_repost", "back_dated", "crawled_before", "same_agency", "translated",
    "source_not_held", "same_site", "same_topic", "market_template", "weather_template", "quotation",
    "thin", "hello_world",
)  # fmt: skip


def of_kind(*kinds: str) -> list[Post]:
    return [post for post in load() if post.kind in kinds]


def source_of(post: Post) -> Post:
    """What a copy was made from: the copy in between, where there is one."""
    origin = post.origins[0]
    return by_id()[origin.via or origin.source or ""]


def words(post: Post) -> int:
    return count_words(post.text, post.language)


def shingles(post: Post, size: int = 5) -> set[tuple[str, ...]]:
    units = re.findall(r"[\u4e00-\u9fff]|[^\W\u4e00-\u9fff]+", post.text.lower())
    return set(zip(*(units[i:] for i in range(size)), strict=False))


def shared(a: Post, b: Post) -> float:
    """Share of a's 5-shingles that b has too."""
    own = shingles(a)
    return len(own & shingles(b)) / max(1, len(own))


# -- amount and variety ---------------------------------------------------------------------------------------------


def test_originals_are_many_and_of_five_languages() -> None:
    originals = [post for post in of_kind("original") if post.host in PUBLISHERS]
    assert len(originals) >= 32
    languages = Counter(post.language for post in originals)
    assert set(languages) == {"en", "de", "ru", "ar", "zh"}
    assert min(languages.values()) >= 3
    assert sum(1 for post in originals if words(post) >= 500 and post.language == "en") >= 4


def test_originals_have_150_to_900_words() -> None:
    low, high = {"zh": 250}, {"zh": 1400}  # in characters
    for post in of_kind("original"):
        assert low.get(post.language, 150) <= words(post) <= high.get(post.language, 900), post.id


@pytest.mark.parametrize(("kind", "least"), [(kind, 5) for kind in FIVE] + [(kind, 3) for kind in THREE])
def test_every_kind_is_there_often_enough(kind: str, least: int) -> None:
    assert len(of_kind(kind)) >= least


def test_every_mirror_has_articles_of_its_own() -> None:
    own = Counter(post.host for post in of_kind("original"))
    assert set(own) == set(HOSTS)
    assert min(own.values()) >= 3


def test_every_post_is_signed_and_placed_where_its_site_does_so() -> None:
    for post in load():
        assert post.title
        assert post.slug
        assert post.blocks
        assert post.section or post.page, post.id
        assert post.author or post.host == "quickmirror.example", post.id


# -- addresses, numbers and times -----------------------------------------------------------------------------------


def test_addresses_and_numbers_are_unique() -> None:
    assert len({url(post) for post in load()}) == len(load())
    assert len({(post.host, post.wp_id) for post in load()}) == len(load())


def test_paths_follow_the_make_of_the_site() -> None:
    patterns = {
        "kestrel-times.example": r"/\d{4}/\d\d/\d\d/[^/]+/|/sample-page/",
        "alwaha.example": r"/\d{4}/\d\d/\d\d/[^/]+/",
        "dailyrelay.example": r"/[^/]+/",
        "worldbrief.example": r"/\?(p|page_id)=\d+",
        "newsquilt.example": r"/\d{4}/\d\d/[^/]+\.html",
        "quickmirror.example": r"/news/[^/]+\.html",
        "nordpost.example": r"/[a-z-]+/[^/]+\.html",
        "paperboy.example": r"/article/\d+-[^/]+",
        "glasspane.example": r"/story/[^/]+",
    }
    for post in load():
        assert re.fullmatch(patterns[post.host], path(post)), path(post)
        assert path(post).isascii()


def test_numbers_grow_with_insertion_and_not_with_stated_time() -> None:
    for one, other in itertools.combinations(load(), 2):
        if one.host == other.host and one.wp_id > 2 and other.wp_id > 2 and one.inserted != other.inserted:
            assert (one.inserted < other.inserted) == (one.wp_id < other.wp_id), (one.id, other.id)


def test_stated_times_are_aware_and_offsets_differ() -> None:
    stated = [post.published for post in load() if post.published]
    assert all(moment.utcoffset() is not None for moment in stated)
    assert len({moment.utcoffset() for moment in stated}) >= 6
    assert {post.precision for post in load()} == {"second", "minute", "day"}


def test_what_is_there_at_the_start_was_inserted_before_it() -> None:
    for post in load():
        ahead = [change.after for change in post.changes if change.kind == "appear"]
        assert post.inserted <= START + (ahead[0] if ahead else timedelta()), post.id


def test_a_copy_was_inserted_after_its_source() -> None:
    for post in load():
        for origin in post.origins:
            if origin.source:
                assert post.inserted > by_id()[origin.via or origin.source].inserted, post.id


def test_only_back_dated_copies_state_an_earlier_time() -> None:
    for post in load():
        if post.origins[0].status == "repost" and post.origins[0].source and post.published:
            assert (post.published < by_id()[post.origins[0].source].published) == (post.kind == "back_dated"), post.id


def test_no_site_has_two_copies_of_one_original() -> None:
    copies = Counter((post.host, origin.source) for post in load() for origin in post.origins if origin.source)
    assert [pair for pair, count in copies.items() if count > 1] == []


# -- the kinds are what they claim ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "share"), [("excerpt30", 0.3), ("excerpt50", 0.5)])
def test_excerpts_have_the_share_they_claim(kind: str, share: float) -> None:
    for post in of_kind(kind):
        assert words(post) / words(source_of(post)) == pytest.approx(share, abs=0.01), post.id
        assert shared(post, source_of(post)) > 0.95, post.id


def test_whole_copies_hold_every_paragraph_of_their_source() -> None:
    for post in of_kind("verbatim", "inserts", "canonical", "titled", "back_dated", "crawled_before"):
        own = {block.text for block in post.blocks}
        missing = [block.text for block in source_of(post).blocks if block.kind == "p" and block.text not in own]
        assert not missing, post.id


def test_inserts_titles_and_declarations_are_there() -> None:
    for post in of_kind("inserts"):
        assert sum(block.kind == "insert" for block in post.blocks) >= 2, post.id
    for post in of_kind("titled"):
        assert re.search(r"( \| [^|]+ \| | – )(The )?(Kestrel Times|Nordpost|Al Waha)$", post.title), post.id
    for post in of_kind("canonical"):
        assert post.declared["canonical"] == url(source_of(post)), post.id


def test_edits_keep_some_of_the_wording_and_change_the_rest() -> None:
    for post in of_kind("light_edit"):
        assert 0.6 < shared(post, source_of(post)) < 0.98, post.id
    for post in of_kind("heavy_edit"):
        assert 0.15 < shared(post, source_of(post)) < 0.65, (post.id, shared(post, source_of(post)))


def test_round_ups_have_three_to_five_sources_and_a_line_of_truth_for_each() -> None:
    truth = Counter(line["url"] for line in lines())
    for post in of_kind("roundup"):
        assert 3 <= len(post.origins) <= 5
        assert truth[url(post)] == len(post.origins)
        for origin in post.origins:
            assert shared(post, by_id()[origin.source or ""]) > 0.04


def test_a_copy_of_a_copy_carries_what_only_the_first_copy_has() -> None:
    for post in of_kind("repost_of_repost"):
        root, first = by_id()[post.origins[0].source or ""], source_of(post)
        assert first.host not in PUBLISHERS
        assert shingles(post) & (shingles_with_inserts(first) - shingles(root)), post.id


def shingles_with_inserts(post: Post) -> set[tuple[str, ...]]:
    """The first copy's inserts and captions are paragraphs of the second."""
    blocks = "\n\n".join(block.text for block in post.blocks)
    units = re.findall(r"\w+", blocks.lower())
    return set(zip(*(units[i:] for i in range(5)), strict=False))


def test_agency_texts_stand_in_two_houses_with_house_edits_and_no_trace() -> None:
    by_publisher = of_kind("same_agency")
    for post in by_publisher:
        assert "(Harrow Press Agency) - " in post.text
        assert post.origins[0].publisher == "Harrow Press Agency"
        assert not post.declared
        partners = [other for other in by_publisher if other is not post and shared(post, other) > 0.5]
        assert partners, post.id
        assert all(shared(post, other) < 1 or shared(other, post) < 1 for other in partners)
        assert all(other.image is None or other.image != post.image for other in partners)


def test_translations_share_no_words_with_their_source() -> None:
    for post in of_kind("translated"):
        assert post.language != source_of(post).language
        assert shared(post, source_of(post)) < 0.02, post.id
        assert 0.5 < len(post.text) / len(source_of(post).text) < 5


@pytest.mark.parametrize(
    ("key", "spellings"),
    [
        ("dr-border-markets", ("Nadir Khoshbakht", "Nader Hoshbaht", "Nazir Khushbukht")),
        ("nq-lighthouse-ru", ("Ансель Корри", "г-ну Кори ", "Энсел Корей")),
        ("gp-bramble-de", ("Osgood Lanyon", "Osgut Lanion", "Lanjon")),
        ("dr-qanat-en", ("Yousra Al-Hamdani", "Yusra Hamadany", "Al-Hamdani added")),
        ("nq-icebreaker-en", ("Ignat Halvorsen", "Khalvorsen", "Ignatius Galvorsen")),
        ("pb-umbrella-en", ("Shen Afu", "Shen A-Fook", "Sinking Afu")),
    ],
)
def test_bad_translation_spells_one_name_three_ways(key: str, spellings: tuple[str, ...]) -> None:
    assert all(spelling in by_id()[key].text for spelling in spellings)


def test_the_seed_like_post() -> None:
    post = by_id()["dr-border-markets"]
    assert post.title.endswith("? | Region | Meridian Standard")
    assert [block.text.startswith("See also ") for block in post.blocks if block.kind == "insert"] == [True] * 3
    assert sum("[Yevgenia Darrow/Meridian Standard]" in block.text for block in post.blocks if block.kind == "p") == 2
    [line] = [line for line in lines() if line["url"] == url(post)]
    assert (line["status"], line["relation"], line["original_url"]) == ("repost", "attributed", None)
    assert line["publisher"] == "Meridian Standard"


def test_credited_sources_are_not_among_the_hosts() -> None:
    names = {habits.name for habits in HOSTS.values()}
    for post in of_kind("source_not_held"):
        assert post.origins[0].publisher not in names
        assert post.origins[0].publisher in post.title + post.text


def test_near_misses_are_near_and_still_no_copies() -> None:
    for post in of_kind("same_topic"):
        assert max(shared(post, other) for other in load() if other is not post) < 0.03, post.id
    for post in of_kind("quotation"):
        nearest = max((shared(post, other) for other in load() if other is not post), default=0)
        assert 0.01 < nearest < 0.25, (post.id, nearest)
    for kind in ("market_template", "weather_template"):
        days = of_kind(kind)
        for post in days:
            assert "{" not in post.text
            assert max(shared(post, other) for other in days if other is not post) > 0.2, post.id
    for post in of_kind("thin"):
        assert words(post) < 40


def test_originals_owe_nothing_to_one_another() -> None:
    originals = of_kind("original")
    for one, other in itertools.combinations(originals, 2):
        assert len(shingles(one) & shingles(other)) <= 5, (one.id, other.id)


# -- changes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("change", "hour"), [("appear", 1), ("edit", 2), ("move", 3), ("delete", 4)])
def test_at_least_four_hosts_change_in_each_way(change: str, hour: int) -> None:
    changed = {
        post.host
        for post in load()
        for one in post.changes
        if one.kind == change and one.after == timedelta(hours=hour)
    }
    assert len(changed) >= 4


def test_one_post_appears_with_a_time_hours_back() -> None:
    late = [post for post in load() for change in post.changes if change.kind == "appear"]
    assert any(START - post.published > timedelta(hours=2) for post in late if post.published)


def test_a_post_lives_through_its_changes() -> None:
    posts = by_id()
    assert at(posts["kt-new-bells"], timedelta(minutes=59)) is None
    assert at(posts["kt-new-bells"], timedelta(hours=1)) == posts["kt-new-bells"]
    edited = at(posts["kt-ferry-strike"], timedelta(hours=2))
    assert edited is not None
    assert edited.title == "Ferry crews end walkout on Lowmouth crossing after talks"
    assert "arbitrator" in edited.text
    assert "arbitrator" not in posts["kt-ferry-strike"].text
    assert edited.modified == START + timedelta(hours=2)
    moved = at(posts["kt-rail-night-trains"], timedelta(hours=3))
    assert moved is not None
    assert path(moved) != path(posts["kt-rail-night-trains"])
    assert at(posts["kt-chess-machine"], timedelta(hours=4)) is None


# -- the truth ------------------------------------------------------------------------------------------------------


def test_the_committed_truth_is_up_to_date() -> None:
    assert FILE.read_text("utf-8") == render()


def test_the_truth_names_pages_that_exist() -> None:
    for elapsed in (timedelta(), timedelta(hours=1), timedelta(hours=5)):
        truth = list(lines(elapsed))
        pages = {line["url"] for line in truth}
        for line in truth:
            assert line["original_url"] is None or line["original_url"] in pages
            assert line["via_url"] is None or line["via_url"] in pages
            assert json.dumps(line)
            assert (line["status"] == "repost") == (line["relation"] is not None)


def test_an_original_that_appears_later_changes_the_truth_about_its_copy() -> None:
    copy = url(by_id()["wb-wooden-ferry"])
    before, after = (
        next(line for line in lines(elapsed) if line["url"] == copy) for elapsed in (timedelta(), timedelta(hours=1))
    )
    assert (before["original_url"], before["relation"], before["publisher"]) == (None, "attributed", "Nordpost")
    assert (after["original_url"], after["relation"]) == (url(by_id()["np-late-ferry-heritage"]), "verbatim")


# -- notation -------------------------------------------------------------------------------------------------------


def test_notation() -> None:
    blocks = parse("One\ntwo.\n\n## Head\n\n> Said\n\n![A cap](a.jpg)\n\n[[See also X]](http://x.example/)\n\n[[Y]]")
    assert [(block.kind, block.text, block.url) for block in blocks] == [
        ("p", "One two.", ""),
        ("h2", "Head", ""),
        ("quote", "Said", ""),
        ("image", "A cap", "a.jpg"),
        ("insert", "See also X", "http://x.example/"),
        ("insert", "Y", ""),
    ]


def test_excerpt_cuts_at_the_word_that_the_share_says() -> None:
    blocks = list(parse("one two three four\n\nfive six, seven eight nine ten"))
    assert [block.text for block in excerpt(blocks, 0.6, "en", "…")] == ["one two three four", "five six…"]
    assert [block.text for block in excerpt(blocks, 0.4, "en", "…")] == ["one two three four"]
    assert [block.text for block in excerpt(list(parse("一二三四，五六")), 0.5, "zh", "……")] == ["一二三……"]


def test_durations() -> None:
    assert duration("1d2h03m4s") == timedelta(days=1, hours=2, minutes=3, seconds=4)
