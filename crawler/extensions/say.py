"""What a crawl tells the person who started it, a line at a time."""

from __future__ import annotations

import sys


def say(sentence: str) -> None:
    """A line for people, on stderr; stdout carries data only."""
    print(f"crawl: {' '.join(sentence.split())}", file=sys.stderr)
