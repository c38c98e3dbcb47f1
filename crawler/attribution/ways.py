"""The ways from an article up to its roots.

Where evidence runs in a circle, the earliest page of the circle is taken for its source: one rule, whatever was looked
at first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from crawler.attribution.pairs import Page, Shared
from crawler.attribution.pointers import Choice

_MAX_PATHS = 24


@dataclass(frozen=True, slots=True)
class Above:
    """What is above an article: pages by number, their choices, and what the article shares with each of them."""

    page: Callable[[int], Page]
    choice: Callable[[int], Choice]
    shared: Callable[[int, int], Shared | None]
    """(article, other) -> their verified passages, seen from the article."""


class Family:
    """The pages above one article, with every circle cut at its earliest page."""

    def __init__(self, article: int, above: Above) -> None:
        self.above = above
        self._edges: dict[int, tuple[int, ...]] = {}
        waiting = [article]
        while waiting:
            one = waiting.pop()
            if one not in self._edges:
                self._edges[one] = tuple(pointer.parent for pointer in above.choice(one).sources)
                waiting.extend(self._edges[one])
        if sum(map(bool, self._edges.values())) > 1:  # of most articles all parents are roots
            for circle in _circles(self._edges):
                self._cut(circle)

    def _cut(self, circle: frozenset[int]) -> None:
        """The first page of a circle points out of it only, and the others of the circle at the first."""
        free = [one for one in circle if self.above.choice(one).ruling is None] or list(circle)
        first = min(free, key=lambda one: self.above.page(one).order)
        for one in circle:
            outside = [parent for parent in self._edges[one] if parent not in circle]
            self._edges[one] = tuple(outside if one == first else [first, *outside])

    def parents(self, article: int) -> tuple[int, ...]:
        """One step up."""
        return self._edges[article]

    def paths(self, article: int) -> Iterator[tuple[int, ...]]:
        """Every way from an article's parents up to a root, the parent first; bounded. From a round-up it goes on only
        to sources that have words of the article: who took what is the round-up's own goes no further."""
        ways: list[tuple[int, ...]] = [(parent,) for parent in reversed(self._edges[article])]
        told = 0
        while ways and told < _MAX_PATHS:
            way = ways.pop()
            further = self._edges[way[-1]]
            if len(further) > 1:
                further = tuple(one for one in further if self.above.shared(article, one) is not None)
            if not further:
                told += 1
                yield way
            ways.extend((*way, parent) for parent in reversed(further))


def _circles(edges: dict[int, tuple[int, ...]]) -> list[frozenset[int]]:
    """The strongly connected parts of more than one page (Tarjan 1972, without recursion)."""
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    on_stack: set[int] = set()
    found: list[frozenset[int]] = []
    for start in edges:
        if start in index:
            continue
        work: list[tuple[int, Iterator[int]]] = [(start, iter(edges[start]))]
        index[start] = low[start] = len(index)
        stack.append(start)
        on_stack.add(start)
        while work:
            node, rest = work[-1]
            child = next(rest, None)
            if child is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    part = set()
                    while True:
                        one = stack.pop()
                        on_stack.discard(one)
                        part.add(one)
                        if one == node:
                            break
                    if len(part) > 1:
                        found.append(frozenset(part))
            elif child not in index:
                index[child] = low[child] = len(index)
                stack.append(child)
                on_stack.add(child)
                work.append((child, iter(edges[child])))
            elif child in on_stack:
                low[node] = min(low[node], index[child])
    return found
