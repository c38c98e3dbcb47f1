"""Names of news agencies, and the lines that credit them."""

from __future__ import annotations

import re

from crawler.extraction.phrases import agencies, alternation

_NAME_OF = {name.lower(): agency for agency, names in agencies().items() for name in names}
_NAMES = [name for names in agencies().values() for name in names]
_ALL = alternation(_NAMES)
_LONG = alternation(name for name in _NAMES if len(name) > 4 or not name.isascii())
_DATELINE = re.compile(
    rf"""^\W{{0,3}}?(?P<place>[^!?()\[\]［］:—–/【】]{{0,60}}?)[,.\s]*
    (?:[(\[（［/【]\s*(?P<inner>[^()\[\]（）［］/【】]{{1,40}}?)\s*[)\]）］/】]\s*(?P<mark>[-–—−:.]|$)?
    | (?P<bare>{_ALL})\s*[-–—:]\s
    | (?P<cjk>{_LONG})(?P<where>[^\s，。]{{0,12}}?(?:电|電|讯|訊)))""",
    re.VERBOSE,
)
_CREDIT = re.compile(
    rf"""[(\[（]\s*(?P<bracket>{_ALL})(?:\s*[/,&]\s*[\w ]{{2,30}})?\s*[)\]）]\W*$
    |(?:^|[\s/—–-])(?P<tail>{_LONG})\W*$
    |^\W*(?P<whole>{_ALL})\W*$""",
    re.VERBOSE,
)

_PERSON = r"[^\W\d_a-zà-ÿа-яё][\w.'’-]*"
_BYLINE = re.compile(
    rf"""^\W{{0,3}}(?:\w{{2,8}}:?\s+)?{_PERSON}(?:\s+(?:{_PERSON}|and|und|et|y|e|en|og|och|и|і|та|de|van|von|al|&)){{1,9}}
    \s*[,/|–—-]\s*(?P<name>{_ALL})\W*$""",
    re.VERBOSE,
)
"""Who wrote it and for which agency, as a line of its own ("By Ann Bell, AFP"): there a short name is one too."""

_STATED = re.compile(
    rf"""^\W{{0,3}}(?P<place>[^\W\d_]{{3,}}(?:[\s-][^\W\d_]+){{0,2}})[,.]\s*(?:\d{{1,2}}\.?\s\w{{3,12}}|\w{{3,12}}\s\d{{1,2}})[,.]?\s*
    [-–—]?\s*[(/]?(?P<name>{_ALL})[)/]?(?:[.:,\s–—-]|$)""",
    re.VERBOSE,
)
"""A place in capitals and a day before an agency, whatever parts them ("МОСКВА, 3 мар - РИА Новости. …")."""
_PLACE_AND_DAY = re.compile(r"[^\d,]{2,30},\s+(?:\d{1,2}\.?\s+\S{2,12}|\S{3,12}\s+\d{1,2})[.,]?")
_OWN_SCRIPT = alternation(name for name in _NAMES if not name.isascii())
_GLUED = re.compile(rf"[^\s=]{{1,12}}?(?:[\s\u3000=]\S{{0,6}}){{0,2}}(?P<name>{_OWN_SCRIPT})(?:=\w+)?")
"""Place and agency in one word, as Japan prints it: 【ロンドン共同】."""


# The expressions above try every place in a line; nearly all lines lack what each of their branches cannot do without.
_MAY_BE_DATELINE = re.compile(r"[(\[（［/【电電讯訊]|[-–—:]\s")
_OPENS = ("(", "[", "/", "-", ":")
_CLOSES = (")", "]", "）")
_LAST_WORDS = tuple({re.split(r"[\s'’]", re.sub(r"\W+$", "", name))[-1] for name in _NAMES})
_LAST_SIGNS = frozenset(word[-2:] for word in _LAST_WORDS)


def dateline(text: str) -> str | None:
    """The agency that a dateline credits ("OSLO (Reuters) - …"), by its usual name; the name as written where it is
    none that we know but stands as an agency does (a place in capitals before it); None without a dateline."""
    head = text[:140]
    if head[:3].isupper() and (stated := _STATED.match(head)) is not None and stated["place"].isupper():
        return named(stated["name"])
    match = _DATELINE.match(head) if _may_be_dateline(head) else None
    if match is None:
        return None
    name = (match["inner"] or match["bare"] or match["cjk"] or "").strip()
    place = match["place"].strip()
    if (known := named(name)) is not None:
        stands = match["mark"] or match["inner"] is None or not place or _PLACE_AND_DAY.fullmatch(place)
        return known if stands else None
    if not place and (glued := _GLUED.fullmatch(name)) is not None:
        return named(glued["name"])
    strange = match["inner"] and match["mark"] and place.isupper() and name[:1].isupper() and len(name.split()) <= 4
    return name if strange else None


def credit(text: str) -> str | None:
    """The agency that a line ends with or consists of: "… (AFP)", "— Reuters", "By Ann Bell, AFP"."""
    tail = text[-80:]
    if not _may_be_credit(tail):
        return None
    if (match := _CREDIT.search(tail)) is not None:
        return named(match["bracket"] or match["tail"] or match["whole"] or "")
    signed = _BYLINE.match(text) if len(text) <= len(tail) else None
    return named(signed["name"]) if signed is not None else None


def _may_be_dateline(head: str) -> bool:
    if head.isascii() and not any(sign in head for sign in _OPENS):
        return False
    return _MAY_BE_DATELINE.search(head) is not None


def _may_be_credit(tail: str) -> bool:
    for sign in _CLOSES:
        if sign in tail:
            return True
    end = _bare_end(tail)
    return (end[-2:] in _LAST_SIGNS or end[-1:] in _LAST_SIGNS) and end.endswith(_LAST_WORDS)


def _bare_end(text: str) -> str:
    """The text without the signs behind its last word."""
    end = len(text)
    while end and not (text[end - 1].isalnum() or text[end - 1] == "_"):
        end -= 1
    return text[:end]


def named(name: str) -> str | None:
    """An agency's usual name for any of its names, None for anything else."""
    for part in re.split(r"\s*[/,&=]\s*|\s+(?:and|und|et|y|и)\s+", name.strip(" .")):
        if found := _NAME_OF.get(part.lower()):
            return found
    return None
