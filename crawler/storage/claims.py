# ruff: noqa: D102  what a signature says needs no sentence beside it
"""What every store can do with what speaks against stated times: a part of the contract in `base`, which names it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol, TypeAlias


class Families(Protocol):
    """What the other pages with a text hold against an article's stated time."""

    def too_early(self, article_ids: Iterable[int]) -> Mapping[int, tuple[int, int, int, int]]:
        """Article -> (level, others, gap, within), where there is any."""

    def set_too_early(self, article_id: int, told: tuple[int, int, int, int] | None) -> None:
        """None takes it away."""

    def waiting(self, after: int, limit: int) -> list[int]:
        """Articles in `undecided` with nothing to be looked up that have several matches or share text with one that
        has, above a number, lowest first."""

    def mark(self, article_ids: Iterable[int]) -> None:
        """Families that have outgrown what is asked at once; they wait for the queue to be drained."""

    def marked(self) -> list[int]: ...

    def unmark(self) -> None:
        """Takes all marks away."""

    def forget(self) -> None:
        """Drops all of it, to be asked anew."""


NumberRow: TypeAlias = tuple[str, str, int, int, int]
"""Site, slot, number, stated time in microseconds since 1970, article."""


class Numbers(Protocol):
    """Numbers of posts by site, and the pages whose number contradicts their stated time."""

    def put(self, rows: Iterable[NumberRow]) -> None:
        """Adds rows, and marks their sites."""

    def drop(self, rows: Iterable[NumberRow]) -> None:
        """Takes rows away, and marks their sites."""

    def forget(self) -> None: ...

    def unreviewed(self) -> list[str]:
        """The sites so marked."""

    def reviewed(self, site: str) -> None:
        """Takes the mark away."""

    def slots(self, site: str) -> list[str]: ...

    def read(self, site: str, slot: str, after: tuple[int, int, int], limit: int) -> list[tuple[int, int, int]]:
        """(number, stated, article) of a slot behind a row, in this order."""

    def misplaced(self, article_ids: Iterable[int]) -> Mapping[int, tuple[int, str, str]]:
        """Article -> (number, since, until), where it is out of place."""

    def misplaced_at(self, site: str) -> Mapping[int, tuple[int, str, str]]:
        """The same, of all articles of a site."""

    def set_misplaced(self, site: str, told: Mapping[int, tuple[int, str, str]]) -> None:
        """Replaces what is told of a site's articles."""
