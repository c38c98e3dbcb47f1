from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SENTENCES = (
    "The night watch of Ravelin found the lighthouse lamp burning with a green flame that nobody had lit",
    "and the keeper, called from his bed at four, said that copper salts had been thrown into the oil by gulls",
    "which the port commission does not believe, because gulls have no access to the chemistry room of the school",
    "so that eleven pupils were asked to explain where they had been, and eleven pupils had been at choir practice",
    "although the choir, as its conductor remarked, has not met on a Thursday since the organ was struck by lightning",
    "a matter that the insurance company considers closed and the organ builder considers a personal insult",
)


def text(first: int = 0, last: int = 6, extra: str = "") -> str:
    paragraphs = [f"{one[0].upper()}{one[1:]}." for one in SENTENCES[first:last]]
    return "\n\n".join([*paragraphs, *([extra] if extra else [])])


def record(host: str, slug: str, body: str, published: str, **more: Any) -> dict[str, Any]:
    return {"url": f"http://{host}/{slug}/", "title": "Green flame", "text": body, "published": published, **more}


RECORDS = [
    record("paper.example", "flame", text(), "2026-11-03T08:00:00+01:00", authors=["Ida Quill"]),
    record("mirror.example", "flame-copy", text(), "2026-11-03T10:30:00+01:00", authors=["admin"]),
    record("second.example", "flame-part", text(0, 4), "2026-11-05T10:30:00+01:00", authors=["admin"]),
    record("paper.example", "bread", "Bread is dearer in Ravelin by a farthing, bakers said on Monday.", "2026-11-04"),
]


@dataclass(frozen=True)
class Archive:
    """A folder with a loaded store in it, and the records it was loaded from."""

    folder: Path
    records: list[dict[str, Any]]


@dataclass(frozen=True)
class Done:
    """What became of a command."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> list[str]:
        return self.err.splitlines()


def command(*words: str, cwd: Path, stdin: str = "", **environment: str) -> Done:
    """The console script in a process and a folder of its own, as somebody types it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("FIRSTPRINT_", "SCRAPY_"))}
    done = subprocess.run(
        [sys.executable, "-m", "crawler", *words],
        cwd=cwd,
        env={**kept, "COLUMNS": "100", **environment},
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)
