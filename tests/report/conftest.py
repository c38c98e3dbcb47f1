from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from greywick import World, build_world


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Shared by all tests that only read."""
    world = build_world(tmp_path_factory.mktemp("world") / "store.db")
    yield world
    world.store.close()


@pytest.fixture
def fresh_world(tmp_path: Path) -> Iterator[World]:
    """For one test alone, which may write."""
    world = build_world(tmp_path / "store.db")
    yield world
    world.store.close()
