# ruff: noqa: E501  pages and tables of cases read better unbroken
"""Who signs a page: what is cut off a stated name, and names that only the page's markup tells."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.extraction import authors, extract
from crawler.items import Article
from tests.extraction.looks import STORY

URL = "https://tide.example/wall"


def read(above: str, head: str = "", below: str = "") -> Article:
    body = "".join(f"<p>{piece}</p>" for piece in STORY)
    page = extract(
        URL,
        f"<html><head>{head}</head><body><a class='username' href='/me'>Guest Gull</a><h1>The old wall stands</h1>{above}<div>{body}</div>{below}</body></html>".encode(),
    )
    assert isinstance(page, Article), page
    return page


@pytest.mark.parametrize(
    ("stated", "names"),
    [
        ("Posted by Ada Quill", ("Ada Quill",)),
        ("Written by: Ada Quill and Wilf Moss", ("Ada Quill", "Wilf Moss")),
        ("Veröffentlicht von Ada Quill", ("Ada Quill",)),
        ("Publié par Ada Quill", ("Ada Quill",)),
        ("Escrito por Ada Quill y Wilf Moss", ("Ada Quill", "Wilf Moss")),
        ("Pubblicato da Ada Quill", ("Ada Quill",)),
        ("Geplaatst door Ada Quill", ("Ada Quill",)),
        ("Skrivet av Ada Quill", ("Ada Quill",)),
        ("Опубликовано: Анна Перова", ("Анна Перова",)),
        ("Автор статьи: Анна Перова", ("Анна Перова",)),
        ("Oleh Ada Quill", ("Ada Quill",)),
        ("Text: Ada Quill", ("Ada Quill",)),
        ("Autorin: Ada Quill", ("Ada Quill",)),
        ("文/王小明", ("王小明",)),
        ("作者：王小明", ("王小明",)),
        ("الكاتب: ليلى منصور", ("ليلى منصور",)),
        ("Text Holloway", ("Text Holloway",)),  # a name, without a colon
        ("Ada Quill, Chief Harbour Correspondent", ("Ada Quill",)),
        ("Redaktorka: Ada Quill", ()),  # a field that we have not heard of is no name
        ("Ada Quill, Reporterin", ("Ada Quill",)),
        ("Анна Перова, корреспондент", ("Анна Перова",)),
        ("ADA QUILL, TP Fish Writer", ("ADA QUILL",)),
        ("Ada Quill, MSc, PhD", ("Ada Quill", "MSc, PhD")),
        ("Ada Quill, BSC", ("Ada Quill",)),
        ("Ada Quill, dpa", ("Ada Quill", "dpa")),  # an agency may be an author
        ("Staff Reporter", ("Staff Reporter",)),
        ("Ada Quill | The Saltmarsh Courier", ("Ada Quill",)),
        ("Ada Quill – The Saltmarsh Courier", ("Ada Quill",)),
        ("By Ada Quill | October 15, 2026 12:01 PM Print this", ("Ada Quill",)),
        ("Ada Quill @adaquill Oct 15, 2026 at 9:24 pm", ("Ada Quill",)),
        ("Ada Quill, Saltmarsh.com", ("Ada Quill",)),
        ("ada@quill.example (Ada Quill)", ("Ada Quill",)),
        ("Ada Quill <ada@quill.example>", ("Ada Quill",)),
        ("Jean-Luc Quill-Moss", ("Jean-Luc Quill-Moss",)),
        ("Ada Quill, Jr., Wilf Moss", ("Ada Quill, Jr", "Wilf Moss")),
        ("| The Courier", ("The Courier",)),
        ("October 15, 2026", ()),
    ],
)
def test_stated_names(stated, names):
    assert authors.clean([stated]) == names


def test_whom_somebody_writes_for_is_kept_as_a_clue():
    page = read("", '<meta name="author" content="Ada Quill | The Saltmarsh Courier">')
    assert page.authors == ("Ada Quill",)
    assert [(clue.target, clue.quote) for clue in page.clues if clue.kind == "byline"] == [
        ("The Saltmarsh Courier", "Ada Quill | The Saltmarsh Courier")
    ]


@pytest.mark.parametrize(
    "above",
    [
        '<span class="byline post-author vcard"><span>Posted by</span> <span class="fn"><a href="#"><span>Ada Quill</span></a></span></span>',
        '<div class="submitted">Submitted by <span class="username" typeof="sioc:UserAccount" property="foaf:name">Ada Quill</span> on Thu, 15/10/2026</div>',
        '<div class="node__meta"><span class="field--name-uid"><a class="username" href="/user/3">Ada Quill</a></span></div>',
        '<small>October 15th, 2026 by Ada Quill</small>',
        '<div class="entry-meta">Posted on October 15, 2026 by Ada Quill in Coast</div>',
        '<p class="postmetadata">15. Oktober 2026 von Ada Quill | 3 Kommentare</p>',
        '<p class="meta">Publié le 15 octobre 2026 par Ada Quill</p>',
        '<div class="post-info">15 ottobre 2026 di Ada Quill, 3 commenti</div>',
        '<div class="post-info">Опубликовано 15.10.2026 автором</div><p class="author">Text: Ada Quill</p>',
        '<div class="byline post-timestamp">15 October, 10:30</div><div class="byline post-author">Ada Quill</div>',
        '<div class="node__meta">By <span class="who">Ada Quill</span>, 10:30</div>',
        '<span property="schema:author">Ada Quill</span>',
    ],
)  # fmt: skip
def test_names_in_the_markup(above):
    assert read(above).authors == ("Ada Quill",)


@pytest.mark.parametrize("label", ["Written by", "Verfasst von", "Écrit par", "Escrito por", "Автор", "Yazan:", "Napisane przez"])  # fmt: skip
def test_the_card_of_a_link_names_the_author(label):
    card = f'<meta name="twitter:label1" content="{label}"><meta name="twitter:data1" content="Ada Quill"><meta name="twitter:label2" content="Est. reading time"><meta name="twitter:data2" content="3 minutes">'
    assert read("", card).authors == ("Ada Quill",)


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("", '<div class="comment"><span class="author">Wilf</span> <small>October 16, 2026 by Wilf</small></div>'),
        ('<div class="meta">Updated in 2026 by the old wall</div>', ""),
        ('<div class="meta">Prices rose by Thursday</div>', ""),
        ('<meta name="twitter:label1" content="Price"><meta name="twitter:data1" content="Cheap">', ""),
    ],
)
def test_nobody_signs(above, below):
    assert read(above, below=below).authors == ()


@settings(deadline=None)
@given(st.text(alphabet="AaBy von:,|–-@<>()/.. 9\n文作者", max_size=60))
def test_any_value_is_read(value):
    assert all(2 <= len(name) <= 80 for name in authors.clean([value]))
    assert all(whole for _, whole in authors.beside([value]))
    authors.announces(value)
