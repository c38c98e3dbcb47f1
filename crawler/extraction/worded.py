"""Dates and times as readers see them, "Publicado el jueves 12 de noviembre de 2026 a las 17:40", in any language."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo
from functools import cache

from dateutil.tz import tzstr  # type: ignore[import-untyped,unused-ignore]

from crawler.extraction import authors
from crawler.extraction.datewords import SEASONAL, ZONES, FoldedLine, folded, parts
from crawler.extraction.patterns import begins_with
from crawler.extraction.sentences import finite, is_name

MAX_LINE = 120
"""Characters of a line that may state a date."""
_MONTH_FIRST = frozenset(["us", "ph", "pr", "gu", "as", "vi", "mp", "um", "mh", "fm", "pw"])
"""Countries whose English writes 11/12/2026 for the twelfth of November."""
_UNDECIDED = frozenset(["", "en", "zh", "ja", "ko", "und"])
"""Languages that do not tell which of two numbers is the day: "en" alone is written in London and in New York."""
_BREAKS = re.compile(r"\s*[|｜·•\n]\s*|\s+[–—-]\s+")
_WORDS = re.compile(r"[^\s\d,،;:：|｜()\[\]/·•–—*\"«»-]+")
_MOST_WORDS = 4
"""Words of a piece beside the date that is no name, no count and no label."""
_SIGNER = re.compile(rf"\W*(?:{authors.SIGNS})\s+(?P<name>\S.*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Worded:
    """What a line states: `moment` is naive where it names no zone, at midnight where it tells no time of day
    (`timed`); `labelled` where it says in so many words what the date is, `changed` where that is of a change."""

    moment: datetime
    timed: bool = False
    seconds: bool = False
    labelled: bool = False
    changed: bool = False


def read_line(text: str, language: Callable[[], str] = str) -> Iterator[Worded]:
    """The dates of a line that says when something was published or changed and, beside that, names at most who wrote
    it or where; nothing where more is said. `language`: the text's, as a tag ("en-GB"), asked only where a month's name
    or the order of day and month depends on it; without one such dates are not read. Never raises."""
    line = FoldedLine(text[:MAX_LINE])
    found = list(parts().date.finditer(line.text)) if len(text) <= MAX_LINE else []
    start, stated = 0, list[Worded]()
    for match in found:
        begin, end, clock = _clock_of(line.text, match, start)
        role = _role(line, start, begin)
        if role is None:
            return
        own = _speaks_no_english(line.text, start, match, clock, is_labelled=role[0])
        one = _worded(match, clock, role, _beside_english(language) if own else language)
        if one is None:
            return
        stated.append(one)
        start = end
    if stated and _is_aside(line.original(start, len(line.text))):
        yield from stated


# -- the date and its clock --------------------------------------------------------------------------------------


def _clock_of(text: str, date: re.Match[str], start: int) -> tuple[int, int, re.Match[str] | None]:
    """Where date and clock begin and end together, and the clock, which may stand on either side."""
    if (behind := parts().behind.match(text, date.end())) is not None:
        return date.start(), behind.end(), behind
    before = parts().before.search(text[start : date.start()])
    return (start + before.start() if before else date.start()), date.end(), before


def _speaks_no_english(
    text: str, start: int, date: re.Match[str], clock: re.Match[str] | None, *, is_labelled: bool
) -> bool:
    """Whether the words between date and clock, or those of a label, are of another language: what text or theme are
    in, such a line has the day first."""
    told = text[start : date.start()] if is_labelled else ""
    if clock is not None and clock.re is parts().behind:
        told += " " + text[date.end() : clock.start("hour")]
    return not parts().english.issuperset(_WORDS.findall(_BREAKS.split(told)[-1]))


def _beside_english(language: Callable[[], str]) -> Callable[[], str]:
    return lambda: tag if (tag := language()) and not tag.lower().startswith("en") else "mul"


def _worded(
    date: re.Match[str], clock: re.Match[str] | None, role: tuple[bool, bool], language: Callable[[], str]
) -> Worded | None:
    try:
        day = _day(date, language)
        if day is None:
            return None
        if clock is None:
            return Worded(day, labelled=role[0], changed=role[1])
        hour = _hour(int(clock["hour"]), clock["half"])
        moment = day.replace(hour=hour, minute=int(clock["minute"] or 0), second=int(clock["second"] or 0))
        return Worded(moment.replace(tzinfo=_zone(clock, moment)), True, clock["second"] is not None, *role)
    except ValueError:
        return None


def _day(match: re.Match[str], language: Callable[[], str]) -> datetime | None:
    told = {name: value for name, value in match.groupdict().items() if value is not None}
    by_kind = {name[0]: value for name, value in told.items()}
    if "a" in by_kind:
        order = _ordered(int(by_kind["a"]), int(by_kind["b"]), by_kind["s"], language)
    else:
        month = int(by_kind["n"]) if "n" in by_kind else _month(by_kind["m"], language)
        order = None if month is None else (int(by_kind["d"]), month)
    return None if order is None else datetime(int(by_kind["y"]), order[1], order[0])


def _month(name: str, language: Callable[[], str]) -> int | None:
    of = parts().months[" ".join(name.split())]
    if len(of) == 1:
        return next(iter(of))
    code = language().split("-")[0].lower()
    return next(
        (number for number, languages in of.items() if {"nb": "no", "nn": "no"}.get(code, code) in languages), None
    )


def _ordered(one: int, other: int, mark: str, language: Callable[[], str]) -> tuple[int, int] | None:
    """Day and month of two numbers before a year: with dots the day comes first everywhere, else the language tells."""
    if mark == "." or one == other or one > 12:
        return one, other
    if other > 12:
        return other, one
    code, *rest = language().lower().replace("_", "-").split("-")
    country = rest[-1] if rest else ""
    if code in ("fil", "tl") or (code == "en" and country in _MONTH_FIRST):
        return other, one
    return None if (code in _UNDECIDED and country in ("", "ca")) or code in ("zh", "ja", "ko") else (one, other)


def _hour(hour: int, half: str | None) -> int:
    if half is None or not 1 <= hour <= 12:
        return hour
    is_morning = half.replace(".", "").replace(" ", "") in parts().am
    return hour % 12 + (0 if is_morning else 12)


def _kept(rule: str, moment: datetime) -> timedelta:
    return tzstr(rule).utcoffset(moment) or timedelta()


def _zone(clock: re.Match[str], moment: datetime) -> tzinfo | None:
    if clock["zone"]:
        name = next(name for name in (*ZONES, *SEASONAL) if folded(name) == clock["zone"])
        return timezone(timedelta(hours=ZONES[name]) if name in ZONES else _kept(SEASONAL[name], moment))
    if not clock["offset"]:
        return None
    digits = clock["offset"][1:].replace(":", "")
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
    shift = timedelta(hours=hours, minutes=minutes)
    return timezone(shift if clock["offset"][0] == "+" else -shift)


# -- what stands beside it ---------------------------------------------------------------------------------------


def _role(line: FoldedLine, start: int, end: int) -> tuple[bool, bool] | None:
    """Of what a date is said to be, by the words before it: (labelled, changed); None where they say something else."""
    *asides, last = _BREAKS.split(line.original(start, end))
    if not all(_is_small(piece) for piece in asides):
        return None
    low = folded(last).strip()
    if parts().changed.search(low):
        return (True, True) if len(_WORDS.findall(last)) <= 2 * _MOST_WORDS else None
    words = [word.strip(".'") for word in _WORDS.findall(low)]
    if all(word in parts().fillers for word in words if word):
        return _label().match(last) is not None, False
    if (label := _label().match(last)) is not None:
        rest = [word.strip(".'") for word in _WORDS.findall(folded(last[label.end("phrase") :]))]
        return (True, False) if all(word in parts().fillers for word in rest if word) else None
    return (False, False) if (signed := _SIGNER.match(last)) is not None and _is_somebody(signed["name"]) else None


@cache
def _label() -> re.Pattern[str]:
    return begins_with("dated")


def _is_somebody(name: str) -> bool:
    """A name, perhaps with the small words before a date that follows it."""
    words = name.strip(" ,،|·•–—-").split()
    while words and folded(words[-1]).strip(".,") in parts().fillers:
        words.pop()
    return is_name(" ".join(words))


def _is_aside(line: str) -> bool:
    """Whether what stands behind the last date belongs to a line about the article and is no part of a sentence."""
    rest = line.strip(" \t.)）]")
    if not rest:
        return True
    if (signed := _SIGNER.match(rest)) is not None:
        first, *others = _BREAKS.split(signed["name"])
        return _is_somebody(first) and all(map(_is_small, others))
    if _BREAKS.match(line) is not None:
        return all(_is_small(piece) for piece in _BREAKS.split(rest))
    if line.lstrip()[:1] in ("(", "["):
        return _is_small(rest)
    return line.lstrip()[:1] in (",", "،", ";", "/") and is_name(rest)


def _is_small(piece: str) -> bool:
    """A name, a count ("5 min read", "3 comments"), a few words: no sentence."""
    piece = piece.strip(" ,،;:")
    if not piece or is_name(piece):
        return True
    return len(_WORDS.findall(piece)) <= _MOST_WORDS and not finite(piece)
