"""How much each signal weighs, in log-odds: +2.2 is nine to one.

The setting ATTRIBUTION_WEIGHTS overrides single ones. docs/signals.md explains each, and where its weight is from.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from crawler.attribution.credits import SIGNAL_OF
from crawler.attribution.pairs import Pair
from crawler.attribution.signals import SIGNALS
from crawler.attribution.signals.finding import turned
from crawler.items import Evidence

DEFAULT_WEIGHTS: Mapping[str, float] = {
    "role": 4.0,
    "canonical": 5.0,
    "declared_source": 5.0,
    "declared_publisher": 2.5,
    "hotlinked_image": 3.0,
    "source_link": 2.5,
    "title_suffix": 3.0,
    "credit_line": 3.5,
    "agency": 3.0,
    "byline": 2.5,
    "time_gap": 1.0,
    "habit": 0.8,
    "site_habit": 0.5,
    "credit_habit": 1.0,
    "endorsed": 1.5,
    "first_sight": 0.7,
    "back_dated": 1.5,
    "too_early": 1.0,
    "generic_author": 0.8,
    "shared_insert": 4.0,
    "inserts": 0.5,
    "excerpt": 0.7,
    "credit_elsewhere": 0.5,
}
"""Of a signal at full strength."""

_OTHER = {name: signal for name, signal in SIGNALS.items() if name not in SIGNAL_OF.values()}

_NOT_UNDERSTOOD = (
    'ATTRIBUTION_WEIGHTS is not understood; it is JSON such as {"time_gap": 0.5}, or the name of a file that'
    " `scrapy fit` wrote"
)

THRESHOLD = 0.4
"""Summed log-odds below which nobody is called the source: `unknown`."""
CREDIBLE = 2.0
"""Summed weight of credits from which a page whose source we do not hold is called a repost."""


def read_weights(setting: object) -> dict[str, float]:
    """The overrides that ATTRIBUTION_WEIGHTS gives: a mapping, the same as JSON, or the name of a file that
    `scrapy fit` wrote. Raises ValueError with a sentence that names the setting."""
    told = setting
    if isinstance(told, str):
        told = told.strip() or "{}"
        told = _json(told) if told.startswith(("{", "[")) else _stored(told)
    try:
        found = {str(name): float(weight) for name, weight in dict(told or {}).items()}  # type: ignore[call-overload]
    except (ValueError, TypeError):
        raise ValueError(_NOT_UNDERSTOOD) from None
    if not all(map(math.isfinite, found.values())):
        raise ValueError(_NOT_UNDERSTOOD)
    return found


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError(_NOT_UNDERSTOOD) from None


def _stored(name: str) -> object:
    try:
        told = json.loads(Path(name).read_text("utf-8"))
    except OSError as error:
        raise ValueError(f"ATTRIBUTION_WEIGHTS names {name!r}, which cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, Mapping) or not isinstance(told.get("weights"), Mapping):
        raise ValueError(f"ATTRIBUTION_WEIGHTS names {name!r}, which is no file that `scrapy fit` wrote")
    return told["weights"]


def merged(overrides: Mapping[str, float] | None) -> dict[str, float]:
    """The defaults with some replaced. Raises ValueError for a signal that does not exist."""
    unknown = sorted(set(overrides or ()) - set(DEFAULT_WEIGHTS))
    if unknown:
        raise ValueError(f"ATTRIBUTION_WEIGHTS names {', '.join(unknown)}; signals are {', '.join(DEFAULT_WEIGHTS)}")
    return {**DEFAULT_WEIGHTS, **{name: float(weight) for name, weight in (overrides or {}).items()}}


@dataclass(frozen=True, slots=True)
class Weighed:
    """What one signal found: for the source with a positive weight, against it with a negative one."""

    signal: str
    weight: float
    reason: str | Callable[[], str]
    mirrored: bool = False
    """The reason was found from the other page's side: its "the page" is the other page here."""

    def evidence(self, origin: str) -> Evidence:
        """Told as evidence for or against `origin`."""
        said = self.reason if isinstance(self.reason, str) else self.reason()
        said = turned(said) if self.mirrored else said
        return Evidence(self.signal, origin, self.weight, said if self.weight > 0 else f"Against it: {said}")


def weigh(pair: Pair, weights: Mapping[str, float]) -> list[Weighed]:
    """Everything that speaks for `source` and against it."""
    return both_sides(asked(pair, weights), asked(pair.swapped(), weights))


def both_sides(speaks_for: Iterable[Weighed], against: Iterable[Weighed]) -> list[Weighed]:
    """What was `asked` of a pair, and what of it the other way round."""
    return [*speaks_for, *(Weighed(one.signal, -one.weight, one.reason, mirrored=True) for one in against)]


def asked(pair: Pair, weights: Mapping[str, float]) -> list[Weighed]:
    """What the signals find this way round."""
    found = []
    # most pages credit nobody: the signals that read credits need not be asked then
    for name, signal in (SIGNALS if pair.copy.credits else _OTHER).items():
        weight = weights.get(name, 0.0)
        if weight and (finding := signal(pair)) is not None:
            found.append(Weighed(name, round(weight * finding.strength, 3), finding.reason))
    return found
