"""Whom a notice names as the first to publish, in the languages of notices."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.extraction.originals import _LATIN, _OTHER_SCRIPT, _OTHERS, _may_say, _worth_trying, originally
from crawler.extraction.text_clues import line_credits

NOTICES = [
    ("This article first ran on the website of Brackwater Bee.", "Brackwater Bee"),
    ("Dieser Beitrag ist zuerst bei Hafenblatt erschienen.", "Hafenblatt"),
    ("Zuerst veröffentlicht auf Hafenblatt", "Hafenblatt"),
    ("Cet article a été initialement publié sur le site du Courrier des Marais.", "Courrier des Marais"),
    ("Originalmente publicado en Diario del Mar.", "Diario del Mar"),
    ("Este artículo se publicó originalmente en El Puerto.", "El Puerto"),
    ("Este texto foi originalmente publicado no Jornal da Barra.", "Jornal da Barra"),
    ("Articolo apparso originariamente su Il Molo.", "Il Molo"),
    ("L'articolo Il muro che cade proviene da Il Molo.", "Il Molo"),
    ("Eerder verschenen in De Kade.", "De Kade"),
    ("Dit stuk verscheen eerder op De Kade.", "De Kade"),
    ("Tekst ukazał się pierwotnie w „Gazecie Portowej”.", "Gazecie Portowej"),
    ("Artikeln publicerades först i Hamnbladet.", "Hamnbladet"),
    ("Oprindeligt udgivet i Havneavisen.", "Havneavisen"),
    ("Článek původně vyšel na Přístavní noviny.", "Přístavní noviny"),
    ("Articol publicat inițial în Ziarul Portului.", "Ziarul Portului"),
    ("Članak je prvobitno objavljen na Lučke novine.", "Lučke novine"),
    ("A cikk eredetileg a Kikötői Lapban jelent meg.", "Kikötői Lap"),
    ("Материал впервые опубликован на сайте «Портовая правда».", "Портовая правда"),
    ("Статтю вперше опубліковано на сайті Портовий вісник.", "Портовий вісник"),
    ("Статията е първоначално публикувана в Пристанищен вестник.", "Пристанищен вестник"),
    ("Bu haber ilk kez Liman Gazetesi tarafından yayımlandı.", "Liman Gazetesi"),
    ("İlk olarak Liman Postası sitesinde yayınlandı.", "Liman Postası"),
    ("Artikel ini telah tayang pertama kali di Harian Dermaga.", "Harian Dermaga"),
    ("Bài viết được đăng lần đầu trên báo Bến Cảng.", "Bến Cảng"),
    ("Το άρθρο δημοσιεύτηκε αρχικά στην Φωνή του Λιμανιού.", "Φωνή του Λιμανιού"),
    ("نشر هذا المقال أولاً في صحيفة الميناء.", "صحيفة الميناء"),
    ("این مطلب نخستین بار در روزنامه بندر منتشر شد.", "روزنامه بندر"),
    ('הכתבה פורסמה לראשונה ב"עיתון הנמל".', "עיתון הנמל"),
    ("本文首发于港口晚报。", "港口晚报"),
    ("この記事は港湾日報に最初に掲載されました。", "港湾日報"),
    ("初出：港湾日報", "港湾日報"),
    ("이 기사는 항구일보에 처음 게재되었습니다.", "항구일보"),
    ("यह लेख मूल रूप से बंदरगाह समाचार पर प्रकाशित हुआ था।", "बंदरगाह समाचार"),
]


@pytest.mark.parametrize(("line", "name"), NOTICES)
def test_who_published_first(line, name):
    assert originally(line) == name
    assert [found for _, found, _ in line_credits(line)] == [name]


@pytest.mark.parametrize(
    "line",
    [
        "The map was first published in 1911.",
        "It was originally published in a small town that nobody knew.",
        "Die Karte ist zuerst im 19. Jahrhundert erschienen.",
        "Harita ilk kez 1911 yılında yayımlandı.",
        "The wall was first posted with guards, then sold.",
        "",
    ],
)
def test_a_year_or_a_place_without_a_name_has_published_nothing(line):
    assert originally(line) == ""


STEMS = [stem for stems, _ in (*_LATIN, *_OTHERS) for stem in stems]
PIECES = st.sampled_from([*STEMS, *(word for line, _ in NOTICES for word in line.split()), ".", "X"])


@settings(deadline=None, max_examples=300)
@given(st.lists(PIECES, max_size=10).map(" ".join))
def test_looking_first_passes_over_no_notice(text):
    matching = {expression for _, expression in (*_LATIN, *_OTHERS) if expression.search(text)}
    assert matching <= set(_worth_trying(text.lower()))
    assert not any(expression.search(text) for _, expression in _LATIN) or _may_say(text.lower()) or _mixed(text)
    assert len(originally(text)) <= 80


def _mixed(text: str) -> bool:
    """Whether a line in Latin letters holds others too: those are looked for alone."""
    return _OTHER_SCRIPT.search(text.lower()) is not None
