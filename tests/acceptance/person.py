"""Somebody who types commands in a folder of their own, and the little press that they crawl."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import press
import tales
from little_web import LittleWeb

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str


@dataclass
class Person:
    """Somebody in a folder of their own, typing commands."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)

    def command(self, *words: str, **settings: str) -> list[str]:
        chosen = [part for name, value in {**self.settings, **settings}.items() for part in ("-s", f"{name}={value}")]
        return [sys.executable, "-m", "crawler", *words, *chosen]

    def environment(self, **more: str) -> dict[str, str]:
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
        return {**os.environ, "PYTHONPATH": path, "SCRAPY_SETTINGS_MODULE": "crawler.settings", **more}

    def type(self, *words: str, given: bytes = b"", env: dict[str, str] | None = None, **settings: str) -> Done:
        done = subprocess.run(
            self.command(*words, **settings),
            cwd=self.folder,
            env=self.environment(**(env or {})),
            input=given,
            capture_output=True,
            timeout=240,  # seconds pass quickly on a busy machine
        )
        told = Done(done.returncode, done.stdout.decode(), done.stderr.decode())
        assert "Traceback" not in told.err, told.err
        return told

    def start(self, *words: str, **settings: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self.command(*words, **settings),
            cwd=self.folder,
            env=self.environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def crawl(self, *urls: str, **settings: str) -> Done:
        return self.type("crawl", "mirror", "-a", f"url={','.join(urls)}", **settings)

    def verdicts(self, store: str = "firstprint.db") -> list[dict[str, Any]]:
        """All verdict lines but for their revision, in a fixed order."""
        done = self.type("reposts", "--all", "--format", "jsonl", STORE_URL=f"sqlite:///{store}")
        assert done.code == 0, done.err
        lines = [json.loads(line) for line in done.out.splitlines()]
        for line in lines:
            del line["revision"]
        return sorted(lines, key=lambda line: (line["url"], line["original_url"] or ""))


QUICK = {
    "ALLOWED_NETWORKS": "127.0.0.1/32",
    "AUTOTHROTTLE_START_DELAY": "0.02",
    "EXTRACTION_WORKERS": "1",
    "PROGRESS": "0",
}


def press_web(web: LittleWeb) -> None:
    press.courier(web, (tales.FERRY, tales.LIBRARY, tales.VIGNE, tales.FARO, tales.PHAROS))
    press.lantern(web, (tales.FERRY, tales.VIGNE, tales.FARO, tales.PHAROS, tales.BEES))
    press.plain(web, (tales.LIBRARY, tales.BEES))


PRESS = ("http://courier.test/", "http://lantern.test/", "http://plain.test/")


@dataclass(frozen=True)
class Crawled:
    web: LittleWeb
    person: Person
    items: Path
    first: Done
