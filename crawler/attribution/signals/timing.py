"""What the times say: stated ones, those of our first sight, and marks that contradict what is stated."""

from __future__ import annotations

from datetime import datetime, timedelta

from crawler.attribution.families import LEVEL, SAME_DAY, Early
from crawler.attribution.habits import told_count
from crawler.attribution.lags import MOST, log_odds
from crawler.attribution.pairs import Page, Pair
from crawler.attribution.signals.finding import Finding, minute, moment_told, second, span
from crawler.attribution.times import Moment

_SIGHT_SLACK = timedelta(minutes=10)
_LEAST = 0.05
"""Log-odds below which times say nothing that is worth a sentence."""
_EXPLAINED = 0.4
"""What is left of the order of our first sight where the page seen later states an earlier time."""


def time_gap(pair: Pair) -> Finding | None:
    """The source states an earlier time, as far as the precision of both carries."""
    mine, theirs = pair.copy.moment, pair.source.moment
    if mine is None or theirs is None:
        return _seen_before(pair)
    if pair.copy.too_early or pair.source.too_early:
        return None
    if mine.exact and theirs.exact and mine.earliest < theirs.earliest:
        return None
    strength = log_odds(_bounded(mine, pair.copy), _bounded(theirs, pair.source))
    if strength < _LEAST:
        return None
    if not (mine.stated and theirs.stated):
        strength /= 2
    return Finding(strength, lambda: _told_gap(mine, theirs))


def _told_gap(mine: Moment, theirs: Moment) -> str:
    if not (mine.exact and theirs.exact) or mine.by or theirs.by:
        return f"Published {moment_told(mine)}, the other page {moment_told(theirs)}."
    here, there = minute(mine.earliest), minute(theirs.earliest)
    gap = _whole_minutes(mine.earliest) - _whole_minutes(theirs.earliest)
    if not gap:  # so that the reader can check it
        here, there = second(mine.earliest), second(theirs.earliest)
        gap = mine.earliest - theirs.earliest
    return f"Published {here}, the other page {there}: {span(gap)} earlier."


def _whole_minutes(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def _seen_before(pair: Pair) -> Finding | None:
    """We saw the source before the time that the copy states."""
    seen, mine = pair.source.article.first_seen, pair.copy.moment
    if seen is None or mine is None or seen > mine.earliest:
        return None
    return Finding(MOST, f"Published {moment_told(mine)}; we saw the other page before that, at {minute(seen)}.")


def _bounded(moment: Moment, page: Page) -> Moment:
    """Nothing was published after we saw it."""
    seen = page.article.first_seen
    if seen is None or not moment.earliest <= seen < moment.latest:
        return moment
    return Moment(moment.earliest, seen, moment.stated, moment.doubt)


def first_sight(pair: Pair) -> Finding | None:
    """We saw the source first: weak, it may only mean that we looked there first."""
    mine, theirs = pair.copy.article.first_seen, pair.source.article.first_seen
    if mine is None or theirs is None or mine - theirs < _SIGHT_SLACK:
        return None
    stated = pair.copy.moment
    explained = stated is not None and not stated.doubt and stated.latest <= theirs
    return Finding(
        _EXPLAINED if explained else 1.0,
        lambda: f"We saw the other page first ({minute(theirs)}, this one {minute(mine)}).",
    )


def back_dated(pair: Pair) -> Finding | None:
    """The copy states a time that its own marks contradict."""
    mine, theirs = pair.copy.moment, pair.source.moment
    if mine is None or not mine.doubt or (theirs is not None and theirs.doubt):
        return None
    return Finding(1.0, f"The page {mine.doubt}.")


def too_early(pair: Pair) -> Finding | None:
    """The times of all the others with this text contradict the one that the copy states."""
    early = pair.copy.too_early
    if early is None or pair.source.too_early is not None:
        return None
    return Finding(early.level * LEVEL, lambda: _told_early(early))


def _told_early(early: Early) -> str:
    others = f"{told_count(early.others)} other pages with its text"
    if early.gap == SAME_DAY:
        said = f"The page names only its day, on which or later {others} are dated"
    else:
        gap = f"at least {span(timedelta(hours=early.gap))} before" if early.gap else "before"
        said = f"The page is dated {gap} {others}"
    return f"{said}, half of which follow within {span(timedelta(hours=early.within))} of the first of them."
