"""`scrapy relink`: decides everything again."""

from __future__ import annotations

import argparse

from scrapy.commands import ScrapyCommand

from crawler.commands import options
from crawler.commands.base import CommandError, StoreCommand
from crawler.commands.linking import deciding, hand_over, make_linker, open_sinks
from crawler.report import words


class Command(StoreCommand, ScrapyCommand):
    """Decides every article again, after rules, weights or recipes changed."""

    summary = "Decide every article again, after rules, weights or declarations changed"
    examples = """
scrapy relink
"""

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Where to compute."""
        super().add_options(parser)
        parser.add_argument("--engine", choices=("local", "ray"), default="local", help="default: %(default)s")

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Every verdict that changes becomes a new revision and a new event."""
        options.refuse_arguments(args)
        if opts.engine == "ray":
            raise CommandError("--engine ray is not available in this version; --engine local decides the same")
        sinks = open_sinks(self)
        with self.store(read_only=True):
            pass  # a store that does not exist is not made for this
        with self.store(read_only=False) as store:
            # not drained first: where the recipe has changed, only `relink` itself can
            linker = make_linker(self, store, drain=False)
            with deciding("deciding again") as progress:
                decided = linker.relink(progress=progress)
            hand_over(self, store, sinks)
        self.say(f"decided {words.count(decided, 'article')} again; what changed is a new revision and a new event")
