"""What every store must do. A new backend is a line in BACKENDS; all of this runs over it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from crawler.discovery.base import Link
from crawler.items import Article, Clue, Evidence, Verdict
from crawler.storage import open_store
from crawler.storage.article_rows import row_of
from crawler.storage.base import Judgement, SiteHeld, Store, StoredMatch, StoreError
from crawler.storage.verdicts import pack, unpacked

BACKENDS: dict[str, Callable[[Path], str]] = {"sqlite": lambda folder: f"sqlite:///{folder}/store.db"}
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(params=sorted(BACKENDS))
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return BACKENDS[request.param](tmp_path)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    store = open_store(url)
    yield store
    store.close()


def article(name: str, text: str = "A ferry sailed.", **fields: object) -> Article:
    host = name.partition("/")[0]
    return Article(f"http://{name}", host, f"About {name}", text, **fields)  # type: ignore[arg-type]


def put(store: Store, one: Article, digest: str = "h1") -> int:
    with store.transaction():
        return store.articles.put(one, f"sketch of {digest}".encode(), digest, recipe="r1", now=NOW).id


FULL = article(
    "a.example/1",
    "Первый абзац.\n\nالفقرة الثانية",
    authors=("Noor Sallis", "Ben"),
    language="ru",
    published_at=datetime(2026, 10, 2, 11, 20, 33, 123456, tzinfo=timezone(timedelta(hours=5, minutes=30))),
    modified_at=datetime(2026, 10, 3, tzinfo=UTC),
    published_precision="second",
    fetched_at=NOW,
    first_seen=NOW - HOUR,
    section="World",
    tags=("x", "y"),
    image="http://a.example/i.jpg",
    images=("http://a.example/i.jpg",),
    site_name="A",
    generator="WordPress",
    clues=(Clue("canonical", "http://b.example/1", ""), Clue("title_suffix", "B", "T | B")),
)


def test_an_article_comes_back_as_it_went_in(store: Store) -> None:
    number = put(store, FULL)
    held = store.articles.get(FULL.url)
    assert held is not None
    assert held.article == FULL
    assert held.article.published_at is not None
    assert held.article.published_at.utcoffset() == timedelta(hours=5, minutes=30), "the page's own offset is kept"
    assert (held.id, held.text_hash, held.version, held.gone) == (number, "h1", 1, False)
    assert store.articles.by_id(number) == held
    assert store.articles.many([number, 999]) == {number: held}
    assert store.articles.count() == 1


def test_an_article_with_nothing_but_the_least_comes_back(store: Store) -> None:
    bare = Article("http://a.example/2", "a.example", "", "")
    put(store, bare)
    held = store.articles.get(bare.url)
    assert held is not None
    assert held.article == bare


def test_a_row_is_the_article_again_and_what_it_says(store: Store) -> None:
    row = row_of(FULL, b"s", "h1")
    assert row.article() == FULL
    assert row.time == 1_790_920_233_123_456
    assert row_of(article("a.example/2", first_seen=NOW), b"s", "h").time == row.fetched
    put(store, FULL)
    assert store.articles.said([FULL.url, "http://a.example/none"]) == {FULL.url: (row.says(), row.first_seen)}
    assert row_of(replace(FULL, section="Sports"), b"s", "h1").says() != row.says()


def test_heads_have_no_text(store: Store) -> None:
    number = put(store, FULL)
    head = store.articles.heads([number])[number]
    assert head.article.text == ""
    assert head.article.clues == FULL.clues
    assert head.article.title == FULL.title


def test_an_article_is_told_as_json_without_its_text_and_what_is_empty(store: Store) -> None:
    bare = Article("http://a.example/2", "a.example", "", "")
    numbers = {put(store, one): one for one in (FULL, bare)}
    told = store.articles.told([*numbers, 999])
    assert told == {number: filled(one.to_dict()) for number, one in numbers.items()}
    assert told[max(numbers)] == {"url": bare.url, "site": bare.site}


def filled(fields: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in fields.items() if value and name != "text"}


def test_a_text_that_changes_keeps_the_version_before(store: Store) -> None:
    number = put(store, article("a.example/1", "First.", fetched_at=NOW), "h1")
    with store.transaction():
        saved = store.articles.put(
            article("a.example/1", "Second.", fetched_at=NOW + HOUR), b"s2", "h2", recipe="r1", now=NOW + HOUR
        )
    assert (saved.id, saved.text_new, saved.changed, saved.superseded) == (number, True, True, False)
    assert saved.before is not None
    assert saved.before.title == "About a.example/1"
    held = store.articles.get("http://a.example/1")
    assert held is not None
    assert (held.article.text, held.version, held.sketch) == ("Second.", 2, b"s2")
    (version,) = store.articles.versions(number)
    assert (version.number, version.text, version.text_hash, version.until) == (1, "First.", "h1", NOW + HOUR)
    texts = store.articles.texts_of(number)
    assert sorted(texts.values()) == ["First.", "Second."]
    assert {one.text for one in store.articles.sketch_texts(texts).values()} == {"First.", "Second."}
    assert set(store.articles.sketches_of([number])) == set(texts)


def test_the_same_text_again_is_no_version_but_its_fields_are_taken(store: Store) -> None:
    put(store, article("a.example/1", section="Old"))
    with store.transaction():
        same = store.articles.put(article("a.example/1", section="Old"), b"s", "h1", recipe="r1", now=NOW)
        other = store.articles.put(article("a.example/1", section="New"), b"s", "h1", recipe="r1", now=NOW)
    assert (same.text_new, same.changed) == (False, False)
    assert (other.text_new, other.changed) == (False, True)
    held = store.articles.get("http://a.example/1")
    assert held is not None
    assert (held.article.section, held.version) == ("New", 1)
    assert store.articles.versions(held.id) == []


def test_many_are_put_as_each_in_turn(store: Store) -> None:
    put(store, article("b.example/1", "An old text."), "h0")
    several = [
        row_of(article("a.example/1"), b"sketch 1", "h1"),
        row_of(article("b.example/1", "A new text."), b"sketch 2", "h2"),
        row_of(FULL, b"sketch 3", "h3"),  # the first URL once more, with another text
        row_of(article("c.example/1"), b"sketch 4", "h4"),
    ]
    with store.transaction():
        saved = store.articles.put_many(several, recipe="r1", now=NOW)
    assert [one.before is None for one in saved] == [True, False, False, True]
    assert all(one.text_new for one in saved)
    assert saved[0].id == saved[2].id
    held = store.articles.get(FULL.url)
    assert held is not None
    assert (held.article, held.version, held.sketch) == (FULL, 2, b"sketch 3")
    assert [store.articles.get(one.url).sketch for one in several[1:]] == [b"sketch 2", b"sketch 3", b"sketch 4"]  # type: ignore[union-attr]
    ids = [one.id for one in store.articles.sketches(0)]
    assert len(set(ids)) == 5
    assert [one.id for one in store.articles.sketches(ids[1], below=ids[4])] == ids[2:4]
    new = {one.sketch: row.sketch for row, one in zip(several, saved, strict=True) if one.sketch is not None}
    assert new == store.articles.packed(new)
    assert len(new) == 2, "what is new at a URL is told by its number"
    with store.transaction():
        store.articles.put_many(several, recipe="r1", now=NOW)
    assert store.articles.count() == 3
    with store.transaction():
        assert store.articles.put_many([], recipe="r1", now=NOW) == []


def test_an_earlier_state_that_comes_later_becomes_a_version(store: Store) -> None:
    put(store, article("a.example/1", "New.", fetched_at=NOW, first_seen=NOW), "h2")
    with store.transaction():
        late = store.articles.put(
            article("a.example/1", "Old.", fetched_at=NOW - HOUR, first_seen=NOW - HOUR),
            b"s",
            "h1",
            recipe="r1",
            now=NOW,
        )
        again = store.articles.put(
            article("a.example/1", "Old.", fetched_at=NOW - HOUR), b"s", "h1", recipe="r1", now=NOW
        )
    assert (late.text_new, late.superseded) == (True, True)
    assert (again.text_new, again.superseded) == (False, True)
    held = store.articles.get("http://a.example/1")
    assert held is not None
    assert (held.article.text, held.article.first_seen, held.article.fetched_at) == ("New.", NOW - HOUR, NOW)
    assert [version.text for version in store.articles.versions(held.id)] == ["Old."]


def test_a_state_that_nobody_dates_is_news_once(store: Store) -> None:
    for text in ("One.", "Two."):
        put(store, article("a.example/1", text), text)
    number = store.articles.ids(["http://a.example/1"])["http://a.example/1"]
    with store.transaction():
        again = [store.articles.put(article("a.example/1", one), b"s", one, recipe="r1", now=NOW)
                 for one in ("One.", "Two.")]  # fmt: skip
    assert [(one.changed, one.superseded) for one in again] == [(False, True), (False, False)]
    assert [version.text for version in store.articles.versions(number)] == ["One."]


def test_a_state_that_was_fetched_or_changed_later_stands_in_any_order(store: Store) -> None:
    def stands(*states: Article) -> str:
        url = states[0].url
        for state in states:
            put(store, state, state.text)
        held = store.articles.get(url)
        assert held is not None
        assert len(store.articles.versions(held.id)) == 1
        return held.article.text

    for number, (old, new) in enumerate((
        ({}, {"fetched_at": NOW}),
        ({"fetched_at": NOW - HOUR}, {"fetched_at": NOW}),
        ({"modified_at": NOW - HOUR}, {"modified_at": NOW}),
        ({"modified_at": NOW, "fetched_at": NOW - HOUR}, {"modified_at": NOW - HOUR, "fetched_at": NOW}),
    )):  # fmt: skip
        one, other = (article(f"a.example/{number}", text, **told) for text, told in (("Old.", old), ("New.", new)))
        assert stands(one, other) == "New."
        one, other = (replace(state, url=f"{state.url}b") for state in (one, other))
        assert stands(other, one) == "New."


def test_the_earliest_first_sight_is_kept(store: Store) -> None:
    put(store, article("a.example/1", first_seen=NOW))
    put(store, article("a.example/1", first_seen=NOW + HOUR))
    held = store.articles.get("http://a.example/1")
    assert held is not None
    assert held.article.first_seen == NOW


def test_articles_are_streamed_by_site_and_time(store: Store) -> None:
    for day in range(1, 6):
        put(
            store,
            article(f"{'ab'[day % 2]}.example/{day}", published_at=datetime(2026, 10, day, tzinfo=UTC)),
            f"h{day}",
        )
    assert [one.article.url[-1] for one in store.articles.all()] == ["1", "2", "3", "4", "5"]
    assert [one.article.url[-1] for one in store.articles.all(site="b.example")] == ["1", "3", "5"]
    assert [one.article.url[-1] for one in store.articles.all(since=datetime(2026, 10, 4, tzinfo=UTC))] == ["4", "5"]


def test_one_may_write_while_articles_are_streamed(store: Store) -> None:
    for number in range(450):
        put(store, article(f"a.example/{number}"), f"h{number}")
    seen = 0
    for held in store.articles.all():
        seen += 1
        with store.transaction():
            store.links.queue([held.id], "again")
    assert seen == 450
    assert store.verdicts.undecided_count() == 450


def test_a_deleted_article_is_marked_and_comes_back_when_it_is_seen_again(store: Store) -> None:
    number = put(store, FULL)
    with store.transaction():
        store.articles.mark_gone(FULL.url, True, NOW)
    held = store.articles.by_id(number)
    assert held is not None
    assert held.gone
    put(store, FULL)
    held = store.articles.by_id(number)
    assert held is not None
    assert not held.gone


def test_sketch_ids_only_grow_and_an_edit_makes_a_new_one(store: Store) -> None:
    put(store, article("a.example/1", fetched_at=NOW), "h1")
    put(store, article("b.example/1"), "h2")
    first = list(store.articles.sketches(0))
    assert [one.id for one in first] == sorted(one.id for one in first)
    put(store, article("a.example/1", "Edited.", fetched_at=NOW + HOUR), "h3")
    (new,) = store.articles.sketches(first[-1].id)
    assert new.data == b"sketch of h3"
    assert new.url == "http://a.example/1"
    assert store.articles.of_sketches([new.id]) == {new.id: new.article_id}
    assert store.articles.sketch_ids(0, 2) == [one.id for one in first]


def test_recipes_are_known_until_the_last_sketch_of_them_is_remade(store: Store) -> None:
    number = put(store, FULL)
    assert store.articles.recipes() == {"r1"}
    (sketch_id,) = store.articles.sketches_of([number])
    with store.transaction():
        store.articles.resketch(sketch_id, b"new", recipe="r2")
    assert store.articles.recipes() == {"r2"}


def match(left: int, right: int, copied: float = 0.5) -> StoredMatch:
    return StoredMatch(
        left, right, left, right, "copy", copied, 0.25, 100, 200, 40, 0.3, ((0, 10, 5, 15), (20, 30, 40, 50))
    )


def test_matches_are_found_from_both_sides_and_kept_once(store: Store) -> None:
    a, b, c = (put(store, article(f"{name}.example/1"), name) for name in "abc")
    with store.transaction():
        assert store.links.add_matches([match(a, b)]) == [match(a, b)]
        assert store.links.add_matches([match(a, b, 0.9), match(b, c)]) == [match(b, c)]
    found = store.links.matches_of([a, b, c])
    assert found[a] == [match(a, b)]
    assert sorted(found[b], key=lambda one: one.left) == [match(a, b), match(b, c)]
    assert found[c] == [match(b, c)]
    assert sorted(store.links.matched_of_site("b.example")) == [b]
    assert store.links.count_matches([a, b, c, 99]) == {a: 1, b: 2, c: 1}
    assert store.links.sharing_with([a]) == {a, b}
    assert store.links.sharing_with([99]) == set()
    with store.transaction():
        store.links.drop_matches()
    assert store.links.matches_of([a]) == {}


def test_pointers_lead_both_ways(store: Store) -> None:
    a, b, c = (put(store, article(f"{name}.example/1"), name) for name in "abc")
    with store.transaction():
        store.links.set_parents({c: [b, a, b], b: [b]})
        store.links.set_parents({b: [a]})
    assert store.links.parents_of([a, b, c]) == {b: (a,), c: (a, b)}
    assert store.links.children_of([a]) == {b, c}
    with store.transaction():
        store.links.set_parents({c: []})
    assert store.links.children_of([a, b]) == {b}


def test_alone_is_whom_nothing_ties_to_another(store: Store) -> None:
    a, b, c, d, e = (put(store, article(f"{name}.example/1"), name) for name in "abcde")
    with store.transaction():
        store.links.add_matches([match(a, b)])
        store.names.credit(c, ["thegull"])
        store.links.set_endorsed(d, 1)
    assert store.links.alone([a, b, c, d, e]) == {e}
    assert store.links.alone([]) == set()


def test_what_families_hold_against_times_is_kept_and_forgotten(store: Store) -> None:
    a, b, c, d, e, f = (put(store, article(f"{name}.example/1"), name) for name in "abcdef")
    families = store.families
    with store.transaction():
        families.set_too_early(a, (2, 5, 48, 6))
        families.set_too_early(b, (1, 2, 0, 1))
        families.set_too_early(a, (3, 8, 48, 6))
        families.set_too_early(b, None)
        families.mark([b, a])
        families.mark([a])
    assert {one: tuple(told) for one, told in families.too_early([a, b, 99]).items()} == {a: (3, 8, 48, 6)}
    assert families.marked() == [a, b]
    with store.transaction():
        families.unmark()
        store.links.queue([a, b, c, d, e, f], "new")
        store.links.add_matches([match(a, b), match(a, c), match(b, d), match(e, f)])
        store.links.set_matched([a, b, c, e, f])
    assert families.marked() == []
    assert families.waiting(0, 10) == [a, b, c], "with two matches or beside one that has; nothing to be looked up"
    assert families.waiting(a, 10) == [b, c]
    with store.transaction():
        families.set_too_early(f, (1, 2, 0, 1))
    assert families.waiting(0, 10) == [a, b, c, e, f], "beside one against whose time something is held"
    assert store.links.alone([f]) == set()
    with store.transaction():
        families.mark([c])
        families.forget()
    assert not families.too_early([a])
    assert families.marked() == []


def test_numbers_of_posts_are_read_in_their_order(store: Store) -> None:
    numbers = store.numbers
    rows = [("a.example", "?p", 12, 500, 1), ("a.example", "?p", 7, 900, 2), ("a.example", "n-", 7, 900, 2),
            ("b.example", "?p", 3, 100, 3)]  # fmt: skip
    with store.transaction():
        numbers.put(rows)
        numbers.put(rows[:1])
    assert numbers.unreviewed() == ["a.example", "b.example"]
    assert numbers.slots("a.example") == ["?p", "n-"]
    assert numbers.read("a.example", "?p", (-1, 0, 0), 10) == [(7, 900, 2), (12, 500, 1)]
    assert numbers.read("a.example", "?p", (7, 900, 2), 10) == [(12, 500, 1)]
    with store.transaction():
        numbers.reviewed("a.example")
        numbers.reviewed("b.example")
        numbers.drop(rows[:1])
    assert numbers.unreviewed() == ["a.example"]
    assert numbers.read("a.example", "?p", (-1, 0, 0), 10) == [(7, 900, 2)]


def test_what_numbers_tell_is_replaced_by_site(store: Store) -> None:
    a, b = (put(store, article(f"{name}.example/1"), name) for name in "ab")
    numbers = store.numbers
    with store.transaction():
        numbers.set_misplaced("a.example", {a: (7, "2026-05-01", "2026-05-03")})
        numbers.set_misplaced("b.example", {b: (8, "2026-05-01", "2026-05-03")})
        numbers.set_misplaced("a.example", {a: (7, "2026-05-02", "2026-05-03")})
    assert numbers.misplaced([a, b, 99]) == {a: (7, "2026-05-02", "2026-05-03"), b: (8, "2026-05-01", "2026-05-03")}
    assert numbers.misplaced_at("a.example") == {a: (7, "2026-05-02", "2026-05-03")}
    with store.transaction():
        numbers.set_misplaced("a.example", {})
    assert numbers.misplaced([a]) == {}
    with store.transaction():
        numbers.forget()
    assert numbers.misplaced([b]) == {}
    assert numbers.slots("b.example") == []


def test_crediting_is_who_credits_or_is_endorsed_or_stands_beside_one(store: Store) -> None:
    a, b, c, d, e = (put(store, article(f"{name}.example/1"), name) for name in "abcde")
    with store.transaction():
        store.links.queue([a, b, c, d, e], "again")
        store.links.add_matches([match(a, b), match(c, d)])
        store.names.credit(b, ["thegull"])
    assert store.links.ready(0, 10, crediting=True) == [a, b]
    with store.transaction():
        store.links.set_endorsed(c, 1)
    assert store.links.ready(0, 10, crediting=True) == [a, b, c, d]
    assert store.links.ready(b, 1, crediting=True) == [c]


def test_the_queue_keeps_the_strongest_cause(store: Store) -> None:
    a, b = (put(store, article(f"{name}.example/1"), name) for name in "ab")
    with store.transaction():
        store.links.queue([a, b], "again")
        store.links.queue([a], "new")
        store.links.queue([a], "changed")
    assert store.links.queued([a, b, 99]) == {a: "new", b: "again"}
    assert store.verdicts.undecided(10) == [a, b]
    assert store.links.unmatched(10) == [a]
    with store.transaction():
        store.links.set_matched([a])
    assert store.links.unmatched(10) == []
    assert store.links.ready(0, 10) == [a, b]
    with store.transaction():
        store.links.queue([a], "rematch")
    assert store.links.unmatched(10) == [a], "there is something new to look up"
    assert store.links.ready(0, 10) == [b]
    assert store.links.ready(b, 10) == []
    assert store.links.ready(0, 10, crediting=True) == []
    with store.transaction():
        store.names.credit(b, ["thegull"])
    assert store.links.ready(0, 10, crediting=True) == [b]
    assert store.links.queued([a, b], ready=True) == {b: "again"}
    assert store.links.steps_left() == 3, "one look-up, two decisions"
    with store.transaction():
        store.links.unqueue([a])
    assert store.verdicts.undecided(10) == [b]
    with store.transaction():
        store.links.queue_all("rematch")
    assert store.verdicts.undecided_count() == 2


def test_an_editors_word_is_kept_by_url(store: Store) -> None:
    word = Judgement("http://a.example/1", "original", "http://b.example/1", "they told us", NOW)
    with store.transaction():
        store.links.set_judgement(word)
    assert store.links.judgement(word.url) == word
    assert store.links.judgements() == [word]
    with store.transaction():
        assert store.links.clear_judgement(word.url)
        assert not store.links.clear_judgement(word.url)
    assert store.links.judgement(word.url) is None


def test_names_are_counted_and_vanish_at_zero(store: Store) -> None:
    a = put(store, article("a.example/1"))
    with store.transaction():
        store.names.count("own", "a.example", "The A", 2)
        store.names.count("own", "a.example", "The A", -1)
        store.names.count("suffix", "a.example", "b", 1)
        store.names.credit(a, ["b", "host:b.example"])
    assert list(store.names.counts("own")) == [("a.example", "The A", 1)]
    assert list(store.names.counts("suffix", "x.example")) == []
    assert store.names.crediting("b") == [a]
    assert store.names.crediting("b", "a.example") == [a]
    assert store.names.crediting("b", "x.example") == []
    with store.transaction():
        store.names.count("own", "a.example", "The A", -1)
        store.names.credit(a, ["c"])
    assert list(store.names.counts("own")) == []
    assert store.names.crediting("b") == []
    with store.transaction():
        store.names.clear(["suffix", "credit"])
    assert list(store.names.counts("suffix")) == []
    assert store.names.crediting("c") == []


def verdict(name: str, **fields: object) -> Verdict:
    values: dict[str, object] = {"story": "s1", "status": "original", "confidence": 0.7}
    return Verdict(f"http://{name}", name.partition("/")[0], **(values | fields))  # type: ignore[arg-type]


REPOST = verdict(
    "b.example/1",
    status="repost",
    original_url="http://a.example/1",
    via_url="http://c.example/1",
    publisher="The A",
    relation="excerpt",
    confidence=0.953,
    copied=0.9987,
    coverage=0.31,
    published=datetime(2026, 10, 2, 9, tzinfo=timezone(timedelta(hours=3))),
    original_published=datetime(2026, 10, 1, tzinfo=UTC),
    lag_seconds=108000,
    evidence=(Evidence("title_suffix", "http://a.example/1", 3.0, "The title ends in “The A”."),),
    revision=3,
)


def test_verdict_lines_come_back_as_they_went_in(store: Store) -> None:
    a = put(store, article("a.example/1", published_at=datetime(2026, 10, 1, tzinfo=UTC)), "a")
    b = put(store, article("b.example/1", published_at=datetime(2026, 10, 2, tzinfo=UTC)), "b")
    with store.transaction():
        store.verdicts.replace({a: [verdict("a.example/1")]})
        store.verdicts.replace({b: [REPOST, verdict("b.example/1", story="s2", status="repost", revision=3)]})
    assert store.verdicts.of(b)[0] == REPOST
    with store.transaction():
        store.verdicts.replace({a: [verdict("a.example/1", lag_seconds=0)]})
    assert store.verdicts.of(a)[0].lag_seconds == 0, "as soon is not unknown"
    with store.transaction():
        store.verdicts.replace({a: [verdict("a.example/1")]})
    assert store.verdicts.many([a, b])[a] == (verdict("a.example/1"),)
    assert len(store.verdicts.of(b)) == 2
    assert [line.url for line in store.verdicts.story("s1")] == ["http://a.example/1", "http://b.example/1"]
    assert list(store.verdicts.stories()) == ["s1"]
    assert store.verdicts.naming("The A") == [b]
    with store.transaction():
        store.verdicts.replace({b: []})
    assert store.verdicts.of(b) == ()


def test_lines_are_packed_alike_and_come_back_with_a_revision(store: Store) -> None:
    a, b = (put(store, article(f"{name}.example/1"), name) for name in "ab")
    lines = (REPOST, verdict("b.example/1", story="s2", status="repost", revision=3))
    with store.transaction():
        store.verdicts.put({b: (2, pack([line.to_dict() for line in lines]))})
    assert store.verdicts.packed([a, b]) == {b: (2, pack([line.to_dict() for line in lines]))}
    assert store.verdicts.of(b) == tuple(replace(line, revision=2) for line in lines)
    with store.transaction():
        store.verdicts.put({b: (3, pack([REPOST.to_dict()]))})
    assert unpacked(pack([line.to_dict() for line in lines]), REPOST.url, REPOST.site, 3) == [
        replace(line, revision=3).to_dict() for line in lines
    ]
    assert store.verdicts.of(b) == (REPOST,)


def test_verdicts_are_selected_newest_first(store: Store) -> None:
    for day, status, confidence in ((1, "original", 0.7), (2, "repost", 0.9), (3, "sibling", 0.6), (4, "unknown", 0.5)):
        name = f"{'ab'[day % 2]}.example/{day}"
        number = put(store, article(name, published_at=datetime(2026, 10, day, tzinfo=UTC)), f"h{day}")
        with store.transaction():
            store.verdicts.replace({number: [verdict(name, status=status, confidence=confidence)]})

    def days(**options: object) -> str:
        return "".join(line.url[-1] for line in store.verdicts.select(**options))  # type: ignore[arg-type]

    assert days() == "32"
    assert days(everything=True) == "4321"
    assert days(everything=True, site="b.example") == "31"
    assert days(min_confidence=0.8) == "2"
    assert days(since=datetime(2026, 10, 3, tzinfo=UTC)) == "3"


def test_an_address_that_an_article_left_is_no_repost_of_its_own(store: Store) -> None:
    for name in ("here", "moved", "deleted"):
        url = f"http://a.example/{name}"
        number = put(store, article(f"a.example/{name}"), name)
        with store.transaction():
            store.verdicts.replace({number: [verdict(f"a.example/{name}", status="repost")]})
            store.pages.add("a.example", [Link(url)], now=NOW)
            store.articles.mark_gone(url, name != "here", NOW)
    with store.transaction():
        store.pages.left("http://a.example/moved", "http://a.example/here")

    def listed(**options: bool) -> set[str]:
        return {line.url.rpartition("/")[2] for line in store.verdicts.select(**options)}

    assert listed() == {"here", "deleted"}
    assert listed(everything=True) == {"here", "moved", "deleted"}


def test_what_states_no_time_or_a_later_one_is_selected_by_our_first_sight(store: Store) -> None:
    def at(day: int) -> datetime:
        return datetime(2026, 10, day, tzinfo=UTC)

    times: dict[str, dict[str, object]] = {
        "stated": {"published_at": at(3)},
        "seen": {"first_seen": at(4)},
        "fetched": {"fetched_at": at(5)},
        "ahead": {"published_at": at(28), "first_seen": at(6)},
        "late": {"published_at": at(2), "first_seen": at(9)},
        "none": {},
    }
    for name, fields in times.items():
        bare = {"published_at": None, "first_seen": None, "fetched_at": None}
        number = put(store, article(f"a.example/{name}", **{**bare, **fields}), name)
        with store.transaction():
            store.verdicts.replace({number: [verdict(f"a.example/{name}", status="repost")]})

    def shown(day: int) -> list[str]:
        return [line.url.rpartition("/")[2] for line in store.verdicts.select(since=at(day))]

    assert shown(1) == ["ahead", "fetched", "seen", "stated", "late", "none"]
    assert shown(5) == ["ahead", "fetched", "none"]
    assert shown(20) == ["none"], "it may be of any time, and is not hidden"


def test_the_outbox_is_read_from_each_sinks_cursor(store: Store) -> None:
    with store.transaction():
        store.outbox.add("article.new", {"url": "http://a.example/1", "title": "Überschrift"}, NOW)
        store.outbox.add_many([("verdict.new", {"n": 1}), ("verdict.new", {"n": 2})], NOW)
    events = store.outbox.read("one", 10)
    assert [(event.kind, event.at) for event in events] == [
        ("article.new", NOW),
        ("verdict.new", NOW),
        ("verdict.new", NOW),
    ]
    assert events[0].payload == {"url": "http://a.example/1", "title": "Überschrift"}
    with store.transaction():
        store.outbox.advance("one", events[1].seq)
        store.outbox.advance("one", events[0].seq)
    assert [event.payload for event in store.outbox.read("one", 10)] == [{"n": 2}], "a cursor never goes back"
    assert store.outbox.pending("one") == 1
    assert store.outbox.pending("two") == 3
    assert store.outbox.cursors() == {"one": events[1].seq}


def test_only_what_every_sink_has_taken_is_pruned_and_numbers_are_never_used_twice(store: Store) -> None:
    with store.transaction():
        store.outbox.add_many([("k", {"n": n}) for n in range(3)], NOW)
    with store.transaction():
        assert store.outbox.prune() == 0, "no sink is known yet: nothing is lost"
        last = store.outbox.read("one", 9)[-1].seq
        store.outbox.advance("one", last)
        store.outbox.advance("two", last - 1)
        assert store.outbox.prune() == 2
        store.outbox.advance("two", last)
        assert store.outbox.prune() == 1
        store.outbox.add("k", {}, NOW)
    assert store.outbox.read("one", 9)[0].seq == last + 1


def test_what_a_sink_refused_is_kept_with_the_reason(store: Store) -> None:
    with store.transaction():
        store.outbox.add("k", {"n": 1}, NOW)
        event = store.outbox.read("one", 1)[0]
        store.outbox.quarantine("one", event, "too large", NOW)
    assert store.outbox.quarantined("one") == [("one", event, "too large")]
    assert store.outbox.quarantined("two") == []


def test_nothing_of_a_transaction_that_fails_is_kept(store: Store) -> None:
    def fail() -> None:
        with store.transaction():
            store.articles.put(FULL, b"s", "h", recipe="r1", now=NOW)
            store.outbox.add("k", {}, NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert store.articles.count() == 0
    assert store.outbox.read("one", 1) == []
    put(store, FULL)
    assert store.articles.recipes() == {"r1"}


def test_a_transaction_inside_a_transaction_is_refused(store: Store) -> None:
    with pytest.raises(RuntimeError), store.transaction(), store.transaction():
        pass


def test_what_another_connection_wrote_is_noticed(store: Store, url: str) -> None:
    before = store.version()
    other = open_store(url)
    put(other, FULL)
    other.close()
    assert store.version() != before
    assert store.articles.count() == 1


def test_a_store_is_found_again_after_it_was_closed(store: Store, url: str) -> None:
    put(store, FULL)
    store.close()
    again = open_store(url, read_only=True)
    assert again.articles.get(FULL.url) is not None
    again.close()


def test_a_read_only_store_takes_nothing(store: Store, url: str) -> None:
    put(store, FULL)
    reader = open_store(url, read_only=True)
    with pytest.raises(StoreError), reader.transaction():
        reader.outbox.add("k", {}, NOW)
    reader.close()


def test_a_site_is_held_once(store: Store, url: str) -> None:
    other = open_store(url)
    store.hold("a.example")
    store.hold("a.example")
    with pytest.raises(SiteHeld, match="held by process"):
        other.hold("a.example")
    other.hold("b.example")
    store.close()
    other.hold("a.example")
    other.close()
