"""Dates of the calendars that Iran, Afghanistan and Thailand count by, as days of the Gregorian one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta

_PERSIAN_YEARS = range(1300, 1412)
"""The lunar calendar, which is written alike, reached 1412 in 1991; no page of the Web states an earlier year of it."""
_BUDDHIST_YEARS = range(2443, 2644)
_BUDDHIST = 543
"""Years by which Thailand counts ahead."""
_LEAP_YEARS = (1, 5, 9, 13, 17, 22, 26, 30)
"""In each cycle of 33 solar years. Compared with ICU's calendar on every day of 1301 to 1411."""
_NEW_YEAR_1404 = date(2025, 3, 21)

_PERSIAN = (
    ("فروردین", "حمل"), ("اردیبهشت", "ثور"), ("خرداد", "جوزا"), ("تیر", "سرطان"), ("مرداد", "اسد", "امرداد"),
    ("شهریور", "سنبله"), ("مهر", "میزان"), ("آبان", "عقرب", "ابان"), ("آذر", "قوس", "اذر"), ("دی", "جدی"),
    ("بهمن", "دلو"), ("اسفند", "حوت"),
)  # fmt: skip
"""The months as Iran and as Afghanistan name them."""
_THAI = (
    ("มกราคม", "ม.ค."), ("กุมภาพันธ์", "ก.พ."), ("มีนาคม", "มี.ค."), ("เมษายน", "เม.ย."), ("พฤษภาคม", "พ.ค."),
    ("มิถุนายน", "มิ.ย."), ("กรกฎาคม", "ก.ค."), ("สิงหาคม", "ส.ค."), ("กันยายน", "ก.ย."), ("ตุลาคม", "ต.ค."),
    ("พฤศจิกายน", "พ.ย."), ("ธันวาคม", "ธ.ค."),
)  # fmt: skip
_PLAIN = str.maketrans("يىك\u200c۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩๐๑๒๓๔๕๖๗๘๙", "ییک 012345678901234567890123456789")


def _months(names: Sequence[Sequence[str]]) -> dict[str, int]:
    return {name: number for number, several in enumerate(names, 1) for name in several}


_PERSIAN_NAMES = frozenset(_months(_PERSIAN))
_NUMBER_OF = _months(_PERSIAN) | _months(_THAI)
_ANY = "|".join(map(re.escape, sorted(_NUMBER_OF, key=len, reverse=True)))
_CLOCK = r"(?:\D{1,12}(?P<hour>[01]?\d|2[0-3])[:٫.](?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?\b)?"
_NAMED = re.compile(
    rf"^\D{{0,30}}?(?:(?P<day>\d\d?)\s*(?P<month>{_ANY})|(?P<month_first>{_ANY})\s*(?P<day_last>\d\d?)\b)"
    rf"\s*[,،]?\s*(?:ماه\s*)?(?:سال\s*)?(?:พ\.\s?ศ\.\s*)?(?P<year>\d{{4}}|\d\d)(?![\d:.]){_CLOCK}"
)
_NUMBERED = re.compile(
    rf"^\D{{0,30}}?(?P<year>1[34]\d\d)\s?[/.-]\s?(?P<month>\d\d?)\s?[/.-]\s?(?P<day>\d\d?)\b{_CLOCK}"
)
_THAI_NUMBERED = re.compile(rf"^\D{{0,30}}?(?P<day>\d\d?)[/.-](?P<month>\d\d?)[/.-](?P<year>2[56]\d\d)\b{_CLOCK}")
MAY_BE_FOREIGN = re.compile(rf"[۱۲][۰-۹]{{3}}|\d\s*(?:{_ANY})|(?:{_ANY})\s*\d")
"""What a line has that states such a date in the letters or digits of its language."""


def gregorian(year: int, month: int, day: int) -> tuple[int, int, int]:
    """The same day in the Gregorian calendar; a year that can be one of it stays. Raises ValueError where there is no
    such day."""
    if year in _PERSIAN_YEARS:
        found = _new_year(year) + timedelta(days=_day_of_year(month, day, is_leap=_is_leap(year)))
        return found.year, found.month, found.day
    return (year - _BUDDHIST if year in _BUDDHIST_YEARS else year), month, day


def read_foreign(text: str) -> tuple[datetime, bool, bool] | None:
    """A date, in a short text, of one of these calendars, or in Thai: the moment, whether the text tells the time of
    day, and whether that to the second. None where there is none. Raises ValueError where there is no such day."""
    text = text.translate(_PLAIN)
    match = _NAMED.match(text) or _NUMBERED.match(text) or _THAI_NUMBERED.match(text)
    if match is None:
        return None
    told = match.groupdict()
    name = told["month"] or told["month_first"]
    month = _NUMBER_OF.get(name) or int(name)
    moment = datetime(*gregorian(_whole(told["year"], name), month, int(told["day"] or told["day_last"])))
    clock = timedelta(hours=int(told["hour"] or 0), minutes=int(told["minute"] or 0), seconds=int(told["second"] or 0))
    return moment + clock, told["hour"] is not None, told["second"] is not None


def _whole(year: str, month: str) -> int:
    """A year of two digits ("15 ต.ค. 68"), in full."""
    if len(year) == 4:
        return int(year)
    if month in _PERSIAN_NAMES:
        return (1400 if int(year) < 12 else 1300) + int(year)
    return 2500 + int(year) if int(year) >= 34 else 2000 + int(year)


def _is_leap(year: int) -> bool:
    return year % 33 in _LEAP_YEARS


def _new_year(year: int) -> date:
    """The first day of a solar year."""
    years = range(min(year, 1404), max(year, 1404))
    days = 365 * len(years) + sum(map(_is_leap, years))
    return _NEW_YEAR_1404 + timedelta(days=days if year > 1404 else -days)


def _day_of_year(month: int, day: int, *, is_leap: bool) -> int:
    """From 0: six months of 31 days, five of 30, and one of 29 or 30."""
    length = 31 if month < 7 else 30 if month < 12 or is_leap else 29
    if not (1 <= month <= 12 and 1 <= day <= length):
        raise ValueError(f"no day {day} in month {month}")
    return 31 * (month - 1) + day - 1 - max(0, month - 7)
