"""How the cost of the posting index grows, and what boilerplate costs it.

    python -m tests.benchmarks.index_growth [documents]

Growth: documents of random sampled hashes, as many as a text of 600 words has, each added and asked for at once, files
written every 25,000. `index_growth` is CPU a document over the last tenth by that over the first. Boilerplate: pages
that share one long paragraph against the same pages without it; `boilerplate_query_ratio` is CPU a query, and
`boilerplate_linked` the share of pages with a verified copy among their candidates.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt

from crawler.dedup import PostingIndex, align, prepare, sketch, sweep
from tests.dedup.generate import fiction

HASHES = 40
FLUSH = 25_000


def growth(documents: int) -> dict[str, float]:
    generator = np.random.default_rng(7)
    index, spent = PostingIndex(), []
    with TemporaryDirectory() as name:
        folder = Path(name)
        for start in range(0, documents, documents // 10):
            drawn = generator.integers(0, 1 << 28, (documents // 10, HASHES), dtype=np.uint32)
            drawn.sort()
            begun = time.process_time()
            for doc, hashes in enumerate(drawn, start):
                index.add(doc, hashes, doc)
                index.candidates(hashes, doc=doc)
                if doc % FLUSH == FLUSH - 1:
                    sweep(folder, index.flush(folder))
            spent.append((time.process_time() - begun) / len(drawn))
        size = sum(segment.size for segment in index.flush(folder))
        begun = time.process_time()
        PostingIndex.open(folder, index.segments)
        opened = time.process_time() - begun
    return {
        "index_documents": documents,
        "index_growth": round(spent[-1] / spent[0], 2),
        "index_us": round(1e6 * spent[-1], 1),
        "index_bytes_per_text": round(size / documents, 1),
        "index_open_seconds": round(opened, 3),
    }


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
    return growth(documents) | boilerplate(min(documents, 20_000))


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000), indent=2))
