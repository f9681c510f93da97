"""A robot's WebSocket to the hub: messages out, messages in, and the server's time."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

import aiohttp
import msgspec

from signalling.wire import (
    FRAME_MAX,
    PROTOCOL,
    Changed,
    Hello,
    Message,
    Ping,
    Pong,
    ServerMessage,
    Welcome,
)

PING_EVERY_S = 10.0

_encode = msgspec.msgpack.Encoder().encode
_decoder: msgspec.msgpack.Decoder[ServerMessage] = msgspec.msgpack.Decoder(ServerMessage)


class ServerClock:
    """Server time, from the quickest pong; a jump of the server's clock is followed at once."""

    def __init__(self) -> None:
        self._ahead_ms = 0.0

    def now_ms(self) -> int:
        """Server time now."""
        return int(time.monotonic() * 1000 + self._ahead_ms)

    def told(self, server_ms: int, trip_ms: float = 0.0) -> None:
        """The server said this was its time, half a round trip ago."""
        self._ahead_ms = server_ms + trip_ms / 2 - time.monotonic() * 1000


class Socket:
    """One open connection. Iterate `messages()`; `say` never waits."""

    def __init__(self, ws: aiohttp.ClientWebSocketResponse, clock: ServerClock) -> None:
        self._ws = ws
        self._clock = clock
        self._out: asyncio.Queue[Message] = asyncio.Queue()
        self._asked: dict[int, float] = {}
        self._pings = 0

    def say(self, message: Message) -> None:
        """Queue a message for the hub."""
        self._out.put_nowait(message)

    def ask_time(self) -> None:
        """Ping; the pong sets the clock."""
        self._pings += 1
        self._asked = {self._pings: time.monotonic()}
        self.say(Ping(n=self._pings))

    async def write(self) -> None:
        """Send what is queued until cancelled."""
        while True:
            await self._ws.send_bytes(_encode(await self._out.get()))

    async def keep_time(self) -> None:
        """Ping now and then until cancelled."""
        while True:
            self.ask_time()
            await asyncio.sleep(PING_EVERY_S)

    async def messages(self) -> AsyncIterator[Message]:
        """What the hub says, until the connection ends. Time is taken care of on the way."""
        async for frame in self._ws:
            if frame.type is not aiohttp.WSMsgType.BINARY:
                continue
            message = _decoder.decode(frame.data)
            self._mind_the_time(message)
            yield message

    def _mind_the_time(self, message: Message) -> None:
        if isinstance(message, Welcome):
            self._clock.told(message.server_ms)
        elif isinstance(message, Pong) and message.n in self._asked:
            trip_ms = (time.monotonic() - self._asked.pop(message.n)) * 1000
            self._clock.told(message.server_ms, trip_ms)
        elif isinstance(message, Changed) and message.what == "clock":
            self.ask_time()


@contextlib.asynccontextmanager
async def connect(
    http: aiohttp.ClientSession, base_url: str, tab: str, clock: ServerClock
) -> AsyncIterator[Socket]:
    """A connection that has said hello, written to and timed until the block ends."""
    url = base_url.rstrip("/").replace("http", "ws", 1) + "/ws"
    async with http.ws_connect(
        url, max_msg_size=FRAME_MAX, heartbeat=20, timeout=aiohttp.ClientWSTimeout(ws_close=5)
    ) as ws:
        socket = Socket(ws, clock)
        socket.say(Hello(v=PROTOCOL, tab=tab))
        chores = [
            asyncio.create_task(socket.write(), name="robot-write"),
            asyncio.create_task(socket.keep_time(), name="robot-time"),
        ]
        try:
            yield socket
        finally:
            for chore in chores:
                chore.cancel()
            await asyncio.gather(*chores, return_exceptions=True)
