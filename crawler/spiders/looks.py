"""What of a site is looked at again in a visit, and out of which budget: the ladder's articles, a daily sample of
those held, and articles for which a list states a new date."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from crawler import discovery
from crawler.discovery.base import Link
from crawler.spiders.desk import Desk
from crawler.spiders.lists import AUDIT, DATED, REVISIT
from crawler.spiders.visit import SiteVisit
from crawler.storage.base import Store

_SAMPLE = 100
"""Once a day one of so many held articles is looked at."""


@dataclass(frozen=True, slots=True)
class _Day:
    """What a site's daily budget still allows, and what was spent of it today."""

    today: str
    spent: int
    budget: int

    @classmethod
    def of(cls, visit: SiteVisit, now: datetime, budget: int) -> _Day:
        today = now.date().isoformat()
        day, spent = visit.ours.get("looks") or (today, 0)
        spent = spent if day == today else 0
        return cls(today, spent, max(budget - spent, 0))


async def look_again(desk: Desk, visit: SiteVisit, budget: int) -> None:
    """Wants the articles whose time on the ladder has come, and once a day one of a hundred, those that were not
    looked at for longest: both out of the site's daily `budget` of requests, of which half is kept for that."""
    now, name = desk.now(), visit.name
    day = _Day.of(visit, now, budget)
    if visit.first or not day.budget:
        return
    last = visit.ours.get("audited") or (visit.state.first_visit or now).date().isoformat()
    is_audit = last != day.today
    sample = max(visit.held // _SAMPLE, 1) if is_audit and visit.held else 0
    kept = min(sample, -(-day.budget // 2))
    archive = _archive_to_audit(visit, now) if is_audit else []
    looks = await desk.do(
        lambda store: (
            store.pages.wake(name, now=now, limit=day.budget - kept, priority=REVISIT),
            store.pages.audit(name, now=now, limit=kept, priority=AUDIT),
            store.pages.add(name, archive, now=now, priority=AUDIT, visit=visit.started),
        )
    )
    visit.ours["looks"] = [day.today, day.spent + sum(looks)]
    if is_audit:
        visit.ours["audited"] = day.today


def _archive_to_audit(visit: SiteVisit, now: datetime) -> list[Link]:
    turn = visit.ours["audits"] = int(visit.ours.get("audits", 0)) + 1
    asked = replace(visit.ask(now), number=2 * turn)
    return discovery.audit(visit.profile, asked, replace(visit.site, render=visit.render))


async def look_at_dated(desk: Desk, visit: SiteVisit) -> bool:
    """Wants some of the articles for which lists state a new date, and all of them once that proved to be true; those
    that are left are due, and paid from the budget of the ladder. Returns whether there are any."""
    now, limit = desk.now(), visit.dates.allowed()
    found = await desk.do(partial(_wake_dated, visit.name, now, limit)) if limit else 0
    visit.dates.tried += found
    if found:
        desk.more(visit)
    return bool(found)


def _wake_dated(site: str, now: datetime, limit: int, store: Store) -> int:
    return store.pages.wake(site, now=now, limit=limit, priority=DATED, aside=DATED)
