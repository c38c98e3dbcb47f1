"""Appeals to the reader, share rows, cookie notices, marks of advertisements: what addresses the reader of the page,
not of the article."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.extraction import patterns as seen
from crawler.extraction.furniture import reserves_rights
from crawler.extraction.lines import Line, inner_sentences, words
from crawler.extraction.phrases import alternation, words_for
from crawler.extraction.sentences import finite, runs_on, says_enough, speaks, told

_LONG, _ROW, _PAUSE, _CALL = 250, 10, 12, 16
"""Characters of an appeal; words of a row of networks, of "article continues below", of an unpunctuated call."""
_INFLECTED = 4
"""Letters of words that may have no ending."""
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_I = re.IGNORECASE


def _anywhere(words: Sequence[str]) -> re.Pattern[str]:
    """Any of these as a word, the long ones also inflected, in scripts without blanks anywhere."""
    unspaced = [word for word in words if _UNSPACED.search(word)]
    short = [word for word in words if len(word) <= _INFLECTED and word not in unspaced]
    long = [word for word in words if len(word) > _INFLECTED and word not in unspaced]
    return re.compile(
        rf"(?<!\w)(?:(?:{alternation(short)})(?!\w)|(?:{alternation(long)}))|{alternation(unspaced)}", re.IGNORECASE
    )


_GIFT, _ADVERT = _anywhere(words_for("gifts")), _anywhere(words_for("adverts"))
_ONWARD = seen.begins_with("onward")
_GOES_ON = re.compile(
    r"\b(?:contin|weiter|fortsät|fortset|jatku|продолж|продовж|devam|proseg|prosseg|pokrač|kontyn|ciąg|folytat|συνέχ|συνεχ|tiếp"
    r"|lanjut|scroll|verder|suite|nastav|ادامه|يتبع|تابع|जारी)|続|계속|继续|繼續",
    _I,
)
"""How words for going on begin."""
_CLOSINGS = tuple(words_for("closings"))
_LEGAL = ("disclaimer", "haftungsausschluss", "免责", "免責", "声明", "聲明", "本站声明", "特别声明", "重要声明")
_ADDRESSED = re.compile(
    r"(?:\b(?:t|telegram)\.me/|\bwa\.me/|chat\.whatsapp\.com|whatsapp\.com/channel|instagram\.com/|facebook\.com/|\bfb\.com/"
    r"|youtube\.com/|patreon\.com|ko-fi\.com|paypal\.me|buymeacoffee|\bvk\.com/|\bok\.ru/|dzen\.ru|line\.me|weibo\.com)\S*\W*$",
    _I,
)
_NETWORKS = frozenset((
    "facebook", "twitter", "x", "whatsapp", "telegram", "linkedin", "pinterest", "reddit", "email", "e-mail",
    "mail", "tumblr", "viber", "messenger", "threads", "bluesky", "vk", "line", "weibo", "qq", "instagram",
    "youtube", "tweet", "pin", "pocket", "print", "flipboard", "mastodon", "skype", "copy", "link", "wechat",
    "xing", "tiktok", "вконтакте", "одноклассники", "微博", "微信", "텔레그램", "카카오톡", "페이스북", "트위터",
))  # fmt: skip
_TOKEN = re.compile(r"[\w-]+")


def is_prompt(line: Line, lead: str | None, sites: Sequence[str]) -> bool:
    """Whether a short line is one. `lead`: what stands before the link that ends it; `sites`: the site's names."""
    text = line.text
    low = text.lower()
    if _is_page(text, low) or _is_row(text, low) or _is_pause(text):
        return True
    match = seen.PROMPT.match(text)
    if match is not None and _appeal(match, line):
        return True
    return _asks(line, lead, sites, low) or _calls(text, low)


def _appeal(match: re.Match[str], line: Line) -> bool:
    """ "Follow us: …", "Sign up for our newsletter and …"; not "Follow us, they called from the boat"."""
    text, rest = line.text, line.text[match.end() :]
    if len(text) > _LONG:
        return False
    if line.kind == "h":
        return not rest.strip() or (says_enough(match["phrase"]) and not finite(text) and _is_ours(text))
    if _is_told(text, match.end("phrase")):
        return False
    if match["mark"] is not None:
        return not runs_on(rest) or _is_ours(rest) or match["phrase"].lower().startswith(_LEGAL)
    if not says_enough(match["phrase"]) or inner_sentences(rest) > 1:
        return False
    return not runs_on(rest) or seen.asks(text) is not None or _is_ours(text)


def _is_ours(text: str) -> bool:
    """Whether a text speaks of us, of the reader's mail, or of a channel."""
    return seen.names_channel(text.lower()) or seen.OURS.search(text) is not None or seen.MAIL.search(text) is not None


def _asks(line: Line, lead: str | None, sites: Sequence[str], low: str) -> bool:
    """A paragraph of a sentence or two that asks the reader for something: for us, in the mail, or for a gift."""
    text = line.text
    if line.kind != "p" or len(text) > _LONG:
        return False
    end = seen.asks(text)
    if end is None and not _closes(low):
        return False
    if words(text) > 30 or inner_sentences(text) > 2 or _is_told(text, end or 0):
        return False
    given = (lead is not None or any(site in low for site in sites)) and _GIFT.search(text) is not None
    return given or seen.OURS.search(text) is not None or seen.MAIL.search(text) is not None


def _is_told(text: str, at: int) -> bool:
    """Whether the sentence tells of an appeal to others: somebody says it, or it has nothing to do with us."""
    return told(text, at) and (speaks(text, at) or not _is_ours(text[at:]))


def _closes(low: str) -> bool:
    return low.rstrip(" .!。！:：→»👇♥️").endswith(_CLOSINGS)


def _calls(text: str, low: str) -> bool:
    """An appeal to the reader that names a channel, not a sentence about one: the urging word comes first, or beside
    "us" and "our", or in a call that is no sentence."""
    if "/" in low and _ADDRESSED.search(text) and words(text) <= 25 and inner_sentences(text) <= 1:
        return True
    if not seen.names_channel(low) or words(text) > 40:
        return False
    urge = seen.URGE.search(text)
    if urge is None and not _closes(low):
        return False
    if _is_told(text, 0):
        return False
    call = words(text) <= _CALL and not finite(text) and text[:1] not in "\"'“«„「『"
    first = urge is not None and urge.start() <= 2
    return first or call or low.startswith(seen.PLEASE) or seen.OURS.search(text) is not None


def _is_page(text: str, low: str) -> bool:
    """Notices of plugins, rights, breadcrumbs, cookies."""
    if any(stem in low for stem in seen.PLUGIN_STEMS) and seen.PLUGIN.search(text):
        return True
    if reserves_rights(text) or (len(text) <= 150 and seen.BREADCRUMB.match(text)):
        return True
    cookies = "cookie" in low or "куки" in low or "çerez" in low
    return cookies and words(text) <= 50 and seen.COOKIES.search(text) is not None


def _is_row(text: str, low: str) -> bool:
    """ "Share on Facebook Tweet Pin it WhatsApp": mostly names of networks, and no sentence."""
    if len(text) > 120 or finite(text):
        return False
    tokens = _TOKEN.findall(low)
    named = sum(token in _NETWORKS for token in tokens)
    return named >= 2 and len(tokens) <= _ROW and named >= len(tokens) / 2


def _is_pause(text: str) -> bool:
    """ "Article continues below advertisement"."""
    if len(text) > 120 or _ADVERT.search(text) is None or words(text) > _PAUSE:
        return False
    if _ONWARD.match(text):
        return not _is_told(text, 0)
    return not finite(text) and _GOES_ON.search(text) is not None
