"""Names of news agencies, and the lines that credit them."""

from __future__ import annotations

import re

from crawler.extraction.phrases import agencies, alternation

_NAME_OF = {name.lower(): agency for agency, names in agencies().items() for name in names}
_NAMES = [name for names in agencies().values() for name in names]
_ALL = alternation(_NAMES)
_LONG = alternation(name for name in _NAMES if len(name) > 4 or not name.isascii())
_DATELINE = re.compile(
    rf"""^\W{{0,3}}?(?P<place>[^!?()\[\]:—–/【】]{{0,60}}?)[,.\s]*
    (?:[(\[（/【]\s*(?P<inner>[^()\[\]（）/【】]{{1,40}}?)\s*[)\]）/】]\s*(?P<mark>[-–—−:.]|$)?
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


def dateline(text: str) -> str | None:
    """The agency that a dateline credits ("OSLO (Reuters) - …"), by its usual name; the name as written where it is
    none that we know but stands as an agency does (a place in capitals before it); None without a dateline."""
    match = _DATELINE.match(text[:140])
    if match is None:
        return None
    name = (match["inner"] or match["bare"] or match["cjk"] or "").strip()
    known = named(name)
    place = match["place"].strip()
    if known is not None:
        return known if match["mark"] or match["inner"] is None or not place else None
    return (
        name
        if match["inner"] and match["mark"] and place.isupper() and name[:1].isupper() and len(name.split()) <= 4
        else None
    )


def credit(text: str) -> str | None:
    """The agency that a line ends with or consists of: "… (AFP)", "— Reuters"."""
    match = _CREDIT.search(text[-80:] if len(text) > 80 else text)
    if match is None:
        return None
    return named(match["bracket"] or match["tail"] or match["whole"] or "")


def named(name: str) -> str | None:
    """An agency's usual name for any of its names, None for anything else."""
    for part in re.split(r"\s*[/,&=]\s*|\s+(?:and|und|et|y|и)\s+", name.strip(" .")):
        if found := _NAME_OF.get(part.lower()):
            return found
    return None
