"""A crawl in miniature: fetches what discovery asks for from the fixture web, and keeps what the frontier would."""

from __future__ import annotations

import http.client
from collections import deque
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from crawler import discovery
from crawler.discovery.base import Fetched, Found, Lesson, Link, Visit
from crawler.discovery.urls import normalise
from crawler.sites import Site, site_of_url


@dataclass
class Outcome:
    """What one visit gave."""

    articles: dict[str, Link] = field(default_factory=dict)
    new: list[str] = field(default_factory=list)
    due: list[str] = field(default_factory=list)
    gone_keys: list[str] = field(default_factory=list)
    vanished: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    requests: int = 0


class Walker:
    """One site's discovery over many visits, with the rows that a frontier would hold."""

    def __init__(self, url: str, port: int, site: Site | None = None) -> None:
        self.port = port
        self.site = site or site_of_url(url)
        self.profile: dict[str, Any] = {}
        self.rows: dict[str, Link] = {}
        self.lists: dict[str, Link] = {}
        self.on: dict[str, str] = {}
        """Article -> the whole list that it was last seen on."""
        self.validators: dict[str, dict[str, str]] = {}
        self.visits = 0
        self.requests = 0

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> Fetched:
        asked = url
        for _ in range(10):
            self.requests += 1
            parts = urlsplit(url)
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request(
                "GET", target, headers={"Host": parts.netloc, "Accept-Encoding": "identity", **(headers or {})}
            )
            answer = connection.getresponse()
            body = answer.read()
            said = {name.lower(): value for name, value in answer.getheaders()}
            connection.close()
            if answer.status not in (301, 302, 303, 307, 308):
                return Fetched(url, answer.status, said, body, asked if asked != url else "")
            url = urljoin(url, said["location"])
        raise AssertionError(f"redirects without end: {asked}")

    def visit(self, now: datetime, *, full: bool = False) -> Outcome:
        before, outcome = self.requests, Outcome()
        first = full or self.visits == 0
        if not self.profile:
            front, robots = self.fetch(self.site.url), self.fetch(urljoin(self.site.url, "/robots.txt"))
            self.profile = discovery.recognise(front, robots)
        read: set[str] = set()
        for round_ in range(10):
            asked = Visit(self.profile["front"], {}, now, len(self.rows), first, self.visits, round_, len(outcome.new))
            planned = [link for link in discovery.plan(self.profile, asked, self.site) if link.url not in read]
            if not planned:
                break
            queue = deque(planned)
            while queue:
                link = queue.popleft()
                assert link.kind == "list"
                known = self.lists.get(link.url)
                if link.url in read or (known and not link.poll and known.modified == link.modified):
                    continue
                read.add(link.url)
                self.lists[link.url] = link
                for found in self._read(link, asked, outcome):
                    queue.extend(found.more)
        outcome.requests = self.requests - before
        self.visits += 1
        return outcome

    def _read(self, link: Link, asked: Visit, outcome: Outcome) -> list[Found]:
        outcome.asked.append(link.url)
        conditional = {} if link.fresh else self.validators.get(link.url, {})
        fetched = self.fetch(link.url, conditional)
        if fetched.status == 304:
            return []
        if "last-modified" in fetched.headers and fetched.status == 200:
            self.validators[link.url] = {"If-Modified-Since": fetched.headers["last-modified"]}
        cursor = self.profile["methods"].get(link.method, {})
        found = discovery.read(link.method, fetched, replace(asked, cursor=cursor))
        if found.cursor is not None:
            self.profile["methods"][link.method] = dict(found.cursor)
        if found.note:
            outcome.notes.append(f"{link.url}: {found.note}")
        for article in found.articles:
            self._saw(article, link.url if found.whole else "", outcome)
        shown = {one.url for one in found.articles}
        if found.whole:
            outcome.vanished += [url for url, on in self.on.items() if on == link.url and url not in shown]
        outcome.vanished += found.vanished
        outcome.gone_keys += found.gone_keys
        return [found]

    def _saw(self, article: Link, whole: str, outcome: Outcome) -> None:
        assert article.url == normalise(article.url)
        outcome.articles.setdefault(article.url, article)
        known = self.rows.get(article.url)
        if whole:
            self.on[article.url] = whole
        if known is None:
            outcome.new.append(article.url)
            self.rows[article.url] = article
            return
        if article.modified and known.modified and article.modified > known.modified:
            outcome.due.append(article.url)
        self.rows[article.url] = replace(
            known, key=known.key or article.key, modified=article.modified or known.modified,
            title=known.title or article.title, published=known.published or article.published,
        )  # fmt: skip

    def learn(self, proven: list[str], refuted: list[str] | None = None) -> None:
        self.profile = discovery.learn(self.profile, Lesson(tuple(proven), tuple(refuted or ())))
