"""`scrapy trace`: one article's dossier."""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Callable

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from crawler.commands import output
from crawler.commands.base import CommandError, StoreCommand
from crawler.discovery.urls import normalise
from crawler.report import Dossier, dossier_page, dossier_text, make_dossier, nearest_urls
from crawler.report.words import clean
from crawler.storage.base import Store


class Command(StoreCommand, ScrapyCommand):
    """Prints what is known of one article."""

    summary = "Print one article's dossier: its source, the copied passages, the evidence, its other copies"
    takes = "[options] <url>"
    examples = """
scrapy trace https://mirror.example/2026/11/some-story/
scrapy trace --format html https://mirror.example/2026/11/some-story/ > story.html
"""

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """How to print it."""
        super().add_options(parser)
        parser.add_argument("--format", choices=("text", "json", "html"), default="text", help="default: %(default)s")

    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Finds the article and writes its dossier to stdout."""
        if len(args) != 1:
            raise UsageError("give the URL of one article")
        with self.store(read_only=True) as store:
            dossier = make_dossier(store, args[0])
            if dossier is None:
                raise CommandError(_unknown(store, args[0]))
        stream = output.data_stream()
        if opts.format == "json":
            stream.write(json.dumps(dossier.to_dict(), ensure_ascii=False, indent=2) + "\n")
        elif opts.format == "html":
            stream.write(dossier_page(dossier, self.clock()))
        else:
            stream.write(_text(dossier, stream.isatty()))


def _text(dossier: Dossier, terminal: bool) -> str:
    bold: Callable[[str], str] = (lambda line: f"\033[1m{line}\033[0m") if terminal else str
    return dossier_text(dossier, width=min(shutil.get_terminal_size().columns, 100), heading=bold)


def _unknown(store: Store, url: str) -> str:
    page = store.pages.get(normalise(url) or url)
    if page is not None:
        why = f" ({page.reason})" if page.reason else ""
        return f"{clean(url)} was met by the crawl but holds no article: {page.state}{why}"
    near = nearest_urls(store, url)
    return f"no article is held at {clean(url)}" + (f"; nearest are {', '.join(map(clean, near))}" if near else "")
