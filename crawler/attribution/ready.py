"""An arrival with all that saving and matching take from it: made in whatever process has the time.

It is flat, so that it goes from one process to another at little cost.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from crawler.attribution.arrivals import Arrival, made_fit
from crawler.attribution.credits import SIGNAL_OF, keys_of, suffixes_of
from crawler.attribution.numbers import slots_of
from crawler.attribution.publishers import name_key
from crawler.dedup import Sketch, sketch
from crawler.extraction import text_hash
from crawler.items import Article
from crawler.storage.article_rows import Row, row_of
from crawler.storage.connection import to_micros

_SAYS_SO = frozenset(SIGNAL_OF.values()) - {"hotlinked_image", "source_link", "agency"}
"""Signals of the clues that count for a habit of crediting."""


class Facts(NamedTuple):
    """What is counted of one article, over all that are held."""

    url: str
    site: str
    own: str
    """What the page calls its site, "" where it does not."""
    suffixes: tuple[str, ...]
    """Keys of the names in which its title ends …"""
    says: tuple[str, ...]
    """… of those that it credits in so many words …"""
    credited: tuple[str, ...]
    """… and of all that its clues point to."""
    numbers: tuple[tuple[str, int, int], ...]
    """Numbers of the post: slot, number, stated time in microseconds since 1970."""


class Ready(NamedTuple):
    """An article ready to be saved. `packed_hashes`: those of its sketch."""

    row: Row
    facts: Facts
    packed_hashes: bytes

    @property
    def hashes(self) -> npt.NDArray[np.uint32]:
        """The sampled shingle hashes of its sketch."""
        return np.frombuffer(self.packed_hashes, np.uint32)


def made_ready(arrival: Arrival | Ready) -> Ready:
    """An arrival made fit, sketched and hashed where that was not done, and looked through for what is counted."""
    if isinstance(arrival, Ready):
        return arrival
    article = made_fit(arrival.article)
    digest = arrival.text_hash if arrival.text_hash is not None else text_hash(article.text)
    if arrival.sketch is not None:
        packed, hashes = arrival.sketch, Sketch.hashes_of(arrival.sketch)
    else:
        made = sketch(article.text)
        packed, hashes = made.to_bytes(), made.hashes
    return Ready(row_of(article, packed, digest), facts_of(article), hashes.tobytes())


def facts_of(article: Article) -> Facts:
    """What is counted of an article."""
    own = " ".join(article.site_name.split())[:80] if article.site_name and name_key(article.site_name) else ""
    if not article.clues:
        return Facts(article.url, article.site, own, (), (), (), _numbers(article))
    suffixes, says, credited = (
        tuple(sorted(keys)) for keys in (suffixes_of(article), keys_of(article, _SAYS_SO), keys_of(article))
    )
    return Facts(article.url, article.site, own, suffixes, says, credited, _numbers(article))


def _numbers(article: Article) -> tuple[tuple[str, int, int], ...]:
    stated = to_micros(article.published_at)
    return tuple((slot, number, stated) for slot, number in slots_of(article)) if stated is not None else ()
