"""GET /ws: who may connect, and one WebSocket's frames in and out."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import struct

from aiohttp import WSCloseCode, WSMsgType, web

from signalling import codec
from signalling.close_codes import CloseCode
from signalling.config import HubConfig
from signalling.errors import BadMessage, ProtocolError
from signalling.events import Garbled, Received, SignInEnded
from signalling.ports import SignedIn
from signalling.web import metrics
from signalling.web.addresses import Quota, origin_of
from signalling.web.outgoing import Outgoing
from signalling.web.runner import Runner
from signalling.wire import FRAME_MAX

ENDED = (WSMsgType.CLOSING, WSMsgType.CLOSED, WSMsgType.ERROR)
STAMP = struct.Struct("!d")
TRIP_MAX_S = 60.0
SHUT = (WSCloseCode.OK, WSCloseCode.GOING_AWAY)
"""What a browser says when a tab is shut or goes elsewhere. A lost line says nothing."""

CLOSE_WAIT_S = 2.0
"""How long a page may take to answer a close frame."""


class Door:
    """Admits pages of our own origins, of signed-in members, a few from one place."""

    def __init__(self, runner: Runner, config: HubConfig) -> None:
        self._runner = runner
        self._config = config
        self._quota = Quota(config.sockets_per_address)
        self._ids = itertools.count(1)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """The aiohttp handler."""
        self._check_origin(request)
        if not self._runner.ready:
            raise _refused(web.HTTPServiceUnavailable, "starting")
        place = origin_of(request, self._config.proxies)
        if not self._quota.take(place):
            raise _refused(web.HTTPTooManyRequests, "too_many")
        try:
            return await self._admit(request)
        finally:
            self._quota.give_back(place)

    def _check_origin(self, request: web.Request) -> None:
        # A foreign page's script could open a socket with the member's cookie. Browsers always send
        # Origin with a WebSocket; whoever sends none is not our page.
        if request.headers.get("Origin") not in self._config.origins:
            raise _refused(web.HTTPForbidden, "foreign_origin")

    async def _admit(self, request: web.Request) -> web.WebSocketResponse:
        signed_in = await self._signed_in(request)
        ws = web.WebSocketResponse(
            heartbeat=self._config.heartbeat_s,
            max_msg_size=FRAME_MAX + 1,
            timeout=CLOSE_WAIT_S,
            compress=False,
            autoping=False,  # To see the pongs.
        )
        try:
            await ws.prepare(request)
        except (ConnectionError, AssertionError):
            # Gone before the handshake was done, as anybody may be: counted, not told.
            metrics.CONNECTS.labels("aborted").inc()
            return ws
        if signed_in is None:
            # Told by close code: a page cannot read the status of a refused handshake.
            metrics.CONNECTS.labels("signed_out").inc()
            await ws.close(code=CloseCode.SIGNED_OUT)
            return ws
        metrics.CONNECTS.labels("accepted").inc()
        try:
            await self._serve(ws, request, signed_in)
        finally:
            metrics.DISCONNECTS.labels(_code_label(ws.close_code)).inc()
        return ws

    async def _signed_in(self, request: web.Request) -> SignedIn | None:
        cookie = request.cookies.get(self._config.cookie, "")
        if not cookie:
            return None
        try:
            return await self._runner.sign_ins.look_up(cookie)
        except Exception:
            raise _refused(web.HTTPServiceUnavailable, "unavailable") from None

    async def _serve(
        self, ws: web.WebSocketResponse, request: web.Request, signed_in: SignedIn
    ) -> None:
        conn = f"c{next(self._ids)}"
        transport = request.transport
        outgoing = Outgoing(ws, self._config, transport.abort if transport else ws.force_close)
        tasks = [
            asyncio.create_task(outgoing.run()),
            asyncio.create_task(self._recheck(conn, request)),
            asyncio.create_task(_measure(ws, self._config.measure_s)),
        ]
        self._runner.attach(conn, outgoing, signed_in.member, signed_in.session)
        shut = False
        try:
            shut = await self._read(ws, conn)
        finally:
            self._runner.detach(conn, closed=shut)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _read(self, ws: web.WebSocketResponse, conn: str) -> bool:
        """Take in frames to the end; whether the page itself said goodbye."""
        while True:
            frame = await ws.receive()
            if frame.type is WSMsgType.CLOSE:
                # Not `ws.close_code`: a connection that just ended has 1000 there as well.
                return frame.data in SHUT
            if frame.type in ENDED:
                return False
            if frame.type is WSMsgType.PING:
                with contextlib.suppress(ConnectionError):  # The next frame says that it ended.
                    await ws.pong(frame.data)
            elif frame.type is WSMsgType.PONG:
                _measured(frame.data)
            else:
                self._runner.feed(_event(conn, frame.type, frame.data))

    async def _recheck(self, conn: str, request: web.Request) -> None:
        """A sign-in that ended without an event (it expired, say) ends its sockets too."""
        while True:
            await asyncio.sleep(self._config.recheck_s)
            try:
                ended = await self._signed_in(request) is None
            except web.HTTPServiceUnavailable:
                continue
            if ended:
                self._runner.feed(SignInEnded(conn))


async def _measure(ws: web.WebSocketResponse, every_s: float) -> None:
    """Ask for a pong now and then; its ping says when it was sent."""
    with contextlib.suppress(ConnectionError):
        while True:
            await ws.ping(STAMP.pack(asyncio.get_running_loop().time()))
            await asyncio.sleep(every_s)


def _measured(stamp: bytes) -> None:
    # The heartbeat's pings are empty; pongs that answer none of ours may hold anything.
    if len(stamp) == STAMP.size:
        trip_s = asyncio.get_running_loop().time() - STAMP.unpack(stamp)[0]
        if 0 <= trip_s <= TRIP_MAX_S:
            metrics.TRIP.observe(trip_s)


def _event(conn: str, kind: WSMsgType, data: object) -> Received | Garbled:
    try:
        if kind is not WSMsgType.BINARY or not isinstance(data, bytes):
            raise BadMessage
        return Received(conn, codec.decode(data))
    except ProtocolError as problem:
        return Garbled(conn, problem.code, problem.text)


def _refused(kind: type[web.HTTPException], code: str) -> web.HTTPException:
    metrics.CONNECTS.labels(code).inc()
    return kind(text=code)


def _code_label(code: int | None) -> str:
    """Codes of our own and the usual ones; whatever else a page closes with is `other`."""
    known = {1000, 1001, 1005, 1006, 1009, 1011, *CloseCode}
    return str(int(code)) if code is not None and code in known else "other"
