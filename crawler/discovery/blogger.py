"""Blogger by its posts feed: every post, every edit, and every deletion.

A quiet visit asks two small questions: what was updated lately, and how many posts there are. Where the number does
not fit what is held, the archive, which stands in the order of dates, is halved (`census`) until it is clear which
posts are missing; each is then asked for by its date, beside its neighbour, and only what such an answer omits is
gone. Where that does not explain the number, the archive is read through.

Cursor: {"feed": URL of the posts feed, "ids": packed ranks of the posts listed so far (see `rank_of`), "updated":
newest update read (ISO 8601, UTC), "changed": when a new post was shown, "misses": int, "census": state, "asked": the
rank that is asked for by its date and that of its neighbour, "front": the newest posts are asked for, "slack": posts
that are counted and never shown, and while the archive is being read "deep" and "seen" (ranks)}.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from crawler.discovery import census, feed_entries
from crawler.discovery.base import Fetched, Found, Link, Visit, is_time_to_try
from crawler.discovery.markup import decoded, moment, name_of, parse_xml, plain, text_of
from crawler.discovery.numbers import packed, unpacked
from crawler.discovery.shapes import no_article
from crawler.discovery.urls import resolve, same_site

NAME = "blogger"

PER_PAGE = 150
"""The most that Blogger gives at once with the texts in it."""
OVERLAP = timedelta(hours=2)
MAX_POSTS = 100_000
PATIENCE = 3
"""Visits in a row without an answer before the feed is taken to be switched off."""
_MOST_SUSPECTS = 20
_NUMBER_BITS = 64
_END_OF_TIME = 2**40


def rank_of(number: int, published: datetime | None) -> int:
    """A post's place in the archive, newest first, as one number that holds its date (s) and the post's own number."""
    second = int(published.timestamp()) if published else 0
    return ((_END_OF_TIME - second) << _NUMBER_BITS) + number


def _number_in(rank: int) -> int:
    return rank & ((1 << _NUMBER_BITS) - 1)


def _date_in(rank: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=_END_OF_TIME - (rank >> _NUMBER_BITS))


def seeds(visit: Visit) -> list[Link]:
    """On a first visit the archive, then what was updated."""
    memory = _Memory(visit)
    if not memory.feed:
        return []
    if int(visit.cursor.get("misses") or 0) >= PATIENCE:
        return [replace(memory.ask_updated(), probe=True)] if is_time_to_try(visit) else []
    if visit.first or memory.cursor.get("deep") or not memory.updated:
        return [memory.ask("start-index=1", f"max-results={PER_PAGE}")]
    return [memory.ask_updated()]


def read(fetched: Fetched, visit: Visit) -> Found:
    """What one answer says, and the question that follows from it."""
    if fetched.status >= 500 or fetched.status in (304, 429):
        return Found()
    memory = _Memory(visit)
    page = _parse(fetched) if fetched.status < 400 else None
    asked = {name: values[0] for name, values in parse_qs(urlsplit(fetched.asked or fetched.url).query).items()}
    if page is None:
        if int(asked.get("start-index", "1")) > 1 if asked.get("start-index", "1").isdigit() else False:
            return Found(note="past the last page")
        memory.cursor["misses"] = int(memory.cursor.get("misses") or 0) + 1 if memory.ids else PATIENCE
        return Found(cursor=memory.changed(), note=f"no posts feed here (status {fetched.status})")
    memory.cursor.pop("misses", None)
    ranks = [rank_of(number, entry.published) for entry in page.entries if (number := _number(entry))]
    new = memory.add(ranks, deep=visit.first)
    if new and visit.now:
        memory.cursor["changed"] = visit.now.isoformat()
    follow, gone = _follow(asked, page, ranks, len(new), visit, memory)
    articles = tuple(link for entry in page.entries if (link := _article(entry, visit.url)))
    return Found(
        articles,
        (follow,) if follow else (),
        gone_keys=tuple(f"post-{_number_in(rank)}" for rank in gone),
        cursor=memory.changed(),
    )


def _follow(
    asked: Mapping[str, str], page: _Page, ranks: Sequence[int], new: int, visit: Visit, memory: _Memory
) -> tuple[Link | None, list[int]]:
    memory.note_updated(page.entries, visit.now)
    if "updated-min" in asked:
        if len(ranks) >= PER_PAGE and page.following:
            return memory.ask_updated(start=_start(asked) + len(ranks)), []
        memory.settle()
        return memory.ask("max-results=1"), []
    if asked.get("max-results") == "1":
        return memory.look_in_front(ranks, page.total), []
    if memory.cursor.pop("front", None) and _start(asked) == 1:
        return memory.begin_census(ranks, page.total), []
    if "published-min" in asked:
        return memory.confirm(ranks)
    if memory.in_census(_start(asked)):
        answer = census.Answer(tuple(sorted(ranks)), page.total)
        return memory.go_on(memory.census.counted(_start(asked) // PER_PAGE + 1, answer, new)), []
    return _after_archive(asked, page, ranks, visit, memory)


def _after_archive(
    asked: Mapping[str, str], page: _Page, ranks: Sequence[int], visit: Visit, memory: _Memory
) -> tuple[Link | None, list[int]]:
    """The next page of the archive; at its end, what it did not show is gone."""
    start = _start(asked)
    if start == 1 and (visit.first or not memory.updated):
        memory.cursor.setdefault("deep", True)
    memory.see(start, ranks)
    reached = start + len(page.entries)
    if page.entries and reached <= min(page.total or MAX_POSTS, MAX_POSTS) and (page.following or page.total):
        return memory.ask(f"start-index={reached}", f"max-results={PER_PAGE}"), []
    memory.settle()
    return None, memory.missing(page.total)


def _start(asked: Mapping[str, str]) -> int:
    start = asked.get("start-index", "1")
    return int(start) if re.fullmatch(r"[1-9]\d{0,6}", start) else 1


@dataclass(frozen=True, slots=True)
class _Page:
    entries: tuple[feed_entries.Entry, ...]
    total: int | None
    following: bool


def _parse(fetched: Fetched) -> _Page | None:
    content_type = fetched.headers.get("content-type", "")
    text = decoded(fetched.body, content_type)
    if text.lstrip()[:1] == "<":
        return _atom(fetched, content_type)
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return None
    feed = data.get("feed") if isinstance(data, dict) else None
    if not isinstance(feed, dict):
        return None
    entries = _dicts(feed.get("entry"))
    total = _said(feed, "openSearch$totalResults")
    following = any(link.get("rel") == "next" for link in _dicts(feed.get("link")))
    return _Page(tuple(_entry(one) for one in entries), int(total) if total.isdigit() else None, following)


def _atom(fetched: Fetched, content_type: str) -> _Page | None:
    page, root = feed_entries.parse(fetched), parse_xml(fetched.body, content_type)
    if page is None or root is None:
        return None
    totals = [text_of(one) for one in root if name_of(one) == "totalresults"]
    return _Page(page.entries, int(totals[0]) if totals and totals[0].isdigit() else None, bool(page.following))


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _said(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    text = value.get("$t") if isinstance(value, dict) else value
    return str(text)[:2000] if isinstance(text, str | int) else ""


def _entry(entry: Mapping[str, Any]) -> feed_entries.Entry:
    links = [link for link in _dicts(entry.get("link")) if link.get("rel") == "alternate"]
    return feed_entries.Entry(
        link=str(links[0].get("href") or "") if links else "",
        guid=_said(entry, "id"),
        title=plain(_said(entry, "title")),
        authors=tuple(name for one in _dicts(entry.get("author")) if (name := plain(_said(one, "name"))[:120])),
        published=moment(_said(entry, "published")),
        modified=moment(_said(entry, "updated")),
        tags=tuple(plain(str(one.get("term") or ""))[:80] for one in _dicts(entry.get("category")))[:20],
    )


def _number(entry: feed_entries.Entry) -> int:
    found = re.search(r"post-(\d{1,19})$", entry.guid)
    return int(found[1]) if found else 0


def _article(entry: feed_entries.Entry, site: str) -> Link | None:
    url = resolve(site, entry.link)
    if not url or not same_site(url, site) or no_article(url):
        return None
    return Link(
        url, "article", NAME, title=entry.title, authors=entry.authors, published=entry.published,
        modified=entry.modified, key=f"post-{_number(entry)}" if _number(entry) else entry.guid[:300], tags=entry.tags,
    )  # fmt: skip


class _Memory:
    """The cursor while it is read and rewritten, for one answer."""

    def __init__(self, visit: Visit) -> None:
        self.before = dict(visit.cursor)
        self.cursor: dict[str, Any] = {**visit.cursor, "census": dict(visit.cursor.get("census") or {})}
        self.feed = str(visit.cursor.get("feed") or "")
        self.ids = unpacked(str(visit.cursor.get("ids") or ""))
        self.updated = moment(visit.cursor.get("updated"))
        self.census = census.Census(self.cursor["census"], self.ids, PER_PAGE)

    def ask(self, *parameters: str) -> Link:
        return Link(f"{self.feed}?alt=json&{'&'.join(parameters)}", "list", NAME, poll=True, fresh=True)

    def ask_updated(self, start: int = 1) -> Link:
        """What was updated since two hours before the newest update known; on the hour, so that the question stays
        the same while nothing happens."""
        since = (self.updated or datetime(1970, 1, 2, tzinfo=UTC)) - OVERLAP
        since = since.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        further = [f"start-index={start}"] if start > 1 else []
        return self.ask("orderby=updated", f"updated-min={_stamp(since)}", f"max-results={PER_PAGE}", *further)

    def add(self, ranks: Sequence[int], *, deep: bool) -> set[int]:
        """Holds these posts; one whose date was changed stands at its new place only. Returns the numbers that were
        not held before."""
        if deep:
            self.cursor.setdefault("deep", True)
        unknown = set(ranks).difference(self.ids)
        if not unknown:
            return set()
        numbers = {_number_in(rank) for rank in unknown}
        before = [rank for rank in self.ids if _number_in(rank) in numbers]
        self.ids[:] = sorted({*self.ids, *unknown}.difference(before))
        return numbers.difference(_number_in(rank) for rank in before)

    # -- what is missing

    def look_in_front(self, ranks: Sequence[int], total: int | None) -> Link | None:
        """There are more posts than we know of: what was inserted stands among the newest more often than not, so
        these are asked for before the archive is halved."""
        if total is not None and self._short_by(total) < 0 and ranks:
            self.cursor["front"] = True
            return self.ask("start-index=1", f"max-results={PER_PAGE}")
        return self.begin_census(ranks, total)

    def begin_census(self, ranks: Sequence[int], total: int | None) -> Link | None:
        """Compares the number of posts with what is held. Many that are missing are found for less by reading all."""
        self.cursor["census"].clear()
        missing = self._short_by(total or 0)
        if total is None or not missing:
            return None
        pages = -(-total // PER_PAGE)
        if abs(missing) * (pages.bit_length() + 1) >= pages or not ranks:
            return self.begin_archive()
        self.cursor["census"]["slack"] = int(self.cursor.get("slack") or 0)
        return self.go_on(self.census.begin(census.Answer(tuple(ranks), total)))

    def _short_by(self, total: int) -> int:
        """How many more are held than are there; negative where there are posts that we do not know."""
        return len(self.ids) - total - int(self.cursor.get("slack") or 0)

    def in_census(self, start: int) -> bool:
        """Whether the page that begins there is one that the census asked for."""
        at = self.cursor["census"].get("at")
        return bool(at) and start == (at["page"] - 1) * PER_PAGE + 1

    def go_on(self, question: census.Question | None) -> Link | None:
        """The census's next question: a page of the archive, or a post that seems to be gone, by its date."""
        if question is None:
            explained = not self.cursor["census"].get("slack", 0) - int(self.cursor.get("slack") or 0)
            self.cursor["census"].clear()
            return None if explained else self.begin_archive()
        if not question.include:
            return self.ask(f"start-index={(question.page - 1) * PER_PAGE + 1}", f"max-results={PER_PAGE}")
        if len(question.include) > _MOST_SUSPECTS:
            return self.begin_archive()
        control, suspect, *others = question.include
        beside = self._neighbour(suspect, {suspect, *others})
        if beside is None:
            return self.begin_archive()
        self.cursor["asked"] = [suspect, beside, control]
        first, last = sorted(_date_in(rank) for rank in (suspect, beside))
        until = last + timedelta(seconds=1)
        return self.ask(f"published-min={_stamp(first)}", f"published-max={_stamp(until)}", f"max-results={PER_PAGE}")

    def _neighbour(self, rank: int, suspects: set[int]) -> int | None:
        at = bisect_left(self.ids, rank)
        around = [*reversed(self.ids[max(at - 30, 0) : at]), *self.ids[at : at + 30]]
        return next((one for one in around if one not in suspects), None)

    def confirm(self, ranks: Sequence[int]) -> tuple[Link | None, list[int]]:
        """A post was asked for by its date: it is gone if its neighbour is shown, and it is not."""
        if not self.cursor.get("asked"):
            return None, []
        suspect, beside, control = self.cursor.pop("asked")
        if beside not in ranks:  # dates are not understood here
            return self.begin_archive(), []
        follow = self.go_on(self.census.confirmed((control, suspect), census.Answer((control, *ranks))))
        return follow, self.census.gone

    def begin_archive(self) -> Link:
        self.cursor["census"].clear()
        self.cursor.update(deep=True, seen="")
        return self.ask("start-index=1", f"max-results={PER_PAGE}")

    def see(self, start: int, ranks: Sequence[int]) -> None:
        seen = set() if start == 1 else set(unpacked(str(self.cursor.get("seen") or "")))
        self.cursor["seen"] = packed(seen | set(ranks))

    def missing(self, total: int | None) -> list[int]:
        """At the end of the archive: what was held and is not in it any more, if the archive was read in full. A
        difference that stays is not looked for again."""
        seen = set(unpacked(str(self.cursor.pop("seen", "") or "")))
        self.cursor.pop("deep", None)
        gone = sorted(set(self.ids) - seen)
        short = (total or len(seen)) - len(seen)
        if not seen or short * 20 > len(seen):
            return []  # it broke off
        if short > 0:
            self.cursor["slack"] = len(self.ids) - (total or 0)
            return []
        self.ids[:] = sorted(seen)
        self.cursor["slack"] = len(seen) - total if total is not None else 0
        return gone

    def note_updated(self, entries: Sequence[feed_entries.Entry], now: datetime | None) -> None:
        limit = (now or datetime.now(UTC)) + timedelta(hours=1)
        times = [one.modified for one in entries if one.modified and one.modified <= limit]
        latest = moment(self.cursor.get("latest"))
        if times and (latest is None or max(times) > latest):
            self.cursor["latest"] = max(times).isoformat()

    def settle(self) -> None:
        latest = moment(self.cursor.pop("latest", None))
        if latest and (self.updated is None or latest > self.updated):
            self.updated = latest
            self.cursor["updated"] = latest.astimezone(UTC).isoformat()

    def changed(self) -> dict[str, Any] | None:
        self.cursor["ids"] = packed(self.ids)
        kept = {key: value for key, value in self.cursor.items() if value}
        return kept if kept != self.before else None


def _stamp(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
