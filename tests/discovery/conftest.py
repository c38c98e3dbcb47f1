from __future__ import annotations

from collections.abc import Iterator

import pytest

from fixtures.web import FixtureWeb


@pytest.fixture(scope="session")
def discovery_web() -> Iterator[FixtureWeb]:
    """The fixture web with its content."""
    with FixtureWeb() as running:
        yield running


@pytest.fixture(scope="session")
def empty_web() -> Iterator[FixtureWeb]:
    """The fixture web without content, for volume of one's own."""
    with FixtureWeb(content=False) as running:
        yield running
