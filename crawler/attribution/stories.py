"""From pointers to verdicts: the root of each article, its story, and the lines that say so.

A pure function of the choices of an article and of those above it (`ways.py`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from crawler.attribution.choose import judged
from crawler.attribution.covering import adds, departs, hands_on, slips
from crawler.attribution.pairs import Page, Shared
from crawler.attribution.pointers import Choice, Pointer
from crawler.attribution.publishers import host_of, name_key
from crawler.attribution.ways import Above, Family
from crawler.items import Evidence, Relation, Status, Verdict

MOSTLY = 0.9
"""Share of a page that is copied, from which it is verbatim or an excerpt rather than edited …"""
COMPLETE = 0.95
"""… verbatim if this share of the original stands in it (a few inserts of its own do not matter) …"""
PARTIAL = 0.75
"""… an excerpt if less than this does."""
_MAX_EVIDENCE = 16
_UNLINKED = 0.7
"""Confidence that a page with no match and no foreign credit is an original: we do not hold the whole web."""


def story_of(url: str) -> str:
    """The id of the story that begins with a page."""
    return hashlib.blake2b(url.encode(), digest_size=8).hexdigest()


def conclude(article: int, above: Above) -> tuple[Verdict, ...]:
    """The verdict lines of an article, revision 1."""
    choice = above.choice(article)
    page = above.page(article)
    if choice.sources and (lines := _lines(article, Family(article, above))):
        return lines
    if choice.ruling is not None and choice.ruling.ruling == "original":
        return (_ruled_to_unheld(page, choice),)
    return (_alone(page, choice, _story(article, above)),)


# -- reposts of pages that we hold ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Line:
    """One source of an article: the page to be named as its original, the way there, and the root behind it."""

    original: int
    parent: int
    root: int
    owner: int
    """Whose words the article has: the root's, or the original's own."""
    pointer: Pointer
    confidence: float


def _lines(article: int, family: Family) -> tuple[Verdict, ...]:
    found: dict[int, _Line] = {}
    for line in (_line(article, path, family) for path in family.paths(article)):
        held = found.get(line.original)
        # of two ways to one original the longer tells by which copy it came
        if held is None or (held.parent == held.original and line.parent != line.original):
            found[line.original] = line
    several = len(found) > 1
    return tuple(_repost(article, line, several, family) for line in found.values())


def _line(article: int, path: tuple[int, ...], family: Family) -> _Line:
    above = family.above
    pointer = _pointer(above.choice(article), path[0])
    sharing = [one for one in reversed(path) if above.shared(article, one) is not None]
    confidence = pointer.confidence
    for below, one in pairwise(path):
        confidence = min(confidence, _pointer(above.choice(below), one).confidence)
    original = sharing[0] if sharing else path[0]
    owner = original if _is_its_own(article, original, path, above) else path[-1]
    return _Line(original, path[0], path[-1], owner, pointer, confidence)


def _is_its_own(article: int, original: int, path: tuple[int, ...], above: Above) -> bool:
    """Whether an article took from a copy only what that one did not take from elsewhere."""
    if original == path[-1]:
        return True
    here, there = above.shared(article, original), above.shared(original, path[path.index(original) + 1])
    return here is not None and there is not None and not hands_on(here, there)


def _pointer(choice: Choice, parent: int) -> Pointer:
    """The pointer to a parent; where a circle was cut, there is none to its first page."""
    for pointer in choice.sources:
        if pointer.parent == parent:
            return pointer
    first = choice.sources[0]
    return replace(first, parent=parent, score=0.0)


def _repost(article: int, line: _Line, several: bool, family: Family) -> Verdict:
    above = family.above
    page, original, root = above.page(article), above.page(line.original), above.page(line.root)
    owner = above.page(line.owner)
    shared = above.shared(article, line.original)
    credit = _credit_of(article, line, several, above)
    via = above.page(line.parent) if _is_way(article, line, above) else None
    reasons = list(line.pointer.evidence)
    if line.parent != line.original:
        reasons.append(_chain(article, line, above))
    if credit is not None:
        reasons += credit.credited
    return Verdict(
        url=page.url,
        site=page.article.site,
        story=story_of(root.url) if family.parents(line.root) else _story(line.root, above),
        status="repost",
        original_url=original.url,
        via_url=via.url if via else None,
        publisher=owner.publisher.name if credit is None else credit.upstream,
        relation=_relation(page, original, shared, several),
        confidence=round(line.confidence, 3),
        copied=round(shared.copied, 4) if shared else 0.0,
        coverage=round(shared.coverage, 4) if shared else 0.0,
        published=page.article.published_at,
        original_published=original.article.published_at,
        lag_seconds=_lag(page, original),
        evidence=tuple(reasons[:_MAX_EVIDENCE]),
    )


def _credit_of(article: int, line: _Line, several: bool, above: Above) -> Choice | None:
    """Whose credits name the publisher, where it is not the owner's own: those of the owner, or those of the page, if
    nothing but the text shows that it was taken from its parent."""
    of_owner, here = above.choice(line.owner), above.choice(article)
    if of_owner.is_credited and of_owner.upstream:
        return of_owner
    if several or not here.is_credited or not here.upstream or line.pointer.judged or line.pointer.traces > 0:
        return None
    return None if name_key(here.upstream) in above.page(line.owner).publisher.keys else here


def _relation(page: Page, original: Page, shared: Shared | None, several: bool) -> Relation:
    if page.site == original.site:
        return "same_site"
    if several:
        return "roundup"
    if shared is None:
        return "attributed"
    if shared.copied >= MOSTLY and shared.coverage >= COMPLETE:
        return "verbatim"
    if shared.copied >= MOSTLY and shared.coverage < PARTIAL:
        return "excerpt"
    return "edited"


def _is_way(article: int, line: _Line, above: Above) -> bool:
    """Whether the page came by its parent rather than from the original itself: something shows the parent in it, it
    has words of the parent's that the original lacks, or the parent's slips."""
    if line.parent == line.original:
        return False
    here, there = above.shared(article, line.parent), above.shared(article, line.original)
    more = here is not None and there is not None and (adds(here, there) or departs(there, here))
    return more or line.pointer.traces > 0 or line.pointer.judged


def _chain(article: int, line: _Line, above: Above) -> Evidence:
    parent, original = above.page(line.parent).url, above.page(line.original).url
    reason = f"The same text stands in {parent}, which is itself a copy of {original}."
    here, there = above.shared(article, line.parent), above.shared(article, line.original)
    if here is not None and there is not None and departs(there, here):
        reason += f" In {slips(there, here)} places this page departs from the latter and has the words of the former."
    return Evidence("chain", parent, 0.0, reason)


def _lag(page: Page, original: Page) -> int | None:
    """Seconds between the stated times; None where one is missing."""
    mine, theirs = page.article.published_at, original.article.published_at
    return None if mine is None or theirs is None else round((mine - theirs).total_seconds())


# -- pages without a source that we hold ---------------------------------------------------------------------------


_ALONE = Verdict("", "", "", "original", confidence=_UNLINKED).to_dict()


def alone(url: str, site: str, published: str | None) -> dict[str, Any]:
    """The only line, as `Verdict.to_dict` gives it, of an article that shares text with nobody and credits nobody: what
    `conclude` says of it. `published`: as ISO 8601."""
    return {**_ALONE, "url": url, "site": site, "story": story_of(url), "published": published}


def _alone(page: Page, choice: Choice, story: str) -> Verdict:
    status, relation, confidence, reasons = _standing(choice)
    return Verdict(
        url=page.url,
        site=page.article.site,
        story=story,
        status=status,
        publisher=choice.upstream if status in ("repost", "sibling") else None,
        relation=relation,
        confidence=round(confidence, 3),
        published=page.article.published_at,
        evidence=tuple(reasons)[:_MAX_EVIDENCE],
    )


def _standing(choice: Choice) -> tuple[Status, Relation | None, float, Iterable[Evidence]]:
    if choice.ruling is not None:
        return "original", None, 1.0, [judged(choice.ruling)]
    if choice.is_credited:
        weight = sum(one.weight for one in choice.credited)
        reasons = (*choice.credited, *choice.refused)
        return "repost", "attributed", Pointer(0, "common", weight).confidence, reasons
    if any(pointer.relationship == "sibling" for pointer in choice.beside):
        weight = sum(one.weight for one in choice.credited)
        return "sibling", None, Pointer(0, "sibling", weight).confidence, choice.credited
    if choice.doubts:
        return "unknown", None, 0.5, choice.doubts
    return "original", None, _UNLINKED, ()


def _ruled_to_unheld(page: Page, choice: Choice) -> Verdict:
    assert choice.ruling is not None
    assert choice.ruling.original_url is not None
    return Verdict(
        url=page.url,
        site=page.article.site,
        story=story_of(choice.ruling.original_url),
        status="repost",
        original_url=choice.ruling.original_url,
        publisher=host_of(choice.ruling.original_url),
        relation="attributed",
        confidence=1.0,
        published=page.article.published_at,
        evidence=(judged(choice.ruling),),
    )


def _story(article: int, above: Above) -> str:
    """The story of the first root; a page beside others belongs to the story of the earliest of them."""
    way: list[int] = []
    here: int | None = article
    while here is not None and here not in way:
        way.append(here)
        root, here = _step(here, above)
        if root is not None:
            return story_of(above.page(root).url)
    ends = way[-1:] if here is None else way[way.index(here) :]
    return story_of(above.page(min(ends, key=lambda one: above.page(one).order)).url)


def _step(article: int, above: Above) -> tuple[int | None, int | None]:
    """The round-up at which the first way from a page ends, or else the page from which to go on."""
    choice = above.choice(article)
    if choice.sources:
        family = Family(article, above)
        if path := next(family.paths(article), None):
            return (path[-1], None) if family.parents(path[-1]) else (None, path[-1])
    return None, choice.first_beside
