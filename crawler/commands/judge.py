"""`scrapy judge`: an editor's word, which stands above the evidence."""

from __future__ import annotations

import argparse

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from crawler.commands import output
from crawler.commands.base import CommandError, StoreCommand
from crawler.commands.linking import decide_the_rest, hand_over, make_linker, open_sinks
from crawler.discovery.urls import normalise
from crawler.items import Verdict
from crawler.report import find_article, nearest_urls
from crawler.report.words import clean, sentence
from crawler.storage.base import Store


class Command(StoreCommand, ScrapyCommand):
    """Records a ruling, or takes one back, and decides the pages concerned again."""

    summary = "Say where an article comes from, against or beside the evidence; the word survives `relink`"
    takes = "<url> (--original <url> | --not-a-repost | --clear) [--reason <text>]"
    examples = """
scrapy judge https://mirror.example/a/ --original https://paper.example/a/ --reason "their editor confirmed it"
scrapy judge https://mirror.example/b/ --not-a-repost --reason "both quote one speech"
scrapy judge https://mirror.example/a/ --clear
"""

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """One ruling, and why."""
        super().add_options(parser)
        ruling = parser.add_mutually_exclusive_group()
        ruling.add_argument("--original", metavar="URL", help="it was taken from this page")
        ruling.add_argument("--not-a-repost", action="store_true", help="it was taken from nowhere")
        ruling.add_argument("--clear", action="store_true", help="take an earlier word back: the evidence decides")
        parser.add_argument("--reason", metavar="TEXT", default="", help="why; it is shown among the evidence")

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Rules, and prints the verdict that follows, as JSON lines."""
        if len(args) != 1:
            raise UsageError("give the URL of one article")
        if not (opts.original or opts.not_a_repost or opts.clear):
            raise UsageError("say --original URL, --not-a-repost or --clear")
        sinks = open_sinks(self)
        with self.store(read_only=True) as store:
            url = _held(store, args[0])
            original = self._original(store, url, opts.original)
        with self.store(read_only=False) as store:
            linker = make_linker(self, store)
            if opts.clear:
                lines = linker.clear(url)
            else:
                lines = linker.judge(url, original_url=original, reason=clean(opts.reason)[:1000])
            decide_the_rest(linker, "deciding again")
            hand_over(self, store, sinks)
        self._print(lines)

    def _original(self, store: Store, url: str, named: str | None) -> str | None:
        if not named:
            return None
        found = find_article(store, named)
        original = found.article.url if found else normalise(named)
        if not original:
            raise CommandError(f"--original {clean(named)} is no address of a page")
        if original == url:
            raise CommandError("an article cannot be its own original; --not-a-repost says that it is one")
        if not found:
            self.say(f"{original} is not held here; the word is kept, and counts as soon as that page is")
        return original

    def _print(self, lines: tuple[Verdict, ...]) -> None:
        output.write_jsonl((line.to_dict() for line in lines), output.data_stream())
        for line in lines:
            self.say(sentence(line))


def _held(store: Store, url: str) -> str:
    found = find_article(store, url)
    if found is None:
        near = nearest_urls(store, url)
        hint = f"; nearest are {', '.join(map(clean, near))}" if near else ""
        raise CommandError(f"no article is held at {clean(url)}{hint}")
    return found.article.url
