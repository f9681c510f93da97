"""Two robots' ends of a call, on the loopback, with nobody between them."""

from __future__ import annotations

import asyncio
import threading

import pytest

from loadtest.rtc.peer import Peer, PeerEvents
from signalling.wire import Connected, Message, Negotiate, Signal


class End:
    """One robot's end, which hands its signals straight to the other."""

    def __init__(self, number: int, *, offer: bool) -> None:
        self.other: End
        self.said: list[Message] = []
        self.frames: asyncio.Queue[bytes] = asyncio.Queue()
        self.open = asyncio.Event()
        self.passing: list[asyncio.Task[None]] = []
        asked = Negotiate(gen=1, path="direct", offer=offer, ice_servers=[])
        events = PeerEvents(self.say, self.open.set, self.frames.put_nowait)
        self.peer = Peer(number, asked, events, loopback=True)

    def say(self, message: Message) -> None:
        self.said.append(message)
        if isinstance(message, Signal):
            self.passing.append(asyncio.ensure_future(self.other.peer.signal(message)))


@pytest.fixture
async def ends():
    one, two = End(0, offer=True), End(1, offer=False)
    one.other, two.other = two, one
    async with asyncio.timeout(20):
        await asyncio.gather(one.peer.run(), two.peer.run())
        yield one, two
        await asyncio.gather(one.peer.close(), two.peer.close(), *one.passing, *two.passing)


async def test_both_hear_each_other_and_say_so(ends: tuple[End, End]) -> None:
    for end in ends:
        assert end.peer.carries.is_set()
        (connected,) = [m for m in end.said if isinstance(m, Connected)]
        assert connected.gen == 1


async def test_the_channel_carries_frames_both_ways(ends: tuple[End, End]) -> None:
    for end in ends:
        await end.open.wait()
        assert end.peer.send(b"over")
    assert [await end.frames.get() for end in ends] == [b"over", b"over"]


async def test_nothing_is_decoded(ends: tuple[End, End]) -> None:
    await asyncio.sleep(0)
    assert not [t for t in threading.enumerate() if t.name.endswith("-decoder")]


async def test_the_loopback_is_offered(ends: tuple[End, End]) -> None:
    offer = next(m for m in ends[0].said if isinstance(m, Signal))
    assert " 127.0.0.1 " in offer.sdp
