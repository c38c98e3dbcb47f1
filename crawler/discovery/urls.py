"""URLs as identities: one spelling for each page, and never one spelling for two pages.

`normalise` is idempotent. It changes only what RFC 3986 calls equivalent (case of scheme and host, default port,
dot segments, case of escapes, escapes of unreserved characters) and drops what is known to say only where the
reader came from. It keeps scheme, `www.`, trailing slash, and the order and the values of the query: sites differ
in what these mean.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

import idna

MAX_URL = 2048
"""Characters; longer ones are traps or mistakes."""

DEFAULT_PORTS = {"http": 80, "https": 443}

_TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|ysclid|twclid|ttclid|li_fat_id|igshid|igsh|_openstat"
    r"|mc_[ce]id|_hsenc|_hsmi|__hs[a-z]+|mkt_tok|oly_(?:anon|enc)_id|vero_id|wickedid|_ga|_gl|ref_src|ref_url|cmpid"
    r"|at_(?:medium|campaign|link_id|link_origin|link_type|ptr_name|format|bbc_team)|ns_(?:mchannel|source|campaign)"
    r"|pk_(?:campaign|kwd|source|medium)|mtm_\w+|piwik_\w+|fb_(?:action_ids|action_types|source|ref)|hss_channel"
    r"|replytocom|phpsessid|jsessionid|aspsessionid\w*",
    re.IGNORECASE,
)
"""Query parameters that say where the reader came from, which session is his, or which comment he answers."""

_SHARE = re.compile(r"(?:share=(?:facebook|twitter|x|linkedin|whatsapp|telegram|reddit|pinterest|email|tumblr|pocket|"
                    r"jetpack-[\w-]+|print|skype|mastodon|bluesky|threads)|nb=1)", re.IGNORECASE)  # fmt: skip
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNSAFE_PATH = re.compile(r"[^A-Za-z0-9\-._~:/@!$&'()*+,;=%]")
_UNSAFE_QUERY = re.compile(r"[^A-Za-z0-9\-._~:/?@!$&'()*+,;=%\[\]|]")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_PLAIN_HOST = re.compile(r"[a-z0-9_.-]+")
_SESSION_PATH = re.compile(r";jsessionid=[^/;]*", re.IGNORECASE)
_USUAL = re.compile(
    r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z][a-z0-9-]*(?:/[A-Za-z0-9_~-]+(?:\.[A-Za-z0-9_~-]+)*)*/"
    r"(?:[A-Za-z0-9_~-]+(?:\.[A-Za-z0-9_~-]+)*)?"
)
"""What is its own identity at a glance: most URLs of most sitemaps."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def normalise(url: str) -> str:
    """The identity of a page; "" for what is no http or https URL. Never raises."""
    if len(url) > MAX_URL:
        return ""
    return url if _USUAL.fullmatch(url) else _normalise(url)


@lru_cache(maxsize=4096)
def _normalise(url: str) -> str:
    try:
        parts = urlsplit(_cleaned(url))
        scheme, host, port = parts.scheme.lower(), _host(parts.hostname or ""), parts.port
    except ValueError:
        return ""
    if scheme not in DEFAULT_PORTS or not host:
        return ""
    where = host if port in (None, DEFAULT_PORTS[scheme]) else f"{host}:{port}"
    query = _query(parts.query)
    identity = f"{scheme}://{where}{_path(parts.path)}" + (f"?{query}" if query else "") + _route(parts.fragment)
    return identity if len(identity) <= MAX_URL else ""


def _cleaned(url: str) -> str:
    """As browsers do: surrounding blanks and inner control characters go, a backslash before the query is a slash."""
    url = _CONTROL.sub("", url.strip())
    before, mark, rest = url.partition("?")
    return before.replace("\\", "/") + mark + rest


def _host(host: str) -> str:
    host = host.lower().rstrip(".")
    if ":" in host:
        return f"[{host}]"
    if _PLAIN_HOST.fullmatch(host):
        return host
    try:
        host = idna.encode(host, uts46=True).decode("ascii").rstrip(".")
    except UnicodeError:
        return ""
    return host if _PLAIN_HOST.fullmatch(host) else ""


def _path(path: str) -> str:
    path = _SESSION_PATH.sub("", _escaped(path, _UNSAFE_PATH))
    return _without_dots(path) if path.startswith("/") else "/" + _without_dots("/" + path).lstrip("/")


def _query(query: str) -> str:
    return "&".join(one for one in _escaped(query, _UNSAFE_QUERY).split("&") if not _says_nothing(one))


def _says_nothing(parameter: str) -> bool:
    name = parameter.partition("=")[0]
    return not parameter or bool(_TRACKING.fullmatch(name)) or bool(_SHARE.fullmatch(parameter))


def _route(fragment: str) -> str:
    """A fragment is kept where it is the route of a site that runs in the browser."""
    return "#" + _escaped(fragment, _UNSAFE_QUERY) if fragment.startswith(("!", "/")) else ""


def _escaped(text: str, unsafe: re.Pattern[str]) -> str:
    text = _STRAY_PERCENT.sub("%25", text)
    text = unsafe.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "replace")), text)
    return _ESCAPE.sub(_plain_or_upper, text)


def _plain_or_upper(escape: re.Match[str]) -> str:
    character = chr(int(escape[1], 16))
    return character if character in _UNRESERVED else escape[0].upper()


def _without_dots(path: str) -> str:
    if "/." not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments[1:]:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)


def resolve(base: str, href: str) -> str:
    """The identity of a link on a page: `href` against `base`; "" for mailto:, javascript: and the like."""
    href = _CONTROL.sub("", href.strip())
    if not href or len(href) > MAX_URL:
        return ""
    try:
        return normalise(href if href.startswith(("http://", "https://")) else urljoin(base, href))
    except ValueError:
        return ""


def host_name(url: str) -> str:
    """The host of a URL, with the port where it is not the scheme's default; "" where there is none."""
    return normalise(url).partition("://")[2].partition("/")[0]


def site_key(url: str) -> str:
    """What is equal for two URLs of one site: the host without `www.`, and a port of its own."""
    return host_name(url).removeprefix("www.")


def same_site(one: str, other: str) -> bool:
    """Whether both URLs belong to one site: scheme, `www.` and default ports do not matter."""
    key = site_key(one)
    return bool(key) and key == site_key(other)


_DOORS = ("www", "www1", "www2", "m", "mobile", "mobil", "amp", "wap", "touch", "lite")
"""First labels of hosts that are other doors into one house."""
_HOUSE = re.compile(r"(?:[a-z0-9_-]+\.)+[a-z][a-z0-9-]*(?::\d+)?")


def house_of(host: str) -> str:
    """A host without the label that only says by which door: "paper.example" of "m.paper.example". Other names stay."""
    door, _, house = host.partition(".")
    return house if door in _DOORS and _HOUSE.fullmatch(house) else host


def doors_of(house: str) -> tuple[str, ...]:
    """All hosts of a house, its own first: those of which `house_of` makes it."""
    return (house, *(f"{door}.{house}" for door in _DOORS)) if _HOUSE.fullmatch(house) else (house,)
