"""What one round of a drain leaves to the next while nobody else writes."""

from __future__ import annotations

from collections.abc import Iterable

from crawler.attribution.choose import Rules
from crawler.attribution.counted import Counted
from crawler.attribution.scene import REMEMBERED, Scene
from crawler.storage.base import Store


class Sight:
    """The store as one process looks at it."""

    def __init__(self, store: Store, counted: Counted, rules: Rules) -> None:
        self._store = store
        self._counted = counted
        self._rules = rules
        self._scene: Scene | None = None
        self.reading = 0
        """Grows when somebody else has written: what was read or decided before may be another now."""
        self.settled = Numbers()
        """Whose decision stands: it was taken by all that is known now."""
        self.asked = False
        """Whether the store holds what credits and families say of each article that waits, or shares text with one
        that does."""

    def look(self) -> Scene:
        """The scene to decide in. Must run inside a transaction."""
        if self._counted.notice_others():
            self.forget()
        return self.scene()

    def forget(self) -> None:
        """After somebody else has written."""
        self._scene = None
        self.reading += 1
        self.settled = Numbers()
        self.asked = False

    def scene(self) -> Scene:
        """What is remembered, as long as it is not too much."""
        if self._scene is not None and len(self._scene) > REMEMBERED:
            self._scene.forget_pairs()
        if self._scene is None or len(self._scene) > REMEMBERED:
            rulings = {ruling.url: ruling for ruling in self._store.links.judgements()}
            self._scene = Scene(self._store, self._counted.naming.publishers, self._rules, rulings)
        return self._scene


class Numbers:
    """A set of small numbers, a bit for each."""

    def __init__(self) -> None:
        self._bits = bytearray()

    def add(self, numbers: Iterable[int]) -> None:
        """Takes numbers in."""
        several = list(numbers)
        missing = (max(several, default=0) >> 3) + 1 - len(self._bits)
        self._bits.extend(bytes(max(missing, 0)))
        for number in several:
            self._bits[number >> 3] |= 1 << (number & 7)

    def __contains__(self, number: object) -> bool:
        assert isinstance(number, int)
        return number >> 3 < len(self._bits) and bool(self._bits[number >> 3] >> (number & 7) & 1)
