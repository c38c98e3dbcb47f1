"""How the cost of the posting index grows, and what boilerplate costs it.

    python -m tests.benchmarks.index_growth [documents]

Growth: documents of random sampled hashes, as many as a text of 600 words has, added and asked for in batches of 500
as `scrapy load` does, files written every 50,000. `index_growth` is CPU a document over the last tenth by that over the
first, `index_us` and `index_alone_us` the CPU a document at the end, in a batch and alone; `index_mb` the peak memory
of the process, mapped files included. Boilerplate: pages that share one long paragraph against the same pages without
it; `boilerplate_query_ratio` is CPU a query, and `boilerplate_linked` the share of pages with a verified copy among
their candidates. `sketch_and_index_bytes` is what both take for a text of 600 words.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt

from crawler.dedup import PostingIndex, align, prepare, sketch, sweep
from tests.dedup.generate import fiction

WORDS = 600
HASHES = 42
"""That a text of so many words has."""
BATCH = 500
FLUSH = 50_000
ALONE = 2_000


def growth(documents: int) -> dict[str, float]:
    generator = np.random.default_rng(7)
    _arrive(PostingIndex(), _documents(generator, 0, BATCH))  # what is made on first use
    index, spent = PostingIndex(), []
    with TemporaryDirectory() as name:
        folder = Path(name)
        for tenth in range(10):
            begun = time.process_time()
            for start in range(tenth * documents // 10, (tenth + 1) * documents // 10, BATCH):
                _arrive(index, _documents(generator, start, BATCH))
                if (start + BATCH) % FLUSH == 0:
                    sweep(folder, index.flush(folder))
            spent.append((time.process_time() - begun) / documents * 10)
            print(f"{(tenth + 1) * documents // 10:9,} {1e6 * spent[-1]:6.1f} µs", file=sys.stderr)
        segments = index.flush(folder)
        begun = time.process_time()
        index = PostingIndex.open(folder, segments)
        opened = time.process_time() - begun
        alone = _documents(generator, documents, ALONE)
        begun = time.process_time()
        for one in alone:
            _arrive(index, [one])
        alone_spent = (time.process_time() - begun) / ALONE
    return {
        "index_documents": documents,
        "index_growth": round(spent[-1] / spent[0], 2),
        "index_us": round(1e6 * spent[-1], 1),
        "index_alone_us": round(1e6 * alone_spent, 1),
        "index_bytes_per_text": round(sum(segment.size for segment in segments) / documents, 1),
        "index_open_seconds": round(opened, 3),
        "index_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def _documents(generator: np.random.Generator, first: int, count: int) -> list[tuple[int, npt.NDArray[np.uint32], int]]:
    drawn = generator.integers(0, 1 << 28, (count, HASHES), dtype=np.uint32)
    drawn.sort()
    return [(doc, hashes, doc) for doc, hashes in enumerate(drawn, first)]


def _arrive(index: PostingIndex, documents: list[tuple[int, npt.NDArray[np.uint32], int]]) -> None:
    index.add_many(documents)
    index.candidates_many([(doc, hashes) for doc, hashes, _ in documents])


def _asked(pages: list[npt.NDArray[np.uint32]]) -> tuple[PostingIndex, float, list[list[tuple[int, int]]]]:
    index = PostingIndex()
    for doc, hashes in enumerate(pages):
        index.add(doc, hashes, doc)
    begun = time.process_time()
    found = [index.candidates(hashes, doc=doc) for doc, hashes in enumerate(pages)]
    return index, (time.process_time() - begun) / len(pages), found


def boilerplate(documents: int) -> dict[str, float]:
    banner = fiction(-2, 120)
    own = [fiction(seed, 250) for seed in range(documents)]
    texts = [f"{text}\n\n{banner}" for text in own]
    pages = [sketch(text).hashes for text in texts]
    index, dirty, found = _asked(pages)
    _, clean, _ = _asked([sketch(text).hashes for text in own])
    linked = 0
    for doc in range(0, documents, max(1, documents // 500)):
        page = prepare(texts[doc])
        linked += any(
            align(page, prepare(texts[other]), standing=index.standing(pages[doc], other)).kind == "copy"
            for other, _ in found[doc]
        )
    return {
        "boilerplate_pages": documents,
        "boilerplate_query_ratio": round(dirty / clean, 2),
        "boilerplate_query_us": round(1e6 * dirty, 1),
        "boilerplate_linked": linked / min(500, documents),
    }


def measure(documents: int = 200_000) -> dict[str, float]:
    figures = growth(documents) | boilerplate(min(documents, 20_000))
    packed = [len(sketch(fiction(seed, WORDS)).to_bytes()) for seed in range(100)]
    figures["sketch_and_index_bytes"] = round(sum(packed) / len(packed) + figures["index_bytes_per_text"], 1)
    return figures


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000), indent=2))
