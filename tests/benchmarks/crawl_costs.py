"""What crawls of each kind of site cost, and after how long each kind of change is found.

    python -m tests.benchmarks.crawl_costs [--posts 400] [--kinds blogger,static] [--write docs/costs.md]

Whole crawls of the fixture web in processes of their own, counted from the server's log: redirects, retries and
articles included, robots.txt not. For the costs one site of each kind, of `--posts` posts, is changed again and again
(nothing is looked at again meanwhile: REVISIT_BUDGET=0). For the changes each has a site of its own, which is visited
at once, and then, with the budget that is the default, after an hour, six, a day and so on, until it is found.
`--write` replaces the two tables in a page of the documentation, between the lines that mark them.
"""

from __future__ import annotations

import argparse
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from fixtures.web import FixtureWeb

ROOT = Path(__file__).parents[2]
SMALL = 40
"""Posts of a site on which one change is followed."""
SPACING = "7h"
PASSED = ("20m", "40m", "6h", "17h", "1d", "1d", "4d", "7d", "14d", "16d", "30d", "30d")
"""What goes by between two visits while a change is not found."""
MARK = "<!-- measured: {} -->"


@dataclass(frozen=True)
class Kind:
    """One kind of site: which of the nine it is like, and what is set otherwise."""

    name: str
    model: str
    scale: float = 1.0
    """Share of the posts that it is given: pages that need a browser take seconds each."""
    make: dict[str, Any] = field(default_factory=dict)


KINDS = (
    Kind("WordPress with REST", "dailyrelay.example"),
    Kind("WordPress, feed only", "worldbrief.example"),
    Kind("Blogger", "newsquilt.example"),
    Kind("static, sitemap index", "quickmirror.example"),
    Kind("listings only", "paperboy.example"),
    Kind("JavaScript", "glasspane.example", 0.05),
)


class Bench:
    """The web, one store, and crawls of some sites at once."""

    def __init__(self, web: FixtureWeb, folder: Path) -> None:
        self.web = web
        self.folder = folder
        self.told = ""

    def crawl(self, hosts: Iterable[str], **settings: str) -> Counter[str]:
        """Visits these sites; what each was asked for, robots.txt apart."""
        self.web.clear_log()
        given = self.web.settings | {
            "STORE_URL": f"sqlite:///{self.folder / 'store.db'}",
            "AUTOTHROTTLE_START_DELAY": "0.02",
            "PROGRESS": "false",
            **settings,
        }
        command = [sys.executable, "-m", "crawler", "crawl", "mirror"]
        command += ["-a", "url=" + ",".join(f"http://{host}/" for host in hosts)]
        command += [word for name, value in given.items() for word in ("-s", f"{name}={value}")]
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
        environment = os.environ | {"SCRAPY_SETTINGS_MODULE": "crawler.settings", "PYTHONPATH": path}
        done = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"the crawl ended with {done.returncode}:\n{done.stderr}")
        return Counter(line["host"] for line in self.web.log(robots=False))

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with sqlite3.connect(self.folder / "store.db") as database:
            found = database.execute(query, values).fetchall()
        database.close()
        return found

    def held(self, url: str) -> bool:
        return bool(self.rows("SELECT 1 FROM article WHERE url = ? AND gone IS NULL", url))

    def version(self, url: str) -> int:
        return int(next(iter(self.rows("SELECT version FROM article WHERE url = ?", url)), (0,))[0])

    def lost(self, url: str) -> str:
        """ "missing", "gone", or nothing."""
        state = next(iter(self.rows("SELECT state FROM page WHERE url = ?", url)), ("",))[0]
        gone = self.rows("SELECT 1 FROM article WHERE url = ? AND gone IS NOT NULL", url)
        return "gone" if gone else state if state == "missing" else ""


# -- what happens to a site: each does it, and returns a question: is it found? ("" for no)

Asked = Callable[[], str]


def _yes(found: bool) -> str:
    return "found" if found else ""


def _old(bench: Bench, host: str, share: float = 0.05) -> str:
    """A post that left every list of the newest long ago."""
    posts = [post for post in bench.web.posts(host) if not post["page"] and post["state"] == "publish"]
    return str(sorted(posts, key=lambda post: post["published"])[int(len(posts) * share)]["url"])


def add(bench: Bench, host: str, count: int = 1) -> Asked:
    urls = bench.web.add_posts(host, count, spacing="1m")
    return lambda: _yes(all(bench.held(url) for url in urls))


def insert(bench: Bench, host: str, before: timedelta = timedelta(hours=9)) -> Asked:
    text = "\n\n".join(f"Paragraph {one} of the late report names pier {one + 3} and its keeper." for one in range(9))
    published = bench.web.now() - before
    url = bench.web.insert_post(host, title="The pier that opened late", text=text, published=published)["url"]
    return lambda: _yes(bench.held(url))


def edit(bench: Bench, host: str, count: int = 1, share: float = 0.05) -> Asked:
    urls = [_old(bench, host, share + 0.9 * one / max(count, 1) * (count > 1)) for one in range(count)]
    before = {url: bench.version(url) for url in urls}
    for url in urls:
        text = bench.web.post(host, url)["text"]
        bench.web.edit_post(host, url, text=f"{text}\n\nThe office confirmed the figures of {before[url]} on Tuesday.")
    return lambda: _yes(all(bench.version(url) > version for url, version in before.items()))


def erase(bench: Bench, host: str, answer: str = "404") -> Asked:
    bench.web.change_site(host, deleted=answer)
    url = _old(bench, host, 0.2)
    (bench.web.trash_post if answer == "trash" else bench.web.erase_post)(host, url)
    return lambda: bench.lost(url)


def move(bench: Bench, host: str, answer: str = "301") -> Asked:
    bench.web.change_site(host, moved=answer)
    old = _old(bench, host, 0.2)
    new = bench.web.move_post(host, old, "a-slug-that-nobody-foresaw")["url"]
    return lambda: "found" if bench.held(new) else bench.lost(old)


COSTS: tuple[tuple[str, Callable[[Bench, str], Asked] | None], ...] = (
    ("unchanged", None),
    ("1 new", add),
    ("10 new", lambda bench, host: add(bench, host, 10)),
    ("1 back-dated", insert),
    ("1 old edit", edit),
    ("10 old edits", lambda bench, host: edit(bench, host, 10)),
    ("1 old deletion", erase),
    ("unchanged again", None),
)
CHANGES: tuple[tuple[str, Callable[[Bench, str], Asked]], ...] = (
    ("inserted 9 h back", insert),
    ("inserted 8 d back", lambda bench, host: insert(bench, host, timedelta(days=8))),
    ("edit of an old post", edit),
    ("deleted, 404", erase),
    ("deleted, 410", lambda bench, host: erase(bench, host, "410")),
    ("deleted, to home", lambda bench, host: erase(bench, host, "home")),
    ("trashed", lambda bench, host: erase(bench, host, "trash")),
    ("moved, 301", move),
    ("moved, 404", lambda bench, host: move(bench, host, "404")),
)


def _host(kind: Kind, change: str) -> str:
    """A site's name is on all its pages: "404" in it would tell readers something."""
    number = next((number for number, (name, _) in enumerate(CHANGES) if name == change), len(CHANGES))
    name = re.sub(r"[^a-z]+", "-", kind.name.lower()).strip("-")
    return f"{name}-{'abcdefghijklmnop'[number]}.example"


def _set_up(bench: Bench, kinds: Sequence[Kind], posts: int) -> None:
    for kind in kinds:
        for change, number in (("costs", posts), *((change, SMALL) for change, _ in CHANGES)):
            bench.web.add_site(_host(kind, change), kind.model, **kind.make)
            number = max(int(number * kind.scale), 12)
            bench.web.add_posts(_host(kind, change), number, spacing=SPACING if kind.scale == 1 else "30h")


def costs(bench: Bench, kinds: Sequence[Kind]) -> list[list[str]]:
    """A row for each kind: requests at each visit, with a note where the change was not found by it."""
    hosts = {kind.name: _host(kind, "costs") for kind in kinds}
    first = bench.crawl(hosts.values(), REVISIT_BUDGET="0")
    rows = {}
    for name, host in hosts.items():
        articles = bench.rows("SELECT count(*) FROM article WHERE site = ?", host)[0][0]
        whole = sum(post["state"] == "publish" and not post["page"] for post in bench.web.posts(host))
        rows[name] = [name, f"{articles} of {whole}", str(first[host])]
    for title, change in COSTS:
        asked = {name: change(bench, host) for name, host in hosts.items()} if change else {}
        bench.web.advance("5m")
        spent = bench.crawl(hosts.values(), REVISIT_BUDGET="0")
        for name, host in hosts.items():
            found = not change or asked[name]()
            rows[name].append(f"{spent[host]}" if found else f"{spent[host]} (not seen)")
        print(f"{title}: {dict(spent)}", file=sys.stderr)
    return list(rows.values())


def changes(bench: Bench, kinds: Sequence[Kind]) -> list[list[str]]:
    """A row for each kind: what was found of each change, and after how long."""
    places = {(kind.name, change): _host(kind, change) for kind in kinds for change, _ in CHANGES}
    bench.crawl(places.values())
    bench.web.advance("10m")
    began = bench.web.now()
    open_ = {(kind.name, name): act(bench, _host(kind, name)) for kind in kinds for name, act in CHANGES}
    told: dict[tuple[str, str], list[str]] = {place: [] for place in places}
    for passes in ("1m", *PASSED):
        bench.web.advance(passes)
        bench.crawl([places[place] for place in open_])
        for place, ask in list(open_.items()):
            answer = ask()
            if answer and (not told[place] or not told[place][-1].startswith(answer)):
                told[place].append(f"{answer} {_after(bench.web.now() - began)}")
            if answer in ("found", "gone"):
                del open_[place]
        print(f"+{passes}: {len(open_)} changes are open", file=sys.stderr)
        if not open_:
            break
    return [
        [
            kind.name,
            *("; ".join(told[kind.name, change]) or f"not in {1 + len(PASSED)} visits" for change, _ in CHANGES),
        ]
        for kind in kinds
    ]


def _after(passed: timedelta) -> str:
    hours = passed / timedelta(hours=1)
    return "at once" if hours < 1 else f"after {hours:.0f} h" if hours < 48 else f"after {hours / 24:.0f} d"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def write_tables(page: Path, tables: dict[str, str]) -> None:
    """Replaces tables in a page, each between the lines that mark it."""
    text = page.read_text(encoding="utf-8")
    for name, table in tables.items():
        before, mark, rest = text.partition(MARK.format(name))
        _, end, after = rest.partition(MARK.format("end"))
        if not end:
            raise SystemExit(f"{page} has no line {MARK.format(name)}")
        text = f"{before}{mark}\n{table}\n{end}{after}"
    page.write_text(text, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description="The costs of crawls, measured on the fixture web.")
    parser.add_argument("--posts", type=int, default=400, help="posts of the sites whose costs are counted")
    parser.add_argument("--kinds", default="", help="only those whose names hold one of these words, parted by commas")
    parser.add_argument("--only", choices=("costs", "changes"), default=None)
    parser.add_argument("--write", type=Path, default=None, help="a page in which the tables are replaced")
    arguments = parser.parse_args()
    wanted = [name.strip().lower() for name in arguments.kinds.split(",")]
    kinds = [kind for kind in KINDS if any(name in kind.name.lower() for name in wanted)]
    tables = {}
    began = datetime.now()
    with FixtureWeb(content=False) as web, tempfile.TemporaryDirectory() as folder:
        bench = Bench(web, Path(folder))
        _set_up(bench, kinds, arguments.posts)
        if arguments.only != "changes":
            tables["costs"] = _table(
                ["site", "articles", "first visit", *(name for name, _ in COSTS)], costs(bench, kinds)
            )
        if arguments.only != "costs":
            tables["changes"] = _table(["site", *(name for name, _ in CHANGES)], changes(bench, kinds))
    print("\n\n".join(tables.values()))
    print(f"{(datetime.now() - began).total_seconds():.0f} s", file=sys.stderr)
    if arguments.write:
        write_tables(arguments.write, tables)


if __name__ == "__main__":
    main()
