"""`scrapy reposts`: the verdicts."""

from __future__ import annotations

import argparse
import dataclasses
import itertools
from collections.abc import Iterator

from scrapy.commands import ScrapyCommand

from crawler.commands import options, output
from crawler.commands.base import StoreCommand
from crawler.items import Verdict
from crawler.report import with_vagueness, words
from crawler.storage.base import Store

FIELDS = tuple(Verdict(url="", site="", story="", status="unknown").to_dict())
"""The verdict's fields, in the order of its JSON."""
assert set(FIELDS) == {field.name for field in dataclasses.fields(Verdict)}

COLUMNS = (
    output.Column("page", wide=True),
    output.Column("original", below="←"),
    output.Column("relation"),
    output.Column("copied", right=True),
    output.Column("lag", right=True),
    output.Column("confidence", right=True),
)


class Command(StoreCommand, ScrapyCommand):
    """Prints reposts and siblings, the newest first."""

    summary = "Print who copied whom: the verdict on each repost, the newest first"
    examples = """
scrapy reposts
scrapy reposts --site mirror.example --since 7d --min-confidence 0.9
scrapy reposts --format jsonl --all > verdicts.jsonl
"""

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """What to print, and how."""
        super().add_options(parser)
        parser.add_argument("--format", choices=output.FORMATS, default="table", help="default: %(default)s")
        parser.add_argument("--site", metavar="SITE", help="only pages of this site, by its name or host")
        parser.add_argument("--since", metavar="TIME", help="only pages published since then: 2026-11-01, 12h, 7d, 2w")
        parser.add_argument("--min-confidence", metavar="X", default="0", help="only from this confidence on, 0 to 1")
        parser.add_argument("--all", action="store_true", help="every article, originals and undecided ones too")

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Streams verdicts from the store to stdout."""
        options.refuse_arguments(args)
        since = options.since(opts.since, self.clock())
        confidence = options.share(opts.min_confidence, "--min-confidence")
        with self.store(read_only=True) as store:
            site = options.site_name(store, opts.site, self.declared_sites())
            verdicts = store.verdicts.select(site=site, since=since, min_confidence=confidence, everything=opts.all)
            printed = self._print(store, verdicts, opts.format)
            waiting = store.verdicts.undecided_count()
        if not printed:
            self.say("no article matches" if opts.all else "no repost matches; --all shows every article")
        if waiting:
            self.say(
                f"{words.count(waiting, 'article waits', 'articles wait')} for a verdict; the next crawl or"
                " `scrapy relink` decides"
            )

    def _print(self, store: Store, verdicts: Iterator[Verdict], form: output.Format) -> int:
        printed = 0

        def counted() -> Iterator[Verdict]:
            nonlocal printed
            for verdict in verdicts:
                printed += 1
                yield verdict

        stream = output.data_stream()
        if form == "table":
            output.write_table(COLUMNS, itertools.starmap(_row, with_vagueness(store, counted())), stream)
        else:
            records = (verdict.to_dict() for verdict in counted())
            output.write_records(form, records, FIELDS, stream)
        return printed


def _row(verdict: Verdict, vague: bool) -> tuple[str, ...]:
    original = words.short_url(verdict.original_url) if verdict.original_url else verdict.publisher or ""
    return (
        words.short_url(verdict.url),
        original,
        verdict.relation or verdict.status,
        words.percent(verdict.copied) if verdict.copied else "",
        words.lag_of(verdict, vague),
        words.percent(verdict.confidence),
    )
