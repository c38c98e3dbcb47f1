"""Of two pages of one site with the same text, which is the first: by what the site itself says, then by time."""

from __future__ import annotations

from crawler.attribution.credits import SIGNAL_OF
from crawler.attribution.pairs import Page
from crawler.attribution.publishers import host_of
from crawler.attribution.signals.declared import same_page
from crawler.attribution.signals.finding import minute, moment_told
from crawler.discovery.urls import house_of


def why_first(page: Page, other: Page) -> str | None:
    """Why the other page is the first, in words that can be checked; None where this one is.

    Of any two pages exactly one is the first, and it is the same whichever is asked about.
    """
    for test, why in _SAID:
        mine, theirs = test(page, other), test(other, page)
        if mine != theirs:
            return why if mine else None
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
