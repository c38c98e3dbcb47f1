"""Where reading is slower than fetching, fetching waits: answers do not pile up in memory."""

from __future__ import annotations

from collections.abc import Callable

from tests.crawl.conftest import Bench

SLOW = """
import asyncio, pathlib
from crawler.extensions.desk import RunDesk
from crawler.extraction.worker import read
from crawler.spiders.mirror import MirrorSpider

held, most, reading = set(), 0, RunDesk.read

async def slowly(self, function, *args):
    global most
    if function is not read:
        return await reading(self, function, *args)
    held.add(args[0])
    most = max(most, sum(max(1024, len(args[1])) for _ in held))
    pathlib.Path("most.txt").write_text(f"{most} {len(held)}")
    await asyncio.sleep(0.4)
    try:
        return await reading(self, function, *args)
    finally:
        held.discard(args[0])

RunDesk.read = slowly

class SlowSpider(MirrorSpider):
    name = "slow"
"""


def most_held(bench: Bench, host: str, size: int) -> tuple[int, int]:
    """Bytes of answers that waited to be read at one time, and how many articles came in the end."""
    (bench.folder / "slow.py").write_text(SLOW)
    run = bench.crawl(
        f"url=http://{host}/",
        spider="slow",
        SPIDER_MODULES="slow",
        SCRAPER_SLOT_MAX_ACTIVE_SIZE=str(size),
        CONCURRENT_REQUESTS_PER_DOMAIN="4",
    )
    assert run.code == 0, run.told
    return int((bench.folder / "most.txt").read_text().split()[0]), len(run.items)


def test_fetching_waits_for_reading(bench: Bench, new_site: Callable[..., str]) -> None:
    held, articles = most_held(bench, new_site("quickmirror.example", posts=40), 16_000)
    assert articles >= 40
    page = 8_000  # no page of this site is larger, and four are on their way when the limit is reached
    assert held <= 16_000 + 5 * page


def test_without_a_limit_they_pile_up(bench: Bench, new_site: Callable[..., str]) -> None:
    held, articles = most_held(bench, new_site("quickmirror.example", posts=40), 20_000_000)
    assert articles >= 40
    assert held > 16_000 + 5 * 8_000
