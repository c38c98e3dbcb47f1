# ruff: noqa: E501  pages and tables of cases read better unbroken
"""Each thing that a page can say about its source becomes a clue of its documented kind."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.discovery.base import Link
from crawler.extraction import agencies, extract
from crawler.extraction.agencies import credit, dateline
from crawler.extraction.clues import KINDS, bounded
from crawler.items import Article
from tests.extraction.looks import STORY

URL = "https://hourly-relay.example/sea-wall/"
ELSEWHERE = "https://saltmarsh-courier.example/2026/wall"


def read(
    head: str = "", extra: str = "", headers: dict[str, str] | None = None, hints: Link | None = None, first: str = ""
) -> Article:
    story = [first + STORY[0], *STORY[1:]]
    body = "".join(f"<p>{piece}</p>" for piece in story)
    html = f"<html><head><title>Brackwater votes on its wall</title>{head}</head><body><article>{body}{extra}</article></body></html>"
    page = extract(URL, html.encode(), headers, hints=hints)
    assert isinstance(page, Article), page
    assert {clue.kind for clue in page.clues} <= KINDS
    return page


def found(page: Article, kind: str) -> list[str]:
    return [clue.target for clue in page.clues if clue.kind == kind]


def ld(fields: str) -> str:
    return f'<script type="application/ld+json">{{"@type":"NewsArticle","headline":"Brackwater votes on its wall",{fields}}}</script>'


@pytest.mark.parametrize(
    ("head", "kind", "target"),
    [
        (f'<link rel="canonical" href="{ELSEWHERE}">', "canonical", ELSEWHERE),
        (f'<meta property="og:url" content="{ELSEWHERE}">', "og_url", ELSEWHERE),
        (f'<link rel="amphtml" href="{ELSEWHERE}/amp">', "amphtml", f"{ELSEWHERE}/amp"),
        (f'<link rel="shortlink" href="{ELSEWHERE}">', "shortlink", ELSEWHERE),
        (f'<link rel="via" href="{ELSEWHERE}">', "via_link", ELSEWHERE),
        (f'<link rel="alternate" hreflang="de" href="{ELSEWHERE}">', "hreflang", ELSEWHERE),
        ('<meta property="og:site_name" content="The Courier">', "og_site_name", "The Courier"),
        ('<meta property="article:publisher" content="The Courier">', "article_publisher", "The Courier"),
        (f'<meta name="syndication-source" content="{ELSEWHERE}">', "syndication_source", ELSEWHERE),
        (f'<meta name="original-source" content="{ELSEWHERE}">', "original_source", ELSEWHERE),
        ('<meta name="dcterms.source" content="The Courier">', "dc_source", "The Courier"),
        ('<meta name="dcterms.rightsHolder" content="The Courier">', "rights_holder", "The Courier"),
        (f'<meta name="syndication_permalink" content="{ELSEWHERE}">', "importer", ELSEWHERE),
        (f'<meta name="wprss_item_permalink" content="{ELSEWHERE}">', "importer", ELSEWHERE),
        (ld(f'"isBasedOn":"{ELSEWHERE}"'), "jsonld_is_based_on", ELSEWHERE),
        (ld(f'"isBasedOn":{{"@type":"Article","url":"{ELSEWHERE}"}}'), "jsonld_is_based_on", ELSEWHERE),
        (ld('"sourceOrganization":{"name":"The Courier"}'), "jsonld_source_organization", "The Courier"),
        (ld('"provider":{"name":"The Courier"}'), "jsonld_provider", "The Courier"),
        (ld('"publisher":{"name":"The Courier"}'), "jsonld_publisher", "The Courier"),
        (ld('"copyrightHolder":{"name":"The Courier"}'), "copyright_holder", "The Courier"),
        (ld('"creditText":"The Courier"'), "credit_text", "The Courier"),
        (ld(f'"translationOfWork":{{"@id":"{ELSEWHERE}"}}'), "translation_of", ELSEWHERE),
        (ld('"translator":{"name":"Ines Holloway"}'), "translator", "Ines Holloway"),
        (ld(f'"citation":"{ELSEWHERE}"'), "jsonld_citation", ELSEWHERE),
        (ld(f'"mainEntityOfPage":"{ELSEWHERE}"'), "jsonld_main_entity", ELSEWHERE),
        ("<script>gtag('config', 'G-ABCDEF1234')</script>", "account_id", "G-ABCDEF1234"),
        (
            "<script async src='https://ads.example/js?client=ca-pub-1234567890123456'></script>",
            "account_id",
            "ca-pub-1234567890123456",
        ),
    ],
)
def test_clues_of_the_head(head, kind, target):
    assert found(read(head), kind) == [target]


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (f'<link rel="canonical" href="{URL}">', "canonical"),
        (f'<meta property="og:url" content="{URL}?x=1">', "og_url"),
        ('<link rel="canonical" href="https://www.hourly-relay.example/other">', "canonical"),
        (ld(f'"mainEntityOfPage":"{URL}"'), "jsonld_main_entity"),
    ],
)
def test_a_tag_that_points_home_is_no_clue(head, kind):
    assert found(read(head), kind) == []


HOME = "https://hourly-relay.example"


@pytest.mark.parametrize(
    "said",
    [
        {"head": f'<link rel="shortlink" href="{HOME}/?p=57">'},
        {"head": '<link rel="shortlink" href="https://www.hourly-relay.example/node/57">'},
        {"head": '<link rel="shortlink" href="/en/node/57">'},
        {"headers": {"Link": f'<{HOME}/wp-json/>; rel="https://api.w.org/", <{HOME}/?p=57>; rel=shortlink'}},
        {"hints": Link(URL, key="?p=57")},
        {"hints": Link(URL, key=f"{HOME}/?p=57")},
        {"hints": Link(URL, key=f"57 at {HOME}")},
    ],
)
def test_the_number_of_a_post(said):
    page = read(**said)
    assert found(page, "post_id") == ["57"]
    assert found(page, "shortlink") == found(page, "guid_host") == []


@pytest.mark.parametrize(
    "said",
    [
        {"head": f'<link rel="shortlink" href="{ELSEWHERE}?p=57">'},
        {"head": f'<link rel="shortlink" href="{HOME}/?p=57x">'},
        {"head": f'<link rel="shortlink" href="{HOME}/?p={"9" * 30}">'},
        {"head": f'<link rel="shortlink" href="{HOME}">'},
        {"hints": Link(URL, key="tag:blogger.com,1999:blog-1.post-57")},
    ],
)
def test_what_is_no_number_of_a_post(said):
    assert found(read(**said), "post_id") == []


def test_canonical_of_the_header():
    assert found(read(headers={"Link": f'<{ELSEWHERE}>; rel="canonical"'}), "link_canonical_header") == [ELSEWHERE]


def test_what_the_feed_brought():
    page = read(hints=Link(URL, source=ELSEWHERE, key=f"{ELSEWHERE}?p=7", method="feed"))
    assert found(page, "feed_source") == [ELSEWHERE]
    assert found(page, "guid_host") == [f"{ELSEWHERE}?p=7"]
    assert found(read(hints=Link(URL, key="https://hourly-relay.example/?p=7")), "guid_host") == []


def test_links_of_the_text_count_and_those_around_it_do_not():
    inside = f"<p>The plan was first reported by <a href='{ELSEWHERE}'>a newspaper of the town</a> in the spring of last year.</p>"
    around = "<nav><a href='https://other.example/x'>Another paper altogether</a></nav><p><a href='https://twitter.com/x'>Tweet this long story now</a></p>"
    assert found(read(extra=inside + around), "source_link") == [ELSEWHERE]


def test_images_from_elsewhere():
    images = (
        "<figure><img src='https://media.saltmarsh-courier.example/a.jpg'></figure><img src='/own.jpg'>"
        "<img src='https://i0.wp.com/x.jpg'><img src='/wp-content/uploads/2026/09/b.jpg'>"
        "<aside><img src='https://ads.example/banner.gif'></aside>"
    )
    page = read(extra=images)
    assert found(page, "hotlinked_image") == ["https://media.saltmarsh-courier.example/a.jpg"]
    assert found(page, "upload_path") == ["2026-09"]


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("OSLO (Reuters) - The wall fell on Tuesday.", "Reuters"),
        ("BERLIN, Oct 15 (AP) — The wall fell.", "Associated Press"),
        ("Berlin (dpa) - Die Mauer ist gefallen.", "dpa"),
        ("PARIS (AFP) – Le mur est tombé.", "Agence France-Presse"),
        ("Madrid, 15 oct (EFE).- El muro cayó.", "EFE"),
        ("ROMA (ANSA) - Il muro è caduto.", "ANSA"),
        ("МОСКВА, 15 октября. /ТАСС/. Стена упала.", "TASS"),
        ("КИЇВ (Укрінформ) – Стіна впала.", "Ukrinform"),
        ("القاهرة (رويترز) - سقط الجدار.", "Reuters"),
        ("新华社北京10月15日电 海堤倒塌。", "Xinhua"),
        ("【共同】防潮堤が倒れた。", "Kyodo"),
        ("(서울=연합뉴스) 방파제가 무너졌다.", "Yonhap"),
        ("ANKARA (AA) - Duvar yıkıldı.", "Anadolu"),
        ("NEW DELHI (PTI): The wall fell.", "PTI"),
        ("СЕВЕРОПОРТ, 15 окт - РИА Новости. Стена упала.", "RIA Novosti"),
        ("ЛЬВІВ. 15 жовтня. УНН. Стіна впала.", "UNN"),
        ("GDAŃSK, 15 października, PAP – Mur runął.", "PAP"),
        ("【大阪共同】防潮堤が倒れた。", "Kyodo"),
        ("［大阪 １５日 ロイター］ 防潮堤が倒れた。", "Reuters"),
        ("【パリ時事】防潮堤が倒れた。", "Jiji"),
        ("मुंबई, 15 अक्टूबर (भाषा) दीवार गिर गई।", "PTI"),
        ("Porto, 15 out (Lusa) O muro caiu.", "Lusa"),
        ("QASR RIMAL (Harrow Press Agency) - Regulators approved the wall.", "Harrow Press Agency"),
    ],
)
def test_datelines(text, agency):
    assert dateline(text) == agency


@pytest.mark.parametrize(
    "text",
    [
        "The wall (built in 1911) - a landmark - fell.",
        "He (Smith) said so.",
        "In Porto, the men of the harbour (Lusa) said so.",
        "ПОРТ, 15 октября 2026 года, был закрыт.",
        "【大阪=山田花子】防潮堤が倒れた。",
        "In 2020 (AP) was nowhere to be seen; nothing follows",
        "",
    ],
)
def test_no_datelines(text):
    assert dateline(text) is None or dateline(text) == "Associated Press"


SIGNS = st.sampled_from([*agencies._NAMES, *"ab A.,-–—:()[]（）［］【】/'’电讯 \n\u0301_", " (", ") - ", "OSLO"])


@given(st.lists(SIGNS, max_size=9).map("".join))
@settings(max_examples=400)
def test_looking_first_passes_over_no_line(text):
    without = agencies._DATELINE.match(text[:140])
    assert (without is not None) <= agencies._may_be_dateline(text[:140])
    assert (agencies._CREDIT.search(text[-80:]) is not None) <= agencies._may_be_credit(text[-80:])


def test_dateline_and_credit_of_a_page():
    page = read(
        first="BRACKWATER (Reuters) - ",
        extra="<p>Additional reporting was done in three other towns of the coast. (AFP)</p>",
    )
    assert found(page, "dateline") == ["Reuters"]
    assert "Agence France-Presse" in found(page, "agency")


@pytest.mark.parametrize(
    ("text", "agency"),
    [("… and nobody else. (Reuters)", "Reuters"), ("— AFP", "Agence France-Presse"), ("Nothing here", None)],
)
def test_agency_credits(text, agency):
    assert credit(text) == agency


@pytest.mark.parametrize(
    ("line", "agency"),
    [
        ("By Orla Finch, AFP", "Agence France-Presse"),
        ("Von Uwe Brandt und Ida Kern, dpa", "dpa"),
        ("ORLA FINCH | AP", "Associated Press"),
        ("Orla Finch told them that nobody at the meeting knew the AP", None),
        ("They met Orla Finch, AP and all", None),
    ],
)
def test_an_agency_in_a_byline_is_credited_though_the_line_is_cut(line, agency):
    assert credit(line) == agency
    body = "".join(f"<p>{piece}</p>" for piece in (line, *STORY))
    page = extract(URL, f"<html><body><article>{body}</article></body></html>".encode())
    assert isinstance(page, Article)
    assert {clue.target for clue in page.clues if clue.kind == "agency"} == ({agency} if agency else set())


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("This story was originally published by The Courier.", "The Courier"),
        ("Republished from The Courier.", "The Courier"),
        ("Dieser Text erschien zuerst bei Hafenblatt.", "Hafenblatt"),
        ("Cet article a été publié initialement par Le Courrier.", "Le Courrier"),
        ("Publicado originalmente en El Puerto.", "El Puerto"),
    ],
)
def test_originally_published(line, name):
    assert name in found(read(extra=f"<p>{line}</p>"), "originally_published")


@given(st.lists(st.tuples(st.sampled_from(sorted(KINDS)), st.text(max_size=900), st.text(max_size=900)), max_size=300))
def test_clues_are_bounded(stated):
    kept = bounded(stated, URL)
    assert len(kept) <= 120
    assert all(len(clue.target) <= 500 and len(clue.quote) <= 300 and (clue.target or clue.quote) for clue in kept)
    assert len(set(kept)) == len(kept)


def test_every_kind_is_documented():
    document = (Path(__file__).parents[2] / "docs" / "clues.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([a-z_]+)`", document, re.MULTILINE)) == KINDS


@pytest.mark.parametrize(
    "insert",
    [
        "<p>See also <a href='/ten/'>Ten bakeries that never close</a></p>",
        "<p>See also: <a href='/ten/'>Ten bakeries that never close</a>.</p>",
        "<p><strong>See also</strong> <a href='/ten/'>Ten bakeries that never close</a></p>",
        "<p><b>READ:</b> <a href='/ten/'>Ten bakeries that never close</a></p>",
        "<p><a href='/ten/'>See also Ten bakeries that never close</a></p>",
    ],
)
def test_an_insert_tells_where_its_link_leads(insert: str) -> None:
    story = "".join(f"<p>{piece}</p>{insert * (at == 1)}" for at, piece in enumerate(STORY))
    page = extract(URL, f"<html><body><article><h1>Wall</h1>{story}</article></body></html>".encode())
    assert isinstance(page, Article)
    assert "bakeries" not in page.text
    assert found(page, "insert") == ["https://hourly-relay.example/ten/"]
