"""Whole little worlds of publishers and mirrors: who printed what, when they say so, and what their pages still show.

A world is made from its seed and from given texts. Publishers print originals; some texts come from an agency and
stand on several of them. Mirrors copy after a lag (log-normal, median 3.5 hours, each mirror with a tempo of its own),
from publishers that they prefer, also from each other; publishers copy now and then, and mirrors have some texts of
their own. What a page states of its time is blurred to the day for a third, missing for a tenth. A tenth of the copies
state a time before their original's; half of these leave a trace: an upload path, a date in their address, or a number
that runs on. Two of three copies carry no credit and no link of any kind.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

from crawler.items import Article, Clue
from crawler.sites import Role, Site
from tests.dedup import generate

MEDIAN_LAG, LAG_SPREAD = 3.5, 1.3
"""Hours, and the standard deviation of their logarithm."""
DAY_ONLY, UNDATED = 1 / 3, 0.1
BACK_DATED, TRACED = 0.1, 0.5
CREDITING = 0.35
START = datetime(2026, 3, 2, 6, tzinfo=UTC)
DAYS = 45

_NAMES = (
    "The Merrow Herald", "Tamsel Courier", "Ostrava Today", "Weir & Coast News", "The Hadrow Observer", "Fenwick Post",
    "Saltash Standard", "Pell Chronicle",
)  # fmt: skip
_MIRRORS = (
    "dailyquilt", "newsbarn", "worldfold", "paperkite", "headlinejar", "thebriefly", "wireloft", "storyladle",
    "printmoth", "pressnook", "globefold", "inkharbour", "reportmill", "twicetold",
)  # fmt: skip
_AGENCIES = ("Reuters", "AFP", "dpa", "Associated Press")
_REPORTERS = ("Ilse Maren", "Tomas Okafor", "Ruta Fairweather", "Casimir Dow", "Nadja Strand", "Femi Abara", "Pia Holm")
_NOBODY = ("admin", "editor", "News Desk", "webmaster")
_SECTIONS = ("World", "Business", "Culture", "Science")


@dataclass
class House:
    """A site. `tempo` multiplies the lag of its copies."""

    host: str
    name: str
    role: Role
    tempo: float = 1.0
    prefers: tuple[int, ...] = ()
    number: int = 1000
    """Of its last page."""


@dataclass(frozen=True)
class Print:
    """One page of a world, with its truth. `came` is when it truly appeared."""

    article: Article
    house: int
    came: datetime
    text: str
    stratum: str = "original"
    roots: tuple[str, ...] = ()
    """URLs of the originals that it comes from, of several for a round-up."""
    via: str | None = None
    marks: frozenset[str] = frozenset()
    """credited, uncredited, day_only, undated, back_dated_traced, back_dated."""


@dataclass
class World:
    """The pages of a world and what an operator would declare of its sites."""

    houses: list[House]
    prints: list[Print] = field(default_factory=list)

    def declared(self) -> list[Site]:
        return [Site(name=one.host, url=f"https://{one.host}/", role=one.role) for one in self.houses]


def make(texts: Sequence[str], seed: int) -> World:
    """A world in which each text is printed first once, and copied 2.4 times on the average."""
    return _Maker(texts, random.Random(f"world {seed}")).made()


def make_farm(text: str, copies: int, seed: int) -> World:
    """One original and so many copies of its whole text, each on a site that has nothing else. Nobody credits anybody,
    and no copy that is back-dated leaves a trace: there is nothing but times."""
    return _Maker([text], random.Random(f"farm {copies} {seed}")).farm(copies)


class _Maker:
    def __init__(self, texts: Sequence[str], dice: random.Random) -> None:
        self.texts, self.dice = list(texts), dice
        dice.shuffle(self.texts)
        publishers = [
            House(name.lower().replace(" & ", "").replace(" ", "").removeprefix("the") + ".example", name, "publisher")
            for name in _NAMES
        ]
        mirrors = [
            House(f"{name}.example", name.capitalize(), "mirror", math.exp(dice.gauss(0, 0.4)),
                  tuple(dice.sample(range(len(publishers)), 3)))
            for name in _MIRRORS
        ]  # fmt: skip
        self.world = World([*publishers, *mirrors])
        self.publishers, self.mirrors = range(len(publishers)), range(len(publishers), len(self.world.houses))
        self.vocabulary = sorted({word for text in texts[:60] for word in text.split()})
        self.copying: dict[str, Callable[[str], str]] = {
            "verbatim": lambda text: text,
            "inserts": partial(generate.with_inserts, source=dice),
            "excerpt30": lambda text: generate.excerpt(text, 0.3, dice, first=True),
            "excerpt50": lambda text: generate.excerpt(text, 0.5, dice, first=True),
            "replaced10": lambda text: generate.replaced(text, 0.1, dice, self.vocabulary),
            "replaced20": lambda text: generate.replaced(text, 0.2, dice, self.vocabulary),
        }

    def made(self) -> World:
        strata = list(self.copying)
        for text in self.texts:
            if self.dice.random() < 0.08:
                self._agency(text)
                continue
            first = self._original(text)
            for _ in range(self.dice.choice((1, 1, 2, 2, 3, 4))):
                copy = self._copy(first, self.dice.choice(strata))
                if self.dice.random() < 0.2:
                    self._copy_of_copy(first, copy)
        self._roundups()
        return self.world

    def farm(self, copies: int) -> World:
        first = self._original(self.texts[0])
        for number in range(copies):
            self.world.houses.append(
                House(f"farm{number}.example", f"Farm {number}", "mirror", math.exp(self.dice.gauss(0, 0.4)))
            )
            house = len(self.world.houses) - 1
            came, title = first.came + self._lag(house), first.article.title if self.dice.random() < 0.6 else None
            roots, clues = (first.article.url,), self._own_clues(house)
            self.world.prints.append(self._print(house, came, first.text, f"farm{copies}", roots, None, clues, title,
                                                 frozenset({"uncredited"}), first, traced=0.0))  # fmt: skip
        return self.world

    # -- what is printed ---------------------------------------------------------------------------------------------

    def _original(self, text: str) -> Print:
        own = self.dice.random() < 0.06
        house = self.dice.choice(self.mirrors if own else self.publishers)
        came = START + timedelta(minutes=self.dice.randrange(DAYS * 24 * 60))
        made = self._print(house, came, text, clues=self._own_clues(house))
        self.world.prints.append(made)
        return made

    def _agency(self, text: str) -> None:
        """One upstream on several publishers, each with its own headline and cut; nobody copies from another."""
        name = self.dice.choice(_AGENCIES)
        came = START + timedelta(minutes=self.dice.randrange(DAYS * 24 * 60))
        town = self.dice.choice(("MERROW", "TAMSEL", "OSTRAVA"))
        for house in self.dice.sample(self.publishers, self.dice.randrange(2, 5)):
            cut = text if self.dice.random() < 0.5 else generate.excerpt(text, 0.8, self.dice, first=True)
            clue = Clue("dateline", name, f"{town} ({name}) -")
            at = came + timedelta(minutes=self.dice.randrange(5, 400))
            printed = self._print(house, at, cut, "sibling", clues=[clue, *self._own_clues(house)])
            self.world.prints.append(printed)

    def _copy(self, first: Print, stratum: str) -> Print:
        house = self._copier(first)
        return self._printed_copy(house, first, self.copying[stratum](first.text), stratum, (first.article.url,))

    def _copy_of_copy(self, first: Print, copy: Print) -> None:
        """A repost of a repost: the copy's own slips and inserts are in it."""
        if len(copy.text) < 400:
            return
        marked = generate.with_inserts(copy.text, self.dice) if copy.stratum == "verbatim" else copy.text
        house = self._copier(copy, but=first.house)
        text = marked if self.dice.random() < 0.6 else generate.excerpt(marked, 0.7, self.dice, first=True)
        self._printed_copy(house, copy, text, "chain", first.roots or (first.article.url,), via=copy.article.url)

    def _copier(self, source: Print, but: int = -1) -> int:
        if self.dice.random() < 0.05:
            return self.dice.choice([one for one in self.publishers if one not in (source.house, but)])
        fond = [one for one in self.mirrors if source.house in self.world.houses[one].prefers]
        from_all = not fond or self.dice.random() < 0.3
        return self.dice.choice([one for one in (self.mirrors if from_all else fond) if one not in (source.house, but)]
                                or [one for one in self.mirrors if one not in (source.house, but)])  # fmt: skip

    def _printed_copy(
        self, house: int, source: Print, text: str, stratum: str, roots: tuple[str, ...], via: str | None = None
    ) -> Print:
        came = source.came + self._lag(house)
        clues, title, marks = self._credits(house, source)
        made = self._print(house, came, text, stratum, roots, via, clues, title, marks, source)
        self.world.prints.append(made)
        return made

    def _roundups(self) -> None:
        originals = [one for one in self.world.prints if one.stratum == "original" and len(one.text.split()) >= 150]
        originals.sort(key=lambda one: one.came)
        for start in range(0, len(originals) - 5, 12):
            chosen = originals[start : start + self.dice.randrange(3, 6)]
            pieces = [generate.excerpt(one.text, self.dice.uniform(0.25, 0.4), self.dice, first=True) for one in chosen]
            house = self.dice.choice([one for one in self.mirrors if one not in {each.house for each in chosen}])
            came = max(one.came for one in chosen) + self._lag(house)
            urls = tuple(one.article.url for one in chosen)
            clues = self._own_clues(house)
            self.world.prints.append(self._print(house, came, "\n\n".join(pieces), "roundup", urls, None, clues))

    def _lag(self, house: int) -> timedelta:
        hours = math.exp(self.dice.gauss(math.log(MEDIAN_LAG * self.world.houses[house].tempo), LAG_SPREAD))
        return timedelta(hours=max(hours, 0.05))

    # -- what its page shows -----------------------------------------------------------------------------------------

    def _print(
        self,
        house: int,
        came: datetime,
        text: str,
        stratum: str = "original",
        roots: tuple[str, ...] = (),
        via: str | None = None,
        clues: Sequence[Clue] = (),
        title: str | None = None,
        marks: frozenset[str] = frozenset(),
        source: Print | None = None,
        traced: float = TRACED,
    ) -> Print:
        dice, site = self.dice, self.world.houses[house]
        site.number += dice.randrange(1, 9)
        stated = came.replace(microsecond=0)
        path, traces = f"{came:%Y}/{site.number}/{dice.randrange(10**6)}", list(clues)
        if source is not None and dice.random() < BACK_DATED:
            stated = source.came - timedelta(hours=math.exp(dice.gauss(math.log(20), 1.6)))
            path = f"p/{dice.randrange(10**6)}"
            marks |= {"back_dated"}
            if dice.random() < traced:
                marks = marks - {"back_dated"} | {"back_dated_traced"}
                stated, path, traces = self._traced(house, came, stated, traces)
        precision, shown = "second", stated
        chance = dice.random()
        if chance < UNDATED:
            marks |= {"undated"}
        elif chance < UNDATED + DAY_ONLY:
            precision, shown, marks = "day", stated.replace(hour=0, minute=0, second=0), marks | {"day_only"}
        mark = "undated" in marks
        article = Article(
            url=f"https://{site.host}/{path}/",
            site=site.host,
            title=title or self._headline(text),
            text=text,
            authors=self._authors(site),
            language="en",
            published_at=None if mark else shown,
            published_precision=None if mark else precision,  # type: ignore[arg-type]
            site_name=site.name if dice.random() < 0.7 else None,
            section=dice.choice(_SECTIONS) if dice.random() < 0.5 else None,
            clues=tuple(traces),
        )
        return Print(article, house, came, text, stratum, roots, via, marks)

    def _traced(
        self, house: int, came: datetime, stated: datetime, clues: list[Clue]
    ) -> tuple[datetime, str, list[Clue]]:
        """One of three traces of when a back-dated page truly came."""
        site, way = self.world.houses[house], self.dice.randrange(3)
        if way == 0:
            stated = min(stated, came.replace(day=1) - timedelta(days=self.dice.randrange(5, 60)))
            upload = Clue("upload_path", f"{came:%Y-%m}", f"https://{site.host}/wp-content/uploads/{came:%Y/%m}/a.jpg")
            return stated, f"p/{self.dice.randrange(10**6)}", [*clues, upload]
        if way == 1:
            stated = min(stated, came - timedelta(days=self.dice.randrange(2, 40)))
            return stated, f"{came:%Y/%m/%d}/{self.dice.randrange(10**6)}", clues
        return stated, f"{stated:%Y}/{site.number}/{self.dice.randrange(10**6)}", clues

    def _credits(self, house: int, source: Print) -> tuple[list[Clue], str | None, frozenset[str]]:
        """The clues of a copy, its title, and whether it credits anybody."""
        clues = self._own_clues(house)
        title = source.article.title if self.dice.random() < 0.6 else None
        if self.dice.random() >= CREDITING:
            return clues, title, frozenset({"uncredited"})
        made, title = self._credit(source, title)
        return [*clues, made], title, frozenset({"credited"})

    def _credit(self, source: Print, title: str | None) -> tuple[Clue, str | None]:
        site, url = self.world.houses[source.house], source.article.url
        way = self.dice.randrange(6)
        if way == 0:
            whole = f"{source.article.title} | {self.dice.choice(_SECTIONS)} | {site.name}"
            return Clue("title_suffix", site.name, whole), source.article.title
        made = {
            1: Clue("credit_line", site.name, f"Source: {site.name}"),
            2: Clue("canonical", url, ""),
            3: Clue("hotlinked_image", f"https://img.{site.host}/a/{self.dice.randrange(10**6)}.jpg", ""),
            4: Clue("source_link", url, site.name),
            5: Clue("originally_published", site.name, f"This article was originally published by {site.name}"),
        }
        return made[way], title

    def _own_clues(self, house: int) -> list[Clue]:
        site = self.world.houses[house]
        found = [Clue("site_suffix", site.name, "")] if self.dice.random() < 0.5 else []
        if site.role == "mirror" and self.dice.random() < 0.25:
            found.append(Clue("insert", "", f"See also: {self._headline(self.dice.choice(self.texts))}"))
        return found

    def _authors(self, site: House) -> tuple[str, ...]:
        if site.role == "publisher":
            return (self.dice.choice(_REPORTERS),) if self.dice.random() < 0.6 else ()
        return (self.dice.choice(_NOBODY),) if self.dice.random() < 0.4 else ()

    def _headline(self, text: str) -> str:
        words = text.split()
        start = self.dice.randrange(max(1, min(40, len(words) - 8)))
        return " ".join(words[start : start + self.dice.randrange(5, 10)]).strip(".,;:“”\"'").capitalize()


def arrivals(world: World, seed: int) -> Iterator[Article]:
    """The articles in an order that says nothing."""
    articles = [one.article for one in world.prints]
    random.Random(seed).shuffle(articles)
    yield from articles
