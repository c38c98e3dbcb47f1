"""Articles of an archive prepared in other processes: in order, bounded, and nothing lost when one of them dies."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from ravelin import SENTENCES, command

from crawler.attribution.ready import Ready
from crawler.commands.preparing import Preparing, Refused, WorkerLostError, prepared
from crawler.commands.records import Portion
from crawler.dedup import sketch
from crawler.extraction import text_hash
from tests.processes import ends

PATIENCE = 30.0


def where(portion: Portion) -> list[object]:
    """Who prepared what: the number of the process, and the line."""
    time.sleep(0.005)
    return [(os.getpid(), record.line) for record in portion.records()]


def falls(portion: Portion) -> list[object]:
    if os.getppid() == int(portion.source):
        os._exit(9)
    return where(portion)


def until(done: list[bool], after: int = 20, source: str = "") -> Iterator[Portion]:
    """Portions of one record until something has happened, and some more."""
    start, line = time.monotonic(), 0
    while not done and time.monotonic() - start < PATIENCE:
        line += 1
        yield Portion([{}], line, source, full=True)
    for more in range(after):
        yield Portion([{}], line + more + 1, source, full=True)


def test_portions_come_back_in_their_order_whoever_prepared_them() -> None:
    elsewhere: list[bool] = []
    workers = 2
    lines, read = [], 0

    def counted() -> Iterator[Portion]:
        nonlocal read
        for portion in until(elsewhere):
            read += 1
            yield portion

    for portion, outcomes in prepared(counted(), where, workers):  # type: ignore[arg-type]
        ((pid, line),) = outcomes  # type: ignore[misc]
        assert line == portion.line
        lines.append(line)
        assert read - len(lines) <= 2 * workers + 1, "what is read ahead is bounded"
        if pid != os.getpid():
            elsewhere.append(True)
    assert elsewhere, "a second process took part"
    assert lines == list(range(1, len(lines) + 1))


def test_a_short_file_starts_no_process() -> None:
    portions = [Portion([{}]), Portion([{}], 2)]
    assert [outcomes[0][0] for _, outcomes in prepared(portions, where, 3)] == [os.getpid()] * 2  # type: ignore[arg-type, index]
    assert list(prepared([], where, 3)) == []  # type: ignore[arg-type]


def test_a_process_that_dies_is_an_error_and_no_silence() -> None:
    taken: list[int] = []
    portions = prepared(until([], source=str(os.getpid())), falls, 1)  # type: ignore[arg-type]
    with pytest.raises(WorkerLostError):
        taken.extend(portion.line for portion, _ in portions)
    assert taken == list(range(1, len(taken) + 1)), "what came before it is whole"


def test_what_is_prepared_is_fit_sketched_and_hashed() -> None:
    good = {"url": "https://a.example/1", "title": "T", "text": "A ferry sailed at \ud800 noon."}
    lines = [json.dumps(good), "{", json.dumps(good | {"url": "x"})]
    prepare = Preparing({"a.example": "The Alpha"})
    made, *bad = prepare(Portion("\n".join(lines).encode()))
    (same,) = prepare(Portion([good]))
    assert isinstance(made, Ready)
    assert made == same, "a row of Parquet is as good as a line of JSON"
    row, text = made.row, "A ferry sailed at \ufffd noon."
    assert (row.site, row.text) == ("The Alpha", text)
    assert (row.sketch, row.text_hash) == (sketch(text).to_bytes(), text_hash(text))
    assert made.hashes.tolist() == sketch(text).hashes.tolist()
    assert [(one.line, one.reason[:8]) for one in bad if isinstance(one, Refused)] == [(2, "not JSON"), (3, "url is n")]


PARENT = """
import os, sys, time
sys.path.insert(0, {folder!r})
from test_preparing import PATIENCE, until, where
from crawler.commands.preparing import prepared
if __name__ == "__main__":
    done = []
    for _, outcomes in prepared(until(done), where, 1):
        if outcomes[0][0] != os.getpid():
            print(outcomes[0][0], flush=True)
            time.sleep(PATIENCE)
"""


def test_a_process_ends_with_its_parent(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT.format(folder=str(Path(__file__).parent)))
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    parent = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True, env=environment)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert ends(child, PATIENCE)


SMALL_PORTIONS = """
import sys
from crawler.commands import archives, cli, load, preparing
archives.FIRST, archives.SIZE, archives._CHUNK = 20_000, 20_000, 5_000
if __name__ == "__main__":
    cli.main(["firstprint", "load", "in.jsonl", *sys.argv[1:]])
"""


def newsroom(count: int) -> list[str]:
    """Lines of stories, each followed by a copy or two of it somewhere later."""
    dice, lines = random.Random(7), []
    words = " ".join(SENTENCES).split()
    for number in range(count):
        if number % 3 == 2:
            told = json.loads(dice.choice(lines))["text"]
        else:
            told = "\n\n".join(" ".join(dice.choices(words, k=45)).capitalize() + "." for _ in range(3))
        url = f"https://{'mirror' if number % 3 == 2 else 'paper'}{number % 5}.example/{number}"
        published = 1_700_000_000 + number * 600
        lines.append(json.dumps({"url": url, "title": f"Story {number}", "text": told, "published": published}))
    return lines


def test_a_load_that_was_killed_is_simply_started_again(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text("\n".join(newsroom(600)))
    script = tmp_path / "small_portions.py"
    script.write_text(SMALL_PORTIONS)
    whole = command("load", "in.jsonl", "-s", "STORE_URL=sqlite:///whole.db", cwd=tmp_path)
    assert "600 articles stored" in whole.err
    environment = {**os.environ, "SCRAPY_SETTINGS_MODULE": "crawler.settings"}
    broken = subprocess.Popen([sys.executable, str(script), "-s", "STORE_URL=sqlite:///broken.db"], cwd=tmp_path,
                              env=environment)  # fmt: skip
    log = tmp_path / "broken.db-wal"
    while broken.poll() is None and not (log.exists() and log.stat().st_size > 400_000):
        time.sleep(0.01)
    broken.send_signal(signal.SIGKILL)
    assert broken.wait() == -signal.SIGKILL, "it was killed on its way"
    again = command("load", "in.jsonl", "-s", "STORE_URL=sqlite:///broken.db", cwd=tmp_path)
    assert again.code == 0
    stored = int(again.err.split("load: ")[1].split()[0])
    assert 0 < stored < 600, "the rest was stored by the second run"
    told = [command("reposts", "--all", "--format", "jsonl", "-s", f"STORE_URL=sqlite:///{name}.db", cwd=tmp_path).out
            for name in ("whole", "broken")]  # fmt: skip
    lines = [[json.loads(line) | {"revision": 0} for line in one.splitlines()] for one in told]
    assert len(lines[0]) >= 600
    assert lines[0] == lines[1]
