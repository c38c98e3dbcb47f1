"""Bytes to text as browsers do it, and mended where browsers would show rubbish.

Order: byte order mark; UTF-8 where the bytes prove it (a multi-byte text that decodes is UTF-8 whatever a header
says); UTF-16 betrayed by its zero bytes; what the header, the meta element or the XML declaration names; UTF-8 with a
few stray bytes, each mended by itself; and only then a guess. Labels are those of the WHATWG encoding standard.
"""

from __future__ import annotations

import codecs
import re
from itertools import pairwise

from charset_normalizer import from_bytes
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom, resolve_encoding

_SAMPLE = 65_536
"""Bytes of visible text that a guess looks at."""
_META_REACH = 65_536
"""A declaration is looked for this far; the standard's 1,024 bytes miss pages that begin with long scripts."""
_STRAY_SHARE = 0.2
"""UTF-8 is mended where at most this share of its non-ASCII sequences is broken."""

_TAGS = re.compile(rb"<(script|style)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>", re.IGNORECASE | re.DOTALL)
_LATE_META = re.compile(rb"<meta\b[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,40})", re.IGNORECASE)
_LANGUAGE = re.compile(rb"<html\b[^>]{0,400}?\blang\s*=\s*[\"']?([A-Za-z]{2,3})(?:-([A-Za-z]{2,4}))?", re.IGNORECASE)

# The legacy encoding that browsers presume for a locale (WHATWG HTML, 13.2.3.2).
_LEGACY = {
    "ar": "cp1256", "fa": "cp1256", "ur": "cp1256", "bg": "cp1251", "ru": "cp1251", "uk": "cp1251", "be": "cp1251",
    "mk": "cp1251", "sr": "cp1251", "kk": "cp1251", "cs": "cp1250", "sk": "cp1250", "pl": "cp1250", "hu": "cp1250",
    "sl": "cp1250", "hr": "cp1250", "ro": "cp1250", "el": "cp1253", "tr": "cp1254", "az": "cp1254", "he": "cp1255",
    "lt": "cp1257", "lv": "cp1257", "et": "cp1257", "vi": "cp1258", "th": "cp874", "ja": "cp932", "ko": "cp949",
    "zh": "gb18030", "en": "cp1252", "de": "cp1252", "fr": "cp1252", "es": "cp1252", "it": "cp1252", "pt": "cp1252",
    "nl": "cp1252", "sv": "cp1252", "da": "cp1252", "no": "cp1252", "fi": "cp1252", "ca": "cp1252",
}  # fmt: skip
_GUESSES = (
    "cp1252", "cp1251", "koi8-u", "cp866", "iso8859-5", "gb18030", "big5hkscs", "cp932", "euc-jp", "cp949", "cp1256",
    "iso8859-6", "cp1253", "cp1255", "cp1250", "iso8859-2", "cp1254", "cp874", "cp1257",
)  # fmt: skip
_COMMON = frozenset("оеаинтсрвлкмдпуαοιετσνηυρίάόέήיוהלאםןרתבשמéèàáíóúñçãõäöüâêôßåاليمنوترب")
_HANGUL_COMMON = frozenset("이다는을의에가고하한지은들로를도기서사인대정자시")
_HAN_COMMON = frozenset(
    "的是不我一有大在人了中到資资要可以這这个個你会會好为為上来來學学就国國時时年日月新公司报報本地"
)


def decode(body: bytes, content_type: str | None = None) -> tuple[str, str]:
    """The text of a page and the codec that gave it. Never raises: what cannot be read becomes U+FFFD."""
    mark, bom = read_bom(body)
    if mark is not None and bom is not None:
        return body[len(bom) :].decode(mark, "replace"), mark
    if (wide := _wide(body)) is not None:
        return body.decode(wide, "replace"), wide
    declared = _declared(body, content_type)
    if b"\x1b$" in body[:_SAMPLE] and "iso2022_jp" in declared:
        return body.decode("iso2022_jp", "replace"), "iso2022_jp"
    try:
        return body.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    if _mostly_utf8(body):
        return body.decode("utf-8", "firstprint.mend"), "utf-8"
    return _legacy(body, [name for name in declared if name != "utf-8"])


def _declared(body: bytes, content_type: str | None) -> list[str]:
    """What header and markup name, the stronger first."""
    found = [http_content_type_encoding(content_type), html_body_declared_encoding(body[:4096])]
    if found[1] is None and (late := _LATE_META.search(body[:_META_REACH])) is not None:
        found.append(resolve_encoding(late[1].decode("ascii", "replace")))
    return [name for name in dict.fromkeys(found) if name is not None and not name.startswith("utf-16")]


def _wide(body: bytes) -> str | None:
    """UTF-16 without a mark: every second byte of its markup is zero."""
    head = body[:512]
    if len(head) < 4 or head.count(0) < len(head) // 4:
        return None
    even, odd = head[::2].count(0), head[1::2].count(0)
    if odd > 8 * even:
        return "utf-16-le"
    return "utf-16-be" if even > 8 * odd else None


def _mend(error: UnicodeError) -> tuple[str, int]:
    """One stray byte at a time, as windows-1252: what was pasted into a UTF-8 page."""
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.start + 1].decode("cp1252", "replace"), error.start + 1


codecs.register_error("firstprint.mend", _mend)


def _mostly_utf8(body: bytes) -> bool:
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = sum(1 for _ in re.finditer(r"[^\x00-\x7f\ufffd]", text))
    return whole > 0 and broken <= max(1, whole * _STRAY_SHARE)


def _legacy(body: bytes, declared: list[str]) -> tuple[str, str]:
    """A legacy encoding: the declared one where its text is plausible, else the most plausible of all."""
    sample = _TAGS.sub(b" ", body[: 8 * _SAMPLE])[:_SAMPLE]
    scored = {name: _plausible(sample, name) for name in declared}
    if declared and scored[declared[0]] >= 0.75:
        return body.decode(declared[0], "replace"), declared[0]
    local = _of_language(body)
    for name in (*local, *_GUESSES, *_detected(sample)):
        scored.setdefault(name, _plausible(sample, name))
    # earlier names win ties: the page's own word, its language, the rest
    best = max(scored, key=lambda name: scored[name] + (0.05 if name in declared or name in local else 0.0))
    return body.decode(best, "replace"), best


def _of_language(body: bytes) -> tuple[str, ...]:
    """What browsers presume for the language that the html element names."""
    tag = _LANGUAGE.search(body[:4096])
    if tag is None:
        return ()
    language, region = tag[1].decode().lower(), (tag[2] or b"").decode().lower()
    if language == "zh" and region in ("tw", "hk", "hant"):
        return ("big5hkscs",)
    return (_LEGACY[language],) if language in _LEGACY else ()


def _detected(sample: bytes) -> tuple[str, ...]:
    best = from_bytes(sample[:8192]).best()
    name = resolve_encoding(best.encoding) if best is not None else None
    return () if name is None else (name,)


def _plausible(sample: bytes, name: str) -> float:
    """How much the sample, read so, looks like writing, from 0 to about 1.2. Only non-ASCII characters speak."""
    try:
        text = sample.decode(name, "replace")
    except (LookupError, ValueError):
        return 0.0
    strange = sum(1 for one in text if one > "\x7f")
    if not strange:
        return 0.0
    score: float = sum(_pair(one, two) for one, two in pairwise(f" {text} ") if two > "\x7f")
    return score / strange


def _pair(before: str, this: str) -> float:
    """What one non-ASCII character is worth, given the character before it."""
    if this == "\ufffd":
        return -4.0
    if not this.isalpha():
        return _sign(before, this)
    script = _script(this)
    if script == "han":
        if before.isalpha() and _script(before) == "hangul":
            return 0.2  # Chinese read as Korean mixes the two
        return 1.2 if this in _HAN_COMMON else 0.85
    if script == "rare":
        return 0.3
    if script == "kana":
        return 1.2
    if before.isalpha() and _script(before) not in (script, "han") and script != "latin":
        return -0.5  # two scripts in a word are not writing
    if before.islower() and this.isupper():
        return -0.5
    if script == "hangul":
        return 1.2 if this in _HANGUL_COMMON else 0.85
    worth = 1.1 if this.lower() in _COMMON else 0.8
    if before.isupper() and this.isupper():
        worth -= 0.3  # KOI8 read as windows-1251 is all capitals
    # an accented letter stands among plain ones
    return worth - 0.6 if script == "latin" and before > "\x7f" and before.isalpha() else worth


def _sign(before: str, this: str) -> float:
    """A sign that is no letter: quotation marks and dashes belong in a text, boxes and halves of a letter do not."""
    if this in "¿¡\u2018\u2019\u201c\u201d\u2013\u2014\u2026«»\u00a0„‚•€£§°·。，、；：？！「」『』《》（）“”…—،؛؟“":
        return 0.9
    code = ord(this)
    if 0x3000 <= code <= 0x303F or (0xFF00 <= code <= 0xFFEF and not 0xFF61 <= code <= 0xFF9F):
        return 0.9
    if 0x0300 <= code <= 0x036F:
        return 0.8 if before.isalpha() else -0.5
    if 0x0E31 <= code <= 0x0E4E or 0x064B <= code <= 0x0652 or 0x05B0 <= code <= 0x05C7:
        return 1.0 if before > "\x7f" else -0.5
    return -0.5 if before.isalpha() or 0x80 <= code <= 0x9F or 0x2500 <= code <= 0x25FF else 0.1


def _script(letter: str) -> str:
    """A coarse script; "rare" is what a wrong codec tends to produce."""
    code = ord(letter)
    for end, name in _SCRIPTS:
        if code < end:
            return name
    return "rare"


_SCRIPTS = (
    (0x0250, "latin"), (0x0370, "rare"), (0x0400, "greek"), (0x0460, "cyrillic"), (0x0490, "rare"),
    (0x0494, "cyrillic"), (0x0590, "rare"), (0x0600, "hebrew"), (0x0700, "arabic"), (0x0E00, "rare"),
    (0x0E80, "thai"), (0x1E00, "rare"), (0x2000, "latin"), (0x3040, "rare"), (0x3100, "kana"), (0x4E00, "rare"),
    (0xA000, "han"), (0xAC00, "rare"), (0xD7A4, "hangul"),
)  # fmt: skip
