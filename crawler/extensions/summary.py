"""What a crawl did, in a table at its end, on stderr."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from scrapy.statscollectors import StatsCollector

from crawler.extensions.say import say
from crawler.report.words import count
from crawler.spiders.visit import SiteVisit

_COLUMNS = ("new", "changed", "gone", "errors", "requests")
_MOST_SITES = 60
_MOST_SENTENCES = 20
_PLAIN_WIDTH = 120


def summarise(visits: Sequence[SiteVisit], stats: StatsCollector) -> None:
    """Prints the table; leaves the same figures in the stats as firstprint/…"""
    totals: Counter[str] = Counter()
    verdicts: Counter[str] = Counter()
    for visit in visits:
        totals.update(visit.counts)
        verdicts.update(visit.verdicts)
        for name, value in visit.counts.items():
            stats.set_value(f"firstprint/{visit.name}/{name}", value)
    for name, value in totals.items():
        stats.set_value(f"firstprint/{name}", value)
    console = Console(stderr=True)
    if not console.is_terminal:
        console.width = _PLAIN_WIDTH
    if not visits:
        console.print("crawl: no site is due")
        return
    console.print(_table(visits))
    for visit in [visit for visit in visits if visit.is_failure][:_MOST_SENTENCES]:
        say(f"{visit.name} failed: {visit.why_failed}")
    console.print(escape(_closing_line(visits, totals, verdicts)))


def _table(visits: Sequence[SiteVisit]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("site", overflow="ellipsis", no_wrap=True, max_width=40)
    for column in _COLUMNS:
        table.add_column(column, justify="right")
    table.add_column("left out, and why", overflow="fold")
    shown = sorted(visits, key=lambda visit: not (visit.why_failed or visit.remark))[:_MOST_SITES]
    for visit in shown:
        row = [escape(visit.name), *(str(visit.counts[column]) for column in _COLUMNS)]
        table.add_row(*row, escape(_remarks(visit)), style="red" if visit.is_failure else None)
    if len(visits) > len(shown):
        table.add_row(f"and {len(visits) - len(shown)} more: scrapy sites", *[""] * (len(_COLUMNS) + 1))
    return table


def _remarks(visit: SiteVisit) -> str:
    parts = [f"{number} {reason}" for reason, number in visit.skips.most_common(5)]
    parts += [f"{visit.counts[kind]} {kind}" for kind in ("missing", "moved") if visit.counts[kind]]
    parts += filter(None, [visit.why_failed or visit.remark])
    return "; ".join(parts)


def _closing_line(visits: Sequence[SiteVisit], totals: Counter[str], verdicts: Counter[str]) -> str:
    found = ", ".join(f"{number} {status}" for status, number in verdicts.most_common()) or "no new verdicts"
    apart = f"{totals['robots']} for robots.txt" + (
        f", {totals['revisits']} to look again" if totals["revisits"] else ""
    )
    failed = sum(visit.is_failure for visit in visits)
    line = f"{count(len(visits), 'site')}, {count(totals['requests'], 'request')} (and {apart}); {found}"
    return f"{line}; {count(failed, 'site')} failed" if failed else line
