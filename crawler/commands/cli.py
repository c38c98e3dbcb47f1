"""The console script `firstprint`: `scrapy` with our settings and commands, in any folder."""

from __future__ import annotations

import os
import sys

INTERRUPTED = 130
"""128 + SIGINT."""


def main(argv: list[str] | None = None) -> None:
    """Runs one command and exits with its code. `argv` is the whole command line, the program's name first."""
    try:
        _run(argv)
    except KeyboardInterrupt:
        print("firstprint: interrupted", file=sys.stderr)
        sys.exit(INTERRUPTED)


def _run(argv: list[str] | None) -> None:
    # here, where Ctrl-C is waited for: to load Scrapy takes half a second
    from scrapy.cmdline import execute
    from scrapy.utils.conf import closest_scrapy_cfg
    from scrapy.utils.project import ENVVAR

    if ENVVAR not in os.environ and not closest_scrapy_cfg():
        os.environ[ENVVAR] = "crawler.settings"
    execute(argv)
