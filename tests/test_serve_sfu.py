"""A relay worker as a process of its own: told to stop, it hands its pairs over first."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

import serve
from media.control import ClosePair, OpenPair, PairOpened, PairRefused
from ops.machine import free_ports
from ops.settings import settings_from
from tests.media.conftest import Hub

SECRET = {"ALONGSIDE_SECRET": "s" * 32}
ROOT = Path(serve.__file__).parent


@pytest.fixture
async def worker() -> AsyncIterator[tuple[Process, Hub]]:
    """A worker's process and a hub that has a pair there."""
    (port,) = free_ports(1)
    named = {**os.environ, **SECRET, "ALONGSIDE_SFU_PORT": str(port), "ALONGSIDE_DRAIN_S": "60"}
    command = (sys.executable, "serve.py", "sfu")
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=named, stdout=DEVNULL)
    async with aiohttp.ClientSession() as session:
        hub = await linked(session, port)
        await hub.say(OpenPair(pair="p1", gen=1))
        await hub.expect(PairOpened, pair="p1")
        yield process, hub
        await hub.close()
    if process.returncode is None:
        process.kill()
        await process.wait()


async def linked(session: aiohttp.ClientSession, port: int) -> Hub:
    word = serve.control_secret(settings_from(SECRET))
    headers = {"Authorization": f"Bearer {word}"}
    while True:
        try:
            url = f"http://127.0.0.1:{port}/control"
            return Hub(await session.ws_connect(url, headers=headers))
        except aiohttp.ClientError:
            await asyncio.sleep(0.05)


async def test_it_stays_until_its_last_pair_was_moved(worker: tuple[Process, Hub]) -> None:
    process, hub = worker
    process.terminate()
    assert (await hub.beat(lambda load: load.draining)).pairs == 1
    await hub.say(OpenPair(pair="p2", gen=1))
    await hub.expect(PairRefused, pair="p2", code="draining")
    assert process.returncode is None
    await hub.say(ClosePair(pair="p1", gen=1))
    assert await asyncio.wait_for(process.wait(), 10) == 0


async def test_told_twice_it_stops_at_once(worker: tuple[Process, Hub]) -> None:
    process, hub = worker
    process.terminate()
    await hub.beat(lambda load: load.draining)
    process.terminate()
    assert await asyncio.wait_for(process.wait(), 10) == 0


async def test_a_hub_that_goes_too_keeps_it_from_nothing(worker: tuple[Process, Hub]) -> None:
    process, hub = worker
    process.terminate()
    await hub.beat(lambda load: load.draining)
    await hub.close()
    assert await asyncio.wait_for(process.wait(), 10) == 0
