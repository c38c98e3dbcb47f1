"""Who wrote it, out of what systems write into the author's field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from crawler.extraction.head import squeeze
from crawler.extraction.jsonld import listed

_MAX_AUTHORS = 12
_BY = re.compile(
    r"^\s*(?:written\s+by|by|von|par|por|di|door|av|af|przez|автор(?:ы)?|текст|yazan|بقلم|كتب|כתב|作者|記者|记者|文)\s*[:：]?\s+",
    re.IGNORECASE,
)
_SPLIT = re.compile(
    r"\s*(?:,(?!\s*(?:jr|sr|ph\.?d|m\.?d|ii|iii)\b)|;|\||•|·|、|，|/|\s&\s|\s(?:and|und|et|y|e|en|och|og|и|та|i|ve|with|mit)\s)\s*",
    re.IGNORECASE,
)
_NOT_A_NAME = re.compile(r"https?:|www\.|@|\.(?:com|org|net|html?|php)\b|[<>{}\[\]=]|\d{3,}", re.IGNORECASE)
_ROLE = re.compile(r"\s*[-–—(].{0,60}$")


def names(value: Any) -> list[str]:
    """Names in a JSON-LD author: strings, objects, arrays of both; organisations only where nobody else is named."""
    people: list[str] = []
    others: list[str] = []
    for one in listed(value)[:50]:
        if isinstance(one, str):
            people.append(one)
        elif isinstance(one, Mapping):
            kind = " ".join(str(kind) for kind in listed(one.get("@type"))).lower()
            target = others if "organization" in kind else people
            target.extend(str(name) for name in listed(one.get("name")) if isinstance(name, str))
    return people or others


def clean(found: Iterable[str], not_names: Iterable[str]) -> tuple[str, ...]:
    """Single names in the page's order, each once; `not_names` are those of the site itself."""
    banned = {_key(name) for name in not_names if name}
    kept: dict[str, str] = {}
    for value in found:
        for part in _parts(squeeze(value, 300)):
            key = _key(part)
            if key and key not in banned:
                kept.setdefault(key, part)
    return tuple(list(kept.values())[:_MAX_AUTHORS])


def _parts(value: str) -> list[str]:
    value = _BY.sub("", value)
    if _NOT_A_NAME.search(value):
        return []
    parts = [part.strip(" .,:;-–—|*") for part in _SPLIT.split(value)]
    # "Smith, John" is one name, not two
    if len(parts) == 2 and "," in value and all(" " not in part for part in parts):
        parts = [f"{parts[1]} {parts[0]}"]
    return [part for part in (_ROLE.sub("", part) if len(part) > 40 else part for part in parts) if _name(part)]


def _name(part: str) -> bool:
    return 2 <= len(part) <= 80 and len(part.split()) <= 8 and any(one.isalpha() for one in part)


def _key(name: str) -> str:
    return re.sub(r"\W+", " ", name.lower()).strip()
