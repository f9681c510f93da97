"""Whoever changes a fingerprint on its way, the hub itself, gets no call to listen to."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator

import msgspec
import pytest
from playwright.async_api import Browser, WebSocketRoute

from tests.support.chromium import running_browsers
from tests.support.gaps import frames, metered
from tests.support.meeting import matched, they_see_each_other
from tests.support.people import MINUTE, Person, a_person
from tests.support.system import System, running_system

FINGERPRINT = re.compile(r"(a=fingerprint:sha-256 )[0-9A-F:]+")
FORGED = ":".join(["AB"] * 32)
LOOK_S = 6.0


@pytest.fixture(scope="module", params=["everyone", "nobody"], ids=["direct", "relayed"])
async def system(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[System]:
    directory = tmp_path_factory.mktemp(f"forged-{request.param}")
    async with running_system(directory, direct=request.param) as system:
        yield system


@pytest.fixture(scope="module")
async def browsers() -> AsyncIterator[list[Browser]]:
    async with running_browsers(2) as two:
        yield two


class Forger:
    """Stands between a page and its hub, and puts a fingerprint of its own into descriptions."""

    def __init__(self) -> None:
        self.forging = True
        self.forged = 0

    def take(self, page: WebSocketRoute) -> None:
        hub = page.connect_to_server()
        page.on_message(hub.send)
        hub.on_message(lambda frame: page.send(self.pass_on(frame)))

    def pass_on(self, frame: str | bytes) -> str | bytes:
        said = msgspec.msgpack.decode(frame) if isinstance(frame, bytes) else {}
        if not self.forging or said.get("t") != "signal" or not said.get("sdp"):
            return frame
        said["sdp"], times = FINGERPRINT.subn(rf"\g<1>{FORGED}", said["sdp"])
        self.forged += times
        return msgspec.msgpack.encode(said)


async def test_a_forged_fingerprint_ends_in_no_call_at_all(
    system: System, browsers: list[Browser]
) -> None:
    forger = Forger()
    async with (
        a_person("Ana", browsers[0], system) as ana,
        a_person("Ben", browsers[1], system) as ben,
    ):
        people: tuple[Person, ...] = (ana, ben)
        for person in people:
            await metered(person)
        await ana.page.route_web_socket(re.compile("/ws"), forger.take)
        start_ms, bookings = await matched(system, ana, ben, length_min=25)
        await system.move_to(start_ms - MINUTE)
        for person, booking in zip(people, bookings, strict=True):
            await person.enter_room(booking)
        await asyncio.sleep(LOOK_S)
        assert forger.forged
        assert [await frames(person) for person in people] == [[], []]
        # The same page and the same go-between, but nothing is forged: what failed was the call.
        forger.forging = False
        await ana.page.reload()
        await they_see_each_other(ana, ben)
