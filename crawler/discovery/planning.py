"""Which lists to read at a visit: on the first everything, later the cheapest that cover the site.

A quiet visit costs at most BUDGET lists. The methods are tried in the order of METHOD_NAMES, most complete first; the
ones that are not needed are looked at in turns, as far as the budget goes, so that a method that has dried up, or
lies, is found out by the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from crawler.discovery import blogger, feed, listing, patterns, sitemap, wordpress
from crawler.discovery.base import METHOD_NAMES, Lesson, Link, Method, Profile, Visit
from crawler.discovery.recognition import declared as with_declared

if TYPE_CHECKING:
    from crawler.sites import Site

METHODS: dict[str, Method] = {
    "wordpress": wordpress,
    "blogger": blogger,
    "sitemap": sitemap,
    "feed": feed,
    "listing": listing,
}

BUDGET = 2
"""Lists that a quiet visit reads."""
COMPLETE = ("wordpress", "blogger")
"""Methods that tell every post, edit and deletion, and how many there are; each asks two questions at a visit."""
FULL_EVERY = 24
"""Visits after which the other methods are read beside a complete one."""


def plan(profile: Profile, visit: Visit, site: Site) -> list[Link]:
    """The lists to read now. Called again with the next `round` when all of them have been read; [] ends the visit."""
    methods = with_declared(profile, site.feeds, site.sitemaps)
    names = [name for name in METHOD_NAMES if name in methods and (not site.discovery or name in site.discovery)]
    lists = {name: METHODS[name].seeds(replace(visit, cursor=methods[name])) for name in names}
    usable = [name for name in names if lists[name]]
    if visit.first:
        return _first(usable, lists, visit, methods)
    return _later(usable, lists, visit, methods) if visit.round == 0 else _after(usable, lists, visit, methods)


def _first(
    usable: Sequence[str], lists: Mapping[str, list[Link]], visit: Visit, methods: Mapping[str, Mapping[str, Any]]
) -> list[Link]:
    """Everything that says where articles are; pages of listings only where nothing else has told."""
    if visit.round == 0:
        wanted = [name for name in usable if name != "listing"] or list(usable)
        return [link for name in wanted for link in lists[name]]
    if visit.round == 1 and "listing" in usable and not _is_covered(methods, visit):
        return lists["listing"]
    return []


def _is_covered(methods: Mapping[str, Mapping[str, Any]], visit: Visit) -> bool:
    """Whether a method that lists whole sites has been read with success."""
    if any(methods.get(name, {}).get("ids") for name in COMPLETE):
        return True
    roots = (methods.get("sitemap") or {}).get("roots") or {}
    return any(root.get("kind") in ("pages", "index") for root in roots.values()) and visit.held + visit.new > 0


def _later(
    usable: Sequence[str], lists: Mapping[str, list[Link]], visit: Visit, methods: Mapping[str, Mapping[str, Any]]
) -> list[Link]:
    for name in COMPLETE:
        if name in usable and methods[name].get("ids"):
            return lists[name]
    order = [name for name in ("sitemap", "feed", "listing") if name in usable]
    probing = {name for name in order if lists[name][0].probe}
    order = [name for name in order if name not in probing]
    if not order:
        return []
    planned = [lists[name][0] for name in order[:BUDGET]]
    rest = [link for name in order for link in lists[name] if link not in planned]
    while len(planned) < BUDGET and rest:
        planned.append(rest.pop(visit.number % len(rest)))
    return planned


def _after(
    usable: Sequence[str], lists: Mapping[str, list[Link]], visit: Visit, methods: Mapping[str, Mapping[str, Any]]
) -> list[Link]:
    """What the first round of a later visit left open: a feed that no longer reaches back, a method gone silent."""
    if visit.round > 1:
        return []
    read = {link.url for link in _later(usable, lists, replace(visit, round=0), methods)}
    if (methods.get("feed") or {}).get("gap"):
        return [link for name in ("sitemap", "listing") for link in lists.get(name, ()) if link.url not in read][
            :BUDGET
        ]
    return []


def learn(profile: Profile, lesson: Lesson) -> dict[str, Any]:
    """The profile after a visit: which URLs proved to be articles, and how many each method found."""
    methods = {name: dict(cursor) for name, cursor in (profile.get("methods") or {}).items()}
    if "listing" in methods and (lesson.proven or lesson.refuted):
        learned = patterns.learn(methods["listing"].get("patterns") or {}, lesson.proven, lesson.refuted)
        methods["listing"]["patterns"] = learned
    found = dict(profile.get("found") or {})
    for name, number in lesson.new.items():
        found[name] = found.get(name, 0) + number
    return {**profile, "methods": methods, "found": found}
