"""URLs without the parameters that say nothing at a site: numbers of sessions, marks of where the reader clicked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from crawler.discovery.turnover import mark, with_recent


def without(url: str, names: Collection[str]) -> str:
    """A normalised URL without the parameters of these names."""
    if not names or "?" not in url:
        return url
    address, hash_, route = url.partition("#")
    path, _, query = address.partition("?")
    kept = [one for one in query.split("&") if one.partition("=")[0] not in names]
    return path + ("?" + "&".join(kept) if kept else "") + hash_ + route


def cursor_without(cursor: Mapping[str, Any], names: Collection[str], held: Iterable[str]) -> dict[str, Any]:
    """A method's cursor as if no list had ever shown articles with these parameters; `held` are those that are known,
    the last found first."""
    told: dict[str, Any] = _shown_without(cursor, names)
    if "recent" in told:  # marks do not tell of what URL they are
        told["recent"] = with_recent(told["recent"], [mark(without(url, names)) for url in held], newest=True)
    return told


def _shown_without(value: Any, names: Collection[str]) -> Any:
    if not isinstance(value, Mapping):
        return value
    told = {key: _shown_without(inner, names) for key, inner in value.items()}
    if "shown" in told:
        told["shown"] = list(dict.fromkeys(without(url, names) for url in told["shown"]))
    return told
