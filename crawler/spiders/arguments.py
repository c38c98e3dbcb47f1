"""What was asked for by `-a name=value`, checked and understood."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crawler.discovery.urls import same_site
from crawler.sites import Site, load_sites, site_of_url

_TRUE = frozenset({"true", "1", "yes", "on"})
_FALSE = frozenset({"false", "0", "no", "off", ""})


@dataclass(frozen=True, slots=True)
class Asked:
    """The spider's arguments as they were typed."""

    url: str = ""
    sites: str = ""
    only: str = ""
    due: str = ""
    full: str = ""
    since: str = ""

    @classmethod
    def read(cls, arguments: dict[str, Any]) -> Asked:
        """Takes ours out of a spider's keyword arguments."""
        return cls(**{name: str(arguments.pop(name, "") or "") for name in cls.__slots__})

    @classmethod
    def refuse(cls, unknown: Iterable[str]) -> None:
        """Raises ValueError for the first of these names, with the nearest that there is."""
        for name in unknown:
            near = difflib.get_close_matches(name, cls.__slots__, 1)
            hint = f"do you mean {near[0]}?" if near else f"there are {', '.join(cls.__slots__)}"
            raise ValueError(f"there is no argument {name!r}; {hint}")

    def is_due(self) -> bool:
        """Only sites whose poll is due."""
        return _switch("due", self.due)

    def is_full(self) -> bool:
        """The whole archive is read once more."""
        return _switch("full", self.full)

    def since_when(self) -> datetime | None:
        """Only articles since then; a bare date begins at midnight, UTC."""
        if not self.since:
            return None
        try:
            moment = datetime.fromisoformat(self.since)
        except ValueError as error:
            raise ValueError(f"since={self.since} is no date; one is written 2026-11-01") from error
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _switch(name: str, value: str) -> bool:
    if value.lower() in _TRUE:
        return True
    if value.lower() in _FALSE:
        return False
    raise ValueError(f"{name}={value} is neither true nor false")


def sites_of(asked: Asked, own: Sequence[Site], sites_file: str) -> list[Site]:
    """The sites of a run: a spider's own, those of `url`, or those that `sites` (or SITES_FILE) declares.

    Raises ValueError (SitesError is one) with one sentence.
    """
    if own:
        sites = list(own)
    elif asked.url:
        sites = _of_urls(asked.url, sites_file)
    elif asked.sites:
        sites = load_sites(asked.sites)
    elif sites_file and Path(sites_file).exists():
        sites = load_sites(sites_file)
    else:
        raise ValueError(
            "nothing to crawl: give -a url=https://mirror.example/ or -a sites=sites.toml, a file that declares sites"
        )
    return _only(sites, asked.only) if asked.only else sites


def declared_in(sites_file: str) -> list[Site]:
    """What SITES_FILE declares; [] where there is no such file. Raises SitesError."""
    return load_sites(sites_file) if sites_file and Path(sites_file).exists() else []


def _of_urls(urls: str, sites_file: str) -> list[Site]:
    """A URL of a declared site means that site, with all that is declared of it."""
    declared = declared_in(sites_file)
    chosen: dict[str, Site] = {}
    for url in filter(None, (one.strip() for one in urls.split(","))):
        site = site_of_url(url)
        site = next((one for one in declared if same_site(one.url, site.url)), site)
        chosen.setdefault(site.name, site)
    if not chosen:
        raise ValueError("url= names no address; one is written https://mirror.example/")
    return list(chosen.values())


def _only(sites: Sequence[Site], names: str) -> list[Site]:
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    known: Mapping[str, Site] = {key: site for site in sites for key in (site_of_url(site.url).name, site.name)}
    missing = [name for name in wanted if name not in known]
    if missing:
        raise ValueError(f"only={missing[0]}: no such site; declared are {', '.join(site.name for site in sites)}")
    return list({known[name].name: known[name] for name in wanted}.values())
