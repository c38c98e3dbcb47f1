"""URL templates of one site: which of them have proved to be articles, and which have not.

A template is a URL with what varies taken out: `/news/2026/11/some-long-slug-77123.html` is `/news/Y/M/S-D.html`.
Patterns are kept in a cursor as {"yes": {template: count}, "no": {template: count}}.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

Patterns = Mapping[str, Mapping[str, int]]

MAX_TEMPLATES = 60
MAX_COUNT = 1000
_ENOUGH = 3
_END = re.compile(r"\.[a-z]{2,5}$", re.IGNORECASE)


def template(url: str) -> str:
    """What stays the same from one article of a site to the next."""
    parts = urlsplit(url)
    segments = [segment for segment in parts.path.split("/") if segment]
    shaped = [_segment(unquote(segment), last=number == len(segments) - 1) for number, segment in enumerate(segments)]
    query = "&".join(sorted(_parameter(one) for one in parts.query.split("&") if one))
    slash = "/" if parts.path.endswith("/") and segments else ""
    route = "#" if parts.fragment else ""
    return ("/" + "/".join(shaped) + slash + (f"?{query}" if query else "") + route)[:120]


def _segment(segment: str, *, last: bool) -> str:
    end = _END.search(segment) if last else None
    stem = segment[: end.start()] if end else segment
    return _stem(stem, last=last) + (end[0].lower() if end else "")


def _stem(stem: str, *, last: bool) -> str:
    if re.fullmatch(r"(?:19|20)\d\d", stem):
        return "Y"
    if re.fullmatch(r"\d\d?", stem) and not last:
        return "M"
    if re.fullmatch(r"(?:19|20)\d\d[-_.]?\d\d?[-_.]?\d\d?", stem):
        return "YMD"
    if re.fullmatch(r"\d+", stem):
        return "D"
    if re.fullmatch(r"[0-9a-f]{8}-[0-9a-f-]{20,}|[0-9a-f]{16,}", stem, re.IGNORECASE):
        return "H"
    words = [word for word in re.split(r"[-_+., ]+", stem) if word]
    numbered = bool(re.search(r"\d{4,}", stem))
    if len(words) >= 3 or (numbered and len(words) >= 2):
        return "S-D" if re.search(r"(?:^|[-_])[a-z]{0,2}\d{4,}$|^\d{4,}[-_]", stem, re.IGNORECASE) else "S"
    if numbered:
        return "D"
    if not stem.isascii() and len(stem) > 8:
        return "S"
    return ("W" if last else stem.lower())[:40]


def _parameter(parameter: str) -> str:
    name, _, value = parameter.partition("=")
    return f"{name}={'D' if value.isdigit() else 'W'}"


def opinion(patterns: Patterns, url: str) -> float:
    """From -1 (such URLs proved to be no articles) to 1 (they all were); 0 where too little is known."""
    shape = template(url)
    yes, no = _count(patterns, "yes", shape), _count(patterns, "no", shape)
    if yes + no < _ENOUGH:
        return 0.0
    return (yes - no) / (yes + no)


def _count(patterns: Patterns, word: str, shape: str) -> int:
    counts = patterns.get(word)
    count = counts.get(shape, 0) if isinstance(counts, Mapping) else 0
    return count if isinstance(count, int) else 0


def learn(patterns: Patterns, proven: Iterable[str], refuted: Iterable[str]) -> dict[str, dict[str, int]]:
    """The patterns with one visit's experience added; the rarest templates are forgotten beyond MAX_TEMPLATES."""
    learned: dict[str, dict[str, int]] = {}
    for word, urls in (("yes", proven), ("no", refuted)):
        counts: dict[str, Any] = dict(patterns.get(word) or {})
        for url in urls:
            shape = template(url)
            counts[shape] = min(counts.get(shape, 0) + 1, MAX_COUNT)
        kept = sorted(counts.items(), key=lambda item: -item[1])[:MAX_TEMPLATES]
        learned[word] = dict(kept)
    return learned
