from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.attribution.arrivals import Arrival
from crawler.attribution.linker import Linker
from crawler.items import Article, Clue
from crawler.sites import Site
from crawler.storage import open_store
from crawler.storage.base import SiteState, Store

NOON = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)

PARAGRAPHS = (
    "The harbour council of Greywick voted on Tuesday to keep the old tide mill running for another forty years,"
    " after a night of argument in which two members fell asleep and one resigned.",
    "The mill, which grinds barley for three bakeries and lights the lower quay, was to be sold to a company that"
    " wanted to turn it into holiday flats with a view of the mud.",
    "Instead the town will pay for a new wheel of larch, to be cut in the woods above the estuary and floated down"
    " on the first spring tide of the year, as it was done in 1811.",
    "Miller Odile Farrow, who has lived above the grindstones since she was nine, said that she would celebrate by"
    " oiling everything twice and going to bed early.",
    "Engineers found that the oak frame is sound, that the sluice leaks less than the town hall roof, and that the"
    " whole repair costs about as much as one roundabout on the coast road.",
)
TEXT = "\n\n".join(PARAGRAPHS)
OTHER = (
    "Snow closed the pass at Hallerbrück for the ninth day, and the village post was carried over the ridge by two"
    " brothers on skis who asked to be paid in cheese.\n\n"
    "The road office said that its plough had been repaired, then that it had not, and finally that nobody in the"
    " valley had ever seen it, although it has been in the accounts since 1998."
)
NASTY = '</title><script>alert("x")</script>&lt;b&gt;" onmouseover="alert(1)\x1b[31m\u202e'

PUBLISHERS = (Site("paper.example", "http://paper.example/", role="publisher"),)


@dataclass(frozen=True)
class World:
    store: Store
    path: Path
    original: str
    verbatim: str
    excerpt: str
    nasty: str
    alone: str


def article(site: str, slug: str, text: str, hours: float, **fields: object) -> Article:
    published = NOON + timedelta(hours=hours)
    values: dict[str, object] = {"title": "Greywick keeps its tide mill", "published_at": published, "language": "en"}
    return Article(
        **{
            "url": f"http://{site}/{slug}/",
            "site": site,
            "text": text,
            "published_precision": "second",
            "first_seen": published + timedelta(minutes=5),
            "fetched_at": published + timedelta(minutes=5),
            **values,
            **fields,
        }
    )  # type: ignore[arg-type]


def build_world(path: Path) -> World:
    """A small store, linked by the real linker: an original, two copies, a hostile page, and one that stands alone."""
    store = open_store(f"sqlite:///{path}")
    original = article("paper.example", "mill", TEXT, 0, site_name="The Greywick Paper", authors=("Ansel Burr",))
    insert = "See also: Ten mud flats that are worth a detour this autumn, chosen by our readers"
    copied = "\n\n".join([*PARAGRAPHS[:2], insert, *PARAGRAPHS[2:]])
    arrivals = [
        original,
        article("mirror.example", "mill-again", copied, 3, authors=("admin",), clues=(
            Clue("credit_line", "http://paper.example/mill/", "Source: The Greywick Paper"),)),
        article("second.example", "mill-short", "\n\n".join(PARAGRAPHS[:3]), 30, authors=("admin",)),
        article("mirror.example", "nasty", TEXT.replace("Greywick", "Greywick <img src=x onerror=alert(1)>"), 50,
                title=NASTY, authors=(NASTY,), language='en"><b>', site_name=NASTY),
        article("third.example", "snow", OTHER, 1, title="Snow closes the pass"),
    ]  # fmt: skip
    with store.transaction():
        store.sites.save(SiteState("paper.example", "http://paper.example/", role="publisher", last_visit=NOON))
        store.sites.save(SiteState("mirror.example", "http://mirror.example/", last_error=NASTY, errors=1))
    Linker(store, publishers=PUBLISHERS, now=lambda: NOON).link([Arrival(one) for one in arrivals])
    return World(store, path, *(one.url for one in arrivals))


def edited(one: Article, text: str) -> Article:
    assert one.fetched_at is not None
    return replace(one, text=text, fetched_at=one.fetched_at + timedelta(days=3))
