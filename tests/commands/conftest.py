from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from ravelin import RECORDS, Archive, Done, command

from crawler.commands import cli

Type = Callable[..., Done]


@pytest.fixture
def type_(capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Type:
    """Types a command in an empty folder, in this process: only for commands that start no reactor."""
    for name in [name for name in os.environ if name.startswith(("FIRSTPRINT_", "SCRAPY_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("SCRAPY_SETTINGS_MODULE", "crawler.settings")
    monkeypatch.chdir(tmp_path)

    def typed(*words: str) -> Done:
        capfd.readouterr()
        with pytest.raises(SystemExit) as end:
            cli.main(["firstprint", *words])
        out, err = capfd.readouterr()
        return Done(int(end.value.code or 0), out, err)

    return typed


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """A loaded store, shared by all tests that only read."""
    folder = tmp_path_factory.mktemp("archive")
    (folder / "in.jsonl").write_text("".join(json.dumps(one) + "\n" for one in RECORDS))
    done = command("load", "in.jsonl", cwd=folder)
    assert done.code == 0, done.err
    assert "4 articles stored" in done.err
    assert done.out == ""
    return Archive(folder, RECORDS)


@pytest.fixture
def ask(archive: Archive, type_: Type, monkeypatch: pytest.MonkeyPatch) -> Type:
    """Types a command beside the loaded store."""
    monkeypatch.chdir(archive.folder)
    return type_
