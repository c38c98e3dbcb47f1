"""`scrapy judge`: an editor's word, which stands above the evidence."""

from __future__ import annotations

import argparse
from collections.abc import Iterable

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from crawler.commands import output
from crawler.commands.base import CommandError, StoreCommand
from crawler.commands.linking import decide_the_rest, hand_over, make_linker, open_sinks
from crawler.discovery.urls import normalise
from crawler.items import Verdict
from crawler.report import find_article, nearest_urls, with_vagueness
from crawler.report.words import clean, one_line, sentence
from crawler.storage.base import Store

MAX_REASON = 1000
"""Characters of a reason that are kept."""


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
            if opts.clear and store.links.judgement(url) is None:
                self.say(f"there is no word on {url}: nothing is taken back")
        with self.store(read_only=False) as store:
            linker = make_linker(self, store)
            if opts.clear:
                lines = linker.clear(url)
            else:
                lines = linker.judge(url, original_url=original, reason=one_line(opts.reason, MAX_REASON))
            decide_the_rest(linker, "deciding again")
            hand_over(self, store, sinks)
            self._print(with_vagueness(store, lines))

    def _original(self, store: Store, url: str, named: str | None) -> str | None:
        if not named:
            return None
        found = find_article(store, named)
        original = found.article.url if found else normalise(named)
        if not original:
            raise CommandError(f"--original {clean(named)} is no address of a page")
        if original == url:
            raise CommandError("an article cannot be its own original; --not-a-repost says that it is one")
        _refuse_circle(store, url, original)
        if not found:
            self.say(f"{original} is not held here; the word is kept, and counts as soon as that page is")
        return original

    def _print(self, lines: Iterable[tuple[Verdict, bool]]) -> None:
        told = list(lines)
        output.write_jsonl((line.to_dict() for line, _ in told), output.data_stream())
        for line, vague in told:
            self.say(sentence(line, vague))


def _refuse_circle(store: Store, url: str, original: str) -> None:
    """Two words that contradict each other are settled by whoever gave them, not by which came last."""
    met: set[str] = set()
    page: str | None = original
    while page is not None and page not in met:
        met.add(page)
        word = store.links.judgement(page)
        if word is not None and word.original_url == url:
            raise CommandError(
                f"a word of {word.at:%Y-%m-%d} says that {clean(page)} was taken from {clean(url)}; take it back first:"
                f" judge {clean(page)} --clear"
            )
        page = word.original_url if word is not None else None


def _held(store: Store, url: str) -> str:
    found = find_article(store, url)
    if found is None:
        near = nearest_urls(store, url)
        hint = f"; nearest are {', '.join(map(clean, near))}" if near else ""
        raise CommandError(f"no article is held at {clean(url)}{hint}")
    return found.article.url
