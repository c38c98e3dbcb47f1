"""Which lists to read at a visit: on the first everything, later the cheapest that cover the site.

A quiet visit costs at most BUDGET lists. The methods are tried in the order of METHOD_NAMES, most complete first; the
ones that are not needed are looked at in turns, as far as the budget goes, so that a method that has dried up, or
lies, is found out by the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from crawler.discovery import blogger, feed, listing, patterns, sitemap, wordpress
from crawler.discovery.base import METHOD_NAMES, Lesson, Link, Method, Profile, Visit
from crawler.discovery.markup import moment
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
LAG = timedelta(days=2)
"""How much later than the others a healthy method may show what is new."""
SILENCE = timedelta(days=3)
"""How long a method that should tell everything may tell nothing before others are asked, too."""


def plan(profile: Profile, visit: Visit, site: Site) -> list[Link]:
    """The lists to read now. Called again with the next `round` when all of them have been read; [] ends the visit.
    `site.render` says that its pages need a browser, declared or learnt."""
    usable = _usable(profile, visit, site)
    if visit.first:
        return _first(usable, visit.round)
    if visit.round:
        return _after(usable, visit, rendered=site.render)
    planned = _later(usable, visit, rendered=site.render)
    tried = [one.lists[0] for name, one in usable.items() if name in COMPLETE and one.lists[0].probe]
    return [*planned[: BUDGET - 1], *tried[:1]] if tried else planned


def audit(profile: Profile, visit: Visit, site: Site) -> list[Link]:
    """The list that is looked at again beside those of `plan`, out of what is kept for looking again: a page of the
    archive, in turns by `visit.number`, of a site that renders by JavaScript. There a quiet visit reads one list, and
    the archive has no turn among them."""
    return _archive(_usable(profile, visit, site)) if site.render else []


def _usable(profile: Profile, visit: Visit, site: Site) -> dict[str, _Asked]:
    methods = with_declared(profile, site.feeds, site.sitemaps)
    usable: dict[str, _Asked] = {}
    for name in METHOD_NAMES:
        if name in methods and (not site.discovery or name in site.discovery):
            own = replace(visit, cursor=methods[name])
            if lists := METHODS[name].seeds(own):
                usable[name] = _Asked(own, tuple(lists))
    return usable


@dataclass(frozen=True, slots=True)
class _Asked:
    """A method that applies: what it knows, and the lists that it would read."""

    visit: Visit
    lists: tuple[Link, ...]


def _first(usable: Mapping[str, _Asked], round_: int) -> list[Link]:
    """Everything that says where articles are; page after page of feeds, and then of listings, only where nothing
    told the whole site for less."""
    if round_ == 0:
        wanted = [name for name in usable if name != "listing"] or list(usable)
        return [link for name in wanted for link in usable[name].lists]
    if _tells_all(usable, "wordpress", "blogger", "sitemap", "feed"):
        return []
    if round_ == 1 and "feed" in usable and (lists := feed.further_seeds(usable["feed"].visit)):
        return lists
    return list(usable["listing"].lists) if "listing" in usable else []


def _tells_all(usable: Mapping[str, _Asked], *names: str) -> bool:
    """Whether one of these methods lists the whole site, and has been read with success."""
    tells = {"wordpress": _has_posts, "blogger": _has_posts, "sitemap": sitemap.lists_all, "feed": feed.lists_all}
    return any(tells[name](usable[name].visit.cursor) for name in names if name in usable)


def _has_posts(cursor: Mapping[str, Any]) -> bool:
    return bool(cursor.get("ids"))


def _later(usable: Mapping[str, _Asked], visit: Visit, *, rendered: bool) -> list[Link]:
    """A complete method by itself, else the first lists of the most telling methods, and in turns the others."""
    alive = {name: one for name, one in usable.items() if not one.lists[0].probe and not _is_stale(name, usable)}
    for name in COMPLETE:
        if _tells_all(alive, name) and not _is_silent(alive[name].visit, visit):
            return list(alive[name].lists)
    ordered = {**alive, **usable}
    lists = {name: list(one.lists) for name, one in ordered.items() if not one.lists[0].probe}
    if any(name in COMPLETE for name in lists) and len(lists) > 1:
        lists = {name: links for name, links in lists.items() if name not in COMPLETE or name not in alive}
    planned = [links.pop(0) for links in list(lists.values())[:BUDGET]]
    archive = _archive(usable)
    if rendered:  # each page costs itself and what its script asks for
        return [link for link in planned if link.method != listing.NAME] or planned[:1]
    if archive and visit.number % 2:
        planned = [*planned[: BUDGET - 1], *archive]
    rest = [link for links in lists.values() for link in links]
    while len(planned) < BUDGET and rest:
        planned.append(rest.pop((visit.number // 2 if archive else visit.number) % len(rest)))
    return planned


def _archive(usable: Mapping[str, _Asked]) -> list[Link]:
    """At every other visit to a site whose whole nothing tells, one page of its archive: so in the end is found what
    was inserted below the first pages."""
    if "listing" not in usable or _tells_all(usable, *COMPLETE, "sitemap"):
        return []
    return listing.archive_seeds(usable["listing"].visit)


def _changed(one: _Asked) -> datetime | None:
    return moment(one.visit.cursor.get("changed"))


def _is_stale(name: str, usable: Mapping[str, _Asked]) -> bool:
    """Whether another method has shown something new long after this one last did."""
    own = _changed(usable[name])
    others = (at for other, one in usable.items() if other != name and (at := _changed(one)))
    return own is not None and any(at - own > LAG for at in others)


def _is_silent(asked: Visit, visit: Visit) -> bool:
    """Whether a complete method has told nothing new for so long that at every fourth visit the others are asked."""
    own = moment(asked.cursor.get("changed"))
    return bool(own and visit.now and visit.now - own > SILENCE and visit.number % 4 == 3)


def _after(usable: Mapping[str, _Asked], visit: Visit, *, rendered: bool) -> list[Link]:
    """What the first round of a later visit left open: newest lists that no longer reach back to what is known."""
    if visit.round > 1 or (_tells_all(usable, "sitemap") and not _is_stale("sitemap", usable)):
        return []
    for name, further_seeds in (("feed", feed.further_seeds), ("listing", listing.further_seeds)):
        if name in usable and (further := further_seeds(usable[name].visit)):
            return further
    if "feed" not in usable or not usable["feed"].visit.cursor.get("gap"):
        return []
    read = {link.url for link in _later(usable, visit, rendered=rendered)}
    others = [link for name in ("sitemap", "listing") if name in usable for link in usable[name].lists]
    return [link for link in others if link.url not in read][:BUDGET]


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
