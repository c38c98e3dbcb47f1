# ruff: noqa: E501  pages and tables of cases read better unbroken
from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction.learned import Noise
from crawler.extraction.lines import Line, Markup, joined
from crawler.extraction.noise import clean

STORY = [
    "The ferry between the two islands has been cancelled until further notice, the harbour office said on Monday.",
    "Islanders who had gone shopping on the mainland spent the night in the school, on mats lent by the judo club.",
    "A replacement, found in a museum, is to make its first crossing on Thursday if the weather allows it.",
]


def cut_of(*extra: str, kind: str = "p", links: tuple[str, ...] = (), titles: tuple[str, ...] = ()) -> dict[str, str]:
    """Clue kind by text of what is cut when these lines stand between the story's."""
    lines = [Line(STORY[0]), *(Line(one, kind) for one in extra), *(Line(one) for one in STORY[1:])]  # type: ignore[arg-type]
    markup = Markup(links={one.lower(): "/x" for one in links})
    cleaned = clean(lines, markup, titles)
    assert [line.text for line in cleaned.kept if line.text in STORY] == STORY
    return {line.text: kind for kind, line in cleaned.cut}


@pytest.mark.parametrize(
    "insert",
    [
        "See also Harbour seal elected mayor for a day", "Read more: Harbour seal elected mayor", "READ ALSO | The seal speaks",
        "Lesen Sie auch: Seehund zum Bürgermeister gewählt", "À lire aussi : un phoque élu maire", "Lire aussi > Le phoque parle",
        "Lea también: Una foca elegida alcaldesa", "Te puede interesar: La foca habla", "Leia também: Foca eleita prefeita",
        "LEGGI ANCHE – La foca parla", "Lees ook: Zeehond wordt burgemeester", "Läs också: Sälen blev borgmästare",
        "Læs også: Sælen taler", "Les også: Selen taler", "Lue myös: Hylje puhuu", "Czytaj także: Foka burmistrzem",
        "Čtěte také: Tuleň starostou", "Читайте также: Тюлень стал мэром на день", "Читайте також: Тюлень став мером",
        "Bunu da okuyun: Fok belediye başkanı oldu", "اقرأ أيضا: انتخاب فقمة رئيسة للبلدية", "بیشتر بخوانید: فک شهردار شد",
        "קראו גם: כלב ים נבחר לראש העיר", "यह भी पढ़ें: सील बनी मेयर", "Baca juga: Anjing laut jadi wali kota",
        "Xem thêm: Hải cẩu làm thị trưởng", "相关阅读：海豹当选市长", "延伸閱讀：海豹當選市長", "関連記事：アザラシが市長に", "관련기사: 물개가 시장이 되다",
        "Διαβάστε επίσης: Φώκια δήμαρχος",
    ],
)  # fmt: skip
def test_inserts_in_many_languages(insert):
    assert cut_of(insert) == {insert: "insert"}


@pytest.mark.parametrize(
    "credit",
    ["Source: Harbour Gazette", "Sources: agencies", "Quelle: dpa", "Fuente: EFE", "Fonte: ANSA", "Источник: ТАСС", "Джерело: Укрінформ",
     "المصدر: الجزيرة", "来源：新华社", "來源：中央社", "出典：共同通信", "출처: 연합뉴스", "Kaynak: Anadolu Ajansı", "Źródło: PAP", "Bron: ANP", "Källa: TT",
     "Πηγή: ΑΠΕ-ΜΠΕ", "מקור: רויטרס", "منبع: ایرنا", "स्रोत: पीटीआई", "Sumber: Antara", "Nguồn: TTXVN", "Via: Harbour Gazette"],
)  # fmt: skip
def test_credit_lines_in_many_languages(credit):
    assert cut_of(credit) == {credit: "credit_line"}


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("The post Ferry cancelled appeared first on Harbour Gazette.", "appeared_first"),
        ("Der Beitrag Fähre gestrichen erschien zuerst auf Hafenblatt.", "appeared_first"),
        ("La entrada Barco cancelado se publicó primero en El Puerto.", "appeared_first"),
        ("This article was originally published by the Harbour Gazette.", "appeared_first"),
        ("This story has not been edited by our staff and is published from a syndicated feed.", "appeared_first"),
        ("Join our Telegram channel for the fastest updates!", "prompt"),
        ("Подписывайтесь на наш телеграм-канал", "prompt"),
        ("Follow us on Google News", "prompt"),
        ("Sign up for our newsletter and get a story like this every morning.", "prompt"),
        ("We and our partners use cookies to measure audiences and show advertising.", "prompt"),
        ("This site uses Akismet to reduce spam. Learn how your comment data is processed.", "prompt"),
        ("© 2026 Harbour Gazette. All rights reserved.", "prompt"),
        ("Home » Islands » Ferry cancelled", "prompt"),
        ("Photo: Agneta Strand", "caption"),
        ("The museum ferry at its berth on Monday [Agneta Strand/Harbour Gazette]", "caption"),
        ("The museum ferry at its berth. (Photo: A. Strand)", "caption"),
        ("By Staff Reporter", "byline"),
        ("by admin", "byline"),
        ("Published on 3 November 2026", "furniture"),
    ],
)
def test_other_noise(line, kind):
    assert cut_of(line) == {line: kind}


@pytest.mark.parametrize(
    "sentence",
    [
        "Read more books this winter, the librarian told the children, and they did.",
        "Related concerns were raised by the fishing fleet, which had not been asked.",
        "Source code for the ticket machine was lost in 1998, when the only man who had written it retired to Spain.",
        "Photographs of the old ferry hang in every bar, and in the church.",
        "Watch duty on the quay was shared by four families that night.",
        "The report was published on Tuesday by the ministry of transport.",
        "He followed the harbour master on Twitter until the account was closed.",
        "The company was sued by Getty Images.",
        "Home Office officials said that they had not seen the ferry.",
        "Share prices of the shipping line fell by four percent.",
        "Gusts reached 120 km/h (75 mi/h) during the night.",
        '"See also what they did to the lighthouse," she said.',
        "Via the northern route the crossing takes two hours.",
        "Comments by the captain were not available on Monday.",
        "Video calls kept the families together until the morning.",
        "Advertisement boards along the quay had been blown into the sea.",
        "By Thursday the mats had been returned, folded and, in one case, washed.",
        "Ранее сообщалось, что паром не пойдёт до четверга.",
        "Además, el museo prestó su propio barco a la naviera.",
        "Theo lời thuyền trưởng, chuyến phà sẽ khởi hành vào thứ Năm.",
    ],
)
def test_sentences_that_begin_like_noise_stay(sentence):
    assert cut_of(sentence) == {}


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Support our newsroom and help us to keep the foghorn running.", "prompt"),
        ("Seen a seal in office? Write to our harbour desk.", "prompt"),
        ("Unterstützen Sie unsere Arbeit mit einem Beitrag im Monat.", "prompt"),
        ("Envoyez-nous vos photos de phoques à notre rédaction", "prompt"),
        ("Escríbenos y cuéntanos a nuestro correo qué has visto.", "prompt"),
        ("Apoie o nosso jornalismo com uma pequena doação.", "prompt"),
        ("Sostieni il nostro lavoro con una piccola donazione.", "prompt"),
        ("Steun onze redactie met een kleine bijdrage.", "prompt"),
        ("Napisz do nas, jeśli widziałeś fokę w urzędzie.", "prompt"),
        ("Поддержите нашу редакцию небольшим взносом.", "prompt"),
        ("Підтримайте нашу редакцію невеликим внеском.", "prompt"),
        ("شاركونا صوركم على صفحتنا", "prompt"),
        ("请关注我们的公众号", "prompt"),
        ("Ilse Maren / Harbour Gazette", "caption"),
        ("In other waters: Swans refuse to leave the town hall", "insert"),
        ("Aus anderen Gewässern: Schwäne bleiben im Rathaus", "insert"),
        ("Additional reporting by Ilse Maren and Ruta Okafor", "credit_line"),
        ("Tłumaczenie: Ilse Maren", "credit_line"),
    ],
)
def test_noise_by_its_asking_and_by_its_shape(line, kind):
    assert cut_of(line) == {line: kind}


@pytest.mark.parametrize(
    "line",
    [
        "Help came from the mainland, which sent two barges, a tug and a bishop.",
        "“Support our newsroom,” the editor had said, and the town did.",
        "Send two eggs, the recipe says, and keep the third.",
        "Read aloud, the ruling takes nine minutes.",
        "Fair is the fog / and foul is the ferry",
        "Maren / Okafor won 6-3, 6-4",
        "The mayor: “No seal has asked me for anything”",
        "Question: Did the seal speak?",
        "Three things were missing: oars, rum and a captain.",
        "A ferry for nobody",
    ],
)
def test_lines_that_only_look_alike_stay(line):
    assert cut_of(line) == {}


def test_headings_of_the_article_stay_and_headings_of_boxes_go():
    assert cut_of("What happens next", kind="h") == {}
    assert cut_of("Watch the skies", kind="h") == {}
    assert cut_of("Related stories", kind="h") == {"Related stories": "insert"}


def test_everything_behind_a_box_of_links_goes():
    tail = [Line("You may also like", "h"), Line("Seal elected mayor", "li"), Line("Lamp sold to nobody", "li")]
    cleaned = clean([*map(Line, STORY), *tail], Markup(), ())
    assert joined(cleaned.kept) == "\n\n".join(STORY)


def test_a_paragraph_behind_an_insert_is_not_lost():
    lines = [Line(STORY[0]), Line("Read more", "h"), Line(STORY[1]), Line(STORY[2])]
    assert joined(clean(lines, Markup(), ()).kept) == "\n\n".join(STORY)


def test_title_and_broken_off_standfirst_are_not_repeated():
    lines = [Line("Ferry cancelled", "h"), Line(STORY[0][:60] + " […]"), *map(Line, STORY)]
    assert joined(clean(lines, Markup(), ("Ferry cancelled",)).kept) == "\n\n".join(STORY)


def test_captions_are_known_by_the_images_own_words():
    line = "Passengers asleep in the gymnasium of the school"
    cleaned = clean([*map(Line, STORY), Line(line)], Markup(captions={line.lower()}), ())
    assert [kind for kind, _ in cleaned.cut] == ["caption"]


# -- what a site teaches -----------------------------------------------------------------------------------------


def taught(pages: int = 8, **kwargs: str) -> Noise:
    noise = Noise()
    for n in range(pages):
        noise.observe(
            [
                ("Ihr Warenkorb ist leer", None),
                (f"Gell, auch schön: Geschichte Nummer {n}", "gell, auch schön:"),
                ("The Harrow Press Agency is owned by nobody and answers to everybody.", None),
                (f"A line of page {n} alone", None),
            ],
            **kwargs,
        )
    return noise


def test_recurring_lines_and_lead_ins_are_cut():
    noise = taught()
    lines = [
        Line(STORY[0]),
        Line("Ihr Warenkorb ist leer"),
        Line("Gell, auch schön: Geschichte Nummer 99"),
        *map(Line, STORY[1:]),
    ]
    cleaned = clean(lines, Markup(links={"geschichte nummer 99": "/99"}), (), noise)
    assert joined(cleaned.kept) == "\n\n".join(STORY)
    assert [kind for kind, _ in cleaned.cut] == ["site_noise", "insert"]


def test_an_insert_that_recurs_is_an_insert_still():
    """Whoever copies an article with it has it from there, whether or not the site has taught it by then."""
    line = Line("See also: Ten bakeries that never close")
    lines, noise = [*map(Line, STORY[:2]), line, *map(Line, STORY[2:])], Noise()
    before = clean(lines, Markup(), (), noise)
    for n in range(5):
        noise.observe([(line.text, None), (f"A line of {n}", None)])
    assert before.cut == clean(lines, Markup(), (), noise).cut == [("insert", line)]


def test_a_credit_that_recurs_is_a_credit_still():
    noise = Noise()
    for n in range(5):
        noise.observe([("Source: The Harbour Gazette", None), (f"A line of {n}", None)])
    cleaned = clean([*map(Line, STORY), Line("Source: The Harbour Gazette")], Markup(), (), noise)
    assert [(kind, line.text) for kind, line in cleaned.cut] == [("credit_line", "Source: The Harbour Gazette")]


def test_a_recurring_sentence_is_marked_not_cut():
    standing = "The Harrow Press Agency is owned by nobody and answers to everybody."
    cleaned = clean([*map(Line, STORY), Line(standing)], Markup(), (), taught())
    assert cleaned.kept[-1].text == standing
    assert cleaned.standing == [standing]


def test_one_page_teaches_nothing():
    assert not taught(1).recurs("Ihr Warenkorb ist leer")
    assert taught(2).recurs("Ihr Warenkorb ist leer")


def test_later_two_pages_of_many_are_chance():
    noise = Noise()
    for n in range(12):
        noise.observe([("Twice and never again" if n in (3, 9) else f"Line {n}", None)])
    assert not noise.recurs("Twice and never again")


def test_rare_lines_are_not_noise():
    noise = taught(3)
    for n in range(20):
        noise.observe([(f"Something else {n}", None)])
    assert not noise.recurs("Ihr Warenkorb ist leer")


def test_noise_is_forgotten_with_its_theme():
    noise = taught(theme="old")
    for n in range(2):
        noise.observe([(f"New {n}", None)], theme="new")
    assert noise.recurs("Ihr Warenkorb ist leer"), "two odd pages are no new theme"
    noise.observe([("New 3", None)], theme="new")
    assert not noise.recurs("Ihr Warenkorb ist leer")
    assert noise.theme == "new"


def test_noise_that_is_no_longer_shown_fades():
    noise = taught(10)
    for n in range(300):
        noise.observe([(f"Line {n}", None)])
    assert not noise.recurs("Ihr Warenkorb ist leer")
    assert len(noise) <= 600


def test_own_suffix_needs_nearly_every_page():
    noise = Noise()
    for n in range(10):
        noise.observe([], suffix="Daily Relay" if n != 4 else "Guest Post")
    assert noise.own_suffix("daily relay")
    assert not noise.own_suffix("Guest Post")


def test_noise_survives_json_and_briefness():
    noise = taught(theme="t", suffix="Relay")
    copy = Noise.from_dict(json.loads(json.dumps(noise.to_dict())))
    assert copy.to_dict() == noise.to_dict()
    small = noise.brief()
    assert len(small) < len(noise)
    assert small.recurs("Ihr Warenkorb ist leer")
    assert small.own_suffix("Relay")


def test_few_pages_are_believed_where_half_of_them_agree():
    noise = Noise()
    for n in range(8):
        lines = ["The kettle sings"] + ["Part of the ferry series"] * (n < 3) + ["Ropes and tides"] * (n > 3)
        noise.observe([(line, None) for line in lines], suffix="Kettle Gazette")
    common = noise.common()
    assert [common.recurs(line) for line in ("The kettle sings", "Ropes and tides", "Part of the ferry series")] == [
        True,
        True,
        False,
    ]
    assert noise.brief().recurs("Part of the ferry series")
    assert common.own_suffix("Kettle Gazette")
    assert common.recurs("The kettle sings") == Noise.from_dict(common.to_dict()).recurs("The kettle sings")


@pytest.mark.parametrize("pages", [0, 1, 2])
def test_fewer_than_three_pages_have_nothing_in_common(pages):
    assert taught(pages).common() is None


@given(
    st.one_of(
        st.none(), st.dictionaries(st.text(max_size=8), st.one_of(st.integers(), st.text(), st.lists(st.integers())))
    )
)
def test_unreadable_memory_is_an_empty_one(data):
    assert isinstance(Noise.from_dict(data), Noise)


@given(st.lists(st.tuples(st.sampled_from(["p", "h", "li", "quote", "table"]), st.text(max_size=400)), max_size=12))
def test_cleaning_never_raises_and_invents_nothing(lines):
    given_lines = [Line(" ".join(text.split()) or "x", kind) for kind, text in lines]
    cleaned = clean(given_lines, Markup(), ())
    assert len(cleaned.kept) + len(cleaned.cut) == len(given_lines)
    assert set(cleaned.kept) <= set(given_lines)


def test_a_notice_goes_whatever_its_title_reports():
    title = "Mayor says no. “Who asked?” Study shows: nobody did"
    post, beitrag = (
        f"The post {title} appeared first on Harbour Gazette.",
        f"Der Beitrag {title} erschien zuerst auf Hafenblatt.",
    )
    assert cut_of(post, beitrag, titles=(title,)) == {post: "appeared_first", beitrag: "appeared_first"}
    report = (
        "The image appeared first on a channel of the islanders, said the harbour office, which wants it taken down."
    )
    assert cut_of(report, titles=("Harbour office wants image taken down",)) == {}
