"""`scrapy forget`: forgets what the crawl remembers of a site, on purpose."""

from __future__ import annotations

import argparse

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from crawler.commands import options
from crawler.commands.base import StoreCommand
from crawler.report import words


class Command(StoreCommand, ScrapyCommand):
    """Drops a site's rows in the frontier, so that its next visit reads them as if for the first time."""

    summary = "Forget what the crawl remembers of a site, so that the next visit reads it anew; articles stay"
    takes = "--site <site> [--since <time>]"
    examples = """
scrapy forget --site mirror.example
scrapy forget --site mirror.example --since 2d
"""

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """What to forget."""
        super().add_options(parser)
        parser.add_argument("--site", metavar="SITE", help="the site, by its name or host")
        parser.add_argument("--since", metavar="TIME", help="only pages first seen since then: 2026-11-01, 12h, 7d, 2w")

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Forgets in one transaction, while no crawl holds the site."""
        options.refuse_arguments(args)
        if not opts.site:
            raise UsageError("--site says which site to forget")
        since = options.since(opts.since, self.clock())
        with self.store(read_only=True) as store:  # a store that does not exist is not made for this
            site = options.site_name(store, opts.site, self.declared_sites())
        assert site is not None
        with self.store(read_only=False) as store:
            store.hold(site)
            with store.transaction():
                pages = store.pages.forget(site, since)
                if since is None:
                    store.sites.forget(site)
        rows = words.count(pages, "address", "addresses")
        from_when = f" first seen since {words.moment(since)}" if since else ", and how the site is read"
        self.say(f"forgot {rows} of {site}{from_when}; articles and verdicts stay")
