"""The words of `phrases.toml` and `agencies.toml`, by what they announce, and regular expressions out of them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any, Literal

Announces = Literal["inserts", "credits", "captions", "prompts", "appeals", "staff"]


def words_for(kind: Announces) -> list[str]:
    """All words of a kind, of every language."""
    return [word for table in _read("phrases.toml").values() for word in table.get(kind, ())]


def agencies() -> dict[str, list[str]]:
    """An agency's usual name -> all its names."""
    return _read("agencies.toml")


def alternation(words: Iterable[str]) -> str:
    """A regular expression for any of these, the longest first, blanks as any white space."""
    unique = sorted(set(words), key=len, reverse=True)
    return "|".join(re.escape(word).replace(r"\ ", r"\s+").replace("'", "['’]") for word in unique)


@cache
def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files("crawler.extraction").joinpath(name).read_text(encoding="utf-8"))
