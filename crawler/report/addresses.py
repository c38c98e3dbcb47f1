"""The article that a person means by an address, and the nearest where none is held."""

from __future__ import annotations

import difflib
import itertools
from urllib.parse import urlsplit

from crawler.discovery.urls import doors_of, host_name, house_of, normalise
from crawler.storage.base import Store, StoredArticle

NEAR_SCANNED = 5000
"""Among how many pages of the same site the nearest URLs are looked for."""


def find_article(store: Store, url: str) -> StoredArticle | None:
    """The article at `url`, or at what a person means by it: another scheme, a missing slash, `www.` or `m.`."""
    spellings = _spellings(url)
    held = store.articles.ids(spellings)
    found = next((held[one] for one in spellings if one in held), None)
    return None if found is None else store.articles.by_id(found)


def nearest_urls(store: Store, url: str, limit: int = 3) -> list[str]:
    """URLs of articles of the same house that are spelled most alike, case aside; [] where nothing of it is held."""
    url = normalise(url if "://" in url else f"http://{url}")
    if not url:
        return []
    house = house_of(host_name(url))
    names = [state.name for state in store.sites.all() if house_of(host_name(state.url)) == house]
    held = (
        stored.article.url
        for name in dict.fromkeys([*names, *doors_of(house)])
        for stored in store.articles.all(site=name)
    )
    by_path: dict[str, str] = {}
    for one in itertools.islice(held, NEAR_SCANNED):
        by_path.setdefault(_path(one), one)
    close = difflib.get_close_matches(_path(url), by_path, n=limit, cutoff=0.5)
    return [by_path[path] for path in close]


def _path(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}".rstrip("?").rstrip("/").casefold()


def _spellings(url: str) -> list[str]:
    """The address itself; with and without its last slash; by the other scheme; by the other doors of its house."""
    url = url.strip()
    typed = url if "://" in url else f"https://{url}"
    known = normalise(typed)
    if not known:
        return [typed] if typed.isprintable() else []
    scheme, _, rest = known.partition("://")
    host = host_name(known)
    path, mark, query = rest[len(host) :].partition("?")
    paths = [f"{form}{mark}{query}" for form in (path, path.rstrip("/"), f"{path.rstrip('/')}/")]
    schemes = (scheme, "http" if scheme == "https" else "https")
    hosts = (host, *doors_of(house_of(host)))
    spellings = (f"{one}://{door}{form}" for door in hosts for one in schemes for form in paths)
    return list(dict.fromkeys([known, *([typed] if typed.isprintable() else []), *spellings]))
