"""Is this page an article at all? A conservative judge: where it doubts, the page stays one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.extraction.head import Head
from crawler.extraction.jsonld import ARTICLE_TYPES, types
from crawler.extraction.lines import Line, words
from crawler.extraction.metadata import Metadata
from crawler.items import SkipReason

MIN_WORDS = 40
"""The floor for an article. A brief of two sentences has about 45 words; five-word shingles need some to say anything."""
_SHORT = 150
"""Words under which a page's talk about robots, consent or a missing page is believed."""

Judgement = tuple[SkipReason, str]

_CAPTCHA = re.compile(
    r"captcha|verify(?:ing)? (?:that )?you are (?:a )?human|are you (?:a )?(?:human|robot)|not a robot|checking your browser|just a moment"
    r"|security check|ddos protection by|attention required|enable javascript and cookies to continue|проверка браузера|я не робот|人机验证|verifica que eres humano",
    re.IGNORECASE,
)
_CAPTCHA_MARKUP = re.compile(
    r"cf-challenge|cf_chl_|challenge-platform|px-captcha|datadome|g-recaptcha-response|hcaptcha\.com/1|_incapsula_|/_Incapsula_Resource|ddos-guard",
    re.IGNORECASE,
)
_BLOCKED = re.compile(
    r"access (?:to this (?:page|site|resource) (?:has been|is) )?denied|you (?:have been|are) blocked|403 forbidden|request blocked|your ip (?:address )?has been"
    r"|unusual traffic|not available in your (?:country|region|location)|unavailable (?:in your|for legal reasons)|too many requests|доступ (?:к .{0,30})?(?:запрещ|ограничен)|zugriff verweigert|accès refusé|acceso denegado|访问被拒绝",
    re.IGNORECASE,
)
_CONSENT = re.compile(
    r"before you continue|your privacy choices|we (?:and our (?:\d+ )?partners )?(?:value|care about) your privacy|accept (?:all )?cookies|cookie consent|consent to the use"
    r"|zustimmen und weiter|mit werbung (?:weiter)?lesen|akzeptieren und weiter|accepter et continuer|continuer sans accepter|aceptar y continuar|accetta e continua|akceptuję i przechodzę",
    re.IGNORECASE,
)
_PAYWALL = re.compile(
    r"subscribe to (?:continue|read|keep reading|unlock)|this (?:article|content|story) is (?:for|available to|reserved for|only available to) (?:our )?(?:subscribers|members|premium)|to continue reading"
    r"|already a subscriber|log in to (?:continue|read)|exclusive to subscribers|diesen artikel weiterlesen|nur für abonnenten|réservé aux abonnés|exclusivo para suscriptores|contenuto riservato agli abbonati|только для подписчиков|订阅后继续阅读",
    re.IGNORECASE,
)
_NOT_FOUND = re.compile(
    r"\b404\b|page (?:was |is |could |can)?(?:not|n't)(?: be)? found|page (?:doesn.t|does not) exist|nothing (?:was )?found|no longer (?:available|exists)|can.t find (?:the|that|this) page|couldn.t find"
    r"|oops! that page|seite (?:wurde )?nicht gefunden|nicht gefunden|page (?:introuvable|non trouvée)|página no encontrada|página não encontrada|pagina non trovata|pagina niet gevonden|страница не найдена|сторінку не знайдено|nie znaleziono|sayfa bulunamadı"
    r"|الصفحة غير موجودة|页面(?:不存在|未找到|找不到)|找不到(?:页面|頁面)|ページが見つかりません|페이지를 찾을 수 없|không tìm thấy",
    re.IGNORECASE,
)
_SHELL = re.compile(
    r"(?:enable|requires?|need to enable|turn on|activate|activer|aktivieren|habilit\w+|включите|ativar?) (?:your )?javascript|javascript (?:is )?(?:required|disabled|deaktiviert|désactivé)|javascript must be enabled|без javascript",
    re.IGNORECASE,
)
_MOUNT = frozenset(
    {"root", "app", "__next", "__nuxt", "___gatsby", "svelte", "q-app", "main-app", "react-root", "ember-app"}
)
_CMS_OWN = (
    (re.compile(r"^hello world!?$", re.IGNORECASE), re.compile(r"welcome to wordpress\b.{0,80}first post", re.IGNORECASE | re.DOTALL)),
    (re.compile(r"^(?:sample page|beispiel-seite|page d.exemple|página de ejemplo|página de exemplo|пример страницы)$", re.IGNORECASE), None),
    (re.compile(r"^(?:hallo welt!?|bonjour tout le monde\s*!?|¡hola,? mundo!?|olá,? mundo!?|ciao mondo!?|hallo wereld!?|привет,? мир!?|witaj,? świecie!?|merhaba dünya!?|世界，您好！?|hello world：欢迎使用 wordpress|أهلاً? بالعالم\s*!?)$", re.IGNORECASE), None),
)  # fmt: skip
_LISTING_PATH = re.compile(
    r"/(?:category|tag|tags|author|authors|topic|topics|page/\d+|archive|archives|search|label|rubrik|kategorie|categoria|etiqueta|feed)(?:/|$)",
    re.IGNORECASE,
)
_LISTING_TYPES = frozenset(
    {"collectionpage", "searchresultspage", "itemlist", "profilepage", "contactpage", "aboutpage"}
)
_BODY_LISTING = frozenset(
    {
        "archive",
        "category",
        "tag",
        "search",
        "author",
        "home",
        "blog",
        "error404",
        "search-results",
        "search-no-results",
    }
)
_BODY_SINGLE = frozenset(
    {"single", "single-post", "singular", "postid", "item-view", "node-type-article", "page-node-type-article"}
)


def judge_front(tree: HtmlElement, head: Head, status_like: Mapping[str, str]) -> Judgement | None:
    """What can be said before any body is read: a challenge page by its markup."""
    server = status_like.get("cf-mitigated", "")
    if "challenge" in server:
        return SkipReason.CAPTCHA, "cf-mitigated: challenge"
    if _CAPTCHA.search(head.title) and _few_words(tree, _SHORT):
        return SkipReason.CAPTCHA, head.title[:120]
    return None


def judge(tree: HtmlElement, head: Head, metadata: Metadata, lines: Sequence[Line], scripts: str) -> Judgement | None:
    """Why the page is no article, None where it is one. `scripts` is a sample of the page's script sources."""
    count = sum(words(line.text) for line in lines)
    if (own := _own_page(metadata.title.text, lines)) is not None:
        return own
    if count < _SHORT and (wall := _wall(tree, head, metadata, lines, count, scripts)) is not None:
        return wall
    if count < MIN_WORDS:
        return SkipReason.TOO_SHORT if count else SkipReason.EMPTY, f"{count} words"
    if (listing := _listing(tree, head, metadata, lines)) is not None:
        return SkipReason.NOT_ARTICLE, listing
    return None


def _own_page(title: str, lines: Sequence[Line]) -> Judgement | None:
    """A fresh CMS's own pages."""
    text = " ".join(line.text for line in lines[:6])
    for pattern, content in _CMS_OWN:
        if pattern.match(title.strip()) and (content is None or content.search(text)) and words(text) < 250:
            return SkipReason.NOT_ARTICLE, f"the CMS's own page: {title[:60]}"
    return None


def _wall(
    tree: HtmlElement, head: Head, metadata: Metadata, lines: Sequence[Line], count: int, scripts: str
) -> Judgement | None:
    """What stands between us and the article, or in its place, on a page with little text."""
    title = " ".join((head.title, *metadata.headings[:2]))
    body = tree.find("body")
    shown = " ".join(str(body.text_content()).split())[:4000] if body is not None else ""
    if _NOT_FOUND.search(title) or (count < MIN_WORDS and _NOT_FOUND.search(shown[:600])):
        return SkipReason.SOFT_404, head.title[:120]
    if _CAPTCHA.search(title) or (
        count < MIN_WORDS and (_CAPTCHA.search(shown[:1500]) or _CAPTCHA_MARKUP.search(scripts))
    ):
        return SkipReason.CAPTCHA, head.title[:120]
    if _BLOCKED.search(title) or (count < MIN_WORDS and _BLOCKED.search(shown[:1500])):
        return SkipReason.BLOCKED, head.title[:120]
    declared = metadata.article.get("isAccessibleForFree")
    if _PAYWALL.search(shown) or str(declared).lower() == "false":
        return (SkipReason.PAYWALL, head.title[:120]) if count < 80 else None
    if count < MIN_WORDS and _CONSENT.search(f"{title} {shown}"):
        return SkipReason.CONSENT_WALL, head.title[:120]
    if count < MIN_WORDS and _is_shell(tree, shown):
        return SkipReason.NEEDS_BROWSER, "a shell that is filled by JavaScript"
    return None


def _is_shell(tree: HtmlElement, shown: str) -> bool:
    """A page whose text is yet to come: an empty mount point, or a request to turn JavaScript on."""
    noscript = " ".join(str(one.text_content()) for one in tree.iter("noscript"))
    if _SHELL.search(shown[:2000]) or _SHELL.search(noscript):
        return True
    if tree.find(".//script") is None:
        return False
    for element in tree.iter("div", "main", "section", "app-root"):
        if (element.tag == "app-root" or (element.get("id") or "").lower() in _MOUNT) and words(
            str(element.text_content())
        ) < 20:
            return True
    return words(shown) < 15


def _listing(tree: HtmlElement, head: Head, metadata: Metadata, lines: Sequence[Line]) -> str | None:
    """Why the page is a list of articles or a front page."""
    stated = {kind for node in metadata.nodes for kind in types(node)}
    is_article = bool(types(metadata.article) & ARTICLE_TYPES) or head.first("og:type").lower() == "article"
    body = tree.find("body")
    classes = frozenset((body.get("class") or "").lower().split()) if body is not None else frozenset()
    if classes & _BODY_SINGLE:
        return None
    if classes & _BODY_LISTING and not is_article:
        return f"a listing by its body class {sorted(classes & _BODY_LISTING)[0]}"
    path = urlsplit(head.url).path
    if stated & _LISTING_TYPES and not is_article and _teasers(lines) > 0.4:
        return "a listing by its JSON-LD type"
    if _LISTING_PATH.search(path) and not is_article and (_teasers(lines) > 0.5 or _many_articles(tree)):
        return "a listing by its address"
    if not is_article and _teasers(lines) > 0.5 and _many_articles(tree):
        return "a list of teasers"
    canonical = head.link("canonical")
    if canonical and urlsplit(canonical).path in ("", "/") and not urlsplit(canonical).query and path not in ("", "/"):
        return (
            "the home page under another address"
            if urlsplit(canonical).hostname == urlsplit(head.url).hostname and not is_article
            else None
        )
    return None


def _many_articles(tree: HtmlElement) -> bool:
    """Four or more <article> or hentry blocks that each hold a linked heading."""
    found = 0
    for element in tree.iter("article", "div", "li"):
        if (
            element.tag == "article"
            or "hentry" in (element.get("class") or "")
            or "post" in (element.get("class") or "").split()
        ):
            heading = next(element.iter("h1", "h2", "h3", "h4"), None)
            if heading is not None and (next(heading.iter("a"), None) is not None or heading.getparent().tag == "a"):
                found += 1
                if found >= 4:
                    return True
    return False


def _teasers(lines: Sequence[Line]) -> float:
    """The share of lines that break off: teasers end in "…" or "Read more", headings and dates are short."""
    if not lines:
        return 0.0
    broken = sum(
        1
        for line in lines
        if re.search(r"(?:…|\.\.\.|\[&hellip;\]|\[…\])\s*\W*(?:\w+\s?){0,4}[»→]?$", line.text) or words(line.text) < 12
    )
    return broken / len(lines)


def _few_words(tree: HtmlElement, limit: int) -> bool:
    body = tree.find("body")
    return body is None or words(" ".join(str(text) for text in body.itertext() if text)[:20_000]) < limit * 3
