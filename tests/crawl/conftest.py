from __future__ import annotations

import itertools
import json
import os
import sqlite3
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from crawler.storage import open_store
from crawler.storage.base import Store
from fixtures.web import FixtureWeb

ROOT = Path(__file__).parents[2]
QUICK = {"AUTOTHROTTLE_ENABLED": "False", "EXTRACTION_WORKERS": "1"}


@dataclass(frozen=True)
class Run:
    """One crawl in a process of its own, as people run it."""

    code: int
    told: str
    """stderr"""
    items: list[dict[str, Any]]


@dataclass
class Bench:
    """A store, a web, and crawls between them."""

    folder: Path
    web: FixtureWeb
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def store_path(self) -> Path:
        return self.folder / "store.db"

    def command(self, *arguments: str, spider: str = "mirror", **settings: str) -> list[str]:
        given = {**self.web.settings, **QUICK, "STORE_URL": f"sqlite:///{self.store_path}", **self.settings, **settings}
        options = [word for name, value in given.items() for word in ("-s", f"{name}={value}")]
        named = [word for argument in arguments for word in ("-a", argument)]
        return [sys.executable, "-m", "crawler", "crawl", spider, *named, *options]

    def start(self, *arguments: str, **settings: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.command(*arguments, **settings),
            cwd=self.folder,
            env=self.environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def crawl(self, *arguments: str, spider: str = "mirror", **settings: str) -> Run:
        out = self.folder / "out.jsonl"
        done = subprocess.run(
            [*self.command(*arguments, spider=spider, **settings), "-O", str(out)],
            cwd=self.folder,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=280,
        )
        assert "Traceback" not in done.stderr, done.stderr
        assert done.stdout == ""
        items = [json.loads(line) for line in out.read_text().splitlines()] if out.exists() else []
        return Run(done.returncode, done.stderr, items)

    def environment(self) -> dict[str, str]:
        path = os.pathsep.join(filter(None, [str(ROOT), str(self.folder), os.environ.get("PYTHONPATH")]))
        return os.environ | {"SCRAPY_SETTINGS_MODULE": "crawler.settings", "PYTHONPATH": path}

    def requests(self) -> defaultdict[str, Counter[str]]:
        """What each host's server counted since the last call: "robots" and "pages"."""
        spent: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for line in self.web.log():
            spent[line["host"]]["robots" if line["path"] == "/robots.txt" else "pages"] += 1
        self.web.clear_log()
        return spent

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with sqlite3.connect(self.store_path) as database:
            found = database.execute(query, values).fetchall()
        database.close()
        return found

    def store(self) -> Store:
        return open_store(f"sqlite:///{self.store_path}", read_only=True)

    def articles(self) -> dict[str, tuple[str, int, bool]]:
        """URL -> text hash, version, gone."""
        return {
            url: (text_hash, version, gone is not None)
            for url, text_hash, version, gone in self.rows("SELECT url, text_hash, version, gone FROM article")
        }


@pytest.fixture(scope="session")
def web() -> Iterator[FixtureWeb]:
    with FixtureWeb() as running:
        yield running


@pytest.fixture
def bench(web: FixtureWeb, tmp_path: Path) -> Bench:
    web.clear_faults()
    web.clear_log()
    return Bench(tmp_path, web)


_numbers = itertools.count(1)


@pytest.fixture
def new_site(web: FixtureWeb) -> Callable[..., str]:
    """An empty site of its own for one test, like one of the nine."""

    def add(model: str, posts: int = 0, **changes: Any) -> str:
        host = f"crawled{next(_numbers)}.example"
        web.add_site(host, model, **changes)
        if posts:
            web.add_posts(host, posts)
        return host

    return add
