"""The linker, for commands that write."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from crawler.commands.base import StoreCommand
from crawler.commands.progress import Advance, progress_bar
from crawler.sites import ROLES, Role, Site
from crawler.storage.base import Store

if TYPE_CHECKING:
    from crawler.attribution.linker import Linker, Progress


def make_linker(command: StoreCommand, store: Store, *, drain: bool = True) -> Linker:
    """The linker, after it has decided what an interrupted run left undecided."""
    from crawler.attribution.linker import Linker

    linker = Linker(store, publishers=known_sites(store, command.declared_sites()), now=command.clock)
    if drain and store.verdicts.undecided_count():
        with progress_bar("deciding what was left") as advance:
            linker.drain(progress=remaining(advance))
    return linker


def known_sites(store: Store, declared: Iterable[Site]) -> list[Site]:
    """What is declared of sites: in SITES_FILE, else as it stood at a site's last visit."""
    sites = {site.name: site for site in declared}
    for state in store.sites.all():
        role: Role = next((role for role in ROLES if role == state.role), "unknown")
        sites.setdefault(state.name, Site(name=state.name, url=state.url, role=role, aliases=state.aliases))
    return list(sites.values())


def remaining(advance: Advance) -> Progress:
    """Progress as the linker tells it, in done and still to do, for a bar that wants done and all."""
    return lambda done, left: advance(done, done + left)
