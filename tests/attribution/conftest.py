from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.storage import open_store
from crawler.storage.base import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(f"sqlite:///{tmp_path}/store.db")
    yield store
    store.close()
