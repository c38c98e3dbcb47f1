"""The peer of `scrapy load`: what a plain script with datasketch does with an archive on standard input.

5-shingles of lower-cased words, `MinHash.bulk` with xxh32 (datasketch's own hash where xxhash is not installed), 128
values, an in-memory `MinHashLSH` at .5, each text asked for and then inserted. It stores nothing, verifies nothing,
finds no excerpts and knows no time: the ratio is to the least that could be called finding duplicates.
"""

from __future__ import annotations

import json
import sys
from itertools import islice

from datasketch import MinHash, MinHashLSH

PERMUTATIONS = 128
THRESHOLD = 0.5
BATCH = 500


def hash_function() -> dict[str, object]:
    try:
        from xxhash import xxh32_intdigest
    except ImportError:
        print("stock_dedup: xxhash is not installed; datasketch's default hash stands in", file=sys.stderr)
        return {}
    return {"hashfunc": xxh32_intdigest}


def shingles(text: str) -> list[bytes]:
    words = text.lower().split()
    return [" ".join(words[at : at + 5]).encode() for at in range(max(1, len(words) - 4))]


def main() -> None:
    index, options, found = MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS), hash_function(), 0
    while batch := [json.loads(line) for line in islice(sys.stdin.buffer, BATCH)]:
        sketches = MinHash.bulk([shingles(one["text"]) for one in batch], num_perm=PERMUTATIONS, **options)
        for one, sketch in zip(batch, sketches, strict=True):
            found += len(index.query(sketch))
            index.insert(one["url"], sketch)
    print(found)


if __name__ == "__main__":
    main()
