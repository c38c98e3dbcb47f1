"""What a crawl tells at its end: counts that stand, and what there is nothing to show for."""

from __future__ import annotations

import re

import press
import tales
from little_web import LittleWeb, page
from person import Person


def test_the_closing_line_counts_what_stands(web: LittleWeb, person: Person) -> None:
    press.courier(web, (tales.FERRY, tales.LIBRARY))
    press.lantern(web, (tales.FERRY, tales.LIBRARY))
    press.plain(web, (tales.FERRY, tales.LIBRARY, tales.BEES))
    web.hosts["empty.test"] = {"/": page("<html><title>Empty</title><body><p>Nothing to read here.</p></body></html>")}
    done = person.crawl(*(f"http://{host}/" for host in ("lantern.test", "plain.test", "courier.test", "empty.test")))
    assert done.code == 0, done.err
    counted = {word: int(number) for number, word in re.findall(r"(\d+) (original|repost|sibling|unknown)", done.err)}
    lines = {line["url"]: line["status"] for line in reversed(person.verdicts())}
    assert len(lines) == 7
    assert web.seen("plain.test").count("/") == 1
    assert counted == {status: [*lines.values()].count(status) for status in set(lines.values())}
    assert re.search(r"^4 sites, \d+ requests", done.err, re.MULTILINE)
    wanted = "no articles were found: no feed, no sitemap, and its front page shows no list of them"
    assert wanted in " ".join(done.err.split())
    assert wanted in " ".join(person.type("sites", "--format", "jsonl").out.split())


def test_a_wall_in_place_of_a_front_page_is_named(web: LittleWeb, person: Person) -> None:
    wall = (
        "<html><title>Before you continue</title><body><h1>We value your privacy</h1><p>We and our 814 partners store"
        " cookies on your device and process personal data, with your consent, for ads and for measuring them.</p>"
        "<button>Accept all</button> <button>Manage options</button></body></html>"
    )
    web.hosts["wall.test"] = {path: page(wall) for path in ("/", "/feed", "/about")}
    told = " ".join(person.crawl("http://wall.test/").err.split())
    assert "no articles were found: its front page is a consent wall" in told
    assert "its front page is a consent wall" in " ".join(person.type("sites", "--format", "jsonl").out.split())


def test_one_is_told_as_one(web: LittleWeb, person: Person) -> None:
    web.hosts["down.test"] = {"/": page("down", 502), "/robots.txt": page("", 404)}
    done = person.crawl("http://down.test/", RETRY_TIMES="0")
    assert done.code == 3
    assert "\n1 site, 1 request (and 1 for robots.txt); no new verdicts; 1 site failed\n" in done.err
