"""How many reposts are found, and how many near misses are taken for some, by sketch, index and alignment alone.

    python -m tests.benchmarks.reposts_quality [seeds]

Pages are generated (tests/dedup/generate.py, fixed seeds) from fiction of our own and from the real pages under
FIRSTPRINT_CORPORA, of which the half that nothing was tuned on is reported; where they are absent that is said, and
fiction stands alone. All sources and pages stand in one index, so that a page is linked only as it would be in a crawl.
`<stratum>_recall`: share of pages linked to their source. `<near miss>_linked`: share linked to the text they only
resemble. `unrelated_linked`: share of the pairs of different texts that were linked.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from crawler.dedup import PostingIndex, Prepared, align, prepare, sketch
from tests.dedup import generate
from tests.dedup.generate import COPIES, Pair

FICTION = 120
REPORTED_HALF = 1
RUN, OVERLAP = 8, 30


def texts() -> list[str]:
    real = generate.corpus_texts(REPORTED_HALF)
    if not real:
        print(f"reposts_quality: {generate.corpora()} left out: not there", file=sys.stderr)
    return list(dict.fromkeys([*real, *(generate.fiction(seed, 150 + 6 * seed) for seed in range(FICTION))]))


def linked(sources: Sequence[str], pairs: Iterable[Pair]) -> dict[str, Counter[bool]]:
    """For each stratum how many pages were linked to their source, and how many not."""
    held = {text: prepare(text) for text in sources}
    found: dict[str, Counter[bool]] = defaultdict(Counter)
    index = PostingIndex()
    for number, text in enumerate(held):
        index.add(number, sketch(text).hashes, number)
    numbers = {text: number for number, text in enumerate(held)}
    for pair in pairs:
        hashes = sketch(pair.page).hashes
        page = prepare(pair.page)
        if pair.source in numbers:
            number = numbers[pair.source]
            candidates = {doc for doc, _ in index.candidates(hashes)}
            hit = number in candidates and _copy(page, held[pair.source], index, number)
        else:  # made for this pair alone
            shared = np.intersect1d(hashes, sketch(pair.source).hashes)
            hit = len(shared) >= 2 and align(page, pair.source).kind == "copy"
        found[pair.stratum][hit] += 1
    return found


def _copy(page: Prepared, source: Prepared, index: PostingIndex, number: int) -> bool:
    return align(page, source, standing=index.standing(page.sampled, number)).kind == "copy"


def unrelated(sources: Sequence[str]) -> float:
    """Share of all pairs of different texts that are linked."""
    held = [prepare(text) for text in sources]
    index = PostingIndex()
    for number, text in enumerate(held):
        index.add(number, text.sampled, number)
    wrong = 0
    for number, text in enumerate(held):
        others = [doc for doc, _ in index.candidates(text.sampled, doc=number) if doc < number]
        wrong += sum(_copy(text, held[other], index, other) for other in others)
    return wrong / (len(held) * (len(held) - 1) / 2)


def planted(count: int) -> tuple[float, float, int, int] | None:
    """On the `plagiarised` corpus of so many texts: F1 of the planted pairs, an extra link counting against it unless
    it is shown to be a true overlap; recall, number of extra links, and of those that are no true overlap. None where
    the corpus is absent."""
    folder = generate.corpora() / "plagiarised"
    if not folder.exists():
        print(f"reposts_quality: {folder} left out: not there", file=sys.stderr)
        return None
    lines = (folder / f"articles_{count}.train").read_text("utf-8").splitlines()
    held = dict(line.split(" ", 1) for line in lines)
    truth = {frozenset(line.split()) for line in (folder / f"articles_{count}.truth").read_text("utf-8").splitlines()}
    prepared = {key: prepare(text) for key, text in held.items()}
    index, keys = PostingIndex(), list(held)
    for number, key in enumerate(keys):
        index.add(number, prepared[key].sampled, number)
    found = set()
    for number, key in enumerate(keys):
        for other, _ in index.candidates(prepared[key].sampled, doc=number):
            if other < number and _copy(prepared[key], prepared[keys[other]], index, other):
                found.add(frozenset((key, keys[other])))
    extra = found - truth
    wrong = sum(not true_overlap(*(held[key] for key in pair)) for pair in extra)
    hits = len(found & truth)
    precision, recall = hits / max(1, hits + wrong), hits / len(truth)
    return 2 * precision * recall / max(precision + recall, 1e-9), recall, len(extra), wrong


def true_overlap(one: str, other: str) -> bool:
    """Whether two texts share runs of words that are no chance, found without any code of ours: runs of eight words
    and more, in whatever order, that come to at least thirty words, or to a quarter of the shorter text."""
    a, b = (re.findall(r"\w+", text.lower()) for text in (one, other))
    runs = {tuple(b[at : at + RUN]) for at in range(len(b) - RUN + 1)}
    shared: set[int] = set()
    for at in range(len(a) - RUN + 1):
        if tuple(a[at : at + RUN]) in runs:
            shared.update(range(at, at + RUN))
    return len(shared) >= min(OVERLAP, min(len(a), len(b)) / 4)


def measure(seeds: int = 3) -> dict[str, float]:
    """The rates of the module's docstring, and `<stratum>_pages`."""
    sources = texts()
    total: dict[str, Counter[bool]] = defaultdict(Counter)
    for seed in range(101, 101 + seeds):
        pairs = [*generate.copies(sources, seed), *generate.near_misses(sources, seed)]
        for stratum, hits in linked(sources, pairs).items():
            total[stratum] += hits
    result: dict[str, float] = {}
    for stratum, hits in total.items():
        kind = "recall" if stratum in COPIES else "linked"
        if stratum != "unrelated":  # those are all pairs, below
            result[f"{stratum}_{kind}"] = round(hits[True] / hits.total(), 4)
            result[f"{stratum}_pages"] = hits.total()
    result["unrelated_linked"] = round(unrelated(sources), 6)
    for count in (1000, 2500):
        if (scores := planted(count)) is not None:
            for name, value in zip(("f1", "recall", "extra", "unproven"), scores, strict=True):
                result[f"plagiarised_{count}_{name}"] = round(value, 4)
    return result


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 3), indent=2))
