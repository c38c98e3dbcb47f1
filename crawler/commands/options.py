"""What people write behind options, read and checked: points in time, shares, names of sites."""

from __future__ import annotations

import difflib
import re
from datetime import datetime, timedelta

from scrapy.exceptions import UsageError

from crawler.commands.base import CommandError
from crawler.discovery.urls import host_name
from crawler.items import from_iso
from crawler.storage.base import Store

_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def refuse_arguments(args: list[str]) -> None:
    """For commands that take options only."""
    if args:
        raise UsageError(f"unrecognized arguments: {' '.join(args)}")


def since(text: str | None, now: datetime) -> datetime | None:
    """A point in time: a date or time in ISO 8601 (UTC where no offset stands), or a duration back from `now`."""
    if not text:
        return None
    try:
        if back := re.fullmatch(r"(\d{1,6})\s*([mhdw])", text.strip()):
            return now - timedelta(**{_UNITS[back[2]]: int(back[1])})
        return from_iso(text.strip())
    except (ValueError, OverflowError):
        raise CommandError(
            f"--since {text} is not understood: give a date such as 2026-11-01 or a time back such as 12h, 7d or 2w"
        ) from None


def share(text: str, option: str) -> float:
    """A number from 0 to 1."""
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0.0 <= number <= 1.0:
        raise CommandError(f"{option} {text} is not understood: it is a number from 0 to 1")
    return number


def positive(text: str, option: str) -> int:
    """A whole number above 0."""
    if not re.fullmatch(r"\d{1,9}", text) or int(text) < 1:
        raise CommandError(f"{option} {text} is not understood: it is a whole number above 0")
    return int(text)


def site_name(store: Store, wanted: str | None) -> str | None:
    """The name by which the store knows a site, given its name, its host or a URL of it. Raises CommandError."""
    if wanted is None:
        return None
    host = (host_name(wanted) if "://" in wanted else host_name(f"http://{wanted}")).removeprefix("www.")
    states = store.sites.all()
    for state in states:
        if wanted.casefold() == state.name.casefold():
            return state.name
    for state in states:
        if host and host == host_name(state.url).removeprefix("www."):
            return state.name
    for name in dict.fromkeys((wanted, host)):  # sites of loaded articles were never visited
        if name and next(iter(store.articles.all(site=name)), None):
            return name
    known = [state.name for state in states]
    near = difflib.get_close_matches(wanted, known, n=3, cutoff=0.4) or known[:3]
    hint = f"; known are {', '.join(near)}{' and others' if len(known) > len(near) else ''}" if near else ""
    raise CommandError(f"no site {wanted!r} is known here{hint}")
