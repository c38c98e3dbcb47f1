"""Which links of a page look like articles: by what is around them, by their text and URL, and by their like.

A link is an article by what is around it (a heading, a teaser's block among others of its kind, a time), by its
text, by the shape of its URL, and by what proved to be an article on this site; navigation, footers and short words
speak against it. Links of one kind stand in blocks of one kind: so a kind is judged as a whole, and then each link.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import inf
from statistics import median
from urllib.parse import urlsplit

from lxml import etree

from crawler.discovery import patterns
from crawler.discovery.markup import moment, name_of, one_line, text_of
from crawler.discovery.shapes import says_article
from crawler.discovery.urls import resolve, same_site

MAX_ANCHORS = 5000
"""Links of one page that are looked at."""
THRESHOLD = 3.0
_PROOF = 6.0
"""What proved to be an article (or none) on this site outweighs what a link looks like."""

_TEASER = re.compile(
    r"\b(?:post|entry|article|card|story|stories|item|teaser|headline|news|title|blog|hentry|loop)s?\b"
)
_ASIDE = re.compile(
    r"\b(?:nav|navbar|navigation|menu|breadcrumbs?|footer|header-top|topbar|social|share|sharing|pagination|pager|paging"
    r"|tagcloud|tags|tag-links|cat-links|byline|author|comments?|comment-\w+|widget_(?:categories|archive|tag_cloud|meta|pages"
    r"|nav_menu|recent_comments)|calendar|cookie|login|lang(?:uage)?-?(?:switcher)?|sponsor(?:ed)?|advert\w*|ads?|promo)\b"
)
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_NUMBERED = re.compile(r"/(?:S-)?(?:D|H)(?:\.[a-z]+)?/?(?:\?|$)")
_NUMBERED_QUERY = re.compile(r"[?&](?:p|id|story|article|news\w*|nid|item)=D")
_DATED = re.compile(
    r"/(?:(?:19|20)\d\d[/-](?:0?[1-9]|1[0-2])(?:[/-]\d\d?)?|(?:19|20)\d{6})[/_-](?:[^/]*[^\W\d]|\d{3,})[^/]*/?$"
)
"""A date in a path, and behind it one name or number: an archive of a month or a day has nothing behind its date."""
_LEAST_DATED, _LEAST_NUMBERED = 1.0, 2.0
"""What most links of a group must score to be taken whole: URLs that a CMS dates or numbers say much by themselves."""
_END = re.compile(r"\.[a-z]{2,5}$", re.IGNORECASE)
_KEEP_UP = 6


@dataclass(slots=True)
class Shown:
    """One URL on the page, with the best of what all links to it say."""

    url: str
    text: str = ""
    score: float = 0.0
    aside: bool = True
    """Every link to it stands in navigation, a footer, a byline."""
    kinds: set[str] = field(default_factory=set)
    published: datetime | None = None


def shown_links(root: etree._Element, base: str, site: str, learned: patterns.Patterns) -> dict[str, Shown]:
    """The links of a page to its own site, scored: from THRESHOLD on they look like articles."""
    shown = _shown(root, base, site)
    for one in shown.values():
        one.score += _url_score(one.url) + _PROOF * patterns.opinion(learned, one.url)
    _judge_by_kind(list(shown.values()))
    return shown


def _shown(root: etree._Element, base: str, site: str) -> dict[str, Shown]:
    found: dict[str, Shown] = {}
    for anchor, _ in zip(root.iter("a"), range(MAX_ANCHORS), strict=False):
        url = resolve(base, anchor.get("href") or "")
        if not url or not same_site(url, site):
            continue
        one = found.setdefault(url, Shown(url))
        place = _Place(anchor)
        text = text_of(anchor) or one_line(anchor.get("title") or anchor.get("aria-label") or "")
        score = place.score() + _text_score(text)
        if score > one.score or not one.kinds:
            one.score = max(score, one.score) if one.kinds else score
        if len(text) > len(one.text) and not _says_more(text):
            one.text = text
        one.aside = one.aside and place.aside
        one.kinds.add(place.kind)
        one.published = one.published or place.published
    return found


def _says_more(text: str) -> bool:
    return len(text) < 40 and bool(
        re.search(r"\b(?:read|continue|more|weiter|mehr|lire|leer|читать|далее)\b", text.lower())
    )


class _Place:
    """Where a link stands: the names of what is around it, up to the block that is repeated."""

    def __init__(self, anchor: etree._Element) -> None:
        self.heading = self.teaser = self.aside = False
        self.published: datetime | None = None
        steps: list[str] = []
        element, depth = anchor.getparent(), 0
        self.heading = any(name_of(child) in _HEADINGS for child in anchor.iter())
        while element is not None and depth < 12:
            name = name_of(element)
            said = f"{element.get('class') or ''} {element.get('id') or ''}".lower()[:300]
            if name in ("nav", "footer") or (
                _ASIDE.search(said.replace("_", "-")) and name not in ("body", "html", "main")
            ):
                self.aside = True
            self.heading = self.heading or (name in _HEADINGS and depth < 3)
            if name in ("body", "html"):
                break
            if depth < _KEEP_UP:
                steps.append(f"{name}.{(element.get('class') or '').split(' ')[0]}")
                if name == "article" or _TEASER.search(said):
                    self.teaser = True
                    self.published = self.published or _time_in(element)
            element, depth = element.getparent(), depth + 1
        self.kind = ">".join(steps)

    def score(self) -> float:
        return 2.0 * self.heading + 1.0 * self.teaser + 0.5 * (self.published is not None) - 2.5 * self.aside


_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5"})


def _time_in(block: etree._Element) -> datetime | None:
    """The one time that a block states; a block that states several is no teaser but a list of them."""
    times = [one for one, _ in zip(block.iter("time"), range(3), strict=False)]
    if len(times) != 1:
        return None
    return moment(times[0].get("datetime"))


def _text_score(text: str) -> float:
    if text and not any(letter.isalpha() for letter in text):
        return -2.0  # the number of a page, the day of a calendar
    words = len(text.split())
    if _WIDE.search(text):
        words = max(words, len(_WIDE.findall(text)) // 2)
    if words >= 5:
        return 1.5
    if words >= 3:
        return 0.75
    return -1.0 if 0 < words <= 2 and len(text) < 20 else 0.0


def _url_score(url: str) -> float:
    parts = urlsplit(url)
    if says_article(parts.path) or _is_dated(url):
        return 2.0
    shape = patterns.template(url)
    last = shape.partition("?")[0].rstrip("/").rpartition("/")[2]
    if last.startswith(("S", "D", "H", "YMD")) or _NUMBERED_QUERY.search(shape):
        return 1.5
    return 0.5 if re.search(r"\.html?$|\.php$|\.aspx?$", parts.path) else -0.5


def _judge_by_kind(shown: list[Shown]) -> None:
    """Three or more links of one kind, or with URLs of one template, are judged together, as most of them look; and
    links of one kind whose URLs are of one template, or that a CMS has dated or numbered, are all articles where
    most of them are."""
    raised: dict[str, float] = {}
    for (kind, shape), members in _groups(shown).items():
        middle = median(one.score for one in members)
        is_whole = middle >= _least(kind, shape, members)
        for one in members:
            step = 1.0 if middle >= THRESHOLD else -0.5 if middle < 1.0 else 0.0
            if is_whole and one.text:
                step = max(step, THRESHOLD - one.score)
            if not one.aside:
                raised[one.url] = max(step, raised.get(one.url, -1.0))
    for one in shown:
        one.score += raised.get(one.url, 0.0)


def _groups(shown: Iterable[Shown]) -> dict[tuple[str, str], list[Shown]]:
    """Links by kind, by template, and by both; groups of three and more."""
    groups: dict[tuple[str, str], list[Shown]] = defaultdict(list)
    for one in shown:
        shape = patterns.template(one.url)
        groups["", shape].append(one)
        for kind in one.kinds:
            groups[kind, ""].append(one)
            groups[kind, shape].append(one)
    return {key: members for key, members in groups.items() if len(members) >= 3}


def _least(kind: str, shape: str, members: Sequence[Shown]) -> float:
    """The middle score from which a group is taken whole."""
    if shape and all(_is_dated(one.url) for one in members):
        return _LEAST_DATED
    if kind and _is_numbered(shape):
        return _LEAST_NUMBERED
    return THRESHOLD if kind and shape else inf


def _is_dated(url: str) -> bool:
    return bool(_DATED.search(_END.sub("", urlsplit(url).path)))


def _is_numbered(shape: str) -> bool:
    return bool(_NUMBERED.search(shape) or _NUMBERED_QUERY.search(shape))


def guessed(possible: Mapping[str, Shown], chosen: Collection[str], learned: patterns.Patterns) -> list[str]:
    """Links worth trying on a site of which nothing is known yet, where marks and words say too little: beside what
    looks like an article in bare markup all that stands there likewise, and where nothing looks like one, the best
    group that there is. The pages themselves decide, and the site's later visits go by what they said."""
    bare = [
        one
        for one in possible.values()
        if one.text and not one.aside and _text_score(one.text) > -2.0 and patterns.opinion(learned, one.url) >= 0
    ]
    if chosen:
        by_words = [url for url in chosen if not (_is_dated(url) or _is_numbered(patterns.template(url)))]
        kinds = {kind for url in by_words for kind in possible[url].kinds if _is_bare(kind)}
        return [one.url for one in bare if one.kinds & kinds]
    groups = _groups(bare).values()
    best = max(groups, key=lambda group: (median(one.score for one in group), len(group)), default=[])
    return [one.url for one in best]


def _is_bare(kind: str) -> bool:
    """Whether no block around a link has a class that would tell it from others."""
    return bool(kind) and all(step.endswith(".") for step in kind.split(">"))
