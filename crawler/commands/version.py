"""`scrapy version`: ours, and Scrapy's behind it."""

from __future__ import annotations

import argparse

import scrapy
from scrapy.commands.version import Command as ScrapyVersion

from crawler import __version__


class Command(ScrapyVersion):
    """Prints versions; with -v also those of what Scrapy rests on."""

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return "Print the versions of Firstprint and Scrapy"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Prints them to stdout."""
        print(f"Firstprint {__version__} (Scrapy {scrapy.__version__})")
        if opts.verbose:
            super().run(args, opts)
