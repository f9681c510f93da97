"""What waits to be written to one socket: the write funnel.

Saying something never waits. A page that does not read is not waited for either: beyond a number of
bytes, or an age, its socket is closed with `SLOW` and what it missed is told when it resumes.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

from aiohttp import web

from signalling import codec
from signalling.close_codes import CloseCode
from signalling.config import HubConfig
from signalling.web import metrics
from signalling.wire import Message

ABORT_AFTER_S = 2.0
"""How long a page may take to read its close frame and answer it."""


class Outgoing:
    """One socket's frames, in order, with an end."""

    def __init__(
        self, ws: web.WebSocketResponse, config: HubConfig, abort: Callable[[], None]
    ) -> None:
        """`abort` cuts the connection of a page that does not even read its close frame."""
        self._ws = ws
        self._abort = abort
        self._max_bytes = config.queue_max_bytes
        self._max_age_s = config.queue_max_age_s
        self._frames: deque[tuple[bytes, float | None]] = deque()
        self._bytes = 0
        self._code: int | None = None
        self._more = asyncio.Event()

    def send(self, message: Message, *, since_s: float | None = None) -> None:
        """Queue a message, or give the page up. What another page said came in at `since_s`."""
        if self._code is not None:
            return
        frame = codec.encode(message)
        self._bytes += len(frame)
        metrics.QUEUE.observe(self._bytes)
        if self._bytes > self._max_bytes:
            self._frames.clear()
            self.close(CloseCode.SLOW)
            return
        self._frames.append((frame, since_s))
        self._more.set()

    def close(self, code: int) -> None:
        """End the socket after what is queued."""
        if self._code is None:
            self._code = code
        self._more.set()

    async def run(self) -> None:
        """Write until closed. Ends by itself; the reader then sees the socket closed."""
        try:
            await self._write()
        except (TimeoutError, ConnectionError):
            # Stuck in the middle of a frame: nothing more can be said on this connection.
            self._abort()
            return
        if self._code is not None:
            await self._say_goodbye(self._code)

    async def _write(self) -> None:
        while self._frames or self._code is None:
            if not self._frames:
                self._more.clear()
                await self._more.wait()
                continue
            frame, since_s = self._frames.popleft()
            async with asyncio.timeout(self._max_age_s):
                await self._ws.send_bytes(frame)
            self._bytes -= len(frame)
            if since_s is not None:
                metrics.RELAY.observe(asyncio.get_running_loop().time() - since_s)

    async def _say_goodbye(self, code: int) -> None:
        try:
            async with asyncio.timeout(ABORT_AFTER_S):
                await self._ws.close(code=code)
        except (TimeoutError, ConnectionError):
            self._abort()
