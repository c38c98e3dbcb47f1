"""What all commands over the store share: opening it, telling of a problem in one sentence, and exit codes."""

from __future__ import annotations

import argparse
import errno
import os
import sys
from abc import abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy.commands import ScrapyCommand, ScrapyHelpFormatter
from scrapy.exceptions import UsageError

from crawler.clock import Clock, ClockError, parse_clock
from crawler.commands.cli import INTERRUPTED
from crawler.sites import Site, SitesError, load_sites
from crawler.spiders.checks import check_settings
from crawler.spiders.exits import NOT_STARTED
from crawler.storage import open_store
from crawler.storage.base import Store, StoreError

if TYPE_CHECKING:
    _Scrapy = ScrapyCommand
else:
    # Scrapy takes every subclass of ScrapyCommand that it finds in this package for a command, also an abstract one.
    _Scrapy = object

BROKEN_PIPE = 141
"""128 + SIGPIPE: whoever read our output has stopped reading, as `head` does."""

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""What is wrong with a disk that takes no more of the output."""


class CommandError(Exception):
    """The command cannot do what was asked; the message is one clear sentence for the person who typed it."""


class HelpFormatter(ScrapyHelpFormatter, argparse.RawDescriptionHelpFormatter):
    """Scrapy's look, with the line breaks of our examples kept."""


class StoreCommand(_Scrapy):
    """A command that reads or writes the store. Subclasses say `summary`, `examples`, their options, and `work()`."""

    requires_project = False
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    summary: ClassVar[str]
    examples: ClassVar[str] = ""
    """Lines of a terminal, shown by --help."""
    takes: ClassVar[str] = "[options]"

    def syntax(self) -> str:
        """What stands behind the command's name."""
        return self.takes

    def short_desc(self) -> str:
        """One line for the list of commands."""
        return self.summary

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Scrapy's own options, and our examples below them."""
        super().add_options(parser)
        show_examples(parser, self.examples)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Does the work; what goes wrong in a known way is one sentence on stderr and an exit code."""
        refuse_options(args)
        try:
            self._check_settings()
            self.work(args, opts)
            sys.stdout.flush()
        except (CommandError, StoreError, SitesError, ClockError) as error:
            self.say(str(error))
            self.exitcode = NOT_STARTED
        except BrokenPipeError:
            # the interpreter would complain once more when it flushes at exit
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            self.exitcode = BROKEN_PIPE
        except OSError as error:
            if error.errno not in _FULL:
                raise
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            self.say(f"nothing more can be written: {error.strerror}")
            self.exitcode = NOT_STARTED
        except KeyboardInterrupt:
            self.say("interrupted; what was stored so far stays stored")
            self.exitcode = INTERRUPTED

    def _check_settings(self) -> None:
        """Settings are right or wrong whatever the command: a timer's crawl must not be the first to find out."""
        assert self.settings is not None
        try:
            check_settings(self.settings)
        except ValueError as error:
            raise CommandError(str(error)) from error

    @abstractmethod
    def work(self, args: list[str], opts: argparse.Namespace) -> None:
        """Does it. Raises CommandError where it cannot be done."""

    def say(self, sentence: str) -> None:
        """A message, on stderr: stdout carries data only."""
        print(f"{type(self).__module__.rpartition('.')[2]}: {' '.join(sentence.split())}", file=sys.stderr)

    @property
    def clock(self) -> Clock:
        """The clock that the setting CLOCK names."""
        assert self.settings is not None
        try:
            return parse_clock(self.settings.get("CLOCK") or "")
        except ValueError as error:
            raise CommandError(str(error)) from error

    def declared_sites(self) -> list[Site]:
        """What sites.toml declares; [] where there is no such file."""
        assert self.settings is not None
        path = str(self.settings.get("SITES_FILE") or "")
        return load_sites(path) if path and Path(path).exists() else []

    @contextmanager
    def store(self, *, read_only: bool) -> Iterator[Store]:
        """The store that STORE_URL names, open for the time of a `with` block."""
        assert self.settings is not None
        store = open_store(str(self.settings["STORE_URL"]), read_only=read_only, clock=self.clock)
        try:
            yield store
        finally:
            store.close()


def show_examples(parser: argparse.ArgumentParser, examples: str) -> None:
    """Adds lines of a terminal to a command's --help."""
    parser.formatter_class = HelpFormatter
    lines = "\n".join(f"  {line}" for line in examples.strip().splitlines())
    parser.epilog = f"Examples\n========\n{lines}\n" if lines else None


def refuse_options(args: list[str]) -> None:
    """Scrapy passes options that it does not know on as arguments; silence would hide a misspelled one."""
    strange = [word for word in args if word.startswith("-") and word != "-"]
    if strange:
        raise UsageError(f"unrecognized arguments: {' '.join(strange)}")
