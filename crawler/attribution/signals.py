"""The signals: each a function that looks at a pair of pages with shared text and says what speaks for one of them
being the source of the other.

A signal takes a `Pair` and returns a `Finding` for "`copy` was taken from `source`", or None. It is asked both ways
round; what it finds the other way round counts against. Its weight is in `weights.py`, its heading in
docs/signals.md. Every reason is a sentence with facts in it that a person can check on the two pages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from crawler.attribution.credits import Credit
from crawler.attribution.pairs import Page, Pair
from crawler.attribution.publishers import CREDIT_LEVELS, host_of, name_key
from crawler.attribution.times import Moment, log_odds, probability_after

LARGE_REST = 300
"""Characters from which what an excerpt left out is a part of the article."""
ENDORSED_BY = (1, 3)
"""Pages that credit a page's publisher for its text from which that counts, and counts more."""
ENDORSING = frozenset({"canonical", "declared_source", "title_suffix", "credit_line"})
"""Signals of the credits that count for it."""
_INSERTED = frozenset({"insert", "prompt"})
_SIGHT_SLACK = timedelta(minutes=10)
_QUOTE = 120
_GENERIC = frozenset(
    """
    admin administrator editor editors editorial staff newsdesk newsroom desk news webmaster author guest team redaction
    redaktion redaktør redactie redacción redação rédaction redazione redakcja редакция администратор админ редактор
    المحرر التحرير ادمن 编辑 管理员 小编 記者
    """.split()  # noqa: SIM905  one word a line would be a page of them
)


@dataclass(frozen=True, slots=True)
class Finding:
    """`strength` times the signal's weight is what it adds, in log-odds. A reason that is work to write is written
    only where it is told: most pairs are weighed and come to nothing."""

    strength: float
    reason: str | Callable[[], str]


Signal = Callable[[Pair], Finding | None]


def role(pair: Pair) -> Finding | None:
    """What the operator declared the two sites to be."""
    copy, source = pair.copy.publisher.role, pair.source.publisher.role
    if copy == source:
        return None
    if copy == "mirror" and source == "publisher":
        return Finding(1.0, f"{pair.copy.site} is declared a mirror, {pair.source.site} a publisher.")
    if copy == "mirror" or source == "publisher":
        which = pair.copy if copy == "mirror" else pair.source
        return Finding(0.4, f"{which.site} is declared a {which.publisher.role}.")
    return None


def canonical(pair: Pair) -> Finding | None:
    """The copy's canonical link (or og:url) names the source's page, or at least its site."""
    return _declared(pair, "canonical", "canonical address")


def declared_source(pair: Pair) -> Finding | None:
    """Metadata made for this: original-source, isBasedOn, a feed's <source>, an importer's trace."""
    return _declared(pair, "declared_source", "declared source")


def _declared(pair: Pair, signal: str, what: str) -> Finding | None:
    best = None
    for credit in _credits(pair, signal):
        said = f"The page's {what} ({credit.clue.kind}) is {_short(credit.clue.target)}"
        if credit.url and _same_page(credit.url, pair.source.url):
            return Finding(1.0, f"{said}, which is the other page.")
        best = best or Finding(0.6, f"{said}, of {pair.source.publisher.name}.")
    return best


def declared_publisher(pair: Pair) -> Finding | None:
    """Structured data of the copy names the source as publisher, owner of rights or provider."""
    for credit in _credits(pair, "declared_publisher"):
        return Finding(1.0, f"The page names {_short(credit.clue.target)} in its {credit.clue.kind}.")
    return None


def hotlinked_image(pair: Pair) -> Finding | None:
    """The copy shows images from the source's own host."""
    found = list(_credits(pair, "hotlinked_image"))
    if not found:
        return None
    more = f" and {len(found) - 1} more" if len(found) > 1 else ""
    return Finding(1.0, f"The page shows an image from the other site: {_short(found[0].clue.target)}{more}.")


def source_link(pair: Pair) -> Finding | None:
    """The copy's body links to the source's page, or into its site."""
    found = list(_credits(pair, "source_link"))
    for credit in found:
        if credit.url and _same_page(credit.url, pair.source.url):
            return Finding(1.5, f"The text links to the other page ({_short(credit.url)}).")
    if not found:
        return None
    count = f"{len(found)} links" if len(found) > 1 else "a link"
    return Finding(1.0, f"The text has {count} into {pair.source.publisher.name}: {_short(found[0].clue.target)}.")


def title_suffix(pair: Pair) -> Finding | None:
    """The copy's title still ends in the source's name."""
    for credit in _credits(pair, "title_suffix"):
        return Finding(1.0, f"The title ends in “{_short(credit.clue.quote or credit.clue.target)}”.")
    return None


def credit_line(pair: Pair) -> Finding | None:
    """A line of the copy credits the source: "Source: …", "originally published by …"."""
    for credit in _credits(pair, "credit_line"):
        exact = credit.url is not None and _same_page(credit.url, pair.source.url)
        said = _short(credit.clue.quote or credit.clue.target)
        return Finding(1.3 if exact else 1.0, f"The page credits {pair.source.publisher.name}: “{said}”.")
    return None


def agency(pair: Pair) -> Finding | None:
    """The copy carries the line of an agency, and the source is that agency's own page."""
    for credit in _credits(pair, "agency"):
        said = _short(credit.clue.quote or credit.clue.target)
        return Finding(1.0, f"The page carries the line of {pair.source.publisher.name}: “{said}”.")
    return None


def byline(pair: Pair) -> Finding | None:
    """The copy gives the source's name as its author."""
    for author in pair.copy.article.authors:
        signed = name_key(author)
        if any(
            len(key) >= 5 and key in signed and not pair.copy.publisher.goes_by(key)
            for key in pair.source.publisher.keys
        ):
            return Finding(1.0, f"The page is signed “{_short(author)}”.")
    return None


def generic_author(pair: Pair) -> Finding | None:
    """The copy is signed by nobody in particular or by nobody, the source by a person."""
    mine, theirs = pair.copy, pair.source
    named = [author for author in theirs.article.authors if not _is_generic(author, theirs)]
    if not named or not all(_is_generic(author, mine) for author in mine.article.authors):
        return None
    if not mine.article.authors:
        return Finding(0.7, f"The page names no author, the other {_short(named[0])}.")
    signed = _short(", ".join(mine.article.authors))
    return Finding(1.0, f"The page is signed “{signed}”, the other by {_short(named[0])}.")


def _is_generic(author: str, page: Page) -> bool:
    words = re.findall(r"\w+", author.casefold())
    return not words or bool(_GENERIC.intersection(words)) or name_key(author) == page.publisher.key


def time_gap(pair: Pair) -> Finding | None:
    """The source states an earlier time, as far as the precision of both carries."""
    mine, theirs = pair.copy.moment, pair.source.moment
    if mine is None or theirs is None:
        return _seen_before(pair)
    probability = probability_after(_bounded(mine, pair.copy), _bounded(theirs, pair.source))
    if probability <= 0.5:
        return None
    strength = log_odds(probability)
    if not (mine.stated and theirs.stated):
        strength /= 2
    return Finding(strength, lambda: _told_gap(mine, theirs))


def _told_gap(mine: Moment, theirs: Moment) -> str:
    reason = f"Published {_moment(mine)}, the other page {_moment(theirs)}"
    if mine.exact and theirs.exact:
        reason += f": {_span(mine.middle - theirs.middle)} earlier"
    return reason + "."


def _seen_before(pair: Pair) -> Finding | None:
    """We saw the source before the time that the copy states."""
    seen, mine = pair.source.article.first_seen, pair.copy.moment
    if seen is None or mine is None or seen > mine.earliest:
        return None
    return Finding(log_odds(1.0), f"Published {_moment(mine)}; we saw the other page before that, at {_minute(seen)}.")


def _bounded(moment: Moment, page: Page) -> Moment:
    """Nothing was published after we saw it."""
    seen = page.article.first_seen
    if seen is None or not moment.earliest <= seen < moment.latest:
        return moment
    return Moment(moment.earliest, seen, moment.stated, moment.doubt)


def first_sight(pair: Pair) -> Finding | None:
    """We saw the source first: weak, it may only mean that we looked there first."""
    mine, theirs = pair.copy.article.first_seen, pair.source.article.first_seen
    if mine is None or theirs is None or mine - theirs < _SIGHT_SLACK:
        return None
    return Finding(1.0, lambda: f"We saw the other page first ({_minute(theirs)}, this one {_minute(mine)}).")


def habit(pair: Pair) -> Finding | None:
    """The copy's site usually prints what the source's printed before, by the exact times of their other pairs."""
    known = pair.habit
    if known.of_pair <= 0:
        return None
    mine, theirs = pair.copy.site, pair.source.site
    reason = f"Of the texts that {mine} shares with {theirs} it was the later one in {_count(known.later)}"
    return Finding(known.of_pair, f"{reason}, the earlier one in {_count(known.earlier)}.")


def site_habit(pair: Pair) -> Finding | None:
    """The copy's site is a follower with everybody, or the source's a leader."""
    known = pair.habit
    if known.of_sites <= 0:
        return None
    return Finding(
        known.of_sites, lambda: _told_sites((pair.copy.site, *known.mine), (pair.source.site, *known.theirs))
    )


def _told_sites(*sites: tuple[str, int, int]) -> str:
    said = [
        f"{site} was the later one in {_count(later)} of the texts that it shares with others, the earlier one in"
        f" {_count(earlier)}"
        for site, later, earlier in sites
    ]
    return "; ".join(said) + "."


def _count(step: int) -> str:
    """A count in steps, as `habits` rounds it."""
    return str(step) if step < 8 else f"{step} or more"


def credit_habit(pair: Pair) -> Finding | None:
    """Pages of the copy's site usually credit the source, and not the other way round."""
    level, back = (one.publisher.credits_of(other.publisher) for one, other in _both(pair))
    if not level or back:
        return None
    least = CREDIT_LEVELS[level - 1]
    return Finding(
        (1.0, 1.6)[level - 1],
        f"{least} or more pages of {pair.copy.site} credit {pair.source.publisher.name}, few the other way.",
    )


def _both(pair: Pair) -> tuple[tuple[Page, Page], tuple[Page, Page]]:
    return (pair.copy, pair.source), (pair.source, pair.copy)


def endorsed(pair: Pair) -> Finding | None:
    """Other pages with this text credit the source's publisher for it."""
    level = pair.source.endorsed
    if level <= pair.copy.endorsed:
        return None
    count = f"At least {ENDORSED_BY[level - 1]} pages" if level > 1 else "A page"
    return Finding((1.0, 1.5)[level - 1], f"{count} with this text credit {pair.source.publisher.name} for it.")


def back_dated(pair: Pair) -> Finding | None:
    """The copy states a time that its own marks contradict."""
    mine, theirs = pair.copy.moment, pair.source.moment
    if mine is None or not mine.doubt or (theirs is not None and theirs.doubt):
        return None
    return Finding(1.0, f"The page {mine.doubt}.")


def shared_insert(pair: Pair) -> Finding | None:
    """The copy carries lines that the source's site put in: "See also" with a headline, a link into the source."""
    mine = {name_key(clue.quote) for clue in pair.copy.article.clues if clue.kind in _INSERTED}
    for clue in pair.source.article.clues:
        if clue.kind in _INSERTED and name_key(clue.quote) in mine and _is_at(clue.target, pair.source.url):
            return Finding(
                1.0, f"The page carries an insert of {pair.source.publisher.name}'s own: “{_short(clue.quote)}”."
            )
    return None


def _is_at(target: str, url: str) -> bool:
    host = host_of(target)
    return host is not None and host == host_of(url)


def inserts(pair: Pair) -> Finding | None:
    """The copy had lines between its paragraphs that lead elsewhere ("See also …"), the source has none."""
    mine = [clue for clue in pair.copy.article.clues if clue.kind in _INSERTED]
    if not mine or any(clue.kind in _INSERTED for clue in pair.source.article.clues):
        return None
    return Finding(1.0, f"The page puts lines between the paragraphs (“{_short(mine[0].quote)}”), the other none.")


def excerpt(pair: Pair) -> Finding | None:
    """All of the copy stands in the source, which has a longer piece more."""
    shared = pair.shared
    if shared.copied < 0.9 or shared.coverage > 0.9:
        return None
    ordered = sorted((c, d) for _, _, c, d in shared.passages)
    per_word = (ordered[-1][1] - ordered[0][0]) / max(1, round(shared.coverage * shared.source_words))
    rest = (shared.source_words * (1 - shared.coverage)) * per_word
    gaps = [start - end for (_, end), (start, _) in pairwise(ordered) if start - end > 8]
    outside = rest - sum(gaps)
    if max(outside, *gaps, 0) < LARGE_REST:
        return None
    return Finding(
        min(1.0, 2 * (1 - shared.coverage)),
        f"{shared.copied:.0%} of this page stands in the other, and makes only {shared.coverage:.0%} of it.",
    )


SIGNALS: Mapping[str, Signal] = {
    function.__name__: function
    for function in (
        role, canonical, declared_source, declared_publisher, hotlinked_image, source_link, title_suffix, credit_line,
        agency, byline, generic_author, time_gap, habit, site_habit, credit_habit, endorsed, first_sight, back_dated,
        shared_insert, inserts, excerpt,
    )
}  # fmt: skip
TRACES = frozenset(
    """
    agency canonical declared_source declared_publisher hotlinked_image source_link title_suffix credit_line
    byline shared_insert
    """.split()  # noqa: SIM905  one word a line would be a page of them
)
"""Signals that show a page to come from that other page, and not only from the same agency."""


def _credits(pair: Pair, signal: str) -> Iterator[Credit]:
    """The copy's credits of one kind that mean the source's publisher."""
    source = pair.source
    for credit in pair.copy.credits:
        if credit.signal != signal:
            continue
        if credit.publisher.site == source.site or (
            credit.publisher.site is None and source.publisher.goes_by(credit.publisher.key)
        ):
            yield credit


def _same_page(a: str, b: str) -> bool:
    return _bare(a) == _bare(b)


def _bare(url: str) -> str:
    return re.sub(r"^https?://(?:www\.)?", "", url).rstrip("/")


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _QUOTE else text[: _QUOTE - 1] + "…"


def _minute(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _moment(moment: Moment) -> str:
    if not moment.stated:
        return f"not before {_minute(moment.earliest)}"
    if moment.exact:
        return _minute(moment.earliest)
    return f"on {moment.earliest:%Y-%m-%d}"


def _span(length: timedelta) -> str:
    """A length of time as people say it: "3 h 12 min"."""
    minutes = int(abs(length).total_seconds() // 60)
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    if hours:
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    return f"{rest} min" if rest else f"{int(abs(length).total_seconds())} s"
