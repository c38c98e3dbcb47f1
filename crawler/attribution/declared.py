"""What is declared of sites, from wherever it was said: crawl, load and relink must go by the same."""

from __future__ import annotations

from collections.abc import Iterable

from crawler.sites import ROLES, Role, Site
from crawler.storage.base import Store


def known_sites(store: Store, declared: Iterable[Site]) -> list[Site]:
    """The declared sites, and those that are remembered with what was declared of them at their last visit."""
    sites = {site.name: site for site in declared}
    for state in store.sites.all():
        role: Role = next((role for role in ROLES if role == state.role), "unknown")
        sites.setdefault(state.name, Site(name=state.name, url=state.url, role=role, aliases=state.aliases))
    return list(sites.values())
