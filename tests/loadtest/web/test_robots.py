"""Robots in a demo, met by somebody who is no robot: over the direct path, and through the SFU."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest

from loadtest.desk import read
from loadtest.rtc.peer import Peer, PeerEvents
from loadtest.web.api import Api
from loadtest.web.socket import ServerClock, Socket, connect
from signalling.wire import Connected, Enter, Entry, Message, Negotiate, Room, Seats, Signal
from tests.support.people import MINUTE, next_start
from tests.support.system import System, eventually, running_system

pytestmark = pytest.mark.browser

DAY_MS = 24 * 60 * MINUTE


@pytest.fixture(scope="module", params=["everyone", "nobody"], ids=["direct", "relayed"])
async def system(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[System]:
    """A demo with its robots."""
    directory = tmp_path_factory.mktemp(f"robots-{request.param}")
    async with running_system(directory, demo=True, direct=request.param, robots=True) as system:
        yield system


@contextlib.asynccontextmanager
async def signed_in(system: System, who: str) -> AsyncIterator[Api]:
    async with Api(system.url) as api:
        await api.sign_in(who)
        yield api


async def booking_at(system: System, api: Api, start_ms: int) -> dict[str, Any]:
    (found,) = await api.bookings(start_ms, start_ms + 1)
    return found


class Guest:
    """A person's page in a room, as far as a robot can tell."""

    def __init__(self, socket: Socket) -> None:
        self.socket = socket
        self.entries: list[Entry] = []
        self.seats: Seats | None = None
        self.room: Room | None = None
        self.connected = False
        self.path = ""
        self._peers: dict[int, Peer] = {}
        self._runs: list[asyncio.Task[None]] = []

    async def listen(self) -> None:
        async for message in self.socket.messages():
            match message:
                case Room():
                    self.room = message
                case Seats():
                    self.seats = message
                case Entry():
                    self.entries.append(message)
                case Negotiate():
                    self.build(message)
                case Signal():
                    await self._peers[message.gen].signal(message)

    def build(self, asked: Negotiate) -> None:
        self.path = asked.path
        events = PeerEvents(self.say, lambda: None, self.hear)
        peer = self._peers[asked.gen] = Peer(9, asked, events, loopback=True)
        self._runs.append(asyncio.create_task(peer.run()))

    def say(self, message: Message) -> None:
        self.connected = self.connected or isinstance(message, Connected)
        self.socket.say(message)

    def hear(self, frame: bytes) -> None:
        message = read(frame)
        if isinstance(message, Entry):
            self.entries.append(message)

    async def close(self) -> None:
        await asyncio.gather(*(peer.close() for peer in self._peers.values()), *self._runs)


async def test_newcomers_find_somebody_waiting_in_the_coming_minutes(system: System) -> None:
    async with signed_in(system, "Ben") as ben:

        async def lights() -> bool:
            now_ms = await system.now_ms()
            return len(await ben.waiting(now_ms, now_ms + 30 * MINUTE, 3)) >= 2

        await eventually(lights, within_s=15)


async def test_a_robot_comes_greets_shows_itself_works_and_goes(system: System) -> None:
    async with signed_in(system, "Ana") as ana, contextlib.AsyncExitStack() as stack:
        start_ms = next_start(await system.now_ms(), 1, ahead_min=2)
        await ana.book(start_ms, 3)

        async def matched() -> bool:
            return (await booking_at(system, ana, start_ms))["state"] == "matched"

        await eventually(matched, within_s=15)
        booking = await booking_at(system, ana, start_ms)
        assert booking["partner"]["name"].startswith("Robo ")

        await system.move_to(start_ms - 5_000)
        socket = await stack.enter_async_context(
            connect(ana.http, system.url, "guest-tab", ServerClock())
        )
        guest = Guest(socket)
        listening = asyncio.create_task(guest.listen())
        stack.push_async_callback(guest.close)
        stack.callback(listening.cancel)

        async def seated() -> bool:
            socket.say(Enter(booking=booking["id"], camera=True, mic=True))
            return guest.room is not None

        await eventually(seated, every_s=0.5)

        async def lines() -> list[str]:
            return [e.text for e in guest.entries if e.kind == "chat" and "Ana" in e.text]

        async def is_connected() -> bool:
            return guest.connected

        assert "robot" in (await eventually(lines, within_s=20))[0]
        await eventually(is_connected, within_s=20)
        assert guest.path == ("relay" if system.direct == "nobody" else "direct")

        await system.move_to(start_ms + 160_000)

        async def ticked() -> bool:
            return {e.kind for e in guest.entries} >= {"task", "tick"}

        await eventually(ticked)
        await system.move_to(start_ms + 3 * MINUTE + 13_000)

        async def gone() -> bool:
            return guest.seats is not None and guest.seats.them.left

        await eventually(gone)


async def test_a_robot_says_yes_to_who_asks_to_be_friends(system: System) -> None:
    async with signed_in(system, "Ana") as ana:
        start_ms = next_start(await system.now_ms(), 1, ahead_min=9)
        await ana.book(start_ms, 3)

        async def partner() -> Any:
            return (await booking_at(system, ana, start_ms))["partner"]

        robot = (await eventually(partner, within_s=15))["id"]
        await ana.ask_to_be_friends(robot)

        async def are_friends() -> bool:
            return bool((await partner())["friendship"] == "friends")

        await eventually(are_friends, within_s=15)


async def test_a_robot_gives_way_to_a_second_person(system: System) -> None:
    async with signed_in(system, "Ana") as ana, signed_in(system, "Ben") as ben:
        start_ms = next_start(await system.now_ms(), 1, ahead_min=6)

        async def partner(api: Api, prefix: str) -> bool:
            with_ = (await booking_at(system, api, start_ms))["partner"]
            return bool(with_ and with_["name"].startswith(prefix))

        await ana.book(start_ms, 3)
        await eventually(lambda: partner(ana, "Robo"), within_s=15)
        await ben.book(start_ms, 3)
        await eventually(lambda: partner(ana, "Ben"), within_s=20)
        await eventually(lambda: partner(ben, "Ana"), within_s=20)
