"""Where a listing goes on: rel=next, numbered pages, "older posts" and "load more", in the languages of the web."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from lxml import etree

from crawler.discovery.markup import name_of, one_line, text_of
from crawler.discovery.urls import resolve, same_site

_PHRASES = {
    "en": r"older|(?:older|previous) (?:posts?|entries|articles|stories|news)|next(?: (?:page|posts?))?"
    r"|(?:(?:load|show|view|see|read) )?more(?: (?:posts?|articles|stories|news|results))?",
    "de": r"ältere (?:beiträge|artikel|posts|einträge)|weitere(?: (?:artikel|beiträge|meldungen))?"
    r"|mehr(?: (?:laden|anzeigen|artikel))?|nächste(?: seite)?|weiter|vor",
    "fr": r"articles (?:plus anciens|précédents)|(?:page )?suivante?s?|(?:charger|voir|afficher) plus|plus d.articles",
    "es": r"entradas (?:antiguas|anteriores)|siguientes?|página siguiente|(?:cargar|ver|mostrar) más|más noticias",
    "pt": r"postagens mais antigas|próxim[ao]s?(?: página)?|(?:carregar|ver|mostrar) mais|mais notícias",
    "it": r"(?:articoli|post) (?:più vecchi|meno recenti)|successiv[aoi]|avanti|(?:carica|mostra) altr[oi]",
    "nl": r"oudere berichten|volgende(?: pagina)?|meer (?:laden|berichten)",
    "pl": r"starsze (?:wpisy|posty)|następn[ay](?: strona)?|(?:załaduj|pokaż) więcej",
    "ru": r"более ранние(?: (?:записи|сообщения))?|предыдущие(?: записи)?|следующ(?:ая|ие)(?: страница)?|далее"
    r"|впер[её]д|(?:показать|загрузить) (?:ещ[её]|больше)|ещ[её](?: новости)?",
    "uk": r"стар(?:іші|і) (?:записи|публікації)|наступна(?: сторінка)?|далі|(?:показати|завантажити) (?:ще|більше)",
    "tr": r"daha eski(?: (?:yazılar|kayıtlar))?|önceki yazılar|sonraki(?: sayfa)?|daha fazla(?: (?:yükle|göster))?",
    "ar": r"المقالات الأقدم|أقدم|رسائل أقدم|التالي|الصفحة التالية|(?:عرض |تحميل )?المزيد",
    "fa": r"قدیمی‌?تر|بعدی|صفحه بعد",
    "he": r"רשומות קודמות|הבא|עוד",
    "zh": r"下一[页頁]|下页|后一页|较早的?(?:文章|博文)?|更早|(?:加载|載入|查看|显示)?更多",
    "ja": r"次へ|次のページ|過去の記事|前の投稿|もっと見る",
    "ko": r"다음(?: 페이지)?|이전 글|더 ?보기",
    "hi": r"पुराने पोस्ट|अगला|और देखें",
    "id": r"postingan lama|selanjutnya|berikutnya|muat lebih banyak",
    "vi": r"bài đăng cũ hơn|trang sau|xem thêm|tiếp",
}
_OLDER = re.compile("|".join(_PHRASES.values()), re.IGNORECASE)
_ARROWS = re.compile(r"[\s«»‹›→⟶➔▶▸>…·|+←⟵<]+")
_FORWARD = re.compile(r"^\s*(?:»|›|→|⟶|➔|▶|▸|>|>>|»»)\s*$")
_NUMBERED = (
    re.compile(
        r"^(?P<before>.*/(?:page|seite|pagina|página|strona|sayfa|страница|p))/(?P<number>\d{1,5})(?P<after>/?(?:\.html?)?)$"
    ),
    re.compile(r"^(?P<before>.*[/_-](?:page|seite|p))[-_]?(?P<number>\d{1,5})(?P<after>/?(?:\.(?:html?|php))?)$"),
)
_QUERY = re.compile(
    r"(?P<before>.*[?&](?:page|paged|pg|p|pagina|seite|pagenum|page_no|pageno|_page|query-\d+-page|PAGEN_\d+|currentpage)=)"
    r"(?P<number>\d{1,5})(?P<after>.*)",
    re.IGNORECASE,
)
_OFFSET = re.compile(r"(?P<before>.*[?&](?:start|offset|from|skip|limitstart)=)(?P<number>\d{1,7})(?P<after>.*)")
_BLOGGER = re.compile(r".*/search(?:/label/[^?]+)?\?(?:.*&)?updated-max=.+")
_DATA = ("data-next-page", "data-next-url", "data-next", "data-url", "data-href", "data-load-more-url", "data-ajax-url")


def number_of(url: str) -> tuple[str, int]:
    """The listing that a URL is a page of, as a pattern with {} for the number, and that number; ("", 1) for none."""
    parts = urlsplit(url)
    for pattern in _NUMBERED:
        if found := pattern.match(parts.path):
            path = f"{found['before']}{'/' if found['before'].endswith(('/p', '/page')) else ''}{{}}{found['after']}"
            return parts._replace(path=path).geturl(), int(found["number"])
    if found := _QUERY.fullmatch(url):
        return f"{found['before']}{{}}{found['after']}", int(found["number"])
    return "", 1


def is_page(url: str, of: str) -> bool:
    """Whether a URL is a numbered page of the listing `of`, and not an article."""
    pattern, _ = number_of(url)
    return bool(pattern) and listing_of(url) == listing_of(of)


def listing_of(url: str) -> str:
    """A listing's own URL: without the number of its page."""
    parts = urlsplit(url)
    path = re.sub(
        r"/(?:page|seite|pagina|p)/\d{1,5}(?=/?$)|[/_-](?:page|seite|p)[-_]?\d{1,5}(?=/?(?:\.\w+)?$)", "", parts.path
    )
    query = "&".join(one for one in parts.query.split("&") if not re.match(r"(?:page|paged|pg|start|offset)=", one))
    return f"{parts.netloc}{path.rstrip('/')}?{query}"


def next_page(root: etree._Element, url: str, base: str) -> str:
    """The page that follows this one, "" at the end."""
    links = list(_candidates(root, base))
    for url_, rel, _ in links:
        if "next" in rel and _follows(url_, url):
            return url_
    _, number = number_of(url)
    for url_, _, _ in links:
        if _same_listing(url_, url) and number_of(url_)[1] == number + 1 and number_of(url_)[0]:
            return url_
    for url_, _, text in links:
        if _says_older(text) and _follows(url_, url):
            return url_
    return next((url_ for url_, _, _ in links if _BLOGGER.match(url_) and _follows(url_, url)), "")


def _candidates(root: etree._Element, base: str) -> Iterable[tuple[str, list[str], str]]:
    for element in root.iter("link", "a", "button", "div", "span"):
        name = name_of(element)
        href = element.get("href") if name in ("a", "link") else None
        spelled = [href] if href else [value for key in _DATA if (value := element.get(key))]
        if not spelled or (name == "link" and "next" not in (element.get("rel") or "")):
            continue
        found = resolve(base, spelled[0])
        if found and same_site(found, base):
            said = text_of(element) or element.get("title") or element.get("aria-label") or ""
            yield found, (element.get("rel") or "").lower().split(), one_line(said, 60)


def _says_older(text: str) -> bool:
    if _FORWARD.match(text):
        return True
    bare = _ARROWS.sub(" ", text).strip()
    return bool(bare) and bool(_OLDER.fullmatch(bare))


def _follows(found: str, url: str) -> bool:
    """Whether this can be the page after `url`: another page of a listing, not an earlier one."""
    if found.rstrip("/") == url.rstrip("/"):
        return False
    pattern, number = number_of(found)
    if pattern and _same_listing(found, url):
        return number > number_of(url)[1]
    if offset := _OFFSET.fullmatch(found):
        before = _OFFSET.fullmatch(url)
        return int(offset["number"]) > (int(before["number"]) if before else 0)
    return bool(pattern) or bool(_BLOGGER.match(found)) or _looks_like_listing(found, url)


def _same_listing(one: str, other: str) -> bool:
    return listing_of(one) == listing_of(other)


def _looks_like_listing(found: str, url: str) -> bool:
    """A "more" link leads to the same path with another query, or one step below it; a teaser's "more" does not."""
    new, old = urlsplit(found), urlsplit(url)
    if new.path == old.path:
        return new.query != old.query
    below = new.path.removeprefix(old.path.rstrip("/"))
    return new.path != below and bool(re.fullmatch(r"/(?:archives?|older|all|news|latest|more|next)/?", below))
