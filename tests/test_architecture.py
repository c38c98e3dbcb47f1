"""The house as drawn in docs/architecture.md: imports run down, the core stands without Scrapy, rooms stay small."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "crawler"

FLOORS = (
    {"__main__"},
    {"pipelines", "middlewares", "frontier"},
    {"extensions", "commands"},
    {"spiders", "attribution", "sinks", "report", "network"},
    {"extraction", "storage"},
    {"discovery", "dedup"},
    {"sites"},
    {"clock", "children"},
    {"items"},
)
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
# The words that discovery speaks and the identity of a URL are shared by all, also by sites.toml's reader.
SHARED = {"crawler.discovery.base", "crawler.discovery.urls"}
NEEDS_SCRAPY = {"pipelines", "middlewares", "frontier", "extensions", "commands", "spiders", "network", "settings"}
CORE = sorted(set(FLOOR) - NEEDS_SCRAPY - {"__main__"})
MODULES = sorted(PACKAGE.rglob("*.py"))


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    """Full names of all modules that a file imports, at any depth of its code."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are written in full"
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {str(node.module)}
    return found


def rooms_used(path: Path) -> set[str]:
    names = {name for name in imports(path) if not name.startswith(tuple(SHARED))}
    return {name.split(".")[1] for name in names if name.startswith("crawler.")} - {"__version__"}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_run_down(path: Path) -> None:
    here = room(path)
    if here in ("__init__", "settings"):
        return
    for used in rooms_used(path) - {here, "settings"}:
        assert FLOOR[used] > FLOOR[here], f"{here} may not import {used}"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_only_scrapys_rooms_import_it(path: Path) -> None:
    outside = {name.split(".")[0] for name in imports(path)} & {"scrapy", "twisted", "scrapy_playwright"}
    assert not outside or room(path) in NEEDS_SCRAPY


def test_the_core_stands_without_scrapy() -> None:
    program = (
        "import sys\n"
        "class Block:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] in ('scrapy', 'twisted', 'playwright'):\n"
        "            raise ImportError(name)\n"
        "sys.meta_path.insert(0, Block())\n"
        "import importlib\n"
        f"for name in {CORE!r}: importlib.import_module('crawler.' + name)\n"
        "from crawler.extraction import extract\n"
        "from crawler.dedup import NearDuplicates\n"
        "from crawler.attribution.linker import Linker\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=ROOT)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_modules_stay_small(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_no_room_is_a_drawer() -> None:
    drawers = {"utils", "util", "core", "common", "helpers", "misc"}
    assert not [p for p in MODULES if drawers & {p.stem, *p.relative_to(PACKAGE).parts}]


def test_the_top_level_is_as_designed() -> None:
    tracked = subprocess.run(["git", "ls-files"], check=True, cwd=ROOT, capture_output=True, text=True).stdout
    allowed = {
        *("scrapy.cfg", "pyproject.toml", "README.md", "crawler", "tests", "fixtures", "LICENSE", "CHANGELOG.md"),
        *("CONTRIBUTING.md", "Makefile", "docs", ".ci", ".gitignore", "sites.example.toml", "requirements.lock"),
        ".pre-commit-config.yaml",
    }
    assert {line.split("/")[0] for line in tracked.splitlines()} <= allowed
