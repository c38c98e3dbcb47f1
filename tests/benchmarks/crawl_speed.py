"""Wall time of whole crawls of one local site, in turns: ours, Scrapy with trafilatura inline, news-please.

    python -m tests.benchmarks.crawl_speed [pages] [--without-news-please]

Ours is `scrapy crawl mirror` as it stands: discovery, fetching, reading, sketching, a durable store, every article
linked and decided; only its politeness towards the one host is off. The inline peer is told all addresses, reads each
page by `bare_extraction` with metadata and comments off in the callback, and writes JSON lines; both load the same
number of pages at once, start to end. news-please gets a tenth of the pages, and its clock starts after its imports:
`news_please` is its crawler, told the site's address as ours is, which keeps HTML and JSON files; it works a site in
one process. `news_please_library` is its function for a list of addresses, which reads in a process for each core.
`crawl_vs_…` are the peer's seconds a page to ours, `crawl_vs_…_cpu` its CPU to ours: above 1 we are faster.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from tests.benchmarks import crawl_peers, peers
from tests.benchmarks.crawl_pages import path_of
from tests.benchmarks.crawl_peers import AT_ONCE, HOST
from tests.benchmarks.turns import Contender, environment, race


class Server:
    """The pages, served by a process of its own while a `with` block lasts."""

    def __init__(self, pages: int, folder: Path) -> None:
        self.pages, self.file = pages, folder / f"port-{id(self)}"
        command = [sys.executable, "-m", "tests.benchmarks.crawl_pages", str(pages), str(self.file)]
        self._process = subprocess.Popen(command, env=environment(), stdin=subprocess.PIPE)

    def __enter__(self) -> Server:
        while not (self.file.exists() and self.file.read_text()):
            if self._process.poll() is not None:
                raise RuntimeError("the server did not start")
            time.sleep(0.05)
        self.port = int(self.file.read_text())
        return self

    def __exit__(self, *problem: object) -> None:
        self._process.terminate()
        self._process.wait()

    def list(self, file: Path) -> Path:
        """A file with the addresses of the pages."""
        file.write_text("".join(f"http://127.0.0.1:{self.port}{path_of(n)}\n" for n in range(self.pages)))
        return file


def ours(server: Server, folder: Path) -> Contender:
    settings = {
        "HOST_MAP": f"{HOST}=127.0.0.1:{server.port}",
        "ALLOWED_NETWORKS": "127.0.0.0/8",
        "STORE_URL": f"sqlite:///{folder}/store.db",
        "SITES_FILE": "",
        "PROGRESS": "False",
        "AUTOTHROTTLE_ENABLED": "False",
        "CONCURRENT_REQUESTS": str(AT_ONCE),
        "CONCURRENT_REQUESTS_PER_DOMAIN": str(AT_ONCE),
    }
    command = [sys.executable, "-m", "crawler", "crawl", "mirror", "-a", f"url=http://{HOST}/", "-O", "ours.jsonl"]
    for name, value in settings.items():
        command += ["-s", f"{name}={value}"]
    return Contender(command, folder)


def read_pages(file: Path) -> int:
    """How many lines with a text stand in a contender's output."""
    if not file.exists():
        return 0
    return sum(bool(json.loads(line).get("text")) for line in file.read_text("utf-8").splitlines())


def measure(pages: int = 500, *, with_news_please: bool = True) -> dict[str, float]:
    """Ratios, pages a second, and how many pages each has read; a peer that cannot be had is named and left out."""
    other = peers.apart() if with_news_please else None
    few = max(20, pages // 10)
    with tempfile.TemporaryDirectory(prefix="firstprint-crawl-") as name, ExitStack() as servers:
        folder = Path(name)
        server = servers.enter_context(Server(pages, folder))
        urls = server.list(folder / "urls.txt")
        contenders = {"ours": (ours(server, folder), pages), "inline": (crawl_peers.inline(urls, folder), pages)}
        if other is not None:
            smaller = servers.enter_context(Server(few, folder))
            some = smaller.list(folder / "some_urls.txt")
            contenders |= {
                "news-please": (crawl_peers.news_please_crawl(smaller.port, folder, other), few),
                "news-please-library": (crawl_peers.news_please_library(some, folder, other), few),
            }
        race([one for one, _ in contenders.values()])
        read = {key: read_pages(folder / f"{key}.jsonl") for key in contenders}
        if other is not None:
            read["news-please"] = crawl_peers.news_please_read(contenders["news-please"][0], folder)
    return {"crawl_pages": float(pages)} | _figures(contenders, read)


def _figures(contenders: dict[str, tuple[Contender, int]], read: dict[str, int]) -> dict[str, float]:
    """The flat figures of contenders that were given so many pages and have read so many."""
    result: dict[str, float] = {}
    mine, pages = contenders["ours"]
    for key, (one, count) in contenders.items():
        label = key.replace("-", "_")
        if read[key] < 0.98 * count:
            print(f"crawl_speed: {key} read {read[key]} of {count} pages: {one.output[-800:]}", file=sys.stderr)
        result |= {
            f"crawl_{label}_pages_a_second": round(count / one.seconds, 2),
            f"crawl_{label}_cpu_ms": round(1000 * one.cpu / count, 2),
            f"crawl_{label}_read": float(read[key]),
        }
        if one is not mine:
            result[f"crawl_vs_{label}"] = round(one.seconds / count / (mine.seconds / pages), 3)
            result[f"crawl_vs_{label}_cpu"] = round(one.cpu / count / (mine.cpu / pages), 3)
    return result


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=int, nargs="?", default=500)
    parser.add_argument("--without-news-please", action="store_true")
    options = parser.parse_args()
    print(json.dumps(measure(options.pages, with_news_please=not options.without_news_please), indent=2))
