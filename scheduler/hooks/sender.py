"""Calls webhooks: one POST, five seconds, no redirects, to public addresses only.

The guard sits where the socket is made: whatever a name resolves to, and however often its answer
changes, the address that is connected to is the address that was looked at.
"""

from __future__ import annotations

import socket
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector

from scheduler.hooks import metrics
from scheduler.hooks.resolver import Resolver
from scheduler.webhooks import may_reach

CALL_S = 5.0
CALLS = 20
"""Calls in flight at the same time."""
AGENT = "Alongside-Webhook/1"


class NotPublic(OSError):
    """The address is not one we call on behalf of a member."""


class HookSender:
    """Posts to webhooks."""

    def __init__(
        self, *, loopback: bool, call_s: float = CALL_S, resolver: Resolver | None = None
    ) -> None:
        self._loopback = loopback
        self._resolver = resolver or Resolver()
        self._session = ClientSession(
            connector=TCPConnector(
                limit=CALLS,
                force_close=True,
                use_dns_cache=False,
                resolver=self._resolver,
                socket_factory=self._socket,
            ),
            timeout=ClientTimeout(total=call_s),
            cookie_jar=DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
            headers={"User-Agent": AGENT},
        )

    async def post(self, url: str, body: bytes, headers: dict[str, str]) -> int | None:
        """The status of the answer, None if there was none. What else it says is not read."""
        try:
            answer = await self._session.post(
                url, data=body, headers=headers, allow_redirects=False
            )
        except (TimeoutError, ClientError, OSError, ValueError):
            metrics.calls.labels("unreachable").inc()
            return None
        answer.close()
        metrics.calls.labels("ok" if answer.ok else "refused").inc()
        return answer.status

    async def close(self) -> None:
        await self._session.close()
        await self._resolver.close()

    def _socket(self, found: Any) -> socket.socket:
        """The socket for an address that a name led to, or that stood in the URL itself."""
        family, kind, protocol, _, address = found
        if not may_reach(str(address[0]), loopback=self._loopback):
            raise NotPublic
        return socket.socket(family, kind, protocol)
