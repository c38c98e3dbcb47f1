"""Where the measuring corpora lie, and their pages. They are never part of the project."""

from __future__ import annotations

import gzip
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

ROOT = Path(__file__).resolve().parents[2]
Half = Literal["even", "odd"]


@dataclass(frozen=True, slots=True)
class Page:
    """One page with its truth: `body` always, `title`, `date` and `authors` where the corpus has them."""

    url: str
    html: bytes
    truth: dict[str, Any]


def folder(name: str) -> Path | None:
    """A corpus by name ("aeb", "news"), None where it is not on this machine."""
    found = Path(os.environ.get("FIRSTPRINT_CORPORA") or ROOT.parent / "shared" / "corpora") / name
    return found if (found / "truth.jsonl").is_file() else None


def pages(corpus: Path, half: Half | None = None) -> list[Page]:
    """The pages of a corpus, of all lines of its truth or of every second one."""
    lines = (corpus / "truth.jsonl").read_text(encoding="utf-8").splitlines()
    found = []
    for at, line in enumerate(lines):
        if half is None or at % 2 == (half == "odd"):
            truth = json.loads(line)
            html = gzip.decompress((corpus / truth["file"]).read_bytes())
            found.append(Page(truth["url"] or "https://page.example/article", html, truth))
    return found
