"""What the operator declares about sites: `sites.toml` read, checked, and refused with a line and a reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["mirror", "publisher", "unknown"]


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
