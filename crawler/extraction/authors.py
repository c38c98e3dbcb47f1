"""Who wrote it, out of what systems write into the author's field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from crawler.extraction.head import squeeze
from crawler.extraction.jsonld import Node, listed, types

_MAX_AUTHORS = 12
_BY = re.compile(
    r"^\s*(?:written\s+by|by|von|par|por|di|door|av|af|przez|автор(?:ы)?|текст|yazan|بقلم|كتب|כתב|作者|記者|记者|文)\s*[:：]?\s+",
    re.IGNORECASE,
)
_SPLIT = re.compile(
    r"\s*(?:,(?!\s*(?:jr|sr|ph\.?d|m\.?d|ii|iii)\b)|;|\||•|·|、|，|/|\s&\s|\s(?:and|und|et|y|e|en|och|og|и|та|i|ve|with|mit)\s)\s*",
    re.IGNORECASE,
)
_NOT_A_NAME = re.compile(r"https?:|www\.|@|\.(?:com|org|net|html?|php)\b|[<>{}\[\]=:]|\d{3,}", re.IGNORECASE)
_REMARK = re.compile(r"\s*\([^()]{0,40}\)\s*$")
_ROLE = re.compile(r"\s*[-–—(].{0,60}$")


def stated(node: Node, nodes: Sequence[Node]) -> tuple[list[str], list[str]]:
    """The people and the organisations that a JSON-LD node names as authors; a bare @id is looked up on the page."""
    people: list[str] = []
    others: list[str] = []
    for one in listed(node.get("author") or node.get("creator"))[:50]:
        if isinstance(one, str):
            people.append(one)
        elif isinstance(one, Mapping):
            named = one if one.get("name") else _referred(one, nodes)
            organised = any("organization" in kind for kind in types(named))
            (others if organised else people).extend(n for n in listed(named.get("name")) if isinstance(n, str))
    return people, others


def _referred(reference: Node, nodes: Sequence[Node]) -> Node:
    address = reference.get("@id")
    return next((node for node in nodes if address and node.get("@id") == address and node.get("name")), reference)


def clean(found: Iterable[str], not_names: Iterable[str] = ()) -> tuple[str, ...]:
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
    parts = [_REMARK.sub("", part).strip(" .,:;-–—|*") for part in _SPLIT.split(value)]
    # "Smith, John" is one name, not two
    if len(parts) == 2 and "," in value and all(" " not in part for part in parts):
        parts = [f"{parts[1]} {parts[0]}"]
    return [part for part in (_ROLE.sub("", part) if len(part) > 40 else part for part in parts) if _name(part)]


def _name(part: str) -> bool:
    return 2 <= len(part) <= 80 and len(part.split()) <= 8 and any(one.isalpha() for one in part)


def _key(name: str) -> str:
    return re.sub(r"\W+", " ", name.lower()).strip()
