"""One visit to one site: what it knows, what it has done, and what it leaves behind."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from crawler.discovery.base import Lesson, Visit
from crawler.discovery.urls import host_name
from crawler.items import Verdict
from crawler.sites import Site
from crawler.spiders import rhythm
from crawler.spiders.dates import Dates
from crawler.spiders.first_pages import KeptAnswer
from crawler.spiders.rhythm import Rhythm
from crawler.spiders.site_noise import SiteNoise
from crawler.spiders.trail import Trail
from crawler.storage.base import SiteState

OURS = "crawl"
"""The key of a stored profile under which the crawl keeps what discovery has no use for."""

_SAMPLES = 200
_SLOW = 3.0
"""Seconds that answers take on average at a site that is called slow."""


@dataclass
class SiteVisit:
    """A visit while it lasts. Only the reactor's thread touches it."""

    site: Site
    state: SiteState
    started: datetime
    full: bool = False
    """Every list is read again (`-a full=true`)."""
    since: datetime | None = None
    """Articles that say they are older are left alone (`-a since=…`)."""
    held: int = 0
    """Articles held when the visit began."""
    round: int = 0
    recognising: bool = False
    planning: bool = False
    finished: bool = False
    stopped: str = ""
    """Why nothing more is fetched from this site in this run."""
    unfinished: bool = False
    """Stopped by us (interrupted, or out of budget), not by the site: there is more to fetch, now."""
    leased: set[int] = field(default_factory=set)
    profile: dict[str, Any] = field(default_factory=dict)
    """What discovery knows; JSON-serialisable."""
    ours: dict[str, Any] = field(default_factory=dict)
    """What the crawl remembers between visits; JSON-serialisable."""

    trail: Trail = field(default_factory=Trail)
    dates: Dates = field(default_factory=Dates)
    noise: SiteNoise = field(default_factory=SiteNoise)
    """The site's recurring lines: what is known of them, and what is learned."""

    echoes: dict[str, str] = field(default_factory=dict)
    """URLs of pages of this visit that said what another one says, and of that one; the first of them."""
    on_trial: tuple[str, frozenset[str]] = ("", frozenset())
    """A page's URL without some parameters that seem to say nothing, and those of which that is believed if it says the
    same."""
    counts: Counter[str] = field(default_factory=Counter)
    """new, changed, unchanged, gone, missing, errors, requests, robots, revisits, lists, barren."""
    skips: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    """Articles of this visit by the status of their verdict."""
    linked: dict[str, int] = field(default_factory=dict)
    """The articles that were linked in this visit by URL, and which revision of their verdict was handed on."""
    last_error: str = ""
    failures_in_row: int = 0
    retry_at: datetime | None = None
    """When the first of the pages that could not be had is tried again."""
    rest_until: datetime | None = None
    """The server asked not to be asked before."""

    _reading: dict[str, asyncio.Lock] = field(default_factory=dict)
    _proven: list[str] = field(default_factory=list)
    _refuted: list[str] = field(default_factory=list)
    _new_by_method: Counter[str] = field(default_factory=Counter)
    _dated: Counter[bool] = field(default_factory=Counter)
    _answered: set[str] = field(default_factory=set)
    _failed: set[str] = field(default_factory=set)
    _refusal: str = ""
    front_wall: str = ""
    """What the front page is instead of one: "consent wall", "paywall"…"""
    front_answer: KeptAnswer | None = None
    """The answer to the front page, from which the site was recognised; read as a list, too, if it is wanted as one."""
    _answers: int = 0
    _waited: float = 0.0

    @classmethod
    def begin(
        cls,
        site: Site,
        state: SiteState | None,
        now: datetime,
        *,
        full: bool,
        since: datetime | None,
        learned: Mapping[str, Any] | None = None,
    ) -> SiteVisit:
        """Opens a visit from what the store remembers. A full reading that was broken off is taken up again."""
        state = replace(state or SiteState(site.name, site.url), url=site.url, role=site.role, aliases=site.aliases)
        profile = dict(state.profile)
        ours = dict(profile.pop(OURS, None) or {})
        started = now
        if full or since:
            if "full" not in ours:
                profile = {}  # recognised anew: what the methods remember would keep them from reading it all
            started = datetime.fromisoformat(ours.setdefault("full", now.isoformat()))
        else:
            ours.pop("full", None)
        visit = cls(site, state, started, full or since is not None, since, profile=profile, ours=ours)
        visit.dates = Dates.read(ours.get("dates"))
        visit.noise = SiteNoise(learned, int(ours.get("visits", 0)))
        return visit

    # -- for discovery -------------------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """The site's name."""
        return self.site.name

    @property
    def front(self) -> str:
        """The front page's URL, as the site itself has it."""
        return str(self.profile.get("front") or self.site.url)

    @property
    def names(self) -> tuple[str, ...]:
        """What the site is called: as its front page says first, as it is declared, and by those who credit it."""
        declared = [] if self.site.name == host_name(self.site.url) else [self.site.name]
        said = [str(name) for name in self.profile.get("names") or ()]
        return tuple(dict.fromkeys([*said, *declared, *self.site.aliases]))

    @property
    def first(self) -> bool:
        """Whether no visit to this site was ever finished."""
        return self.state.last_visit is None

    @property
    def render(self) -> bool:
        """Whether this site's pages need a browser: declared, or learnt."""
        return self.site.render or bool(self.ours.get("render"))

    @property
    def idle(self) -> frozenset[str]:
        """Names of the parameters that say nothing in this site's URLs."""
        return frozenset(self.ours.get("idle") or ())

    @property
    def recognised(self) -> bool:
        """Whether it is known where this site shows its articles."""
        return bool(self.profile.get("methods"))

    @property
    def tells_of_edits(self) -> bool:
        """Whether the site's own lists say which pages were edited, so that the ladder need not ask."""
        methods = self.profile.get("methods") or {}
        told = (methods.get(name) or {} for name in ("wordpress", "blogger"))
        return any(cursor.get("ids") and not cursor.get("misses") for cursor in told)

    def ask(self, now: datetime, method: str = "") -> Visit:
        """What a discovery method may know; with its own cursor if named."""
        cursor: Mapping[str, Any] = (self.profile.get("methods") or {}).get(method) or {} if method else {}
        new = self.counts["new"] + len(self.noise.first_pages.held)
        return Visit(
            url=self.front,
            cursor=cursor,
            now=now,
            held=self.held + new - self.counts["gone"],
            first=self.first or self.full,
            number=int(self.ours.get("visits", 0)),
            round=self.round,
            new=new,
            idle=self.idle,
        )

    def reading(self, method: str) -> asyncio.Lock:
        """Lists of one method are read one after another: each needs the cursor that the one before left."""
        return self._reading.setdefault(method, asyncio.Lock())

    def remember_cursor(self, method: str, cursor: Mapping[str, Any]) -> None:
        """Takes up a cursor that has been committed."""
        methods = self.profile.setdefault("methods", {})
        methods[method] = dict(cursor)

    # -- what was found and read ---------------------------------------------------------------------------------

    def answered(self, method: str, ok: bool, why: str = "") -> None:
        """A list of this method was answered, or failed; `why` counts only if no list at all was answered."""
        (self._answered if ok else self._failed).add(method)
        if not ok:
            self._refusal = why or self._refusal

    def proved(self, url: str, is_article: bool) -> None:
        """A page was read and was, or was not, an article: discovery learns from samples of both."""
        self.trail.proved(url, is_article)
        samples = self._proven if is_article else self._refuted
        if len(samples) < _SAMPLES:
            samples.append(url)

    def found_new(self, method: str, published: datetime | None = None) -> None:
        """An article is new here, and this method showed it."""
        self.counts["new"] += 1
        self._new_by_method[method] += 1
        if published is not None:
            self._dated[rhythm.is_recent(published, self.started)] += 1

    def told(self, url: str, verdicts: tuple[Verdict, ...]) -> None:
        """An article has its verdict."""
        self.linked[url] = verdicts[0].revision if verdicts else 0
        self.verdicts.update(verdict.status for verdict in verdicts[:1])

    def failed(self, why: str) -> None:
        """Something of this site could not be had; the visit goes on."""
        self.counts["errors"] += 1
        self.last_error = why

    def lesson(self) -> Lesson:
        """What came of the visit, for discovery."""
        failed = tuple(sorted(self._failed - self._answered))
        return Lesson(tuple(self._proven), tuple(self._refuted), dict(self._new_by_method), failed)

    # -- the end -------------------------------------------------------------------------------------------------

    @property
    def is_failure(self) -> bool:
        """Nothing of this site could be had, or nothing of what was had could be stored."""
        nothing_kept = self.counts["unlinked"] and not self.counts["new"] + self.counts["changed"]
        return bool(nothing_kept or (self.why_failed and not self._answered and not self.unfinished))

    @property
    def why_failed(self) -> str:
        """What went wrong last; a list that was refused is worth telling only if none was answered."""
        return self.stopped or self.last_error or ("" if self._answered else self._refusal)

    def answered_after(self, seconds: float) -> None:
        """An answer of this site took so long."""
        self._answers += 1
        self._waited += seconds

    @property
    def remark(self) -> str:
        """What a person should know of a visit that went well."""
        told = [self._nothing_found]
        if self._waited > _SLOW * self._answers:
            told.append(f"slow: its answers took {self._waited / self._answers:.1f} s on average")
        if self.counts["barren"]:
            told.append(f"lists that led to no more articles were not followed further: {self.counts['barren']}")
        return "; ".join(filter(None, told))

    @property
    def _nothing_found(self) -> str:
        if self.stopped or self.since or self.held or self.counts["new"] or self.counts["unchanged"]:
            return ""
        if self.front_wall:
            return f"no articles were found: its front page is a {self.front_wall}"
        if read := sum(self.skips.values()):
            return f"no articles were found: of {read} pages that were read none is one"
        methods = self.profile.get("methods") or {}
        shown = [name for name, key in (("feed", "urls"), ("sitemap", "roots")) if (methods.get(name) or {}).get(key)]
        if shown:
            return f"no articles were found: its {' and its '.join(shown)} and its front page show none"
        return "no articles were found: no feed, no sitemap, and its front page shows no list of them"

    def end(self, now: datetime) -> SiteState:
        """What is saved of the visit. A broken-off visit leaves `last_visit` as it was, so the next one goes on."""
        whole = not self.stopped and not self.is_failure
        if whole:
            self.ours.pop("full", None)
            self.ours["visits"] = int(self.ours.get("visits", 0)) + 1
        self.ours["dates"] = self.dates.told()
        self.ours["failures"] = 0 if not self.is_failure else int(self.ours.get("failures", 0)) + 1
        poll = self._next_poll(now, whole=whole)
        return replace(
            self.state,
            profile={**self.profile, OURS: self.ours},
            first_visit=self.state.first_visit or self.started,
            last_visit=now if whole else self.state.last_visit,
            next_due=now if self.unfinished else self._next_due(now, poll),
            poll_seconds=int(poll.total_seconds()),
            new=self.counts["new"],
            changed=self.counts["changed"],
            gone=self.counts["gone"],
            errors=self.counts["errors"],
            requests=self.counts["requests"],
            last_error=self.why_failed or self.remark,
        )

    def interim(self, method: str = "", cursor: Mapping[str, Any] | None = None) -> SiteState:
        """What is saved while the visit goes on: the profile, with a method's new cursor.

        Only what is committed is remembered: a cursor that another commit carried along before the links that it
        stands for would hide them after a crash.
        """
        profile = {**self.profile, OURS: dict(self.ours)}
        if cursor is not None:
            profile["methods"] = {**(self.profile.get("methods") or {}), method: dict(cursor)}
        return replace(self.state, profile=profile, first_visit=self.state.first_visit or self.started)

    def _next_poll(self, now: datetime, *, whole: bool) -> timedelta:
        """As the site's rhythm has it; later and later where nothing answers."""
        if self.is_failure:
            before = timedelta(seconds=self.state.poll_seconds) or Rhythm().poll
            return min(before * 2, rhythm.MOST)
        known = Rhythm.of(self.ours.get("rhythm"))
        last = self.state.last_visit
        if whole and last is None:
            known = known.told(self._dated.total(), self._dated[True])
        elif whole and last is not None and not self.full:  # what a full reading digs up is no news
            known = known.after(self.counts["new"] + self.counts["changed"], now - last)
        self.ours["rhythm"] = known.stored()
        return known.poll

    def _next_due(self, now: datetime, poll: timedelta) -> datetime:
        """The next poll; sooner for pages that wait to be tried again, never before the server wants to be asked."""
        due = now + poll
        if self.retry_at is not None and not self.is_failure:
            due = min(due, max(self.retry_at, now + rhythm.LEAST))
        return max(due, self.rest_until or due)
