"""Times are claims with a precision."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from newsroom import NOON, article

from crawler.attribution.lags import MOST, log_odds, probability_after
from crawler.attribution.times import Moment, moment_of

HOUR = timedelta(hours=1)


def exact(hours: float) -> Moment:
    return Moment(NOON + hours * HOUR, NOON + hours * HOUR, stated=True)


def day(number: int) -> Moment:
    start = NOON.replace(hour=0) + number * timedelta(days=1)
    return Moment(start, start + timedelta(days=1), stated=True)


def test_of_two_exact_times_the_later_is_the_copys() -> None:
    assert probability_after(exact(1), exact(0)) == 1
    assert probability_after(exact(0), exact(1)) == 0
    assert probability_after(exact(0), exact(0)) == 0.5


def test_a_day_says_little_about_a_time_on_it_and_all_about_another_day() -> None:
    assert 0.4 < probability_after(day(0), exact(0)) < 0.6
    assert probability_after(day(1), exact(0)) == 1
    assert probability_after(day(0), exact(30)) == 0
    assert probability_after(day(0), day(0)) == pytest.approx(0.5)
    assert probability_after(day(1), day(0)) > 0.99


def test_late_on_a_day_a_page_of_that_day_is_rather_the_earlier_one() -> None:
    assert probability_after(day(0), exact(11.5)) < 0.3
    assert probability_after(day(0), exact(-11.5)) > 0.7


moments = st.builds(
    lambda start, width: Moment(NOON + start * HOUR, NOON + (start + width) * HOUR, stated=True),
    st.floats(-2000, 2000),
    st.sampled_from([0, 1 / 60, 24]),
)


@given(moments, moments)
def test_the_opposite_question_has_the_opposite_answer(one: Moment, other: Moment) -> None:
    there, back = probability_after(one, other), probability_after(other, one)
    assert 0 <= there <= 1
    assert there + back == pytest.approx(1, abs=1e-6)
    odds = log_odds(one, other)
    assert abs(odds) <= MOST
    assert odds == pytest.approx(-log_odds(other, one), abs=1e-6)


def test_hours_say_more_than_days_and_another_day_less_than_an_exact_time() -> None:
    """Copies are quick; of pages that state another day, more than one in ten lies."""
    assert log_odds(exact(3), exact(0)) > 1.5 * log_odds(exact(240), exact(0)) > 0
    assert log_odds(day(1), day(0)) > log_odds(day(12), day(0)) > 0
    assert log_odds(day(0), day(0)) == pytest.approx(0)
    assert log_odds(day(0), exact(11.5)) < 0 < log_odds(day(0), exact(-11.5))


@given(st.floats(1 / 60, 5000))
def test_of_two_exact_times_the_earlier_is_never_called_the_copys(hours: float) -> None:
    assert log_odds(exact(hours), exact(0)) >= 0
    assert log_odds(exact(0), exact(hours)) <= 0


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("2026/10/09/ferry", "2026-10-09"), ("news/2026/10/9/ferry", "2026-10-09"), ("20261009/ferry", "2026-10-09"),
        ("2026-10-09-ferry.html", "2026-10-09"), ("a/2026-10-09/ferry", "2026-10-09"), ("2026/11/ferry", "2026-11"),
        ("2026/10/06/ferry", ""), ("2026/10/ferry", ""), ("2026/09/30/ferry", ""), ("2026/ferry", ""),
        ("2026/1043/ferry", ""), ("20261399/ferry", ""), ("2026/02/31/ferry", ""), ("f?d=/2026/10/20/", ""),
        ("2027/03/01/the-coming-vote", ""),
    ],
)  # fmt: skip
def test_a_date_in_the_address_contradicts_what_is_stated_days_before_it(path: str, told: str) -> None:
    moment = moment_of(article(f"a.example/{path}", "x", first_seen=NOON + 900 * HOUR))
    assert moment is not None
    assert moment.doubt == (f"states 2026-10-05, but its own address says {told}" if told else "")
    if told:
        assert moment.earliest > NOON


def test_a_date_in_the_address_stands_for_one_that_is_not_stated() -> None:
    moment = moment_of(article("a.example/2026/10/09/ferry", "x", hours=None))
    assert moment is not None
    assert moment.stated
    assert not moment.exact
    assert (moment.earliest, moment.latest - moment.earliest) == (NOON.replace(hour=0, day=9), 24 * HOUR)
    assert moment_of(article("a.example/2026/10/ferry", "x", hours=None)) is None, "a month is no time to go by"


@given(st.text(max_size=60))
def test_no_address_is_too_strange(path: str) -> None:
    moment_of(article(f"a.example/{path}", "x"))
    moment_of(article(f"a.example/2026/{path}", "x", hours=None))


def test_precision_widens_a_time_and_midnight_is_a_day() -> None:
    def width(**fields: object) -> timedelta:
        moment = moment_of(article("a.example/1", "x", **fields))
        assert moment is not None
        return moment.latest - moment.earliest

    assert width(published_precision="second") == timedelta(0)
    assert width(published_precision="minute") == timedelta(minutes=1)
    assert width(published_precision="day") == timedelta(days=1)
    assert width(published_precision=None) == timedelta(0)
    assert width(published_precision=None, published_at=NOON.replace(hour=0)) == timedelta(days=1)


def test_nothing_was_published_after_we_saw_it() -> None:
    def moment(hours: float, **fields: object) -> Moment:
        made = moment_of(article("a.example/1", "x", hours=hours, first_seen=NOON, **fields))
        assert made is not None
        return made

    assert moment(-1).earliest == NOON - HOUR
    assert moment(0.1).earliest == NOON + HOUR / 10, "two clocks are never the same"
    ahead = moment(3)
    assert (ahead.earliest, ahead.latest, ahead.doubt) == (NOON, NOON, "")
    assert ahead.by == "we saw it then, though it states 2026-10-05 15:00 UTC"
    assert moment(50_000).earliest == NOON
    assert moment(12, published_precision="day").by == "", "it is that day already in the east"
    assert moment(36, published_precision="day").by == "we saw it then, though it states 2026-10-07"


def test_no_time_is_none() -> None:
    assert moment_of(article("a.example/1", "x", hours=None)) is None


def test_an_image_of_a_later_month_is_a_contradiction_and_of_the_same_is_none() -> None:
    def doubt(month: str) -> str:
        moment = moment_of(
            article("a.example/1", "x", clues=[("upload_path", month, f"http://a.example/{month}/i.jpg")])
        )
        assert moment is not None
        return moment.doubt

    assert doubt("2026-10") == doubt("2026-09") == doubt("2026-10-07") == ""
    assert "2026-12" in doubt("2026-12")
    assert doubt("nonsense") == ""
