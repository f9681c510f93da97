"""A relay at its limit: new calls go elsewhere, then unseen, then wait; those it has notice nothing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from media.control import Load, OpenPair, PairOpened
from ops.settings import Settings
from serve import control_secret
from tests.browser.conftest import Enrol
from tests.media.conftest import Hub
from tests.support.gaps import inbound, metered
from tests.support.meeting import matched, they_see_each_other
from tests.support.people import MINUTE, Person
from tests.support.system import SECRET, Server, System, eventually, running_system

LENGTH_MIN = 50
MOST, BLIND_AT = 5, 4
"""Calls a worker carries here; from eight tenths of them on it gets blind ones."""


@pytest.fixture(scope="module")
async def system(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    """Two workers for five calls each."""
    directory = tmp_path_factory.mktemp("overload")
    async with running_system(directory, workers=2, media_pairs=str(MOST)) as system:
        yield system


class OtherHub(Hub):
    """A hub of the same instance, whose calls fill a worker."""

    async def fill(self, pairs: int) -> None:
        """Have the worker carry so many calls, whosever they are; all hubs know of it afterwards."""
        while (await self.next_load()).pairs < pairs:
            name = f"other-{len(self.heard)}-{time.monotonic()}"
            await self.say(OpenPair(pair=name, gen=1))
            await self.expect(PairOpened, pair=name)
        await self.next_load()

    async def next_load(self) -> Load:
        """A heartbeat that was not told yet when this was asked."""
        before = self.loads

        async def told() -> Load | None:
            return self.last_load if self.loads > before + 1 else None

        load = await eventually(told, every_s=0.02)
        assert load
        return load


@asynccontextmanager
async def other_hub(worker: Server) -> AsyncIterator[OtherHub]:
    """Linked to this worker as the instance's own hub is."""
    headers = {"Authorization": f"Bearer {control_secret(Settings(secret=SECRET))}"}
    async with aiohttp.ClientSession() as http:
        hub = OtherHub(await http.ws_connect(f"{worker.control_url}/control", headers=headers))
        try:
            yield hub
        finally:
            await hub.close()


async def call_of(system: System, person: Person) -> tuple[Server | None, bool]:
    """Who carries it, and whether it is blind."""
    (port,) = await person.page.evaluate("probe.remotePorts()")
    found: dict[str, Any] = await person.page.evaluate("__alongside.figures()")
    carrier = next((each for each in system.workers if each.media_port == port), None)
    return carrier, carrier is not None and found["safety"] is not None


async def pictures(person: Person) -> list[dict[str, Any]]:
    """What the page received of cameras so far; a screen that nobody shares is none."""
    return [each for each in await inbound(person, "video") if each["packetsReceived"] > 5]


async def sit_down(people: tuple[Person, Person], bookings: list[str]) -> None:
    for person, booking in zip(people, bookings, strict=True):
        await person.enter_room(booking)
    await they_see_each_other(*people)


async def test_new_calls_give_way_and_old_ones_keep_their_pictures(
    system: System, enrol: Enrol
) -> None:
    couples = [
        (await metered(await enrol(one)), await enrol(other))
        for one, other in (("Ana", "Ben"), ("Cem", "Dora"), ("Eva", "Finn"))
    ]
    booked = []
    for one, other in couples:
        await one.sign_in_quickly()
        await one.call("PATCH", "/me", {"hide_address": True})
        start_ms, bookings = await matched(system, one, other, length_min=LENGTH_MIN)
        booked.append(bookings)
    await system.move_to(start_ms - MINUTE)

    ana = couples[0][0]
    await sit_down(couples[0], booked[0])
    await system.move_to(start_ms + MINUTE)
    first, blind = await call_of(system, ana)
    assert first
    assert not blind
    second = next(each for each in system.workers if each is not first)
    (before,) = await pictures(ana)
    async with other_hub(first) as filling_first, other_hub(second) as filling_second:
        await filling_first.fill(BLIND_AT)
        await sit_down(couples[1], booked[1])
        assert await call_of(system, couples[1][0]) == (second, False)

        await filling_second.fill(BLIND_AT)
        await sit_down(couples[2], booked[2])
        carrier, blind = await call_of(system, couples[2][0])
        assert carrier
        assert blind

        await asyncio.gather(filling_first.fill(MOST), filling_second.fill(MOST))
        (after,) = await pictures(ana)
    assert await call_of(system, ana) == (first, False)
    assert after["ssrc"] == before["ssrc"]
    assert after["packetsReceived"] > before["packetsReceived"] + 200
    assert after["packetsLost"] == before["packetsLost"]
