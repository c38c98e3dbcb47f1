"""The console script `firstprint`: `scrapy` with our settings and commands, in any folder."""

from __future__ import annotations

import os
import sys

from scrapy.cmdline import execute
from scrapy.utils.conf import closest_scrapy_cfg
from scrapy.utils.project import ENVVAR

from crawler.commands.base import INTERRUPTED


def main(argv: list[str] | None = None) -> None:
    """Runs one command and exits with its code. `argv` is the whole command line, the program's name first."""
    if ENVVAR not in os.environ and not closest_scrapy_cfg():
        os.environ[ENVVAR] = "crawler.settings"
    try:
        execute(argv)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
