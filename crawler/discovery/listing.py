"""Sites that show their articles on pages only: the front page, sections and archives, page after page.

Cursor: {"front": URL, "lists": {URL: {"shown": [articles it showed last], "next": its second page, "misses": int}},
"recent": [marks of articles shown lately, newest first], "changed": when something new was shown, "patterns": {…},
"near" and "far": [the page of the archive that is read next in its turn, its number]}.
`patterns` says which URL templates proved to be articles here; `learn` adds to it after each visit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from crawler.discovery import listing_page, pagination
from crawler.discovery.base import Fetched, Found, Link, Visit
from crawler.discovery.turnover import is_mostly_familiar, mark, taken_out, with_recent
from crawler.discovery.urls import normalise

NAME = "listing"

MAX_LISTS = 40
"""Sections that are followed on one site."""
MAX_PAGES = 2000
"""How far back one listing is followed."""
PATIENCE = 3
"""Visits in a row at which a section is missing before it is given up."""
NEAR = 6
"""Pages from the front on among which a post that states a past date is looked for more often than further down."""
_SHOWN = 30
_BARREN = 3
"""Pages of one listing in a row without anything that the page before did not show."""


def seeds(visit: Visit) -> list[Link]:
    """The front page, then the sections."""
    front = normalise(str(visit.cursor.get("front") or visit.url))
    lists = [url for url in visit.cursor.get("lists") or () if url != front]
    return [Link(url, "list", NAME, poll=True) for url in (front, *lists)]


def further_seeds(visit: Visit) -> list[Link]:
    """The second pages of listings whose first was nearly all new."""
    lists = (visit.cursor.get("lists") or {}).values()
    return [Link(one["next"], "list", NAME, poll=True) for one in lists if one.get("next")]


def archive_seeds(visit: Visit) -> list[Link]:
    """One page of the archive, in turns: near the front, where posts that state a past date are put in, and far down.
    [] where none is known."""
    places = [visit.cursor[key][0] for key in ("near", "far") if visit.cursor.get(key)]
    turn = visit.number // 2
    return [Link(places[turn % len(places)], "list", NAME, poll=True, fresh=True)] if places else []


def read(fetched: Fetched, visit: Visit) -> Found:
    """The articles that a listing shows; its next page; on a first visit the sections to which it leads."""
    if fetched.status >= 500 or fetched.status in (304, 429):
        return Found()
    memory = _Memory(visit)
    page = listing_page.parse(fetched, visit.url, memory.patterns) if fetched.status < 400 else None
    asked = normalise(fetched.asked or fetched.url)
    if page is None:
        memory.miss(asked)
        return Found(cursor=memory.changed(), note=f"no listing here (status {fetched.status})")
    page = page.without(visit.idle)
    articles = tuple(replace(link, method=NAME) for link in page.articles)
    if visit.round == 0 and not visit.first and memory.crept(asked, [link.url for link in articles], page.following):
        return Found(articles, cursor=memory.changed())
    wanted = memory.saw(asked, [link.url for link in articles], visit)
    more: list[Link] = []
    if memory.goes_on(asked, page.following, visit, wanted=wanted):
        more.append(Link(page.following, "list", NAME, poll=True))
    if visit.first and asked == memory.front:
        more += [Link(url, "list", NAME, poll=True, probe=True) for url in memory.new_lists(page.sections)]
    note = "" if page.links else "a page without links: it needs a browser, or is empty"
    return Found(articles, tuple(more), vanished=memory.vanished, cursor=memory.changed(), note=note)


class _Memory:
    """The cursor while it is read and rewritten, for one answer."""

    def __init__(self, visit: Visit) -> None:
        self.before = dict(visit.cursor)
        self.cursor: dict[str, Any] = dict(visit.cursor)
        self.front = normalise(str(visit.cursor.get("front") or visit.url))
        self.lists: dict[str, dict[str, Any]] = {
            url: dict(one) for url, one in (visit.cursor.get("lists") or {}).items()
        }
        self.patterns: Mapping[str, Any] = visit.cursor.get("patterns") or {}
        self.recent: list[str] = list(visit.cursor.get("recent") or ())
        self.vanished: tuple[str, ...] = ()

    def saw(self, url: str, shown: list[str], visit: Visit) -> bool:
        """Whether the page after this one is wanted: on a first visit all, later while most of this one is new."""
        known, number = self._chain(url)
        if not shown:
            return False
        here = self.lists.setdefault(known, {})
        here.pop("misses", None)
        here.pop("next", None)
        if number == 1:
            self.vanished = taken_out(here.get("shown") or [], shown)
            here["shown"] = shown[:_SHOWN]
        beside = set(here.get("last") or () if number > 1 else ())  # what stands on every page: sidebars, sticky posts
        marks = [mark(one) for one in shown]
        main = [one for one in marks if one not in beside]
        before = self.recent
        self.recent = with_recent(before, marks, newest=not visit.first)
        if visit.now and not set(main) <= set(before):
            self.cursor["changed"] = visit.now.isoformat()
        here["last"] = marks[:80]
        if not main:  # all of it is in the sidebar, or the site ignores the number of the page
            here["barren"] = here.get("barren", 0) + 1
            return int(here["barren"]) < _BARREN
        here.pop("barren", None)
        return visit.first or (bool(before) and not is_mostly_familiar(main, before))

    def crept(self, url: str, shown: list[str], following: str) -> bool:
        """Moves on the turns in which the archive is read, if this page is one of theirs. They begin anew at its end,
        and where a page shows what the front page does, or nothing: there it ends, or its numbers mean nothing."""
        key = next((key for key in ("near", "far") if (self.cursor.get(key) or [""])[0] == url), "")
        if not key:
            return False
        number = self.cursor.pop(key)[1] + 1
        front = self.lists.get(self.front, {})
        if not following or number > MAX_PAGES or set(shown) <= set(front.get("shown") or ()):
            return True
        if key == "near" and number > NEAR:
            self.cursor.setdefault("far", [following, number])
        else:
            self.cursor[key] = [following, number]
        return True

    def goes_on(self, url: str, following: str, visit: Visit, *, wanted: bool) -> bool:
        """Whether to ask for the next page now. On a later visit it is only noted at first (`further_seeds`): another
        method may tell all that is new for less."""
        known, number = self._chain(url)
        here = self.lists.get(known, {})
        if url == self.front and following:
            self.cursor.setdefault("near", [following, 2])
        if not wanted or not following or number >= MAX_PAGES:
            here.pop("last", None)
            here.pop("barren", None)
            return False
        if visit.first or visit.round:
            return True
        here["next"] = following
        return False

    def _chain(self, url: str) -> tuple[str, int]:
        """The list that this page belongs to, and how far down it is."""
        if url in self.lists or url == self.front:
            return url, 1
        listing, number = pagination.listing_of(url), pagination.number_of(url)[1]
        owners = (one for one in (self.front, *self.lists) if pagination.listing_of(one) == listing)
        return next(owners, url), number

    def new_lists(self, urls: tuple[str, ...]) -> list[str]:
        """Sections that are not known yet; they are kept once they have shown an article."""
        new = [url for url in dict.fromkeys(urls) if url not in self.lists and url != self.front]
        return new[: max(0, MAX_LISTS - len(self.lists))]

    def miss(self, url: str) -> None:
        """A listing that was there before is given some more visits."""
        here = self.lists.get(url)
        if here is None:
            return
        here["misses"] = here.get("misses", 0) + 1
        if here["misses"] >= PATIENCE:
            del self.lists[url]

    def changed(self) -> dict[str, Any] | None:
        cursor = {**self.cursor, "front": self.front, "lists": self.lists, "recent": self.recent}
        kept = {key: value for key, value in cursor.items() if value}
        return kept if kept != self.before else None
