# ruff: noqa: E501  pages and tables of cases read better unbroken
"""Pages made to hurt: each ends by its deadline with an article or a reason, and its neighbours are unharmed."""

from __future__ import annotations

import time

import pytest

from crawler.extraction import extract
from crawler.extraction.pool import PoolError, ReadingPool
from crawler.extraction.worker import Reading, read
from crawler.items import Article, Skip, SkipReason
from tests.extraction import looks
from tests.extraction.hostile import Hostile, cases

DEADLINE = 20.0
MEMORY = 1 << 30

# what must come of some of them; of the rest only that it comes in time
EXPECTED = {
    "21 MB of paragraphs": SkipReason.TOO_LARGE,
    "10 MiB of one word": SkipReason.TOO_LARGE,
    "9 MB of paragraphs": SkipReason.TOO_LARGE,
    "200,000 line breaks": SkipReason.TOO_LARGE,
    "50,000 links": SkipReason.TOO_LARGE,
    "100,000 date paragraphs": SkipReason.TOO_LARGE,
    "100,000 attributes on one tag": SkipReason.TOO_LARGE,
    "100,000 quoted attributes with brackets": SkipReason.TOO_LARGE,
    "500,000 attributes all over": SkipReason.TOO_LARGE,
    "300,000 nested divs": SkipReason.TOO_LARGE,
    "nothing": SkipReason.EMPTY,
    "blanks": SkipReason.EMPTY,
    "half a megabyte of NULs": SkipReason.NOT_HTML,
    "random bytes called HTML": SkipReason.NOT_HTML,
    "a PNG called HTML": SkipReason.NOT_HTML,
    "a PDF called HTML": SkipReason.NOT_HTML,
    "a zlib stream called HTML": SkipReason.NOT_HTML,
    "JSON called HTML": SkipReason.NOT_HTML,
    "a PDF that says so": SkipReason.NOT_HTML,
}
# an article stands in them, and is read
ARTICLES = frozenset(
    {
        "9 MB of script", "9 MB of style", "9 MB of comments", "an image of 8 MB as an attribute", "200,000 bare line breaks",
        "390 nested divs", "unclosed tags", "half a million closing tags", "ten thousand bodies", "forms in forms",
        "deeply nested JSON-LD", "broken JSON-LD of 190 KB", "10,000 JSON-LD blocks", "100,000 names of authors",
        "JSON-LD of wrong types", "absurd dates", "20,000 meta elements", "a title of 2 MB", "100,000 keywords",
        "addresses that are none", "NULs between letters", "control references", "a wrong charset in the header",
        "an unknown charset", "surrogates and lone halves", "an external entity",
    }
)  # fmt: skip


@pytest.fixture(scope="module")
def pool():
    with ReadingPool(workers=1, timeout=DEADLINE, memory_limit=MEMORY) as made:
        made.submit(read, "http://warm.example/", looks.wordpress()).result(120)
        yield made


def outcome(pool: ReadingPool, case: Hostile) -> Article | Skip:
    reading: Reading = pool.submit(read, "http://h.example/story", case.make(), case.headers).result(DEADLINE + 10)
    return reading.outcome


@pytest.mark.parametrize("case", list(cases()), ids=lambda case: case.name.replace(" ", "-"))
def test_hostile_page(pool, case):
    start = time.monotonic()
    try:
        came = outcome(pool, case)
    except PoolError as error:
        came = Skip("http://h.example/story", error.reason, str(error))
    assert time.monotonic() - start < DEADLINE + 5
    if case.name in EXPECTED:
        assert isinstance(came, Skip)
        assert came.reason is EXPECTED[case.name]
        assert came.detail
    if case.name in ARTICLES:
        assert isinstance(came, Article), came
        assert "eleven speakers, nine of whom" in came.text
    if isinstance(came, Article):
        _bounded(came)
    neighbour = outcome(pool, Hostile("neighbour", looks.wordpress))
    assert isinstance(neighbour, Article)
    assert neighbour.title == looks.TITLE


def _bounded(article: Article) -> None:
    assert len(article.text) <= 500_000
    assert len(article.title) <= 500
    assert len(article.authors) <= 12
    assert len(article.tags) <= 30
    assert len(article.clues) <= 120
    assert all(len(clue.target) <= 500 and len(clue.quote) <= 300 for clue in article.clues)


def test_there_are_enough_cases():
    names = [case.name for case in cases()]
    assert len(names) >= 40
    assert len(set(names)) == len(names)
    assert set(EXPECTED) | ARTICLES <= set(names)


@pytest.mark.parametrize(
    "head",
    [
        '<?xml version="1.0"?><rss version="2.0"><channel>',
        '\ufeff\n<?xml version="1.0"?>\n<!-- made by a gull --><?xml-stylesheet href="a.xsl"?><feed xmlns="a">',
        '<rdf:RDF xmlns:rdf="b">',
        '<urlset xmlns="c">',
    ],
)
def test_a_feed_that_is_called_html_is_no_article(head):
    story = "".join(f"<item><title>Wall</title><description>{piece}</description></item>" for piece in looks.STORY)
    skip = extract("https://tide.example/feed", f"{head}{story}".encode(), {"Content-Type": "text/html"})
    assert isinstance(skip, Skip)
    assert skip.reason is SkipReason.NOT_HTML


def test_a_page_about_feeds_is_an_article():
    story = "".join(f"<p>{piece} &lt;rss&gt; and <b>feed</b></p>" for piece in looks.STORY)
    page = extract("https://tide.example/a", f"<!DOCTYPE html><!-- <rss> --><html><body>{story}".encode())
    assert isinstance(page, Article)


def test_what_nobody_sees_is_not_stored():
    hidden = "\u200b\u2060\u200e\u00ad" * 12_500
    story = "".join(f"<p>{piece[:40]}{hidden}{piece[40:]}</p>" for piece in looks.STORY)
    page = extract("https://tide.example/a", f"<html><body><h1>The wall</h1>{story}</body></html>".encode())
    assert isinstance(page, Article)
    assert page.text == "\n\n".join(looks.STORY)
