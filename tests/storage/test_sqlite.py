"""What is SQLite's own: URLs, files that are no store, versions, locks, and what is on disk after a commit."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.storage import connection as connections
from crawler.storage import open_store
from crawler.storage.base import StoreError
from crawler.storage.migrations import MIGRATIONS, statements

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def told(url: str, **options: bool) -> str:
    """The sentence with which a store is refused."""
    with pytest.raises(StoreError) as refusal:
        open_store(url, **options).close()
    sentence = str(refusal.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence


@pytest.mark.parametrize(
    "url", ["", "firstprint.db", "mongo://x", "sqlite://", "sqlite:///", "sqlite://host/x.db", "sqlite"]
)
def test_a_url_that_names_no_store_is_refused(url: str) -> None:
    assert "STORE_URL" in told(url)


def test_a_url_with_three_slashes_is_relative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    open_store("sqlite:///here.db").close()
    assert (tmp_path / "here.db").exists()


def test_a_path_may_hold_signs_that_mean_something_in_urls(tmp_path: Path) -> None:
    folder = tmp_path / "a b%20c?d#e"
    folder.mkdir()
    open_store(f"sqlite:///{folder}/store.db").close()
    assert (folder / "store.db").exists()


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert str(tmp_path / "no") in told(f"sqlite:///{tmp_path}/no/x.db")


def test_a_folder_in_place_of_a_file_is_refused(tmp_path: Path) -> None:
    assert "folder" in told(f"sqlite:///{tmp_path}")


def test_a_store_that_is_not_there_cannot_be_read(tmp_path: Path) -> None:
    assert "yet" in told(f"sqlite:///{tmp_path}/x.db", read_only=True)
    assert list(tmp_path.iterdir()) == [], "looking creates nothing"


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    path.write_text("Dear diary, " * 500)
    assert "not a database" in told(f"sqlite:///{path}")
    assert path.read_text().startswith("Dear diary")


def test_another_programs_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE article (id)")
    other.close()
    before = path.read_bytes()
    assert "another program" in told(f"sqlite:///{path}")
    assert path.read_bytes() == before


def test_a_store_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/x.db"
    open_store(url).close()
    raw = sqlite3.connect(tmp_path / "x.db")
    raw.execute("INSERT INTO migration VALUES (?, 'from the future', '')", (MIGRATIONS[-1].number + 1,))
    raw.commit()
    raw.close()
    for read_only in (True, False):
        assert "newer version" in told(url, read_only=read_only)


def test_a_store_of_an_older_version_is_upgraded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path}/x.db"
    monkeypatch.setattr("crawler.storage.migrations.MIGRATIONS", MIGRATIONS[:2])
    monkeypatch.setattr("crawler.storage.sqlite.MIGRATIONS", MIGRATIONS[:2])
    open_store(url, clock=lambda: NOW).close()
    monkeypatch.undo()
    reader = open_store(url, read_only=True)
    assert reader.verdicts.undecided_count() == 0
    reader.close()
    raw = sqlite3.connect(tmp_path / "x.db")
    rows = raw.execute("SELECT number, name FROM migration ORDER BY number").fetchall()
    raw.close()
    assert rows == [(step.number, step.name) for step in MIGRATIONS]


def test_a_migration_that_fails_leaves_the_store_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from crawler.storage.migrations import Migration

    url = f"sqlite:///{tmp_path}/x.db"
    open_store(url).close()
    broken = (*MIGRATIONS, Migration(99, "broken", "CREATE TABLE half (x);\nCREATE TABLE article (id);\n"))
    monkeypatch.setattr("crawler.storage.migrations.MIGRATIONS", broken)
    monkeypatch.setattr("crawler.storage.sqlite.MIGRATIONS", broken)
    with pytest.raises(sqlite3.OperationalError):
        open_store(url)
    monkeypatch.undo()
    store = open_store(url)
    store.close()
    raw = sqlite3.connect(tmp_path / "x.db")
    assert raw.execute("SELECT count(*) FROM sqlite_master WHERE name = 'half'").fetchone() == (0,)
    raw.close()


def test_statements_are_split_where_sqlite_says() -> None:
    script = "CREATE TABLE a (x TEXT DEFAULT ';');\n\nCREATE TABLE b (\n  y -- no; end\n);\n"
    assert len(list(statements(script))) == 2
    with pytest.raises(ValueError, match="middle"):
        list(statements("CREATE TABLE c (x)"))


def test_a_store_that_the_system_will_not_let_be_written_is_named() -> None:
    assert "/proc/x.db" in told("sqlite:////proc/x.db")


def test_a_store_that_another_process_keeps_locked_is_said_to_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "BUSY_SECONDS", 0.05)
    url = f"sqlite:///{tmp_path}/x.db"
    open_store(url).close()
    other = sqlite3.connect(tmp_path / "x.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    store = open_store(url)
    with pytest.raises(StoreError, match="locked"), store.transaction():
        pass
    other.execute("ROLLBACK")
    with store.transaction():
        store.outbox.add("k", {}, NOW)
    store.close()
    other.close()


def test_two_processes_may_make_one_store_at_once(tmp_path: Path) -> None:
    code = "import sys; from crawler.storage import open_store; open_store(sys.argv[1]).close()"
    command = [sys.executable, "-c", code, f"sqlite:///{tmp_path}/x.db"]
    runs = [subprocess.Popen(command) for _ in range(3)]
    assert [run.wait(60) for run in runs] == [0, 0, 0]


def test_every_commit_is_synced_before_it_is_reported(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/x.db")
    database = store._db  # type: ignore[attr-defined]
    assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert database.execute("PRAGMA synchronous").fetchone() == (2,), "FULL"
    assert database.execute("PRAGMA foreign_keys").fetchone() == (1,)
    store.close()


KILLED = """
import os, signal, sys
from datetime import datetime, UTC
from crawler.storage import open_store
store = open_store(sys.argv[1])
store.hold("a.example")
now = datetime(2026, 11, 1, tzinfo=UTC)
with store.transaction():
    store.outbox.add("kept", {}, now)
print("committed", flush=True)
with store.transaction():
    store.outbox.add("lost", {}, now)
    print("open", flush=True)
    signal.pause()
"""


def test_a_killed_process_leaves_what_it_committed_and_no_lock(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/x.db"
    run = subprocess.Popen([sys.executable, "-c", KILLED, url], stdout=subprocess.PIPE, text=True)
    assert run.stdout is not None
    assert [run.stdout.readline().strip() for _ in range(2)] == ["committed", "open"]
    store = open_store(url)
    with pytest.raises(StoreError, match=str(run.pid)):
        store.hold("a.example")
    run.send_signal(signal.SIGKILL)
    run.wait(10)
    run.stdout.close()
    deadline = time.monotonic() + 10
    while True:
        try:
            store.hold("a.example")
            break
        except StoreError:
            assert time.monotonic() < deadline
            time.sleep(0.02)
    assert [event.kind for event in store.outbox.read("one", 9)] == ["kept"]
    with store.transaction():
        store.outbox.add("next", {}, NOW)
    store.close()


def test_site_names_make_lock_files_of_their_own(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/x.db")
    other = open_store(f"sqlite:///{tmp_path}/x.db")
    names = ["../../x", "a/b", "a_b", ".", "", "x" * 500, "الجزيرة", "localhost:80"]
    for name in names:
        store.hold(name)
    for name in names:
        with pytest.raises(StoreError):
            other.hold(name)
    assert len(list((tmp_path / "x.db.locks").iterdir())) == len(names)
    other.close()
    store.close()
