"""What a visit learns of its site's parameters: judged when pages repeat one another, tried on one page, then believed.

Believed is only what was tried: there are sites that answer nothing without the number of a session, though it says
nothing. See docs/decisions/0128.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import replace

from crawler.discovery.base import Link
from crawler.discovery.parameters import cursor_without, without
from crawler.discovery.turnover import MAX_RECENT
from crawler.spiders.desk import Desk
from crawler.spiders.idle_parameters import idle_parameters
from crawler.spiders.lists import POLL
from crawler.spiders.visit import OURS, SiteVisit
from crawler.storage.base import Store

logger = logging.getLogger(__name__)

_JUDGED_AT = frozenset({3, 10, 30, 100})
"""Pages of a visit that repeated another one by when the site is judged (anew)."""
_JUDGED = 5000
"""Pages by which it is judged."""
_TRIALS = 3
"""Pages that are asked for without the parameters, one at a time, before that is given up."""


class IdleLessons:
    """Learns from the pages that repeat another one."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def echoed(self, visit: SiteVisit, url: str, of: str) -> None:
        """The page at `url` said what the one at `of` says."""
        tried, names = visit.on_trial
        if url == tried:
            await self._believe(visit, names)
        elif len(visit.echoes) < max(_JUDGED_AT):
            visit.echoes[url] = of
            if len(visit.echoes) in _JUDGED_AT:
                await self._judge(visit)

    async def _judge(self, visit: SiteVisit) -> None:
        said = dict(await self._desk.do(lambda store: store.pages.addresses(visit.name, _JUDGED)))
        said |= {url: said[of] for url, of in visit.echoes.items() if of in said}
        names: frozenset[str] = await self._desk.read(idle_parameters, list(said.items()), visit.idle)
        if names <= visit.idle:
            return
        bare = {url: short for url in sorted(said) if (short := without(url, names)) != url}
        if any(said.get(short) == said[url] for url, short in bare.items()):
            await self._believe(visit, names)
        else:
            await self._try(visit, names, sorted(set(bare.values()))[:_TRIALS])

    async def _try(self, visit: SiteVisit, names: frozenset[str], places: Sequence[str]) -> None:
        """Asks for one page without these parameters, unless some were asked for in vain."""
        known = await self._desk.do(lambda store: [store.pages.get(place) for place in places])
        new = [place for place, page in zip(places, known, strict=True) if page is None]
        if not new:
            return
        visit.on_trial = (new[0], names)
        link, now = Link(new[0], method="listing"), self._desk.now()
        await self._desk.do(lambda store: store.pages.add(visit.name, [link], now=now, priority=POLL))
        self._desk.more(visit)

    async def _believe(self, visit: SiteVisit, names: frozenset[str]) -> None:
        """From now on the site's pages are known by their addresses without these parameters. Lists are not read
        meanwhile: what their methods remember is told anew, in the same commit."""
        visit.on_trial = ("", frozenset())
        now = self._desk.now()
        async with AsyncExitStack() as stack:
            for method in sorted(visit.profile.get("methods") or ()):
                await stack.enter_async_context(visit.reading(method))
            if names <= visit.idle:
                return
            held = await self._desk.do(lambda store: store.pages.held_urls(visit.name, MAX_RECENT))
            methods = {
                method: cursor_without(cursor, names, held)
                for method, cursor in (visit.profile.get("methods") or {}).items()
            }
            ours = {**visit.ours, "idle": sorted(names)}
            state = replace(visit.interim(), profile={**visit.profile, "methods": methods, OURS: ours})

            def commit(store: Store) -> None:
                store.pages.drop_parameters(visit.name, names, now=now)
                store.sites.save(state)

            await self._desk.do(commit)
            visit.profile["methods"], visit.ours["idle"] = methods, ours["idle"]
        logger.info("%s: these parameters of its addresses say nothing: %s", visit.name, ", ".join(ours["idle"]))
