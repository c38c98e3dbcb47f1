"""What stands in an article's body and is no part of it: inserts, credits, captions, prompts, bylines.

Everything that is cut is returned with the clue kind under which it is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from crawler.extraction.learned import Noise
from crawler.extraction.lines import Line, Markup, ends_sentence, fold, inner_sentences, words
from crawler.extraction.phrases import alternation, words_for

_MAX_LINE = 320
"""Characters; a longer line is never cut by its words."""
_MARK = r"\s*(?:[:：»›▶►→|>]+|\s[-–—]+\s|\.{2,}|…)\s*"
_LEAD = r"^[\W_]*(?:\d{1,2}[.)]\s*)?"

_TEMPLATES = re.compile(
    r"""\b(?:the|this)\s+(?:\w+\s+)?(?:post|article|story|piece|report|essay|column|content|news)\b.{0,200}?
        \b(?:appeared|published|posted|republished|reproduced|produced|syndicated|reprinted|sourced|generated)\b
        |^not\s+edited\s+by
        |has\s+not\s+been\s+edited\s+by
        |\berschien\s+zuerst\b | \bzuerst\s+(?:auf|bei|in)\b.{0,80}\berschienen
        |est\s+apparu\s+en\s+premier\s+sur | \ba\s+été\s+(?:initialement|d'abord)\s+publié
        |se\s+publicó\s+primero\s+en | (?:fue\s+)?publicad[oa]\s+(?:originalmente|por\s+primera\s+vez)\s+en
        |apareceu\s+primeiro\s+em | foi\s+publicad[oa]\s+(?:originalmente|primeiro)
        |proviene\s+da\b | è\s+stato\s+pubblicato\s+(?:originariamente|per\s+la\s+prima\s+volta)
        |verscheen\s+(?:eerst|eerder|oorspronkelijk)\s+(?:op|in|bij) | pochodzi\s+z\s+serwisu | dök\s+först\s+upp\s+på
        |появил(?:ась|ось|ись|ся)\s+(?:сначала|впервые)\s+на | впервые\s+опубликован | з['’]явил(?:ась|ося|ися|ся)\s+спочатку\s+на
        |ilk\s+önce\b.{0,80}(?:üzerinde|sitesinde) | εμφανίστηκε\s+πρώτα | ظهرت?\s+.{0,200}\sأولا?[ًا]?\s+على | نشر\s+.{0,80}\sأولا?[ًا]?\s+(?:على|في)
        |最先出现在 | 首发于 | 最早出現於 | に最初に表示されました | 처음\s+등장했습니다 | muncul\s+pertama\s+kali\s+(?:di|pada)
        |पहली\s+बार\s+प्रकाशित""",
    re.IGNORECASE | re.VERBOSE,
)
_TEMPLATE_STEMS = (
    "appeared", "publi", "posted", "produced", "syndicated", "reprinted", "sourced", "generated", "edited by", "erschien",
    "apparu", "apareceu", "proviene", "verscheen", "pochodzi", "först", "появил", "явил", "опубликован", "önce", "εμφανίστηκε",
    "أول", "最先", "首发", "最早", "最初", "처음", "muncul", "प्रकाशित",
)  # fmt: skip
"""One of these stands in whatever _TEMPLATES matches: looking for them first costs a tenth."""
_CREDIT_TAIL = re.compile(
    r"""(?:[\[(（]\s*(?:file\s*:?\s*)?[^\[\]()]{2,60}\s?(?:/|via)\s?[^\[\]()]{2,60}[\])）]
        |[\[(（]\s*(?:photo|image|foto|bild|fot\.|фото|صورة|图|圖|写真|사진)\b[^\[\]()]{0,80}[\])）]
        |\b(?:getty\s+images|shutterstock|istock|unsplash|reuters/[\w .'-]+|[\w.'-]+/(?:afp|ap|epa|reuters|getty))\b[^.!?]{0,30}
        |\|\s*(?:photo|image|foto|photo\s+credit)\b.{0,80}
        |©\s?[\w .,/&'-]{2,80})\s*\.?$""",
    re.IGNORECASE | re.VERBOSE,
)
_BREADCRUMB = re.compile(r"^\W*[\w &'-]{2,30}\s*[»›]\s|^\W*home\s*(?:[/>»›|]\s*\w|$)", re.IGNORECASE)
_RIGHTS = re.compile(r"^\W*(?:©|\(c\)|copyright\s*(?:©|\(c\)|\d{4}))|all rights reserved\W*$", re.IGNORECASE)
_AKISMET = re.compile(r"\bakismet\b", re.IGNORECASE)
_CHANNELS = (
    "t.me/", "telegram", "whatsapp", "телеграм", "تلغرام", "تيليغرام", "تليجرام", "واتساب", "viber", "newsletter", "google news",
    "facebook", "twitter", "instagram", "youtube", "微信", "微博",
)  # fmt: skip
_URGE = re.compile(
    r"""\b(?:subscribe|join|follow|sign\s+up|click|download|abonnier\w*|folge\w*|abonnez|suivez|rejoignez|suscr\w+|síg\w+
    |únete|inscrev\w+|sig[ao]|iscriviti|seguici|unisciti|abonneer|volg|подпи\w+|присоедин\w+|читайте|підпи\w+|приєдн\w+
    |takip|katıl\w*|abone|subskryb\w+|obserwuj|dołącz|följ|prenumerera|følg|seuraa|ikuti|gabung|اشترك\w*|تابع\w*|انضم\w*
    |订阅|关注|加入|訂閱|フォロー|登録|구독|theo\s+dõi)""",
    re.IGNORECASE | re.VERBOSE,
)
_BYLINE = re.compile(
    r"^\W*(?:(?:written|reported|posted|published|edited)\s+)?(?:by|von|par|por|di|door|av|przez|автор|автори|авторы|yazar|بقلم|كتب|作者|記者|记者|文)"
    r"\s*[:：]?\s+(?P<name>[^.!?]{2,80})$",
    re.IGNORECASE,
)
_DATE_LINE = re.compile(
    r"^\W*(?:(?:published|posted|updated|last\s+updated|modified|on|date)\s*(?:on|at)?\s*:?\s*)*"
    r"(?:\w{3,12},?\s+)?(?:\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}[./-]\d{1,2}[./-]\d{1,2}|\d{1,2}\.?\s+\w{3,12}\.?,?\s+\d{4}|\w{3,12}\.?\s+\d{1,2},?\s+\d{4})"
    r"[\s,|·•-]*(?:at|um|à|a las|в)?\s*(?:\d{1,2}[:.]\d{2}(?::\d{2})?\s*(?:[ap]\.?m\.?)?\s*(?:uhr|[A-Z]{2,5})?)?\W*$",
    re.IGNORECASE,
)
_READING_TIME = re.compile(
    r"^\W*\d{1,3}\s*(?:min(?:ute)?s?|мин\w*|minuten|dakika|分钟|分鐘)\s*(?:read|чтения|lesezeit|okuma)?\W*$",
    re.IGNORECASE,
)


def _pattern(table: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"{_LEAD}(?P<phrase>{alternation(table)})(?!\w)(?P<mark>{_MARK}|\W*$)?", re.IGNORECASE)


_INSERT = _pattern(words_for("inserts"))
_CREDIT = _pattern(words_for("credits"))
_CAPTION = _pattern(words_for("captions"))
_PROMPT = _pattern(words_for("prompts"))
_STAFF = re.compile(rf"^\W*(?:by\s+)?(?:{alternation(words_for('staff'))})\W*$", re.IGNORECASE)


@dataclass(slots=True)
class Cleaned:
    """The article's lines, what was cut as (clue kind, line), and the article's standing paragraphs."""

    kept: list[Line] = field(default_factory=list)
    cut: list[tuple[str, Line]] = field(default_factory=list)
    standing: list[str] = field(default_factory=list)


def clean(lines: Sequence[Line], markup: Markup, titles: Sequence[str], noise: Noise | None = None) -> Cleaned:
    """Cuts what is no part of the article. Cuts nothing at all where little would be left of it."""
    kinds = [_kind(line, at, len(lines), markup, noise) for at, line in enumerate(lines)]
    _cut_tail(lines, kinds, markup)
    _cut_title(lines, kinds, titles)
    if not any(kind is None and words(line.text) >= 5 for kind, line in zip(kinds, lines, strict=True)):
        return Cleaned(kept=list(lines))
    cleaned = Cleaned()
    for kind, line in zip(kinds, lines, strict=True):
        if kind is None:
            cleaned.kept.append(line)
            if noise is not None and noise.standing(line.text):
                cleaned.standing.append(line.text)
        elif kind:
            cleaned.cut.append((kind, line))
    while cleaned.kept and cleaned.kept[-1].kind == "h":
        cleaned.cut.append(("insert", cleaned.kept.pop()))  # a heading with nothing under it
    return cleaned


def _kind(line: Line, at: int, total: int, markup: Markup, noise: Noise | None) -> str | None:
    """The clue kind under which a line is cut, None where it stays, "" where it is cut and no clue."""
    text = line.text
    if len(text) > _MAX_LINE:
        return "appeared_first" if len(text) <= 600 and at >= total - 3 and _first_on(text) else None
    link = fold(text) in markup.links
    if noise is not None and noise.recurs(text, link):
        return "site_noise"
    if line.kind == "table":
        return None
    edge = at < 4 or at >= total - 3
    return (
        _by_words(line, link, edge)
        or _byline(text, at, total)
        or _caption(line, markup)
        or ("prompt" if _is_prompt(text) else None)
    )


def _by_words(line: Line, link: bool, edge: bool) -> str | None:
    text = line.text
    if (match := _INSERT.match(text)) and _is_insert(match, line, link):
        return "insert"
    if _first_on(text):
        return "appeared_first"
    if (match := _CREDIT.match(text)) and _is_credit(match, text, edge):
        return "credit_line"
    if (match := _PROMPT.match(text)) and _phrase_carries(match, line, 250):
        return "prompt"
    return None


def _is_insert(match: re.Match[str], line: Line, link: bool) -> bool:
    if link or match["mark"] is not None:
        # "Read more: …" is cut whatever follows, a whole paragraph behind it is not
        return inner_sentences(line.text[match.end() :]) <= (1 if line.kind != "h" else 0) and (
            line.kind != "h" or not line.text[match.end() :].strip() or _several(match["phrase"])
        )
    return line.kind != "h" and _several(match["phrase"]) and not ends_sentence(line.text) and len(line.text) <= 220


def _several(phrase: str) -> bool:
    """A phrase that says enough by itself: of two words, or of four signs without blanks."""
    return " " in phrase.strip() or (len(phrase) >= 4 and not phrase.isascii() and not phrase.islower())


def _first_on(text: str) -> bool:
    low = text.lower()
    return (
        any(stem in low for stem in _TEMPLATE_STEMS)
        and _TEMPLATES.search(text) is not None
        and inner_sentences(text) <= 2
        and _is_notice(text)
    )


def _is_notice(text: str) -> bool:
    """A notice about the page itself names another place, by "on X", "by X" or a link; a report about an article
    ("The report published on Monday says …") goes on to say something."""
    return re.search(r"\b(?:says?|said|shows?|showed|found|finds|reveal\w*|warn\w*|claim\w*|argu\w*)\b", text) is None


def _is_credit(match: re.Match[str], text: str, edge: bool) -> bool:
    rest = text[match.end() :]
    if match["mark"] is not None:
        return len(text) <= 220 and inner_sentences(rest) <= 1 and words(rest) <= 25
    return edge and _several(match["phrase"]) and words(rest) <= 12 and inner_sentences(rest) == 0


def _phrase_carries(match: re.Match[str], line: Line, limit: int) -> bool:
    rest = line.text[match.end() :]
    if match["mark"] is not None:
        return len(line.text) <= limit and (not rest.strip() or line.kind != "h")
    return _several(match["phrase"]) and len(line.text) <= limit and line.kind != "h" and inner_sentences(rest) <= 1


def _byline(text: str, at: int, total: int) -> str | None:
    if at >= 4 and at < total - 2:
        return None
    if _STAFF.match(text) or ((match := _BYLINE.match(text)) and words(match["name"]) <= 10):
        return "byline"
    if at < 4 and (_DATE_LINE.match(text) or _READING_TIME.match(text)):
        return ""
    return None


def _caption(line: Line, markup: Markup) -> str | None:
    text = line.text
    if line.kind in ("p", "quote") and fold(text) in markup.captions:
        return "caption"
    if (match := _CAPTION.match(text)) and match["mark"] is not None:
        rest = text[match.end() :]
        return "caption" if inner_sentences(rest) <= 1 and words(rest) <= 40 else None
    if line.kind != "h" and words(text) <= 60 and _CREDIT_TAIL.search(text) and inner_sentences(text) <= 2:
        return "caption"
    return None


def _is_prompt(text: str) -> bool:
    if _AKISMET.search(text) or _RIGHTS.search(text) or (len(text) <= 150 and _BREADCRUMB.match(text)):
        return True
    low = text.lower()
    return (
        words(text) <= 40 and any(name in low for name in _CHANNELS) and _URGE.search(text) is not None and _urges(text)
    )


def _urges(text: str) -> bool:
    """An appeal to the reader, not a sentence about an appeal: the urging word comes first or beside "us" and "our"."""
    match = _URGE.search(text)
    return match is not None and (
        match.start() <= 12 or re.search(r"\b(?:us|our|uns|unser\w*|nous|notre|nos|nuestr\w+|noss[oa]|nostr[oa]|ons|onze|нас|наш\w*|bizi)\b", text, re.IGNORECASE) is not None
    )  # fmt: skip


def _cut_tail(lines: Sequence[Line], kinds: list[str | None], markup: Markup) -> None:
    """Behind "You may also like", "Leave a comment" and their like nothing is the article's, if no paragraph follows."""
    for at in range(len(lines) // 2, len(lines)):
        if kinds[at] in ("insert", "prompt") and words(lines[at].text) <= 6:
            rest = range(at + 1, len(lines))
            if all(kinds[one] is not None or _teaser(lines[one], markup) for one in rest):
                for one in rest:
                    kinds[one] = kinds[one] or "insert"
                return


def _teaser(line: Line, markup: Markup) -> bool:
    return fold(line.text) in markup.links or (words(line.text) <= 20 and not ends_sentence(line.text))


def _cut_title(lines: Sequence[Line], kinds: list[str | None], titles: Sequence[str]) -> None:
    keys = {fold(title) for title in titles if title}
    for at, line in enumerate(lines[:3]):
        if kinds[at] is None and fold(line.text) in keys:
            kinds[at] = ""
