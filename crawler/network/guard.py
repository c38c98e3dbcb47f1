"""Where we connect, and where never: the policy for every byte, and the operator's map of host names.

Pure: no socket is opened here. The resolver and the browser's proxy both ask this module.
"""

from __future__ import annotations

import ipaddress
import json
import socket
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
"""RFC 6052: the last 32 bits are an IPv4 address that a gateway connects to."""


def parse_networks(value: str | Iterable[str]) -> tuple[Network, ...]:
    """The networks named by ALLOWED_NETWORKS: "127.0.0.0/8, ::1" or a list. Raises ValueError naming the bad one."""
    names = value.split(",") if isinstance(value, str) else list(value)
    networks: list[Network] = []
    for name in (one.strip() for one in names):
        if not name:
            continue
        try:
            networks.append(ipaddress.ip_network(name, strict=False))
        except ValueError as error:
            raise ValueError(f"ALLOWED_NETWORKS: {name!r} is no network, such as 10.0.0.0/8") from error
    return tuple(networks)


def read_address(host: str) -> Address | None:
    """The address that a host spells, in any form that operating systems accept; None for a name.

    Decimal, octal, hexadecimal and shortened IPv4 forms ("2130706433", "0177.1", "0x7f000001") are what `inet_aton`
    takes, and so what a connection would go to.
    """
    host = host.strip("[]").split("%", 1)[0]
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    if not host or not (host[0].isdigit() and host.isascii()) or host != host.strip():
        return None
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except OSError:
        return None


def _carried(address: Address) -> Address:
    """The IPv4 address inside an IPv6 one that only wraps it: mapped, 6to4, Teredo, NAT64."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address


class Guard:
    """Says which addresses may be connected to: global ones, and those in the allowed networks."""

    def __init__(self, allowed: Iterable[Network] = ()) -> None:
        self._allowed = tuple(allowed)

    def refusal(self, address: str | Address) -> str:
        """Why there may be no connection to this address; "" where there may."""
        found = read_address(address) if isinstance(address, str) else address
        if found is None:
            return f"{address} is no address"
        forms = {found, _carried(found)}
        if any(form in network for network in self._allowed for form in forms if form.version == network.version):
            return ""
        if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
            forms = {found.ipv4_mapped}  # to the network it is that IPv4 address, whatever the IPv6 registry says
        if all(form.is_global and not form.is_multicast for form in forms):
            return ""
        return f"{found} is not a global address (ALLOWED_NETWORKS can open its network)"

    def url_refusal(self, url: str) -> str:
        """Why a URL may not be fetched, as far as it says so itself: its scheme, or an address in place of a name."""
        try:
            parts = urlsplit(url)
            host = parts.hostname or ""
        except ValueError:
            return "the URL cannot be read"
        if parts.scheme not in ("http", "https"):
            return f"only http and https are fetched, not {parts.scheme or 'no scheme'}"
        if not host:
            return "the URL names no host"
        return self.refusal(host) if read_address(host) is not None else ""


class HostMap:
    """Names that lead elsewhere, for tests and the demo: `{"*.example": "127.0.0.1:8765"}`.

    An exact name wins over a wildcard, a longer wildcard over a shorter one. Where a map has no port, the URL's own
    is kept. What it leads to must still pass the guard.
    """

    def __init__(self, entries: Mapping[str, str] | None = None) -> None:
        self._exact: dict[str, tuple[str, int | None]] = {}
        self._suffixes: dict[str, tuple[str, int | None]] = {}
        for name, target in (entries or {}).items():
            name = name.strip().lower().rstrip(".")
            place = _read_target(name, str(target))
            if name.startswith("*."):
                self._suffixes[name[1:]] = place
            else:
                self._exact[name] = place

    @classmethod
    def parse(cls, value: Any) -> HostMap:
        """From the setting HOST_MAP: a mapping, JSON, or "name=host:port,…". Raises ValueError with the reason."""
        if not value:
            return cls()
        if isinstance(value, Mapping):
            return cls({str(name): str(target) for name, target in value.items()})
        text = str(value).strip()
        if text.startswith("{"):
            try:
                return cls.parse(json.loads(text))
            except json.JSONDecodeError as error:
                raise ValueError(f"HOST_MAP is no JSON: {error}") from error
        entries = {}
        for entry in filter(None, (one.strip() for one in text.split(","))):
            name, equals, target = entry.partition("=")
            if not equals:
                raise ValueError(f"HOST_MAP: {entry!r} is not of the form name=host:port")
            entries[name] = target
        return cls(entries)

    def __bool__(self) -> bool:
        return bool(self._exact or self._suffixes)

    def find(self, host: str, port: int) -> tuple[str, int]:
        """Where a connection to this host and port goes."""
        host = host.lower().rstrip(".")
        place = self._exact.get(host)
        if place is None:
            labels = host.split(".")
            for cut in range(1, len(labels)):
                place = self._suffixes.get("." + ".".join(labels[cut:]))
                if place is not None:
                    break
        if place is None:
            return host, port
        return place[0], place[1] if place[1] is not None else port


def _read_target(name: str, target: str) -> tuple[str, int | None]:
    """("127.0.0.1", 8765) from "127.0.0.1:8765"; the port may be missing, an IPv6 address stands in brackets."""
    target = target.strip()
    host, port = target, ""
    if target.startswith("["):
        host, _, rest = target[1:].partition("]")
        port = rest.removeprefix(":")
    elif target.count(":") == 1:
        host, _, port = target.partition(":")
    if not name or not host or (port and not (port.isascii() and port.isdigit() and 0 < int(port) < 65536)):
        raise ValueError(f"HOST_MAP: {name}={target} is not of the form name=host:port")
    return host, int(port) if port else None
