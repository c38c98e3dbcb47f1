"""The report as a reader meets it: opened from a folder, in a real browser, on a desk and on a phone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from greywick import NOON, World

from crawler.network.browser import find_executable
from crawler.report import write_report

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=find_executable(), args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def report(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_report(world.store, tmp_path_factory.mktemp("report"), now=NOON).index


def opened(browser: Any, address: str, width: int, complaints: list[str]) -> Any:
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: complaints.append(request.url) if request.url != address else None)
    page.goto(address)
    return page


@pytest.mark.parametrize("width", [1280, 360])
def test_pages_fit_and_nothing_complains(browser: Any, report: Path, width: int) -> None:
    for file in report.parent.rglob("*.html"):
        complaints: list[str] = []
        page = opened(browser, file.as_uri(), width, complaints)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, file.name
        assert page.evaluate("getComputedStyle(document.body).margin") == "0px"
        assert [one for one in complaints if not one.startswith("data:")] == []
        page.close()


def test_search_finds_by_title_and_site(browser: Any, report: Path) -> None:
    page = opened(browser, report.as_uri(), 1000, [])
    hits = ".hits li"
    page.fill("#f-words", "TIDE mill")
    page.wait_for_selector(hits)
    assert page.inner_text("#f-told").startswith("1 of 1")
    page.fill("#f-words", "volcano")
    page.wait_for_selector("#f-told:text-is('No story matches.')")
    page.fill("#f-words", "")
    page.wait_for_selector("#browse", state="visible")
    page.select_option("#f-site", "second.example")
    page.click(f"{hits} a")
    assert "/stories/" in page.url
    page.close()


def test_a_passage_lights_up_on_both_sides(browser: Any, report: Path) -> None:
    story = next(report.parent.glob("stories/*.html"))
    page = opened(browser, story.as_uri(), 1280, [])
    page.hover(".page mark")
    assert page.locator(".page mark.on").count() >= 1
    assert page.locator(".other mark.on").count() >= 1
    page.close()
