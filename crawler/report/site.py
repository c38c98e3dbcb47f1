"""The HTML report: a folder of pages that needs no server and no network."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from crawler.report import words
from crawler.report.dossier import compare
from crawler.report.folder import Folder
from crawler.report.matrix import make_matrix, site_rows
from crawler.report.render import GENERATOR, render
from crawler.report.stories import Overview, Story, overview, read_story
from crawler.storage.base import Store, StoredArticle

STORIES_A_PAGE = 50
CASES_A_PAGE = 10
"""Pairs of texts on one page of a story."""
COPIES_A_STORY = 300
COPIES_IN_LIST = 60
"""Dots on a story's line in a list."""
FLOWS_SHOWN = 6
_PLAIN_NAME = re.compile(r"[a-z0-9][a-z0-9_]{0,79}")

Progress = Callable[[int, int], None]
"""Called with the number of stories written and of all."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which verdicts a report is about."""

    site: str | None = None
    since: datetime | None = None
    min_confidence: float = 0.0

    def __str__(self) -> str:
        parts = [
            f"by {self.site}" if self.site else "",
            f"published since {words.moment(self.since)}" if self.since else "",
            f"with a confidence of {self.min_confidence:g} or more" if self.min_confidence else "",
        ]
        said = ", ".join(filter(None, parts))
        return f"Only copies {said}." if said else ""


@dataclass(frozen=True, slots=True)
class Written:
    """What a report came to. `left_out` stories were over the limit."""

    index: Path
    stories: int
    left_out: int
    copies: int


@dataclass(frozen=True, slots=True)
class _Row:
    """A story in a list, and the name of its page in `stories/`."""

    story: Story
    file: str


def write_report(
    store: Store,
    path: Path,
    *,
    now: datetime,
    scope: Scope | None = None,
    limit: int = 2000,
    progress: Progress | None = None,
) -> Written:
    """Writes the stories with the newest copies, at most `limit`, into the folder `path`.

    Each file appears whole or not at all and the index last, so that an open report never leads nowhere. Then pages
    of an earlier report that this one does not have are removed. Raises ReportError where the folder cannot be
    written, or holds an index.html of somebody else's.
    """
    scope = scope or Scope()
    folder = Folder(path, GENERATOR.split()[0])
    figures = overview(store, site=scope.site, since=scope.since, min_confidence=scope.min_confidence)
    chosen = figures.story_ids[:limit]
    rows: list[_Row] = []
    for number, story_id in enumerate(chosen, 1):
        if story := read_story(store, story_id, COPIES_A_STORY):
            row = _Row(story, f"{_file_stem(story_id)}.html")
            _write_story(store, folder, row, now)
            rows.append(replace(row, story=_for_list(story)))
        if progress:
            progress(number, len(chosen))
    left_out = len(figures.story_ids) - len(chosen)
    sites = site_rows(store.sites.all(), figures)
    folder.write("sites.html", render("sites.html", now, here="sites", matrix=make_matrix(figures.flows), sites=sites))
    _write_lists(folder, figures, rows, now, left_out, str(scope))
    folder.remove_stale()
    return Written(path / "index.html", len(rows), left_out, figures.copies)


def _write_story(store: Store, folder: Folder, row: _Row, now: datetime) -> None:
    story, stem = row.story, row.file.removesuffix(".html")
    pages = _pages(len(story.copies), CASES_A_PAGE)
    page_files = [row.file, *(f"{stem}-{page}.html" for page in range(2, pages + 1))]
    case_links = [f"{page_files[n // CASES_A_PAGE]}#copy-{n + 1}" for n in range(len(story.copies))]
    for page, file in enumerate(page_files, 1):
        first = (page - 1) * CASES_A_PAGE
        cases = [
            (number, compare(store, copy.stored, copy.verdict))
            for number, copy in enumerate(story.copies[first : first + CASES_A_PAGE], first + 1)
        ]
        html = render(
            "story.html",
            now,
            root="../",
            story=story,
            summary=_summary(story),
            cases=cases,
            case_links=case_links,
            page=page,
            pages=pages,
            page_files=page_files,
        )
        folder.write(f"stories/{file}", html)


def _write_lists(
    folder: Folder, figures: Overview, rows: Sequence[_Row], now: datetime, left_out: int, scope: str
) -> None:
    pages = _pages(len(rows), STORIES_A_PAGE)
    values: dict[str, Any] = {
        "figures": figures,
        "kinds": _kinds(figures.kinds),
        "copiers": sum(one.copies > 0 for one in figures.sites.values()),
        "carriers": sorted(figures.carriers),
        "flows": figures.flows.most_common(FLOWS_SHOWN),
        "search": [_search_entry(row) for row in rows],
        "shown": len(rows),
        "left_out": left_out,
        "scope": scope,
        "pages": pages,
        "page_file": _list_file,
    }
    for page in range(pages, 0, -1):
        part = rows[(page - 1) * STORIES_A_PAGE : page * STORIES_A_PAGE]
        root = "" if page == 1 else "../"
        html = render("index.html", now, root=root, here="stories", rows=part, page=page, **values)
        folder.write(_list_file(page), html)


def _list_file(page: int) -> str:
    return "index.html" if page == 1 else f"list/{page}.html"


def _pages(number: int, a_page: int) -> int:
    return max(-(-number // a_page), 1)


def _search_entry(row: _Row) -> dict[str, Any]:
    story = row.story
    return {
        "file": row.file,
        "title": words.one_line(story.title),
        "publisher": story.publisher,
        "day": words.day(story.published),
        "told": words.count(len(story.copies) + story.more, "copy", "copies"),
        "sites": list(dict.fromkeys(words.one_line(copy.verdict.site) for copy in story.copies)),
        "kinds": list(dict.fromkeys(words.kind(copy.verdict) for copy in story.copies)),
    }


def _for_list(story: Story) -> Story:
    """The story without its texts, and with no more copies than a list shows: thousands of these are kept."""
    kept = story.copies[:COPIES_IN_LIST]
    return replace(
        story,
        original=story.original and replace(story.original, text="", clues=()),
        copies=tuple(replace(copy, stored=_without_text(copy.stored)) for copy in kept),
        more=story.more + len(story.copies) - len(kept),
    )


def _without_text(stored: StoredArticle) -> StoredArticle:
    return replace(stored, sketch=b"", article=replace(stored.article, text="", clues=()))


def _kinds(counted: Mapping[str, int]) -> list[tuple[str, int]]:
    named: Counter[str] = Counter()
    for kind, number in counted.items():
        named[words.RELATIONS.get(kind, kind)] += number  # type: ignore[call-overload]
    return named.most_common()


def _summary(story: Story) -> str:
    sites = list(dict.fromkeys(copy.verdict.site for copy in story.copies))
    timed = [copy for copy in story.copies if (copy.lag or -1) > 0]
    carried = f"{words.count(len(sites), 'site carries', 'sites carry')} this text"
    if story.upstream:
        return f"{carried}. They took it from {story.publisher}, not from one another, except where a copy says so."
    if not timed or not story.original:
        return f"{carried}."
    first = min(timed, key=lambda copy: copy.lag or 0)
    last = max(timed, key=lambda copy: copy.lag or 0)
    soonest, latest = words.apart(first.verdict, first.vague), words.apart(last.verdict, last.vague)
    said = f"{carried}. The first to take it was {words.one_line(first.verdict.site, 80)}, {soonest} after it appeared"
    if last is not first:
        said += f"; the latest copy followed after {latest}"
    return said + "."


def _file_stem(story_id: str) -> str:
    """The story's id where it can be a file name as it is, else a digest of it."""
    if _PLAIN_NAME.fullmatch(story_id):
        return story_id
    return hashlib.sha256(story_id.encode("utf-8", "replace")).hexdigest()[:24]
