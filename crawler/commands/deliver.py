"""`scrapy deliver`: drains the outbox to the sinks."""

from __future__ import annotations

import argparse

from scrapy.commands import ScrapyCommand

from crawler.commands import options
from crawler.commands.base import CommandError, StoreCommand
from crawler.commands.linking import hand_over, make_linker, open_sinks
from crawler.report import words


class Command(StoreCommand, ScrapyCommand):
    """Hands every event to every sink that has not taken it."""

    summary = "Hand what was found to the sinks (setting SINKS), each from where it stopped"
    examples = """
scrapy deliver
scrapy deliver -s SINKS=jsonl:findings.jsonl
"""

    def work(self, args: list[str], opts: argparse.Namespace) -> None:  # noqa: ARG002
        """Drains the outbox; a sink that fails gets the rest next time."""
        options.refuse_arguments(args)
        sinks = open_sinks(self)
        if not sinks:
            raise CommandError("SINKS names no sink; -s SINKS=jsonl:findings.jsonl writes findings to a file")
        with self.store(read_only=True):
            pass  # a store that does not exist is not made for this
        with self.store(read_only=False) as store:
            make_linker(self, store)
            told = hand_over(self, store, sinks)
        for one in told:
            if one.sent or not one.error:
                self.say(f"sink {one.sink} took {words.count(one.sent, 'event')}")
