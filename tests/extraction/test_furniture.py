# ruff: noqa: E501  pages and tables of cases read better unbroken
"""What a page says of itself, asks of its reader, and signs with; and the sentences that only begin like it."""

from __future__ import annotations

import pytest

from crawler.extraction.lines import Line, Markup, joined
from crawler.extraction.noise import clean
from tests.extraction.test_noise import STORY, cut_of

# -- what a page says of itself, in wordings of many languages ----------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "Reading time: 7 minutes", "Lesedauer: ca. 12 Minuten", "Lecture : 5 min", "Lettura di 3 minuti", "Tiempo estimado de lectura: 6 min.",
        "Czas czytania: 4 min", "Время на чтение: 9 минут", "Час на прочитання: 2 хв", "Okuma süresi 8 dk", "預計閱讀時間：6 分鐘", "この記事は5分で読めます",
        "읽는 시간 4분", "زمان مطالعه: ۵ دقیقه", "وقت القراءة: ٣ دقائق", "पढ़ने का समय: ४ मिनट", "Waktu baca 5 menit", "Thời gian đọc: 3 phút",
        "Leestijd 4 minuten", "Lästid: 2 min", "4 min read · 812 views", "Χρόνος ανάγνωσης: 3 λεπτά",
        "Views: 8,113", "Aufrufe: 412", "1.204 visualizzazioni", "Просмотров: 88", "조회수 3,310", "浏览次数：5023", "12 Shares | 3 Comments",
        "Tu dirección de correo electrónico no será publicada. Los campos obligatorios están marcados con *", "Din e-mailadresse vil ikke blive publiceret.",
        "E-posta adresiniz yayınlanmayacak. Gerekli alanlar * ile işaretlenmişlerdir", "Sähköpostiosoitettasi ei julkaista.", "댓글은 닫혔습니다.",
        "Adresa ta de email nu va fi publicată.", "メールアドレスが公開されることはありません。※ が付いている欄は必須項目です", "Nessun commento", "暂无评论",
    ],
)  # fmt: skip
def test_what_a_page_measures_and_asks_in_its_forms_goes_wherever_it_stands(line):
    assert cut_of(line) == {line: "furniture"} or cut_of(line) == {line: "prompt"}


@pytest.mark.parametrize(
    "line",
    [
        "Zuletzt geändert am 5. Mai 2025 um 8:30 Uhr", "Dernière mise à jour : 5 mai 2025", "Última actualización: 5/5/2025 08:30", "Bijgewerkt: 5 mei 2025, 8.30 uur",
        "Обновлено: 5 мая 2025, 08:30", "Päivitetty 5.5.2025 klo 8.30", "Ostatnia aktualizacja: 5 maja 2025", "最后更新：2025年5月5日", "更新日時：2025年5月5日 8時30分",
        "최종수정 2025.05.05. 오전 8:30", "آخر تحديث: 5 مايو 2025", "Diperbarui 5 Mei 2025, 08.30 WIB", "Cập nhật lúc 08:30 ngày 5/5/2025", "अंतिम अपडेट: 5 मई 2025",
    ],
)  # fmt: skip
def test_dates_of_change_go_at_the_edges(line):
    assert cut_of(line) == {line: "furniture"}


@pytest.mark.parametrize(
    "line",
    [
        "Ruta Okafor, Senior Reporter", "Ruta Okafor (freie Journalistin)", "Ilse Maren | Harbour correspondent", "Skrivet av Ruta Okafor", "Rédigé par Ruta Okafor le 5 mai 2025",
        "Tekst: Ilse Maren", "Auteur: Ilse Maren", "Yazan: Derya Kum", "Pewarta: Sari Laut", "लेखिका: मीना सागर", "نویسنده: مینا دریا", "박바다 기자", "记者 海小明",
        "Haber Servisi", "Newsroom", "Από τη σύνταξη", "Корреспондент Инга Морская", "Redakcja Głos Portu", "ニュース編集部",
    ],
)  # fmt: skip
def test_bylines_go_at_the_edges(line):
    assert next(iter(cut_of(line).values())) in ("byline", "credit_line")


def test_a_line_that_names_the_pages_own_author_is_a_byline_in_any_language():
    lines = [Line("Sgrifennwyd gan Ilse Maren, Porthladd"), *map(Line, STORY)]
    assert clean(lines, Markup(), (), authors=("Ilse Maren",)).cut == [("byline", lines[0])]
    told = Line("Ilse Maren was the first to see the seal, and the last to speak to it.")
    assert clean([told, *lines[1:]], Markup(), (), authors=("Ilse Maren",)).kept[0] == told


@pytest.mark.parametrize(
    "line",
    [
        "Artikel Ferry cancelled until further notice kom eerst op Harbour Gazette terecht.",
        "Wpis Ferry cancelled until further notice pochodzi z serwisu Harbour Gazette.",
        "Запис Ferry cancelled until further notice спершу з’явиться на Harbour Gazette.",
        "נוסח Ferry cancelled until further notice הופיע לראשונה ב-Harbour Gazette.",
    ],
)
def test_title_and_site_in_one_line_are_a_notice_in_any_language(line):
    cleaned = clean(
        [*map(Line, STORY), Line(line)], Markup(), ("Ferry cancelled until further notice",), sites=("Harbour Gazette",)
    )
    assert [kind for kind, _ in cleaned.cut] == ["appeared_first"]


@pytest.mark.parametrize(
    "line",
    [
        "Dieser Text erschien zuerst im Hafenblatt.", "Ce texte a été publié pour la première fois dans Le Phare.", "Este texto apareció originalmente en El Faro.",
        "Esta reportagem foi publicada originalmente no Farol.", "Questo pezzo è apparso originariamente su Il Faro.", "Dit verhaal verscheen eerder in De Vuurtoren.",
        "Texten publicerades ursprungligen i Fyren.", "Tekst ukazał się po raz pierwszy w Latarni.", "Материал первоначально был опубликован в «Маяке».",
        "Матеріал вперше опубліковано у «Маяку».", "Bu makale ilk olarak Fener'de yayımlandı.", "این گزارش نخستین بار در فانوس منتشر شد.",
        "本文最初发表于《灯塔》。", "この記事は灯台新聞に掲載されたものです。", "이 글은 등대신문에 처음 실렸습니다.", "Tulisan ini pertama kali dimuat di Mercusuar.",
    ],
)  # fmt: skip
def test_notices_in_many_languages(line):
    assert cut_of(line) == {line: "appeared_first"}


@pytest.mark.parametrize(
    ("line", "links"),
    [
        ("Share: Facebook X Telegram", ()), ("Podijeli: Facebook Viber WhatsApp", ()), ("Del artiklen", ()), ("Compartir en Facebook", ()), ("Chia sẻ:", ()),
        ("Novinky najdete na kanálu: t.me/lodni_posta", ()), ("Kanał redakcji: https://www.facebook.com/glosportu", ()),
        ("Der Artikel geht nach der Werbung weiter", ()), ("L'articolo continua dopo la pubblicità", ()), ("Saken fortsetter under annonsen", ()), ("本文は広告の後に続きます", ()),
        ("La lectura continúa después de la publicidad", ()), ("기사가 광고 후 계속됩니다", ()),
        ("© Harbour Gazette 2026 – Alle Rechte vorbehalten", ()), ("Copyright Głos Portu. Wszelkie prawa zastrzeżone.", ()), ("全权归灯塔报所有，未经授权", ()),
        ("Jesteśmy też na Facebooku, obserwuj nas", ()), ("公式LINEで友だち追加をお願いします", ()), ("텔레그램 채널에서 소식을 만나보세요", ()), ("हमारे टेलीग्राम चैनल को सब्सक्राइब करें", ()),
        ("Telegram kanalımıza katılmak için tıklayın", ()), ("在微信公众号关注灯塔报", ()), ("به کانال تلگرام فانوس بپیوندید", ()),
        ("Gefällt dir das? Unterstütze uns mit einer Spende.", ()), ("Les har du? Støtt oss med et bidrag", ()), ("Ti è piaciuto? Sostieni il giornale con una donazione", ("una donazione",)),
        ("Podpořte redakci: staňte se členem našeho klubu", ()),
    ],
)  # fmt: skip
def test_appeals_share_rows_and_pauses_go(line, links):
    assert next(iter(cut_of(line, links=links).values()), None) == "prompt"


@pytest.mark.parametrize(
    "sentence",
    [
        "Subscribe, the sexton shouted from the tower, or lose your pew.",
        "Teilen Sie das Brot, mahnte die Alte, und keiner teilte.",
        "Suivez le phare, répétait le pilote, et vous ne verrez jamais la côte.",
        "Síguenos, decían las gaviotas del cuento, y nadie las seguía.",
        "Seguici, gridò il faro al peschereccio, ma era solo il vento.",
        "Volg ons, riepen de meeuwen, en de boot voer de mist in.",
        "Подпишитесь, сказал капитан, и протянул мокрую бумагу.",
        "Bizi takip edin, dedi kılavuz, ve sisin içinde kayboldu.",
        "关注我们，老船长在岸上喊道，可是谁也没有回头。",
        "Quelle: So nannten die Fischer den dunklen Fleck vor der Mole, an dem im Winter kein Eis blieb.",
        "Fonte: così i pescatori chiamavano la macchia scura davanti al molo, dove d'inverno non gelava mai.",
        "Kaynak: balıkçılar iskelenin önündeki karanlık suya böyle derdi, orada kışın buz tutmazdı.",
        "来源：渔民们这样称呼码头前那片深色的水，因为冬天那里从来不结冰，谁也不知道为什么。",
        "Photo: so the children called the old seal, because it never moved when somebody looked at it.",
        "All rights reserved to the abbey by the charter were sold by the last abbot for a barrel of herring.",
        "© was painted on every oar of the museum ferry, and the oarsmen never learned why it was there.",
        "Updated in 1911, the chart still showed the reef where the church had been.",
        "It took the clerk four minutes to read the letter aloud.",
        "The tower has 412 steps, and the views are worth every one of them.",
        "Telegram boys had delivered the news to every house on the quay by noon.",
        "The article that he had first published in the parish letter was read aloud in court.",
        "About the author of the letter nothing is known, except that she could not swim.",
        "Advertising a ferry that does not sail, the court found, continues to be allowed.",
    ],
)  # fmt: skip
def test_sentences_behind_the_words_of_an_appeal_stay(sentence):
    assert cut_of(sentence) == {}


def test_links_below_the_label_of_a_box_go_and_a_list_that_is_announced_stays():
    items = [Line("Seal elected mayor for a day", "li"), Line("Lamp sold to nobody at all", "li")]
    markup = Markup(links={one.text.lower(): "/x" for one in items})
    for label in ([Line("Vous pourriez aussi aimer", "h")], []):
        lines = [Line(STORY[0]), *label, *items, Line(STORY[1]), Line(STORY[2])]
        assert joined(clean(lines, markup, ()).kept) == "\n\n".join(STORY)
    announced = [*map(Line, STORY), Line("Two papers had come to the same conclusion:"), *items, Line(STORY[0])]
    assert clean(announced, markup, ()).cut == []


def test_a_sentence_that_is_a_link_as_a_whole_stays():
    link = "The whole log of the museum ferry, from its first crossing to its last, can be read in the harbour office."
    assert cut_of(link, links=(link,)) == {}
    headline = "Museum ferry makes first crossing with nobody but the judo club on board"
    assert cut_of(headline, links=(headline,)) == {headline: "insert"}


def test_the_edge_of_a_body_is_counted_in_lines_that_stay():
    tail = [
        "Via Harbour Gazette",
        "Share on Facebook Tweet WhatsApp",
        "© 2026 Harbour Gazette",
        "No comments",
        "Leave a comment",
    ]
    cleaned = clean([*map(Line, STORY), *map(Line, tail)], Markup(), ())
    assert [line.text for line in cleaned.kept] == STORY
