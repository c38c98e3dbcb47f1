"""CPU a page of reading, against trafilatura with metadata on the same pages, interleaved in one run.

    python -m tests.benchmarks.read_speed [pages of each corpus]

`read_vs_trafilatura_median` is the median over pages of their ratio, `read_vs_trafilatura_total` that of all pages
together: above 1 we are faster; `read_vs_newspaper4k` and `read_vs_readability` likewise. Ours delivers more: clues,
judgement, language, links; the sketch is not counted.
"""

from __future__ import annotations

import json
import logging
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import suppress

from trafilatura import bare_extraction

from crawler.extraction import extract
from tests.benchmarks.corpora import Page, folder, pages

REPEATS = 2
EACH = 4
"""Of so many pages one is read by the further peers, which take several times as long."""
CORPORA = ("aeb", "news")
Reader = Callable[[Page], None]


def ours(page: Page) -> None:
    extract(page.url, page.html)


def trafilatura(page: Page) -> None:
    bare_extraction(page.html, url=page.url, include_comments=False, with_metadata=True)


def newspaper4k() -> Reader:
    import newspaper

    def run(page: Page) -> None:
        article = newspaper.Article(page.url, fetch_images=False)
        article.download(input_html=page.html.decode("utf-8", "replace"))
        article.parse()

    return run


def readability() -> Reader:
    from readability import Document

    def run(page: Page) -> None:
        document = Document(page.html.decode("utf-8", "replace"))
        document.short_title()
        document.summary()

    return run


def others() -> dict[str, Reader]:
    """Further peers that are installed; absent ones are named on stderr."""
    found = {}
    for name, maker in (("newspaper4k", newspaper4k), ("readability", readability)):
        try:
            found[name] = maker()
        except ImportError as error:
            print(f"read_speed: {name} left out: {error}", file=sys.stderr)
    return found


def cpu(function: Reader, page: Page) -> float:
    """The best of some runs, in CPU seconds of this process."""
    best = float("inf")
    for _ in range(REPEATS):
        start = time.process_time()
        function(page)
        best = min(best, time.process_time() - start)
    return best


def measure(limit: int | None = None) -> dict[str, float]:
    """Ratios and milliseconds a page; {} where no corpus is on this machine."""
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    logging.getLogger("htmldate").setLevel(logging.CRITICAL)
    found = [page for name in CORPORA if (corpus := folder(name)) for page in pages(corpus)[:limit]]
    if not found:
        return {}
    for page in found[:5]:  # tables and models that are made on first use
        ours(page)
        trafilatura(page)
    further = others()
    logging.getLogger("newspaper").setLevel(logging.CRITICAL)
    logging.getLogger("readability").setLevel(logging.CRITICAL)
    timed, besides = [], dict.fromkeys(further, (0.0, 0.0))
    for number, page in enumerate(found):
        timed.append((cpu(ours, page), cpu(trafilatura, page)))
        for name, run in further.items() if number % EACH == 0 else ():
            with suppress(Exception):  # a page that a peer cannot read counts for neither
                theirs, mine = besides[name]
                besides[name] = (theirs + cpu(run, page), mine + timed[-1][0])
    mine, theirs = (sum(column) for column in zip(*timed, strict=True))
    return {
        "read_vs_trafilatura_median": round(statistics.median(b / a for a, b in timed), 3),
        "read_vs_trafilatura_total": round(theirs / mine, 3),
        "read_ms": round(1000 * mine / len(found), 2),
        "trafilatura_ms": round(1000 * theirs / len(found), 2),
        "read_pages": len(found),
        **{f"read_vs_{name}": round(a / b, 3) for name, (a, b) in besides.items() if b},
    }


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]) if len(sys.argv) > 1 else None), indent=2))
