"""Resolves the names of webhooks' addresses in threads of its own.

How long that takes is up to whoever owns the name, and a thread cannot be stopped: a call may have given up
long before its thread has. So nothing else of ours waits for these threads, and a name whose lookup is
still under way is not looked up a second time.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult

THREADS = 16
"""More than the names one member's webhooks have."""
NUMERIC = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV

Lookup = Callable[..., list[Any]]
"""`socket.getaddrinfo`."""


class Resolver(AbstractResolver):
    """Names to network addresses."""

    def __init__(self, lookup: Lookup = socket.getaddrinfo) -> None:
        self._lookup = lookup
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="webhook-names")
        self._under_way: dict[tuple[str, int, int], asyncio.Future[list[Any]]] = {}

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Every address of a name."""
        found = await asyncio.shield(self._found((host, port, family)))
        return [_result(host, port, *row) for row in found]

    async def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _found(self, asked: tuple[str, int, int]) -> asyncio.Future[list[Any]]:
        """A lookup that is under way, or a new one. Who waits for it may give up; it goes on."""
        if asked not in self._under_way:
            loop = asyncio.get_running_loop()
            self._under_way[asked] = loop.run_in_executor(self._threads, self._ask, *asked)
            self._under_way[asked].add_done_callback(lambda done: self._forget(asked, done))
        return self._under_way[asked]

    def _forget(self, asked: tuple[str, int, int], done: asyncio.Future[list[Any]]) -> None:
        del self._under_way[asked]
        if not done.cancelled():
            done.exception()  # it was looked at, whether or not anybody waited to the end

    def _ask(self, host: str, port: int, family: int) -> list[Any]:
        return self._lookup(host, port, family, socket.SOCK_STREAM, 0, socket.AI_ADDRCONFIG)


def _result(
    host: str, port: int, family: int, kind: int, protocol: int, name: str, address: Any
) -> ResolveResult:
    return ResolveResult(
        hostname=host, host=address[0], port=port, family=family, proto=protocol, flags=NUMERIC
    )
