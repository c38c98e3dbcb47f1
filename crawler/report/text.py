"""A dossier as plain text, for a terminal or a pipe."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence

from crawler.items import Verdict
from crawler.report import words
from crawler.report.dossier import Comparison, Dossier

QUOTE = 400
"""Characters of a passage that are shown; the JSON and HTML forms have them whole."""
SHOWN = 20
"""Passages, additions, omissions or copies that are listed; the rest is counted."""

Style = Callable[[str], str]


def dossier_text(dossier: Dossier, *, width: int = 100, heading: Style = str.upper) -> str:
    """The dossier in lines of at most `width` characters, URLs apart. `heading` dresses the headings."""
    return "\n".join(_lines(dossier, max(width, 40), heading)) + "\n"


def _lines(dossier: Dossier, width: int, heading: Style) -> Iterator[str]:
    article = dossier.article
    yield heading(words.one_line(article.title, 300) or "Untitled")
    yield words.clean(article.url)
    yield " · ".join(filter(None, (
        words.one_line(article.site_name or article.site),
        words.moment(article.published_at, article.published_precision),
        words.one_line(", ".join(article.authors)),
        f"version {dossier.stored.version}" if dossier.stored.version > 1 else "",
        "deleted since" if dossier.stored.gone else "",
    )))  # fmt: skip
    if not dossier.comparisons:
        yield from ("", "Not decided yet.")
    for comparison in dossier.comparisons:
        yield from _comparison(comparison, width, heading, several=len(dossier.comparisons) > 1)
    if len(dossier.comparisons) > 1:
        yield from _quotes("Only on this page", dossier.added, width)
    if dossier.copies:
        yield from ("", heading("Other pages of its story"))
        yield from _bounded([_copy(verdict, dossier.is_vague(verdict)) for verdict in dossier.copies])
    if dossier.versions:
        yield from ("", heading("Earlier texts of this page"))
        yield from _bounded(
            [f"  version {one.number}, until {words.moment(one.until)}: {words.one_line(one.title)}"
             for one in dossier.versions]
        )  # fmt: skip


def _comparison(comparison: Comparison, width: int, heading: Style, *, several: bool) -> Iterator[str]:
    """`several`: it has other sources, so that what stands in none of them is told once, below all."""
    verdict = comparison.verdict
    sure = "" if verdict.status == "unknown" else f", {words.percent(verdict.confidence)} sure"
    yield from ("", heading(f"{words.kind(verdict)}{sure}"))
    yield from textwrap.wrap(words.sentence(verdict, comparison.vague), width)
    if verdict.original_url:
        yield f"  original  {words.clean(verdict.original_url)}"
    if verdict.via_url:
        yield f"  by way of {words.clean(verdict.via_url)}"
    if comparison.other_version:
        yield f"  compared with version {comparison.other_version} of it"
    if verdict.evidence:
        yield from ("", "Evidence")
        for one in verdict.evidence:
            yield from _hanging(f"{one.weight:+5.1f}  ", words.one_line(one.reason, 600), width)
    shared = [comparison.page.text[start:end] for start, end in comparison.page_spans]
    yield from _quotes("Copied passages", shared, width)
    yield from _quotes("Only on this page", () if several else comparison.added, width)
    yield from _quotes("Left out", comparison.dropped, width)


def _quotes(title: str, texts: Sequence[str], width: int) -> Iterator[str]:
    if not texts:
        return
    yield from ("", f"{title} ({len(texts)})")
    lines: list[str] = []
    for number, text in enumerate(texts[:SHOWN], 1):
        told = f"  ({words.count(len(text.split()), 'word')})" if len(text) > QUOTE else ""
        lines += _hanging(f"{number:4d}. ", words.one_line(text, QUOTE) + told, width)
    yield from lines
    if len(texts) > SHOWN:
        yield f"      and {len(texts) - SHOWN:,} more"


def _copy(verdict: Verdict, vague: bool) -> str:
    told = [
        words.kind(verdict),
        words.percent(verdict.copied) if verdict.copied else "",
        words.lag_of(verdict, vague),
    ]
    return f"  {words.clean(verdict.url)}  {', '.join(filter(None, told))}"


def _bounded(lines: Sequence[str]) -> Iterator[str]:
    yield from lines[:SHOWN]
    if len(lines) > SHOWN:
        yield f"  and {len(lines) - SHOWN:,} more"


def _hanging(first: str, text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, initial_indent=first, subsequent_indent=" " * len(first)) or [first]
