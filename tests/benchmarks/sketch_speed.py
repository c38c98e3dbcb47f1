"""CPU a text of sketching, against named peers on the same texts, interleaved in one run.

    python -m tests.benchmarks.sketch_speed [rounds]

Ours is `sketch(text)`, from `str` to MinHash, sampled postings and positions, by Unicode's words. The peers get what
suits them: lower-cased words split at spaces, joined to 5-shingles, MinHash of 128 values, no postings. Each ratio is
the median over the rounds of peer's CPU to ours in that round: above 1 we are faster. A peer that is not installed
(datasketch is; xxhash, rensa and daft need not be) is named and left out.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable

from datasketch import MinHash

from crawler.dedup import compiling, sketch
from tests.dedup.generate import fiction

PERMUTATIONS = 128
WORDS = 600
TEXTS = 400
Peer = Callable[[list[str]], object]


def shingles(text: str) -> list[str]:
    words = text.lower().split()
    return [" ".join(words[at : at + 5]) for at in range(len(words) - 4)]


def ours(texts: list[str]) -> None:
    for text in texts:
        sketch(text)


def datasketch(texts: list[str]) -> None:
    """Its documented loop: SHA-1, one update a shingle."""
    for text in texts:
        minhash = MinHash(num_perm=PERMUTATIONS)
        for one in shingles(text):
            minhash.update(one.encode())


def bulk() -> Peer:
    from xxhash import xxh32_intdigest

    def run(texts: list[str]) -> object:
        sets = [[one.encode() for one in shingles(text)] for text in texts]
        return MinHash.bulk(sets, num_perm=PERMUTATIONS, hashfunc=xxh32_intdigest)

    return run


def rensa() -> Peer:
    from rensa import RMinHash

    def run(texts: list[str]) -> object:
        for text in texts:
            minhash = RMinHash(num_perm=PERMUTATIONS, seed=42)
            minhash.update(shingles(text))
            minhash.digest()
        return None

    return run


def daft() -> Peer:
    import daft
    from daft.functions import minhash

    def run(texts: list[str]) -> object:
        frame = daft.from_pydict({"text": texts})
        column = minhash(frame["text"].lower(), num_hashes=PERMUTATIONS, ngram_size=5, hash_function="xxhash")
        return frame.select(column).collect()

    return run


def peers() -> dict[str, tuple[Peer, int]]:
    """Name -> (what runs, how many texts a round); absent ones are named on stderr."""
    found: dict[str, tuple[Peer, int]] = {"datasketch": (datasketch, 10)}
    for name, maker, texts in (("bulk", bulk, 60), ("rensa", rensa, 100), ("daft", daft, TEXTS)):
        try:
            found[name] = (maker(), texts)
        except ImportError as error:
            print(f"sketch_speed: {name} left out: {error}", file=sys.stderr)
    return found


def cpu(run: Peer, texts: list[str]) -> float:
    """CPU seconds a text of this process, all threads."""
    start = time.process_time()
    run(texts)
    return (time.process_time() - start) / len(texts)


def measure(rounds: int = 9) -> dict[str, float]:
    """`sketch_vs_<peer>`, microseconds a text of each, and whether the kernel was compiled."""
    texts = [fiction(seed, WORDS) for seed in range(TEXTS)]
    found = peers()
    for run, count in ((ours, 50), *found.values()):  # what is made on first use
        run(texts[:count])
    mine: list[float] = []
    theirs: dict[str, list[float]] = {name: [] for name in found}
    for _ in range(rounds):
        mine.append(cpu(ours, texts))
        for name, (run, count) in found.items():
            theirs[name].append(cpu(run, texts[:count]))
    result = {
        f"sketch_vs_{name}": round(statistics.median(b / a for a, b in zip(mine, times, strict=True)), 2)
        for name, times in theirs.items()
    }
    result |= {f"{name}_us": round(1e6 * statistics.median(times), 1) for name, times in theirs.items()}
    result["sketch_us"] = round(1e6 * statistics.median(mine), 1)
    result["sketch_compiled"] = float(compiling.kernel() is not None)
    return result


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 9), indent=2))
