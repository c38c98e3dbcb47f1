"""Who copies whom, as a table that stays readable, and the sites with their figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from crawler.report.stories import Overview, SiteFigures
from crawler.storage.base import SiteState

ROWS, COLUMNS = 40, 24
HEATS = 5


@dataclass(frozen=True, slots=True)
class Cell:
    """How many copies; `heat` from 0 (none) to 5 (as many as the fullest cell)."""

    number: int
    heat: int


@dataclass(frozen=True, slots=True)
class Row:
    """A source and what each site of the columns took from it; `total` counts all sites."""

    name: str
    cells: tuple[Cell, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """Sources by sites, the busiest first; `left_out` pairs did not fit."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class SiteRow:
    """One line of the table of sites."""

    name: str
    url: str
    role: str
    copies: int
    copied_by_others: int
    median_lag: int | None
    last_visit: datetime | None
    trouble: str


def make_matrix(flows: Mapping[tuple[str, str], int]) -> Matrix:
    """The table of (source, site) -> copies, cut to what can be read."""
    by_source: Counter[str] = Counter()
    by_site: Counter[str] = Counter()
    for (source, site), number in flows.items():
        by_source[source] += number
        by_site[site] += number
    sources, sites = _busiest(by_source, ROWS), _busiest(by_site, COLUMNS)
    most = max(flows.values(), default=0)
    rows = tuple(
        Row(source, tuple(_cell(flows.get((source, site), 0), most) for site in sites), by_source[source])
        for source in sources
    )
    shown = {(source, site) for source in sources for site in sites}
    return Matrix(sites, rows, sum(pair not in shown for pair in flows))


def _busiest(counted: Counter[str], limit: int) -> tuple[str, ...]:
    return tuple(sorted(counted, key=lambda name: (-counted[name], name))[:limit])


def _cell(number: int, most: int) -> Cell:
    return Cell(number, -(-number * HEATS // most) if most else 0)


def site_rows(states: Iterable[SiteState], figures: Overview) -> list[SiteRow]:
    """Every site that is known, declared or only met in a verdict; the busiest first."""
    known = {state.name: state for state in states}
    names = dict.fromkeys([*known, *figures.sites])
    rows = [_site_row(name, known.get(name), figures.sites.get(name) or SiteFigures(name)) for name in names]
    return sorted(rows, key=lambda row: (-row.copies - row.copied_by_others, row.name))


def _site_row(name: str, state: SiteState | None, one: SiteFigures) -> SiteRow:
    lag = one.median_lag
    return SiteRow(
        name=name,
        url=state.url if state else "",
        role=state.role if state else "unknown",
        copies=one.copies,
        copied_by_others=one.copied_by_others,
        median_lag=None if lag is None else round(lag),
        last_visit=state.last_visit if state else None,
        trouble=state.last_error if state else "",
    )
