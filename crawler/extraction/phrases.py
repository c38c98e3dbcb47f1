"""The words of `phrases.toml`, `furniture.toml` and `agencies.toml`, by what they announce, and regular expressions."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any, Literal

Announces = Literal[
    "inserts", "credits", "captions", "prompts", "appeals", "staff", "dated", "counts", "reading", "bylines", "roles",
    "authors", "rights", "gifts", "onward", "adverts", "closings", "speech", "notes", "labels",
    "beside", "namesakes",
]  # fmt: skip

_Tree = dict[str, "_Tree"]
_SIGNS = {" ": r"\s+", "'": "['’]"}


def words_for(kind: Announces, only: str = "") -> list[str]:
    """All words of a kind, of every language or of one ("en")."""
    named = (item for name in ("phrases.toml", "furniture.toml") for item in _read(name).items())
    return [word for language, table in named if only in ("", language) for word in table.get(kind, ())]


def agencies() -> dict[str, list[str]]:
    """An agency's usual name -> all its names."""
    return _read("agencies.toml")


def alternation(words: Iterable[str]) -> str:
    """A regular expression for any of these, the longest first, blanks as any white space: a tree, so that a line is
    compared once with what thousands of words begin with."""
    tree: _Tree = {}
    for word in words:
        node = tree
        for sign in word:
            node = node.setdefault(_SIGNS.get(sign) or re.escape(sign), {})
        node[""] = {}
    return _branches(tree)


def _branches(tree: _Tree) -> str:
    parts = [sign + _branches(below) for sign, below in sorted(tree.items()) if sign]
    if not parts:
        return ""
    whole = parts[0] if len(parts) == 1 and "" not in tree else f"(?:{'|'.join(parts)})"
    return whole + "?" if "" in tree else whole


@cache
def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files("crawler.extraction").joinpath(name).read_text(encoding="utf-8"))
