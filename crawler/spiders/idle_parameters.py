"""Which parameters of a site's URLs say nothing, by what its pages say. Pure: no order matters.

A set of names says nothing where pages of one text come together without them, and pages of two texts do not.
See docs/decisions/0128.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from itertools import pairwise

from crawler.discovery.parameters import without

MOST, LONGEST = 20, 100
"""Names that are believed of one site, and characters of one: what strangers may have us remember."""
_MERGES = 3
"""Addresses at which pages of one text have to come together."""
_MISTAKES = 0.05
"""The share of addresses at which pages of two texts may: one of them was edited since it was read, say."""
_TRIED = 30
"""Sets of names that are tried, the most frequent first."""

Pages = Collection[tuple[str, str]]


def idle_parameters(pages: Iterable[tuple[str, str]], known: Collection[str] = ()) -> frozenset[str]:
    """The names that say nothing, those `known` among them; each page is its normalised URL and its text (a hash).

    Each name by itself is tried first, then names that differed together: where two of them are new in each answer, no
    page comes together with another one without one of them.
    """
    idle = frozenset(known)
    said = sorted({(without(url, idle), text) for url, text in pages})
    for names in _candidates(said):
        if len(idle | names) <= MOST and _says_nothing(said, idle | names):
            idle |= names
    return idle


def _candidates(pages: Pages) -> list[frozenset[str]]:
    together = Counter(_differences(pages))
    singles: Counter[frozenset[str]] = Counter()
    for names, times in together.items():
        singles.update({frozenset({name}): times for name in names})
    sets = {names: times for names, times in together.items() if len(names) > 1}
    return [*_frequent(singles), *sorted(_frequent(sets), key=len)]


def _frequent(counts: Counter[frozenset[str]] | dict[frozenset[str], int]) -> list[frozenset[str]]:
    return sorted(counts, key=lambda names: (-counts[names], sorted(names)))[:_TRIED]


def _differences(pages: Pages) -> Iterator[frozenset[str]]:
    """The names whose values differ between two pages of one path and one text."""
    alike: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for url, text in pages:
        if "#" not in url:
            path, _, query = url.partition("?")
            alike[path, text].append(query)
    for queries in alike.values():
        for one, other in pairwise(queries):
            differ = {each.partition("=")[0] for each in set(one.split("&")) ^ set(other.split("&")) if each}
            if differ and all(0 < len(name) <= LONGEST for name in differ):
                yield frozenset(differ)


def _says_nothing(pages: Pages, names: Collection[str]) -> bool:
    texts: defaultdict[str, set[str]] = defaultdict(set)
    urls: Counter[str] = Counter()
    for url, text in pages:
        bare = without(url, names)
        urls[bare] += 1
        texts[bare].add(text)
    merged = [len(texts[bare]) for bare, times in urls.items() if times > 1]
    mistakes = sum(number > 1 for number in merged)
    return len(merged) - mistakes >= _MERGES and mistakes <= _MISTAKES * len(merged)
