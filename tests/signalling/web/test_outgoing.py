"""The write funnel: order, an end, and no patience with pages that do not read."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer

from signalling import codec, wire
from signalling.close_codes import CloseCode
from signalling.config import HubConfig
from signalling.web.outgoing import Outgoing
from tests.signalling.web.border import ORIGIN, until

BIG = wire.Entry(id="a1", kind="chat", by="m_ana", at_ms=1, text="x" * 30_000)


class Served:
    """One socket, written to through an `Outgoing`."""

    def __init__(self, config: HubConfig) -> None:
        self.config = config
        self.outgoing: Outgoing | None = None
        self.done = asyncio.Event()

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        ws = web.WebSocketResponse(timeout=0.5)
        await ws.prepare(request)
        assert request.transport is not None
        self.outgoing = Outgoing(ws, self.config, request.transport.abort)
        writer = asyncio.create_task(self.outgoing.run())
        try:
            async for _ in ws:
                pass
        finally:
            await asyncio.gather(writer)
            self.done.set()
        return ws


@contextlib.asynccontextmanager
async def served(
    **settings: float,
) -> AsyncIterator[tuple[Served, aiohttp.ClientWebSocketResponse]]:
    served = Served(HubConfig(origins=(ORIGIN,), **settings))  # type: ignore[arg-type]
    app = web.Application()
    app.router.add_get("/", served.handle)
    server = TestServer(app)
    await server.start_server()
    async with aiohttp.ClientSession() as session:
        ws = await session.ws_connect(server.make_url("/"))
        await until(lambda: served.outgoing)
        yield served, ws
    await server.close()


async def test_messages_arrive_in_order_and_before_the_end() -> None:
    async with served() as (server, ws):
        assert server.outgoing is not None
        for n in range(100):
            server.outgoing.send(wire.Pong(n=n, server_ms=0))
        server.outgoing.close(CloseCode.GOING_AWAY)
        frames = [frame.data async for frame in ws]
        assert [codec.decode_server(frame).n for frame in frames] == list(range(100))  # type: ignore[union-attr]
        assert ws.close_code == CloseCode.GOING_AWAY


async def test_nothing_is_said_after_the_end() -> None:
    async with served() as (server, ws):
        assert server.outgoing is not None
        server.outgoing.close(CloseCode.GOING_AWAY)
        server.outgoing.send(wire.Pong(n=1, server_ms=0))
        assert [frame async for frame in ws] == []


async def test_a_page_that_lets_too_much_pile_up_is_closed_as_slow() -> None:
    async with served(queue_max_bytes=200_000) as (server, ws):
        assert server.outgoing is not None
        for _ in range(10):
            server.outgoing.send(BIG)
        assert [frame async for frame in ws] == []
        assert ws.close_code == CloseCode.SLOW


async def test_a_page_that_does_not_read_at_all_is_cut_off() -> None:
    async with served(queue_max_bytes=10**9, queue_max_age_s=0.05) as (server, ws):
        assert server.outgoing is not None
        assert ws._response.connection is not None
        assert ws._response.connection.transport is not None
        ws._response.connection.transport.pause_reading()
        for _ in range(600):
            server.outgoing.send(BIG)
        await server.done.wait()
