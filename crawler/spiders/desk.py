"""What a spider may ask of the run around it. The run's own (`extensions/desk.py`) is one; a test can be another."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Protocol, TypeVar

from crawler.discovery.base import Fetched
from crawler.spiders.visit import SiteVisit
from crawler.storage.base import Page, PageResult, Store

T = TypeVar("T")


class Desk(Protocol):
    """The store's thread, the reading workers, the clock, and the visits of this run."""

    def now(self) -> datetime:
        """The run's time, by the setting CLOCK."""

    def visits(self) -> Iterable[SiteVisit]:
        """The visits that begin now."""

    def visit(self, site: str) -> SiteVisit:
        """The visit to a site by its name."""

    async def do(self, work: Callable[[Store], T]) -> T:
        """Runs `work` on the store's thread, inside a transaction that may hold the work of others too; returns when
        it is durable. `work` may be run twice, so it changes nothing but the store."""

    async def read(self, function: Callable[..., T], *args: Any) -> T:
        """Runs `function` in a worker process, under its deadline. Raises the pool's exceptions."""

    async def robots(self, url: str) -> Fetched | None:
        """The robots.txt that holds for a URL, as it was answered; None if there is none."""

    async def finish(self, visit: SiteVisit, result: PageResult, also: Callable[[Store], object] | None = None) -> None:
        """Ends a lease, with whatever else belongs into the same commit."""

    async def retry(self, visit: SiteVisit, page: Page, reason: str) -> None:
        """Ends a lease without a result: tried again in a later run, or given up."""

    def more(self, visit: SiteVisit) -> None:
        """Rows may have become due at this site."""

    def look(self, visit: SiteVisit) -> None:
        """A page of this site was held back."""

    def ending(self) -> bool:
        """Whether the run is being broken off: what is in flight is finished, and nothing more is asked for."""

    def stop(self, visit: SiteVisit, reason: str) -> None:
        """Fetches nothing more from this site in this run."""

    def troubled(self, visit: SiteVisit, why: str) -> None:
        """A request failed on the way; a site that fails again and again is left alone for this run."""

    def browser_problem(self) -> str:
        """Why there is no browser, with what to install; "" where there is one."""
