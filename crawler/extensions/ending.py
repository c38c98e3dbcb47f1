"""How a run ends: what became of its articles in the end, and the exit code that stands for it all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from crawler.spiders.visit import SiteVisit
from crawler.storage.base import Store

DONE, FAILED = 0, 3
"""Exit codes of a run that began; opening.py has those of one that did not."""
_AT_ONCE = 500


def exit_code_of(visits: Sequence[SiteVisit], limit: float) -> int:
    """FAILED if all sites failed, or a larger share of them than `limit` lets pass."""
    failed = sum(visit.is_failure for visit in visits)
    return FAILED if failed and (failed == len(visits) or failed > limit * len(visits)) else DONE


def statuses_of(urls: Sequence[str], store: Store) -> Counter[str]:
    """Articles by the status of their first verdict line, as it stands now."""
    counted: Counter[str] = Counter()
    for start in range(0, len(urls), _AT_ONCE):
        ids = store.articles.ids(urls[start : start + _AT_ONCE])
        counted.update(lines[0].status for lines in store.verdicts.many(ids.values()).values())
    return counted
