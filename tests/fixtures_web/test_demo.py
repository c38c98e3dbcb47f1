"""The demo's own words: what it prints, and how it ends when something is wrong."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from fixtures import demo as demo_module
from fixtures.demo import Demo, DemoError, early_mirror, refuse_empty
from fixtures.score import read_truth, score
from fixtures.tables import KINDS, address, copies_table, counts, kinds_table, not_reached, requests_table
from fixtures.web import FixtureWeb


def told(**changes: Any) -> list[dict[str, Any]]:
    """The truth as a crawl would tell it, with verdict fields that tables show."""
    rest = {"copied": 0.97, "confidence": 0.99, "lag_seconds": 3 * 3600 + 720}
    lines = read_truth()
    return [
        line | rest | {"status": line["status"] or "unknown", "story": line["original_url"] or line["url"]} | changes
        for line in lines
    ]


def printed(renderable: object, width: int = 100) -> str:
    out = io.StringIO()
    Console(file=out, width=width, force_terminal=False).print(renderable)
    return out.getvalue()


def test_tables_fit_a_hundred_columns_and_say_it_all() -> None:
    verdicts = told()
    scores = score(read_truth(), verdicts)
    log = [{"host": "paperboy.example", "path": "/"}]
    for table in (copies_table(verdicts, scores, 100), kinds_table(scores, 100), requests_table(log, [], 100)):
        text = printed(table)
        assert max(map(len, text.splitlines())) <= 100
    text = printed(copies_table(verdicts, scores, 100))
    assert text.count(" yes") == sum(line["status"] in ("repost", "sibling") for line in verdicts)
    assert "+3 h 12 min" in text
    assert list(not_reached(scores)) == []
    assert set(scores) <= set(KINDS)


def test_what_is_wrong_is_named() -> None:
    verdicts = told()
    wrong = next(line for line in verdicts if line["kind"] == "verbatim")
    wrong["original_url"] = "http://glasspane.example/story/elsewhere"
    near = next(line for line in verdicts if line["kind"] == "same_topic")
    near |= {"status": "repost", "original_url": wrong["url"], "relation": "edited"}
    scores = score(read_truth(), verdicts)
    assert printed(copies_table(verdicts, scores, 100)).count(" no\n") == 2
    lines = list(not_reached(scores))
    assert [line.split()[:3] for line in lines] == [
        ["not", "found", "verbatim"],
        ["not", "true", "verbatim"],
        ["not", "true", "same_topic"],
    ]
    assert "1" in printed(kinds_table(scores, 100)).split("same_topic")[1].split("\n")[0]


def test_counts_are_of_pages_not_of_lines() -> None:
    text = counts(told())
    assert text.startswith(f"{len({line['url'] for line in read_truth()})} articles: ")
    assert "undecided" in text


def test_addresses_are_short_and_readable() -> None:
    assert address("http://alwaha.example/2026/10/04/%D8%B9%D9%88/") == "alwaha/عو"
    assert address("http://worldbrief.example/?p=7") == "worldbrief/?p=7"
    assert address("Harrow Press Agency") == "Harrow Press Agency"


def test_the_early_mirror_has_a_copy_whose_original_is_held() -> None:
    lines = [line for line in read_truth() if line["site"] == early_mirror() and line["kind"] == "crawled_before"]
    assert any(line["original_url"] for line in lines)


def test_a_site_that_gave_nothing_is_an_error() -> None:
    log = [{"host": "a.example"}, {"host": "b.example"}]
    with pytest.raises(DemoError, match=r"nothing was stored of b\.example"):
        refuse_empty(log, [{"url": "http://a.example/x"}])


def test_a_crawl_that_fails_ends_the_demo_in_one_sentence(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert demo_module.main(tmp_path, "fixtures/no-such.toml") == 1
    out, err = capfd.readouterr()
    assert "demo: scrapy crawl mirror" in out
    assert "exit code 1" in out
    assert "Traceback" not in out + err
    assert not (tmp_path / "demo.json").exists()


def test_commands_see_the_fixture_web(web: FixtureWeb, tmp_path: Path) -> None:
    out = io.StringIO()
    demo = Demo(web, Console(file=out, width=100), tmp_path)
    assert demo.scrapy("settings", "--get", "CLOCK").strip() == web.settings["CLOCK"]
    assert "$ scrapy settings --get CLOCK" in out.getvalue()


@pytest.mark.browser
@pytest.mark.timeout(600)
def test_the_whole_demo(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """All of it, the JavaScript site in a real browser: what the first stage must reach."""
    assert demo_module.main(tmp_path) == 0
    text = capfd.readouterr().out
    for title in ("Who copied whom", "How much of it is right", "What it cost", "The report"):
        assert title in text
    figures = json.loads((tmp_path / "demo.json").read_text("utf-8"))
    assert (tmp_path / "demo" / "report" / "index.html").stat().st_size > 1000
    assert figures["sites"] == 9
    assert figures["changed_second"] == 0
    assert max(figures["requests_second_by_site"].values()) <= 2
    for kind in ("verbatim", "inserts", "excerpt30", "excerpt50", "titled", "canonical"):
        for share in ("recall", "precision", "direction"):
            assert figures["kinds"][kind][share] >= 0.97, (kind, share)
    for kind in ("same_topic", "market_template", "weather_template", "quotation"):
        assert figures["kinds"][kind]["false_links"] == 0, kind
