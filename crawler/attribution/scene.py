"""What deciding looks at: pages, their verified neighbours and their choices, each read or made once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from crawler.attribution.choose import Rules, choose, may_come_from
from crawler.attribution.credits import credits_of
from crawler.attribution.families import ALIKE, Early, too_early
from crawler.attribution.numbers import Misplaced, believed
from crawler.attribution.pairs import Page, Shared
from crawler.attribution.pointers import Choice, Neighbour
from crawler.attribution.publishers import Publishers
from crawler.attribution.signals import ENDORSED_BY, endorses
from crawler.attribution.times import Moment, moment_of
from crawler.attribution.ways import Above
from crawler.storage.base import Head, Judgement, Store, StoredMatch

REMEMBERED = 40_000
"""Articles without their text, pairs and pointers that are kept at most, 1 to 3 KB each."""
_PAIRS = 20_000
"""Verified pairs that are looked at together, about 3 KB each."""


class Scene:
    """A view of the store as it is inside one transaction, or through several of a drain while nobody else writes:
    deciding changes nothing that is looked at here but endorsements, which go through `endorse`."""

    def __init__(self, store: Store, publishers: Publishers, rules: Rules, rulings: Mapping[str, Judgement]) -> None:
        self._store = store
        self._publishers = publishers
        self._rules = rules
        self.rulings = rulings
        self._heads: dict[int, Head] = {}
        self._pages: dict[int, Page] = {}
        self._shared: dict[int, dict[int, Shared]] = {}
        self._pairs = self._pointers = 0
        self._choices: dict[int, Choice] = {}
        self._endorsed: dict[int, int] = {}
        self._counted: set[int] = set()
        self._misplaced: dict[int, Misplaced] = {}
        self._early: dict[int, Early] = {}
        self._timed: set[int] = set()

    @property
    def above(self) -> Above:
        """What verdicts look at. Made for each use: kept here it would be a circle, and such a scene would outlive its
        last use until the collector comes."""
        return Above(self.page, self.choice, lambda article, other: self.shared(article).get(other))

    def __len__(self) -> int:
        """How much it holds: articles, pairs seen from one side, and what was chosen by them."""
        return len(self._heads) + self._pairs + self._pointers

    def forget_pairs(self) -> None:
        """Lets go of the pairs, of which there may be thousands for one article; what was chosen by them stays."""
        self._shared.clear()
        self._pairs = 0

    def prefetch(self, ids: Iterable[int]) -> None:
        """Reads articles, their matches and the pages matched in a few queries."""
        wanted = [number for number in ids if number not in self._shared]
        if not wanted:
            return
        matches = self._store.links.matches_of(wanted)
        others = {side for found in matches.values() for match in found for side in (match.left, match.right)}
        self._read_heads({*wanted, *others})
        for number in wanted:
            shared = self._shared[number] = self._seen_from(number, matches.get(number, []))
            self._pairs += len(shared)

    def lonely(self, ids: Iterable[int]) -> set[int]:
        """Those of the articles that nothing ties to another, not even an editor's word."""
        found = self._store.links.alone(ids)
        if found and self.rulings:
            named = {url for one in self.rulings.values() for url in (one.url, one.original_url) if url}
            found -= set(self._store.articles.ids(named).values())
        return found

    def prefetch_above(self, ids: Iterable[int]) -> None:
        """Reads what the choices of these articles rest on, and the choices of those above them, level by level."""
        level, seen = set(ids), set[int]()
        self.prefetch(level)
        while level:
            self.prefetch(level - self._choices.keys())
            seen |= level
            level = {pointer.parent for number in level for pointer in self.choice(number).sources} - seen

    def page(self, number: int) -> Page:
        """The page of that number."""
        page = self._pages.get(number)
        if page is None:
            self._read_heads([number])
            article = self._heads[number].article
            site = self._publishers.home(article)
            page = self._pages[number] = Page(
                number,
                article,
                site,
                self._publishers.of_site(site),
                believed(claimed := moment_of(article), self._misplaced.get(number)),
                credits_of(article, self._publishers),
                self._endorsed.get(number, 0),
                claimed,
                self._early.get(number),
            )
        return page

    def shared(self, number: int) -> Mapping[int, Shared]:
        """Other article -> the passages of this one's present text that stand in any version of the other."""
        found = self._shared.get(number)
        if found is None:
            self.prefetch([number])
            found = self._shared[number]
        return found

    def choice(self, number: int) -> Choice:
        """What an article comes from, one step up."""
        choice = self._choices.get(number)
        if choice is None:
            page = self.page(number)
            neighbours = [
                Neighbour(self.page(other), shared, self._ruling(other))
                for other, shared in self.shared(number).items()
            ]
            choice = self._choices[number] = choose(page, self._ruled_in(page, neighbours), self._rules,
                                                    self.rulings.get(page.url))  # fmt: skip
            self._pointers += 1 + len(choice.sources) + len(choice.beside) + len(choice.doubts)
        return choice

    def credits_page(self, number: int, other: int) -> bool:
        """Whether a page credits the publisher of another for what both say."""
        page = self.page(number)
        return bool(page.credits) and endorses(page, self.page(other))

    def is_endorsed(self, number: int) -> bool:
        """Whether no further credit can raise what an article's credits count for."""
        return self.page(number).endorsed == len(ENDORSED_BY)

    def endorse(self, targets: Iterable[int]) -> set[int]:
        """Counts anew how many pages with their text credit these, each once: nothing that is looked at here changes
        it. Returns those of which the level is another now."""
        waiting = sorted(set(targets) - self._counted)
        self._counted.update(waiting)
        return set(filter(self._endorse, self._in_portions(waiting)))

    def ask_families(self, members: Iterable[int]) -> set[int]:
        """Asks anew what the others with their text hold against the times of these, each once. Returns those of
        which that is something else now."""
        waiting = sorted(set(members) - self._timed)
        self._timed.update(waiting)
        return set(filter(self._ask_family, self._in_portions(waiting)))

    def _in_portions(self, ids: list[int]) -> Iterator[int]:
        """The same articles; the pairs of each are read when it is its turn."""
        while ids:
            portion = few_pairs(self._store, ids)
            ids = ids[len(portion) :]
            self.prefetch(portion)
            yield from portion
            if self._pairs > REMEMBERED:
                self.forget_pairs()

    def _endorse(self, number: int) -> bool:
        """Whether the level is another now."""
        count = sum(self.credits_page(other, number) for other in self.shared(number))
        level = sum(count >= least for least in ENDORSED_BY)
        if level == self._endorsed.get(number, 0):
            return False
        self._store.links.set_endorsed(number, level)
        self._pages[number] = replace(self.page(number), endorsed=level)
        self._endorsed[number] = level
        for other in (number, *self.shared(number)):  # made when it was another
            self._choices.pop(other, None)
        return True

    def _ask_family(self, number: int) -> bool:
        """Whether it says something else now."""
        page, others = self.page(number), self._family(number)
        early = too_early((page.site, page.moment), others) if page.moment else None
        if early == self._early.get(number):
            return False
        self._store.families.set_too_early(number, early)
        self._pages[number] = replace(page, early=early)
        self._early.pop(number, None)
        if early is not None:
            self._early[number] = early
        for other in (number, *self.shared(number)):  # made when it was another
            self._choices.pop(other, None)
        return True

    def _family(self, number: int) -> Iterator[tuple[str, Moment]]:
        """Where and when the others were published that have an article's text, and not merely a part of it."""
        for other, shared in self.shared(number).items():
            moment = self.page(other).moment
            if moment is not None and min(shared.copied, shared.coverage) >= ALIKE:
                yield self.page(other).site, moment

    def has_a_say(self, number: int, other: int) -> bool:
        """Whether `number`, seen from itself, matters to what `other` is called."""
        neighbour = Neighbour(self.page(number), self.shared(number)[other].swapped(), self._ruling(number))
        return may_come_from(self.page(other), neighbour, self._rules)

    def _ruled_in(self, page: Page, neighbours: list[Neighbour]) -> list[Neighbour]:
        """An editor may name a page with which nothing is shared."""
        ruling = self.rulings.get(page.url)
        if ruling is None or ruling.original_url is None:
            return neighbours
        if any(one.page.url == ruling.original_url for one in neighbours):
            return neighbours
        found = self._store.articles.ids([ruling.original_url])
        nothing = Shared(0.0, 0.0, 0, 0, 0, 0.0, ())
        return [*neighbours, *(Neighbour(self.page(number), nothing) for number in found.values())]

    def _ruling(self, number: int) -> Judgement | None:
        return self.rulings.get(self.page(number).url) if self.rulings else None

    def _read_heads(self, ids: Iterable[int]) -> None:
        missing = [number for number in ids if number not in self._heads]
        if missing:
            self._heads.update(self._store.articles.heads(missing))
            self._endorsed.update(self._store.links.endorsed(missing))
            placed = self._store.numbers.misplaced(missing)
            self._misplaced.update({number: Misplaced(*told) for number, told in placed.items()})
            early = self._store.families.too_early(missing)
            self._early.update({number: Early(*told) for number, told in early.items()})

    def _seen_from(self, number: int, matches: Iterable[StoredMatch]) -> dict[int, Shared]:
        """Of several versions of the other, the one with which most is shared."""
        best: dict[int, tuple[tuple[float, float, int], Shared]] = {}
        present = self._heads[number].sketch_id
        for match in matches:
            mine, other, other_sketch, shared = _from_side(number, match)
            if mine != present:
                continue
            newest = other_sketch == self._heads[other].sketch_id
            rank = (round(shared.copied, 6), round(shared.coverage, 6), int(newest))
            if other not in best or rank > best[other][0]:
                best[other] = (rank, shared)
        return {other: shared for other, (_, shared) in best.items()}


def few_pairs(store: Store, ids: list[int]) -> list[int]:
    """The first of the articles, so many that their pairs can be looked at together; at least one."""
    counts, pairs = store.links.count_matches(ids), 0
    for at, number in enumerate(ids):
        pairs += counts.get(number, 0)
        if pairs > _PAIRS and at:
            return ids[:at]
    return ids


def _from_side(number: int, match: StoredMatch) -> tuple[int, int, int, Shared]:
    """(own sketch, other article, other's sketch, what is shared seen from here)."""
    shared = Shared(
        match.copied,
        match.coverage,
        match.left_words,
        match.right_words,
        match.longest,
        match.jaccard,
        match.passages,
    )
    if number == match.left:
        return match.left_sketch, match.right, match.right_sketch, shared
    return match.right_sketch, match.left, match.left_sketch, shared.swapped()
