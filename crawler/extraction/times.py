"""When it was published and last changed: every place where a page says so, and which of them to believe."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import cache
from itertools import islice

from lxml.html import HtmlElement

from crawler.discovery.base import Link
from crawler.extraction.calendars import MAY_BE_FOREIGN
from crawler.extraction.datelines import DATE_CLASS, date_lines
from crawler.extraction.dates import Stated, believable, day_on_title, read_moment, settle, stated_as
from crawler.extraction.head import Head, squeeze
from crawler.extraction.jsonld import Node, date_of
from crawler.extraction.languages import tag_of
from crawler.items import Precision

_PUBLISHED = (
    "article:published_time", "og:article:published_time", "datepublished", "parsely-pub-date", "sailthru.date",
    "publish-date", "publish_date", "publishdate", "publication_date", "pubdate", "published", "article.published",
    "article_date_original", "originalpublicationdate", "cxenseparse:recs:publishtime", "dc.date.issued",
    "dcterms.created", "dcterms.issued", "dcterms.date", "dc.date.created", "dc.date", "dc:date", "date",
    "article:post_date", "og:published_time", "published_at", "rnews:datepublished", "bt:pubdate", "datecreated",
    "citation_publication_date", "displaydate", "pub_date", "release_date", "mediator_published_time",
)  # fmt: skip
_MODIFIED = (
    "article:modified_time", "og:updated_time", "og:article:modified_time", "datemodified", "lastmod", "last-modified",
    "dcterms.modified", "dc.date.modified", "modified", "article.updated", "revised", "update_date",
)  # fmt: skip
_PUBLISHED_CLASS = re.compile(
    r"publish|entry-date|posted|pubdate|date-?pub|created|timestamp|post-date|article-?date", re.IGNORECASE
)
_PUBLISHED_META = re.compile(
    r"publi(?:sh|cation|shed)?[\w:.-]*(?:time|date)|pub_?date|date[\w:.-]*publi|issued|created", re.IGNORECASE
)
_MODIFIED_CLASS = re.compile(r"updated|modified|last", re.IGNORECASE)
_SIGN = re.compile(rf"[年년]|{MAY_BE_FOREIGN.pattern}")
_MAX_SIGNED, _MAX_LINE = 40, 60
_DAY = 86_400
_SEARCHED = 1_500_000
"""Characters of HTML up to which htmldate searches a page: its patterns are run over all of it."""


@dataclass(frozen=True, slots=True)
class Times:
    """Aware moments with the page's own offset. `precision` is that of `published`: "day" also where the page tells
    a time of day but neither it nor anything else tells the offset."""

    published: datetime | None = None
    modified: datetime | None = None
    precision: Precision | None = None


def read_times(
    tree: HtmlElement,
    head: Head,
    nodes: Sequence[Node],
    article: Node,
    hints: Link | None,
    now: datetime,
    language: str = "",
) -> Times:
    """What the page's fields state, else what discovery was told, else the day that its title ends with, else what a
    line beside the heading tells readers, which also adds its time of day to a mere day; else what htmldate finds in
    the text. What lies ahead of `now` is not believed. `language`: a tag, as the page states it."""
    tongue = cache(lambda: tag_of(_sample(tree), language))
    published = _moments(_published(head, nodes, article), tongue)
    modified = _moments(_modified(head, nodes, article), tongue)
    everything = [*published, *modified]
    clock = hints.published if hints is not None and hints.published and hints.published.time() != time() else None
    first = _best(published, everything, clock, now)
    changed = _best(modified, everything, hints.modified if hints is not None else None, now)
    if first is None:
        shown = _moments(_time_elements(head, _PUBLISHED_CLASS, _MODIFIED_CLASS), tongue)
        first = _hinted(hints.published if hints is not None else None, now) or _best(shown, everything, None, now)
    first = first or _on_titles(head, now) or _in_own_signs(tree, now)
    if first is None or _is_mere_day(first):
        shown, changes = _on_lines(tree, head, tongue)
        first = _with_clock(first, shown, everything, clock, now)
        changed = changed or _best(changes, everything, None, now)
    first = first or _searched(tree, head, now)
    changed = changed or _hinted(hints.modified if hints is not None else None, now)
    if first is not None and changed is not None and first[0] == changed[0]:
        first = _earlier(first, _moments(_first_published(head, article), tongue), everything, now)
    return Times(first and first[0], changed and changed[0], first and first[1])


def _moments(stated: Iterable[str], tongue: Callable[[], str]) -> list[Stated]:
    return [one for text in stated if (one := read_moment(text, tongue)) is not None]


Settled = tuple[datetime, Precision]


def _hinted(moment: datetime | None, now: datetime) -> Settled | None:
    """What a list of the site said of the page."""
    if moment is None:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (moment, "second" if moment.time() != time() else "day") if believable(moment, now) else None


def _settled(stated: Stated, others: Sequence[Stated], hint: datetime | None) -> Settled:
    moment, sure = settle(stated, others, hint)
    return moment, stated.precision if sure else "day"


def _best(stated: Sequence[Stated], others: Sequence[Stated], hint: datetime | None, now: datetime) -> Settled | None:
    """The first believable one; a source that knows only the day gives way to one that agrees and knows the time."""
    settled = [one for one in (_settled(one, others, hint) for one in stated) if believable(one[0], now)]
    if not settled:
        return None
    first = settled[0]
    if first[1] == "day":
        finer = (one for one in settled[1:] if one[1] != "day" and abs((one[0] - first[0]).total_seconds()) < _DAY)
        return next(finer, first)
    return first


def _earlier(first: Settled, stated: Sequence[Stated], others: Sequence[Stated], now: datetime) -> Settled:
    """A publication that equals the last change is an update's time; an earlier statement of the page is the first
    publication, if one is made."""
    settled = [_settled(one, others, None) for one in stated]
    earlier = [one for one in settled if believable(one[0], now) and one[1] != "day" and one[0] < first[0]]
    return min(earlier, default=first)


def _first_published(head: Head, article: Node) -> Iterator[str]:
    """Statements of publication in so many words."""
    yield date_of(article.get("datePublished"))
    for name in _PUBLISHED[:3]:
        yield head.first(name)
    yield from head.props.get("datepublished", ())[:1]


def _published(head: Head, nodes: Sequence[Node], article: Node) -> Iterator[str]:
    yield from _first_published(head, article)
    for name in _PUBLISHED[3:]:
        yield head.first(name)
    yield from head.props.get("datecreated", ())[:1]
    for node in nodes:
        yield date_of(node.get("datePublished")) if not article or node is article else ""
    yield date_of(article.get("dateCreated"))
    yield from (values[0] for name, values in head.meta.items() if _PUBLISHED_META.search(name) and values)


def _modified(head: Head, nodes: Sequence[Node], article: Node) -> Iterator[str]:
    yield date_of(article.get("dateModified"))
    for name in _MODIFIED:
        yield head.first(name)
    yield from head.props.get("datemodified", ())[:1]
    for node in nodes:
        yield date_of(node.get("dateModified")) if not article else ""
    yield from _time_elements(head, _MODIFIED_CLASS, None)


def _time_elements(head: Head, wanted: re.Pattern[str], other: re.Pattern[str] | None) -> Iterator[str]:
    """<time> elements whose class says what they tell; then, for publication, those of an article's header."""
    rest: list[str] = []
    for stamp, element in head.times:
        told = f"{element.get('class') or ''} {element.get('itemprop') or ''} {element.get('pubdate') or ''}"
        parent = element.getparent()
        told += f" {parent.get('class') or ''}" if parent is not None else ""
        stamp = stamp or squeeze(str(element.text_content()), 80)
        if wanted.search(told) and not (other is not None and other.search(told) and not wanted.search(told)):
            yield stamp
        elif other is not None and not other.search(told):
            rest.append(stamp)
    yield from rest[:1]


def _on_titles(head: Head, now: datetime) -> Settled | None:
    """The day that <title> or og:title ends with."""
    hung = (day_on_title(title) for title in (head.title, head.first("og:title", "twitter:title")))
    return _best([one for one in hung if one is not None], (), None, now)


def _on_lines(tree: HtmlElement, head: Head, tongue: Callable[[], str]) -> tuple[list[Stated], list[Stated]]:
    """What the lines beside the heading say of the publication, and of changes."""
    lines = date_lines(tree, head, tongue)
    publications, changes = ([one for one in lines if one.changed is kind] for kind in (False, True))
    return [stated_as(one) for one in publications], [stated_as(one) for one in changes]


def _sample(tree: HtmlElement) -> str:
    """Some of the page's running text."""
    texts = (squeeze(str(paragraph.text_content()), 400) for paragraph in tree.iter("p"))
    return " ".join(islice((text for text in texts if len(text) > 80), 3))


def _is_mere_day(settled: Settled) -> bool:
    return settled[1] == "day" and settled[0].time() == time()


def _with_clock(
    first: Settled | None, shown: Sequence[Stated], others: Sequence[Stated], hint: datetime | None, now: datetime
) -> Settled | None:
    """The day that something else states, with the time of day by which a line agrees with it; without such a day what
    the lines state by themselves."""
    if first is None:
        return _best(shown, others, hint, now)
    day = first[0].date()
    timed = [one for one in shown if one.moment.time() != time() and one.moment.date() == day]
    return _best(timed, others, hint, now) or first


def _in_own_signs(tree: HtmlElement, now: datetime) -> Settled | None:
    """The day of a short line in its country's own signs or calendar, of which htmldate reads the year at best: one
    whose class speaks of a date, else one below the heading (above it stands the day of the visit), else any; the
    first of them."""
    found: list[tuple[int, int, Stated]] = []
    for at, (element, below) in enumerate(_signed(tree)):
        text = squeeze(str(element.text_content()), _MAX_LINE + 1)
        if len(text) <= _MAX_LINE and (stated := read_moment(text)) is not None:
            parent = element.getparent()
            told = f"{element.get('class') or ''} {(parent.get('class') or '') if parent is not None else ''}"
            found.append((0 if DATE_CLASS.search(told) else 1 if below else 2, at, stated))
    return _best([stated for *_, stated in sorted(found, key=lambda one: one[:2])], (), None, now)


def _signed(tree: HtmlElement) -> Iterator[tuple[HtmlElement, bool]]:
    """Elements with a text of their own that has such signs, and whether they follow the first heading; so many of
    either."""
    counts, below = [0, 0], False
    for element in tree.iterfind("body//*"):
        for text, holder in ((element.text, element), (element.tail, element.getparent())):
            if text and holder is not None and counts[below] < _MAX_SIGNED and _SIGN.search(text):
                counts[below] += 1
                yield holder, below
        below = below or element.tag == "h1"


def _searched(tree: HtmlElement, head: Head, now: datetime) -> tuple[datetime, Precision] | None:
    """htmldate's search through the page; it knows days only."""
    if head.size > _SEARCHED:
        return None
    from htmldate import find_date  # costs a tenth of a second, and few pages need it

    latest = now.strftime("%Y-%m-%d")
    try:
        day = find_date(tree, original_date=True, url=head.url, max_date=latest, deferred_url_extractor=True)
    except Exception:  # a third-party search through hostile text; no date is an answer too
        return None
    stated = read_moment(day) if day and not day.endswith("-01-01") else None  # that is what it makes of a mere year
    return None if stated is None else (stated.moment.replace(tzinfo=UTC), "day")
