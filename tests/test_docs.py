"""The documentation names what exists, its links lead somewhere, and the README's code runs."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from crawler import settings
from crawler.attribution.signals import SIGNALS
from crawler.discovery import METHODS
from crawler.items import SkipReason

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md"))]
OUR_SETTINGS = (
    *("STORE_URL", "SITES_FILE", "ALLOWED_NETWORKS", "HOST_MAP", "SINKS", "EXTRACTION_WORKERS", "EXTRACTION_TIMEOUT"),
    *("REVISIT_BUDGET", "SITE_ERROR_LIMIT", "CLOCK"),
)


def headings(page: str) -> str:
    text = (DOCS / page).read_text(encoding="utf-8")
    return "\n".join(line for line in text.splitlines() if line.startswith("#"))


@pytest.mark.parametrize("name", OUR_SETTINGS)
def test_every_setting_has_its_heading(name: str) -> None:
    assert hasattr(settings, name)
    assert f"`{name}`" in headings("settings.md")


def test_every_command_has_its_heading() -> None:
    commands = {p.stem for p in (ROOT / "crawler" / "commands").glob("*.py") if "(ScrapyCommand)" in p.read_text()}
    commands |= {"crawl", "load", "reposts", "trace", "report", "relink", "deliver", "sites", "judge", "forget"}
    missing = [name for name in sorted(commands) if not re.search(rf"\b{name}\b", headings("commands.md"))]
    assert not missing


def test_every_signal_has_its_heading() -> None:
    text = headings("signals.md")
    assert SIGNALS
    assert not [name for name in SIGNALS if f"`{name}`" not in text]


def test_every_sink_has_its_heading() -> None:
    modules = (ROOT / "crawler" / "sinks").glob("*.py")
    sinks = {p.stem for p in modules if re.search(r"^    def send\(", p.read_text(), re.M)} - {"base", "delivery"}
    assert sinks
    assert not [name for name in sorted(sinks) if f"`{name}`" not in headings("sinks.md")]


@pytest.mark.parametrize("reason", list(SkipReason))
def test_every_skip_reason_is_explained(reason: SkipReason) -> None:
    assert f"`{reason}`" in (DOCS / "reading.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("method", sorted(METHODS))
def test_every_discovery_method_has_its_heading(method: str) -> None:
    assert f"`{method}`" in headings("discovery.md")


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|mailto:)([^)#\s]+)", page.read_text(encoding="utf-8"))
    assert not [link for link in links if not (page.parent / link).exists()]


def python_blocks(page: Path) -> list[str]:
    return re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.S)


def test_the_readmes_code_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    blocks = python_blocks(ROOT / "README.md")
    assert blocks
    for block in blocks:
        exec(compile(block, "README.md", "exec"), {"__name__": "readme"})


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_python_in_the_docs_parses(page: Path) -> None:
    for block in python_blocks(page):
        ast.parse(block)
