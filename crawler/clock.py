"""The only source of "now" for due times: the system's clock, one that is shifted, or one that is asked for."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from crawler.items import from_iso


class ClockError(ValueError):
    """The clock cannot be read; the message is one sentence that names the setting."""


Clock = Callable[[], datetime]
"""Returns an aware datetime in UTC."""

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_SHIFT_MOST = timedelta(days=365 * 500)
_ASK_EVERY = 1.0
"""Seconds between two questions to a clock that is asked over HTTP."""


def parse_clock(text: str) -> Clock:
    """The clock that the setting CLOCK names.

    "" or "system": the system's; "+3d", "-90m": the system's, shifted; "http://…": asked at that URL at most once
    a second (an ISO 8601 time, seconds since 1970, or a JSON object with "now"). Raises ClockError on anything else;
    so does the clock itself where its URL tells no time.
    """
    text = text.strip()
    if text in ("", "system"):
        return _system
    if shift := re.fullmatch(r"([+-])(\d+)([smhdw])", text):
        return _shifted(text, int(shift[2]) * _UNITS[shift[3]] * (1 if shift[1] == "+" else -1))
    if text.startswith(("http://", "https://")):
        return _asked(text)
    raise ClockError(f"CLOCK is {text!r}; it takes nothing, a shift such as +3d, or a URL")


def _system() -> datetime:
    return datetime.now(UTC)


def _shifted(text: str, seconds: int) -> Clock:
    if abs(seconds) > _SHIFT_MOST.total_seconds():
        raise ClockError(f"CLOCK is {text!r}; it shifts by {_SHIFT_MOST.days // 365} years at most")
    delta = timedelta(seconds=seconds)
    return lambda: _system() + delta


def _asked(url: str) -> Clock:
    import urllib.request  # takes longer than all else that a quick command imports, and is hardly ever needed
    from http.client import HTTPException

    last_asked = float("-inf")
    last = _system()

    def now() -> datetime:
        nonlocal last_asked, last
        if time.monotonic() - last_asked >= _ASK_EVERY:
            try:
                with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310  only http(s), set by the operator
                    last = _read_moment(answer.read(200).decode("ascii", "replace").strip())
            except (OSError, HTTPException, ValueError, KeyError, OverflowError) as error:
                raise ClockError(f"CLOCK is {url!r}, which tells no time: {error}") from error
            last_asked = time.monotonic()
        return last

    return now


def _read_moment(text: str) -> datetime:
    if text.startswith("{"):
        text = str(json.loads(text)["now"])
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return datetime.fromtimestamp(float(text), UTC)
    moment = from_iso(text.strip('"'))
    if moment is None:
        raise ValueError("the clock's URL gave no time")
    return moment.astimezone(UTC)
