"""What people write behind options, read and checked: points in time, shares, names of sites."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from scrapy.exceptions import UsageError

from crawler.commands.base import CommandError
from crawler.discovery.urls import site_key
from crawler.items import from_iso
from crawler.sites import Site
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


def site_name(store: Store, wanted: str | None, declared: Iterable[Site]) -> str | None:
    """The name by which the store knows a site, given its name, its host or a URL of it. Raises CommandError."""
    if wanted is None:
        return None
    known = {state.name: state.url for state in store.sites.all()}
    named = {**{site.name: site.url for site in declared}, **known}
    host = site_key(wanted if "://" in wanted else f"http://{wanted}")
    by_name = [name for name in named if name.casefold() == wanted.casefold()]
    by_host = [name for name, url in named.items() if host and site_key(url) == host]
    # sites of loaded articles were never visited; one that was declared later has articles by its host as well
    for name in dict.fromkeys((*by_name, wanted, *by_host, host)):
        if name in known or next(iter(store.articles.all(site=name)), None):
            return name
    near = difflib.get_close_matches(wanted, known, n=3, cutoff=0.4) or list(known)[:3]
    hint = f"; known are {', '.join(near)}{' and others' if len(known) > len(near) else ''}" if near else ""
    raise CommandError(f"no site {wanted!r} is known here{hint}")
