"""Our settings, checked before anything is opened: one sentence that names the setting, instead of a surprise later."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from scrapy.settings import Settings

_SWITCH = frozenset({"true", "false", "1", "0"})
"""What Scrapy's `getbool` takes, in small letters."""


def check_settings(settings: Settings) -> None:
    """Raises ValueError: "EXTRACTION_WORKERS is 'many'; it is a whole number from 0 up"."""
    for name, (is_good, wanted) in _CHECKS.items():
        value = settings.get(name)
        try:
            good = is_good(value)
        except (ValueError, TypeError, OverflowError):
            good = False
        if not good:
            raise ValueError(f"{name} is {value!r}; it is {wanted}")


def _whole(least: int) -> tuple[Callable[[Any], bool], str]:
    return lambda value: least <= int(value) < 1 << 31 and float(value) == int(value), f"a whole number from {least} up"


def _number(least: float, most: float) -> Callable[[Any], bool]:
    return lambda value: least <= float(value) <= most and not math.isnan(float(value))


_CHECKS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "EXTRACTION_WORKERS": _whole(0),
    "EXTRACTION_TIMEOUT": (_number(0.1, 86_400), "a number of seconds from 0.1 to 86400"),
    "EXTRACTION_MEMORY_MB": _whole(64),
    "REVISIT_BUDGET": _whole(0),
    "SITE_MAX_PAGES": _whole(1),
    "SITE_ERROR_LIMIT": (_number(0, 1), "a share from 0 to 1"),
    "BROWSER_PAGES": _whole(1),
    "PROGRESS": (lambda value: value is None or str(value).lower() in _SWITCH, "True or False"),
    "ROBOTS_META_OBEY": (lambda value: value is None or str(value).lower() in _SWITCH, "True or False"),
}
