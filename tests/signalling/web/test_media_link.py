"""The link to a worker: up with its first word, silent after three beats without, down when it ends."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from media import codec, control
from media.config import MediaConfig
from media.web.worker import Worker as RealWorker
from signalling.config import WorkerAddress
from signalling.events import WorkerDown, WorkerSaid, WorkerSilent, WorkerUp
from signalling.web import media_link as module
from signalling.web.media_link import MediaLink
from tests.signalling.web.border import until

LOAD = control.Load(pairs=0, packets_per_s=0, draining=False)
UP, SILENT, DOWN = WorkerUp("w1"), WorkerSilent("w1"), WorkerDown("w1")
SAID = WorkerSaid("w1", LOAD)


class Worker:
    """A worker's control socket that speaks when it is told to."""

    def __init__(self) -> None:
        self.heard: list[control.HubMessage] = []
        self.sockets: list[web.WebSocketResponse] = []
        self.secrets: list[str] = []
        self.dumb = False
        app = web.Application()
        app.router.add_get("/control", self.serve)
        self.server = TestServer(app)

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        self.secrets.append(request.headers.get("Authorization", ""))
        ws = web.WebSocketResponse()
        await ws.prepare(request)
        self.sockets.append(ws)
        if not self.dumb:
            await ws.send_bytes(codec.encode(LOAD))
        async for frame in ws:
            self.heard.append(codec.decode_hub(frame.data))
        return ws

    async def beat(self) -> None:
        await self.sockets[-1].send_bytes(codec.encode(LOAD))


@pytest.fixture(autouse=True)
def short_times(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "HEARTBEAT_S", 0.01)
    monkeypatch.setattr(module, "PAUSES_S", (0.001,))


@contextlib.asynccontextmanager
async def linked() -> AsyncIterator[tuple[Worker, MediaLink, list[object]]]:
    worker = Worker()
    await worker.server.start_server()
    told: list[object] = []
    url = str(worker.server.make_url("/control")).replace("http", "ws")
    link = MediaLink(WorkerAddress(name="w1", url=url), "secret", told.append)
    task = asyncio.create_task(link.run())
    await until(lambda: told)
    yield worker, link, told
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await worker.server.close()


async def test_a_worker_is_there_with_its_first_word() -> None:
    async with linked() as (worker, _, told):
        assert told[:2] == [UP, SAID]
        assert worker.secrets == ["Bearer secret"]


async def test_what_the_hub_says_arrives() -> None:
    async with linked() as (worker, link, _):
        link.say(control.OpenPair(pair="p9", gen=1))
        await until(lambda: worker.heard)
        assert worker.heard == [control.OpenPair(pair="p9", gen=1)]


async def test_silence_is_noticed_and_so_is_its_end() -> None:
    async with linked() as (worker, _, told):
        await until(lambda: SILENT in told)
        await worker.beat()
        await until(lambda: told.count(UP) == 2)
        assert len(worker.sockets) == 1, "the same link"
        assert DOWN not in told


async def test_what_is_said_to_a_silent_worker_is_lost() -> None:
    async with linked() as (worker, link, told):
        await until(lambda: SILENT in told)
        link.say(control.OpenPair(pair="p9", gen=1))
        await worker.beat()
        await until(lambda: told.count(UP) == 2)
        link.say(control.OpenPair(pair="p9", gen=2))
        await until(lambda: worker.heard)
        assert worker.heard == [control.OpenPair(pair="p9", gen=2)]


async def test_a_worker_that_never_spoke_is_not_called_silent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with linked() as (worker, _, told):
        worker.dumb = True
        await worker.sockets[0].close()
        await until(lambda: len(worker.sockets) == 2)
        told.clear()
        monkeypatch.setattr(module, "SILENCE_S", 0.05)
        await until(lambda: len(worker.sockets) == 3)  # Given up after five beats without a word.
        assert SILENT not in told


async def test_a_broken_link_is_made_again() -> None:
    async with linked() as (worker, _, told):
        await worker.sockets[0].close()
        await until(lambda: len(worker.sockets) == 2)
        await until(lambda: told.count(UP) == 2)
        assert told.count(DOWN) == 1


async def test_a_worker_that_talks_nonsense_is_left_and_tried_again() -> None:
    async with linked() as (worker, _, told):
        await worker.sockets[0].send_bytes(b"\xc1")
        await until(lambda: len(worker.sockets) == 2)
        assert DOWN in told


async def test_a_real_worker_opens_a_pair_and_gives_the_same_legs_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "HEARTBEAT_S", control.HEARTBEAT_S)
    secret = "a secret of enough characters"
    worker = RealWorker(MediaConfig(secret=secret))
    await worker.start()
    server = TestServer(worker.app)
    await server.start_server()
    told: list[object] = []
    url = str(server.make_url("/control")).replace("http", "ws")
    link = MediaLink(WorkerAddress(name="w1", url=url), secret, told.append)
    task = asyncio.create_task(link.run())
    await until(lambda: UP in told)
    for _ in range(2):
        link.say(control.OpenPair(pair="p9", gen=1))
    await until(lambda: len(opened(told)) == 2)
    first, again = opened(told)
    assert first == again
    assert (first.pair, first.gen, first.legs[0].port) == ("p9", 1, worker.port)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await server.close()
    await worker.stop()


def opened(told: list[object]) -> list[control.PairOpened]:
    said = [event.message for event in told if isinstance(event, WorkerSaid)]
    return [message for message in said if isinstance(message, control.PairOpened)]
