from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace

import pytest
from scrapy import Spider
from scrapy.http import Response
from scrapy.utils.test import get_crawler

from crawler.extensions.throttle import Throttle


def delays(*answers: tuple[int, float]) -> Sequence[float]:
    """The delay after each answer, given as (status, seconds that it took)."""
    throttle = Throttle(get_crawler(Spider, {"AUTOTHROTTLE_ENABLED": True, "AUTOTHROTTLE_MAX_DELAY": 30.0}))
    throttle.mindelay, throttle.maxdelay = 0.0, 30.0
    slot = SimpleNamespace(delay=0.02)
    found = []
    for status, latency in answers:
        throttle._adjust_delay(slot, latency, Response("http://a.example/", status=status))
        found.append(round(slot.delay, 3))
    return found


def test_one_slow_answer_is_no_slow_site() -> None:
    assert delays((200, 40.0))[-1] == 0.5
    assert delays((200, 40.0), *[(404, 0.1)] * 4)[-1] < 0.2


def test_a_slow_site_is_given_its_time_within_some_answers() -> None:
    assert delays(*[(200, 6.0)] * 5)[-1] == 6.0
    assert delays(*[(200, 60.0)] * 8)[-1] == 30.0


@pytest.mark.parametrize("status", [429, 403, 500, 503])
def test_quick_errors_do_not_make_us_quicker(status: int) -> None:
    slow = [(200, 6.0)] * 5
    assert delays(*slow, (status, 0.01))[-1] == 6.0
    assert delays(*slow, (404, 0.01))[-1] < 6.0
