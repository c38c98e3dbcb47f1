"""Host names to addresses, for Scrapy's downloads and the browser's proxy alike: mapped, looked up, guarded.

Twisted's newer resolver interface hands out addresses with their ports, so one object can lead `a.example:80` to
`127.0.0.1:8765`, and what it hands out is what the connection is made to: a name that resolves to something else a
moment later gains nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scrapy.resolver import CachingHostnameResolver, HostResolution
from scrapy.settings import BaseSettings
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.base import ReactorBase
from twisted.internet.interfaces import IAddress, IHostnameResolver, IResolutionReceiver
from zope.interface import implementer

from crawler.network.guard import Guard, HostMap, parse_networks, read_address

_refusals: dict[str, str] = {}
"""Host -> why none of its addresses may be used. Twisted only reports that nothing was found; people want the why."""
_REFUSALS_KEPT = 10_000


def refusal_of(host: str) -> str:
    """Why the resolver last refused this host; "" if it did not."""
    return _refusals.get(host.lower(), "")


@implementer(IHostnameResolver)
class GuardedResolver(CachingHostnameResolver):
    """Scrapy's caching resolver behind HOST_MAP, with every address checked by the guard (TWISTED_DNS_RESOLVER)."""

    def __init__(self, reactor: ReactorBase, cache_size: int, guard: Guard, host_map: HostMap) -> None:
        super().__init__(reactor, cache_size)
        self._guard = guard
        self._map = host_map

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: ReactorBase) -> GuardedResolver:
        """`crawler` is the crawler process: only its settings are there yet."""
        settings: BaseSettings = crawler.settings
        return cls(
            reactor,
            settings.getint("DNSCACHE_SIZE") if settings.getbool("DNSCACHE_ENABLED") else 0,
            Guard(parse_networks(settings.get("ALLOWED_NETWORKS") or ())),
            HostMap.parse(settings.get("HOST_MAP")),
        )

    def resolveHostName(  # noqa: N802  Twisted's interface
        self,
        resolutionReceiver: IResolutionReceiver,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> Any:
        """Reports the allowed addresses of `hostName`; none where all are refused."""
        host, port = self._map.find(hostName, portNumber)
        receiver: Any = _Checked(resolutionReceiver, hostName, self._guard)  # zope interfaces mean nothing to mypy
        address = read_address(host)
        if address is None:
            return super().resolveHostName(receiver, host, port, addressTypes, transportSemantics)
        resolution: Any = HostResolution(host)
        receiver.resolutionBegan(resolution)
        kind: Any = IPv4Address if address.version == 4 else IPv6Address
        receiver.addressResolved(kind("TCP", str(address), port))
        receiver.resolutionComplete()
        return resolution


@implementer(IResolutionReceiver)
class _Checked:
    """Passes on what the guard allows."""

    def __init__(self, receiver: Any, host: str, guard: Guard) -> None:
        self._receiver = receiver
        self._host = host.lower()
        self._guard = guard
        self._allowed = 0
        self._why = ""

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        why = self._guard.refusal(str(address.host))
        if why:
            self._why = why
            return
        self._allowed += 1
        self._receiver.addressResolved(address)

    def resolutionComplete(self) -> None:  # noqa: N802
        if self._why and not self._allowed:
            if len(_refusals) >= _REFUSALS_KEPT:
                _refusals.clear()
            _refusals[self._host] = self._why
        elif self._allowed:
            _refusals.pop(self._host, None)
        self._receiver.resolutionComplete()
