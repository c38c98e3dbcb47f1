"""WordPress by its REST interface, in both URL forms: every post, every edit, and every deletion.

A quiet visit asks two small questions (one, while all posts fit on one page): the posts with the highest numbers,
and those modified lately. Neither alone is enough: importers insert posts with a past date, and an edit does not
raise a number. The total in the first answer's header tells whether something is gone, or was published under an
older number; `census` then finds out where.

Cursor: {"api": base URL, "ids": packed numbers of the posts listed so far, "modified": newest modification read
(ISO 8601, UTC), "offset": minutes of the site's clock from UTC, "census": {…}, "misses": int,
"changed": when a new post was shown, and while an archive is
being read "deep", "back" (the next page)}. Everything is asked one after the other, so a crash at any point continues
where it was.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from crawler.discovery import census
from crawler.discovery.base import Fetched, Found, Link, Visit, is_time_to_try
from crawler.discovery.markup import decoded, moment, plain
from crawler.discovery.numbers import packed, unpacked
from crawler.discovery.shapes import no_article
from crawler.discovery.urls import resolve, same_site

NAME = "wordpress"

PER_PAGE = 100
"""The most that WordPress gives at once."""
OVERLAP = timedelta(hours=2)
MAX_PAGES = 5000
PATIENCE = 3
"""Visits in a row without an answer before the interface is taken to be switched off."""
_FIELDS = "id,date,date_gmt,modified,modified_gmt,link,title"

Post = Mapping[str, Any]


def seeds(visit: Visit) -> list[Link]:
    """The one question that leads to all others."""
    memory = _Memory(visit)
    if not memory.api:
        return []
    newest = memory.ask(orderby="id", order="desc")
    if int(visit.cursor.get("misses") or 0) >= PATIENCE:
        return [replace(newest, probe=True)] if is_time_to_try(visit) else []
    return [newest]


def read(fetched: Fetched, visit: Visit) -> Found:
    """What one answer says, and the question that follows from it."""
    if fetched.status >= 500 or fetched.status in (304, 429):
        return Found()
    memory = _Memory(visit)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(fetched.asked or fetched.url).query).items()}
    posts = _posts(fetched)
    if posts is None:
        if fetched.status != 400 or _page(asked) == 1:
            return _refused(fetched, asked, memory)
        posts = []  # past the last page
    memory.cursor.pop("misses", None)
    answer = census.Answer(
        posts=tuple(number for post in posts if (number := _number(post))),
        total=_header(fetched, "x-wp-total"),
        pages=_header(fetched, "x-wp-totalpages"),
    )
    follow = _follow(asked, answer, posts, visit, memory)
    articles = tuple(link for post in posts if (link := _article(post, visit.url)))
    return Found(
        articles,
        (follow,) if follow else (),
        gone_keys=tuple(f"?p={number}" for number in memory.census.gone),
        cursor=memory.changed(),
        note="" if articles or not posts else "its posts lead to another site",
    )


def _follow(
    asked: Mapping[str, str], answer: census.Answer, posts: Sequence[Post], visit: Visit, memory: _Memory
) -> Link | None:
    """The question after this one: further back, then what was modified, then what is missing."""
    held = list(memory.ids)
    new = memory.add(answer.posts)
    if new and visit.now:
        memory.cursor["changed"] = visit.now.isoformat()
    if "include" in asked:
        numbers = [int(one) for one in asked["include"].split(",") if one.isdigit()]
        return memory.census_ask(memory.census.confirmed(numbers, answer))
    if asked.get("order") == "asc":
        return memory.census_ask(memory.census.counted(_page(asked), answer, len(new)))
    if "modified_after" not in asked and _page(asked) == 1:
        memory.begin(answer, deep=visit.first)
    memory.note_times(posts, visit.now)
    if "modified_after" in asked:
        return _after_modified(asked, answer, posts, memory)
    return _after_newest(_page(asked), answer, held, new, memory)


def _after_newest(page: int, answer: census.Answer, held: list[int], new: list[int], memory: _Memory) -> Link | None:
    """Further back: to the very end on a first visit, else until a page shows something that was known."""
    memory.compare(answer.posts, held)
    last = min(answer.pages or (page + 1 if len(answer.posts) == memory.per_page else page), MAX_PAGES)
    following = max(memory.back, page + 1) if not new else page + 1
    if answer.posts and following <= last and (memory.deep or len(new) == len(answer.posts)):
        memory.back = following if memory.deep else 0
        return memory.ask(orderby="id", order="desc", page=following)
    shown_whole = page == 1 and answer.total == len(answer.posts)
    if memory.deep or shown_whole:
        memory.compare_rest(held)
        memory.settle()
        return memory.census_ask(memory.census_begin())
    return memory.ask(modified_after=memory.since(), orderby="modified", order="desc")


def _after_modified(
    asked: Mapping[str, str], answer: census.Answer, posts: Sequence[Post], memory: _Memory
) -> Link | None:
    """The next page, while all on this one was modified since (old WordPress ignores the bound, but not the order)."""
    since = moment(asked["modified_after"])
    recent = bool(posts) and all(since and (at := _modified(post)) and at >= since for post in posts)
    if recent and _page(asked) < min(answer.pages or 1, MAX_PAGES):
        return memory.ask(
            modified_after=asked["modified_after"], orderby="modified", order="desc", page=_page(asked) + 1
        )
    memory.settle()
    return memory.census_ask(memory.census_begin())


def _refused(fetched: Fetched, asked: Mapping[str, str], memory: _Memory) -> Found:
    """No answer: the other form of the address, smaller pages, and then the interface is taken to be off."""
    note = f"no REST here (status {fetched.status})"
    if _page(asked) != 1 or "include" in asked or "modified_after" in asked or asked.get("order") == "asc":
        return Found(note=note)
    if not memory.ids and memory.try_otherwise(fetched.status):
        return Found((), (memory.ask(orderby="id", order="desc"),), cursor=memory.changed(), note=note)
    memory.cursor["misses"] = memory.cursor.get("misses", 0) + 1 if memory.ids else PATIENCE
    return Found(cursor=memory.changed(), note=note)


class _Memory:
    """The cursor while it is read and rewritten, for one answer."""

    def __init__(self, visit: Visit) -> None:
        self.before = dict(visit.cursor)
        self.cursor: dict[str, Any] = {**visit.cursor, "census": dict(visit.cursor.get("census") or {})}
        self.api = str(visit.cursor.get("api") or "")
        self.per_page = int(visit.cursor.get("per_page") or PER_PAGE)
        self.ids = unpacked(str(visit.cursor.get("ids") or ""))
        self.census = census.Census(self.cursor["census"], self.ids, self.per_page)

    @property
    def deep(self) -> bool:
        """Whether the whole archive is being read."""
        return bool(self.cursor.get("deep"))

    @property
    def back(self) -> int:
        """The next page of the archive that nobody has read, while it is being read."""
        return int(self.cursor.get("back") or 0)

    @back.setter
    def back(self, page: int) -> None:
        self.cursor["back"] = page

    def ask(self, **parameters: str | int) -> Link:
        """A question, with a page's number only where it is not the first."""
        asked = {"per_page": self.per_page, "_fields": _FIELDS, **parameters}
        query = "&".join(f"{name}={quote(str(value), safe=',:')}" for name, value in asked.items())
        url = f"{self.api}wp/v2/posts{'&' if '?' in self.api else '?'}{query}"
        return Link(url, "list", NAME, poll=True, fresh=True)

    def census_ask(self, question: census.Question | None) -> Link | None:
        if question is None:
            return None
        if question.include:
            return self.ask(include=",".join(str(one) for one in question.include), orderby="include")
        return self.ask(orderby="id", order="asc", page=question.page)

    def census_begin(self) -> census.Question | None:
        top = self.cursor.pop("top", 0)
        newest = census.Answer((top,) if top else (), self.cursor.pop("total", None))
        suspects = [number for number in self.cursor.pop("suspects", ()) if number in set(self.ids)]
        return self.census.begin(newest, suspects=suspects)

    def add(self, numbers: Sequence[int]) -> list[int]:
        known = set(self.ids)
        new = [number for number in numbers if number not in known]
        if new:
            self.ids[:] = sorted({*known, *new})
        return new

    def begin(self, answer: census.Answer, *, deep: bool) -> None:
        """The first answer of a visit. A crash may have left the archive half read: then that goes on."""
        for key in ("suspects", "edge", "latest"):
            self.cursor.pop(key, None)
        self.cursor.update(total=answer.total, top=max(answer.posts, default=0))
        self.cursor["deep"] = deep or self.deep

    def compare(self, shown: Sequence[int], held: list[int]) -> None:
        """Suspects what was held in the stretch that this page shows, and is not on it."""
        if list(shown) != sorted(shown, reverse=True) or not shown:
            return
        edge = self.cursor.get("edge") or max(held, default=0) + 1
        missing = {one for one in held if min(shown) <= one < edge} - set(shown)
        if missing:
            self.cursor["suspects"] = sorted({*self.cursor.get("suspects", ()), *missing})[: census.MAX_SUSPECTS]
        self.cursor["edge"] = min(shown)

    def compare_rest(self, held: list[int]) -> None:
        """At the end of the archive: suspects what was held and is older than anything shown."""
        older = [one for one in held if one < (self.cursor.get("edge") or 0)]
        if older:
            self.cursor["suspects"] = sorted({*self.cursor.get("suspects", ()), *older})[: census.MAX_SUSPECTS]

    def note_times(self, posts: Sequence[Post], now: datetime | None) -> None:
        """The newest modification (one in the future is a mistake), and how far the site's clock is from UTC."""
        limit = (now or datetime.now(UTC)) + timedelta(hours=1)
        times = [at for post in posts if (at := _modified(post)) and at <= limit]
        latest = moment(self.cursor.get("latest"))
        if times and (latest is None or max(times) > latest):
            self.cursor["latest"] = max(times).isoformat()
        for post in posts[:1]:
            local, utc = moment(_text(post, "date")), moment(_text(post, "date_gmt"))
            if local and utc and abs(local - utc) <= timedelta(hours=15):
                self.cursor["offset"] = round((local - utc).total_seconds() / 60)

    def settle(self) -> None:
        """Everything of this visit's newest and modified posts has been read."""
        latest, known = moment(self.cursor.pop("latest", None)), moment(self.cursor.get("modified"))
        if latest and (known is None or latest > known):
            self.cursor["modified"] = latest.isoformat()
        for key in ("deep", "back", "edge"):
            self.cursor.pop(key, None)

    def since(self) -> str:
        """Two hours before the newest modification known, on the site's own clock and with its offset: WordPress
        compares local times, and some readers of this parameter ignore the offset. On the hour, so that the question
        stays the same while nothing happens."""
        known = moment(self.cursor.get("modified")) or datetime(1970, 1, 2, tzinfo=UTC)
        zone = timezone(timedelta(minutes=int(self.cursor.get("offset") or 0)))
        return (known - OVERLAP).astimezone(zone).replace(minute=0, second=0, microsecond=0).isoformat()

    def try_otherwise(self, status: int) -> bool:
        """Another way to ask, where the first one was refused before any post was seen."""
        tried = self.cursor.setdefault("tried", [])
        if status == 400 and self.per_page > 10:
            self.per_page = self.cursor["per_page"] = 10
            return True
        plain = re.sub(r"/(?:wp-json|index\.php/wp-json)/$", "/?rest_route=/", self.api)
        if plain == self.api or plain in tried:
            return False
        tried.append(self.api)
        self.api = self.cursor["api"] = plain
        return True

    def changed(self) -> dict[str, Any] | None:
        self.cursor["ids"] = packed(self.ids)
        kept = {key: value for key, value in self.cursor.items() if value}
        return kept if kept != self.before else None


def _posts(fetched: Fetched) -> list[Post] | None:
    if fetched.status >= 400:
        return None
    text = decoded(fetched.body, fetched.headers.get("content-type", ""))
    try:
        data = json.loads(text[max(text.find("["), 0) :] if "<" in text[:1] else text)  # PHP may warn first
    except (ValueError, RecursionError):
        return None
    return [one for one in data if isinstance(one, dict)] if isinstance(data, list) else None


def _page(asked: Mapping[str, str]) -> int:
    return int(asked["page"]) if re.fullmatch(r"\d{1,7}", asked.get("page", "")) else 1


def _header(fetched: Fetched, name: str) -> int | None:
    value = fetched.headers.get(name, "").strip()
    return int(value) if re.fullmatch(r"\d{1,12}", value) else None


def _number(post: Post) -> int:
    number = post.get("id")
    return number if isinstance(number, int) and not isinstance(number, bool) and 0 < number < 2**53 else 0


def _text(post: Post, field: str) -> str:
    value = post.get(field)
    if isinstance(value, dict):
        value = value.get("rendered")
    return value if isinstance(value, str) else ""


def _modified(post: Post) -> datetime | None:
    return moment(_text(post, "modified_gmt"))


def _article(post: Post, site: str) -> Link | None:
    url = resolve(site, _text(post, "link"))
    title = plain(_text(post, "title"))
    number = _number(post)
    if not url or not number or not same_site(url, site) or no_article(url):
        return None
    if number <= 2 and title.casefold().strip("!¡ .") in _FIRST_POSTS:
        return None
    return Link(
        url, "article", NAME, title=title, published=moment(_text(post, "date_gmt")), modified=_modified(post),
        key=f"?p={number}",
    )  # fmt: skip


_FIRST_POSTS = frozenset(
    {
        *(
            "hello world",
            "hallo welt",
            "bonjour tout le monde",
            "hola, mundo",
            "hola mundo",
            "ciao mondo",
            "olá, mundo",
        ),
        *("olá mundo", "привет, мир", "привіт, світ", "merhaba dünya", "hallo wereld", "witaj, świecie", "hej världen"),
        *(
            "ahoj všichni",
            "世界，您好",
            "hello world 世界",
            "مرحباً بالعالم",
            "أهلاً بالعالم",
            "سلام دنیا",
            "halo dunia",
            "chào tất cả mọi người",
        ),
    }
)
