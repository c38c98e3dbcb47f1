"""Which of a page's titles is its article's: JSON-LD, og:title, headings, <title>, the feed; and what the site calls
itself where it links to its own front page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.discovery.base import Link
from crawler.extraction.head import Head, host_of, squeeze
from crawler.extraction.jsonld import Node, text_of
from crawler.extraction.lines import fold, words
from crawler.extraction.titles import Title, bare_title, name_key

_KICKER_ENDS = (":", "|", "–", "—", "-", "»", "•", "/")
_MIN_TITLE = 3
"""Words of a title that may stand without what is before it."""
_SET_OFF = ":：|｜ㅣ¦•·»«›‹~/–—-_＿"
_MARKS = re.compile(f"[{re.escape(_SET_OFF)}]")
_LEADS_IN = (":", "：", "»", "›")
_ELLIPSES = ("…", "...")
_CUT = 15
"""Characters from which a beginning of another title, cut inside a word, is that title cut short."""
_LONGEST_HOME = 26
"""Characters of such an address besides its host: "https://www.", "/en/index.html"."""
_HOME = re.compile(r"/?(?:[a-z]{2}/?)?(?:index\.\w{3,5})?(?:[?#].*)?$", re.IGNORECASE)
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_MAX_H1, _MAX_HEADINGS, _MAX_LINKS, _MAX_NAMES = 6, 60, 400, 6


def headings(tree: HtmlElement) -> Iterator[str]:
    """The texts of the first h1."""
    for at, heading in enumerate(tree.iter("h1")):
        if at < _MAX_H1 and (text := squeeze(str(heading.text_content()), 500)):
            yield text


def home_names(tree: HtmlElement, url: str) -> list[str]:
    """What links to the front page are called ("The Courier", "Home"), by their words or those of their image."""
    address = urlsplit(url)
    if _HOME.match(address.path):
        return []  # there, anything may lead to the page itself
    host, names = host_of(url), dict[str, None]()
    longest = len(host) + _LONGEST_HOME
    for link in islice(tree.iter("a"), _MAX_LINKS):
        href = link.get("href")
        if not href or len(href) > longest or not _leads_home(href, host):
            continue
        if 2 < len(name := _called(link)) <= 60:
            names[name] = None
            if len(names) >= _MAX_NAMES:
                break
    return list(names)


def _leads_home(href: str, host: str) -> bool:
    if href.startswith("/") and not href.startswith("//"):
        return len(href) <= 20 and _HOME.match(href) is not None
    if host_of(href) != host:
        return False
    return _HOME.match(href.split("//", 1)[1].partition("/")[2]) is not None


def _called(link: HtmlElement) -> str:
    text = squeeze(str(link.text_content()), 100)
    return text or next((alt for image in link.iter("img") if (alt := squeeze(image.get("alt") or "", 100))), "")


def choose(tree: HtmlElement, head: Head, article: Node, hints: Link | None, own: Sequence[str]) -> Title:
    """The article's title. `own` are the names of the site, which is never the title where there is another."""
    og = head.first("og:title", "twitter:title", "parsely-title", "dc.title")
    headline = text_of(article.get("headline") or article.get("name"))
    levels = list(_levels(tree))
    own = [*own, *_mastheads(levels, head.title)]
    ours = {name_key(name) for name in own}
    shown = _shown(levels, (og, headline), head.title, ours)
    hinted = hints.title if hints is not None else ""
    titles = [one for one in (headline, og, shown, hinted) if one and name_key(one) not in ours]
    if og in titles and (_without_kicker(headline, og) or _for_search_engines(headline, og, shown, head.title)):
        titles.insert(0, og)
    main, *others = titles or [head.title or next(headings(tree), "")]
    return bare_title(_whole(main, (*others, head.title)), others, head.title, own)


def _without_kicker(headline: str, og: str) -> bool:
    """Whether a headline is og:title behind a "Theme: ", which the site itself does not count as part of it."""
    return (
        words(og) >= _MIN_TITLE and headline.endswith(og) and headline.removesuffix(og).rstrip().endswith(_KICKER_ENDS)
    )


def _for_search_engines(headline: str, og: str, shown: str, document: str) -> bool:
    """Whether a headline is the wording of <title>, where readers and social networks are shown another one."""
    return og == shown and fold(headline) != fold(og) and fold(document).startswith(fold(headline))


def _whole(title: str, others: Iterable[str]) -> str:
    """The title, or the one of which it is the beginning, cut short with an ellipsis or in the middle of a word."""
    stem = next((title.removesuffix(mark).rstrip() for mark in _ELLIPSES if title.endswith(mark)), title)
    for other in others:
        if len(stem) < len(other) and other.startswith(stem) and not other.startswith(title + " "):
            follows = other[len(stem) :]
            inside = stem[-1:].isalnum() and follows[0].isalnum() and not _UNSPACED.match(follows)
            if (stem != title and not follows.lstrip().startswith(_ELLIPSES)) or (inside and len(stem) >= _CUT):
                return other
    return title


Level = tuple[str, str]
"""A heading's tag and its text."""


# -- headings ----------------------------------------------------------------------------------------------------


def _shown(levels: Sequence[Level], titles: Iterable[str], document: str, ours: set[str]) -> str:
    """The heading that is the article's: of those that share their words with what the head calls the page the longest;
    one below h1 must be a title as a whole, or all of <title> but what is hung on it."""
    keys, whole = [key for title in (*titles, document) if (key := fold(title))], fold(document)
    best, longest = "", 0
    for level, text in levels:
        key = fold(text)
        if len(key) <= longest or name_key(text) in ours:
            continue
        if key in keys or (level == "h1" and _shares(key, keys)) or (level != "h1" and _is_piece(key, whole, ours)):
            best, longest = text, len(key)
    return best


def _shares(key: str, keys: Sequence[str]) -> bool:
    return len(key) >= 8 and any(key in other or other in key for other in keys)


def _levels(tree: HtmlElement) -> Iterator[Level]:
    for at, heading in enumerate(tree.iter("h1", "h2", "h3", "h4")):
        if at >= _MAX_HEADINGS:
            return
        if text := squeeze(str(heading.text_content()), 500):
            yield str(heading.tag), text


def _is_piece(key: str, document: str, ours: set[str]) -> bool:
    """Whether a heading is what <title> begins or ends with, and the rest, set off by a mark, is shorter or ours."""
    rest, leads = _rest(key, document)
    if any(name_key(piece) in ours for piece in _MARKS.split(rest) if piece.strip()):
        return True
    return leads and words(key) >= _MIN_TITLE and len(key) > len(rest) > 0


def _rest(key: str, document: str) -> tuple[str, bool]:
    """What <title> holds behind or before this, without the mark between them, "" where no mark parts them; and whether
    this is where a title stands: before the rest, or behind a colon or an arrow."""
    if document.startswith(key) and (rest := document[len(key) :].strip())[:1] in _SET_OFF:
        return rest.strip(f"{_SET_OFF} "), True
    if document.endswith(key) and (rest := document[: -len(key)].strip())[-1:] in _SET_OFF:
        return rest.strip(f"{_SET_OFF} "), rest.endswith(_LEADS_IN)
    return "", False


def _mastheads(levels: Sequence[Level], document: str) -> list[str]:
    """Headings of the first rank that are the site's name: the rest of <title> beside a longer, lower heading."""
    whole = fold(document)
    tops = [(text, fold(text)) for level, text in levels[:4] if level == "h1"]
    rests = {
        rest for _, text in levels for rest, leads in [_rest(fold(text), whole)] if leads and len(rest) < len(text)
    }
    return [text for text, key in tops if key in rests]
