"""`scrapy report`: the HTML report."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from scrapy.commands import ScrapyCommand

from crawler.commands import options
from crawler.commands.base import CommandError, StoreCommand
from crawler.commands.progress import progress_bar
from crawler.report import words


class Command(StoreCommand, ScrapyCommand):
    """Writes a folder of pages that opens in any browser, without a server."""

    summary = "Write the HTML report: stories, their copies side by side, and who copies whom"
    examples = """
scrapy report
scrapy report -o /srv/www/firstprint --since 30d
"""

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Where to write, and what."""
        super().add_options(parser)
        parser.add_argument("-o", "--output", metavar="DIR", default="report", help="folder; default: %(default)s")
        parser.add_argument("--site", metavar="SITE", help="only copies on this site, by its name or host")
        parser.add_argument("--since", metavar="TIME", help="only copies published since then: 2026-11-01, 12h, 7d, 2w")
        parser.add_argument("--min-confidence", metavar="X", default="0", help="only from this confidence on, 0 to 1")
        parser.add_argument("--limit", metavar="N", default="2000", help="stories at most; default: %(default)s")

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Writes the pages and says where they are."""
        from crawler.report import ReportError, Scope, write_report

        options.refuse_arguments(args)
        now = self.clock()
        limit = options.positive(opts.limit, "--limit")
        since = options.since(opts.since, now)
        confidence = options.share(opts.min_confidence, "--min-confidence")
        with self.store(read_only=True) as store, progress_bar("stories") as advance:
            scope = Scope(options.site_name(store, opts.site, self.declared_sites()), since, confidence)
            try:
                written = write_report(store, Path(opts.output), now=now, scope=scope, limit=limit, progress=advance)
            except ReportError as error:
                raise CommandError(str(error)) from error
        print(written.index)
        left = f"; {words.count(written.left_out, 'older one')} left out, see --limit" if written.left_out else ""
        self.say(
            f"{words.count(written.stories, 'story', 'stories')}, {words.count(written.copies, 'copy', 'copies')}"
            f"{left}; open {written.index.resolve().as_uri()}"
        )
        sys.stdout.flush()
