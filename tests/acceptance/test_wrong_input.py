"""What a person can get wrong: one clear sentence, exit code 1, no traceback, nothing on stdout."""

from __future__ import annotations

import sqlite3

import press
import pytest
import tales
from little_web import LittleWeb
from person import Person
from scrapy.settings import Settings

from crawler.clock import ClockError, parse_clock
from crawler.spiders.checks import check_settings

URL = "url=http://plain.test/"


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("crawl", "mirrors"), "do you mean mirror?"),
        (("crawl", "mirror"), "nothing to crawl"),
        (("crawl", "mirror", "-a", "url=plain.test"), "'plain.test'"),
        (("crawl", "mirror", "-a", "sites=none.toml"), "none.toml"),
        (("crawl", "mirror", "-a", URL, "-a", "only=bob"), "only=bob"),
        (("trace", "http://nobody.test/"), "http://nobody.test/"),
        (("load", "none.jsonl"), "none.jsonl"),
    ],
)
def test_what_is_not_there_is_named(person: Person, words: tuple[str, ...], named: str) -> None:
    if words[0] == "trace":
        person.type("load", "-", given=b"{}")
    done = person.type(*words)
    assert (done.code, done.out) == (1, "")
    assert named in done.err
    assert done.err.count("\n") == 1


@pytest.mark.parametrize(
    "setting",
    [
        "STORE_URL=sqlite:///none/x.db", "ALLOWED_NETWORKS=home", "HOST_MAP={bad", "SINKS=dove:x",
        "SITE_ERROR_LIMIT=half", "CLOCK=http://127.0.0.1:9/", "ATTRIBUTION_WEIGHTS={bad",
    ],
)  # fmt: skip
def test_nonsense_in_a_setting_is_named(person: Person, setting: str) -> None:
    name, _, value = setting.partition("=")
    done = person.type("crawl", "mirror", "-a", URL, **{name: value})
    assert (done.code, done.out) == (1, "")
    assert name in done.err or "store none/x.db" in done.err
    assert done.err.count("\n") == 1


@pytest.mark.parametrize(
    "setting",
    [
        "EXTRACTION_WORKERS=many", "EXTRACTION_WORKERS=2.5", "EXTRACTION_TIMEOUT=nan", "EXTRACTION_MEMORY_MB=x",
        "REVISIT_BUDGET=-1", "SITE_MAX_PAGES=0", "BROWSER_PAGES=x", "PROGRESS=maybe",
    ],
)  # fmt: skip
def test_a_setting_is_checked_by_name(setting: str) -> None:
    name, _, value = setting.partition("=")
    settings = Settings()
    settings.setmodule("crawler.settings")
    check_settings(settings)
    settings.set(name, value, priority="cmdline")
    with pytest.raises(ValueError, match=f"^{name} is '{value}'; it is "):
        check_settings(settings)


@pytest.mark.parametrize("text", ["teatime", "+3", "+99999999999d", "ftp://a.test/"])
def test_a_clock_that_is_none_is_named(text: str) -> None:
    with pytest.raises(ClockError, match=r"^CLOCK is"):
        parse_clock(text)


def test_every_command_names_nonsense_in_a_setting(person: Person) -> None:
    done = person.type("sites", REVISIT_BUDGET="lots")
    assert (done.code, done.err) == (1, "sites: REVISIT_BUDGET is 'lots'; it is a whole number from 0 up\n")


def test_the_environment_stands_below_the_command_line(person: Person) -> None:
    done = person.type("crawl", "mirror", "-a", URL, env={"FIRSTPRINT_STORE_URL": "sqlite:///nowhere/x.db"})
    assert done.code == 1
    assert "nowhere" in done.err
    done = person.type("sites", env={"FIRSTPRINT_STORE_URL": "sqlite:///nowhere/x.db"}, STORE_URL="sqlite:///here.db")
    assert "here.db" in done.err


def test_what_is_no_store_is_left_alone(person: Person) -> None:
    (person.folder / "words.db").write_text("these are words, and no database at all " * 9)
    with sqlite3.connect(person.folder / "other.db") as other:
        other.execute("CREATE TABLE page (x)")
    other.close()
    for name in ("words.db", "other.db"):
        before = (person.folder / name).read_bytes()
        done = person.type("crawl", "mirror", "-a", URL, STORE_URL=f"sqlite:///{name}")
        assert done.code == 1
        assert f"{name} is no" in done.err.replace("is not a", "is no")
        assert (person.folder / name).read_bytes() == before


def test_a_dead_host_does_not_spoil_the_others(web: LittleWeb, person: Person) -> None:
    press.plain(web, (tales.LIBRARY, tales.BEES))
    dead = "http://127.0.0.1:9/"
    done = person.crawl("http://plain.test/", dead)
    assert done.code == 0
    assert "127.0.0.1:9 failed" in done.err
    assert person.crawl("http://plain.test/", dead, SITE_ERROR_LIMIT="0.2").code == 3
    assert person.crawl(dead).code == 3
