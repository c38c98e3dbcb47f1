"""Whole pages of several makes: the body is the article's paragraphs and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.extraction import extract
from crawler.items import Article, Clue
from tests.extraction import looks

URL = "https://hourly-relay.example/sea-wall/"


def read(html: bytes, url: str = URL) -> Article:
    page = extract(url, html, {"Content-Type": "text/html"}, fetched_at=datetime(2026, 11, 1, tzinfo=UTC))
    assert isinstance(page, Article), page
    return page


def clues(page: Article, kind: str) -> list[Clue]:
    return [clue for clue in page.clues if clue.kind == kind]


@pytest.mark.parametrize("make", [looks.wordpress, looks.blogger, looks.drupal, looks.handmade, looks.magazine])
def test_body_is_the_article_and_nothing_else(make):
    page = read(make())
    assert page.text.split("\n\n") == [piece.replace("’", "’") for piece in looks.STORY]
    assert page.title == looks.TITLE


def test_mirror_page_names_its_publisher():
    page = read(looks.wordpress())
    assert [clue.target for clue in clues(page, "title_suffix")] == [looks.PUBLISHER]
    assert [clue.target for clue in clues(page, "title_section")] == ["Coast"]
    assert [clue.target for clue in clues(page, "site_suffix")] == ["Hourly Relay"]


def test_mirror_page_keeps_what_was_cut():
    page = read(looks.wordpress())
    assert len(clues(page, "insert")) == 3
    assert clues(page, "insert")[0].quote == "See also Gulls of Brackwater learn to open bakery door"
    assert [clue.quote for clue in clues(page, "caption")] == [
        "The broken sea wall at Brackwater, photographed in February [Hild Marr/Saltmarsh Courier]"
    ]
    assert [clue.target for clue in clues(page, "credit_line")] == [looks.PUBLISHER]
    assert clues(page, "appeared_first")
    assert [clue.target for clue in clues(page, "hotlinked_image")] == [
        "https://media.saltmarsh-courier.example/2026/10/wall-770x513.jpg"
    ]
    assert ("source_link", "https://saltmarsh-courier.example") in {(clue.kind, clue.target) for clue in page.clues}
    assert [clue.target for clue in clues(page, "post_id")] == ["4711"]


def test_mirror_page_metadata():
    page = read(looks.wordpress())
    assert page.published_at == datetime.fromisoformat("2026-10-15T09:41:07+00:00")
    assert page.published_precision == "second"
    assert page.authors == ("admin",)
    assert page.site == "hourly-relay.example"
    assert page.site_name == "Hourly Relay"
    assert page.generator == "WordPress 6.1.1"
    assert page.language == "en"


def test_suffix_is_the_sites_own_where_the_site_is_the_publisher():
    page = read(looks.wordpress(title=looks.TITLE, site=looks.PUBLISHER), "https://saltmarsh-courier.example/wall/")
    assert not clues(page, "title_suffix")
    assert [clue.target for clue in clues(page, "site_suffix")] == [looks.PUBLISHER]


def test_graph_is_resolved():
    page = read(looks.magazine(), "https://gazetteer.example/wall")
    assert page.authors == ("Ines Holloway",)
    assert page.published_at is not None
    assert page.published_at.isoformat() == "2026-10-15T08:30:15-04:00"
    assert page.modified_at is not None
    assert page.section == "Coast"
    assert [clue.target for clue in clues(page, "jsonld_is_based_on")] == ["https://saltmarsh-courier.example/wall"]
    assert [clue.target for clue in clues(page, "upload_path")] == ["2026-10"]


def test_microdata_is_read():
    page = read(looks.drupal(), "https://eastern-ledger.example/node/1")
    assert page.authors == ("Ada Quill",)
    assert page.published_at is not None
    assert page.published_at.isoformat() == "2026-10-15T12:05:00+01:00"
    assert page.published_precision == "minute"


def test_undeclared_legacy_page_is_read():
    page = read(looks.handmade(), "https://cafe.example/wall.html")
    assert page.published_at is not None
    assert page.published_at.date().isoformat() == "2026-10-15"
    assert page.published_precision == "day"


def test_same_page_gives_the_same_article():
    assert read(looks.wordpress()) == read(looks.wordpress())
