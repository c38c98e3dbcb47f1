"""Pages of every kind that the linker has to tell apart, made from given texts or from fiction of our own.

Seeds are fixed: the same texts give the same pages. Strata of copies: verbatim, inserts, excerpt20/30/50, replaced20
and 30 (that share of the words), excerpt30_in_page (in a page three times its size), roundup, reordered. Near misses:
unrelated, same_topic, quotation, template, standing (one paragraph that many pages carry).
"""

from __future__ import annotations

import json
import os
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

COPIES = (
    "verbatim",
    "inserts",
    "excerpt20",
    "excerpt30",
    "excerpt50",
    "replaced20",
    "replaced30",
    "excerpt30_in_page",
    "reordered",
    "roundup",
)
NEAR_MISSES = ("unrelated", "same_topic", "quotation", "template", "standing")


@dataclass(frozen=True)
class Pair:
    """A page made from a text, or one that only looks so; `source` is that text."""

    stratum: str
    page: str
    source: str

    @property
    def copy(self) -> bool:
        return self.stratum in COPIES


# -- texts -------------------------------------------------------------------------------------------------------------


def corpora() -> Path:
    return Path(os.environ.get("FIRSTPRINT_CORPORA", Path(__file__).parents[3] / "shared" / "corpora"))


def corpus_texts(half: int | None = None, least: int = 150) -> list[str]:
    """Bodies of the real pages under FIRSTPRINT_CORPORA of at least so many words; half 0 is for tuning, 1 for
    reporting. Empty where there are none."""
    texts = []
    for name in ("aeb", "news"):
        file = corpora() / name / "truth.jsonl"
        if file.exists():
            bodies = [json.loads(line)["body"] for line in file.read_text("utf-8").splitlines()]
            texts += bodies if half is None else bodies[half::2]
    return [text for text in texts if len(text.split()) >= least]


_WORDS = """
given: Ilse, Tomas, Brida, Kestrel, Odo, Nadja, Casimir, Ruta, Yann, Pia, Leto, Anselm, Dora, Femi, Greta, Hal, Mirek
family: Maren, Okafor, Lunn, Vane, Fairweather, Prell, Dow, Sand, Abara, Holm, Marsh, Roy, Quill, Strand, Ozols, Brook
town: Ansel, Merrow, Hadrow, Ostrava, Weir, Cobble, Fenwick, Saltash, Orrin, Tamsel, Wexholm, Carrow, Dunmere, Pell
spot: quay, tannery, bridge, market, hall, depot, reservoir, lighthouse, orchard, chapel, mill, ferry, granary, canal
group: council, guild, cooperative, committee, school, crew, choir, museum, board, office, league, brigade, archive
noun: timetable, roof, ledger, sluice, bridge, lamp, bill, path, goat, crane, clock, petition, lantern, anchor, barrel
noun: map, bell, bicycle, carpet, piano, ladder, window, harvest, beehive, telescope, statue, fountain, gate, wagon
noun: raft, orchard, kiln, loom, violin, compass, mural, dictionary, greenhouse, pump, stairway, chimney, dam, tunnel
adjective: copper, broken, borrowed, wooden, forgotten, second, winter, crooked, blue, unpaid, narrow, ancient, silent
adjective: painted, rusty, hollow, famous, tiny, leaking, sunken, northern, striped, folding, unfinished, royal, dusty
verb: repaired, postponed, described, auctioned, painted, mislaid, defended, inspected, forgot, celebrated, rebuilt
verb: measured, opposed, inherited, praised, hid, photographed, lent, counted, insured, moved, sold, borrowed, returned
how: quietly, before dawn, without a vote, against all advice, in a single afternoon, after the rain, by candlelight
how: to general surprise, as the tide turned, at great cost, in plain sight, on a wager, twice in one week, with regret
where: at, near, behind, above, outside
article: the, a, their, every, another
"""


def _read(lists: str) -> dict[str, list[str]]:
    words: dict[str, list[str]] = {}
    for line in lists.strip().splitlines():
        name, _, rest = line.partition(": ")
        words.setdefault(name, []).extend(rest.split(", "))
    return words


_VOCABULARY = _read(_WORDS)


def _pick(source: random.Random, *names: str) -> str:
    return " ".join(source.choice(_VOCABULARY[name]) for name in names)


def fiction(seed: int, words: int = 600) -> str:
    """An article of our own invention, of about so many words, in paragraphs. No two seeds share a long passage."""
    source = random.Random(f"fiction {seed}")
    sentences: list[str] = []
    count = 0
    while count < words:
        sentence = _sentence(source)
        sentences.append(sentence)
        count += len(sentence.split())
    return "\n\n".join(" ".join(sentences[start : start + 3]) for start in range(0, len(sentences), 3))


def _person(source: random.Random) -> str:
    return _pick(source, "given", "family")


def _place(source: random.Random) -> str:
    return "the " + _pick(source, "town", "spot")


def _group(source: random.Random) -> str:
    return "the " + _pick(source, "town", "group")


def _clause(source: random.Random) -> str:
    who = source.choice((_person, _group))(source)
    clause = f"{who} {_pick(source, 'verb', 'article', 'adjective', 'noun')}"
    tail = source.randrange(4)
    if tail == 0:
        return f"{clause} {_pick(source, 'where')} {_place(source)}"
    return f"{clause} {_pick(source, 'how')}" if tail == 1 else clause


def _sentence(source: random.Random) -> str:
    shape = source.randrange(6)
    core = _clause(source)
    if shape == 0:
        core = f"{_pick(source, 'how')}, {core} and {_clause(source)}"
    elif shape == 1:
        core = f"{core}, said {_person(source)}, {source.randrange(19, 90)}"
    elif shape == 2:
        core = f"in {source.randrange(1780, 1990)} {core}, while {_clause(source)}"
    elif shape == 3:
        core = f"{core}; {_clause(source)}"
    elif shape == 4:
        core = f"of {source.randrange(3, 400)} pieces of {_pick(source, 'noun')} most were lost, and {core}"
    else:
        core = f"“{_clause(source)},” {_person(source)} told {_group(source)}"
    return core[:1].upper() + core[1:] + "."


# -- copies ------------------------------------------------------------------------------------------------------------


def excerpt(text: str, share: float, source: random.Random, *, first: bool | None = None) -> str:
    """That share of the words in one piece: the first ones, or from anywhere."""
    spans = [match.span() for match in re.finditer(r"\S+", text)]
    count = max(1, round(share * len(spans)))
    begin = 0 if first or (first is None and source.random() < 0.5) else source.randrange(len(spans) - count + 1)
    return text[spans[begin][0] : spans[begin + count - 1][1]]


def replaced(text: str, share: float, source: random.Random, vocabulary: Sequence[str]) -> str:
    """That share of the words, at random places, replaced by words of other texts."""
    return re.sub(r"\S+", lambda match: source.choice(vocabulary) if source.random() < share else match.group(), text)


def with_inserts(text: str, source: random.Random) -> str:
    """ "See also" lines, a credit and a prompt between the paragraphs, as mirrors add them."""
    parts = text.split("\n\n")
    for _ in range(max(2, len(parts) // 3)):
        parts.insert(source.randrange(len(parts) + 1), f"See also: {_sentence(source)}")
    return "\n\n".join([*parts, "Join our channel for more of this.", "Leave a Comment"])


def in_page(piece: str, other: str, source: random.Random) -> str:
    """A piece between words of another text, twice as many as its own."""
    words = other.split()
    needed = 2 * len(piece.split())
    words = words * (needed // max(1, len(words)) + 1)
    cut = source.randrange(needed + 1)
    return " ".join(words[:cut]) + "\n\n" + piece + "\n\n" + " ".join(words[cut:needed])


def _reordered(text: str, source: random.Random) -> str:
    parts = re.split(r"\n+", text)
    source.shuffle(parts)
    return "\n\n".join(parts)


# -- near misses -------------------------------------------------------------------------------------------------------


def same_topic(text: str, other: str, source: random.Random) -> str:
    """Another text that names what this one names, and has one short sentence of it word by word."""
    names = list(dict.fromkeys(re.findall(r"(?:[A-Z][\w’']+ )+[A-Z][\w’']+", text)))[:12] or ["Port Ansel"]
    parts = re.split(r"(?<=[.!?])\s+", other)
    for number, name in enumerate(names):
        parts.insert(source.randrange(len(parts) + 1), f"{name} was named {number} times at {_place(source)}.")
    short = [one for one in re.split(r"(?<=[.!?])\s+", text) if 5 <= len(one.split()) <= 14]
    if short:
        parts.insert(source.randrange(len(parts) + 1), source.choice(short))
    return " ".join(parts)


def quotation(text: str, other: str, source: random.Random) -> str:
    """Another text that quotes a paragraph's worth of this one, with its marks or announced by a colon."""
    words = text.split()
    count = min(len(words) // 3, len(other.split()) // 4, source.randrange(30, 90))
    begin = source.randrange(len(words) - count + 1)
    piece = re.sub('[“”"„«»「」]', "", " ".join(words[begin : begin + count]))
    frames = ("“{}”, the paper wrote.", "«{}», so the report.", "The statement in full:\n\n{}\n\n", '"{}"', "„{}“")
    own = other.split()[: max(200, 3 * count)]
    cut = source.randrange(len(own) // 4, len(own))
    return " ".join(own[:cut]) + "\n\n" + source.choice(frames).format(piece) + "\n\n" + " ".join(own[cut:])


_REPORT = (
    "{name} shares {verb} {a:.2f} percent to close at {b:,.2f} crowns, with {c:.1f} million changing hands.",
    "In {name} the day stays dry with highs of {d} degrees and a wind of {e} kilometres an hour.",
    "The index of {name} {verb} by {a:.1f} points, its volume was {c:.2f} million, against {f:.2f} million before.",
    "For {name} expect {e} millimetres of rain by evening, sunrise at {d}:{e} and a moon {e} percent full.",
)


def template(seed: int, day: int) -> str:
    """A market or weather report of one day: its words are those of every day, its numbers are not."""
    source, shape = random.Random(f"template {seed} {day}"), random.Random(f"template {seed}")

    def line(name: str) -> str:
        return shape.choice(_REPORT).format(
            name=name,
            verb=source.choice(("rose", "fell")),
            a=source.uniform(0.1, 9),
            b=source.uniform(10, 3000),
            c=source.uniform(1, 90),
            d=source.randrange(4, 24),
            e=source.randrange(10, 60),
            f=source.uniform(1, 90),
        )

    return "\n\n".join(line(name) for name in shape.sample([*_VOCABULARY["town"], *_VOCABULARY["noun"]], 14))


STANDING = fiction(-1, 60).replace("\n\n", " ")


def near_misses(texts: Sequence[str], seed: int = 7) -> Iterator[Pair]:
    """For each text one page of every near miss."""
    source = random.Random(seed)
    for number, text in enumerate(texts):
        other, third = texts[(number + 1) % len(texts)], texts[(number + 2) % len(texts)]
        yield Pair("unrelated", other, text)
        yield Pair("same_topic", same_topic(text, other, source), text)
        yield Pair("quotation", quotation(text, third, source), text)
        yield Pair("template", template(number, 1), template(number, 2))
        yield Pair("standing", f"{other}\n\n{STANDING}", f"{text}\n\n{STANDING}")


def copies(texts: Sequence[str], seed: int = 7) -> Iterator[Pair]:
    """For each text one page of every stratum of copies; a round-up of three to five gives a pair for each source."""
    source = random.Random(seed)
    vocabulary = sorted({word for text in texts for word in text.split()})
    make: dict[str, Callable[[str, str], str]] = {
        "verbatim": lambda text, _: text,
        "inserts": lambda text, _: with_inserts(text, source),
        "excerpt20": lambda text, _: excerpt(text, 0.2, source),
        "excerpt30": lambda text, _: excerpt(text, 0.3, source),
        "excerpt50": lambda text, _: excerpt(text, 0.5, source),
        "replaced20": lambda text, _: replaced(text, 0.2, source, vocabulary),
        "replaced30": lambda text, _: replaced(text, 0.3, source, vocabulary),
        "excerpt30_in_page": lambda text, other: in_page(excerpt(text, 0.3, source), other, source),
        "reordered": lambda text, _: _reordered(text, source),
    }
    for number, text in enumerate(texts):
        for stratum, maker in make.items():
            yield Pair(stratum, maker(text, texts[(number + 3) % len(texts)]), text)
    for start in range(0, len(texts), 5):
        chosen = [texts[(start + step) % len(texts)] for step in range(source.randrange(3, 6))]
        page = "\n\n".join(excerpt(text, source.uniform(0.2, 0.35), source, first=True) for text in chosen)
        yield from (Pair("roundup", page, text) for text in chosen)
