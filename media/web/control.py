"""The worker's side of the control link: a WebSocket for hubs, and for nobody else."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
from collections.abc import Hashable, Iterable

import structlog
from aiohttp import WSMsgType, web

from media.codec import FRAME_MAX, decode_hub, encode
from media.control import HubMessage, WorkerMessage
from media.errors import BadFrame
from media.rtc.sfu import Sfu

WAITING_MAX = 8 * 1024 * 1024
"""Bytes that wait for one hub; one that does not read them is disconnected. A hub that claims all pairs
of a full worker has some thousand answers coming before the first of them leaves."""

PING_S = 5.0
"""A link that does not answer pings within half of this is dead, whatever TCP believes."""

CLOSE_S = 1.0
"""How long a hub may take to agree to a close."""

log = structlog.get_logger(__name__)


class Link:
    """One hub. Frames leave in order, by one task."""

    def __init__(self, socket: web.WebSocketResponse) -> None:
        self._socket = socket
        self._queue: asyncio.Queue[bytes] = asyncio.Queue()
        self._waiting = 0
        """Bytes in the queue."""
        self._closing: asyncio.Task[bool] | None = None

    def send(self, frame: bytes) -> None:
        if self._waiting + len(frame) > WAITING_MAX:
            self.end(b"slow")
            return
        self._waiting += len(frame)
        self._queue.put_nowait(frame)

    def end(self, reason: bytes) -> asyncio.Task[bool]:
        """Close the link from our side."""
        if self._closing is None:
            self._closing = asyncio.create_task(self._socket.close(code=1008, message=reason))
        return self._closing

    async def write(self) -> None:
        """Send what is queued, for as long as the link lasts."""
        with contextlib.suppress(ConnectionError):
            while True:
                frame = await self._queue.get()
                self._waiting -= len(frame)
                await self._socket.send_bytes(frame)


class Links:
    """All hubs that are connected now."""

    def __init__(self, secret: str) -> None:
        self._expected = f"Bearer {secret}".encode()
        self._links: set[Link] = set()
        self._sfu: Sfu | None = None

    def __len__(self) -> int:
        return len(self._links)

    def attach(self, sfu: Sfu) -> None:
        """From now on hubs are heard."""
        self._sfu = sfu

    def tell(self, hubs: Iterable[Hashable], message: WorkerMessage) -> None:
        frame = encode(message)
        for hub in hubs:
            if isinstance(hub, Link):
                hub.send(frame)

    def tell_all(self, message: WorkerMessage) -> None:
        self.tell(self._links, message)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """GET /control."""
        # Whatever bytes a header holds, they come with those that are no text set apart.
        given = request.headers.get("Authorization", "").encode(errors="surrogateescape")
        if not hmac.compare_digest(given, self._expected):
            return web.Response(status=401)
        if self._sfu is None:
            return web.Response(status=503)
        socket = web.WebSocketResponse(max_msg_size=FRAME_MAX, heartbeat=PING_S, timeout=CLOSE_S)
        try:
            await socket.prepare(request)
        except ConnectionError:
            # The worker slept, and the hub has given this link up meanwhile.
            return web.Response(status=503)
        await self._converse(socket, self._sfu)
        return socket

    async def close(self) -> None:
        """End all links; each has `CLOSE_S` to agree."""
        ended = [link.end(b"stopping") for link in self._links]
        await asyncio.gather(*ended, return_exceptions=True)

    async def _converse(self, socket: web.WebSocketResponse, sfu: Sfu) -> None:
        link = Link(socket)
        self._links.add(link)
        link.send(encode(sfu.load()))
        writer = asyncio.create_task(link.write(), name="control-writer")
        log.info("hub.connected", hubs=len(self._links))
        try:
            async for frame in socket:
                if frame.type is not WSMsgType.BINARY or not self._hear(link, frame.data, sfu):
                    link.end(b"bad frame")
        finally:
            self._links.discard(link)
            sfu.hub_gone(link)
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)
            log.info("hub.gone", hubs=len(self._links))

    def _hear(self, link: Link, frame: bytes, sfu: Sfu) -> bool:
        try:
            message: HubMessage = decode_hub(frame)
        except BadFrame as error:
            log.warning("hub.bad_frame", why=str(error))
            return False
        sfu.hear(message, link)
        return True
