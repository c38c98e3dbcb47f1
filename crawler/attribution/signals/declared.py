"""What the copy says itself: its clues, resolved to publishers, that mean the other page or its site."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawler.attribution.credits import Credit
from crawler.attribution.pairs import Pair
from crawler.attribution.publishers import host_of, name_key
from crawler.attribution.signals.finding import Finding
from crawler.attribution.signals.quoting import QUOTE, agency_words, place_of, short

INSERTED = frozenset({"insert", "prompt"})
"""Kinds of clues that were lines between the paragraphs."""


def canonical(pair: Pair) -> Finding | None:
    """The copy's canonical link (or og:url) names the source's page, or at least its site."""
    return _declared(pair, "canonical", "canonical address")


def declared_source(pair: Pair) -> Finding | None:
    """Metadata made for this: original-source, isBasedOn, a feed's <source>, an importer's trace."""
    return _declared(pair, "declared_source", "declared source")


def _declared(pair: Pair, signal: str, what: str) -> Finding | None:
    best = None
    for credit in _credits(pair, signal):
        said = f"The page's {what} ({place_of(credit.clue)}) is {short(credit.clue.target)}"
        if credit.url and same_page(credit.url, pair.source.url):
            return Finding(1.0, f"{said}, which is the other page.")
        name = pair.source.publisher.name
        is_name = name_key(name) == name_key(credit.clue.target)
        best = best or Finding(0.6, f"{said}." if is_name else f"{said}, of {name}.")
    return best


def declared_publisher(pair: Pair) -> Finding | None:
    """Structured data of the copy names the source as publisher, owner of rights or provider."""
    for credit in _credits(pair, "declared_publisher"):
        return Finding(1.0, f"The page names {short(credit.clue.target)} in its {place_of(credit.clue)}.")
    return None


def hotlinked_image(pair: Pair) -> Finding | None:
    """The copy shows images from the source's own host."""
    found = list(_credits(pair, "hotlinked_image"))
    if not found:
        return None
    more = f" and {len(found) - 1} more" if len(found) > 1 else ""
    return Finding(1.0, f"The page shows an image from the other site: {short(found[0].clue.target)}{more}.")


def source_link(pair: Pair) -> Finding | None:
    """The copy's body links to the source's page, or into its site."""
    found = list(_credits(pair, "source_link"))
    for credit in found:
        if credit.url and same_page(credit.url, pair.source.url):
            return Finding(1.5, f"The text links to the other page ({short(credit.url)}).")
    if not found:
        return None
    count = f"{len(found)} links" if len(found) > 1 else "a link"
    return Finding(1.0, f"The text has {count} into {pair.source.publisher.name}: {short(found[0].clue.target)}.")


def title_suffix(pair: Pair) -> Finding | None:
    """The copy's title still ends in the source's name."""
    for credit in _credits(pair, "title_suffix"):
        return Finding(1.0, told_suffix(credit))
    return None


def told_suffix(credit: Credit) -> str:
    """What a title ends in, and its end."""
    title = " ".join(credit.clue.quote.split())
    end = title if len(title) <= QUOTE else "…" + title[1 - QUOTE :]
    return f"The title ends in “{short(credit.clue.target)}”{f': “{end}”' if end else ''}."


def credit_line(pair: Pair) -> Finding | None:
    """A line of the copy credits the source: "Source: …", "originally published by …"."""
    for credit in _credits(pair, "credit_line"):
        exact = credit.url is not None and same_page(credit.url, pair.source.url)
        said = short(credit.clue.quote or credit.clue.target)
        return Finding(1.3 if exact else 1.0, f"The page credits {pair.source.publisher.name}: “{said}”.")
    return None


def agency(pair: Pair) -> Finding | None:
    """The copy carries the line of an agency, and the source is that agency's own page."""
    credit = next(_credits(pair, "agency"), None)
    if credit is None:
        return None
    name, clue = pair.source.publisher.name, credit.clue
    return Finding(1.0, lambda: f"The page carries the line of {name}: “{agency_words(clue)}”.")


def byline(pair: Pair) -> Finding | None:
    """The copy gives the source's name as its author, or says beside a name that they write for it."""
    beside = (clue.target for clue in pair.copy.article.clues if clue.kind == "byline" and clue.target)
    for author in (*pair.copy.article.authors, *beside):
        signed = name_key(author)
        if any(
            len(key) >= 5 and key in signed and not pair.copy.publisher.goes_by(key)
            for key in pair.source.publisher.keys
        ):
            return Finding(1.0, f"The page is signed “{short(author)}”.")
    return None


def shared_insert(pair: Pair) -> Finding | None:
    """The copy carries lines that the source's site put in: "See also" with a headline, a link into the source."""
    mine = {name_key(clue.quote) for clue in pair.copy.article.clues if clue.kind in INSERTED}
    for clue in pair.source.article.clues:
        if clue.kind in INSERTED and name_key(clue.quote) in mine and _is_at(clue.target, pair.source.url):
            return Finding(
                1.0, f"The page carries an insert of {pair.source.publisher.name}'s own: “{short(clue.quote)}”."
            )
    return None


def _is_at(target: str, url: str) -> bool:
    host = host_of(target)
    return host is not None and host == host_of(url)


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


def same_page(a: str, b: str) -> bool:
    """Whether two addresses are one page's: scheme, `www.` and a last slash do not matter."""
    return _bare(a) == _bare(b)


def _bare(url: str) -> str:
    return re.sub(r"^https?://(?:www\.)?", "", url).rstrip("/")
