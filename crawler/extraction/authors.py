"""Who wrote it, out of what systems write into the author's field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from crawler.extraction import agencies
from crawler.extraction.head import squeeze
from crawler.extraction.jsonld import Node, listed, types
from crawler.extraction.phrases import words_for

_MAX_AUTHORS = 12
SIGNS = (
    r"(?:(?:written|posted|published|submitted|reported|created|story|words|text|article)\s+)?by"
    r"|(?:(?:geschrieben|verfasst|veröffentlicht|erstellt|eingestellt|gepostet|ein\s+beitrag)\s+)?von"
    r"|(?:(?:publiée?|écrite?|rédigée?|postée?|proposée?|soumise?)\s+)?par"
    r"|(?:(?:publicad|escrit|postad|enviad|redactad)[oa]\s+)?por|(?:pubblicato|scritto|postato|inserito)\s+da|(?:testo\s+)?di"
    r"|(?:(?:geschreven|geplaatst|gepost|gepubliceerd)\s+)?door|(?:(?:skriv(?:et|en)|publicera[dt]|postat|inlagd)\s+)?av"
    r"|(?:(?:skrevet|udgivet|publiceret|opslået)\s+)?af|(?:(?:napisan[ey]|opublikowan[ey]|dodan[ey])\s+)?przez"
    r"|(?:napsal|zveřejnil|vložil)a?|(?:scris|publicat|postat)\s+de|(?:kirjoittanut|lähettänyt|írta|szerző)"
    r"|(?:опубликова(?:но|л|ла)|написа(?:но|л|ла)|разместил|отправлено|опубліковано|опублікува(?:в|ла)|написа(?:в|ла))"
    r"|(?:ditulis|diposting|dikirim|diterbitkan)?\s*oleh|(?:viết|đăng)\s+bởi|yazan|gönderen|συντάκτης|γράφ(?:ει\s+[οη]|ουν)"
    r"|بقلم|كتب(?:ه|ت)?|(?:نشر(?:ه|ت)?\s+)?بواسطة|نوشته(?:\s+شده\s+توسط)?|توسط|כתב|מאת|द्वारा|लेखक"
)
"""What stands before the name of somebody who signs, or is said to have put a text up."""
_FIELDS = (
    r"authors?|autor(?:es|in|en|ka|a)?|auteure?s?|autrice|autore|text[eos]?|tekst[iy]?|reporter|författare|forfatter|penulis"
    r"|tác\s+giả|автор(?:ы|ка|и)?(?:\s+(?:статьи|публикации|статті))?|текст|yazar|الكاتب|المحرر|نویسنده|글|작성자|작성|기자"
)
_CJK = r"作者|記者|记者|文|撰文|撰稿|編輯|编辑|投稿者|執筆者?|取材・文|本报记者|本報記者"
_BY = re.compile(
    rf"^\s*(?:(?:{_FIELDS})\s*[:：]\s*|(?:{SIGNS}|авторы?|текст)(?:\s*:\s*|\s+)|(?:{_CJK})(?:\s*[:：/／|｜＝=]\s*|\s+))",
    re.IGNORECASE,
)
_SPLIT = re.compile(
    r"\s*(?:,(?!\s*(?:jr|sr|ph\.?d|m\.?d|ii|iii)\b)|;|•|·|、|，|/|\s&\s|\s(?:and|und|et|y|e|en|och|og|и|та|i|ve|with|mit)\s)\s*",
    re.IGNORECASE,
)
_BESIDE = re.compile(r"\s*[|｜]\s*|\s+[-–—]\s+")
"""Behind these stands whom a writer works for, or when it was."""
_ADDRESSED = re.compile(
    r"^\s*\S{1,64}@\S{1,100}\s*\(([^()]{2,80})\)\s*$|^\s*([^<>@]{2,80}?)\s*<\S{1,64}@\S{1,100}>\s*$"
)
_NO_NAMES = re.compile(r"https?:|www\.|[<>{}\[\]=]", re.IGNORECASE)
_NOT_A_NAME = re.compile(r"@|\.(?:com|org|net|html?|php)\b|:|\d{3,}|\s\d", re.IGNORECASE)
_REMARK = re.compile(r"\s*\([^()]{0,40}\)\s*$")
_HANDLE = re.compile(r"\s+@\w.*$", re.DOTALL)
_ROLE = re.compile(r"\s*\(.{0,60}$")
_ROLES = frozenset(word.lower() for word in (*words_for("roles"), *words_for("beside")) if " " not in word) - frozenset(
    words_for("namesakes")
)
"""Words that say, beside a name, what somebody is."""


def stated(node: Node, nodes: Sequence[Node]) -> tuple[list[str], list[str]]:
    """The people and the organisations that a JSON-LD node names as authors; a bare @id is looked up on the page."""
    people: list[str] = []
    others: list[str] = []
    for one in listed(node.get("author") or node.get("creator"))[:50]:
        if isinstance(one, str):
            people.append(one)
        elif isinstance(one, Mapping):
            named = one if one.get("name") else _referred(one, nodes)
            organised = any("organization" in kind for kind in types(named))
            (others if organised else people).extend(n for n in listed(named.get("name")) if isinstance(n, str))
    return people, others


def _referred(reference: Node, nodes: Sequence[Node]) -> Node:
    address = reference.get("@id")
    return next((node for node in nodes if address and node.get("@id") == address and node.get("name")), reference)


def clean(found: Iterable[str], not_names: Iterable[str] = ()) -> tuple[str, ...]:
    """Single names in the page's order, each once; `not_names` are those of the site itself."""
    banned = {_key(name) for name in not_names if name}
    kept: dict[str, str] = {}
    for value in found:
        for part in _parts(squeeze(value, 300))[0]:
            key = _key(part)
            if key and key not in banned:
                kept.setdefault(key, part)
    return tuple(list(kept.values())[:_MAX_AUTHORS])


def beside(found: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """What stands beside names ("Ada Quill | The Courier", "Ada Quill, AP Staff Writer"): it may say whom they write
    for. Each with the whole."""
    values = [squeeze(value, 300) for value in found]
    pairs = ((other, value) for value in values for other in _parts(value)[1])
    return tuple(list(dict.fromkeys(pairs))[:_MAX_AUTHORS])


def announces(label: str) -> bool:
    """Whether a label ("Written by", "Verfasst von", "Автор") says that a name follows."""
    return 0 < len(label) < 40 and (_BY.fullmatch(f"{label} ") or _BY.fullmatch(f"{label}:")) is not None


def _parts(value: str) -> tuple[list[str], list[str]]:
    """The names in a value, and what is said beside them."""
    if addressed := _ADDRESSED.match(value):
        value = addressed[1] or addressed[2]
    value = _BY.sub("", _REMARK.sub("", value))
    if _NO_NAMES.search(value):
        return [], []
    first, *rest = [one for one in _BESIDE.split(_HANDLE.sub("", value)) if one.strip()] or [""]
    parts = [_REMARK.sub("", part).strip(" .,:;-–—|*") for part in _SPLIT.split(first)]
    # "Smith, John" is one name, not two
    if len(parts) == 2 and "," in first and all(" " not in part for part in parts):
        parts = [f"{parts[1]} {parts[0]}"]
    named = [part for part in (_ROLE.sub("", part) if len(part) > 40 else part for part in parts) if _name(part)]
    people = [part for part in named if not _is_beside(part, named[0])]
    return people or named, [one for one in (*named, *rest) if people and one not in people and _name(one)]


def _is_beside(part: str, first: str) -> bool:
    """Whether a part says what somebody is or whom they write for: by a word for that, or as short capitals that are no
    agency's (a degree, a channel) beside a name that is not in capitals. An agency may well be one of the authors."""
    if not _ROLES.isdisjoint(part.lower().split()):
        return True
    initials = part.isupper() and part.isascii() and len(part) <= 4 and not first.isupper()
    return initials and " " in first and agencies.named(part) is None


def _name(part: str) -> bool:
    return (
        2 <= len(part) <= 80
        and len(part.split()) <= 8
        and any(one.isalpha() for one in part)
        and not _NOT_A_NAME.search(part)
    )


def _key(name: str) -> str:
    return re.sub(r"\W+", " ", name.lower()).strip()
