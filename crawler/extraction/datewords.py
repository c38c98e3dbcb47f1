"""What dates are written with in any language: the words of dates.toml, and patterns made of them, for folded lines."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from crawler.extraction.phrases import alternation, words_for

ZONES = {"UTC": 0, "GMT": 0, "Z": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8,
         "PDT": -7, "BST": 1, "CET": 1, "CEST": 2, "MEZ": 1, "MESZ": 2, "EET": 2, "EEST": 3, "MSK": 3, "МСК": 3,
         "IST": 5.5, "SGT": 8, "HKT": 8, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13, "SAST": 2,
         "WAT": 1, "EAT": 3, "PKT": 5, "WIB": 7}  # fmt: skip
"""Hours by which clocks run ahead of UTC where a zone is called so."""
SEASONAL = {"ET": "EST5EDT,M3.2.0/2,M11.1.0/2", "PT": "PST8PDT,M3.2.0/2,M11.1.0/2"}
"""Names that stand for summer and winter time alike, with the rule (POSIX) of when which is kept."""
_MARKS = re.compile("[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670]")


# -- letters -----------------------------------------------------------------------------------------------------


@lru_cache(4096)
def _bare(sign: str) -> str:
    """A letter without size, accents and variants of its script; a digit as one of ours."""
    if sign.isdecimal():
        return str(int(sign))
    bare = _MARKS.sub("", unicodedata.normalize("NFKD", sign.casefold()))
    return {"ı": "i", "’": "'", "ي": "ی", "ك": "ک", "\u200c": " "}.get(bare, bare)


_ENGLISH = "at on the by of in date time hour thurs tues weds th st nd rd"
"""What an English line says round a date besides days and labels."""


def folded(text: str) -> str:
    """A text as it is compared: letters without size and accents, digits as ours."""
    return "".join(map(_bare, text))


class FoldedLine:
    """A line as it is compared, with where each of its signs stood."""

    def __init__(self, line: str) -> None:
        self.line = line
        pieces = [_bare(sign) for sign in line]
        self.text = "".join(pieces)
        self._places = [at for at, piece in enumerate(pieces) for _ in piece]

    def original(self, start: int, end: int) -> str:
        """The piece of the line that stands between two places of the text compared."""
        places = self._places[start:end]
        return self.line[places[0] : places[-1] + 1] if places else ""


# -- words -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Parts:
    """Patterns for folded text: a date, a clock behind it with what may stand between, the same before it. `months`
    maps a name to the months that it is of, each with the languages that call it so. `fillers` say nothing beside a
    date, `changed` begins what tells of a change, `english` are the words that an English line has round a date."""

    months: dict[str, dict[int, frozenset[str]]]
    date: re.Pattern[str]
    behind: re.Pattern[str]
    before: re.Pattern[str]
    fillers: frozenset[str]
    changed: re.Pattern[str]
    english: frozenset[str]
    am: frozenset[str]


@cache
def parts() -> Parts:
    """The words of dates.toml, ready to be looked for; built once, in 0.1 s."""
    tables: dict[str, Any] = tomllib.loads(files("crawler.extraction").joinpath("dates.toml").read_text("utf-8"))
    words = {kind: _listed(told) for kind, told in tables.pop("words").items()}
    english = (*_listed(tables["en"]["days"]), *_ENGLISH.split(), *(" ".join(words_for("dated", "en"))).split())
    days = {day for table in tables.values() for day in _listed(table["days"])}
    months = _months(tables)
    gap = _gap({*words["at"], *days}, words["year"])
    clock = _clock(words)
    return Parts(
        months=months,
        date=_date(alternation(months), words["year"]),
        behind=re.compile(rf"{gap}{clock}"),
        before=re.compile(rf"(?<![\w:.]){clock}{gap}$"),
        fillers=frozenset(word for told in (*words["on"], *days) for word in re.split(r"[\s-]", told)),
        changed=re.compile(rf"(?<![^\W\d_])(?:{alternation(words['changed'])})"),
        english=frozenset(english),
        am=frozenset(sign.replace(".", "").replace(" ", "") for sign in words["am"]),
    )


def _listed(told: str) -> list[str]:
    return [folded(word).replace("_", " ") for word in told.split()]


def _months(tables: dict[str, Any]) -> dict[str, dict[int, frozenset[str]]]:
    """A name -> the months that it is of, each with the languages that call it so."""
    months: dict[str, dict[int, frozenset[str]]] = {}
    for language, table in tables.items():
        for number, names in enumerate(table["months"].split("|"), 1):
            for name in _listed(names):
                of = months.setdefault(name, {})
                of[number] = of.get(number, frozenset()) | {language}
    return months


def _date(month: str, years: list[str]) -> re.Pattern[str]:
    """Day, month by name and year, in the orders in which they are written; then all three in numbers."""
    year, of = r"(?:19|20)\d\d", r"(?:(?:de|del|di|of|din|a|ta')\s+|d')?"
    name = rf"(?<![^\W\d_])ב?(?P<@>{month})(?![^\W\d_])"
    ordinal = r"(?:\s?(?:st|nd|rd|th|er|re|eme|o|a|e|η|го|е)(?![^\W\d_]))?"
    behind = rf"(?:\.?\s?(?:{alternation(years)})\.?(?![^\W\d_]))?"
    return re.compile(
        rf"(?<!\d)(?P<d1>\d\d?){ordinal}[\s./-]*{of}{name.replace('@', 'm1')}[\s.,،/-]*{of}(?P<y1>{year})(?!\d){behind}"
        rf"|{name.replace('@', 'm2')}\.?\s*(?P<d2>\d\d?){ordinal}\s?[,،.]?\s*(?P<y2>{year})(?!\d)"
        rf"|(?<!\d)(?P<y3>{year})(?:\s?(?:m|ko|e))?[.,]?\s*{name.replace('@', 'm3')}\.?\s*(?P<d3>\d\d?)(?![\d:])"
        r"(?:\s?d\b|-?[a-z]{1,2}\b)?\.?"
        rf"|(?<!\d)(?P<y4>{year})\.?\s?gada\s+(?P<d4>\d\d?)\.\s*{name.replace('@', 'm4')}"
        rf"|(?<!\d)(?P<d5>\d\d?)\s?(?:thang|thg)\s?(?P<n5>\d\d?)\s?(?:,|nam|/)?\s*(?P<y5>{year})(?!\d)"
        rf"|(?<![\d./-])(?P<y6>{year})\s?(?P<s6>[./-])\s?(?P<n6>\d\d?)\s?(?P=s6)\s?(?P<d6>\d\d?)(?![\d/-])(?:\.(?!\d))?"
        rf"|(?<![\d./-])(?P<a7>\d\d?)\s?(?P<s7>[./-])\s?(?P<b7>\d\d?)\s?(?P=s7)\s?(?P<y7>{year})(?![\d/-]){behind}"
    )


def _gap(words: set[str], years: list[str]) -> str:
    any_of = alternation([*words, *years])
    return rf"(?:[\s|｜·•–—,،;/()@.:-]|(?<![^\W\d_])(?:{any_of})(?![^\W\d_])){{0,12}}?"


def _clock(words: dict[str, list[str]]) -> str:
    half = alternation([*words["am"], *words["pm"]])
    zone = "|".join(sorted((folded(name) for name in (*ZONES, *SEASONAL)), key=len, reverse=True))
    return (
        r"(?<![\d:])(?P<hour>[01]?\d|2[0-3])"
        rf"(?:\s?[:.h٫]\s?(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?(?![\d:])|(?=\s?(?:uhr|h|(?:{half}))(?![^\W\d_])))"
        rf"(?:\s?(?P<half>{half})\.?(?![^\W\d_]))?"
        rf"(?:\s?(?:{alternation(words['clock'])})\.?(?![^\W\d_]))?"
        rf"(?:\s?\(?(?:(?:utc|gmt)?\s?(?P<offset>[+−-]\d\d?(?::?[0-5]\d)?)(?!\d)|(?P<zone>{zone})(?![\w+-]))\)?)?"
    )
