"""Lenient parsing of what strangers send: XML that is not well-formed, HTML, dates in any of the usual spellings."""

from __future__ import annotations

import codecs
import html
import re
import zlib
from collections.abc import Container, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from io import BytesIO
from typing import Any
from urllib.parse import urljoin

from lxml import etree
from lxml.html import HTMLParser, document_fromstring

MAX_UNZIPPED = 52_428_800
"""Bytes: the limit of the sitemap protocol; a gzip bomb ends here."""
MAX_TEXT = 500
"""Characters that are kept of any title, name or tag."""

_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9_.:-]{2,40})["']""")
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_DECLARATION = re.compile(r"<\?xml.*?\?>", re.DOTALL)
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_BARE_AMPERSAND = re.compile(r"&(?!#\d{1,7};|#[xX][0-9A-Fa-f]{1,6};|(?:amp|lt|gt|quot|apos);)")
_CONTROL_REFERENCE = re.compile(r"&#(?:x0*(?:[0-8bcef]|1[0-9a-f]);|0*(?:[0-8]|1[124-9]|2\d|3[01]);)", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z!][^>]*>")
_BLANKS = re.compile(r"\s+")
_XML_NAMES = frozenset({"amp", "lt", "gt", "quot", "apos"})


def unzipped(body: bytes) -> bytes:
    """The body of a `.gz` file; anything else as it is. A broken tail is given up, a bomb ends at MAX_UNZIPPED."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    unzip = zlib.decompressobj(wbits=31)
    parts: list[bytes] = []
    left = MAX_UNZIPPED
    try:
        for start in range(0, len(body), 65536):
            part = unzip.decompress(body[start : start + 65536], left)
            parts.append(part)
            left -= len(part)
            if left <= 0 or unzip.eof:
                break
    except zlib.error:
        pass
    return b"".join(parts)


def decoded(body: bytes, content_type: str = "") -> str:
    """The text of an XML, JSON or plain body: BOM, declaration, header, UTF-8; undecodable bytes are replaced."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if body.startswith(mark):
            return body.decode(name, "replace")
    declared = _DECLARED.search(body[:300])
    charset = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", content_type)
    for name in ("utf-8", declared[1].decode("ascii") if declared else "", charset[1] if charset else "", "cp1252"):
        try:
            return body.decode(name)
        except (LookupError, ValueError):  # no such encoding, or not these bytes; a codec may also raise ValueError
            continue
    return body.decode("utf-8", "replace")


def parse_xml(body: bytes, content_type: str = "") -> etree._Element | None:
    """The root of what can be read of an XML document; None where nothing can."""
    try:
        return etree.fromstring(_mended(body, content_type), etree.XMLParser(recover=True, encoding="utf-8", **_SAFE))
    except (etree.XMLSyntaxError, ValueError):
        return None


def xml_elements(body: bytes, names: Container[str], content_type: str = "") -> Iterator[etree._Element]:
    """The elements of these names, one after another, in memory that does not grow with the document.

    An element is valid until the next one is asked for.
    """
    events = etree.iterparse(
        BytesIO(_mended(body, content_type)), events=("end",), recover=True, encoding="utf-8", **_SAFE
    )
    try:
        for _, element in events:
            if name_of(element) in names:
                yield element
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
    except etree.XMLSyntaxError:
        return


_SAFE: dict[str, Any] = {
    "resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False,
    "remove_comments": True, "remove_pis": True,
}  # fmt: skip


def _mended(body: bytes, content_type: str) -> bytes:
    """Without document type and entities, so that nothing is expanded and nothing is fetched; and with HTML's named
    entities, bare ampersands and illegal characters, at which readers stop, put right."""
    text = _NOT_XML.sub("", decoded(body, content_type))
    text = text[max(text.find("<"), 0) :]
    text = _DECLARATION.sub("", _DOCTYPE.sub("", text, count=1), count=1)
    text = _BARE_AMPERSAND.sub("&amp;", _ENTITY.sub(_character, _CONTROL_REFERENCE.sub("", text)))
    return text.strip().encode("utf-8")


def _character(entity: re.Match[str]) -> str:
    if entity[1] in _XML_NAMES:
        return entity[0]
    character = html.unescape(entity[0])
    return character if character != entity[0] else "&amp;" + entity[0][1:]


def parse_html(body: bytes, content_type: str = "") -> etree._Element | None:
    """The root of an HTML page, scripts and all; None where there is none."""
    charset = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", content_type)
    known = charset[1] if charset and _known(charset[1]) else None
    if known is None and _is_utf8(body):
        known = "utf-8"
    parser = HTMLParser(encoding=known, recover=True, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = document_fromstring(body.replace(b"\x00", b""), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, LookupError, AssertionError):
        return None
    return root if isinstance(root, etree._Element) else None


def _known(name: str) -> bool:
    try:
        return codecs.lookup(name).name in ("utf-8", "iso8859-1", "cp1252") or codecs.lookup(name)._is_text_encoding
    except (LookupError, ValueError):
        return False


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except ValueError:
        return False
    return True


def base_of(root: etree._Element, url: str) -> str:
    """What relative links of a page are relative to: `<base href>`, else its own URL."""
    for base in root.iter("base"):
        if href := base.get("href"):
            try:
                return urljoin(url, href.strip())
            except ValueError:
                return url
    return url


def name_of(element: etree._Element) -> str:
    """An element's name without its namespace, in lower case; "" for comments and the like."""
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    return tag.rpartition("}")[2].rpartition(":")[2].lower()


def namespace_of(element: etree._Element) -> str:
    """An element's namespace, or, where it was not declared, its prefix; in lower case."""
    tag = element.tag if isinstance(element.tag, str) else ""
    if tag.startswith("{"):
        return tag[1:].partition("}")[0].lower()
    prefix, colon, _ = tag.partition(":")
    return prefix.lower() if colon else ""


def children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """The direct children of that name, whatever their namespace."""
    return (child for child in element if name_of(child) == name)


def text_of(element: etree._Element | None) -> str:
    """All text within, on one line, bounded."""
    if element is None:
        return ""
    return one_line("".join(str(part) for part in element.itertext(with_tail=False)))


def one_line(text: str, limit: int = MAX_TEXT) -> str:
    """Blanks squeezed, control characters gone, bounded."""
    text = _BLANKS.sub(" ", text[: limit * 20]).strip()
    if text.isprintable():
        return text[:limit].strip()
    return "".join(character for character in text if character.isprintable())[:limit].strip()


def plain(text: str) -> str:
    """A title out of a feed, which may be HTML, escaped HTML or text: on one line, without tags."""
    text = html.unescape(_TAG.sub("", text[: MAX_TEXT * 20]))
    return one_line(html.unescape(text) if "&" in text else text)


_ISO = re.compile(
    r"(\d{4})-(\d\d?)(?:-(\d\d?))?(?:[T ]\s*(\d\d?):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?)?\s*"
    r"(Z|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d)?",
    re.IGNORECASE,
)


def moment(text: str | None) -> datetime | None:
    """An aware datetime out of ISO 8601 or RFC 822 in their usual and unusual spellings; None for anything else.

    What states no zone is taken as UTC; what states only the day or month is its beginning.
    """
    text = (text or "").strip()[:80]
    if not text:
        return None
    try:
        found = _iso(text) or parsedate_to_datetime(re.sub(r"\s+", " ", text))
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        return found if 1970 <= found.astimezone(UTC).year <= 2100 else None
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _iso(text: str) -> datetime | None:
    parts = _ISO.fullmatch(text)
    if not parts:
        return None
    year, month, day, hour, minute, second = (int(one) if one else None for one in parts.groups()[:6])
    assert year is not None
    assert month is not None
    zone = (parts[7] or "Z").upper()
    offset = "+00:00" if zone in ("Z", "UTC", "GMT") else zone if ":" in zone else f"{zone[:3]}:{zone[3:] or '00'}"
    spelled = f"{year:04}-{month:02}-{day or 1:02}T{hour or 0:02}:{minute or 0:02}:{min(second or 0, 59):02}{offset}"
    return datetime.fromisoformat(spelled)
