"""Paragraphs that a site puts under everything: what its pages share by them is no copy.

What stands in many texts is told by the index; this is for what stands on some pages of one site. Four pages of one
site that have a passage in common and are otherwise different texts have it as their standing one, and it says nothing
about any other page that has it either. Two pages of one site of which neither stands for the most part in the other
are two articles, whatever they share.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from crawler.attribution.pairs import Page, Shared
from crawler.attribution.pointers import Neighbour

LEAST_PAGES = 4
"""Pages of one site, from which a passage that they share is standing."""
_WITHIN = 0.8
"""Share of the passages that must stand there for the rest to be chance."""
HALF = 0.5
"""Share of either text from which a page is a copy, whatever else has it."""

Span = tuple[int, int]


def is_part(shared: Shared) -> bool:
    """Whether either text is for the most part not in the other."""
    return max(shared.copied, shared.coverage) < HALF


def without_standing(page: Page, neighbours: Sequence[Neighbour]) -> Sequence[Neighbour]:
    """The neighbours that share more with a page than standing passages, or than a part with one of its own site."""
    parts = [one for one in neighbours if is_part(one.shared)]
    if not parts:
        return neighbours
    standing = _standing(page, parts)
    out = {one.page.id for one in parts if one.page.site == page.site or _stands(one.shared, standing)}
    return [one for one in neighbours if one.page.id not in out]


def _standing(page: Page, parts: Iterable[Neighbour]) -> list[Span]:
    """Where on the page passages stand that several pages of one site have."""
    by_site: defaultdict[str, list[Span]] = defaultdict(list)
    for one in parts:
        by_site[one.page.site] += [(start, end) for start, end, _, _ in one.shared.passages]
    found: list[Span] = []
    for site, spans in by_site.items():
        found += _deep(spans, LEAST_PAGES - (site == page.site))
    return _merged(sorted(found))


def _deep(spans: Iterable[Span], least: int) -> list[Span]:
    """The stretches that so many of the spans cover."""
    edges = sorted(edge for start, end in spans for edge in ((start, 1), (end, -1)))
    found: list[Span] = []
    depth = since = 0
    for at, step in edges:
        if depth < least <= depth + step:
            since = at
        elif depth >= least > depth + step and at > since:
            found.append((since, at))
        depth += step
    return found


def _stands(shared: Shared, standing: Sequence[Span]) -> bool:
    """Whether nearly all that is shared stands in these."""
    total = covered = 0
    for start, end, _, _ in shared.passages:
        total += end - start
        covered += sum(max(0, min(end, high) - max(start, low)) for low, high in standing)
    return covered >= _WITHIN * total


def _merged(spans: Sequence[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
