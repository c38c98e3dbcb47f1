"""What a site shows in the article's place: challenges, blocks, consent and pay walls, missing pages, empty shells.

Every word here also stands in real articles, and in names of sites. So a pattern counts by itself only where the page
has too little text to be an article; where there is text, the title and something else must say it, and a page that
calls itself an article, or has a body of some length, is none of these whatever its title says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from crawler.extraction.head import Head
from crawler.extraction.lines import Line, running_words, words
from crawler.extraction.patterns import BROKEN_OFF
from crawler.items import SkipReason

Judgement = tuple[SkipReason, str]

_PAYWALLED = 80
"""Words up to which a paywalled page's teaser is no article."""
_LITTLE = 150
_CONSENT_TEXT = 400

_I, _X = re.IGNORECASE, re.VERBOSE
_MISSING_TITLE = re.compile(
    r"""^\W*(?:error\s*)?404\b(?!\s+\w+\s+\w) | \b404\s*(?:not\s+found|error|page|[-–|:]) | \berror\s+404\b
    | \bpage\s+(?:was\s+|is\s+|could\s+|can\s?)?(?:not|n['’]t)(?:\s+be)?\s+found | ^\W*not\s+found\W*(?:$|[-–|:])
    | \b(?:that\s+)?page\s+(?:doesn['’]t|does\s+not)\s+exist | that\s+page\s+can['’]t\s+be\s+found
    | ^\W*nothing\s+found\b
    | seite\s+(?:wurde\s+)?nicht\s+gefunden | page\s+(?:introuvable|non\s+trouvée) | página\s+no\s+encontrada
    | página\s+não\s+encontrada | pagina\s+non\s+trovata | pagina\s+niet\s+gevonden | страница\s+не\s+найдена
    | сторінку\s+не\s+знайдено | nie\s+znaleziono\s+strony | sayfa\s+bulunamadı | الصفحة\s+غير\s+موجودة
    | 页面(?:不存在|未找到|找不到) | 找不到(?:页面|頁面) | ページが見つかりません | 페이지를\s+찾을\s+수\s+없
    | không\s+tìm\s+thấy\s+trang""",
    _I | _X,
)
_MISSING_TEXT = re.compile(
    r"""\b404\b | no\s+longer\s+(?:available|exists) | (?:can['’]t|couldn['’]t|could\s+not|cannot)\s+find
    | nothing\s+(?:was\s+)?found
    | nicht\s+gefunden | nie\s+znaleziono | no\s+se\s+(?:ha\s+)?encontr | не\s+найден | не\s+знайдено | bulunamadı""",
    _I | _X,
)
_CAPTCHA_TITLE = re.compile(
    r"""^\W*(?:just\s+a\s+moment|attention\s+required|verif(?:y|ying)\s+(?:that\s+)?you|security\s+(?:check|verification)|checking\s+your\s+browser
    |are\s+you\s+(?:a\s+)?(?:human|robot)|robot\s+check|ddos-guard|human\s+verification|captcha)\b""",
    _I | _X,
)
_CAPTCHA_TEXT = re.compile(
    r"""captcha|(?:verify|verifying|confirm)\s+(?:that\s+)?you\s+are\s+(?:a\s+|not\s+a\s+)?(?:human|robot)|are\s+you\s+(?:a\s+)?(?:human|robot)|not\s+a\s+robot
    |checking\s+(?:if\s+the\s+site|your\s+browser)|ddos\s+protection\s+by|enable\s+javascript\s+and\s+cookies\s+to\s+continue
    |проверка\s+браузера|я\s+не\s+робот|人机验证|安全验证|verifica\s+que\s+eres\s+humano""",
    _I | _X,
)
_GUARD = re.compile(
    r"""\bray\s+id\b|cloudflare|akamai|incapsula|imperva|datadome|reference\s*\#|security\s+(?:service|solution)|online\s+attacks
    |automated\s+(?:requests|traffic|queries)|your\s+ip\b|your\s+browser""",
    _I | _X,
)
"""Who keeps the door says so on the page."""
_CAPTCHA_MARKUP = re.compile(
    r"cf-challenge|cf_chl_|challenge-platform|px-captcha|captcha-delivery|g-recaptcha-response|hcaptcha\.com/1|_incapsula_resource|ddos-guard",
    _I,
)
_BLOCKED = re.compile(
    r"""access\s+(?:to\s+this\s+(?:page|site|resource|website)\s+)?(?:has\s+been\s+|is\s+)?(?:denied|forbidden|blocked)|you\s+(?:have\s+been|are)\s+blocked
    |\b403\b\W*forbidden|request\s+(?:was\s+)?blocked|your\s+ip\s+(?:address\s+)?has\s+been|unusual\s+traffic|too\s+many\s+requests
    |not\s+available\s+in\s+your\s+(?:country|region|location)|unavailable\s+(?:in\s+your|for\s+legal\s+reasons)
    |доступ\s+(?:к\s+.{0,30})?(?:запрещ|ограничен)|zugriff\s+verweigert|accès\s+refusé|acceso\s+denegado|访问被拒绝""",
    _I | _X,
)
_CONSENT = re.compile(
    r"""before\s+you\s+continue|your\s+privacy\s+choices|(?:value|care\s+about|respect)\s+your\s+privacy|accept\s+(?:all\s+)?cookies|cookie\s+consent
    |consent\s+to\s+the\s+use|zustimmen\s+und\s+weiter|mit\s+werbung\s+(?:weiter)?lesen|akzeptieren\s+und\s+weiter|accepter\s+et\s+continuer
    |continuer\s+sans\s+accepter|aceptar\s+y\s+continuar|accetta\s+e\s+continua|akceptuję\s+i\s+przechodzę""",
    _I | _X,
)
_CONSENT_WORD = re.compile(
    r"cookies?\b|consent|privacy|partners|datenschutz|einwilligung|consentement|donn[ée]es|privacidad|dati", _I
)
_PAYWALL = re.compile(
    r"""subscribe\s+(?:now\s+)?to\s+(?:continue|read|keep\s+reading|unlock)|\bto\s+continue\s+reading|already\s+a\s+subscriber
    |this\s+(?:article|content|story)\s+is\s+(?:for|available\s+to|reserved\s+for|only\s+available\s+to|exclusive(?:ly)?\s+(?:to|for))\s+(?:our\s+)?(?:paying\s+)?(?:subscribers|members|premium)
    |log\s+in\s+to\s+(?:continue|read)|exclusive\s+to\s+subscribers|diesen\s+artikel\s+weiterlesen|nur\s+für\s+abonnenten|réservé\s+aux\s+abonnés
    |exclusivo\s+para\s+(?:suscriptores|assinantes)|contenuto\s+riservato\s+agli\s+abbonati|только\s+для\s+подписчиков|订阅后继续阅读""",
    _I | _X,
)
_SCRIPTED = re.compile(
    r"""(?:enable|requires?|need|turn\s+on|activate|activer|aktivieren|habilit\w+|включите|ativar?)\s+(?:\w+\s+){0,3}?javascript
    |javascript\s+(?:is\s+|must\s+be\s+)?(?:required|disabled|enabled|deaktiviert|désactivé)|без\s+javascript""",
    _I | _X,
)
_MOUNTS = frozenset(
    "root app __next __nuxt ___gatsby svelte q-app main-app react-root ember-app".split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class Scenery:
    """What stood on the page beside its body: a sample of its scripts, and what it says to who has none."""

    scripts: str = ""
    noscript: str = ""


def wall(
    tree: HtmlElement,
    head: Head,
    title: str,
    lines: Sequence[Line],
    floor: int,
    is_article: bool,
    free: bool,
    scenery: Scenery,
    teasers: bool,
) -> Judgement | None:
    """What stands in the article's place, None where nothing does. `title`: all titles of the page, without the
    site's own names; `floor`: words of an article; `free`: the page does not declare itself paid;
    `teasers`: its text is those of others."""
    count = sum(words(line.text) for line in lines)
    bare = count < floor
    named = bare or not is_article
    said = (title.strip() or head.title)[:120]
    if named and _MISSING_TITLE.search(title) and (teasers or _is_missing(lines, floor)):
        return SkipReason.SOFT_404, said
    if count >= (_CONSENT_TEXT if named else _PAYWALLED):
        return None
    body = tree.find("body")
    shown = " ".join(str(body.text_content())[:20_000].split())[:4000] if body is not None else ""
    told = " ".join(line.text for line in lines)
    if bare and _MISSING_TEXT.search(shown[:600]):
        return SkipReason.SOFT_404, said
    if bare or (named and count < _LITTLE):
        guarded = bare or _GUARD.search(shown) is not None
        if (guarded or _CAPTCHA_TEXT.search(told)) and _CAPTCHA_TITLE.search(title):
            return SkipReason.CAPTCHA, said
        if bare and (_CAPTCHA_TEXT.search(shown[:1500]) or _CAPTCHA_MARKUP.search(scenery.scripts)):
            return SkipReason.CAPTCHA, said
        if (guarded or _BLOCKED.search(told)) and _BLOCKED.search(title):
            return SkipReason.BLOCKED, said
        if bare and _BLOCKED.search(shown[:1500]):
            return SkipReason.BLOCKED, said
    if count < _PAYWALLED and (not free or _PAYWALL.search(_behind(lines, shown))):
        return SkipReason.PAYWALL, said
    if named and _CONSENT.search(f"{title} {shown if bare else told}") and _about_consent(lines, bare):
        return SkipReason.CONSENT_WALL, said
    if bare and _is_shell(tree, shown, scenery):
        return SkipReason.NEEDS_BROWSER, "a shell that is filled by JavaScript"
    return None


def _is_missing(lines: Sequence[Line], floor: int) -> bool:
    """Whether there is no article under a title that speaks of a missing page: next to no running text, or little that
    says the same; teasers that break off are no running text."""
    running = running_words(line for line in lines if BROKEN_OFF.search(line.text) is None)
    return running < floor or (
        running < _LITTLE and _MISSING_TEXT.search(" ".join(line.text for line in lines)[:600]) is not None
    )


def _behind(lines: Sequence[Line], shown: str) -> str:
    """What the page shows from the article's beginning on: an offer in the site's head bars nobody's way."""
    return shown[max(0, shown.find(lines[0].text[:60])) :] if lines else shown


def _about_consent(lines: Sequence[Line], bare: bool) -> bool:
    told = sum(1 for line in lines if _CONSENT_WORD.search(line.text))
    return bare or told >= 0.5 * len(lines)


def _is_shell(tree: HtmlElement, shown: str, scenery: Scenery) -> bool:
    """A page whose text is yet to come: an empty mount point, a request to turn JavaScript on, or scripts alone."""
    if _SCRIPTED.search(shown[:2000]) or _SCRIPTED.search(scenery.noscript):
        return True
    if not scenery.scripts.strip():
        return False
    for element in tree.iter("div", "main", "section", "app-root"):
        mount = element.tag == "app-root" or (element.get("id") or "").lower() in _MOUNTS
        if mount and words(str(element.text_content())) < 20:
            return True
    return words(shown) < 15
