"""The signals: each a function that looks at a pair of pages with shared text and says what speaks for one of them
being the source of the other.

A signal takes a `Pair` and returns a `Finding` for "`copy` was taken from `source`", or None. It is asked both ways
round; what it finds the other way round counts against. Its weight is in `weights.py`, its heading in
docs/signals.md. Every reason is a sentence with facts in it that a person can check on the two pages.
"""

from __future__ import annotations

from collections.abc import Mapping

from crawler.attribution.signals import declared, looks, sites, timing
from crawler.attribution.signals.finding import Finding, Signal
from crawler.attribution.signals.sites import ENDORSED_BY, ENDORSING, endorses

__all__ = ["ENDORSED_BY", "ENDORSING", "SIGNALS", "TRACES", "Finding", "Signal", "endorses"]

SIGNALS: Mapping[str, Signal] = {
    function.__name__: function
    for function in (
        sites.role, declared.canonical, declared.declared_source, declared.declared_publisher,
        declared.hotlinked_image, declared.source_link, declared.title_suffix, declared.credit_line, declared.agency,
        declared.byline, looks.generic_author, timing.time_gap, sites.habit, sites.site_habit, sites.credit_habit,
        sites.endorsed, timing.first_sight, timing.back_dated, timing.too_early, declared.shared_insert,
        looks.inserts, looks.excerpt,
    )
}  # fmt: skip
TRACES = frozenset(
    """
    agency canonical declared_source declared_publisher hotlinked_image source_link title_suffix credit_line
    byline shared_insert
    """.split()  # noqa: SIM905  one word a line would be a page of them
)
"""Signals that show a page to come from that other page, and not only from the same agency."""
