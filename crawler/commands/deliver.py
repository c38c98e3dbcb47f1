"""`scrapy deliver`: drains the outbox to the sinks."""

from __future__ import annotations

import argparse

from scrapy.commands import ScrapyCommand

from crawler.commands import options
from crawler.commands.base import StoreCommand


class Command(StoreCommand, ScrapyCommand):
    """Hands every event to every sink that has not taken it."""

    summary = "Hand what was found to the sinks (setting SINKS), each from where it stopped"
    examples = """
scrapy deliver
scrapy deliver -s SINKS='{"jsonl": {"path": "events.jsonl"}}'
"""

    def work(self, args: list[str], opts: argparse.Namespace) -> None:  # noqa: ARG002
        """Drains the outbox."""
        options.refuse_arguments(args)
        raise NotImplementedError
