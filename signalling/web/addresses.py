"""Where a request comes from, and how many sockets one place may hold."""

from __future__ import annotations

import ipaddress
from collections import Counter
from collections.abc import Collection

from aiohttp import web


def origin_of(request: web.BaseRequest, proxies: Collection[str]) -> str:
    """The address that counts: the nearest one that is no proxy of ours; IPv6 by /64."""
    chain = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop]
    address = request.remote or ""
    while address in proxies and chain:
        address = chain.pop()
    return _network(address)


def _network(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if parsed.version == 4:
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False))


class Quota:
    """At most so many at once from one place."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held: Counter[str] = Counter()

    def take(self, place: str) -> bool:
        """Take one, if there is one left."""
        if self._held[place] >= self._limit:
            return False
        self._held[place] += 1
        return True

    def give_back(self, place: str) -> None:
        self._held[place] -= 1
        if self._held[place] <= 0:
            del self._held[place]
