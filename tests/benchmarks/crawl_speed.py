"""Wall time of whole crawls of one local site, in turns: ours, Scrapy with trafilatura inline, news-please.

    python -m tests.benchmarks.crawl_speed [pages] [--without-news-please]

Ours is `scrapy crawl mirror` as it stands: discovery, fetching, reading, sketching, a durable store, every article
linked and decided; only its politeness towards the one host is off. The inline peer is told all addresses, reads each
page by `bare_extraction` with metadata and comments off in the callback, and writes JSON lines; both load the same
number of pages at once, start to end. news-please gets a tenth of the pages, and its clock starts after its imports.
`crawl_vs_inline` and `crawl_vs_news_please` are the peer's seconds a page to ours: above 1 we are faster.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks import peers
from tests.benchmarks.crawl_pages import path_of
from tests.benchmarks.turns import Contender, environment, race

AT_ONCE = 16
_HOST = "speedway.example"

_INLINE = """
import json, sys
import scrapy
from scrapy.crawler import CrawlerProcess
from trafilatura import bare_extraction

class Inline(scrapy.Spider):
    name = "inline"
    async def start(self):
        for line in open(sys.argv[1]):
            yield scrapy.Request(line.strip())
    def parse(self, response):
        found = bare_extraction(response.body, url=response.url, include_comments=False, with_metadata=True)
        if found is not None:
            yield {"url": response.url, "title": found.title, "author": found.author, "date": found.date,
                   "text": found.text}

process = CrawlerProcess({
    "FEEDS": {sys.argv[2]: {"format": "jsonlines"}}, "LOG_LEVEL": "WARNING", "TELNETCONSOLE_ENABLED": False,
    "CONCURRENT_REQUESTS": %d, "CONCURRENT_REQUESTS_PER_DOMAIN": %d, "ROBOTSTXT_OBEY": True, "DOWNLOAD_DELAY": 0,
})
process.crawl(Inline)
process.start()
"""

_NEWS_PLEASE = """
import json, sys, warnings
warnings.simplefilter("ignore")
from newsplease import NewsPlease
open(sys.argv[2], "w").close()
found = NewsPlease.from_urls([line.strip() for line in open(sys.argv[1])],
                             request_args={"timeout": 60}, fetch_images=False)
with open(sys.argv[3], "w") as out:
    for url, article in found.items():
        print(json.dumps({"url": url, "text": getattr(article, "maintext", None)}), file=out)
"""


class Server:
    """The pages, served by a process of its own while a `with` block lasts."""

    def __init__(self, pages: int, folder: Path) -> None:
        self.pages, self.file = pages, folder / "port"
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

    def list(self, file: Path, count: int) -> Path:
        """A file with the addresses of the first pages."""
        file.write_text("".join(f"http://127.0.0.1:{self.port}{path_of(n)}\n" for n in range(count)))
        return file


def ours(server: Server, folder: Path) -> Contender:
    settings = {
        "HOST_MAP": f"{_HOST}=127.0.0.1:{server.port}",
        "ALLOWED_NETWORKS": "127.0.0.0/8",
        "STORE_URL": f"sqlite:///{folder}/store.db",
        "SITES_FILE": "",
        "PROGRESS": "False",
        "AUTOTHROTTLE_ENABLED": "False",
        "CONCURRENT_REQUESTS": str(AT_ONCE),
        "CONCURRENT_REQUESTS_PER_DOMAIN": str(AT_ONCE),
    }
    command = [sys.executable, "-m", "crawler", "crawl", "mirror", "-a", f"url=http://{_HOST}/", "-O", "ours.jsonl"]
    for name, value in settings.items():
        command += ["-s", f"{name}={value}"]
    return Contender(command, folder)


def inline(server: Server, folder: Path) -> Contender:
    script = folder / "inline_peer.py"
    script.write_text(_INLINE % (AT_ONCE, AT_ONCE))
    urls = server.list(folder / "urls.txt", server.pages)
    env = {"SCRAPY_SETTINGS_MODULE": ""}
    return Contender([sys.executable, str(script), str(urls), "inline.jsonl"], folder, env=env)


def news_please(server: Server, folder: Path, python: Path, count: int) -> Contender:
    script, ready = folder / "news_please_peer.py", folder / "news-please-ready"
    script.write_text(_NEWS_PLEASE)
    urls = server.list(folder / "some_urls.txt", count)
    env = {"PYTHONPATH": "", "SCRAPY_SETTINGS_MODULE": ""}
    return Contender(
        [str(python), str(script), str(urls), str(ready), "news-please.jsonl"], folder, env=env, ready=ready
    )


def read_pages(file: Path) -> int:
    """How many lines with a text stand in a contender's output."""
    if not file.exists():
        return 0
    return sum(bool(json.loads(line).get("text")) for line in file.read_text("utf-8").splitlines())


def measure(pages: int = 500, *, with_news_please: bool = True) -> dict[str, float]:
    """Ratios, pages a second, and how many pages each has read; a peer that cannot be had is named and left out."""
    other = peers.apart() if with_news_please else None
    with tempfile.TemporaryDirectory(prefix="firstprint-crawl-") as name, Server(pages, Path(name)) as server:
        folder = Path(name)
        few = max(20, pages // 10)
        contenders = {"ours": (ours(server, folder), pages), "inline": (inline(server, folder), pages)}
        if other is not None:
            contenders["news-please"] = (news_please(server, folder, other, few), few)
        race([one for one, _ in contenders.values()])
        mine = contenders["ours"][0].seconds / pages
        result = {"crawl_pages": float(pages)}
        for key, (one, count) in contenders.items():
            label = key.replace("-", "_")
            read = read_pages(folder / f"{key}.jsonl")
            if read < 0.98 * count:
                print(f"crawl_speed: {key} read {read} of {count} pages: {one.output[-800:]}", file=sys.stderr)
            result |= {
                f"crawl_{label}_pages_a_second": round(count / one.seconds, 2),
                f"crawl_{label}_cpu_ms": round(1000 * one.cpu / count, 2),
                f"crawl_{label}_read": float(read),
            }
            if key != "ours":
                result[f"crawl_vs_{label}"] = round(one.seconds / count / mine, 3)
    return result


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=int, nargs="?", default=500)
    parser.add_argument("--without-news-please", action="store_true")
    options = parser.parse_args()
    print(json.dumps(measure(options.pages, with_news_please=not options.without_news_please), indent=2))
