from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from little_web import LittleWeb
from person import PRESS, QUICK, Crawled, Person, press_web


@pytest.fixture
def web() -> Iterator[LittleWeb]:
    with LittleWeb() as running:
        yield running


@pytest.fixture
def person(web: LittleWeb, tmp_path: Path) -> Person:
    return Person(tmp_path, {**QUICK, "HOST_MAP": f"*.test=127.0.0.1:{web.port}"})


@pytest.fixture(scope="session")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    """Three little sites, crawled once. Tests that share it leave its store's verdicts as they are."""
    with LittleWeb() as web:
        press_web(web)
        person = Person(tmp_path_factory.mktemp("press"), {**QUICK, "HOST_MAP": f"*.test=127.0.0.1:{web.port}"})
        first = person.type("crawl", "mirror", "-a", f"url={','.join(PRESS)}", "-O", "out.jsonl")
        yield Crawled(web, person, person.folder / "out.jsonl", first)
