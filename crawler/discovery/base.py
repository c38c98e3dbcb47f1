"""What every discovery method speaks: bytes in, links out, no network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

Cursor = Mapping[str, Any]
"""What a method remembers of a site between visits: small, JSON-serialisable."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer of a site: final URL, status, headers with lower-case names, decoded (unzipped) body."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Link:
    """A URL that a site showed, with what was said about it there. Everything but `url` may be missing.

    `method` names the discovery method that found it, and for a list also the one that will read it. `poll` marks
    a list that is read at every visit; any other list is read once, and again only if its `modified` changes.
    """

    url: str
    kind: Literal["article", "list"] = "article"
    method: str = ""
    poll: bool = False
    title: str = ""
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    modified: datetime | None = None
    key: str = ""
    """The CMS's own steady key (post id, guid), where it says one."""
    source: str = ""
    """The URL or name of the source that a feed declares (<source>, dc:source, rel=via, feedburner:origLink)."""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What one list gave: article links, further lists, URLs declared gone, and the cursor to remember.

    `cursor` is None where nothing changes. It is saved in the same commit that queues the links.
    """

    articles: tuple[Link, ...] = ()
    more: tuple[Link, ...] = ()
    gone: tuple[str, ...] = ()
    cursor: Cursor | None = None
    note: str = ""
    """Why nothing could be read, in a sentence, where that is so."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What a method may know when it is asked: the site's front URL, its own cursor, now, and the articles held."""

    url: str
    cursor: Cursor = field(default_factory=dict)
    now: datetime | None = None
    held: int = 0
    """How many articles of this site are held (not gone)."""
    first: bool = False
    """Nothing of this site was read before: the whole site is wanted."""


class Method(Protocol):
    """A discovery method is a module with these names, listed in `discovery.METHODS`."""

    NAME: str

    def seeds(self, visit: Visit) -> list[Link]:
        """The lists to read at this visit, cheapest first; [] where this method does not apply."""

    def read(self, fetched: Fetched, visit: Visit) -> Found:
        """What one list says. Never raises on broken input: what can be read is returned, `note` says the rest."""
