"""What the two sites are and usually do: roles that are declared, habits, and whom others credit."""

from __future__ import annotations

from crawler.attribution.habits import told_count
from crawler.attribution.pairs import Page, Pair
from crawler.attribution.publishers import CREDIT_LEVELS
from crawler.attribution.signals.finding import Finding

ENDORSED_BY = (1, 3)
"""Pages that credit a page's publisher for its text from which that counts, and counts more."""
ENDORSING = frozenset({"canonical", "declared_source", "title_suffix", "credit_line"})
"""Signals of the credits that count for it."""


def role(pair: Pair) -> Finding | None:
    """What the operator declared the two sites to be."""
    copy, source = pair.copy.publisher.role, pair.source.publisher.role
    if copy == source:
        return None
    if copy == "mirror" and source == "publisher":
        return Finding(1.0, f"{pair.copy.site} is declared a mirror, {pair.source.site} a publisher.")
    if copy == "mirror" or source == "publisher":
        which = pair.copy if copy == "mirror" else pair.source
        return Finding(0.4, f"{which.site} is declared a {which.publisher.role}.")
    return None


def habit(pair: Pair) -> Finding | None:
    """The copy's site usually prints what the source's printed before, by the exact times of their other pairs."""
    known = pair.habit
    odds = known.of_pair
    if odds <= 0:
        return None
    return Finding(odds, lambda: _told_habit(pair))


def _told_habit(pair: Pair) -> str:
    mine, theirs, known = pair.copy.site, pair.source.site, pair.habit
    return (
        f"Of the other pairs of pages with the same text on {mine} and {theirs}, {mine} had the later page in"
        f" {told_count(known.later)}, the earlier one in {told_count(known.earlier)}."
    )


def site_habit(pair: Pair) -> Finding | None:
    """The copy's site is a follower with everybody, or the source's a leader."""
    known = pair.habit
    odds = known.of_sites
    if odds <= 0:
        return None
    return Finding(odds, lambda: _told_sites((pair.copy.site, *known.mine), (pair.source.site, *known.theirs)))


def _told_sites(*sites: tuple[str, int, int]) -> str:
    said = [
        f"{site} had the later page in {told_count(later)} other pairs of pages with the same text, the earlier one in"
        f" {told_count(earlier)}"
        for site, later, earlier in sites
    ]
    return "; ".join(said) + "."


def credit_habit(pair: Pair) -> Finding | None:
    """Pages of the copy's site usually credit the source, and not the other way round."""
    mine, theirs = pair.copy.publisher, pair.source.publisher
    level = mine.credits_of(theirs)
    if not level or theirs.credits_of(mine):
        return None
    least = CREDIT_LEVELS[level - 1]
    return Finding(
        (1.0, 1.6)[level - 1],
        f"{least} or more pages of {pair.copy.site} credit {pair.source.publisher.name}, fewer than"
        f" {CREDIT_LEVELS[0]} the other way.",
    )


def endorses(page: Page, other: Page) -> bool:
    """Whether a page credits the publisher of another for what both say."""
    publisher = other.publisher
    return any(
        credit.signal in ENDORSING
        and (
            credit.publisher.site == publisher.site
            or (credit.publisher.site is None and publisher.goes_by(credit.publisher.key))
        )
        for credit in page.credits
    )


def endorsed(pair: Pair) -> Finding | None:
    """Other pages with this text credit the source's publisher for it."""
    level = pair.source.endorsed
    if level <= pair.copy.endorsed:
        return None
    others = ENDORSED_BY[level - 1] - endorses(pair.copy, pair.source)  # its own credit has spoken already
    if not others:
        return None
    count = (
        "Another page with this text credits" if others == 1 else f"At least {others} other pages with this text credit"
    )
    return Finding(1.5 if others == ENDORSED_BY[-1] else 1.0, f"{count} {pair.source.publisher.name} for it.")
