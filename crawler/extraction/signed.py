"""Lines in a text that say who wrote it, or that nobody is named: by their words, and by the page's own authors."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.extraction import patterns as seen
from crawler.extraction.lines import fold, inner_sentences, words
from crawler.extraction.phrases import alternation, words_for
from crawler.extraction.sentences import finite, is_name

_I = re.IGNORECASE
_SHORT = 120
_OTHERS = 6
"""Words beside the author's name that a byline has: a role, an office, a date."""
_MAIL = re.compile(r"\S+@\S+\.\w{2,}")
_BY = seen.begins_with("bylines")
_ROLES = alternation(words_for("roles"))
_STAFF = re.compile(rf"^\W*(?:{alternation(words_for('staff'))})(?!\w)", _I)
_NAME_ROLE = re.compile(
    r"^(?P<name>[^,،，|(–—/:：]{2,40}?)\s*(?:[,،，|(–—/]|\s-\s)\s*(?:[^\W\d]+\s+){0,2}?"
    rf"(?:{_ROLES})(?!\w)[^.!?。]{{0,30}}$",
    _I,
)
_ROLE_NAME = re.compile(rf"^\W*(?:[^\W\d]+\s+)?(?:{_ROLES})\s*[:：]?\s+(?P<name>\S.{{1,40}})$", _I)
_SIGN = r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
_CJK_ROLE = re.compile(
    rf"^\W*(?:{_SIGN}{{1,8}}[\s=·・])?{_SIGN}{{2,5}}(?:\s{_SIGN}{{1,4}})?\s?{_SIGN}{{0,4}}"
    r"(?:기자|특파원|논설위원|記者|记者|特派員|特派员)\W*$"
)
_DAY = re.compile(r"\b\d{4}\b|\d{4}[年년]|\d{1,2}[./]\d{1,2}")


def is_signature(text: str, authors: Sequence[str]) -> bool:
    """Whether a line at an edge of the body is a byline. `authors`: folded names that the page states."""
    if len(text) > _SHORT:
        return False
    bare = _MAIL.sub("", text).strip()
    if not bare or finite(bare):
        return False
    return _names_author(bare, authors) or _is_labelled(bare) or _is_staff(bare) or _has_role(bare)


def _names_author(text: str, authors: Sequence[str]) -> bool:
    folded = fold(text)
    name = next((name for name in authors if name in folded), None)
    return name is not None and words(folded.replace(name, "", 1)) <= _OTHERS and inner_sentences(text) == 0


def _is_labelled(text: str) -> bool:
    """ "Autor: Ilse Maren", "Geschreven door Ilse Maren", "Publié par Ilse Maren le 3 mars 2026"."""
    if (by := seen.BYLINE.match(text)) and words(by["name"]) <= 10:
        return True
    match = _BY.match(text)
    if match is None:
        return False
    rest = text[match.end("phrase") :].lstrip(" :：")
    if is_name(rest, 5) or _is_staff(rest):
        return True
    day = _DAY.search(rest)
    return day is not None and day.start() > 2 and words(rest) <= 10 and rest[:1].upper() == rest[:1]


def _is_staff(text: str) -> bool:
    """ "Haber Merkezi", "Redaktion Hafenblatt"."""
    match = _STAFF.match(text)
    if match is None:
        return False
    rest = text[match.end() :].strip(" \t,|–—-()")
    return not rest or is_name(rest, 3)


def _has_role(text: str) -> bool:
    """ "Ilse Maren, Staff Writer", "Ilse Maren (Redaktion)", "Корреспондент Ильза Марен", "김바다 기자"."""
    if _CJK_ROLE.match(text):
        return True
    match = _NAME_ROLE.match(text) or _ROLE_NAME.match(text)
    return match is not None and is_name(match["name"], 5) and words(match["name"]) >= 2
