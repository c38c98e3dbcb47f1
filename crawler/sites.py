"""What the operator declares about sites: `sites.toml` read, checked, and refused with a line and a reason."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal, NoReturn, get_args
from urllib.parse import urlsplit

from crawler.discovery.base import METHOD_NAMES
from crawler.discovery.urls import host_name, normalise, site_key

Role = Literal["mirror", "publisher", "unknown"]
ROLES: tuple[Role, ...] = get_args(Role)


class SitesError(ValueError):
    """The declaration of sites cannot be used; the message says where and why: "sites.toml:12: …"."""


@dataclass(frozen=True, slots=True)
class Site:
    """One declared site. `name` is what options and stores call it: as declared, else the host (with a port that is
    not the scheme's default)."""

    name: str
    url: str
    role: Role = "unknown"
    aliases: tuple[str, ...] = ()
    discovery: tuple[str, ...] = ()
    """Names of the discovery methods to use; empty: recognised by itself."""
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    render: bool = False
    delay: float | None = None
    max_pages: int | None = None


def site_of_url(url: str) -> Site:
    """The site that a bare URL stands for. Raises SitesError."""
    name = host_name(url)
    if not name:
        raise SitesError(f"{url!r} is not a web address; it begins with http:// or https:// and names a host")
    if "@" in urlsplit(url).netloc:
        raise SitesError(f"{url!r} {_NO_USER}")
    return Site(name=name, url=normalise(url))


def load_sites(path: str | Path) -> list[Site]:
    """The sites that a file declares, in its order. Raises SitesError with the file's name, the line and the reason."""
    path = Path(path)
    try:
        source = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise SitesError(f"{path}: cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise SitesError(f"{path.name}:{line}: this is not UTF-8") from error
    return _Declaration(path.name, source).sites()


class _Declaration:
    """One file's text, and how to say on which line something is wrong."""

    def __init__(self, name: str, source: str) -> None:
        self.name, self.lines = name, source.splitlines()
        self.data = self._parse(source)
        self.starts = [number for number, line in enumerate(self.lines, 1) if re.match(r"\s*\[\[\s*site\s*\]\]", line)]

    def _parse(self, source: str) -> dict[str, Any]:
        try:
            return tomllib.loads(source)
        except tomllib.TOMLDecodeError as error:
            text = str(error)
            place = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", text)
            line = int(place[1]) if place and place[1] else len(self.lines)
            self.refuse(line, text[: place.start()] if place else text)

    def refuse(self, line: int, reason: str) -> NoReturn:
        raise SitesError(f"{self.name}:{max(line, 1)}: {reason}")

    def line_of(self, site: int | None, key: str = "") -> int:
        """Where the nth site, or a key of it (or, with None, of the file's top), stands."""
        if site is None:
            first, end = 0, len(self.lines)
        elif site < len(self.starts):
            first = self.starts[site]
            end = self.starts[site + 1] - 1 if site + 1 < len(self.starts) else len(self.lines)
        else:  # written as an inline array; there the only landmark is the array
            return self.line_of(None, "site")
        wanted = re.compile(rf"\s*(?:\[+\s*)?[\"']?{re.escape(key)}[\"']?\s*(?:[=.\]]|$)")
        for number in range(first, end):
            if key and wanted.match(self.lines[number]):
                return number + 1
        return first or 1

    def sites(self) -> list[Site]:
        for key in self.data:
            if key != "site":
                self.refuse(self.line_of(None, key), f"{key} is not known here; sites are declared as [[site]]")
        tables = self.data.get("site", [])
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            self.refuse(self.line_of(None, "site"), "a site is declared as [[site]], with two brackets")
        if not tables:
            self.refuse(1, "no site is declared; one begins with a line [[site]]")
        sites = [self._site(number, table) for number, table in enumerate(tables)]
        self._refuse_twins(sites)
        return sites

    def _site(self, number: int, table: Mapping[str, Any]) -> Site:
        values: dict[str, Any] = {}
        for key, value in table.items():
            if key not in _CHECKS:
                self.refuse(self.line_of(number, key), _unknown(key))
            try:
                values[key] = _CHECKS[key](value)
            except ValueError as error:
                self.refuse(self.line_of(number, key), f"{key} {error}")
        if "url" not in values:
            self.refuse(self.line_of(number), "this site has no url")
        return Site(**{"name": host_name(values["url"]), **values})

    def _refuse_twins(self, sites: list[Site]) -> None:
        places = {number: site_key(site.url) + urlsplit(site.url).path.rstrip("/") for number, site in enumerate(sites)}
        for key, values in (("url", places), ("name", {number: site.name for number, site in enumerate(sites)})):
            seen: dict[str, int] = {}
            for number, value in values.items():
                if value in seen:
                    first = self.line_of(seen[value], key)
                    self.refuse(self.line_of(number, key), f"{key} {value!r} is declared already, on line {first}")
                seen[value] = number


def _unknown(key: str) -> str:
    near = difflib.get_close_matches(key, list(_CHECKS), 1)
    return f"{key} is not known" + (f"; do you mean {near[0]}?" if near else f"; a site has {', '.join(_CHECKS)}")


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise ValueError(f"is {_shown(value)}; it is a text of one line")
    return value.strip()


def _name(value: Any) -> str:
    name = _text(value)
    if "," in name:
        raise ValueError(f"is {_shown(value)}; it has no comma: options such as only= part names by commas")
    return name


_NO_USER = "has a user's name or a password in it; such an address cannot be crawled, nor should it be written down"


def _url(value: Any) -> str:
    url = normalise(value) if isinstance(value, str) else ""
    if not url:
        raise ValueError(f"is {_shown(value)}; it is an address that begins with http:// or https:// and names a host")
    if "@" in urlsplit(value).netloc:
        raise ValueError(_NO_USER)
    return url


def _role(value: Any) -> str:
    if value not in ROLES:
        raise ValueError(f"is {_shown(value)}; it is mirror, publisher or unknown")
    return str(value)


def _switch(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"is {_shown(value)}; it is true or false")
    return value


def _seconds(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 3600:
        raise ValueError(f"is {_shown(value)}; it is a number of seconds from 0 to 3600")
    return float(value)


def _count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError(f"is {_shown(value)}; it is a whole number above 0")
    return value


def _method(value: Any) -> str:
    if value not in METHOD_NAMES:
        raise ValueError(f"has {_shown(value)}; it has any of {', '.join(METHOD_NAMES)}")
    return str(value)


def _list(of: Callable[[Any], str]) -> Callable[[Any], tuple[str, ...]]:
    def check(value: Any) -> tuple[str, ...]:
        if not isinstance(value, list):
            raise ValueError(f"is {_shown(value)}; it is a list, in brackets")
        return tuple(dict.fromkeys(of(one) for one in value))

    return check


def _shown(value: Any) -> str:
    shown = {True: "true", False: "false"}[value] if isinstance(value, bool) else repr(value)
    return shown if len(shown) <= 80 else shown[:77] + "…"


_CHECKS: dict[str, Callable[[Any], Any]] = {
    "name": _name,
    "url": _url,
    "role": _role,
    "aliases": _list(_text),
    "discovery": _list(_method),
    "feeds": _list(_url),
    "sitemaps": _list(_url),
    "render": _switch,
    "delay": _seconds,
    "max_pages": _count,
}
assert list(_CHECKS) == [field.name for field in fields(Site)]
