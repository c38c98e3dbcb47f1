"""Moments as pages write them, with what is known of their precision and offset."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime

from dateutil import parser as free_form  # type: ignore[import-untyped,unused-ignore]

from crawler.extraction.calendars import gregorian, read_foreign
from crawler.extraction.datewords import SEASONAL, ZONES
from crawler.extraction.worded import Worded, read_line
from crawler.items import Precision

_ISO = re.compile(
    r"""^\s*(\d{4})-?(\d\d)-?(\d\d)
    (?:[T\s]+(\d{1,2}):?(\d\d)(?::?(\d\d)(?:[.,](\d{1,9}))?)?\s*(Z|UTC|GMT|[+-]\d\d:?(?:\d\d)?)?)?\s*$""",
    re.VERBOSE | re.IGNORECASE,
)
_EPOCH = re.compile(r"^\s*(1\d{9})(\d{3})?(?:\.\d+)?\s*$")
_RFC_2822 = re.compile(
    r"^(?:[A-Za-z]{3},\s*)?\d{1,2}\s+[A-Za-z]{3}\s+\d{4}\s+\d{1,2}:\d\d(?::\d\d)?\s+(?:[A-Z]{1,5}|[+-]\d{4})$"
)
_CHARACTERS = re.compile(
    r"""^\D{0,20}?((?:19|20)\d\d)\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]
    (?:\D{0,12}?(?P<half>[上下午前後오전후]{2})?\s?(\d{1,2})[:：時时點点시]\s?(\d\d)(?!\d))?""",
    re.VERBOSE,
)
"""Year, month and day by the signs of East Asia, a few words before them, perhaps a time behind."""
_AFTERNOON = frozenset(["下午", "午後", "오후"])
_REMARK = re.compile(r"\s*\([^()]*\)\s*$")
_OFFSET_FROM = re.compile(r"\b(?:GMT|UTC)\s?(?=[+-]\d)")
_YEAR = re.compile(r"\b(19|20)\d\d\b")
_ON_A_TITLE = re.compile(r"\s[|·•–—-]\s*(?:(\d{4})-(\d\d)-(\d\d)|(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}))\s*$")
_NUMBERS = re.compile(r"(?<!\d)(\d{1,2})\s?[./-]\s?(\d{1,2})\s?[./-]\s?(?:19|20)\d\d(?!\d)")
_EARLIEST = datetime(1991, 1, 1, tzinfo=UTC)
_QUARTER = 15 * 60
_ZONE_RULES = {name: int(hours * 3600) for name, hours in ZONES.items()} | SEASONAL
"""As dateutil takes them: seconds, or when summer time is kept."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A moment as it was written: `moment` is naive where no offset was given."""

    moment: datetime
    precision: Precision

    @property
    def zone(self) -> tzinfo | None:
        """The offset that was stated, if any."""
        return self.moment.tzinfo


def read_moment(text: str, language: Callable[[], str] = str) -> Stated | None:
    """The moment that a metadata value states, None where it states none. Takes ISO 8601 and its near misses,
    RFC 2822, seconds and milliseconds since 1970, what JavaScript writes, English and East Asian dates with a year,
    the calendars of Iran, Afghanistan and Thailand, and what lines for readers say in any language. `language`: the
    text's, as a tag, asked where it tells which number is the day; "11/10/2026" is not read without. Never raises."""
    text = text.strip()[:80]
    if not text:
        return None
    try:
        if iso := _ISO.match(text):
            return _from_iso(iso)
        if epoch := _EPOCH.match(text):
            return Stated(datetime.fromtimestamp(int(epoch[1]), UTC), "second")
        if signs := _CHARACTERS.match(text):
            return _from_characters(signs)
        if foreign := read_foreign(text):
            moment, timed, seconds = foreign
            return Stated(moment, _precision(moment, seconds) if timed else "day")
        return _in_words(text, language) if _YEAR.search(text) else None
    except (ValueError, OverflowError, TypeError):
        return None


def _in_words(text: str, language: Callable[[], str]) -> Stated | None:
    """English as dateutil takes it, which guesses the order of numbers, else what a line for readers says in any
    language."""
    numbers = _NUMBERS.search(text)
    if numbers is not None and (read := _as_read(text, language)) is not None:
        return read
    if numbers is not None and max(int(numbers[1]), int(numbers[2])) <= 12:
        return None
    try:
        return _free_form(_OFFSET_FROM.sub("", _REMARK.sub("", text)))
    except (ValueError, OverflowError, TypeError):
        return _as_read(text, language)


def _as_read(text: str, language: Callable[[], str]) -> Stated | None:
    return next((stated_as(one) for one in read_line(text, language) if not one.changed), None)


def stated_as(worded: Worded) -> Stated:
    """The same as a line states it, with its precision."""
    return Stated(worded.moment, _precision(worded.moment, worded.seconds) if worded.timed else "day")


def day_on_title(title: str) -> Stated | None:
    """The day that a site hangs on its titles ("Headline | Europe | Example | 28.04.2023"). Only forms of which the
    order of day and month is known: with dots the day comes first, with hyphens the year."""
    found = _ON_A_TITLE.search(title)
    if found is None:
        return None
    year, month, day = found.group(1, 2, 3) if found[1] else found.group(6, 5, 4)
    try:
        return Stated(datetime(int(year), int(month), int(day)), "day")
    except ValueError:
        return None


def _from_iso(match: re.Match[str]) -> Stated:
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    whole = gregorian(int(year), int(month), int(day))
    moment = datetime(*whole, int(hour or 0), int(minute or 0), min(59, int(second or 0)))
    moment = moment.replace(microsecond=int((fraction or "0").ljust(6, "0")[:6]))
    if hour is None:
        return Stated(moment, "day")
    if zone is not None:
        moment = moment.replace(tzinfo=_offset(zone))
    return Stated(moment, _precision(moment, second is not None))


def _from_characters(match: re.Match[str]) -> Stated:
    year, month, day, half, hour, minute = match.groups()
    if hour is None:
        return Stated(datetime(int(year), int(month), int(day)), "day")
    later = 12 if half in _AFTERNOON and int(hour) < 12 else 0
    moment = datetime(int(year), int(month), int(day), int(hour) + later, int(minute))
    return Stated(moment, _precision(moment, False))


def _offset(zone: str) -> tzinfo:
    if zone.upper() in ("Z", "UTC", "GMT"):
        return UTC
    digits = zone[1:].replace(":", "").ljust(4, "0")
    shift = timedelta(hours=int(digits[:2]), minutes=int(digits[2:4]))
    return timezone(-shift if zone[0] == "-" else shift)


def _precision(moment: datetime, seconds: bool) -> Precision:
    if (moment.hour, moment.minute, moment.second) == (0, 0, 0):
        return "day"  # midnight sharp is what a system writes that knows the day only
    return "second" if seconds and moment.second else "minute"


def _free_form(text: str) -> Stated | None:
    if _RFC_2822.match(text):
        return Stated(moment := parsedate_to_datetime(text), _precision(moment, True))
    # two defaults tell a date that names its day from one that does not
    first = free_form.parse(text, default=datetime(2000, 1, 1), tzinfos=_ZONE_RULES, ignoretz=False)
    second = free_form.parse(text, default=datetime(2001, 2, 2), tzinfos=_ZONE_RULES, ignoretz=False)
    if first != second:
        return None
    if (ahead := first.utcoffset()) is not None:
        first = first.replace(tzinfo=timezone(ahead) if ahead else UTC)
    clock = re.search(r"\d{1,2}:\d\d(:\d\d)?", text)
    return Stated(first, "day" if clock is None else _precision(first, clock[1] is not None))


def settle(stated: Stated, others: Iterable[Stated], hint: datetime | None) -> tuple[datetime, bool]:
    """An aware moment, and whether its offset is known: its own; else that by which it agrees with what discovery said
    of the page (`hint`); else the one that another date of the page carries; else UTC for want of any."""
    moment = stated.moment
    if moment.tzinfo is not None:
        return moment, True
    if hint is not None:
        shift = (moment.replace(tzinfo=UTC) - hint).total_seconds()
        rounded = round(shift / _QUARTER) * _QUARTER
        if abs(shift - rounded) < 60 and abs(rounded) <= 14 * 3600:
            return moment.replace(tzinfo=timezone(timedelta(seconds=rounded))), True
    if stated.precision != "day":
        for other in others:
            if other.zone is not None and other.zone is not UTC:
                return moment.replace(tzinfo=other.zone), True
    return moment.replace(tzinfo=UTC), False


def believable(moment: datetime, now: datetime) -> bool:
    """Neither before the Web nor more than two days ahead of `now`."""
    return _EARLIEST <= moment <= now + timedelta(days=2)
