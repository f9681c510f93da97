"""A worker with a hub linked to it, and callers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeVar

import pytest
from aiohttp import ClientWebSocketResponse
from aiohttp.test_utils import TestClient, TestServer

from media.codec import decode_worker, encode
from media.config import MediaConfig
from media.control import Leg, Load, Message, OpenPair, PairOpened, Side
from media.rtc.dtls import Role
from media.udp.port import Totals
from media.web.worker import Worker
from tests.media.caller import WAIT_S, Caller
from tests.media.clock import HandClock

SECRET = "a secret of the control link"
M = TypeVar("M", bound=Message)


class Hub:
    """The other end of a control link."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self.socket = socket
        self.heard: list[Message] = []
        self.loads = 0
        self.last_load: Load | None = None
        self._news = asyncio.Event()
        self._task = asyncio.create_task(self._read())

    async def say(self, message: Message) -> None:
        await self.socket.send_bytes(encode(message))

    async def expect(self, kind: type[M], **fields: Any) -> M:
        """Wait for a message of this kind with these fields, and take it out."""
        return await asyncio.wait_for(self._take(kind, fields), WAIT_S)

    async def beat(self, so: Callable[[Load], bool]) -> Load:
        """Wait for a heartbeat that says so."""

        async def wait() -> Load:
            while self.last_load is None or not so(self.last_load):
                self._news.clear()
                await self._news.wait()
            return self.last_load

        return await asyncio.wait_for(wait(), WAIT_S)

    async def _take(self, kind: type[M], fields: dict[str, Any]) -> M:
        while True:
            for message in self.heard:
                if isinstance(message, kind) and _has(message, fields):
                    self.heard.remove(message)
                    return message
            self._news.clear()
            await self._news.wait()

    async def close(self) -> None:
        await self.socket.close()
        await self._task

    async def _read(self) -> None:
        async for frame in self.socket:
            message = decode_worker(frame.data)
            if isinstance(message, Load):
                self.loads += 1
                self.last_load = message
            else:
                self.heard.append(message)
            self._news.set()


def _has(message: Message, fields: dict[str, Any]) -> bool:
    return all(getattr(message, name) == value for name, value in fields.items())


class Bench:
    """A running worker, its clock and what it takes to place calls through it."""

    def __init__(self, worker: Worker, client: TestClient[Any, Any], clock: HandClock) -> None:
        self.worker = worker
        self.client = client
        self.clock = clock
        self.hubs: list[Hub] = []
        self.callers: list[Caller] = []

    async def hub(self) -> Hub:
        headers = {"Authorization": f"Bearer {SECRET}"}
        hub = Hub(await self.client.ws_connect("/control", headers=headers))
        self.hubs.append(hub)
        return hub

    async def open(
        self, hub: Hub, pair: str = "p1", gen: int = 1, *, blind: bool = False
    ) -> tuple[Leg, Leg]:
        await hub.say(OpenPair(pair=pair, gen=gen, blind=blind))
        return (await hub.expect(PairOpened, pair=pair, gen=gen)).legs

    async def caller(self, leg: Leg, role: Role = "client", *, at: int = 0) -> Caller:
        """A caller behind a leg, who sends to the leg's first address or another."""
        caller = Caller(leg, role=role)
        caller.at = [(leg.host, leg.port), *leg.more][at]
        await caller.open()
        self.callers.append(caller)
        return caller

    async def introduced(self, hub: Hub, pair: str = "p1", gen: int = 1) -> tuple[Caller, Caller]:
        """Two callers whom the worker has been told of."""
        legs = await self.open(hub, pair, gen)
        callers = (await self.caller(legs[0]), await self.caller(legs[1]))
        await hub.say(callers[0].remote(pair, gen, 0))
        await hub.say(callers[1].remote(pair, gen, 1))
        return callers

    async def connected(self, hub: Hub, pair: str = "p1", gen: int = 1) -> tuple[Caller, Caller]:
        """Two callers in a call."""
        a, b = await self.introduced(hub, pair, gen)
        assert await asyncio.gather(a.connect(), b.connect()) == [True, True]
        return a, b

    async def introduced_blind(self, hub: Hub, pair: str = "p1") -> tuple[Caller, Caller]:
        """Two callers who end DTLS with each other; the second is the server."""
        legs = await self.open(hub, pair, blind=True)
        callers = (await self.caller(legs[0]), await self.caller(legs[1], "server"))
        await hub.say(callers[0].remote(pair, 1, 0))
        await hub.say(callers[1].remote(pair, 1, 1))
        return callers

    async def connected_blind(self, hub: Hub, pair: str = "p1") -> tuple[Caller, Caller]:
        """Two callers in a call that the worker cannot see into."""
        a, b = await self.introduced_blind(hub, pair)
        await asyncio.gather(a.check(), b.check())  # neither's first flight may find nobody there
        both = await asyncio.gather(a.connect(b.fingerprint), b.connect(a.fingerprint))
        assert both == [True, True]
        return a, b

    def tick(self, seconds: float = 0.25, times: int = 1) -> None:
        """Turn the clock in the worker's own steps."""
        for _ in range(times):
            self.clock.turn(seconds)
            self.worker.sfu.tick()

    def streams(self, side: Side) -> set[int]:
        """The streams by which the worker knows a caller of the one pair there is."""
        (pair,) = self.worker.sfu.pairs
        return pair.legs[side].route.streams

    @property
    def totals(self) -> Totals:
        """What has gone through the port so far."""
        return self.worker.sfu._port.totals

    @property
    def dropped(self) -> dict[str, int]:
        return self.totals.dropped

    async def close(self) -> None:
        for caller in self.callers:
            await caller.close()
        for hub in self.hubs:
            await hub.close()
        await self.worker.stop()
        await self.client.close()


MakeBench = Callable[..., Awaitable[Bench]]


async def open_bench(
    *, live: bool = False, cpu: Callable[[], float] | None = None, **config: Any
) -> Bench:
    """A worker of this config; `live` gives it the real clock, `cpu` its use of a core."""
    clock = HandClock()
    clock_of_worker = time.monotonic if live else clock
    worker = Worker(MediaConfig(secret=SECRET, **config), clock=clock_of_worker, cpu=cpu)
    await worker.start()
    client = TestClient(TestServer(worker.app))
    await client.start_server()
    return Bench(worker, client, clock)


@pytest.fixture(params=["fast", "plain"])
async def make_bench(request: pytest.FixtureRequest) -> AsyncIterator[MakeBench]:
    """Workers of either loop: one behaves as the other does."""
    benches: list[Bench] = []

    async def make(**config: Any) -> Bench:
        benches.append(await open_bench(**({"fast": request.param == "fast"} | config)))
        return benches[-1]

    yield make
    for bench in benches:
        await bench.close()


@pytest.fixture
async def bench(make_bench: MakeBench) -> Bench:
    return await make_bench()


@pytest.fixture
async def hub(bench: Bench) -> Hub:
    return await bench.hub()
