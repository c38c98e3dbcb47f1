"""What else crawls the local site: Scrapy with trafilatura inline, and news-please by its crawler and as a library.

Each is given what it is best told: the inline peer and the library all addresses, the crawler the site's own, whose
sitemap it finds through robots.txt. news-please takes no host with a port for a site, so that its crawler comes to the
server as to a proxy; nothing that it asks for leaves the machine.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

from tests.benchmarks.turns import Contender

AT_ONCE = 16
HOST = "speedway.example"

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

# Both modes import what they read pages with before their clock starts.
_NEWS_PLEASE = """
import sys, warnings
from importlib import import_module
warnings.simplefilter("ignore")
import newsplease
import newsplease.single_crawler
import newsplease.pipeline.pipelines
for one in ("newspaper_extractor", "newspaper_extractor_no_images", "readability_extractor", "date_extractor",
            "lang_detect_extractor"):
    import_module(f"newsplease.pipeline.extractor.extractors.{one}")
open(sys.argv[1], "w").close()
"""

_LIBRARY = """
import json
found = newsplease.NewsPlease.from_urls([line.strip() for line in open(sys.argv[2])],
                                        request_args={"timeout": 60}, fetch_images=False)
with open(sys.argv[3], "w") as out:
    for url, article in found.items():
        print(json.dumps({"url": url, "text": getattr(article, "maintext", None)}), file=out)
"""

# What its launcher starts for a site, in a process of its own, without the launcher's waits of ten seconds.
_CRAWLER = "newsplease.single_crawler.SingleCrawler(sys.argv[2], sys.argv[3], 0, False, False)\n"
_OWN = {"PYTHONPATH": "", "SCRAPY_SETTINGS_MODULE": ""}


def inline(urls: Path, folder: Path) -> Contender:
    """A Scrapy spider that reads each page in its callback; `urls` is a file with an address a line."""
    script = folder / "inline_peer.py"
    script.write_text(_INLINE % (AT_ONCE, AT_ONCE))
    command = [sys.executable, str(script), str(urls), "inline.jsonl"]
    return Contender(command, folder, env={"SCRAPY_SETTINGS_MODULE": ""})


def news_please_library(urls: Path, folder: Path, python: Path) -> Contender:
    """`NewsPlease.from_urls`: fetches in threads, then reads in a process for each core; no image is fetched."""
    script, ready = folder / "news_please_library.py", folder / "library-ready"
    script.write_text(_NEWS_PLEASE + _LIBRARY)
    command = [str(python), str(script), str(ready), str(urls), "news-please-library.jsonl"]
    return Contender(command, folder, env=_OWN, ready=ready)


def news_please_crawl(port: int, folder: Path, python: Path) -> Contender:
    """Its crawler as it stands: one process a site, found pages through the sitemap, HTML and JSON files."""
    script, ready = folder / "news_please_crawl.py", folder / "crawl-ready"
    script.write_text(_NEWS_PLEASE + _CRAWLER)
    config, sites = folder / "news_please.cfg", folder / "news_please.hjson"
    config.write_text(_configured(python, folder))
    sites.write_text(json.dumps({"base_urls": [{"url": f"http://{HOST}/"}]}))
    proxy = {"http_proxy": f"http://127.0.0.1:{port}", "no_proxy": "", "NO_PROXY": ""}
    command = [str(python), str(script), str(ready), str(config), str(sites)]
    return Contender(command, folder, env=_OWN | proxy, ready=ready)


def news_please_read(crawl: Contender, folder: Path) -> int:
    """How many pages its crawler has read: those that it counts itself, less its JSON files without a text. Files of
    one second and one directory have one name, so that they cannot be counted."""
    counted = re.search(r"'item_scraped_count': (\d+)", crawl.output)
    files = (folder / "news-please" / "data").rglob("*.html.json")
    empty = sum(not json.loads(file.read_text("utf-8"))["maintext"] for file in files)
    return int(counted[1]) - empty if counted else 0


def _configured(python: Path, folder: Path) -> str:
    """Its own default configuration, but for where its files go and how many pages it may load at once."""
    where = "import newsplease; print(newsplease.__path__[0])"
    package = Path(subprocess.check_output([str(python), "-W", "ignore", "-c", where], text=True).strip())
    text = (package / "config" / "config.cfg").read_text("utf-8")
    for old, new in (
        ("working_path = ~/news-please-repo/", f"working_path = {folder}/news-please/"),
        ("CONCURRENT_REQUESTS_PER_DOMAIN=4", f"CONCURRENT_REQUESTS_PER_DOMAIN={AT_ONCE}"),
    ):
        if text.count(old) != 1:
            raise RuntimeError(f"news-please's configuration has another form: {old!r} is not in it once")
        text = text.replace(old, new)
    return text
