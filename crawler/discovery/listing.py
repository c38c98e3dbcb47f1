"""Sites that show their articles on pages only: the front page, sections and archives, page after page.

Cursor: {"front": URL, "lists": {URL: {"shown": [articles it showed last], "misses": int}}, "patterns": {…}}.
`patterns` says which URL templates proved to be articles here; `learn` adds to it after each visit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from crawler.discovery import listing_page
from crawler.discovery.base import Fetched, Found, Link, Visit
from crawler.discovery.pagination import number_of
from crawler.discovery.urls import normalise

NAME = "listing"

MAX_LISTS = 40
"""Sections that are followed on one site."""
MAX_PAGES = 2000
"""How far back one listing is followed."""
PATIENCE = 3
_SHOWN = 40


def seeds(visit: Visit) -> list[Link]:
    """The front page, then the sections, each visit beginning with another one."""
    front = normalise(str(visit.cursor.get("front") or visit.url))
    lists = [url for url in visit.cursor.get("lists") or () if url != front]
    turn = visit.number % len(lists) if lists else 0
    return [Link(url, "list", NAME, poll=True) for url in (front, *lists[turn:], *lists[:turn])]


def read(fetched: Fetched, visit: Visit) -> Found:
    """The articles that a listing shows, its next page, and on a first visit the sections it leads to."""
    if fetched.status >= 500 or fetched.status in (304, 429):
        return Found()
    memory = _Memory(visit)
    page = listing_page.parse(fetched, visit.url, memory.patterns) if fetched.status < 400 else None
    asked = normalise(fetched.asked or fetched.url)
    if page is None:
        memory.miss(asked)
        return Found(cursor=memory.changed(), note=f"no listing here (status {fetched.status})")
    articles = tuple(replace(link, method=NAME) for link in page.articles)
    more: list[Link] = []
    if memory.wants_more(asked, [link.url for link in articles], deep=visit.first) and page.following:
        more.append(Link(page.following, "list", NAME, poll=True))
    if visit.first and memory.is_front(asked):
        more += [Link(url, "list", NAME, poll=True, probe=True) for url in memory.new_lists(page.sections)]
    note = "" if page.links else "a page without links: it needs a browser, or is empty"
    return Found(articles, tuple(more), vanished=memory.vanished, cursor=memory.changed(), note=note)


class _Memory:
    """The cursor while it is read and rewritten, for one answer."""

    def __init__(self, visit: Visit) -> None:
        self.before = dict(visit.cursor)
        self.front = normalise(str(visit.cursor.get("front") or visit.url))
        self.lists: dict[str, dict[str, Any]] = {
            url: dict(one) for url, one in (visit.cursor.get("lists") or {}).items()
        }
        self.patterns: Mapping[str, Any] = visit.cursor.get("patterns") or {}
        self.vanished: tuple[str, ...] = ()

    def is_front(self, url: str) -> bool:
        return url == self.front

    def wants_more(self, url: str, shown: list[str], *, deep: bool) -> bool:
        """Whether the page after this one is wanted: on a first visit all, later while most on this one is new."""
        known, number = self._chain(url)
        if number > MAX_PAGES or not shown:
            return False
        here = self.lists.setdefault(known, {})
        here.pop("misses", None)
        if number == 1 and url == known:
            before = here.get("shown") or []
            self.vanished = _vanished(before, shown)
            here["old"] = [] if deep else before
            here["shown"] = shown[:_SHOWN]
            if not deep and not before:
                return False
        elif here.get("last") == shown[:3]:
            return False  # the site ignores the number of the page
        here["last"] = shown[:3]
        old = set(here.get("old") or ())
        return not old or sum(url in old for url in shown) * 2 < len(shown)

    def _chain(self, url: str) -> tuple[str, int]:
        """The list that this page belongs to, and how far down it is."""
        if url in self.lists or url == self.front:
            return url, 1
        pattern, number = number_of(url)
        before = pattern.partition("{}")[0].rsplit("/", 1)[0].rstrip("/") if pattern else ""
        owners = [
            one
            for one in (*self.lists, self.front)
            if before and one.rstrip("/").startswith(before.removesuffix("/page"))
        ]
        return (min(owners, key=len), number) if owners and number > 1 else (url, number)

    def new_lists(self, urls: tuple[str, ...]) -> list[str]:
        """Sections that are not known yet; they are kept once they have shown an article."""
        new = [url for url in dict.fromkeys(urls) if url not in self.lists and url != self.front]
        return new[: max(0, MAX_LISTS - len(self.lists))]

    def miss(self, url: str) -> None:
        here = self.lists.get(url)
        if here is None:
            return
        here["misses"] = here.get("misses", 0) + 1
        if here["misses"] >= PATIENCE:
            del self.lists[url]

    def changed(self) -> dict[str, Any] | None:
        cursor = {"front": self.front, "lists": self.lists, "patterns": self.patterns}
        kept = {key: value for key, value in cursor.items() if value}
        return kept if kept != self.before else None


def _vanished(before: list[str], now: list[str]) -> tuple[str, ...]:
    """What stood between others that are still there: it was taken out, while what is behind them may have moved on."""
    still = set(now)
    last = max((number for number, url in enumerate(before) if url in still), default=0)
    return tuple(url for url in before[:last] if url not in still)
