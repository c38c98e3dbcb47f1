"""What a URL's shape says: what can never be an article's own page, and what looks like one.

Only what a CMS or the web's conventions fix is refused here; what a site makes of its own paths is learned
(`patterns`).
"""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

_FILE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|svg|ico|bmp|tiff?|css|js|mjs|json|xml|rss|atom|rdf|txt|csv|ics|vcf|pdf|docx?|xlsx?"
    r"|pptx?|odt|epub|zip|gz|rar|7z|tar|exe|apk|dmg|mp3|m4a|ogg|wav|flac|mp4|m4v|mov|avi|wmv|webm|mkv|m3u8?|woff2?|ttf"
    r"|eot|map)$",
    re.IGNORECASE,
)
_QUERY = re.compile(
    r"(?:^|&)(?:(?:s|search|q|query|feed|rest_route|attachment_id|preview|preview_id|author|author_name|cat|tag|page_id"
    r"|paged|withcomments|wc-ajax|add-to-cart|orderby|sort|filter|print|embed|cpage|unapproved|doing_wp_cron|login"
    r"|redirect_to|updated-min|updated-max|max-results|start-index|showComment|lightbox)=|m=\d{4,8}(?:&|$)|w=\d\d?(?:&|$))",
    re.IGNORECASE,
)
_CMS = re.compile(
    r"^/(?:wp-(?:admin|content|includes|json|login\.php|signup\.php|cron\.php|comments-post\.php|trackback\.php"
    r"|links-opml\.php)|xmlrpc\.php|cgi-bin|cdn-cgi|_next|_nuxt|static|assets|admin|cart|checkout|login|signin|signup"
    r"|register|logout|subscribe|newsletters?|search|feeds?|rss)(?:/|$)"
    r"|/(?:feed|trackback|embed|attachment|comment-page-\d+|oembed)(?:/|$)"
    r"|/page/\d+/?$"
    r"|^/\d{4}/?$|^/\d{4}/\d\d?/?$|^/\d{4}/\d\d?/\d\d?/?$",
    re.IGNORECASE,
)
_TERM = re.compile(
    r"^/(?:[a-z][a-z](?:-[a-z][a-z])?/)?(?:category|categories|categor[ií]as?|kategorien?|kategoria|rubriken?|rubrique|tags?"
    r"|temas?|thema|themen|etiquetas?|schlagwort|stichwort|labels?|keywords?|hashtags?|authors?|autor(?:e[ns]?|es)?|auteurs?"
    r"|writers?|contributors?|reporters?|users?|profiles?|sekce|format|type)(?:/[^/]*)?/?$",
    re.IGNORECASE,
)
"""One term of a taxonomy, however many words it has."""
_ARCHIVE = re.compile(
    r"^/(?:[a-z][a-z](?:-[a-z][a-z])?/)?(?:category|categories|tags?|topics?|authors?|archives?|labels?|sections?)"
    r"((?:/[^/]*)*)$",
    re.IGNORECASE,
)
_ONLY_DATE = re.compile(r"/(?:19|20)\d\d(?:[/-]\d\d?){0,2}/?")
_SERVICE = frozenset(
    {
        *("about", "about-us", "aboutus", "contact", "contact-us", "contacts", "impressum", "imprint", "datenschutz"),
        *("privacy", "privacy-policy", "cookie-policy", "cookies", "terms", "terms-of-service", "terms-of-use"),
        *("terms-and-conditions", "disclaimer", "dmca", "advertise", "advertising", "advertise-with-us", "careers"),
        *("jobs", "help", "faq", "sitemap", "site-map", "rss", "feed", "feeds", "login", "register", "home", "index"),
        *("shop", "store", "sample-page", "hello-world", "legal", "accessibility", "corrections", "masthead"),
        *("our-team", "team", "staff"),
    }
)
_FRONT = frozenset({"/index.html", "/index.htm", "/index.php", "/home", "/home/", "/default.aspx"})
_END = re.compile(r"\.(?:html?|php|aspx?|jsp)$", re.IGNORECASE)
_ROOT_ARTICLE = re.compile(r"(?:^|&)(?:p|id|story|article|news\w*|nid|item)=\w")
_AMP_PATH = re.compile(r"(?:/amp/?|\.amp(?:\.html)?|/amp\.html)$", re.IGNORECASE)
_AMP_QUERY = re.compile(r"(?:^|&)(?:amp(?:=1|=true|=)?|outputtype=amp|m=[01])(?=&|$)", re.IGNORECASE)


def no_article(url: str) -> str:
    """Why this URL cannot be an article's own page ("front", "file", "cms", "query", "service"); "" where it can."""
    parts = urlsplit(url)
    path, query = parts.path, parts.query
    if path in ("", "/") and not _ROOT_ARTICLE.search(query) and not parts.fragment:
        return "front"
    if path.lower() in _FRONT and not query:
        return "front"
    if _FILE.search(path):
        return "file"
    if _CMS.search(path) or _TERM.search(path):
        return "cms"
    if (archive := _ARCHIVE.search(path)) and (_ONLY_DATE.fullmatch(archive[1]) or not says_article(archive[1])):
        return "cms"
    if _QUERY.search(query):
        return "query"
    last = _END.sub("", unquote(path.rstrip("/").rpartition("/")[2])).lower()
    return "service" if last in _SERVICE and not query else ""


def says_article(path: str) -> bool:
    """Whether a path by itself looks like an article's: a date, a long number, or a slug of several words."""
    words = [unquote(word) for word in path.split("/") if word]
    if not words or re.search(r"/(?:19|20)\d\d[/-](?:0?[1-9]|1[0-2])(?=[/-]|$)", path):
        return bool(words)
    last = _END.sub("", words[-1])
    return bool(re.search(r"\d{5,}", last)) or len(re.findall(r"[-_+ ]+\w", last)) >= 3


def plain_twin(url: str) -> str:
    """The URL of the page of which this one is the AMP (or Blogger's mobile) twin; "" where it is none."""
    parts = urlsplit(url)
    if _AMP_PATH.search(parts.path):
        path = _AMP_PATH.sub("", parts.path)
        return parts._replace(path=path or "/").geturl()
    if _AMP_QUERY.search(parts.query):
        return parts._replace(query=_AMP_QUERY.sub("", parts.query).strip("&")).geturl()
    return ""


def without_amp_twins(urls: list[str]) -> set[str]:
    """Of a list's URLs, those that are not merely the AMP twin of another one on it."""
    shown = {url.rstrip("/") for url in urls}
    return {url for url in urls if not (twin := plain_twin(url)) or twin.rstrip("/") not in shown}
