"""What every discovery method speaks: bytes in, links out, no network.

What the crawl owes discovery, and the other way round:

- `read` is called for every final answer to a list but a 304: also for 404 and 401 (the method remembers that a
  place holds nothing), and also where the body equals the last one (headers and cursors speak too). Answers of
  5xx and 429 are outages; they may be passed, and change nothing.
- Reads of one method on one site are made one after another, each with the cursor that the one before left.
  Methods of one site, and sites, may be read at the same time.
- `plan` is called at the start of a visit with `round=0`, and again with `round=1, 2, …` whenever everything that
  was planned has been read; an empty list ends the visit. So a method that dried up is replaced in the same visit.
- `learn` is called at the end of a visit with what came of the pages.
- A later `Link` to a known page fills in what the earlier one did not say (`key` above all).
- Rows of lists that are not planned any more may be dropped from the frontier at any time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol, get_args

MethodName = Literal["wordpress", "blogger", "sitemap", "feed", "listing"]
METHOD_NAMES: tuple[MethodName, ...] = get_args(MethodName)
"""Most complete first: where several show an article, the first of them is believed."""

Cursor = Mapping[str, Any]
"""What a method remembers of a site between visits: small, JSON-serialisable."""

Profile = Mapping[str, Any]
"""What is known of a site between visits, as `recognise` and `learn` return it; JSON-serialisable.

{"methods": {name: cursor}, "generator": str | None, "cms": "wordpress" | "blogger" | None, "names": [str],
"language": str | None, "shell": bool (nothing to read without JavaScript), "front": str (the front page's URL)}
"""


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer of a site: final URL, status, headers with lower-case names, decoded (unzipped) body."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    asked: str = ""
    """The URL that was asked for, where redirects led elsewhere: a list that has moved is asked for at its new place
    from then on."""


@dataclass(frozen=True, slots=True)
class Link:
    """A URL that a site showed, with what was said about it there. Everything but `url` may be missing.

    `method` names the discovery method that found it, and for a list also the one that will read it. `poll` marks
    a list that is read whenever it is planned or found, known or not (so it is not, by itself, read at every visit);
    any other list is read once, and again only if its `modified` changes.
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
    """The CMS's own steady key, unique within the site, where it says one: "?p=12" for post 12 of a WordPress
    whichever method tells it, else an id or guid as it stands. A known key with another URL: the page has moved."""
    source: str = ""
    """The URL or name of the source that a feed declares (<source>, dc:source, rel=via, feedburner:origLink)."""
    tags: tuple[str, ...] = ()
    probe: bool = False
    """A guess at a well-known place: any failure is no error, and is still passed to `read`."""
    fresh: bool = False
    """Asked for without validators and with `Cache-Control: max-age=0`: a 304 would not be believed here."""


@dataclass(frozen=True, slots=True)
class Found:
    """What one list gave: article links, further lists, URLs declared gone, and the cursor to remember.

    `cursor` is None where nothing changes. It is saved in the same commit that queues the links.
    """

    articles: tuple[Link, ...] = ()
    more: tuple[Link, ...] = ()
    gone: tuple[str, ...] = ()
    """URLs that the site itself declares deleted."""
    gone_keys: tuple[str, ...] = ()
    """Keys (as in `Link.key`) of posts that the CMS, asked for them by name, no longer has: gone at once."""
    whole: bool = False
    """`articles` is all that this list holds. A page that was last seen on this very list and is not among them has
    vanished from it and is worth a look now. (A feed is never whole: its entries age out.)"""
    vanished: tuple[str, ...] = ()
    """Pages that this list showed at the last visit, and does not show now though it still shows what came before
    and after them: worth a look now."""
    cursor: Cursor | None = None
    note: str = ""
    """Why nothing could be read, in a sentence, where that is so."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What a method may know when it is asked: the site's front URL, its own cursor, now, and the articles held.

    `plan` is given the visit without a cursor and hands each method its own.
    """

    url: str
    cursor: Cursor = field(default_factory=dict)
    now: datetime | None = None
    held: int = 0
    """How many articles of this site are held (not gone)."""
    first: bool = False
    """Nothing of this site was read before, or everything is to be read again (`-a full=true`): the whole site is
    wanted."""
    number: int = 0
    """How many visits were made before; what is looked at in turns goes by it."""
    round: int = 0
    """How many times `plan` was asked before in this visit."""
    new: int = 0
    """How many new articles this visit has found so far (told from round 1 on)."""
    idle: frozenset[str] = frozenset()
    """Names of parameters that say nothing at this site: its articles' URLs are taken without them."""


TRY_EVERY = 28
"""Of so many visits, one asks again for an interface that was switched off."""


def is_time_to_try(visit: Visit) -> bool:
    """Whether a method that was given up is worth a try at this visit."""
    return not visit.first and visit.number % TRY_EVERY == TRY_EVERY - 1


@dataclass(frozen=True, slots=True)
class Lesson:
    """What came of a visit, for `learn`; samples are enough (some hundred URLs).

    `proven` and `refuted` are URLs of pages that were read in this visit and were, or were not, articles; `new` says
    how many new articles each method showed first; `failed` are the methods none of whose lists could be fetched.
    """

    proven: tuple[str, ...] = ()
    refuted: tuple[str, ...] = ()
    new: Mapping[str, int] = field(default_factory=dict)
    failed: tuple[str, ...] = ()


class Method(Protocol):
    """A discovery method is a module with these names, listed in `discovery.METHODS`."""

    NAME: str

    def seeds(self, visit: Visit) -> list[Link]:
        """The lists to read at this visit, cheapest first; [] where this method does not apply."""

    def read(self, fetched: Fetched, visit: Visit) -> Found:
        """What one list says. Never raises on broken input: what can be read is returned, `note` says the rest."""
