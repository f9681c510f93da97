"""Where a request comes from, and how many sockets one place may hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from aiohttp import web

from scheduler.addresses import client_address, network_of


def origin_of(request: web.BaseRequest, proxies: Collection[str]) -> str:
    """The place that counts: the nearest address that is no proxy of ours; IPv6 by /64."""
    forwarded = request.headers.getall("X-Forwarded-For", [])
    return network_of(client_address(request.remote or "", forwarded, proxies))


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
