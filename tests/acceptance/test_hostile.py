"""A site that tries everything on its reader, crawled once."""

from __future__ import annotations

import re
import resource
from collections.abc import Iterator

import pytest
import villain
from little_web import LittleWeb
from person import QUICK, Done, Person

from crawler.storage import open_store


@pytest.fixture(scope="module")
def met(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LittleWeb, Person, Done]]:
    with LittleWeb() as web:
        villain.build(web)
        settings = {
            **QUICK,
            "HOST_MAP": f"villain.test=127.0.0.1:{web.port}",
            "DOWNLOAD_TIMEOUT": "4",
            "RETRY_TIMES": "0",
        }
        person = Person(tmp_path_factory.mktemp("villain"), settings)
        yield web, person, person.crawl("http://villain.test/")


def test_the_run_ends_well_and_asks_nobody_else(met: tuple[LittleWeb, Person, Done]) -> None:
    web, _, done = met
    assert done.code == 0, done.err
    assert {host for host, _ in web.log} == {"villain.test"}
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 900 * (1 << 10 if _is_linux() else 1 << 20)


def test_each_trick_has_its_reason_and_honest_pages_are_held(met: tuple[LittleWeb, Person, Done]) -> None:
    store = open_store(f"sqlite:///{met[1].folder / 'firstprint.db'}", read_only=True)
    try:
        held = store.pages.counts("villain.test")
        reasons = dict(store.pages.reasons("villain.test", "skipped"))
    finally:
        store.close()
    assert held["held"] == 4
    assert reasons["off_site"] >= 7
    assert reasons["too_large"] >= 4
    assert reasons["not_found"] >= 1


def test_nothing_shown_is_code(met: tuple[LittleWeb, Person, Done]) -> None:
    _, person, _ = met
    url = "http://villain.test/2026/05/script-in-title.html"
    for words in (("reposts", "--all"), ("sites",), ("trace", url)):
        done = person.type(*words)
        assert done.code == 0
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", done.out), words
    assert person.type("report").code == 0
    pages = [path.read_text() for path in (person.folder / "report").rglob("*.html")]
    pages.append(person.type("trace", "--format", "html", url).out)
    assert any("&lt;script&gt;alert(" in text for text in pages)
    assert not any("<script>alert(" in text for text in pages)


def test_csv_cells_are_no_formulas(met: tuple[LittleWeb, Person, Done]) -> None:
    _, person, _ = met
    text = "\\n\\n".join(villain.BEES.paragraphs).replace('"', "'")
    lines = "".join(
        f'{{"url": "http://{host}/a/bees", "title": "Bees", "text": "{text}", "site_name": "=1+1|cmd", '
        f'"published": "2026-05-0{day}T00:00:00Z"}}\n'
        for day, host in ((1, "formula.test"), (3, "copier.test"))
    )
    assert person.type("load", "-", given=lines.encode(), STORE_URL="sqlite:///csv.db").code == 0
    done = person.type("reposts", "--format", "csv", STORE_URL="sqlite:///csv.db")
    assert "copier.test" in done.out
    assert not re.search(r'(?:^|,)"?[=+@|]', done.out, re.MULTILINE)


def _is_linux() -> bool:
    import sys

    return sys.platform.startswith("linux")
