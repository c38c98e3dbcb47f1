"""Names and hosts of publishers: who is meant by "The Kestrel Times", `kestrel-times.example` or its feed's URL.

What is known comes from what the operator declares and from what the pages that we hold call their own site. It is
counted over the articles held now, never over the order in which they came.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol
from urllib.parse import urlsplit

from crawler.discovery.urls import house_of
from crawler.extraction.phrases import agencies
from crawler.sites import Role, Site

OWN_SUFFIX_SHARE = 0.8
"""A title ending that stands on this share of a site's titles is the site's own …"""
OWN_SUFFIX_TITLES = 4
"""… once so many titles are known."""
CREDIT_LEVELS = (3, 10)
"""Pages that credit somebody from which it is a habit, and a strong one."""
LEAST_TEXTS = 4
"""Articles of a site from which it may have habits: the pairs of fewer may all be of one text that has many copies."""
_MAX_NAME = 80
_OWN_NAMES = 3
"""Of the names that a site's pages give it, the most frequent ones count: a site that calls itself anew on each page
must not cause everything to be decided again each time."""
_ARTICLES = re.compile(r"^(?:the|der|die|das|le|la|les|el|il|o|a)\s+(?=\S)")
_HOST = re.compile(r"^(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)+(?:[a-z]{2,}|xn--[a-z0-9-]+)(?::\d+)?$")
_PLATFORMS = frozenset(
    """
    facebook.com twitter.com x.com t.co youtube.com youtu.be instagram.com linkedin.com pinterest.com reddit.com t.me
    telegram.me telegram.org whatsapp.com wa.me vk.com tiktok.com google.com news.google.com feedproxy.google.com
    feeds.feedburner.com feedburner.com ampproject.org cdn.ampproject.org blogger.com blogspot.com wordpress.org
    wordpress.com wp.com gravatar.com medium.com flipboard.com msn.com yahoo.com archive.org web.archive.org
    wikipedia.org wikimedia.org creativecommons.org schema.org w3.org apple.com bit.ly
    """.split()  # noqa: SIM905  one word a line would be a page of them
)
"""Hosts that carry everybody's pages: a link there credits nobody."""
_LANDLORDS = frozenset({"blogspot.com", "wordpress.com", "medium.com"})
"""Of these the subdomains are publishers of their own."""


@dataclass(frozen=True, slots=True)
class Publisher:
    """Whom a name or an address stands for. `site` is None for one that we neither hold nor have declared."""

    name: str
    key: str
    site: str | None = None
    role: Role = "unknown"
    keys: frozenset[str] = frozenset()
    """All by which it is known: declared names, what its pages say, the labels of its host."""
    named: bool = False
    """Whether its name is known from anything but its host."""
    has_habits: bool = False
    """Whether so many of its articles are held that what it does can be a habit."""
    credited: Mapping[str, int] = field(default_factory=dict, compare=False, hash=False)
    """How many of its pages point to a name or "host:…"; the counters themselves, not a copy."""

    def credits_of(self, other: Publisher) -> int:
        """How many of CREDIT_LEVELS the pages reach that credit another publisher."""
        if not self.credited:
            return 0
        names = [*other.keys, *((f"host:{host_of(other.site)}",) if other.site else ())]
        count = sum(self.credited.get(name, 0) for name in names)
        return sum(count >= least for least in CREDIT_LEVELS)

    def goes_by(self, key: str) -> bool:
        """Whether a name is one of its own, or nearly."""
        return any(_alike(key, own) for own in self.keys or {self.key})


@lru_cache(maxsize=1 << 13)
def name_key(name: str) -> str:
    """What is left of a name when case, accents, punctuation, spaces and a leading article are not counted.

    "The Kestrel-Times" and "kestrel times" are one; letters of every script stay.
    """
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name[:_MAX_NAME]).casefold())
    plain = "".join(sign for sign in folded if not unicodedata.combining(sign)).strip()
    short = _ARTICLES.sub("", plain)
    return "".join(filter(str.isalnum, short)) or "".join(filter(str.isalnum, plain))


@lru_cache(maxsize=1 << 13)
def host_of(target: str) -> str | None:
    """The host of a URL or of a bare host name, lower-case, without `www.`; None for anything else."""
    text = target.strip().lower()
    if text.startswith("//"):
        text = "http:" + text
    if "://" in text:
        try:
            text = urlsplit(text).netloc.rpartition("@")[2]
        except ValueError:
            return None
        for default in (":80", ":443"):
            text = text.removesuffix(default)
    elif not _HOST.match(text):
        return None
    return text.removeprefix("www.").rstrip(".") or None


_AGENCIES = {name_key(name): name_key(usual) for usual, names in agencies().items() for name in (usual, *names)}
_WIRE = re.compile("(?:news|newsagency|agency|newswire)$")
"""What stands behind an agency's name in the name of its site."""
_SECOND_LEVEL = frozenset({"co", "com", "org", "net", "ac", "gov", "edu", "or", "ne", "go", "gob"})


def main_label(host: str) -> str:
    """The part of a host that is the publisher's own: "bbc" of `news.bbc.co.uk`. A good guess, not the public list."""
    labels = host.partition(":")[0].split(".")
    if len(labels) > 2 and labels[-2] in _SECOND_LEVEL:
        labels = labels[:-1]
    return labels[-2] if len(labels) > 1 else labels[0]


def is_platform(host: str) -> bool:
    """Whether a host carries everybody's pages."""
    return any(part in _PLATFORMS and (part == host or part not in _LANDLORDS) for part in _parents(host))


def _parents(host: str) -> Iterable[str]:
    """A host and its parent domains of at least two labels, nearest first."""
    labels = host.split(".")
    for start in range(max(len(labels) - 1, 1)):
        yield ".".join(labels[start:])


def _bucket(count: int) -> int:
    """Counts are compared by powers of two: a tie that goes to and fro would decide everything again each time."""
    return count.bit_length()


class Located(Protocol):
    """What stands at an address of a site: an article, or what is told of one."""

    @property
    def url(self) -> str: ...  # noqa: D102
    @property
    def site(self) -> str: ...  # noqa: D102


class Publishers:
    """The names and hosts that are known, and what each stands for."""

    def __init__(self, declared: Iterable[Site] = ()) -> None:
        self._declared: dict[str, Site] = {}
        self._declared_at: dict[str, str] = {}
        self._held_at: dict[str, str] = {}
        self._declared_keys: dict[str, str] = {}
        for site in declared:
            self._declared[site.name] = site
            if host := host_of(site.url):
                self._declared_at.setdefault(host, site.name)
            for name in (site.name, *site.aliases):
                if key := name_key(name):
                    self._declared_keys.setdefault(key, site.name)
        self._own: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._claims: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._suffixes: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._endings: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._credited: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._titles: Counter[str] = Counter()
        self._known: dict[str, Publisher] = {}

    # -- what the held articles teach ----------------------------------------------------------------------------

    def count_own(self, site: str, name: str, by: int) -> None:
        """`by` more pages of a site call it `name`."""
        if not (key := name_key(name)):
            return
        _add(self._own[site], name, by)
        self._known.pop(site, None)
        _add(self._claims[key], site, by)

    def count_suffix(self, site: str, key: str, by: int) -> None:
        """`by` more titles of a site end in a name."""
        _add(self._suffixes[key], site, by)
        _add(self._endings[site], key, by)

    def count_credit(self, site: str, key: str, by: int) -> None:
        """`by` more pages of a site point to a name or host."""
        _add(self._credited[site], key, by)

    def credit_level(self, site: str, key: str) -> int:
        """How many of CREDIT_LEVELS the pages of a site reach that point to a name or host."""
        count = self._credited[site][key] if site in self._credited else 0
        return sum(count >= least for least in CREDIT_LEVELS)

    def count_titles(self, site: str, by: int) -> None:
        """`by` more titles of a site are known; the first makes its host known too."""
        few = self._titles[site] < LEAST_TEXTS
        _add(self._titles, site, by)
        if few != (self._titles[site] < LEAST_TEXTS):
            self._known.pop(site, None)
        if site not in self._declared and (host := host_of(site)):
            self._held_at.setdefault(host, site)

    # -- who is meant --------------------------------------------------------------------------------------------

    def of_site(self, site: str) -> Publisher:
        """The publisher behind a site."""
        known = self._known.get(site)
        if known is None:
            name = self.display(site)
            declared = self._declared.get(site)
            aliases = declared.aliases if declared else ()
            named = bool(aliases or self._own.get(site) or (declared and not _is_slug(declared.name)))
            keys = frozenset({*self._keys_of(site), *map(name_key, aliases)} - {""})
            known = Publisher(name, name_key(name), site, declared.role if declared else "unknown", keys, named,
                              self._titles[site] >= LEAST_TEXTS, self._credited[site])  # fmt: skip
            self._known[site] = known
        return known

    def display(self, site: str) -> str:
        """What people call a site: as declared, else as most of its pages do, else its host.

        A declared name that is only a host or a slug gives way to what the pages say.
        """
        declared = self._declared.get(site)
        if declared and not _is_slug(declared.name):
            return declared.name
        own = self._own.get(site)
        if own:
            # a site that shows another's name is not renamed by that
            mine = {n: c for n, c in own.items() if self._declared_keys.get(name_key(n), site) == site}
            if mine:
                return min(mine, key=lambda name: (-_bucket(mine[name]), name))
        if declared and declared.aliases:
            return declared.aliases[0]
        return site

    def by_host(self, host: str) -> str | None:
        """The site at a host, or at a parent domain of it."""
        for known in (self._declared_at, self._held_at):
            for part in _parents(host):
                if part in known:
                    return known[part]
        return None

    def home(self, article: Located) -> str:
        """The site of an article: what is declared at its host, whatever name it came under, else as it says; a host
        for telephones is its paper's."""
        if self._declared_at:
            parts = _parents(host_of(article.url) or "")
            declared = next((self._declared_at[part] for part in parts if part in self._declared_at), None)
            if declared is not None:
                return declared
        return article.site if article.site in self._declared else house_of(article.site)

    def by_name(self, key: str) -> str | None:
        """The site that goes by a name: declared first, then by how many of its pages say so."""
        if key in self._declared_keys:
            return self._declared_keys[key]
        claims = self._claims.get(key)
        if not claims:
            return None
        return min(claims, key=lambda site: (self.role(site) == "mirror", -_bucket(claims[site]), site))

    def role(self, site: str) -> Role:
        """What the operator declared a site to be."""
        declared = self._declared.get(site)
        return declared.role if declared else "unknown"

    def resolve(self, target: str) -> Publisher | None:
        """Whom a URL, a host or a name stands for; None where it stands for nobody in particular."""
        if host := host_of(target):
            site = self.by_host(host)
            if site is None and is_platform(host):
                return None
            return self.of_site(site) if site else Publisher(host, name_key(host))
        if "://" in target or not (key := name_key(target)):
            return None
        site = self.by_name(key)
        return self.of_site(site) if site else Publisher(" ".join(target.split())[:_MAX_NAME], key)

    def is_own_name(self, site: str, key: str) -> bool:
        """Whether a name is the site's own: as declared, as its pages say, as its host reads, or because nearly all
        of its titles end in it and nobody else is known by it."""
        named = self._declared_keys.get(key)
        if named is not None:
            return named == site
        if self._resembles(site, key):
            return True
        elsewhere = [other for other in self._claims.get(key, ()) if other != site]
        if elsewhere or any(other != site for other in self._suffixes.get(key, ())):
            return False
        titles = self._titles[site]
        here = self._suffixes[key][site] if key in self._suffixes else 0
        return titles >= OWN_SUFFIX_TITLES and here >= OWN_SUFFIX_SHARE * titles

    def is_known(self, key: str) -> bool:
        """Whether a name is that of a declared or held site."""
        return key in self._declared_keys or bool(self._claims.get(key))

    def sites_ending_in(self, key: str) -> list[str]:
        """The sites with titles that end in a name."""
        return sorted(self._suffixes.get(key, ()))

    def endings_of(self, site: str) -> list[str]:
        """The names in which titles of a site end."""
        return sorted(self._endings.get(site, ()))

    def _resembles(self, site: str, key: str) -> bool:
        return any(_alike(key, name) for name in self._keys_of(site) if name)

    def _keys_of(self, site: str) -> set[str]:
        host = host_of(self._declared[site].url if site in self._declared else site) or site
        labels = [name_key(label) for label in host.partition(":")[0].split(".")]
        names = self._own.get(site, Counter())
        own = map(name_key, sorted(names, key=lambda name: (-_bucket(names[name]), name))[:_OWN_NAMES])
        mine = {key for key in own if self._declared_keys.get(key, site) == site}
        known = {*mine, "".join(labels), *labels[:-1], name_key(site)}
        return known | _agency_keys(known)


def _agency_keys(keys: Iterable[str]) -> set[str]:
    """What lines call the agency that goes by one of these: "apnews" is the Associated Press."""
    found = (_AGENCIES.get(key) or _AGENCIES.get(_WIRE.sub("", key)) for key in keys)
    return {key for key in found if key}


def _alike(a: str, b: str) -> bool:
    """One name holds the other, and the shorter is no mere fragment."""
    short, long = sorted((a, b), key=len)
    return short == long or (len(short) >= 4 and short in long and len(short) * 2 >= len(long))


def _is_slug(name: str) -> bool:
    return host_of(name) is not None or (name.islower() and " " not in name)


def _add(counter: Counter[str], key: str, by: int) -> None:
    counter[key] += by
    if counter[key] <= 0:
        del counter[key]
