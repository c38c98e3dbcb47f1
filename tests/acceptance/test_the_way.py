"""The whole way over sites that no part of the project has seen: crawl, items, load, relink, second visit."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path

import pytest
from person import PRESS, Crawled, Person

COPIED = ("ferry-to-osmund-stops", "vigne-de-saint-aubrac", "farera-de-cabo-lirio", "giortes-tou-alatiou")


@pytest.fixture
def reader(crawled: Crawled, tmp_path: Path) -> Person:
    return Person(tmp_path, crawled.person.settings)


def test_copies_are_found_in_four_languages(crawled: Crawled) -> None:
    assert crawled.first.code == 0, crawled.first.err
    assert crawled.first.out == ""
    lines = {line["url"]: line for line in crawled.person.verdicts()}
    for slug in COPIED:
        line = lines[f"http://lantern.test/{slug}/"]
        assert (line["status"], line["relation"]) == ("repost", "verbatim"), line
        assert line["original_url"].startswith("http://courier.test/2026/05/")
        assert line["original_url"].endswith(slug)
        assert line["publisher"] == "Brume Courier"
        assert line["copied"] > 0.95
    credited = lines["http://lantern.test/bees-on-the-courthouse/"]
    assert (credited["status"], credited["original_url"], credited["publisher"]) == ("repost", None, "Brume Courier")


def test_items_carry_their_origin_and_no_insert(crawled: Crawled) -> None:
    items = [json.loads(line) for line in crawled.items.read_text().splitlines()]
    assert len(items) == 12
    assert all(item["origin"] and item["origin"][0]["url"] == item["url"] for item in items)
    assert not any("Read also" in item["text"] or "delivered to your inbox" in item["text"] for item in items)


def test_loading_gives_the_same_verdicts_in_any_order(crawled: Crawled, reader: Person) -> None:
    wanted = crawled.person.verdicts()
    lines = crawled.items.read_text().splitlines(keepends=True)
    shuffled = "".join(random.Random(7).sample(lines, len(lines)))
    (reader.folder / "in.jsonl.gz").write_bytes(gzip.compress(shuffled.encode()))
    assert reader.type("load", "in.jsonl.gz").code == 0
    assert reader.verdicts() == wanted
    assert reader.type("relink").code == 0
    assert reader.verdicts() == wanted


def test_loading_bit_by_bit_gives_the_same_verdicts(crawled: Crawled, reader: Person) -> None:
    lines = crawled.items.read_bytes().splitlines(keepends=True)
    random.Random(5).shuffle(lines)
    for start in range(0, len(lines), 4):
        assert reader.type("load", "-", given=b"".join(lines[start : start + 4])).code == 0
    assert reader.verdicts() == crawled.person.verdicts()


def test_broken_lines_are_named_and_stop_nothing(crawled: Crawled, reader: Person) -> None:
    good = crawled.items.read_bytes().splitlines(keepends=True)
    bad = [
        b"{\n",
        b"[]\n",
        b"\xff\xfe\n",
        b'{"url": 5, "text": "x"}\n',
        b'{"url": "file:///etc/passwd", "text": "x"}\n',
    ]
    done = reader.type("load", "-", given=b"".join([*bad, *good]))
    assert done.code == 0
    assert [line for line in range(1, 6) if f"standard input:{line}:" in done.err] == [1, 2, 3, 4, 5]
    assert "12 articles stored" in done.err


def test_an_unchanged_site_costs_two_requests_and_stores_nothing(crawled: Crawled) -> None:
    before = crawled.person.verdicts()
    crawled.web.forget_log()
    done = crawled.person.crawl(*PRESS)
    assert done.code == 0
    assert all(1 <= len(crawled.web.seen(host)) <= 2 for host in ("courier.test", "lantern.test", "plain.test"))
    assert crawled.person.verdicts() == before


def test_stdout_carries_data_only(crawled: Crawled) -> None:
    for form in ("jsonl", "csv", "table"):
        done = crawled.person.type("reposts", "--format", form)
        assert (done.code, done.err) == (0, "")
        assert done.out.count("lantern.test/") >= 5
