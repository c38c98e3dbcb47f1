"""How the program starts, in an empty folder, and how it says that it could not."""

from __future__ import annotations

from pathlib import Path

import pytest
import scrapy
from ravelin import command

from crawler import __version__


def test_in_an_empty_folder_all_commands_are_there(tmp_path: Path) -> None:
    listed = command(cwd=tmp_path).out
    for name in ("crawl", "load", "reposts", "trace", "report", "relink", "deliver", "sites", "judge", "forget"):
        (line,) = [line for line in listed.splitlines() if line.startswith(f"  {name} ")]
        assert len(line) <= 120
    assert command("list", cwd=tmp_path).out.split() == ["mirror"]


def test_help_shows_examples(tmp_path: Path) -> None:
    done = command("reposts", "--help", cwd=tmp_path)
    assert done.code == 0
    assert "scrapy reposts --site mirror.example --since 7d" in done.out


def test_the_version_is_ours_and_scrapys(tmp_path: Path) -> None:
    done = command("version", cwd=tmp_path)
    assert (done.code, done.out) == (0, f"Firstprint {__version__} (Scrapy {scrapy.__version__})\n")
    assert "Twisted" in command("version", "-v", cwd=tmp_path).out


def test_a_project_of_ones_own_keeps_its_settings(tmp_path: Path) -> None:
    (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = own\n")
    (tmp_path / "own.py").write_text('from crawler.settings import *\nSTORE_URL = "sqlite:///own.db"\n')
    assert "There is no store at own.db yet" in command("reposts", cwd=tmp_path).err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("-a", "sites=bad.toml"), "bad.toml:2: "),
        (("-a", "sights=bad.toml"), "there is no argument 'sights'; do you mean sites?"),
        (("-a", "url=http://a.example/", "-O", "folder.jsonl"), "folder.jsonl cannot be written"),
    ],
)
def test_a_crawl_that_cannot_start_says_why(tmp_path: Path, words: tuple[str, ...], sentence: str) -> None:
    (tmp_path / "bad.toml").write_text('[[site]]\nurl = "gopher://x"\n')
    (tmp_path / "folder.jsonl").mkdir()
    done = command("crawl", "mirror", *words, cwd=tmp_path)
    assert (done.code, done.out) == (1, "")
    assert len(done.said) == 1, done.err
    assert sentence in done.err


def test_the_feed_of_an_earlier_run_outlives_one_that_cannot_start(tmp_path: Path) -> None:
    (tmp_path / "out.jsonl").write_text("{}\n")
    done = command("crawl", "mirror", "-a", "sites=none.toml", "-O", "out.jsonl", cwd=tmp_path)
    assert done.code == 1
    assert (tmp_path / "out.jsonl").read_text() == "{}\n"
    assert [path.name for path in tmp_path.iterdir()] == ["out.jsonl"]
