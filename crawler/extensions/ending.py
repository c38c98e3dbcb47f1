"""How a run ends: what became of its articles in the end, and the exit code that stands for it all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from crawler.items import Status
from crawler.spiders.exits import DONE, FAILED
from crawler.spiders.visit import SiteVisit
from crawler.storage.base import Store

_AT_ONCE = 500


def exit_code_of(visits: Sequence[SiteVisit], limit: float) -> int:
    """FAILED if all sites failed, or a larger share of them than `limit` lets pass."""
    failed = sum(visit.is_failure for visit in visits)
    return FAILED if failed and (failed == len(visits) or failed > limit * len(visits)) else DONE


class Standing(NamedTuple):
    """What an article is by its first verdict line, and which revision says so."""

    status: Status
    revision: int


def standing_of(urls: Sequence[str], store: Store) -> dict[str, Standing]:
    """What is said of articles now."""
    found: dict[str, Standing] = {}
    for start in range(0, len(urls), _AT_ONCE):
        ids = store.articles.ids(urls[start : start + _AT_ONCE])
        lines = store.verdicts.many(ids.values()).values()
        found |= {first.url: Standing(first.status, first.revision) for first, *_ in lines}
    return found
