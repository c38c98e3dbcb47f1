"""RSS 2.0, RSS 1.0, Atom and JSON Feed: the newest articles, what is said of them, and the pages further back.

Cursor: {"urls": {feed URL: {"shown": [articles last shown], "next": its second page, "whole": it was read to its
end, "misses": int}}, "recent": [marks of entries shown lately, newest first], "changed": when something new was shown,
"gap": more is new than the feed shows, "dead": [URLs that are no feed], "probes": [places still to be tried]}.

Every broken entry is skipped by itself; entries that lead off the site are ads, or somebody else's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from crawler.discovery import feed_entries
from crawler.discovery.base import Fetched, Found, Link, Visit
from crawler.discovery.parameters import without
from crawler.discovery.shapes import no_article, without_amp_twins
from crawler.discovery.turnover import is_mostly_familiar, mark, taken_out, with_recent
from crawler.discovery.urls import normalise, resolve, same_site

NAME = "feed"

MAX_FEEDS = 8
"""Feeds that are polled on one site."""
MAX_PAGES = 1000
"""How far back one feed is followed."""
PATIENCE = 3
"""Visits in a row at which a feed that was there is missing before it is given up."""
_SHOWN = 30


def seeds(visit: Visit) -> list[Link]:
    """The site's feeds; before one is known, the first place where one may be."""
    feeds = list(visit.cursor.get("urls") or {})[:MAX_FEEDS]
    if feeds:
        return [Link(url, "list", NAME, poll=True) for url in feeds]
    return _probe(list(visit.cursor.get("probes") or ()))


def _probe(places: Sequence[str]) -> list[Link]:
    return [Link(place, "list", NAME, poll=True, probe=True) for place in places[:1]]


def read(fetched: Fetched, visit: Visit) -> Found:
    """The entries of a feed, and its next page where that is wanted."""
    if fetched.status >= 500 or fetched.status in (304, 429):
        return Found()
    page = feed_entries.parse(fetched) if fetched.status < 400 else None
    memory = _Memory(visit)
    if page is None:
        return _no_feed(fetched, visit, memory)
    articles, dropped = _articles(page.entries, fetched, visit)
    base, number = memory.locate(fetched.asked or fetched.url)
    if number == 1:
        base = memory.moved(base, normalise(fetched.url))
    more = _further(page, base, number, visit, memory)
    vanished = memory.show(base, [link.url for link in articles]) if number == 1 else ()
    note = f"{dropped} entries lead elsewhere or are no articles" if dropped else ""
    return Found(articles, tuple(more), vanished=vanished, cursor=memory.changed(), note=note)


def _no_feed(fetched: Fetched, visit: Visit, memory: _Memory) -> Found:
    base, number = memory.locate(fetched.asked or fetched.url)
    if number > 1:
        memory.end(base, whole=visit.first)
        return Found(cursor=memory.changed(), note="past the last page of the feed")
    more = memory.miss(base)
    return Found((), tuple(_probe(more)), cursor=memory.changed(), note=f"no feed here (status {fetched.status})")


def _articles(entries: Iterable[feed_entries.Entry], fetched: Fetched, visit: Visit) -> tuple[tuple[Link, ...], int]:
    links: dict[str, Link] = {}
    dropped = 0
    for entry in entries:
        link = _article(entry, fetched.url, visit)
        if link is None:
            dropped += 1
        else:
            links.setdefault(link.url, link)
    kept = without_amp_twins(list(links))
    return tuple(link for link in links.values() if link.url in kept), dropped


def _article(entry: feed_entries.Entry, feed: str, visit: Visit) -> Link | None:
    site = visit.url
    if re.search(r"#comment", entry.link) or re.search(r"#comment", entry.guid):
        return None  # a feed of comments
    source = entry.source
    for candidate in (entry.link, entry.original, entry.guid if entry.guid_is_link else ""):
        url = without(resolve(entry.base or feed, candidate), visit.idle) if candidate else ""
        if url and same_site(url, site) and not no_article(url):
            break
    else:
        return None
    elsewhere = (resolve(feed, one) for one in (entry.original, entry.guid) if one.startswith(("http:", "https:")))
    source = source or next((one for one in elsewhere if one and not same_site(one, site)), "")
    return Link(
        url, "article", NAME, title=entry.title, authors=entry.authors, published=entry.published,
        modified=entry.modified, key=steady_key(entry.guid, site), source=source, tags=entry.tags,
    )  # fmt: skip


def steady_key(guid: str, site: str) -> str:
    """A guid as a key: the post's own number where it is told, so that feeds, REST and Blogger's interface agree."""
    if (post := re.search(r"[?&]p=(\d+)$", guid)) and same_site(guid, site):
        return f"?p={post[1]}"
    if post := re.fullmatch(r"tag:blogger\.com,\d{4}:blog-\d+\.post-(\d+)", guid):
        return f"post-{post[1]}"
    return guid[:300]


def _further(page: feed_entries.Page, base: str, number: int, visit: Visit, memory: _Memory) -> list[Link]:
    """The next page, while much on this one is new. In the first round the way further back is only noted
    (`further_seeds`): another method may tell it for less."""
    following = resolve(page.base, page.following) if page.following else ""
    if not (following and same_site(following, base) and following != normalise(base)):
        following = _numbered(base, number + 1) if page.numbered else ""
    wanted = memory.wants_more(base, number, [_mark(entry, visit) for entry in page.entries], deep=visit.first)
    if not wanted or not following or number >= MAX_PAGES:
        memory.gap = wanted and not visit.first and not following
        memory.end(base, whole=visit.first and number > 1)
        return []
    memory.note_next(base, following, number)
    if number == 1 and visit.round == 0:
        return []
    return [Link(following, "list", NAME, poll=True)]


def further_seeds(visit: Visit) -> list[Link]:
    """The second pages of feeds whose first was all new."""
    feeds = (visit.cursor.get("urls") or {}).values()
    return [Link(one["next"], "list", NAME, poll=True) for one in feeds if one.get("next")]


def lists_all(cursor: Mapping[str, Any]) -> bool:
    """Whether a feed has been followed to its end."""
    return any(one.get("whole") for one in (cursor.get("urls") or {}).values())


def _mark(entry: feed_entries.Entry, visit: Visit) -> str:
    return mark(without(entry.guid or entry.link, visit.idle))


def _numbered(base: str, number: int) -> str:
    """`…/feed/?paged=3`, as WordPress has it."""
    return normalise(base + ("&" if "?" in base else "?") + f"paged={number}")


class _Memory:
    """The cursor while it is read and rewritten."""

    def __init__(self, visit: Visit) -> None:
        cursor = visit.cursor
        self.before: Mapping[str, Any] = cursor
        self.urls: dict[str, dict[str, Any]] = {url: dict(one) for url, one in (cursor.get("urls") or {}).items()}
        self.recent: list[str] = list(cursor.get("recent") or ())
        self.dead: list[str] = list(cursor.get("dead") or ())
        self.probes: list[str] = list(cursor.get("probes") or ())
        self.gap = False
        self.at = str(cursor.get("changed") or "")
        self.now = visit.now.isoformat() if visit.now else ""

    def wants_more(self, base: str, number: int, marks: list[str], *, deep: bool) -> bool:
        """Whether the page after this one is wanted; what is on this one is known from now on."""
        feed = self.urls.setdefault(base, {})
        is_new = not feed
        for key in ("misses", "next", "page"):
            feed.pop(key, None)
        self.probes = []
        repeated = number > 1 and feed.get("last") == marks[:3]  # the site ignores the number of the page
        feed["last"] = marks[:3]
        before = self.recent
        self.recent = with_recent(before, marks, newest=not deep)
        if not set(marks) <= set(before):
            self.at = self.now
        if repeated or not marks:
            return False
        return deep or not (is_new or is_mostly_familiar(marks, before))

    def show(self, base: str, shown: list[str]) -> tuple[str, ...]:
        """Remembers what a feed shows. Returns what was taken out from among what it still shows."""
        before = self.urls[base].get("shown") or []
        self.urls[base]["shown"] = shown[:_SHOWN]
        return taken_out(before, shown)

    def end(self, base: str, *, whole: bool) -> None:
        """Nothing older is read of this feed for now; `whole`: because there is nothing older."""
        if whole and base in self.urls:
            self.urls[base]["whole"] = True
        for key in ("last", "next", "page"):
            self.urls.get(base, {}).pop(key, None)

    def locate(self, url: str) -> tuple[str, int]:
        """The feed that a URL is a page of, and the number of that page."""
        url = normalise(url)
        for base, feed in self.urls.items():
            if feed.get("next") == url:
                return base, int(feed.get("page") or 1) + 1
        return url, 1

    def note_next(self, base: str, following: str, number: int) -> None:
        self.urls[base].update({"next": following, "page": number})

    def moved(self, asked: str, url: str) -> str:
        """From now on a feed is asked for where it was found. Returns its URL."""
        if asked != url and asked in self.urls:
            self.urls.setdefault(url, self.urls.pop(asked))
        return url

    def miss(self, base: str) -> list[str]:
        """There was no feed at this place; one that was there before is given some more visits. Returns the places
        still to be tried."""
        misses = (self.urls.get(base) or {}).get("misses", 0) + 1
        if (self.urls.get(base) or {}).get("shown") and misses < PATIENCE:
            self.urls[base]["misses"] = misses
        else:
            self.urls.pop(base, None)
            self.dead = [*dict.fromkeys([*self.dead, base])][-20:]
        self.probes = [place for place in self.probes if place not in self.dead]
        return [] if self.urls else self.probes

    def changed(self) -> dict[str, Any] | None:
        cursor = {
            "urls": self.urls,
            "dead": self.dead,
            "probes": self.probes,
            "gap": self.gap,
            "changed": self.at,
            "recent": self.recent,
        }
        kept = {key: value for key, value in cursor.items() if value}
        return kept if kept != dict(self.before) else None
