"""Whom a page credits whose own page may not be held: an agency, or a publisher of another name."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from crawler.attribution.credits import Credit
from crawler.attribution.pairs import Page
from crawler.attribution.publishers import host_of, main_label
from crawler.attribution.signals import ENDORSING
from crawler.attribution.signals.declared import told_suffix
from crawler.attribution.signals.quoting import agency_words, place_of, short
from crawler.attribution.weights import CREDIBLE, Weighed
from crawler.items import Evidence

# What part of its weight a signal has where it names somebody whose page does not share text with this one.
_CREDITING = {
    "canonical": 0.6,
    "declared_source": 0.6,
    "declared_publisher": 0.5,
    "title_suffix": 1.0,
    "credit_line": 1.0,
}
_LEAST_SHORT = 3
"""Letters of an abbreviation that tells a house."""
_MOST_WORDS, _SMALL_WORD = 8, 3
"""Words of a name that are looked at, and letters of those that abbreviations leave out."""


def agencies(page: Page) -> set[str]:
    """Keys of the agencies whose line the page carries."""
    return {credit.publisher.key for credit in page.credits if credit.signal == "agency"}


def _strong(
    page: Page, weights: Mapping[str, float], signals: Collection[str] = _CREDITING
) -> dict[str, tuple[Credit, float]]:
    """Publisher key -> the first of the credits that name it, and their weight in all."""
    found: dict[str, tuple[Credit, float]] = {}
    for credit in page.credits:
        if credit.signal in signals and (weight := _crediting(credit, weights)):
            first, before = found.get(credit.publisher.key, (credit, 0.0))
            found[credit.publisher.key] = (first, before + weight)
    return found


def _crediting(credit: Credit, weights: Mapping[str, float]) -> float:
    """What a credit weighs where the page of those whom it names is not held."""
    return _CREDITING.get(credit.signal, 0.0) * max(weights.get(credit.signal, 0.0), 0.0) if credit.sure else 0.0


def shared_upstream(page: Page, other: Page, weights: Mapping[str, float]) -> bool:
    """Both credit one publisher that is neither of them."""
    mine, theirs = _strong(page, weights), _strong(other, weights)
    both = {key for key in mine if key in theirs and min(mine[key][1], theirs[key][1]) >= CREDIBLE}
    return any(not page.publisher.goes_by(key) and not other.publisher.goes_by(key) for key in both)


def credited_elsewhere(page: Page, other: Page, weights: Mapping[str, float]) -> Weighed | None:
    """The page credits somebody, and the neighbour is not theirs: it speaks against the neighbour."""
    strong = [one for one in _strong(page, weights).values() if one[1] >= CREDIBLE]
    if not strong or any(is_theirs(credit, other) or _is_foreign(credit, other) for credit, _ in strong):
        return None
    credit, weight = min(strong, key=lambda one: (-one[1], one[0].publisher.key))
    against = -weights.get("credit_elsewhere", 0.0) * weight
    reason = f"The page credits {credit.publisher.name}, not {other.publisher.name}."
    return Weighed("credit_elsewhere", round(against, 3), reason)


def is_theirs(credit: Credit, page: Page) -> bool:
    """Whether a page is of the publisher whom a credit names, also by an abbreviation."""
    named, publisher = credit.publisher, page.publisher
    if named.site == page.site or publisher.goes_by(named.key):
        return True
    host = main_label(host_of(page.url) or page.site)
    is_name = host_of(credit.clue.target) is None
    return is_name and (_shortens(host, named.name) or _shortens(named.key, publisher.name))


def _is_foreign(credit: Credit, page: Page) -> bool:
    """Whether a name in another script may be that of a house of which only the host is known."""
    is_name = host_of(credit.clue.target) is None
    return is_name and not page.publisher.named and not credit.publisher.key.isascii()


def _shortens(key: str, name: str) -> bool:
    """Whether a key is made of the beginnings of a name's words: "nytimes", "faz"."""
    ends = {0}
    for word in re.findall(r"\w+", name.casefold())[:_MOST_WORDS]:
        further = {end + size for end in ends for size in range(1, len(word) + 1) if key.startswith(word[:size], end)}
        ends = further | (ends if len(word) <= _SMALL_WORD else set())
    return len(key) >= _LEAST_SHORT and len(key) in ends


def credited_unheld(
    page: Page, others: Iterable[Page], weights: Mapping[str, float]
) -> tuple[str | None, tuple[Evidence, ...], bool]:
    """The same as `credited`, of a page that shares text with others: only who says whose the text is counts, and
    nobody where one of the others is theirs."""
    strong = {key for key, (_, weight) in _strong(page, weights, ENDORSING).items() if weight >= CREDIBLE}
    credits = [credit for credit in page.credits if credit.publisher.key in strong]
    if not credits or any(is_theirs(credit, other) for other in others for credit in credits):
        return None, (), False
    return credited(page, weights, ENDORSING)


def credited(
    page: Page, weights: Mapping[str, float], signals: Collection[str] = _CREDITING
) -> tuple[str | None, tuple[Evidence, ...], bool]:
    """The publisher whom the page credits most, by these signals, why, and whether that suffices."""
    found = _strong(page, weights, signals)
    if not found:
        return None, (), False
    key = min(found, key=lambda name: (-found[name][1], name))
    first, weight = found[key]
    reasons = tuple(
        _as_evidence(credit, weights)
        for credit in page.credits
        if credit.publisher.key == key and credit.signal in signals and _crediting(credit, weights)
    )
    return first.publisher.name, reasons, weight >= CREDIBLE


def _as_evidence(credit: Credit, weights: Mapping[str, float]) -> Evidence:
    weight = round(_CREDITING[credit.signal] * weights[credit.signal], 3)
    clue = credit.clue
    said, target, place = short(clue.quote or clue.target), short(clue.target), place_of(clue)
    told = {
        "canonical": f"The page's canonical address ({place}) is {target}",
        "declared_source": f"The page declares a source ({place}): {target}",
        "declared_publisher": f"The page names {target} in its {place}",
        "title_suffix": told_suffix(credit).removesuffix("."),
        "credit_line": f"The page credits {credit.publisher.name}: “{said}”",
    }
    reason = f"{told[credit.signal]}; no page of theirs with this text is held."
    return Evidence(credit.signal, credit.url or credit.publisher.name, weight, reason)


def agency(page: Page, others: Sequence[Page]) -> tuple[str | None, tuple[Evidence, ...]]:
    """The agency that the page and its siblings credit, and that both do."""
    for credit in page.credits:
        if credit.signal != "agency":
            continue
        beside = [other for other in others if credit.publisher.key in agencies(other)]
        if beside:
            said = agency_words(credit.clue)
            name, first = credit.publisher.name, min(beside, key=lambda other: other.order).url
            # not how many: each further print would revise all the others
            reason = (
                f"This page (“{said}”) and others with its text, as {first}, credit {name}; none shows a trace of"
                " another."
            )
            return name, (Evidence("agency", name, 2.0, reason),)
    return None, ()
