from __future__ import annotations

import http.client
import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from fixtures.web import FixtureWeb


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


Get = Callable[..., Answer]


@pytest.fixture(scope="session")
def web() -> Iterator[FixtureWeb]:
    with FixtureWeb() as running:
        yield running


@pytest.fixture(autouse=True)
def _calm(web: FixtureWeb) -> None:
    web.clear_faults()
    web.clear_log()


@pytest.fixture(scope="session")
def get(web: FixtureWeb) -> Get:
    def fetch(host: str, path: str = "/", method: str = "GET", **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", web.port, timeout=20)
        try:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, headers={"Host": host} | sent)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    return fetch


@pytest.fixture(scope="session")
def names() -> Iterator[int]:
    return itertools.count(1)


@pytest.fixture
def new_site(web: FixtureWeb, names: Iterator[int]) -> Callable[..., str]:
    """An empty site of its own for one test, like one of the nine."""

    def add(model: str, **changes: Any) -> str:
        host = f"site{next(names)}.example"
        web.add_site(host, model, **changes)
        return host

    return add


def path_of(url: str) -> str:
    return "/" + url.split("/", 3)[3]
