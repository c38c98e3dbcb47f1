"""The weights of signals, fitted to pairs of pages of which somebody knows which was taken from which.

A verdict's score is a sum of weighted strengths, so the chance that it is right is a logistic model of them. It has no
intercept: of two pages neither is the source before anything is said. Weights stay near their defaults unless the
pairs say otherwise (a normal prior, half the default wide), and never fall below nought: a signal whose sentence speaks
for the source may not count against it. Figures before and after are cross-validated, with all pairs of one story in
one fold.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crawler.attribution.weights import DEFAULT_WEIGHTS, THRESHOLD

LEAST_PAIRS, LEAST_STORIES = 30, 10
"""Of labelled data, below which nothing is fitted."""
FOLDS = 5
WIDTH = 0.5
"""Standard deviation of the prior, as a share of the default weight."""
_STEPS = 60
_EXACT = 1e-7

Matrix = NDArray[np.float64]


class UnfitError(ValueError):
    """These labels can teach no weights; the message says what they lack."""


@dataclass(frozen=True, slots=True)
class Example:
    """Two pages of which the first was taken from the second. `strengths`: of each signal that spoke, for the truth
    where positive. `story` is the same for pairs that hang together."""

    copy: str
    source: str
    sites: tuple[str, str]
    story: str
    strengths: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Figures:
    """How weights do on pairs: shares that come out right, as unknown, and wrong; and the mean logarithmic loss."""

    right: float
    unknown: float
    wrong: float
    log_loss: float


@dataclass(frozen=True, slots=True)
class Heard:
    """One signal: in how many pairs it spoke, how often for the truth, and its weights."""

    pairs: int
    for_truth: int
    against: int
    default: float
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Fit:
    """What came of fitting."""

    pairs: int
    stories: int
    signals: Mapping[str, Heard]
    before: Figures
    after: Figures

    @property
    def is_better(self) -> bool:
        """By the loss on stories that were not fitted to."""
        return self.after.log_loss < self.before.log_loss

    def to_dict(self) -> dict[str, Any]:
        """For the file of weights."""
        return {
            "pairs": self.pairs,
            "stories": self.stories,
            "cross_validated": {"folds": FOLDS, "before": asdict(self.before), "after": asdict(self.after)},
            "signals": {name: asdict(heard) for name, heard in self.signals.items()},
        }


def fit(examples: Sequence[Example], weights: Mapping[str, float]) -> Fit:
    """Fits the signals that spoke. `weights`: those in force. Raises UnfitError."""
    # never dependent on the order in which labels were given
    ordered = sorted(examples, key=lambda one: (one.copy, one.source))
    names = [name for name in DEFAULT_WEIGHTS if any(one.strengths.get(name) for one in ordered)]
    told = [[one.strengths.get(name, 0.0) for name in names] for one in ordered]
    strengths = np.array(told).reshape(len(ordered), len(names))
    before = np.array([weights.get(name, 0.0) for name in names])
    _check(ordered, strengths @ before)
    prior = np.array([DEFAULT_WEIGHTS[name] for name in names])
    fitted = _solved(strengths, prior)
    found = [
        Heard(int(np.count_nonzero(told)), int((told > 0).sum()), int((told < 0).sum()), *map(_rounded, three))
        for told, three in zip(strengths.T, zip(prior, before, fitted, strict=True), strict=True)
    ]
    return Fit(
        len(ordered),
        len({one.story for one in ordered}),
        dict(zip(names, found, strict=True)),
        _figures(strengths @ before),
        _figures(_held_out(ordered, strengths, prior)),
    )


def _check(examples: Sequence[Example], scores: Matrix) -> None:
    stories = len({one.story for one in examples})
    if len(examples) < LEAST_PAIRS or stories < LEAST_STORIES:
        raise UnfitError(
            f"the labels give {len(examples)} pairs of pages in {stories} stories: at least {LEAST_PAIRS} in"
            f" {LEAST_STORIES} are needed"
        )
    if len({one.sites for one in examples}) == 1:
        copy, source = examples[0].sites
        raise UnfitError(
            f"all {len(examples)} pairs are pages of {copy} taken from {source}: they are one-sided, and would teach"
            " what is true of these two sites only"
        )
    wrong = int((scores <= -THRESHOLD).sum())
    if wrong * 2 > len(examples):
        raise UnfitError(
            f"of {len(examples)} pairs the present weights get {wrong} wrong: labels given only where a verdict was"
            " wrong are one-sided; label verdicts that are right as well, best a random choice"
        )


def _solved(strengths: Matrix, prior: Matrix) -> Matrix:
    """The most likely weights: Newton's method, held above nought by leaving out what would fall below it."""
    narrow = (WIDTH * prior) ** -2
    weights = prior.copy()
    for _ in range(_STEPS):
        doubt = 1 / (1 + np.exp(np.clip(strengths @ weights, -50, 50)))
        slope = narrow * (weights - prior) - strengths.T @ doubt
        bend = (strengths.T * (doubt * (1 - doubt))) @ strengths + np.diag(narrow)
        free = (weights > 0) | (slope < 0)
        step = np.zeros_like(weights)
        step[free] = np.linalg.solve(bend[np.ix_(free, free)], slope[free])
        moved = _descended(weights, step, lambda one: _cost(strengths, one, prior, narrow))
        if np.abs(moved - weights).max(initial=0.0) < _EXACT:
            break
        weights = moved
    return weights


def _descended(weights: Matrix, step: Matrix, cost: Callable[[Matrix], float]) -> Matrix:
    """The step, halved until it leads down."""
    here = cost(weights)
    for halvings in range(30):
        moved: Matrix = np.maximum(weights - step / 2**halvings, 0.0)
        if cost(moved) <= here:
            return moved
    return weights


def _cost(strengths: Matrix, weights: Matrix, prior: Matrix, narrow: Matrix) -> float:
    return float(np.logaddexp(0, -(strengths @ weights)).sum() + (narrow * (weights - prior) ** 2).sum() / 2)


def _held_out(examples: Sequence[Example], strengths: Matrix, prior: Matrix) -> Matrix:
    """The score of each pair by weights that were fitted without its story."""
    stories = sorted({one.story for one in examples}, key=lambda story: hashlib.blake2b(story.encode()).digest())
    fold_of = {story: at % FOLDS for at, story in enumerate(stories)}
    folds = np.array([fold_of[one.story] for one in examples])
    scores = np.zeros(len(examples))
    for fold in range(FOLDS):
        out = folds == fold
        scores[out] = strengths[out] @ _solved(strengths[~out], prior)
    return scores


def _figures(scores: Matrix) -> Figures:
    right, wrong = float((scores >= THRESHOLD).mean()), float((scores <= -THRESHOLD).mean())
    return Figures(
        round(right, 4), round(1 - right - wrong, 4), round(wrong, 4), round(float(np.logaddexp(0, -scores).mean()), 4)
    )


def _rounded(weight: float) -> float:
    return round(float(weight), 2)
