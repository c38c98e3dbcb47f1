"""Who had it first: how often the verdict names the true original, over worlds that are linked as a crawl would.

    python -m tests.benchmarks.direction_quality [--seeds 501 502] [-v] [--labels DIR]

Worlds (worlds.py, fixed seeds) of our own fiction and of the reported half of the real texts go in random order
through the store and the linker, once with the roles of all sites declared and once with none. Counted are the pages
that a verified passage links to their source: right is a repost whose `original_url` is the true original (each of
them for a round-up), a sibling that is called one. `unknown` is wrong. `<stratum>_direction` is with nothing declared,
`<stratum>_direction_roles` with roles; `direction` and `direction_roles` are over all strata. `<mark>_direction`
regroups the same copies by what their times and credits say: credited, uncredited, day_only, undated, back_dated,
back_dated_traced. `farm<copies>_direction` is of texts that so many sites copy and nobody credits, a tenth of them
back-dated without a trace; it counts for nothing else. `--labels` measures nothing: it writes the pages of worlds of
the tuning half and their origins, as files for `scrapy load` and `scrapy fit`.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from crawler.attribution.arrivals import Arrival
from crawler.attribution.linker import Linker
from crawler.items import Verdict
from crawler.storage import open_store
from crawler.storage.base import Store
from tests.benchmarks.worlds import Print, World, arrivals, make, make_farm
from tests.dedup import generate

SEEDS = (501, 502)
"""Of the reported worlds; tune on others."""
TEXTS = 150
FARMS = {60: 6, 200: 3}
"""Copies of a farm -> how many such farms."""
TUNING_HALF, REPORTED_HALF = 0, 1
BATCH = 100
NOW = datetime(2026, 6, 1, tzinfo=UTC)
Lines = dict[str, tuple[Verdict, ...]]


def texts_for(seed: int, half: int = REPORTED_HALF) -> list[str]:
    """A third of real texts where there are any, the rest fiction that no other seed has."""
    real = generate.corpus_texts(half)[seed % 3 :: 3][: TEXTS // 3]
    fiction = [generate.fiction(seed * 1000 + at, 150 + 5 * at) for at in range(TEXTS - len(real))]
    return [*real, *fiction]


def linked(world: World, seed: int, *, roles: bool, store: Store) -> Lines:
    """The verdict lines of every page, by URL."""
    linker = Linker(store, publishers=world.declared() if roles else (), now=lambda: NOW)
    waiting = list(arrivals(world, seed))
    for start in range(0, len(waiting), BATCH):
        linker.link([Arrival(one) for one in waiting[start : start + BATCH]])
    linker.drain()
    lines: Lines = defaultdict(tuple)
    for line in store.verdicts.select(everything=True):
        lines[line.url] = (*lines[line.url], line)
    return lines


def pairs_held(store: Store, urls: Iterable[str]) -> set[frozenset[str]]:
    """Which pages share verified passages."""
    ids = store.articles.ids(urls)
    names = {number: url for url, number in ids.items()}
    return {
        frozenset((names[match.left], names[match.right]))
        for found in store.links.matches_of(ids.values()).values()
        for match in found
    }


def farm_figures(seeds: Sequence[int], half: int = REPORTED_HALF) -> dict[str, float]:
    """`farm<copies>_direction`: of texts that so many sites have copied and nobody credits."""
    score = Score()
    for copies, farms in FARMS.items():
        for number in range(farms):
            seed = seeds[number % len(seeds)] * 100 + number
            text = texts_for(seeds[0], half)[-1 - number]
            world = make_farm(text, copies, seed)
            with tempfile.TemporaryDirectory(prefix="firstprint-farm-") as folder:
                store = open_store(f"sqlite:///{Path(folder)}/store.db")
                try:
                    lines = linked(world, seed, roles=False, store=store)
                finally:
                    store.close()
            for page in world.prints[1:]:
                right = names_root(lines[page.article.url], page.roots[0])
                score.counts[f"{page.stratum}_"][right] += 1
    return score.figures("")


class Score:
    """Hits and misses by name."""

    def __init__(self) -> None:
        self.counts: dict[str, Counter[bool]] = defaultdict(Counter)

    def note(self, page: Print, right: bool) -> None:
        for name in ("", f"{page.stratum}_", *(f"{mark}_" for mark in page.marks if page.stratum != "sibling")):
            self.counts[name][right] += 1

    def figures(self, end: str) -> dict[str, float]:
        return {f"{name}direction{end}": round(c[True] / c.total(), 4) for name, c in sorted(self.counts.items())}


def judge(world: World, lines: Lines, pairs: set[frozenset[str]], score: Score, *, tell: bool = False) -> None:
    """Counts every page that is linked to its source."""
    texts: dict[str, list[str]] = defaultdict(list)
    for page in world.prints:
        texts[page.text].append(page.article.url)
    siblings = [page.article.url for page in world.prints if page.stratum == "sibling"]
    for page in world.prints:
        url = page.article.url
        if page.stratum == "sibling":
            if any(frozenset((url, other)) in pairs for other in siblings):
                _note(page, all(one.status == "sibling" for one in lines[url]), score, lines, tell)
            continue
        for root in page.roots:
            held = frozenset((url, root)) in pairs or (page.via and frozenset((url, page.via)) in pairs)
            if held:
                _note(page, names_root(lines[url], root), score, lines, tell)


def names_root(lines: Sequence[Verdict], root: str) -> bool:
    return any(one.status == "repost" and one.original_url == root for one in lines)


def _note(page: Print, right: bool, score: Score, lines: Lines, tell: bool) -> None:
    score.note(page, right)
    if tell and not right:
        said = [(one.status, one.original_url, one.publisher) for one in lines[page.article.url]]
        print(page.stratum, sorted(page.marks), page.article.url, "roots", page.roots, "via", page.via, "said", said)


def write_labels(seeds: Sequence[int], folder: Path) -> None:
    """pages.jsonl and labelled.jsonl of worlds of the tuning half; each world has hosts of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "pages.jsonl").open("w") as pages, (folder / "labelled.jsonl").open("w") as labelled:
        for seed in seeds:
            for page in make(texts_for(seed, TUNING_HALF), seed).prints:
                pages.write(_line(page.article.to_dict(), seed))
                for root in page.roots or ((None,) if page.stratum != "sibling" else ()):
                    labelled.write(_line({"url": page.article.url, "original_url": root}, seed))


def _line(record: dict[str, object], seed: int) -> str:
    return json.dumps(record).replace(".example", f"-{seed}.example") + "\n"


def measure(seeds: Sequence[int] = SEEDS, *, tell: bool = False) -> dict[str, float]:
    """Directions with and without roles, and how many pages were counted."""
    plain, declared, linkable = Score(), Score(), Counter[bool]()
    for seed in seeds:
        world = make(texts_for(seed), seed)
        for roles, score in ((False, plain), (True, declared)):
            with tempfile.TemporaryDirectory(prefix="firstprint-world-") as folder:
                store = open_store(f"sqlite:///{Path(folder)}/store.db")
                try:
                    lines = linked(world, seed, roles=roles, store=store)
                    pairs = pairs_held(store, [page.article.url for page in world.prints])
                    judge(world, lines, pairs, score, tell=tell and not roles)
                finally:
                    store.close()
        originals = [page for page in world.prints if page.stratum == "original"]
        for page in originals:
            linkable[any(one.status == "repost" for one in lines[page.article.url])] += 1
    return {
        **plain.figures(""),
        **farm_figures(seeds),
        **declared.figures("_roles"),
        "originals_accused_roles": round(linkable[True] / linkable.total(), 4),
        "direction_pages": float(plain.counts[""].total()),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=list(SEEDS))
    parser.add_argument("-v", action="store_true", help="name every page with nothing declared that is not right")
    parser.add_argument("--labels", type=Path, metavar="DIR", help="write files for load and fit instead")
    options = parser.parse_args()
    if options.labels:
        write_labels(options.seeds, options.labels)
    else:
        print(json.dumps(measure(options.seeds, tell=options.v), indent=2))
