from __future__ import annotations

import pytest

from crawler.dedup import NearDuplicates


@pytest.fixture(scope="session", autouse=True)
def _compiled() -> None:
    """The kernel's functions are compiled at their first call, which is not to count as a test's time."""
    held = NearDuplicates()
    held.add("one", "“One two three four five six seven eight nine.”")
    held.matches("“One two three four five six seven eight.”")
