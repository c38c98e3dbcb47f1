"""What is decided of articles, as it will be stored and told: a pure function of what the store holds."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple

from crawler.attribution.scene import Scene
from crawler.attribution.stories import Above, alone, conclude
from crawler.items import Article, Verdict
from crawler.storage.base import Cause, PackedLines
from crawler.storage.outbox import encoded
from crawler.storage.verdicts import pack

_TOLD_FIELDS = tuple(one.name for one in fields(Article) if one.name not in ("text", "origin"))
_told_values = attrgetter(*_TOLD_FIELDS)


class Decision(NamedTuple):
    """What one article is, made ready for the store."""

    parents: tuple[int, ...]
    """The articles on which its root or story rests directly."""
    sharing: tuple[int, ...]
    """The articles with which it shares text."""
    lines: PackedLines
    """Its verdict lines."""
    event: str
    """The same as JSON: the payload of an event, revision 1."""
    article: str = ""
    """The article as JSON, the payload of its own event, where one is to be told."""


Decisions = dict[int, Decision]

_TOLD: frozenset[Cause] = frozenset({"new", "changed"})


def told_of(queued: Mapping[int, Cause]) -> frozenset[int]:
    """Those of the queue that are events of their own."""
    return frozenset(number for number, cause in queued.items() if cause in _TOLD)


def decide(scene: Scene, ids: Sequence[int], told: Collection[int]) -> Decisions:
    """Decides articles by what the store holds, each for itself. `told`: those that are events of their own."""
    lonely = scene.lonely(ids)
    linked = [number for number in ids if number not in lonely]
    made = {number: _lonely(article, number in told) for number, article in scene.articles(lonely).items()}
    scene.prefetch_above(linked)
    above = scene.above
    for number in linked:
        made[number] = _linked(number, scene, above, number in told)
    return made


def _lonely(article: Article, told: bool) -> Decision:
    """Of an article that nothing ties to another: most are like that, and need no look at anything else."""
    lines, event = _ready([alone(article)])
    return Decision((), (), lines, event, article_told(article) if told else "")


def _linked(number: int, scene: Scene, above: Above, told: bool) -> Decision:
    lines, event = _ready(conclude(number, above))
    article = article_told(scene.page(number).article) if told else ""
    return Decision(scene.choice(number).parents, tuple(scene.shared(number)), lines, event, article)


def _ready(lines: Iterable[Verdict]) -> tuple[PackedLines, str]:
    told = [line.to_dict() for line in lines]
    return pack(told), lines_told(told)


def lines_told(lines: list[dict[str, Any]]) -> str:
    """The payload of a verdict's event, as JSON."""
    return encoded({"url": lines[0]["url"], "lines": lines})


def article_told(article: Article) -> str:
    """What happened to an article, as JSON; its text is in the store."""
    told: dict[str, Any] = {}
    for name, value in zip(_TOLD_FIELDS, _told_values(article), strict=True):
        if value:
            if isinstance(value, datetime):
                value = value.isoformat()
            elif name == "clues":
                value = [clue.to_dict() for clue in value]
            told[name] = value
    return encoded(told)
