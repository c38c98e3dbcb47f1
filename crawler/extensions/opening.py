"""How a run begins: what was asked for, the store, and the sites that are ours for as long as it lasts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from scrapy.settings import Settings

from crawler.attribution.declared import adopt_names, under_known_names
from crawler.clock import parse_clock
from crawler.extensions.say import say
from crawler.extensions.writer import Writer
from crawler.spiders.exits import ALL_HELD
from crawler.spiders.lists import BACKFILL
from crawler.spiders.mirror import MirrorSpider
from crawler.spiders.visit import SiteVisit
from crawler.storage.base import SiteHeld, SiteState, Store


class NotStarted(Exception):  # noqa: N818  says what happened
    """The run cannot begin; the message is one sentence for the person who started it."""

    def __init__(self, code: int, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True, slots=True)
class Opened:
    """The visits that begin now, and the sites that another run holds."""

    visits: list[SiteVisit]
    held_elsewhere: list[str]


async def open_visits(spider: MirrorSpider, writer: Writer, settings: Settings) -> Opened:
    """Checks what was asked for, opens the store, holds the sites, and gives dead runs' leases back.

    Raises NotStarted; ValueError and StoreError with one sentence.
    """
    asked, sites_asked = spider.asked, spider.sites()
    full, since, due = asked.is_full(), asked.since_when(), asked.is_due()
    now = parse_clock(settings.get("CLOCK") or "")()
    await writer.open()
    sites = await writer.alone(lambda store: under_known_names(store, sites_asked))
    renamed = await writer.alone(lambda store: adopt_names(store, sites))
    for old, new in renamed:
        say(f"{old} is called {new} now")
    names = [site.name for site in sites]
    states = await writer.do(lambda store: {name: store.sites.get(name) for name in names})
    learned = await writer.do(lambda store: {name: store.sites.noise(name) for name in names})
    if due:
        names = [name for name in names if _is_due(states[name], now)]
    held, elsewhere = await writer.alone(lambda store: _hold(store, names))
    if names and not held:
        raise NotStarted(ALL_HELD, f"held by another run: {', '.join(elsewhere)}; nothing is left to do here")
    counts = await writer.do(lambda store: _take_over(store, held, revive=full, now=now))
    visits = []
    for site in sites:
        if site.name in counts:
            known = learned[site.name]
            visit = SiteVisit.begin(site, states[site.name], now, full=full, since=since, learned=known)
            visit.held = counts[site.name]
            visits.append(visit)
    return Opened(visits, elsewhere)


def _hold(store: Store, names: Sequence[str]) -> tuple[list[str], list[str]]:
    held, elsewhere = [], []
    for name in names:
        try:
            store.hold(name)
        except SiteHeld:
            elsewhere.append(name)
        else:
            held.append(name)
    return held, elsewhere


def _take_over(store: Store, names: Sequence[str], *, revive: bool, now: datetime) -> dict[str, int]:
    """Whoever had leases on a site that we hold is dead. Returns how many articles each site holds."""
    store.pages.release(names)
    for name in names:
        store.pages.hasten(name, now=now)
        if revive:
            store.pages.revive(name, now=now, priority=BACKFILL)
    return {name: store.pages.counts(name).get("held", 0) for name in names}


def _is_due(state: SiteState | None, now: datetime) -> bool:
    return state is None or state.next_due is None or state.next_due <= now
