"""A server of a few pages that a test writes itself: nothing of the fixture web, so nothing can be fitted to it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Answer:
    """What a path answers; `stream` writes the body itself, for servers that misbehave."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    stream: Callable[[Any], None] | None = None


def page(text: str, status: int = 200, **headers: str) -> Answer:
    return Answer(text.encode(), status, {"Content-Type": "text/html; charset=utf-8", **headers})


def xml(text: str) -> Answer:
    return Answer(text.encode(), 200, {"Content-Type": "application/xml; charset=utf-8"})


class LittleWeb:
    """Hosts and paths on one loopback port. An unknown path answers 404, an unknown host 421."""

    def __init__(self) -> None:
        self.hosts: dict[str, dict[str, Answer]] = {}
        self.log: list[tuple[str, str]] = []
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def __enter__(self) -> LittleWeb:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def seen(self, host: str) -> list[str]:
        """The paths asked of a host since the last `forget_log`, robots.txt apart."""
        with self._lock:
            return [path for name, path in self.log if name == host and path != "/robots.txt"]

    def forget_log(self) -> None:
        with self._lock:
            self.log.clear()

    def answer(self, host: str, path: str) -> Answer:
        with self._lock:
            self.log.append((host, path))
        paths = self.hosts.get(host)
        if paths is None:
            return page("no such host here", 421)
        return paths.get(path) or page("<title>Not found</title><p>No such page.</p>", 404)


def _handler(web: LittleWeb) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            host = (self.headers.get("Host") or "").partition(":")[0]
            answer = web.answer(host, self.path)
            etag = answer.headers.get("ETag")
            if etag and self.headers.get("If-None-Match") == etag:
                self.send_response(304)
                self.send_header("ETag", etag)
                self.end_headers()
                return
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if answer.stream is not None:
                self.send_header("Connection", "close")
                self.close_connection = True
                self.end_headers()
                with suppress(OSError):  # the crawler hung up, as it should
                    answer.stream(self.wfile)
                return
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            with suppress(OSError):
                self.wfile.write(answer.body)

        do_HEAD = do_GET

        def log_message(self, *words: object) -> None:
            pass

    return Handler
