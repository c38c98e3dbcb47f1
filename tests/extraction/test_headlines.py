# ruff: noqa: E501  pages read better unbroken
"""Which of a page's titles is its article's, in themes that give the first heading to the site's name."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.extraction import extract
from crawler.extraction.headlines import home_names
from crawler.extraction.parse import parse
from crawler.extraction.titles import bare_title
from crawler.items import Article
from tests.extraction.looks import STORY

URL = "https://tide.example/2026/10/wall.html"
TITLE = "Brackwater keeps its old wall"
LINKED = '<h1 class="title"><a href="/">Tidewatch Daily</a></h1>'


def read(document: str, above: str, head: str = "", title: str = TITLE) -> Article:
    body = "".join(f"<p>{piece}</p>" for piece in STORY)
    page = extract(
        URL,
        f"<html><head><title>{document}</title>{head}</head><body>{above.replace('TITLE', title)}<div>{body}</div><h2>News from the coast</h2></body></html>".encode(),
    )
    assert isinstance(page, Article), page
    return page


def suffixes(page: Article) -> list[tuple[str, str]]:
    return [
        (clue.kind, clue.target) for clue in page.clues if clue.kind.startswith(("title_s", "site_s")) and clue.target
    ]


@pytest.mark.parametrize("document", ["{} « {}", "{} - {}", "{} | {}", "{} ~ {}"])
@pytest.mark.parametrize("tag", ["h2", "h3", "h4"])
@pytest.mark.parametrize("masthead", [LINKED, "<h1>Tidewatch Daily</h1>", '<h3><a href="https://tide.example">Tidewatch Daily</a></h3>'])  # fmt: skip
def test_the_sites_name_in_the_first_heading_is_no_title(document, tag, masthead):
    page = read(document.format(TITLE, "Tidewatch Daily"), f"{masthead}<{tag}>TITLE</{tag}>")
    assert page.title == TITLE
    assert not page.text.startswith(TITLE)


@pytest.mark.parametrize("document", ["{}: {}", "{} » {}", "{} | {}"])
def test_the_sites_name_before_the_title(document):
    page = read(document.format("Tidewatch Daily", TITLE), f"{LINKED}<h3 class='post-title'>TITLE</h3>")
    assert page.title == TITLE
    assert suffixes(page) == [("site_suffix", "Tidewatch Daily")]


def test_a_short_title_under_a_long_name():
    name = "The Voice of the Harbours of Brackwater"
    page = read(f"Wall falls | {name}", f"<h1><a href='/'>{name}</a></h1><h2>TITLE</h2>", title="Wall falls")
    assert page.title == "Wall falls"


def test_no_heading_at_all():
    logo = "<a href='https://www.tide.example/'><img src='logo.png' alt='Tidewatch Daily'></a>"
    for document in (f"{TITLE} « Tidewatch Daily", f"Tidewatch Daily: {TITLE}"):
        assert read(document, logo).title == TITLE
    assert read(f"{TITLE} « Tidewatch Daily", "").title == TITLE
    assert read("Le maire a dit « non au mur »", "").title == "Le maire a dit « non au mur »"


def test_who_is_credited_behind_a_title_is_still_told_from_the_site():
    page = read(f"{TITLE} | The Saltmarsh Courier « Tidewatch Daily", f"{LINKED}<h2>TITLE</h2>")
    assert page.title == TITLE
    assert suffixes(page) == [("site_suffix", "Tidewatch Daily"), ("title_suffix", "The Saltmarsh Courier")]
    assert page.site_name is None or page.site_name == "Tidewatch Daily"


def test_the_heading_of_a_box_is_no_title():
    page = read("Wall falls in Brackwater | News from the coast", "<h1>Wall falls in Brackwater</h1>")
    assert page.title == "Wall falls in Brackwater"
    page = read("Opinion: let the old wall stand", "<h2>Opinion</h2><h1>Opinion: let the old wall stand</h1>")
    assert page.title == "Opinion: let the old wall stand"


@pytest.mark.parametrize("cut", ["Brackwater keeps its o...", "Brackwater keeps its o…", "Brackwater keeps its …", "Brackwater keeps its ol"])  # fmt: skip
def test_a_title_cut_short_gives_way_to_the_whole(cut):
    told = f'<meta property="og:title" content="{cut}">'
    assert read(f"{TITLE} - Tidewatch Daily", "<h1>TITLE</h1>", told).title == TITLE
    assert read(f"{TITLE} - Tidewatch Daily", "", told).title == TITLE


@pytest.mark.parametrize("title", ["And then the wall fell…", "Wall", "Brackwater keeps its wall"])
def test_a_title_that_is_whole_stays(title):
    told = f'<meta property="og:title" content="{title}">'
    assert read(f"{title} - Tidewatch Daily", "<h2>Brackwater keeps its wall and its gulls</h2>", told).title == title


def test_a_theme_in_front_that_the_site_is_called_by_stays_in_a_stated_headline():
    told = '<meta property="og:title" content="Tide: the wall is gone"><meta property="og:site_name" content="Tide">'
    assert read("Tide: the wall is gone - Tide", "", told).title == "Tide: the wall is gone"


def test_what_leads_home():
    links = """<a href="/">Front</a><a href="https://www.tide.example/en/">The Tide</a><a href="/wall">Wall</a><a href="//tide.example">Tide</a>
    <a href="https://other.example/">Other</a><a href="/index.php?x=1">Again</a><a href="#">Top</a><a href="">Nothing</a>"""
    tree = parse(f"<html><body>{links}</body></html>")
    assert tree is not None
    assert home_names(tree, URL) == ["Front", "The Tide", "Tide", "Again"]
    assert home_names(tree, "https://tide.example/") == []


PIECES = st.sampled_from(
    ["Tide", "The Tide", ":", " | ", " « ", "»", "…", "...", "Wall", " ", "壁が倒れた", "_", "-", ""]
)


@settings(deadline=None, max_examples=60)
@given(*[st.lists(PIECES, max_size=6).map("".join)] * 4)
def test_any_titles_are_read(document, h1, h2, og):
    page = read(
        document, f"<a href='/'>Tide</a><h1>{h1}</h1><h2>{h2}</h2>", f'<meta property="og:title" content="{og}">'
    )
    assert len(page.title) <= 500
    assert bare_title(document, [h1], document, [h2]).text or not document.strip()
