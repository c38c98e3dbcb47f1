"""The browser's only way out: an HTTP proxy on loopback that connects through our resolver, and so past our guard.

It speaks CONNECT and plain HTTP with one request a connection, and answers only to whoever knows its password, so
that no other program on the machine borrows the way out.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from collections import Counter
from typing import Any
from urllib.parse import urlsplit

from twisted.internet.endpoints import HostnameEndpoint
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.python.failure import Failure

from crawler.network.resolver import refusal_of

_MAX_HEAD = 64 * 1024
_MAX_BYTES = 64 * 1024 * 1024
"""What one connection may bring; a page's script could stream for ever."""
_MAX_CONNECTIONS = 256
_HEAD_SECONDS = 30
_CONNECT_SECONDS = 30
_HOP_BY_HOP = frozenset({b"connection", b"proxy-connection", b"proxy-authorization", b"keep-alive"})
USER = "browser"


class LoopbackProxy(Factory):
    """Listens on 127.0.0.1, on any free port. `requests` counts by host what went through."""

    noisy = False

    def __init__(self, reactor: Any) -> None:
        self.reactor = reactor
        self.password = secrets.token_urlsafe(24)
        self.requests: Counter[str] = Counter()
        self.open = 0
        self._port: Any = None

    @property
    def address(self) -> str:
        """`http://127.0.0.1:port`."""
        return f"http://127.0.0.1:{self._port.getHost().port}"

    def start(self) -> None:
        """Begins to listen."""
        self._port = self.reactor.listenTCP(0, self, interface="127.0.0.1")

    async def stop(self) -> None:
        """Stops listening; connections that are open end with the browser."""
        port, self._port = self._port, None
        if port is not None:
            await port.stopListening()

    def buildProtocol(self, addr: Any) -> Protocol | None:  # noqa: N802, ARG002  Twisted's interface
        """One connection of the browser; none beyond the limit."""
        return _Inward(self) if self.open < _MAX_CONNECTIONS else None

    def knows(self, credentials: bytes) -> bool:
        """Whether these are the proxy's own credentials (the value of Proxy-Authorization)."""
        expected = b"Basic " + base64.b64encode(f"{USER}:{self.password}".encode())
        return hmac.compare_digest(credentials.strip(), expected)


class _Inward(Protocol):
    """The browser's side of one connection."""

    def __init__(self, proxy: LoopbackProxy) -> None:
        self._proxy = proxy
        self._head = b""
        self._peer: _Outward | None = None
        self._asked = False
        self._late: Any = None

    def connectionMade(self) -> None:  # noqa: N802
        self._proxy.open += 1
        self._late = self._proxy.reactor.callLater(_HEAD_SECONDS, self._transport.abortConnection)

    @property
    def _transport(self) -> Any:
        return self.transport

    def dataReceived(self, data: bytes) -> None:  # noqa: N802
        if self._peer is not None:
            self._peer.send(data)
            return
        self._head += data
        if not self._asked and b"\r\n\r\n" in self._head:
            self._asked = True
            self._late.cancel()
            self._route()
        elif len(self._head) > _MAX_HEAD and not self._asked:
            self.refuse(431, "the request's head is too large")

    def _route(self) -> None:
        head, _, rest = self._head.partition(b"\r\n\r\n")
        lines = head.split(b"\r\n")
        headers = [
            (name.strip().lower(), value.strip(), line)
            for line in lines[1:]
            for name, _, value in [line.partition(b":")]
        ]
        if not self._proxy.knows(next((value for name, value, _ in headers if name == b"proxy-authorization"), b"")):
            self.refuse(407, "this proxy is for our own browser", b'Proxy-Authenticate: Basic realm="crawl"\r\n')
            return
        try:
            method, target, _version = lines[0].split(b" ", 2)
            host, port, onward = _read_target(method, target.decode("ascii"))
        except ValueError:
            self.refuse(400, "the request cannot be read")
            return
        if method != b"CONNECT":
            kept = [line for name, _, line in headers if name not in _HOP_BY_HOP]
            onward = b"\r\n".join([method + b" " + onward + b" HTTP/1.1", *kept, b"Connection: close", b"", b""]) + rest
        self._connect(host, port, onward, tunnel=method == b"CONNECT")

    def _connect(self, host: str, port: int, onward: bytes, *, tunnel: bool) -> None:
        self._proxy.requests[host] += 1
        self._transport.pauseProducing()
        outward = _Outward(self, onward, tunnel=tunnel)
        endpoint = HostnameEndpoint(self._proxy.reactor, host, port, timeout=_CONNECT_SECONDS)
        factory: Any = Factory.forProtocol(lambda: outward)
        connecting = endpoint.connect(factory)
        connecting.addErrback(lambda failure: self.refuse(*_why(host, failure)))

    def joined(self, peer: _Outward) -> None:
        """The other side stands."""
        if self._transport.disconnecting or not self._transport.connected:
            peer.close()
            return
        self._peer = peer
        self._transport.registerProducer(peer.transport, True)
        peer.feed(self._transport)
        self._transport.resumeProducing()

    def refuse(self, status: int, reason: str, extra: bytes = b"") -> None:
        """Answers by ourselves, and ends."""
        body = reason.encode()
        head = f"HTTP/1.1 {status} Refused\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\n".encode()
        self._transport.write(head + extra + b"Connection: close\r\n\r\n" + body)
        self._transport.loseConnection()

    def connectionLost(self, reason: Failure = connectionDone) -> None:  # noqa: N802, ARG002
        self._proxy.open -= 1
        if self._late is not None and self._late.active():
            self._late.cancel()
        if self._peer is not None:
            self._peer.close()


class _Outward(Protocol):
    """The server's side of one connection."""

    def __init__(self, browser: _Inward, onward: bytes, *, tunnel: bool) -> None:
        self._browser = browser
        self._onward = onward
        self._tunnel = tunnel
        self._brought = 0

    @property
    def _transport(self) -> Any:
        return self.transport

    def connectionMade(self) -> None:  # noqa: N802
        if self._tunnel:
            self._browser._transport.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:
            self._transport.write(self._onward)
        self._browser.joined(self)

    def feed(self, browser: Any) -> None:
        """Lets the browser's side hold back what it sends when the server is slow."""
        self._transport.registerProducer(browser, True)

    def send(self, data: bytes) -> None:
        self._transport.write(data)

    def close(self) -> None:
        self._transport.loseConnection()

    def dataReceived(self, data: bytes) -> None:  # noqa: N802
        self._brought += len(data)
        if self._brought > _MAX_BYTES:
            self._transport.abortConnection()
            return
        self._browser._transport.write(data)

    def connectionLost(self, reason: Failure = connectionDone) -> None:  # noqa: N802, ARG002
        self._browser._transport.unregisterProducer()
        self._browser._transport.loseConnection()


def _read_target(method: bytes, target: str) -> tuple[str, int, bytes]:
    """Host, port, and the path as a server takes it. Raises ValueError."""
    parts = urlsplit(f"//{target}" if method == b"CONNECT" else target)
    if not parts.hostname or (method != b"CONNECT" and parts.scheme != "http"):
        raise ValueError(target)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return parts.hostname, parts.port or (443 if method == b"CONNECT" else 80), path.encode("ascii")


def _why(host: str, failure: Failure) -> tuple[int, str]:
    refused = refusal_of(host)
    return (403, refused) if refused else (502, f"{host}: {failure.getErrorMessage()}")
