"""The pool with real processes: deadlines, memory, crashes, recycling, and an end that comes."""

from __future__ import annotations

import logging
import os
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import wait
from pathlib import Path

import pytest

from crawler.extraction.pool import PoolCrash, PoolMemory, PoolTimeout, ReadingPool
from crawler.items import SkipReason

PATIENCE = 120
"""Seconds in which even a busy machine starts the workers and has them do a small task."""


def double(number: int) -> int:
    return 2 * number


def pid(_: str) -> int:
    return os.getpid()


def spin(_: str) -> None:
    while True:
        pass


def stuck_in_c(_: str) -> None:
    re.match(r"(a+)+$", "a" * 60 + "b")


def greedy(_: str) -> None:
    hoard = []
    for _ in range(200):
        hoard.append(bytearray(b"x") * (10 << 20))
        time.sleep(0.02)


def killed(_: str) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def raising(_: str) -> None:
    raise ValueError("no such pier")


@pytest.fixture
def pool():
    # a new worker imports this module within its first task, which takes a busy machine more than a second
    with ReadingPool(workers=2, timeout=5.0, memory_limit=700 << 20, max_tasks=50) as made:
        yield made


def test_results_come_back(pool):
    assert [pool.submit(double, n).result(PATIENCE) for n in range(5)] == [0, 2, 4, 6, 8]
    assert pool.pending == 0


@pytest.mark.parametrize(
    ("function", "error", "reason"),
    [
        (spin, PoolTimeout, SkipReason.TIMEOUT),
        (stuck_in_c, PoolTimeout, SkipReason.TIMEOUT),
        (killed, PoolCrash, SkipReason.CRASHED),
        (raising, PoolCrash, SkipReason.CRASHED),
    ],
)
def test_a_bad_task_fails_alone_and_is_named(pool, caplog, function, error, reason):
    pool.submit(double, 1).result(PATIENCE)
    with caplog.at_level(logging.WARNING, "crawler.extraction.pool"):
        bad = pool.submit(function, "http://bad.example/page")
        good = [pool.submit(double, n) for n in range(8)]
        with pytest.raises(error) as raised:
            bad.result(PATIENCE)
        assert [one.result(PATIENCE) for one in good] == [2 * n for n in range(8)]
    assert raised.value.reason is reason
    lines = [record.getMessage() for record in caplog.records if "http://bad.example/page" in record.getMessage()]
    assert len(lines) == 1


def test_memory_over_the_limit_is_killed():
    with ReadingPool(workers=1, timeout=30, memory_limit=600 << 20) as pool:
        with pytest.raises(PoolMemory):
            pool.submit(greedy, "http://fat.example/").result(PATIENCE)
        assert pool.submit(double, 4).result(PATIENCE) == 8


def test_an_idle_worker_that_dies_is_replaced():
    with ReadingPool(workers=1, timeout=5) as pool:
        os.kill(pool.submit(pid, "x").result(PATIENCE), signal.SIGKILL)
        assert pool.submit(double, 3).result(PATIENCE) == 6


def test_workers_that_cannot_start_fail_the_task_instead_of_hanging():
    # a main module that cannot be imported again, as when a program is read from standard input
    program = """
from crawler.extraction.pool import ReadingPool
from tests.extraction.test_pool import double
with ReadingPool(workers=2, timeout=5) as pool:
    print(type(pool.submit(double, 2).exception()).__name__)
"""
    done = subprocess.run([sys.executable, "-"], input=program, capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == "PoolCrash", done.stderr[-500:]


def test_tasks_queued_in_a_pool_that_breaks_are_done_by_the_next():
    with ReadingPool(workers=1, timeout=20) as pool:
        victim = pool.submit(pid, "x").result(PATIENCE)
        for _ in range(3):
            os.kill(victim, signal.SIGKILL)
            tasks = [pool.submit(double, n) for n in range(30)]
            assert [task.result(PATIENCE) for task in tasks] == [2 * n for n in range(30)]
            victim = pool.submit(pid, "x").result(PATIENCE)


def test_workers_are_recycled():
    with ReadingPool(workers=1, timeout=5, max_tasks=3) as pool:
        seen = [pool.submit(pid, "x").result(PATIENCE) for _ in range(7)]
    assert len(set(seen)) == 3


def test_close_ends_what_runs_and_fails_what_waits():
    pool = ReadingPool(workers=1, timeout=60)
    pool.submit(double, 1).result(PATIENCE)
    tasks = [pool.submit(spin, "x") for _ in range(4)]
    time.sleep(0.3)
    start = time.monotonic()
    pool.close()
    pool.close()
    assert time.monotonic() - start < 8
    assert not wait(tasks, 5).not_done
    assert all(isinstance(task.exception(), PoolCrash) for task in tasks)
    with pytest.raises(RuntimeError):
        pool.submit(double, 1)


def test_a_pool_that_never_worked_closes():
    ReadingPool(workers=2).close()


ORPHAN = """
import sys, time
from crawler.extraction.pool import ReadingPool
from tests.extraction.test_pool import pid, spin
if __name__ == "__main__":
    pool = ReadingPool(workers=2, timeout=1.0)
    print(pool.submit(pid, "x").result(), flush=True)
    pool.submit(spin, "x")
    time.sleep(60)
"""


def test_workers_do_not_outlive_a_killed_parent():
    parent = subprocess.Popen([sys.executable, "-c", ORPHAN], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    worker = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and _alive(worker):
        time.sleep(0.1)
    assert not _alive(worker)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return sys.platform != "linux"


def unreadable(_: str) -> object:
    return lambda: None


def test_what_cannot_be_sent_fails_alone(pool):
    tasks = [
        pool.submit(double, 1),
        pool.submit(double, lambda: None),
        pool.submit(unreadable, "x"),
        pool.submit(double, 2),
    ]
    assert [type(task.exception(30)) for task in tasks] == [type(None), PoolCrash, PoolCrash, type(None)]


def test_what_waits_behind_a_deadly_task_in_the_same_message_is_done():
    with ReadingPool(workers=1, timeout=3.0) as pool:
        pool.submit(double, 1).result(PATIENCE)
        tasks = [pool.submit({7: spin, 13: killed}.get(n, double), n) for n in range(20)]
        came = {n: type(task.exception(60)) for n, task in enumerate(tasks)}
        assert pool.pending == 0
    assert {n: error for n, error in came.items() if error is not type(None)} == {7: PoolTimeout, 13: PoolCrash}


def test_submitting_waits_for_no_process():
    with ReadingPool(workers=2, timeout=5) as pool:
        start = time.monotonic()
        task = pool.submit(double, 2)
        assert time.monotonic() - start < 0.2
        assert task.result(PATIENCE) == 4
