"""Whose turn it is: the requests that wait at each site, and the sites in turn.

What has to wait for its site's delay waits here and holds no place among the requests in flight; and sites that leave
requests unanswered hold, together, a share of these places only. So the others go on as if those were not there.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from scrapy import Request

_ASKED = "firstprint_asked"
"""In a request's meta: when it was handed out, by the monotonic clock."""
_PATIENCE = 3.0
"""Seconds after which an unanswered request marks its site as slow for as long as it lasts."""


class _Queue:
    """The requests that wait at one site, most urgent first."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, Request]] = []
        self._order = itertools.count()
        self.rests_until = 0.0
        """By the monotonic clock; the site asked us to wait."""
        self.has_turn = False
        """It stands in the turn, or is asleep."""

    def __len__(self) -> int:
        return len(self._heap)

    def push(self, request: Request) -> None:
        heapq.heappush(self._heap, (-request.priority, next(self._order), request))

    def first(self) -> Request:
        return self._heap[0][2]

    def pop(self) -> Request:
        return heapq.heappop(self._heap)[2]


@dataclass(frozen=True, slots=True)
class Flight:
    """What is in flight at a moment: requests by site, the sites that leave one unanswered for long, and how many
    places these hold."""

    of_site: Counter[str]
    slow: frozenset[str]
    held: int

    @classmethod
    def of(cls, active: Iterable[Request], now: float) -> Flight:
        """`now` by the monotonic clock."""
        of_site: Counter[str] = Counter()
        slow = set()
        for request in active:
            site = request.meta.get("site", "")
            of_site[site] += 1
            if now - request.meta.get(_ASKED, now) > _PATIENCE:
                slow.add(site)
        return cls(of_site, frozenset(slow), sum(of_site[site] for site in slow))


class Turns:
    """`ready` tells for a request how many seconds its host is still to be left alone; `ring` is called when a site
    that had to wait may be asked again."""

    def __init__(self, ready: Callable[[Request], float], ring: Callable[[], None]) -> None:
        self._ready = ready
        self._ring = ring
        self._queues: dict[str, _Queue] = {}
        self._turn: deque[str] = deque()
        self._asleep: list[tuple[float, str]] = []
        """A heap of those that have to wait, by the moment at which each may be asked."""
        self._alarm: asyncio.TimerHandle | None = None

    def waiting(self, site: str) -> int:
        """How many requests wait at a site."""
        return len(self._queues.get(site, ()))

    def __bool__(self) -> bool:
        return any(self._queues.values())

    def push(self, site: str, request: Request) -> None:
        """Takes a request."""
        queue = self._queues.setdefault(site, _Queue())
        queue.push(request)
        if not queue.has_turn:
            queue.has_turn = True
            self._turn.append(site)

    def rest(self, site: str, until: float) -> None:
        """Asks a site for nothing before then."""
        if site in self._queues:
            self._queues[site].rests_until = max(self._queues[site].rests_until, until)

    def next(self, now: float, may_ask: Callable[[str], bool]) -> tuple[str, Request] | None:
        """The next request of a site that may be asked, sites in turn."""
        self._wake(now)
        for _ in range(len(self._turn)):
            site = self._turn.popleft()
            queue = self._queues[site]
            if not queue:
                queue.has_turn = False
                continue
            until = max(queue.rests_until, now + self._ready(queue.first()))
            if until > now:
                self._sleep(site, until)
                continue
            self._turn.append(site)
            if may_ask(site):
                request = queue.pop()
                request.meta[_ASKED] = now
                return site, request
        return None

    def close(self) -> None:
        """No bell rings any more."""
        if self._alarm is not None:
            self._alarm.cancel()

    def _sleep(self, site: str, until: float) -> None:
        heapq.heappush(self._asleep, (until, site))
        if self._asleep[0][1] == site:
            self._set_alarm()

    def _wake(self, now: float) -> None:
        while self._asleep and self._asleep[0][0] <= now:
            self._turn.append(heapq.heappop(self._asleep)[1])

    def _set_alarm(self) -> None:
        self.close()
        loop = asyncio.get_running_loop()
        # the loop's clock is the monotonic one; a hair later, so that the moment has come when the bell rings
        self._alarm = loop.call_at(self._asleep[0][0] + 0.001, self._rung)

    def _rung(self) -> None:
        self._wake(time.monotonic())  # here already: who is rung may be too busy to ask now
        if self._asleep:
            self._set_alarm()
        self._ring()
