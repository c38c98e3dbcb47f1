from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.items import Verdict
from crawler.report import words
from crawler.report.timeline import ORIGINAL, place


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0, "0 s"), (59, "59 s"), (60, "1 min"), (3600, "1 h"), (11_520, "3 h 12 min"), (-7200, "2 h"),
     (90_000, "1 d 1 h"), (20 * 86400, "20 days"), (100 * 86400, "3 months"), (900 * 86400, "2 years")],
)  # fmt: skip
def test_durations(seconds: int, told: str) -> None:
    assert words.duration(seconds) == told


def test_lag_has_its_sign() -> None:
    assert [words.lag(one) for one in (60, -60, 0, None)] == ["+1 min", "−1 min", "+0 s", ""]


@pytest.mark.parametrize(("share", "told"), [(0, "0 %"), (1, "100 %"), (0.999, "99 %"), (0.001, "1 %"), (0.5, "50 %")])
def test_only_all_is_a_hundred_per_cent(share: float, told: str) -> None:
    assert words.percent(share) == told


def test_times_keep_the_offset_that_was_stated() -> None:
    when = datetime(2026, 11, 3, 9, 5, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    assert words.moment(when) == "3 Nov 2026, 09:05 +05:30"
    assert words.moment(when.astimezone(UTC)) == "3 Nov 2026, 03:35 UTC"
    assert words.moment(None) == "time not stated"


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "data:text/html,x", "file:///etc/passwd",
     "java\nscript:alert(1)", "http:", "http://", "//host/x", "http://[::1", "", None, "http://a.example/\u202egpj"],
)  # fmt: skip
def test_only_addresses_of_the_web_become_links(url: str | None) -> None:
    assert words.safe_url(url) is None


def test_an_address_stays_as_it_is() -> None:
    assert words.safe_url("https://a.example/x?y=1&z=2") == "https://a.example/x?y=1&z=2"


def test_addresses_as_people_read_them() -> None:
    assert words.short_url("https://www.a.example/%D8%B7%D9%84/x%20y/") == "a.example/طل/x%20y"
    assert words.short_url("http://a.example/%FF") == "a.example/%FF"


@given(st.text())
def test_no_text_can_steer_a_terminal_or_break_a_line(text: str) -> None:
    shown = words.one_line(text, 80)
    assert len(shown) <= 80
    assert not any(ord(one) < 32 or 0x7F <= ord(one) <= 0x9F or 0x202A <= ord(one) <= 0x202E for one in shown)


def test_language_tags_are_letters() -> None:
    assert words.language_tag("zh-Hant-TW") == "zh-Hant-TW"
    assert words.language_tag('en"><b>') == ""


@pytest.mark.parametrize(
    ("verdict", "told"),
    [
        (Verdict("u", "s", "1", "repost", relation="attributed", publisher="The Paper"), "the original is not held"),
        (Verdict("u", "s", "1", "sibling", publisher="Wire"), "not from one another"),
        (Verdict("u", "s", "1", "unknown"), "does not carry"),
        (Verdict("u", "s", "1", "original"), "An original: it comes from no page that is held here"),
        (Verdict("u", "s", "1", "repost", original_url="http://a.example/", relation="attributed"), "though no shared"),
        (Verdict("u", "s", "1", "repost", original_url="http://a.example/", lag_seconds=-60), "dated 1 min before it"),
    ],
)
def test_verdicts_are_sentences(verdict: Verdict, told: str) -> None:
    assert told in words.sentence(verdict)


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_later_copies_stand_further_right(a: int, b: int) -> None:
    first, second = place(min(a, b)), place(max(a, b))
    assert first is not None
    assert second is not None
    assert ORIGINAL < first <= second <= 100
    assert (place(-1) or 0) < ORIGINAL


def test_a_day_without_its_hour_is_not_measured_in_hours() -> None:
    day = datetime(2026, 11, 7, tzinfo=UTC)
    for hours, told in ((15, "same day"), (63, "+2 days"), (24, "+1 day"), (-9, "same day"), (-33, "−2 days")):
        then = day + timedelta(hours=hours)
        verdict = Verdict(
            "u", "s", "1", "repost", original_url="http://a.example/", published=then, original_published=day,
            lag_seconds=hours * 3600,
        )  # fmt: skip
        assert words.lag_of(verdict, vague=True) == told
        assert words.lag_of(verdict) == words.lag(hours * 3600)
        after = {"same day": "on the same day", "−2 days": "although dated 2 days before it"}
        assert after.get(told, f"{told[1:]} after it") in words.sentence(verdict, vague=True)
    assert words.lag_of(Verdict("u", "s", "1", "original"), vague=True) == ""
    assert words.moment(datetime(2026, 11, 3, tzinfo=UTC), "day") == "3 Nov 2026"
