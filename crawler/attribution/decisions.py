"""What is decided of articles, as it will be stored: a pure function of what the store holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from crawler.attribution.scene import Scene
from crawler.attribution.stories import alone, conclude
from crawler.attribution.ways import Above
from crawler.storage.base import PackedLines
from crawler.storage.verdicts import pack


class Decision(NamedTuple):
    """What one article is, made ready for the store."""

    parents: tuple[int, ...]
    """The articles on which its root or story rests directly."""
    sharing: tuple[int, ...]
    """The articles with which it shares text."""
    lines: PackedLines
    """Its verdict lines."""


Decisions = dict[int, Decision]


def decide_lonely(articles: Mapping[int, Mapping[str, Any]]) -> Decisions:
    """Decides articles that nothing ties to another: most are like that, and need no look at anything else."""
    return {
        number: Decision((), (), pack([alone(told["url"], told["site"], told.get("published_at"))]))
        for number, told in articles.items()
    }


def decide_linked(scene: Scene, ids: Iterable[int]) -> Decisions:
    """Decides articles by all that the store holds of them and of those they are tied to, each for itself."""
    linked = list(ids)
    scene.prefetch_above(linked)
    above = scene.above
    return {number: _linked(number, scene, above) for number in linked}


def _linked(number: int, scene: Scene, above: Above) -> Decision:
    lines = pack([line.to_dict() for line in conclude(number, above)])
    return Decision(scene.choice(number).parents, tuple(scene.shared(number)), lines)
