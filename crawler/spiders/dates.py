"""Whether a site's own dates of change are believed: by what its pages said when they were looked at for such a date.

A static site that is built anew may state a new date for every page, and mean none of them; docs/decisions/0073.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

_SAMPLE = 20
"""Pages looked at for a new date in one visit before the dates have proved true."""
_SMALL_SAMPLE = 5
"""The same where they have proved untrue before."""
_ENOUGH = 5
"""Unchanged pages that it takes to doubt."""
_TRUE_SHARE = 4
"""Dates are believed as long as one of so many came with a changed text."""
_KEPT = 40
"""Looks that are remembered; older ones fade."""
_ALL = 1 << 31


@dataclass
class Dates:
    """What became of the pages that were looked at because a list stated a new date for them."""

    changed: int = 0
    unchanged: int = 0
    tried: int = 0
    """Pages that were wanted for that in this visit."""
    tally: list[int] = field(default_factory=lambda: [0, 0])
    """[unchanged, changed] of this visit."""

    @classmethod
    def read(cls, told: Any) -> Dates:
        """From what `told` gave for an earlier visit; anything else counts as nothing known."""
        match told:
            case [int(changed), int(unchanged)]:
                return cls(changed, unchanged)
        return cls()

    def told(self) -> list[int]:
        """What the next visits should know; JSON-serialisable."""
        return [self.changed, self.unchanged]

    def proved(self, *, changed: bool) -> None:
        """A page was looked at for its date: its text had changed, or not."""
        self.tally[changed] += 1
        if changed:
            self.changed += 1
        else:
            self.unchanged += 1
        if self.changed + self.unchanged > _KEPT:
            self.changed, self.unchanged = self.changed // 2, self.unchanged // 2

    @property
    def believed(self) -> bool:
        """Whether a new date is a good reason to look, as far as is known."""
        return self.unchanged < _ENOUGH or self.changed * _TRUE_SHARE >= self.changed + self.unchanged

    def allowed(self) -> int:
        """How many more pages may be looked at for their dates in this visit, now: a sample, and then, if that
        proved them true, all."""
        sample = _SAMPLE if self.tried > _SMALL_SAMPLE or self.believed else _SMALL_SAMPLE
        if self.tried < sample:
            return sample - self.tried
        unchanged, changed = self.tally
        return _ALL if changed and changed * _TRUE_SHARE >= changed + unchanged else 0
