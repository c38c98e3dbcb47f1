"""Figures, times and verdicts in words. Also what makes a stranger's text fit to be shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import unquote, urlsplit

from crawler.items import Relation, Verdict

CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
_ESCAPED = re.compile(r"(?:%[89A-Fa-f][0-9A-Fa-f])+")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}")
_MINUTE, _HOUR, _DAY = 60, 3600, 86400

RELATIONS: Mapping[Relation, str] = {
    "verbatim": "verbatim copy",
    "excerpt": "excerpt",
    "edited": "edited copy",
    "roundup": "round-up",
    "translation": "translation",
    "attributed": "credited",
    "same_site": "same site",
}


def clean(text: str) -> str:
    """Text without what a terminal or a line of a page would obey: control, escape and direction characters."""
    return CONTROL.sub("", text)


def one_line(text: str, limit: int = 200) -> str:
    """Clean text on one line, cut with an ellipsis after `limit` characters."""
    line = " ".join(clean(text.replace("\n", " ").replace("\t", " ")).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def safe_url(url: str | None) -> str | None:
    """The URL if it may become a link: http or https with a host, nothing else; else None."""
    if not url or CONTROL.search(url):
        return None
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname
    except ValueError:
        return None
    return url.strip() if parts.scheme in ("http", "https") and host else None


def host_of(url: str | None) -> str:
    """The host (with its port, where one is written) as people read it, without "www."."""
    try:
        host = urlsplit(url or "").netloc.rpartition("@")[2]
    except ValueError:
        return ""
    return clean(host.lower().removeprefix("www."))


def short_url(url: str) -> str:
    """A URL as people read it: no scheme, no "www.", no last slash, letters of other scripts instead of escapes."""
    readable = _ESCAPED.sub(_letters, re.sub(r"^https?://(www\.)?", "", url))
    return clean(readable).rstrip("/")


def _letters(escaped: re.Match[str]) -> str:
    try:
        letters = unquote(escaped[0], errors="strict")
    except UnicodeDecodeError:
        return escaped[0]
    return letters if letters.isprintable() else escaped[0]


def language_tag(language: str | None) -> str:
    """A language tag fit for an attribute, or ""."""
    return language if language and _LANGUAGE.fullmatch(language) else ""


def moment(when: datetime | None, precision: str | None = None) -> str:
    """A time such as 12 Nov 2026, 14:03 UTC, with the offset that was stated; the day alone where no more is known."""
    if when is None:
        return "time not stated"
    if precision == "day":
        return day(when)
    offset = when.strftime("%z")
    zone = "UTC" if offset in ("+0000", "") else f"{offset[:3]}:{offset[3:5]}"
    return f"{when.day} {when:%b %Y, %H:%M} {zone}"


def day(when: datetime | None) -> str:
    """12 Nov 2026, or nothing where it is not known."""
    return "" if when is None else f"{when.day} {when:%b %Y}"


def duration(seconds: float) -> str:
    """45 s, 12 min, 3 h 12 min, 2 d 4 h, 3 months: two units at most; the sign is dropped."""
    seconds = abs(seconds)
    if seconds < _MINUTE:
        return f"{seconds:.0f} s"
    if seconds < _HOUR:
        return f"{seconds // _MINUTE:.0f} min"
    if seconds < _DAY:
        return _two(seconds, _HOUR, "h", _MINUTE, "min")
    if seconds < 14 * _DAY:
        return _two(seconds, _DAY, "d", _HOUR, "h")
    if seconds < 60 * _DAY:
        return f"{seconds / _DAY:.0f} days"
    if seconds < 730 * _DAY:
        return f"{seconds / (30.44 * _DAY):.0f} months"
    return f"{seconds / (365.25 * _DAY):.0f} years"


def _two(seconds: float, big: int, big_unit: str, small: int, small_unit: str) -> str:
    whole, rest = divmod(int(seconds), big)
    rest //= small
    return f"{whole} {big_unit} {rest} {small_unit}" if rest else f"{whole} {big_unit}"


def lag(seconds: int | None) -> str:
    """+3 h 12 min, with a minus sign where the copy is dated before its original; nothing where it is not known."""
    return "" if seconds is None else ("−" if seconds < 0 else "+") + duration(seconds)


def lag_of(verdict: Verdict, vague: bool = False) -> str:
    """A verdict's lag. `vague`: one of the two times is only a day, so that only days can be told."""
    if verdict.lag_seconds is None or not vague:
        return lag(verdict.lag_seconds)
    days = _days(verdict)
    return f"{'−' if days < 0 else '+'}{count(abs(days), 'day')}" if days else "same day"


def apart(verdict: Verdict, vague: bool = False) -> str:
    """How far a page is from its original, without a sign: 3 h 12 min, or 2 days; nothing where that is not known."""
    return lag_of(verdict, vague).lstrip("+−")


def _days(verdict: Verdict) -> int:
    """From the day that the original states to that which the page states, each where it was written. What is earlier
    by less than a day may be later: a mere day has no offset."""
    seconds = verdict.lag_seconds or 0
    if -_DAY < seconds < 0:
        return 0
    if verdict.published is None or verdict.original_published is None:
        return round(seconds / _DAY)
    return (verdict.published.date() - verdict.original_published.date()).days


def percent(share: float) -> str:
    """Whole per cent; 100 % only where all of it, 0 % only where nothing."""
    if 0 < share < 1:
        return f"{min(max(round(share * 100), 1), 99)} %"
    return f"{share * 100:.0f} %"


def count(number: int, one: str, many: str = "") -> str:
    """1 copy, 1,204 copies."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def kind(verdict: Verdict) -> str:
    """One or two words for what the page is."""
    if verdict.status == "repost":
        return RELATIONS[verdict.relation] if verdict.relation else "repost"
    return verdict.status


def source_name(verdict: Verdict) -> str:
    """Who is named as the source: the publisher, else the host of the original."""
    return one_line(verdict.publisher or host_of(verdict.original_url) or "an unknown source", 80)


def sentence(verdict: Verdict, vague: bool = False) -> str:
    """The verdict as one sentence. `vague`: one of the two times is only a day."""
    after = _after(verdict, vague)
    source = source_name(verdict)
    if verdict.status == "original":
        return "An original: it comes from no page that is held here."
    if verdict.status == "unknown":
        return "Undecided: the evidence does not carry a verdict."
    if verdict.status == "sibling":
        return f"A sibling: this page and others took the text from {source}, not from one another."
    if verdict.original_url is None:
        return f"A repost: the page credits {source}; the original is not held here."
    if verdict.relation == "attributed":
        return f"A repost of {one_line(verdict.original_url)}, though no shared passage shows it."
    if verdict.relation == "translation":
        return f"A translation of a text of {source}{after}."
    if verdict.relation == "same_site":
        shared = percent(verdict.copied)
        return f"The second copy of one text on this site{after}; {shared} of its words are shared."
    return (
        f"{percent(verdict.copied)} of this page's words stand in the original of {source}"
        f"{after}; it carries {percent(verdict.coverage)} of that text."
    )


def _after(verdict: Verdict, vague: bool) -> str:
    told = lag_of(verdict, vague)
    if told == "same day":
        return ", on the same day"
    length = apart(verdict, vague)
    return f", although dated {length} before it" if told.startswith("−") else f", {length} after it" if told else ""


def sure(confidence: float) -> str:
    """How sure, in a word: the same steps everywhere."""
    if confidence >= 0.95:
        return "very likely"
    if confidence >= 0.8:
        return "likely"
    return "probable" if confidence >= 0.6 else "uncertain"
