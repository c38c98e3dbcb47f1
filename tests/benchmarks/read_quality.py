"""How well pages are read: bodies against trafilatura, metadata against the truth, on the measuring corpora.

    python -m tests.benchmarks.read_quality [--half even|odd] [-v]

Bodies: mean of page F1 over 4-grams of words. Metadata, on `news` only: `instant` is the share of pages whose moment of
publication is exactly right (of those whose truth has an offset), `day` of those whose day is, `authors` the mean page
F1 of name sets, `title` the share of exactly equal titles (white space aside), `title_fuzzy` of those whose similarity
is at least .9. Rules were tuned on the even lines of each truth; the odd ones are the honest figure.
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from difflib import SequenceMatcher
from statistics import fmean
from typing import Any

from trafilatura import bare_extraction

from crawler.extraction import extract
from crawler.items import Article
from tests.benchmarks.corpora import Half, Page, folder, pages

FUZZY = 0.9
_BOOTSTRAPS = 2000


def body_f1(truth: str, got: str) -> float:
    """F1 of the multisets of word 4-grams."""
    return f1(*precision_recall(truth, got))


def precision_recall(truth: str, got: str) -> tuple[float, float]:
    """Of the multisets of word 4-grams."""
    wanted, found = _grams(truth), _grams(got)
    if not wanted and not found:
        return 1.0, 1.0
    common = (wanted & found).total()
    return common / max(found.total(), 1), common / max(wanted.total(), 1)


def f1(precision: float, recall: float) -> float:
    """Their harmonic mean."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _grams(text: str, n: int = 4) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[at : at + n]) for at in range(max(1, len(words) - n + 1))) if words else Counter()


def interval(differences: Sequence[float]) -> tuple[float, float]:
    """95 % bootstrap interval over pages of a mean difference."""
    dice = random.Random(1)
    means = sorted(sum(dice.choices(differences, k=len(differences))) / len(differences) for _ in range(_BOOTSTRAPS))
    return means[int(0.025 * _BOOTSTRAPS)], means[int(0.975 * _BOOTSTRAPS) - 1]


def bodies(corpus: str, half: Half | None = None) -> dict[str, float]:
    """Our mean page F1, the F1 of mean precision and mean recall (the score of article-extraction-benchmark), and the
    paired difference to trafilatura with comments off, with its interval; of all pages also the difference on the half
    that nothing was tuned on, `_odd`."""
    found = folder(corpus)
    if found is None:
        return {}
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    ours, theirs = zip(
        *(
            (precision_recall(page.truth["body"], _ours(page)), precision_recall(page.truth["body"], _theirs(page)))
            for page in pages(found, half)
        ),
        strict=True,
    )
    differences = [f1(*mine) - f1(*other) for mine, other in zip(ours, theirs, strict=True)]
    low, high = interval(differences)
    untuned = {} if half else {f"{corpus}_vs_trafilatura_odd": round(fmean(differences[1::2]), 4)}
    return {
        f"{corpus}_f1": round(fmean(f1(*mine) for mine in ours), 4),
        f"{corpus}_f1_of_means": round(f1(*map(fmean, zip(*ours, strict=True))), 4),
        f"{corpus}_vs_trafilatura": round(fmean(differences), 4),
        f"{corpus}_vs_trafilatura_low": round(low, 4),
        f"{corpus}_vs_trafilatura_high": round(high, 4),
        **untuned,
    }


def _ours(page: Page) -> str:
    outcome = extract(page.url, page.html)
    return outcome.text if isinstance(outcome, Article) else ""


def _theirs(page: Page) -> str:
    document = bare_extraction(page.html, url=page.url, include_comments=False, with_metadata=False)
    return "" if document is None else str(document.text)


def metadata(half: Half | None = None, *, tell: bool = False) -> dict[str, float]:
    """Shares over the pages of `news` that state the field."""
    corpus = folder("news")
    if corpus is None:
        return {}
    scores: dict[str, list[float]] = {name: [] for name in ("instant", "day", "authors", "title", "title_fuzzy")}
    for page in pages(corpus, half):
        outcome = extract(page.url, page.html)
        got = outcome if isinstance(outcome, Article) else None
        for name, score in _page_scores(page.truth, got).items():
            scores[name].append(score)
            if tell and score < 1 and name != "title_fuzzy":
                print(name, page.truth["id"], _told(name, page.truth, got), sep="\t")
    return {f"news_{name}": round(sum(values) / len(values), 4) for name, values in scores.items() if values}


def _page_scores(truth: dict[str, Any], got: Article | None) -> dict[str, float]:
    scores: dict[str, float] = {}
    if truth["date"]:
        wanted = datetime.fromisoformat(truth["date"])
        found = got.published_at if got is not None else None
        if wanted.tzinfo is not None:  # a wall-clock time without an offset is no instant
            scores["instant"] = float(found == wanted)
        scores["day"] = float(found is not None and found.date() == wanted.date())
    if truth["authors"] is not None:
        scores["authors"] = names_f1(truth["authors"], got.authors if got is not None else ())
    if truth["title"]:
        title = got.title if got is not None else ""
        wanted_title = " ".join(truth["title"].split())
        scores["title"] = float(title == wanted_title)
        scores["title_fuzzy"] = float(
            SequenceMatcher(None, title.lower(), wanted_title.lower(), autojunk=False).ratio() >= FUZZY
        )
    return scores


def names_f1(wanted: Sequence[str], found: Sequence[str]) -> float:
    """F1 of two sets of names, case and punctuation aside; 1 where both are empty."""
    one, other = ({re.sub(r"\W+", " ", name.lower()).strip() for name in names} for names in (wanted, found))
    if not one and not other:
        return 1.0
    common = len(one & other)
    return 2 * common / (len(one) + len(other)) if common else 0.0


def _told(name: str, truth: dict[str, Any], got: Article | None) -> str:
    if got is None:
        return "no article"
    mine = {"instant": got.published_at, "day": got.published_at, "authors": got.authors, "title": got.title}[name]
    return f"{truth['date' if name in ('instant', 'day') else name]!s} | {mine!s}"


def measure(half: Half | None = None) -> dict[str, float]:
    """Everything, flat; corpora that are not on this machine are left out."""
    return {**bodies("aeb", half), **bodies("news", half), **metadata(half)}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--half", choices=["even", "odd"])
    parser.add_argument("-v", action="store_true", help="name every page whose metadata is not right")
    options = parser.parse_args()
    print(json.dumps(metadata(options.half, tell=True) if options.v else measure(options.half), indent=2))
