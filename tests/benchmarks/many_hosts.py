"""One crawl of many hosts of which some are slow, dead, asking for rest, or endless: what it costs the healthy ones.

    python -m tests.benchmarks.many_hosts [--hosts 200] [--write docs/costs.md]

A web of `--hosts` hosts on one loopback port: a tenth are slow (every answer takes seconds), a twentieth dead (half of
them refuse connections, half accept and never answer), a few answer 429 to everything, and three are endless
calendars. The rest are healthy: a third with a feed, a third with a sitemap, a third with bare lists of links. The
healthy ones are crawled alone, then all together, and so again in turns (of each the quickest counts), with settings as
they come but for a shorter DOWNLOAD_TIMEOUT. When the last healthy visit was finished is read from the store.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

from tests.benchmarks.crawl_costs import write_tables
from tests.dedup.generate import fiction

ROOT = Path(__file__).parents[2]
ARTICLES = 8
"""Of each healthy site; slow ones and calendars have half as many."""
START = datetime(2026, 5, 4, 7, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Mix:
    """How many hosts of each kind, and how the troubled ones behave (seconds)."""

    healthy: int
    slow: int
    dead: int
    resting: int
    calendars: int
    slowness: float = 4.0
    timeout: float = 10.0
    rest: int = 5

    @classmethod
    def of(cls, hosts: int) -> Mix:
        """The shares of 200: 20 slow, 10 dead, 5 resting, 3 calendars."""
        slow, dead, resting = max(hosts // 10, 1), max(hosts // 20, 2), max(hosts // 40, 1)
        return cls(hosts - slow - dead - resting - 3, slow, dead, resting, 3)

    def names(self, kind: str) -> list[str]:
        """The hosts of a kind; "hang" are those of the dead that accept connections."""
        if kind == "hang":
            return [f"hang{number}.test" for number in range(self.dead // 2)]
        if kind == "dead":
            return [f"dead{number}.test" for number in range(self.dead - self.dead // 2)]
        numbers = {"healthy": self.healthy, "slow": self.slow, "resting": self.resting, "calendar": self.calendars}
        return [f"{kind}{number}.test" for number in range(numbers[kind])]

    def all(self) -> list[str]:
        """Every host, the troubled ones first: they shall not gain from their place."""
        kinds = ("slow", "hang", "dead", "resting", "calendar", "healthy")
        return [name for kind in kinds for name in self.names(kind)]


class HostsWeb:
    """The web, in a thread of its own. `asked` counts requests by host."""

    def __init__(self, mix: Mix) -> None:
        self.mix = mix
        self.asked: Counter[str] = Counter()
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._texts: dict[tuple[str, int], str] = {}

    def __enter__(self) -> HostsWeb:
        for host in self.mix.all():  # texts are made before the first crawl, or it alone would wait for them
            for number in range(len(self.articles(host))):
                self._text(host, number)
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *exception: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=512))
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                lines = head.decode("latin-1").split("\r\n")
                host = (
                    next((line[5:] for line in lines if line.lower().startswith("host:")), "").strip().partition(":")[0]
                )
                await self._answer(host, lines[0].split(" ")[1], writer)
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _answer(self, host: str, path: str, writer: asyncio.StreamWriter) -> None:
        self.asked[host] += 1
        if host.startswith("hang"):
            await asyncio.sleep(3600)
        if host.startswith("slow"):
            await asyncio.sleep(self.mix.slowness)
        status, kind, body = self.page(host, path)
        data = body.encode()
        head = f"HTTP/1.1 {status} X\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Length: {len(data)}\r\n"
        head += f"Retry-After: {self.mix.rest}\r\n\r\n" if status == 429 else "\r\n"
        writer.write(head.encode() + data)
        await writer.drain()

    # -- what stands there ---------------------------------------------------------------------------------------

    def articles(self, host: str) -> list[str]:
        """The paths of a host's articles."""
        number = int(re.sub(r"\D", "", host) or 0)
        count = ARTICLES if host.startswith("healthy") else ARTICLES // 2
        form = ("/2026/05/story-{}.html", "/news/the-{}-harbour-report-of-today/", "/read/{}.html")[number % 3]
        return [form.format(1200 + one) for one in range(count)]

    def page(self, host: str, path: str) -> tuple[int, str, str]:
        """Status, type and body of an answer."""
        if host.startswith("resting") and (path != "/robots.txt" or _number(host) % 2):
            return 429, "text/html", "slow down"
        if path == "/robots.txt":
            return 404, "text/plain", ""
        paths = self.articles(host)
        if path in paths:
            return 200, "text/html", self._article(host, paths.index(path))
        way = "calendar" if host.startswith("calendar") else ("feed", "sitemap", "bare")[_number(host) % 3]
        if path == "/":
            return 200, "text/html", self._front(host, way)
        if path == "/feed.xml" and way == "feed":
            return 200, "application/rss+xml", self._feed(host)
        if path == "/sitemap.xml" and way == "sitemap":
            return 200, "application/xml", self._sitemap(host)
        if path.startswith("/calendar/") and way == "calendar":
            return 200, "text/html", _calendar(path, in_path=_number(host) == 0)
        return 404, "text/html", "<title>Not found</title><p>No such page.</p>"

    def _text(self, host: str, number: int) -> str:
        key = (host, number)
        if key not in self._texts:
            self._texts[key] = fiction(hash_of(host) + number, 220)
        return self._texts[key]

    def _title(self, host: str, number: int) -> str:
        return " ".join(self._text(host, number).split()[:6]).rstrip(".,")

    def _article(self, host: str, number: int) -> str:
        body = "".join(f"<p>{one}</p>" for one in self._text(host, number).split("\n\n"))
        when = (START + timedelta(hours=5 * number)).isoformat()
        return (
            f'<html lang="en"><head><title>{self._title(host, number)}</title>'
            '<meta property="og:type" content="article">'
            f'<meta property="article:published_time" content="{when}"></head><body><nav><a href="/">Home</a></nav>'
            f"<article><h1>{self._title(host, number)}</h1>{body}</article></body></html>"
        )

    def _front(self, host: str, way: str) -> str:
        head = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">' if way == "feed" else ""
        links = "".join(
            f'<li><a href="{path}">{self._title(host, number)}</a></li>'
            for number, path in enumerate(self.articles(host))
        )
        more = '<nav><a href="/calendar/">Calendar</a></nav>' if way == "calendar" else ""
        return f"<html><head><title>{host}</title>{head}</head><body>{more}<ul>{links}</ul></body></html>"

    def _feed(self, host: str) -> str:
        items = "".join(
            f"<item><title>{self._title(host, number)}</title><link>http://{host}{path}</link>"
            f"<pubDate>{format_datetime(START + timedelta(hours=5 * number))}</pubDate></item>"
            for number, path in enumerate(self.articles(host))
        )
        return f'<rss version="2.0"><channel><title>{host}</title><link>http://{host}/</link>{items}</channel></rss>'

    def _sitemap(self, host: str) -> str:
        urls = "".join(
            f"<url><loc>http://{host}{path}</loc>"
            f"<lastmod>{(START + timedelta(hours=5 * number)).isoformat()}</lastmod></url>"
            for number, path in enumerate(self.articles(host))
        )
        return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'


def hash_of(host: str) -> int:
    """A number of its own for each host, the same in every process."""
    return int.from_bytes(host.encode()[:16].rjust(16, b"\0"), "big") % 1_000_003 * 100


def _number(host: str) -> int:
    return int(re.sub(r"\D", "", host) or 0)


def _calendar(path: str, *, in_path: bool) -> str:
    """A month: each day has a page that says that there is nothing, and there is always a next month."""
    numbers = [int(part) for part in re.findall(r"\d+", path)] or [2026, 5]
    year, month = numbers[:2]
    day = numbers[2] if len(numbers) > 2 else 0
    if day:
        return f"<html><title>{day}</title><body><h1>Events on {day} {month} {year}</h1><p>None.</p></body></html>"
    after = (year + month // 12, month % 12 + 1)
    following = "/calendar/" + (f"{after[0]}/{after[1]:02}/" if in_path else f"?month={after[0]}-{after[1]}")
    days = "".join(
        f'<li><a href="/calendar/{year}/{month:02}/{one:02}/">All of our events on day {one} of this month</a></li>'
        for one in range(1, 29)
    )
    more = f'<a rel="next" href="{following}">Next month</a>'
    return f"<html><body><h1>Events</h1><ul>{days}</ul>{more}</body></html>"


# -- crawls ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Crawled:
    """What one crawl left."""

    store: Path
    code: int
    told: str
    began: datetime
    lasted: float

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """Rows of the store."""
        with sqlite3.connect(self.store) as database:
            found = database.execute(query).fetchall()
        database.close()
        return found

    def finished(self, kind: str) -> float:
        """Seconds until the last visit to a host of this kind was finished."""
        query = f"SELECT max(last_visit) FROM site WHERE name LIKE '{kind}%'"
        ((last,),) = self.rows(query)
        return (float(str(last)) / 1e6) - self.began.timestamp()

    def held(self, kind: str) -> int:
        """Articles held of hosts of this kind."""
        query = f"SELECT count(*) FROM page WHERE site LIKE '{kind}%' AND state = 'held' AND kind = 'article'"
        return int(str(self.rows(query)[0][0]))

    def said(self, kind: str) -> dict[str, str]:
        """Host -> what is said of its trouble."""
        query = f"SELECT name, last_error FROM site WHERE name LIKE '{kind}%'"
        return {str(name): str(error) for name, error in self.rows(query)}


def crawl(folder: Path, web: HostsWeb, hosts: list[str], **settings: str) -> Crawled:
    """One crawl of these hosts in a process of its own, into a store of its own."""
    given = {
        "STORE_URL": f"sqlite:///{folder}/store.db",
        "HOST_MAP": ",".join(
            [*(f"{name}=127.0.0.1:9" for name in web.mix.names("dead")), f"*.test=127.0.0.1:{web.port}"]
        ),
        "ALLOWED_NETWORKS": "127.0.0.1/32",
        "DOWNLOAD_TIMEOUT": str(web.mix.timeout),
        "PROGRESS": "0",
        **settings,
    }
    options = [word for name, value in given.items() for word in ("-s", f"{name}={value}")]
    sites = folder / "sites.toml"
    sites.write_text("".join(f'[[site]]\nurl = "http://{host}/"\n' for host in hosts))
    began, start = datetime.now(UTC), time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "crawler", "crawl", "mirror", "-a", f"sites={sites}", *options],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT), "SCRAPY_SETTINGS_MODULE": "crawler.settings"},
        capture_output=True,
        text=True,
    )
    return Crawled(folder / "store.db", done.returncode, done.stderr, began, time.monotonic() - start)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hosts", type=int, default=200)
    parser.add_argument("--turns", type=int, default=2)
    parser.add_argument("--write", type=Path)
    chosen = parser.parse_args()
    mix = Mix.of(chosen.hosts)
    with HostsWeb(mix) as web, tempfile.TemporaryDirectory() as folder:
        runs: dict[str, list[Crawled]] = {"alone": [], "together": []}
        for turn in range(chosen.turns):
            for name, hosts in (("alone", mix.names("healthy")), ("together", mix.all())):
                place = Path(folder, f"{name}{turn}")
                place.mkdir()
                runs[name].append(crawl(place, web, hosts))
                print(f"{name}: {runs[name][-1].finished('healthy'):.0f} s", file=sys.stderr)
        best = {name: min(several, key=lambda one: one.finished("healthy")) for name, several in runs.items()}
        table = _table(mix, best["alone"], best["together"])
    print(table)
    if chosen.write:
        write_tables(chosen.write, {"hosts": table})


def _table(mix: Mix, alone: Crawled, together: Crawled) -> str:
    of = mix.healthy * ARTICLES
    ratio = together.finished("healthy") / alone.finished("healthy")
    lines = [
        "| crawl | healthy articles | healthy finished | all finished |",
        "| --- | --- | --- | --- |",
        f"| {mix.healthy} healthy hosts alone | {alone.held('healthy')} of {of} | {alone.finished('healthy'):.0f} s"
        f" | {alone.lasted:.0f} s |",
        f"| all {len(mix.all())} | {together.held('healthy')} of {of} | {together.finished('healthy'):.0f} s,"
        f" {ratio:.2f} times as long | {together.lasted:.0f} s |",
        "",
        "| hosts | what is said of them |",
        "| --- | --- |",
    ]
    for kind in ("slow", "hang", "dead", "resting", "calendar"):
        said = together.said(kind)
        told = {_without_numbers(error.replace(f"http://{name}/", "it")) for name, error in said.items()}
        lines.append(f"| {len(said)} {kind} | {'<br>'.join(sorted(filter(None, told)))} |")
    return "\n".join(lines)


def _without_numbers(said: str) -> str:
    return re.sub(r"\d+\.\d+ s", "… s", said)


if __name__ == "__main__":
    main()
