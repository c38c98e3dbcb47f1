"""The title of an article without what others hung on it, and what they hung on it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from crawler.extraction.lines import words

MAX_TITLE = 500
_SEPARATOR = re.compile(r"(\s+[|｜¦•·»«–—-]\s+|\s*[|｜]\s*|\s*[_＿](?=[^\s_]{2,40}$)|\s+::?\s+)")
_MARKS = "|｜ㅣ¦•·»«–—-_＿"
_PREFIX = re.compile(r"^(.{2,60}?)(?:\s*[:：|｜]|\s[:¦•·»–—-])\s+(?=\S)")
_PIECES = re.compile(r"\s*[|｜ㅣ¦•·»«–—_＿]\s*|\s+-\s+|^\s*-\s*|-(?=[^-]*[|ㅣ｜])")
MARKED = re.compile(r"[|｜ㅣ¦•·»«–—_＿:-]")
"""A title without any of these has nothing hung on it."""
_SMALL = frozenset(
    "the of and for a an in on at de la le les des du el los las y e da do di del della der die das und van al".split()  # noqa: SIM905
)
_MAX_SEGMENT_WORDS = 6


@dataclass(frozen=True, slots=True)
class Title:
    """`text` is the bare title; `suffixes` what followed it, the outermost first, each with whether it is the
    site's own name; `theme_suffix` is the outermost that only the <title> element carries."""

    text: str
    suffixes: tuple[tuple[str, bool], ...] = ()
    theme_suffix: str = ""


def bare_title(main: str, others: Sequence[str], document: str, own_names: Iterable[str]) -> Title:
    """Takes suffixes off `main`, the title to show.

    `others` are the page's further titles (heading, og:title, JSON-LD headline, feed), `document` its <title>, and
    `own_names` what this site is called. A suffix goes where another title lacks it, where it is a known name, or
    where it looks like one.
    """
    main, document = main[:MAX_TITLE].strip(), document[:MAX_TITLE].strip()
    own = {key for name in own_names if (key := name_key(name))}
    known = [title[:MAX_TITLE].strip() for title in (main, *others) if title.strip()]
    bare, prefix = _without_prefix(document, own)
    main, document = (bare if main == document else main), bare
    text, found = _strip(main, known, own)
    found += [(prefix, True)] if prefix else []
    seen = {name_key(name) for name, _ in found}
    theme_suffix = ""
    for other in (document, *others):
        rest, more = _strip(other, [*known, text], own)
        if name_key(rest) != name_key(text):
            continue
        if other == document and more and any(name_key(more[0][0]) not in name_key(title) for title in known):
            theme_suffix = more[0][0]
        found += [one for one in more if name_key(one[0]) not in seen]
        seen.update(name_key(name) for name, _ in more)
    return Title(text or main, tuple(found[:4]), theme_suffix)


def _without_prefix(document: str, own: set[str]) -> tuple[str, str]:
    """<title> without the site's own name before it ("The Courier: …"), and this name."""
    match = _PREFIX.match(document)
    if match is None or name_key(match[1]) not in own or words(document[match.end() :]) < 2:
        return document, ""
    return document[match.end() :], match[1].strip()


def _strip(title: str, known: Sequence[str], own: set[str]) -> tuple[str, list[tuple[str, bool]]]:
    """The title without its suffixes, and these, the outermost first, each with whether it is the site's own. A date
    goes, and names nobody."""
    rest = _agreed(title, known)
    found = [(segment, name_key(segment) in own) for segment in reversed(_PIECES.split(title[len(rest) :]))]
    pieces = _SEPARATOR.split(rest)
    while len(pieces) >= 3:
        head, mark, segment = "".join(pieces[:-2]).strip(), pieces[-2].strip(), pieces[-1].strip()
        mine = name_key(segment) in own
        if not segment or not (mine or _hung_on(head, mark, segment)) or words(head) < 2:
            break
        found.append((segment, mine))
        pieces = pieces[:-2]
    return "".join(pieces).strip(), [one for one in found if any(map(str.isalpha, one[0]))]


def _agreed(title: str, known: Sequence[str]) -> str:
    """The beginning of a title that another title of the page is the whole of, where a separator follows it."""
    shortest = title
    for other in known:
        if words(other) >= 3 and len(other) < len(shortest) and title.startswith(other):
            follows = title[len(other) :].lstrip()
            if follows[:1] in _MARKS and follows[1:].strip():
                shortest = other
    return shortest


def _hung_on(rest: str, mark: str, segment: str) -> bool:
    """Whether a last segment looks like a name hung on a headline, going by the mark before it."""
    if words(segment) > _MAX_SEGMENT_WORDS or len(segment) > 60 or len(rest) <= len(segment):
        return False
    if mark in ("|", "｜", "¦", "_", "＿", "::", "»", "•", "·"):
        return words(rest) >= 3
    if mark == "«" and "»" in rest + segment:
        return False  # a quotation
    return mark in ("-", "–", "—", "«") and words(rest) >= 4 and words(segment) <= 4 and _named(segment)


def _named(segment: str) -> bool:
    """Every word with a capital, or a script without capitals; no digits."""
    if any(one.isdigit() for one in segment) or segment[-1] in "?!.…\"'”’":
        return False
    if segment.upper() == segment.lower():
        return words(segment) <= 3
    return all(word[:1].isupper() or word.lower() in _SMALL for word in re.findall(r"[^\W\d_]+", segment))


def name_key(text: str) -> str:
    """Equal for a name, its host's label, and its spellings with and without article, blanks and capitals."""
    return re.sub(r"^the(?=\w)|[\W_]+", "", re.sub(r"[\W_]+", "", text.lower()))
