"""Of two pages of one site with the same text, which is the first: by what the site itself says, then by time."""

from __future__ import annotations

import re

from crawler.attribution.credits import SIGNAL_OF
from crawler.attribution.numbers import numbers_of
from crawler.attribution.pairs import Page
from crawler.attribution.publishers import host_of
from crawler.attribution.signals.declared import same_page
from crawler.attribution.signals.finding import minute, moment_told
from crawler.discovery.urls import house_of

_COUNT = re.compile(r"(?<=[^/])[-_][0-9]{1,2}(?=(?:\.[a-z]{2,5})?$)")
"""What systems put behind a name that another page has already: "/slug-2/", "/slug_1.html"."""


def why_first(page: Page, other: Page) -> str | None:
    """Why the other page is the first, in words that can be checked; None where this one is.

    Of any two pages exactly one is the first, and it is the same whichever is asked about.
    """
    for test, why in _SAID:
        mine, theirs = test(page, other), test(other, page)
        if mine != theirs:
            return why if mine else None
    if not _are_apart(page, other):
        for asked in (_numbered_before, _has_the_plain_name):
            why_other, why_this = asked(other, page), asked(page, other)
            if why_other or why_this:
                return why_other
    return _why_earlier(page, other) if other.order < page.order else None


def _has_moved(page: Page, other: Page) -> bool:
    """Whether the crawl saw this page move to the other's address."""
    return any(clue.kind == "moved_from" and clue.target == page.url for clue in other.article.clues)


def _names(page: Page, other: Page) -> bool:
    """Whether a page's canonical address is the other page, as a paper's page for telephones says."""
    clues = page.article.clues
    return any(SIGNAL_OF.get(clue.kind) == "canonical" and same_page(clue.target, other.url) for clue in clues)


def _is_a_door(page: Page, other: Page) -> bool:
    """Whether a page stands at another door (`m.`, `amp.`) of the other's host."""
    here, there = host_of(page.url) or "", host_of(other.url) or ""
    return here != there and house_of(here) == there


_SAID = (
    (_has_moved, "this one moved to the address of the other"),
    (_names, "this one names the other as its canonical address"),
    (_is_a_door, "this one stands at another door of the other's host"),
)


def _are_apart(page: Page, other: Page) -> bool:
    """Whether both times are known so well that one is the earlier."""
    mine, theirs = page.moment, other.moment
    if mine is None or theirs is None:
        return False
    return mine.earliest != theirs.earliest and (mine.latest <= theirs.earliest or theirs.latest <= mine.earliest)


def _numbered_before(first: Page, second: Page) -> str | None:
    """Why `first` was put up before, by the numbers that the site gave both; none where two of them disagree."""
    mine, theirs = numbers_of(first.article), numbers_of(second.article)
    pairs = [(mine[slot], theirs[slot]) for slot in mine if slot in theirs and mine[slot] != theirs[slot]]
    if not pairs or any(here > there for here, there in pairs):
        return None
    here, there = pairs[-1]
    return f"the other has the lower number ({here}, this one {there})"


def _has_the_plain_name(first: Page, second: Page) -> str | None:
    """Why `first` was put up before, by their addresses: a name that is taken already is given with a count."""
    plain, counted = (re.split("[?#]", one.url, maxsplit=1)[0].rstrip("/") for one in (first, second))
    match = _COUNT.search(counted)
    if match is None or counted[: match.start()] + counted[match.end() :] != plain:
        return None
    return f"this one's address is that of the other with “{match[0]}” behind its name"


def _why_earlier(page: Page, other: Page) -> str:
    """Why the other page stands before this one in the order of pages: times, first sights, or only addresses."""
    mine, theirs = page.moment, other.moment
    if theirs is not None and (mine is None or theirs.middle < mine.middle):
        told = moment_told(mine) if mine else "states no time"
        return f"the other was published {moment_told(theirs)}, this one {told}"
    seen, seen_other = page.article.first_seen, other.article.first_seen
    if mine is None and seen and seen_other and seen_other < seen:
        return f"we saw the other first ({minute(seen_other)}, this one {minute(seen)})"
    return "nothing says which was first, and the one whose address comes first is taken for it"
