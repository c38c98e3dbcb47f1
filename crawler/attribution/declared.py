"""What is declared of sites, from wherever it was said: crawl, load and relink must go by the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from crawler.discovery.urls import site_key
from crawler.sites import ROLES, Role, Site, site_of_url
from crawler.storage.base import SiteHeld, SiteState, Store


def known_sites(store: Store, declared: Iterable[Site]) -> list[Site]:
    """The declared sites, and those that are remembered with what was declared of them at their last visit."""
    sites = {site.name: site for site in declared}
    for state in store.sites.all():
        sites.setdefault(state.name, Site(state.name, state.url, _role(state), state.aliases))
    return list(sites.values())


def under_known_names(store: Store, sites: Iterable[Site]) -> list[Site]:
    """The sites, those that are only an address as what they were when they were declared."""
    states = {site_key(state.url): state for state in store.sites.all()}
    return [_remembered(site, states) for site in sites]


def _remembered(site: Site, states: Mapping[str, SiteState]) -> Site:
    state = states.get(site_key(site.url))
    if state is None or site.name != site_of_url(site.url).name:
        return site
    return replace(site, name=state.name, role=_role(state), aliases=state.aliases)


def _role(state: SiteState) -> Role:
    return next((role for role in ROLES if role == state.role), "unknown")


def adopt_names(store: Store, declared: Sequence[Site]) -> list[tuple[str, str]]:
    """A site is its host, its name is a label: what is held under another name of a declared site moves to the one that
    it has now, and all that this concerns is queued. Returns (old, new); a site that another run holds is left alone.
    """
    states = store.sites.all()
    renamed = []
    for site in declared:
        for old in sorted(store.sites.in_use(_other_names(site, states))):
            try:
                store.hold(old)
            except SiteHeld:
                continue
            with store.transaction():
                store.sites.rename(old, site.name)
                _queue(store, old, site.name)
            renamed.append((old, site.name))
    return renamed


def _other_names(site: Site, states: Iterable[SiteState]) -> set[str]:
    """What the site may have been called: in an earlier declaration, or by its host where it has a name."""
    key = site_key(site.url)
    before = {state.name for state in states if site_key(state.url) == key}
    hosts = {key, f"www.{key}"} if site.name != site_of_url(site.url).name else set()
    return (before | hosts) - {site.name}


def _queue(store: Store, old: str, new: str) -> None:
    """Whom a name concerns: the pages of the site, those that share text with them, and those said to be copied from
    it."""
    own = store.links.matched_of_site(new)
    store.links.queue({*store.links.sharing_with(own), *store.verdicts.naming(old)}, "again")
