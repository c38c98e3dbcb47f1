"""How much of what sites insert is left in the text, and how much of the article is lost with it.

    python -m tests.benchmarks.noise_quality [-v]

`noise_left` is the share of inserted pieces that stand in the text, `sentences_kept` that of the article's own
sentences (noise_pages.py), each page read by itself. `noise_left_learned` and `sentences_kept_learned`: the same pages
read with what ten other pages of their site have taught, as in a crawl.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence

from crawler.extraction.article import read_page
from crawler.extraction.learned import Noise
from crawler.items import Article
from tests.benchmarks.noise_pages import NoisyPage, pages

TEACHERS = 10


def squeeze(text: str) -> str:
    return " ".join(text.split())


def judged(page: NoisyPage, text: str, *, tell: bool = False) -> tuple[int, int]:
    """How many inserts are left, and how many sentences are kept."""
    got = squeeze(text)
    left = [one for one in page.inserts if squeeze(one) in got]
    lost = [one for one in page.sentences if squeeze(one) not in got]
    if tell:
        for name, found in (("left", left), ("LOST", lost)):
            for one in found:
                print(name, page.make, page.language, one, sep="\t")
    return len(left), len(page.sentences) - len(lost)


def shares(held: Sequence[NoisyPage], noise: Mapping[str, Noise], *, tell: bool = False) -> tuple[float, float]:
    """Share of the inserts that are left, and of the sentences that are kept."""
    left = kept = 0
    for page in held:
        learned = noise.get(page.site)
        outcome = read_page(page.url, page.html, noise=learned.brief() if learned else None).outcome
        text = outcome.text if isinstance(outcome, Article) else ""
        more_left, more_kept = judged(page, text, tell=tell)
        left, kept = left + more_left, kept + more_kept
    inserts, sentences = sum(len(one.inserts) for one in held), sum(len(one.sentences) for one in held)
    return round(left / inserts, 4), round(kept / sentences, 4)


def taught() -> dict[str, Noise]:
    """What each site teaches by some other pages of its own."""
    sites: dict[str, Noise] = defaultdict(Noise)
    for page in pages(TEACHERS, seed=32):
        read = read_page(page.url, page.html)
        sites[page.site].observe(read.seen, theme=read.theme, suffix=read.suffix)
    return sites


def measure(*, tell: bool = False) -> dict[str, float]:
    """The shares of the module's docstring."""
    held = list(pages())
    left, kept = shares(held, {}, tell=tell)
    left_learned, kept_learned = shares(held, taught())
    return {
        "noise_left": left,
        "sentences_kept": kept,
        "noise_left_learned": left_learned,
        "sentences_kept_learned": kept_learned,
        "noise_pages": float(len(held)),
        "noise_inserts": float(sum(len(one.inserts) for one in held)),
    }


if __name__ == "__main__":
    print(json.dumps(measure(tell="-v" in sys.argv), indent=2))
