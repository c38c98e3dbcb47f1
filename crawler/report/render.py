"""The templates: escaped by default; style and script stand inside each page, whose policy allows only those two."""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

import jinja2
from markupsafe import Markup

from crawler import __version__
from crawler.report import timeline, words
from crawler.report.dossier import Dossier
from crawler.report.marks import mark, trimmed

GENERATOR = f"Firstprint {__version__}"
COPIES_SHOWN = 100
"""Other pages that a dossier lists in HTML."""


def render(template: str, made: datetime, **values: Any) -> str:
    """One page. Whatever a stranger wrote is escaped by Jinja; nothing in `values` may be Markup."""
    return environment().get_template(template).render(made=made, **values)


def dossier_page(dossier: Dossier, made: datetime) -> str:
    """`scrapy trace --format html`: one file that needs no other."""
    verdicts = [comparison.verdict for comparison in dossier.comparisons]
    return render(
        "dossier.html",
        made,
        alone=True,
        dossier=dossier,
        article=dossier.article,
        status=verdicts[0].status if verdicts else "undecided",
        copies=dossier.copies[:COPIES_SHOWN],
    )


@cache
def environment() -> jinja2.Environment:
    """Jinja with our templates, filters and names."""
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("crawler.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters = (
        "clean",
        "one_line",
        "safe_url",
        "host_of",
        "short_url",
        "language_tag",
        "moment",
        "duration",
        "lag",
        "lag_of",
        "percent",
        "count",
        "kind",
        "sentence",
        "sure",
    )
    made.filters.update({name: getattr(words, name) for name in filters})
    made.filters.update(place=timeline.place, signed=_signed, trimmed=trimmed, paragraphs=lambda text: mark(text, ()))
    style, script = _static("style.css"), _static("report.js")
    made.globals.update(
        style=Markup(style),  # noqa: S704  our own file
        script=Markup(script),  # noqa: S704  our own file
        csp=_policy(style, script),
        generator=GENERATOR,
        version=__version__,
        ticks=timeline.ticks(),
        original_place=timeline.ORIGINAL,
        alone=False,
        root="",
        here="",
    )
    return made


def _static(name: str) -> str:
    return files("crawler.report").joinpath("static", name).read_text(encoding="utf-8").strip()


def _policy(style: str, script: str) -> str:
    """Nothing from elsewhere, and no style or script but ours: they are named by their hash."""
    return (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(source: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()}'"


def _signed(weight: float) -> str:
    return f"{weight:+.1f}".replace("-", "−")
