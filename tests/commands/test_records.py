from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.commands.records import MAX_TEXT, TOLD, RecordError, Refusals, read_record
from crawler.discovery.urls import host_name
from crawler.items import Article, Clue, Evidence, Verdict, plain

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    ["url", "site", "title", "text", "authors", "published", "published_at", "tags", "clues", "images", "fetched_at"]
)


def read(**fields: Any) -> Article:
    return read_record({"url": "http://a.example/x", "text": "Some words.", **fields}, host_name)


def test_what_a_feed_export_writes_is_read_back_whole() -> None:
    zone = timezone(timedelta(hours=-5))
    article = Article(
        url="http://a.example/x/",
        site="A Site",
        title="T",
        text="One.\n\nTwo.",
        authors=("Ann", "Bo"),
        language="en",
        published_at=datetime(2026, 11, 1, 9, 0, 30, tzinfo=zone),
        modified_at=datetime(2026, 11, 1, 10, tzinfo=zone),
        published_precision="minute",
        fetched_at=datetime(2026, 11, 2, tzinfo=UTC),
        first_seen=datetime(2026, 11, 2, tzinfo=UTC),
        section="World",
        tags=("a", "b"),
        image="http://a.example/i.jpg",
        images=("http://a.example/i.jpg",),
        site_name="The A",
        generator="WordPress 6.1",
        clues=(Clue("credit_line", "Wire", "Source: Wire"),),
        origin=(Verdict("http://a.example/x/", "A Site", "s", "repost", evidence=(Evidence("x", "y", 1.0, "z"),)),),
    )
    line = json.loads(json.dumps(article.to_dict()))
    assert read_record(line, host_name) == replace(article, origin=())


def test_a_time_that_was_to_come_when_it_was_read_is_not_believed() -> None:
    late = read(published="2026-11-10", fetched_at="2026-11-03T08:00:00Z")
    assert (late.published_at, late.published_precision) == (None, None)
    assert read(published="2031-01-01").published_at is not None, "when it was fetched nobody says"
    assert read(published="9999-12-31", fetched_at="9999-12-31T23:00:00Z").published_at is not None
    ahead = read(published="2026-11-03T17:00:00Z", fetched_at="2026-11-03T08:00:00Z")
    assert ahead.published_at == datetime(2026, 11, 3, 17, tzinfo=UTC)
    assert ahead.first_seen == ahead.fetched_at
    behind = read(published="2026-11-03T07:00:00Z", fetched_at="2026-11-03T08:00:00Z")
    assert behind.first_seen is None, "as the record has it"


def test_four_fields_are_enough() -> None:
    article = read(title="T", published="2026-11-01")
    assert (article.site, article.published_precision) == ("a.example", "day")
    assert read(published="2026-11-01", published_precision="second").published_precision == "day"
    assert article.published_at == datetime(2026, 11, 1, tzinfo=UTC)
    assert article.first_seen is None


@pytest.mark.parametrize(
    ("stated", "moment", "precision"),
    [
        ("2026-11-01T09:00", datetime(2026, 11, 1, 9, tzinfo=UTC), "minute"),
        ("2026-11-01 09:00+02:00", datetime(2026, 11, 1, 7, tzinfo=UTC), "minute"),
        ("2026-11-01T09:00:30Z", datetime(2026, 11, 1, 9, 0, 30, tzinfo=UTC), "second"),
        ("20261101", datetime(2026, 11, 1, tzinfo=UTC), "day"),
        ("Sun, 01 Nov 2026 09:00:00 GMT", datetime(2026, 11, 1, 9, tzinfo=UTC), "second"),
        (1793523600, datetime.fromtimestamp(1793523600, UTC), "second"),
        (1793523600000, datetime.fromtimestamp(1793523600, UTC), "second"),
        (date(2026, 11, 1), datetime(2026, 11, 1, tzinfo=UTC), "day"),
        (datetime(2026, 11, 1, 9), datetime(2026, 11, 1, 9, tzinfo=UTC), "second"),
        (None, None, None),
        ("", None, None),
    ],
)
def test_times(stated: object, moment: datetime | None, precision: str | None) -> None:
    article = read(published=stated)
    assert (article.published_at, article.published_precision) == (moment, precision)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"url": None}, "url is missing"),
        ({"url": "javascript:alert(1)"}, "no address"),
        ({"text": ""}, "text is missing"),
        ({"text": " …\n"}, "no word"),
        ({"text": 7}, "text is no text"),
        ({"text": "x" * (MAX_TEXT + 1)}, "longer than"),
        ({"published": "yesterday"}, "published is no time"),
        ({"published": float("nan")}, "published is no time"),
        ({"published": True}, "published is no time"),
        ({"authors": [1]}, "authors is no list"),
        ({"tags": ["x"] * 501}, "tags is longer"),
        ({"clues": [[]]}, "a clue is no object"),
        ({"title": ["x"]}, "title is no text"),
    ],
)
def test_what_is_no_article_says_why(fields: dict[str, Any], reason: str) -> None:
    with pytest.raises(RecordError, match=reason):
        read(**fields)


def test_what_no_store_can_hold_is_replaced() -> None:
    assert read(title="a\x00b\ud800").title == "a\ufffdb\ufffd"


@given(st.text(st.characters(max_codepoint=160) | st.characters()))
def test_what_is_stored_can_be_stored_and_shown(text: str) -> None:
    kept = "".join("\ufffd" if sign == "\0" or "\ud800" <= sign <= "\udfff" else sign for sign in text)
    assert read(title=text).title == plain(kept)


@given(JSON | st.dictionaries(FIELDS, JSON))
def test_any_json_is_an_article_or_a_reason(value: Any) -> None:
    record = {"url": "http://a.example/x", "text": "Some words.", **value} if isinstance(value, dict) else value
    try:
        article = read_record(record, host_name)
    except RecordError:
        return
    json.dumps(article.to_dict()).encode()
    assert article.published_at is None or article.published_at.tzinfo


def test_few_refusals_are_told_and_many_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    refusals = Refusals()
    assert not str(refusals)
    for line in range(1, TOLD + 10):
        refusals.add("a.jsonl", line, RecordError("url is missing"))
    told = capsys.readouterr().err.splitlines()
    assert (len(told), told[0]) == (TOLD + 1, "a.jsonl:1: url is missing")
    assert "only counted" in told[-1]
    assert str(refusals) == f"{TOLD + 9} lines not understood"
