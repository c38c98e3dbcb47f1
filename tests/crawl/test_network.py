"""The resolver and the browser's proxy, over real sockets."""

from __future__ import annotations

import base64
import http.client
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from crawler.network.browser import browser_problem, find_executable
from crawler.network.guard import Guard, HostMap, parse_networks
from crawler.network.proxy import USER, LoopbackProxy
from crawler.network.resolver import GuardedResolver, refusal_of


class Echo(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = f"{self.headers['Host']} {self.path} {self.headers.get('Proxy-Authorization')}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture(scope="module")
def server() -> Iterator[int]:
    serving = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    thread = threading.Thread(target=serving.serve_forever, daemon=True)
    thread.start()
    yield serving.server_port
    serving.shutdown()
    serving.server_close()
    thread.join()


@pytest.fixture(scope="session")  # a reactor starts once in a process, which may come back to this module
def in_reactor() -> Iterator[Callable[..., Any]]:
    """Calls a function in a reactor that runs in a thread of its own."""
    from twisted.internet import reactor, threads

    thread = threading.Thread(target=reactor.run, kwargs={"installSignalHandlers": False}, daemon=True)
    thread.start()
    yield lambda function, *args: threads.blockingCallFromThread(reactor, function, *args)
    reactor.callFromThread(reactor.stop)
    thread.join(10)


@pytest.fixture(scope="module")
def proxy(in_reactor: Callable[..., Any], server: int) -> Iterator[LoopbackProxy]:
    from twisted.internet import reactor
    from twisted.internet.defer import ensureDeferred

    names = HostMap.parse(f"*.example=127.0.0.1:{server},private.example=10.0.0.1,rebound.example=localtest.invalid")
    resolver = GuardedResolver(reactor, 0, Guard(parse_networks("127.0.0.0/8")), names)
    before = reactor.nameResolver
    in_reactor(resolver.install_on_reactor)
    running = LoopbackProxy(reactor)
    in_reactor(running.start)
    yield running
    in_reactor(lambda: ensureDeferred(running.stop()))
    in_reactor(lambda: reactor.installNameResolver(before))


def ask(proxy: LoopbackProxy, url: str, password: str | None = None, **headers: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", int(proxy.address.rpartition(":")[2]), timeout=10)
    credentials = base64.b64encode(f"{USER}:{password or proxy.password}".encode()).decode()
    try:
        connection.request("GET", url, headers={"Proxy-Authorization": f"Basic {credentials}", **headers})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def test_names_are_mapped_and_credentials_stay_here(proxy):
    assert ask(proxy, "http://a.example/x?y=1") == (200, "a.example /x?y=1 None")
    assert proxy.requests["a.example"] == 1


@pytest.mark.parametrize("host", ["private.example", "10.0.0.1", "0xa000001", "[::ffff:10.0.0.1]"])
def test_addresses_that_are_not_global_are_refused(proxy, host):
    status, reason = ask(proxy, f"http://{host}/")
    assert status == 403, reason
    assert "10.0.0.1 is not a global address" in reason or "a00:1 is not a global address" in reason


def test_the_resolver_says_why(proxy):
    ask(proxy, "http://private.example/")
    assert "10.0.0.1 is not a global address" in refusal_of("PRIVATE.example")
    assert refusal_of("a.example") == ""


def test_only_our_own_browser_is_served(proxy):
    assert ask(proxy, "http://a.example/", password="guess")[0] == 407


@pytest.mark.parametrize("url", ["/relative", "ftp://a.example/", "http:///nohost", "https://a.example/"])
def test_what_cannot_be_routed_is_refused(proxy, url):
    assert ask(proxy, url)[0] == 400


def test_a_tunnel_goes_to_the_mapped_place(proxy):
    connection = http.client.HTTPConnection("127.0.0.1", int(proxy.address.rpartition(":")[2]), timeout=10)
    credentials = base64.b64encode(f"{USER}:{proxy.password}".encode()).decode()
    connection.set_tunnel("a.example", 443, headers={"Proxy-Authorization": f"Basic {credentials}"})
    try:
        connection.request("GET", "/inside")
        assert connection.getresponse().read() == b"a.example:443 /inside None"
    finally:
        connection.close()


def test_a_tunnel_to_a_refused_place_is_no_tunnel(proxy):
    connection = http.client.HTTPConnection("127.0.0.1", int(proxy.address.rpartition(":")[2]), timeout=10)
    credentials = base64.b64encode(f"{USER}:{proxy.password}".encode()).decode()
    connection.set_tunnel("private.example", 443, headers={"Proxy-Authorization": f"Basic {credentials}"})
    with pytest.raises(OSError, match="403"):
        connection.connect()
    connection.close()


def test_a_head_without_end_is_cut_off(proxy):
    assert ask(proxy, "http://a.example/", **{"X-Long": "y" * 70_000})[0] in (400, 431)


def test_a_missing_browser_is_named_with_what_to_install():
    assert find_executable("/nowhere/chromium") is None
    assert "apt-get install chromium" in browser_problem("/nowhere/chromium")
