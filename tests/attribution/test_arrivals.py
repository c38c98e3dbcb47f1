"""Archives come without clues: what title and text still say is read from them, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from newsroom import article, link, paragraph, text

from crawler.attribution.arrivals import made_fit
from crawler.storage.base import Store

FERRY = text("ferry", 8)


@pytest.mark.parametrize(
    ("line", "kind", "target"),
    [
        ("Source: The Kestrel Times", "credit_line", "The Kestrel Times"),
        ("Source: kestrel.example", "credit_line", "kestrel.example"),
        ("Source: https://kestrel.example/ferry.", "credit_line", "https://kestrel.example/ferry"),
        ("Quelle: Turmfalken-Zeitung", "credit_line", "Turmfalken-Zeitung"),
        ("来源：红隼日报", "credit_line", "红隼日报"),
        ("The post Ferry sails appeared first on The Kestrel Times.", "appeared_first", "The Kestrel Times"),
        ("The post Cat in a chapel appeared first on The Kestrel Times.", "appeared_first", "The Kestrel Times"),
        ("This article was originally published by The Kestrel Times.", "appeared_first", "The Kestrel Times"),
        ("(Reuters)", "agency", "Reuters"),
    ],
)
@pytest.mark.parametrize("words", [30, 400])
def test_a_credit_at_either_end_of_a_text_is_read(line: str, kind: str, target: str, words: int) -> None:
    body = text("body", 5, words)
    for told in (f"{line}\n\n{body}", f"{body}\n\n{line}"):
        assert (kind, target) in {(clue.kind, clue.target) for clue in made_fit(article("a.example/1", told)).clues}


@pytest.mark.parametrize(
    "line", ["Sources said that the captain had slept.", "The source: nobody knows it.", paragraph("source", 80)]
)
def test_a_sentence_about_sources_credits_nobody(line: str) -> None:
    assert not made_fit(article("a.example/1", f"{FERRY}\n\n{line}")).clues


def test_a_credit_amid_the_text_is_the_articles_own_matter(store: Store) -> None:
    body = FERRY.split("\n\n")
    told = made_fit(article("a.example/1", "\n\n".join([*body[:4], "Source: The Kestrel Times", *body[4:]])))
    assert not told.clues


def test_a_credit_in_the_text_outweighs_an_earlier_stated_time(store: Store) -> None:
    lines = link(
        store,
        article("kestrel.example/f", FERRY),
        article("mirror.example/a", f"{FERRY}\n\nSource: kestrel.example", hours=-3),
    )
    (copy,) = lines["mirror.example/a"]
    assert copy.original_url == "http://kestrel.example/f"
    assert "“Source: kestrel.example”" in copy.evidence[0].reason


def test_a_credit_to_an_address_names_the_page(store: Store) -> None:
    lines = link(
        store,
        article("kestrel.example/f", FERRY),
        article("mirror.example/a", f"{FERRY}\n\nSource: http://kestrel.example/f", hours=3),
    )
    (credit,) = [one for one in lines["mirror.example/a"][0].evidence if one.signal == "credit_line"]
    assert credit.weight == pytest.approx(1.3 * 3.5)


def test_images_tell_when_they_were_uploaded_and_who_serves_them(store: Store) -> None:
    path = "wp-content/uploads/2026/12/ferry.jpg"
    fields = {"image": f"http://mirror.example/{path}", "images": (f"http://img.kestrel.example/{path}", "/x.jpg")}
    lines = link(store, article("kestrel.example/f", FERRY, hours=2), article("mirror.example/a", FERRY, **fields))
    told = {one.signal: one.reason for one in lines["mirror.example/a"][0].evidence}
    assert lines["mirror.example/a"][0].original_url == "http://kestrel.example/f"
    assert "states 2026-10-05, but shows an image uploaded in 2026-12" in told["back_dated"]
    assert "http://img.kestrel.example/" in told["hotlinked_image"]


def test_clues_that_came_along_are_the_readers_and_stay(store: Store) -> None:
    read = article("a.example/1", f"{FERRY}\n\nSource: The Kestrel Times", clues=[("canonical", "http://b.example/1")])
    assert made_fit(read).clues == read.clues


@given(st.text(max_size=400))
def test_no_text_is_too_strange(body: str) -> None:
    made_fit(article("a.example/1", body))
