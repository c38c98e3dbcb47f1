"""`scrapy sites`: the state of every site."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from scrapy.commands import ScrapyCommand

from crawler.commands import options, output
from crawler.commands.base import StoreCommand
from crawler.items import to_iso
from crawler.report import words
from crawler.storage.base import SiteState, Store

FIELDS = (
    *("site", "url", "role", "last_visit", "new", "changed", "gone", "errors", "requests", "next_due", "held"),
    *("queued", "dead", "skipped", "last_error", "dead_letters", "dead_pages", "states"),
)
_LETTERS = 100
"""Pages given up that a record names, by URL and reason."""
_SHOWN = 2
"""Of those that share a reason, how many a table names."""
COLUMNS = (
    output.Column("site"),
    output.Column("last visit"),
    output.Column("new", right=True),
    output.Column("changed", right=True),
    output.Column("gone", right=True),
    output.Column("errors", right=True),
    output.Column("requests", right=True),
    output.Column("next due"),
    output.Column("held", right=True),
    output.Column("queued", right=True),
    output.Column("dead", right=True),
    output.Column("trouble", wide=True),
)


class Command(StoreCommand, ScrapyCommand):
    """Prints what is remembered of each site."""

    summary = "Show the state of every site: last visit, new, changed, gone, errors, requests, next due"
    examples = """
scrapy sites
scrapy sites --format jsonl --site mirror.example
"""

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """How to print it."""
        super().add_options(parser)
        parser.add_argument("--format", choices=output.FORMATS, default="table", help="default: %(default)s")
        parser.add_argument("--site", metavar="SITE", help="only this site, by its name or host")

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """One row for each site, the figures of its last visit; dead letters with their reasons."""
        options.refuse_arguments(args)
        now = self.clock()
        with self.store(read_only=True) as store:
            wanted = options.site_name(store, opts.site, self.declared_sites())
            states = [state for state in store.sites.all() if wanted in (None, state.name)]
            records = [_record(store, state) for state in states]
        stream = output.data_stream()
        if opts.format == "table":
            rows = [_row(record, state, now) for record, state in zip(records, states, strict=True)]
            output.write_table(COLUMNS, rows, stream)
        else:
            output.write_records(opts.format, records, FIELDS, stream)
        if not records:
            self.say("no site has been visited yet; `scrapy crawl mirror -a url=…` visits one")


def _record(store: Store, state: SiteState) -> dict[str, Any]:
    counts = dict(store.pages.counts(state.name))
    return {
        "site": state.name,
        "url": state.url,
        "role": state.role,
        "last_visit": to_iso(state.last_visit),
        "new": state.new,
        "changed": state.changed,
        "gone": state.gone,
        "errors": state.errors,
        "requests": state.requests,
        "next_due": to_iso(state.next_due),
        "held": counts.get("held", 0),
        "queued": counts.get("queued", 0) + counts.get("leased", 0),
        "dead": counts.get("dead", 0),
        "skipped": counts.get("skipped", 0),
        "last_error": state.last_error,
        "dead_letters": dict(store.pages.reasons(state.name, "dead")),
        "dead_pages": [
            {"url": page.link.url, "reason": page.reason} for page in store.pages.of_state(state.name, "dead", _LETTERS)
        ],
        "states": counts,
    }


def _row(record: Mapping[str, Any], state: SiteState, now: datetime) -> tuple[str, ...]:
    numbers = [f"{record[name]:,}" for name in ("new", "changed", "gone", "errors", "requests")]
    return (
        state.name,
        _ago(state.last_visit, now),
        *numbers,
        _until(state.next_due, now),
        *(f"{record[name]:,}" for name in ("held", "queued", "dead")),
        "; ".join(filter(None, [state.last_error, *_letters(record)])),
    )


def _letters(record: Mapping[str, Any]) -> Iterator[str]:
    """Pages given up, by reason, the first of each by name."""
    for reason, number in record["dead_letters"].items():
        urls = [page["url"] for page in record["dead_pages"] if page["reason"] == reason]
        more = ", …" if number > _SHOWN else ""
        yield f"{number} given up: {reason or 'no reason'} ({', '.join(urls[:_SHOWN])}{more})"


def _ago(when: datetime | None, now: datetime) -> str:
    return "never" if when is None else f"{words.duration((now - when).total_seconds())} ago"


def _until(when: datetime | None, now: datetime) -> str:
    if when is None:
        return ""
    return "now" if when <= now else f"in {words.duration((when - now).total_seconds())}"
