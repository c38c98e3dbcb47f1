# ruff: noqa: E501  texts read better unbroken
"""The language of the text, whatever the page says; a detector is asked only where the page's word is not borne out."""

from __future__ import annotations

import pytest

from crawler.extraction.languages import borne_out, language_of

TEXTS = {
    "en": "The bakers of Tamsel have gone back to donkeys, because the bridge was closed on Monday and is not to be opened before the winter. It was the only way into the town for carts that are heavier than a cow.",
    "de": "Die Bäcker von Tamsel fahren wieder mit Eseln, weil die Brücke am Montag gesperrt wurde und nicht vor dem Winter geöffnet werden soll. Sie war der einzige Weg in die Stadt für Wagen, die schwerer sind als eine Kuh.",
    "fr": "Les boulangers de Tamsel sont revenus aux ânes, car le pont a été fermé lundi et ne sera pas ouvert avant l'hiver. C'était le seul chemin qui menait dans la ville pour des voitures plus lourdes que les vaches.",
    "es": "Los panaderos de Tamsel han vuelto a los burros, porque el puente se cerró el lunes y no se abrirá antes del invierno. Era el único camino que llevaba a la ciudad para los carros más pesados que una vaca.",
    "pt": "Os padeiros de Tamsel voltaram aos burros, porque a ponte foi fechada na segunda-feira e não será aberta antes do inverno. Era o único caminho que levava à cidade para os carros mais pesados do que uma vaca.",
    "ru": "Пекари Тамселя снова возят хлеб на ослах, потому что мост был закрыт в понедельник и до зимы его не откроют. Это был единственный путь в город для телег, которые тяжелее коровы, и другого нет.",
    "uk": "Пекарі Тамселя знову возять хліб на віслюках, бо міст закрили в понеділок і до зими його не відкриють. Це був єдиний шлях у місто для возів, які важчі за корову, та іншого немає.",
    "tr": "Tamsel fırıncıları yine eşeklere döndü, çünkü köprü pazartesi günü kapatıldı ve kıştan önce açılmayacak. Bu, bir inekten daha ağır olan arabalar için kasabaya giden tek yoldu ve başka bir yol da yok.",
}  # fmt: skip
STATED = ("", "en", "en-US", "de-AT", "es_ES", "pt-BR", "ru", "xx", "zh-Hans")


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("stated", STATED)
def test_the_text_decides(language, stated):
    assert language_of(TEXTS[language], stated) == language


@pytest.mark.parametrize("language", TEXTS)
def test_no_other_language_is_borne_out(language):
    assert [one for one in TEXTS if one != language and borne_out(TEXTS[language], one)] == []


def test_most_pages_need_no_detector():
    assert [one for one in ("en", "de", "fr", "es", "pt") if not borne_out(TEXTS[one], one)] == []


def test_too_short_a_text_is_what_the_page_says():
    assert language_of("Fog.", "de-AT") == "de"
    assert language_of("Fog.", "") is None
