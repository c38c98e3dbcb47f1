# ruff: noqa: E501  pages and tables of cases read better unbroken
"""How clean a body is on repost pages: 72 pages of three makes, in eight languages, with inserts between paragraphs.

    python -m tests.benchmarks.read_noise [-v]

The inserts below are worded by themselves; the cleaner's lists were not written from them, nor may they be copied
there. Each site uses a few of them on all its pages, as sites do, with another headline each time. Pages are read in
order and the site's noise is learned on the way, as in a crawl: what only a site can teach is left on its first pages,
and counts. `noise_left` is the share of inserted pieces that stand in the text, `sentences_kept` that of the article's
own sentences.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from crawler.extraction import Noise, read_page
from crawler.items import Article

PAGES_PER_SITE = 12


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language's sentences (with {} for what changes from page to page), headlines, and its sites' inserts."""

    code: str
    sentences: Sequence[str]
    headlines: Sequence[str]
    leads: Sequence[str]
    lines: Sequence[str]


TONGUES = (
    Tongue(
        "en",
        ("The bridge at {} was closed to lorries on Monday, and the bakers of the town went back to using donkeys.",
         "Nobody had counted the herons of {} before, said the warden, because nobody had thought that they would stay.",
         "According to the council, {} spends more on its clock than on its school, and the clock is slow.",
         "A court in {} ruled that the well belongs to both farms, and that both must stop throwing stones into it.",
         "The last train to {} left with four passengers, a cello and a goat that had no ticket.",
         "Read in full, the letter from {} takes nine minutes; the minister gave it three.",
         "\"We have had floods before,\" said the mayor of {}, \"but never one with swans.\""),
        ("Swans refuse to leave {}", "Clock of {} is slow again", "Who threw the stones at {}?", "Night train to {} finds its goat"),
        ("Don't skip this one:", "Have you seen this?", "Worth your time »", "From our pages:", "More like this –", "Hand-picked for you:"),
        ("Brought to you by Ledgerwire", "Tap the bell and never miss a story of ours", "Text: Ledgerwire / agencies", "Enjoying our work? Tell a friend about us",
         "Seen from the tower. Credit: Ledgerwire", "- Advertisement -"),
    ),
    Tongue(
        "de",
        ("Die Brücke in {} ist seit Montag für Lastwagen gesperrt, und die Bäcker des Ortes fahren wieder mit Eseln.",
         "Niemand hatte die Reiher von {} je gezählt, sagte der Aufseher, weil niemand glaubte, dass sie bleiben.",
         "Nach Angaben des Rates gibt {} mehr für seine Uhr aus als für seine Schule, und die Uhr geht nach.",
         "Ein Gericht in {} entschied, dass der Brunnen beiden Höfen gehört und beide keine Steine mehr hineinwerfen dürfen.",
         "Der letzte Zug nach {} fuhr mit vier Fahrgästen, einem Cello und einer Ziege ohne Fahrschein ab."),
        ("Schwäne bleiben in {}", "Die Uhr von {} geht wieder nach", "Nachtzug nach {} findet seine Ziege"),
        ("Ebenso lesenswert:", "Auch spannend:", "Aus dem Archiv »", "Nicht übersehen:"),
        ("Text: Ledgerwire / Agenturen", "Unser Kanal in der App: jetzt beitreten", "Bild vom Turm aus. Aufnahme: Ledgerwire", "Werbung"),
    ),
    Tongue(
        "es",
        ("El puente de {} quedó cerrado el lunes para los camiones, y los panaderos del pueblo volvieron a usar burros.",
         "Nadie había contado las garzas de {}, dijo el guarda, porque nadie pensó que se quedarían.",
         "Según el concejo, {} gasta más en su reloj que en su escuela, y el reloj atrasa.",
         "Un tribunal de {} falló que el pozo es de las dos fincas y que ninguna puede echarle piedras.",
         "El último tren a {} salió con cuatro pasajeros, un violonchelo y una cabra sin billete."),
        ("Los cisnes no dejan {}", "El reloj de {} vuelve a atrasar", "El tren a {} encuentra su cabra"),
        ("No se pierda:", "De interés:", "Le sugerimos »", "Más sobre el tema:"),
        ("Texto: Ledgerwire y agencias", "Síganos en nuestro canal y no se pierda nada", "Vista desde la torre. Crédito: Ledgerwire", "Publicidad"),
    ),
    Tongue(
        "fr",
        ("Le pont de {} est fermé aux camions depuis lundi, et les boulangers du bourg ont repris leurs ânes.",
         "Personne n'avait compté les hérons de {}, a dit le garde, car personne ne pensait qu'ils resteraient.",
         "Selon le conseil, {} dépense plus pour son horloge que pour son école, et l'horloge retarde.",
         "Un tribunal de {} a jugé que le puits est aux deux fermes et qu'aucune ne doit y jeter de pierres.",
         "Le dernier train pour {} est parti avec quatre voyageurs, un violoncelle et une chèvre sans billet."),
        ("Les cygnes ne quittent pas {}", "L'horloge de {} retarde encore", "Le train pour {} retrouve sa chèvre"),
        ("Notre sélection :", "À consulter :", "Dans la même rubrique »", "À ne pas rater :"),
        ("Texte : Ledgerwire et agences", "Rejoignez notre chaîne pour tout suivre", "Vue de la tour. Crédit : Ledgerwire", "Publicité"),
    ),
    Tongue(
        "ru",
        ("Мост в городе {} закрыли в понедельник для грузовиков, и пекари снова возят хлеб на ослах.",
         "Цапель в заповеднике {} никто раньше не считал, сказал смотритель, потому что никто не думал, что они останутся.",
         "По данным совета, {} тратит на часы больше, чем на школу, и часы всё равно отстают.",
         "Суд города {} решил, что колодец принадлежит обоим дворам и камни в него больше бросать нельзя.",
         "Последний поезд в {} ушёл с четырьмя пассажирами, виолончелью и козой без билета."),
        ("Лебеди не покидают {}", "Часы города {} снова отстают", "Поезд в {} нашёл свою козу"),
        ("Тоже интересно:", "Из архива:", "Вам будет интересно »", "Ещё почитать:"),
        ("Текст: Ledgerwire и агентства", "Вступайте в нашу группу и будьте в курсе", "Вид с башни. Снимок предоставлен Ledgerwire", "Реклама"),
    ),
    Tongue(
        "tr",
        ("{} köprüsü pazartesi günü kamyonlara kapatıldı ve kasabanın fırıncıları yeniden eşeklere döndü.",
         "Bekçi, {} balıkçıllarını daha önce kimsenin saymadığını, çünkü kalacaklarını kimsenin düşünmediğini söyledi.",
         "Meclise göre {} saatine okulundan daha çok para harcıyor ve saat yine de geri kalıyor.",
         "{} mahkemesi kuyunun iki çiftliğe de ait olduğuna ve kimsenin taş atamayacağına karar verdi.",
         "{} için son tren dört yolcu, bir çello ve biletsiz bir keçiyle yola çıktı."),
        ("Kuğular {} gölünü bırakmıyor", "{} saati yine geri kaldı", "{} treni keçisini buldu"),
        ("Gözden kaçmasın:", "İlginizi çeker:", "Bir de şu var »"),
        ("Metin: Ledgerwire ve ajanslar", "Kanalımıza katılın, hiçbir şeyi kaçırmayın", "Kuleden görünüm. Kare: Ledgerwire", "Reklam"),
    ),
)  # fmt: skip
TOWNS = (
    "Brackwater",
    "Solvik",
    "Marlpit",
    "Ebbing",
    "Klintsovo",
    "Lowmouth",
    "Vesterhold",
    "Calvara",
    "Aldmoor",
    "Qinglan",
    "Tarn",
    "Ulva",
)


@dataclass(frozen=True, slots=True)
class Made:
    """One page with what is true of it."""

    url: str
    html: bytes
    sentences: tuple[str, ...]
    pieces: tuple[str, ...]


def wordpress(title: str, body: str, dice: random.Random) -> str:
    return (
        f"<!DOCTYPE html><html><head><title>{title} - Hourly Relay</title><meta name=generator content='WordPress 6.4'>"
        "<link rel=stylesheet href='/wp-content/themes/relay/style.css'></head>"
        f"<body class='single single-post'><nav><a href='/'>Home</a></nav><article class='post'><h1 class='entry-title'>{title}</h1>"
        f"<div class='entry-content'>{body}</div></article><div class='related'><h3>You may also like</h3>"
        f"<ul><li><a href='/r{dice.random()}'>Another headline of the site</a></li></ul></div></body></html>"
    )


def blogger(title: str, body: str, dice: random.Random) -> str:
    return (
        f"<html><head><title>Tidewatch: {title}</title><meta content='blogger' name='generator'/></head><body>"
        f"<div class='blog-posts hfeed'><div class='post hentry'><h3 class='post-title entry-title'>{title}</h3>"
        f"<div class='post-body entry-content'>{body}</div><div class='post-footer'>Labels: <a href='/l'>news</a></div></div></div>"
        f"<div class='sidebar'><ul><li><a href='/{dice.random()}'>Archive</a></li></ul></div></body></html>"
    )


def drupal(title: str, body: str, dice: random.Random) -> str:
    return (
        f"<!DOCTYPE html><html><head><title>{title} | Eastern Ledger</title><meta name='Generator' content='Drupal 10'></head>"
        f"<body class='page-node-type-article'><main><h1>{title}</h1><article class='node'>"
        f"<div class='field field--name-body'>{body}</div></article></main><footer>{dice.random()}</footer></body></html>"
    )


MAKES: tuple[Callable[[str, str, random.Random], str], ...] = (wordpress, blogger, drupal)


def site(tongue: Tongue, make: Callable[[str, str, random.Random], str], seed: int) -> list[Made]:
    """The pages of one site, which has chosen two lead-ins and three standing lines and sticks to them."""
    dice = random.Random(seed)
    leads, lines = dice.sample(list(tongue.leads), 2), dice.sample(list(tongue.lines), 3)
    made = []
    for number in range(PAGES_PER_SITE):
        town = TOWNS[number % len(TOWNS)]
        chosen = dice.sample(list(tongue.sentences), min(5, len(tongue.sentences)))
        own = tuple(one.format(f"{town} {dice.choice(TOWNS)}") for one in chosen)
        title = dice.choice(tongue.headlines).format(town)
        inserts = [
            f"{dice.choice(leads)} {dice.choice(tongue.headlines).format(dice.choice(TOWNS) + f' {number}')}"
            for _ in range(2)
        ]
        pieces = (*inserts, *lines)
        blocks = [f"<p>{one}</p>" for one in own]
        for piece in inserts:
            lead, _, headline = (
                piece.partition(" ") if not any(piece.startswith(one) for one in leads) else _parted(piece, leads)
            )
            linked = f"{lead} <a href='/s/{dice.random()}'>{headline}</a>" if dice.random() < 0.7 else piece
            blocks.insert(dice.randrange(1, len(blocks)), f"<p>{linked}</p>")
        for piece in lines:
            blocks.insert(dice.randrange(1, len(blocks) + 1), f"<p>{piece}</p>")
        html = make(title, "\n".join(blocks), dice)
        made.append(Made(f"https://site-{seed}.example/{number}", html.encode(), own, pieces))
    return made


def _parted(piece: str, leads: Sequence[str]) -> tuple[str, str, str]:
    lead = next(one for one in leads if piece.startswith(one))
    return lead, " ", piece[len(lead) :].strip()


def measure(*, tell: bool = False) -> dict[str, float]:
    """`noise_left`, `sentences_kept` and the number of pages."""
    left = inserted = kept = sentences = pages = 0
    for seed, tongue in enumerate(TONGUES):
        noise = Noise()
        for page in site(tongue, MAKES[seed % len(MAKES)], seed):
            read = read_page(page.url, page.html, noise=noise)
            noise.observe(read.seen, theme=read.theme, suffix=read.suffix)
            text = read.outcome.text if isinstance(read.outcome, Article) else ""
            paragraphs = text.split("\n\n")
            remaining = [piece for piece in page.pieces if piece in paragraphs]
            if tell and (remaining or any(one not in paragraphs for one in page.sentences)):
                print(page.url, remaining, [one for one in page.sentences if one not in paragraphs])
            left, inserted = left + len(remaining), inserted + len(page.pieces)
            kept, sentences = kept + sum(one in paragraphs for one in page.sentences), sentences + len(page.sentences)
            pages += 1
    return {"noise_left": round(left / inserted, 4), "sentences_kept": round(kept / sentences, 4), "noise_pages": pages}


if __name__ == "__main__":
    print(json.dumps(measure(tell="-v" in sys.argv), indent=2))
