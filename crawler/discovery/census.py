"""Where is the post that is gone? Narrowed down in a list that can be asked for page by page in a steady order.

We know which numbers were there, and how many are there now. One page in the middle of the ascending list tells how
many are missing before it, in it, and after it; halving goes on where something is missing, so one deletion among
10,000 posts costs seven pages. What is suspected is then asked for by number, beside one that is known to live:
only what such an answer omits is gone.

The state is JSON, kept in the method's cursor, so a census survives a crash between any two questions:
{"todo": [[first page, last page, number before, number after, how many are missing there, how many before], …],
"at": the page that was asked and its interval,
"suspects": [numbers], "control": number, "total": int}; "slack" is the difference that stays after a census (posts
that are counted and never shown) and is not looked for again.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

BATCH = 99
"""Numbers asked for at once, beside the control."""
MAX_SUSPECTS = 5000
_END = 2**128


@dataclass(frozen=True, slots=True)
class Answer:
    """Numbers of the posts in one answer, and the totals in its headers, where they were told."""

    posts: tuple[int, ...]
    total: int | None = None
    pages: int | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask next: a page of the ascending list, or posts by their numbers."""

    page: int = 0
    include: tuple[int, ...] = ()


class Census:
    """The narrowing down, over the sorted numbers `ids` that the caller holds (and changes as answers come in)."""

    def __init__(self, state: dict[str, Any], ids: list[int], per_page: int) -> None:
        self.state = state
        self.ids = ids
        self.per_page = per_page
        self.gone: list[int] = []
        """What the last answer proved to be gone."""

    def begin(self, newest: Answer, *, suspects: Sequence[int] = ()) -> Question | None:
        """Compares what is held with the total of the answer that shows the newest posts. None: all is well."""
        slack = self.state.get("slack", 0)
        self.state.clear()
        self.state.update({"slack": slack} if slack else {})
        if newest.total is None or not newest.posts:
            return None
        difference = len(self.ids) - newest.total - slack
        if not suspects and not difference:
            return None
        self.state.update(control=max(newest.posts), total=newest.total, suspects=list(suspects)[:MAX_SUSPECTS])
        if difference and len(suspects) != difference:
            pages = -(-newest.total // self.per_page)
            self.state["todo"] = [[1, pages, 0, _END, difference, 0]]
        return self._next()

    def counted(self, page: int, answer: Answer, new: int) -> Question | None:
        """Goes on after a page of the ascending list, of whose posts `new` were not held before (they are held now).
        An answer to no question of this census is left alone."""
        at = self.state.get("at")
        if not at or at["page"] != page:
            return None
        first, last, low, high, missing, earlier = self.state.pop("at")["interval"]
        posts = answer.posts
        if not posts or list(posts) != sorted(posts):  # the order is not honoured: nothing can be concluded
            self.state["todo"] = []
            return self._next()
        before = bisect_left(self.ids, posts[0]) - (page - 1) * self.per_page - earlier
        within = self._suspect(posts[0] - 1, posts[-1] + 1, posts) - new
        self._narrow(first, page - 1, low, posts[0], before, earlier)
        self._narrow(page + 1, last, posts[-1], high, missing - before - within, earlier + before + within + new)
        return self._next()

    def confirmed(self, asked: Sequence[int], answer: Answer) -> Question | None:
        """Goes on after posts were asked for by number: those that are missing are gone, if the control is there."""
        control = self.state.get("control")
        waiting = set(self.state.get("suspects") or ())
        if control is None or control not in asked:
            return None
        if control in answer.posts:
            self.gone = sorted((set(asked) & waiting) - set(answer.posts))
            lost = set(self.gone)
            self.ids[:] = [number for number in self.ids if number not in lost]
        self.state["suspects"] = sorted(waiting - set(asked))
        return self._next()

    def _narrow(self, first: int, last: int, low: int, high: int, missing: int, earlier: int) -> None:
        if missing and first <= last:
            self.state.setdefault("todo", []).append([first, last, low, high, missing, earlier])
        elif missing > 0:
            self._suspect(low, high, ())  # between two neighbouring pages

    def _suspect(self, low: int, high: int, shown: Sequence[int]) -> int:
        """Suspects what is held between two numbers, both excluded, and not shown. Returns how many more are held
        there than shown (what is shown has been added to what is held before)."""
        held = self.ids[bisect_right(self.ids, low) : bisect_left(self.ids, high)]
        missing = sorted(set(held) - set(shown))
        known = self.state.setdefault("suspects", [])
        known.extend(missing[: MAX_SUSPECTS - len(known)])
        return len(missing)

    def _next(self) -> Question | None:
        todo = self.state.get("todo") or []
        if todo:
            interval = todo.pop()
            page = (interval[0] + interval[1]) // 2
            self.state["at"] = {"page": page, "interval": interval}
            return Question(page=page)
        suspects = self.state.get("suspects") or []
        if suspects:
            return Question(include=(self.state["control"], *suspects[:BATCH]))
        if "total" in self.state:
            slack = len(self.ids) - self.state["total"]
            self.state.clear()
            self.state.update({"slack": slack} if slack else {})
        return None
