"""From labels ("this page was taken from that one", "this one from nowhere") to the pairs that teach weights.

A pair teaches if both pages are held, share verified passages, and are of two sites. That a page is no repost says of
each page that shares text with it, and is not said to be an original itself, that the way does not lead there.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from crawler.attribution.choose import Rules, habit_of, stands_beside
from crawler.attribution.fitting import Example
from crawler.attribution.habits import Habits
from crawler.attribution.naming import Naming
from crawler.attribution.pairs import Page, Pair, Shared
from crawler.attribution.pointers import Neighbour
from crawler.attribution.scene import Scene
from crawler.attribution.signals import SIGNALS
from crawler.attribution.weights import weigh
from crawler.sites import Site
from crawler.storage.base import Store

_AT_ONCE = 256
_BARE = dict.fromkeys(SIGNALS, 1.0)
"""Weights by which only strengths count."""


class Label(NamedTuple):
    """A page, and the one it was taken from; None: from nowhere. A round-up has a label for each source."""

    url: str
    original_url: str | None


@dataclass(slots=True)
class Gathered:
    """The pairs that labels give, and how many labels gave none, by the reason."""

    examples: list[Example] = field(default_factory=list)
    passed_over: Counter[str] = field(default_factory=Counter)


def judged_labels(store: Store) -> list[Label]:
    """What editors ruled."""
    return [Label(ruling.url, ruling.original_url) for ruling in store.links.judgements()]


def gather(
    store: Store,
    sites: Iterable[Site],
    labels: Iterable[Label],
    weights: Mapping[str, float],
    progress: Callable[[int, int], None] | None = None,
) -> Gathered:
    """The pairs of pages that labels speak of. `progress` is called with (labels done, all)."""
    scene = Scene(store, Naming(store, sites).publishers, rules := Rules(weights, Habits(store)), {})
    told = _Told(store, list(dict.fromkeys(labels)))
    gathered = Gathered(passed_over=told.passed_over)
    pairs: dict[frozenset[int], tuple[int, int] | None] = {}
    for start in range(0, len(told.held), _AT_ONCE):
        part = told.held[start : start + _AT_ONCE]
        scene.prefetch({number for pair in part for number in pair if number is not None})
        for number, original in part:
            for copy, source in _directed(number, original, scene, told, rules):
                held = pairs.setdefault(frozenset((copy, source)), (copy, source))
                if held != (copy, source):
                    pairs[frozenset((copy, source))] = None
                    gathered.passed_over["contradict each other"] += 1
        if progress is not None:
            progress(min(start + _AT_ONCE, len(told.held)), len(told.held))
    found = [
        _example(scene.page(copy), scene.page(source), scene.shared(copy)[source], rules)
        for copy, source in filter(None, pairs.values())
    ]
    stories = _stories((one.copy, one.source) for one in found)
    gathered.examples += [replace(one, story=stories[one.copy]) for one in found]
    return gathered


class _Told:
    """The labels of pages that are held, by number."""

    def __init__(self, store: Store, labels: Sequence[Label]) -> None:
        self.passed_over: Counter[str] = Counter()
        self.held: list[tuple[int, int | None]] = []
        self.sources: defaultdict[int, set[int | None]] = defaultdict(set)
        ids = store.articles.ids({url for label in labels for url in label if url})
        for label in labels:
            number = ids.get(label.url)
            original = ids.get(label.original_url) if label.original_url else None
            if number is None or (label.original_url and original is None):
                self.passed_over["name a page that is not held"] += 1
                continue
            self.held.append((number, original))
            self.sources[number].add(original)

    def is_original(self, number: int) -> bool:
        return None in self.sources.get(number, ())


def _directed(number: int, original: int | None, scene: Scene, told: _Told, rules: Rules) -> Iterator[tuple[int, int]]:
    """The pairs (copy, source) that one label gives."""
    page, shared = scene.page(number), scene.shared(number)
    if original is not None:
        if original not in shared:
            told.passed_over["name a page with which no text is shared"] += 1
        elif scene.page(original).site == page.site:
            told.passed_over["name a page of the same site"] += 1
        else:
            yield number, original
        return
    for other in shared:
        beside = scene.page(other)
        if (
            beside.site != page.site
            and not told.is_original(other)
            and not stands_beside(page, Neighbour(beside, shared[other]), rules)
        ):
            yield other, number


def _example(copy: Page, source: Page, shared: Shared, rules: Rules) -> Example:
    habit = habit_of(copy, source, rules.habits)
    strengths: defaultdict[str, float] = defaultdict(float)
    for one in weigh(Pair(copy, source, shared, habit), _BARE):
        strengths[one.signal] += one.weight
    return Example(copy.url, source.url, (copy.site, source.site), "", dict(strengths))


def _stories(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Page -> the first, by address, of all pages that hang together with it."""
    first: dict[str, str] = {}

    def root(url: str) -> str:
        while first.setdefault(url, url) != url:
            first[url] = url = first[first[url]]
        return url

    for pair in pairs:
        a, b = map(root, pair)
        first[max(a, b)] = min(a, b)
    return {url: root(url) for url in list(first)}
