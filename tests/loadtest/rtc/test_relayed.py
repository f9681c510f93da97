"""Two robots' ends with the SFU between them."""

from __future__ import annotations

import asyncio

from loadtest.rtc.peer import Peer, PeerEvents
from media import sdp
from media.control import Camera
from signalling.wire import Connected, Message, Negotiate, Signal
from tests.media.conftest import MakeBench, make_bench  # noqa: F401


async def test_a_robot_is_heard_and_seen_through_the_relay(
    make_bench: MakeBench,  # noqa: F811
) -> None:
    bench = await make_bench(live=True)
    hub = await bench.hub()
    legs = await bench.open(hub)
    said: list[asyncio.Queue[Message]] = [asyncio.Queue(), asyncio.Queue()]
    peers = [
        Peer(
            side,
            Negotiate(gen=1, path="relay", offer=side == 0, ice_servers=[]),
            PeerEvents(said[side].put_nowait, lambda: None, lambda frame: None),
            loopback=True,
        )
        for side in (0, 1)
    ]
    async with asyncio.timeout(20):
        runs = [asyncio.create_task(peer.run()) for peer in peers]
        for side in (0, 1):
            signal = await said[side].get()
            assert isinstance(signal, Signal)
            await hub.say(sdp.set_remote("p1", 1, side, signal.sdp))
            there = sdp.for_leg(signal.sdp, legs[1 - side])
            await peers[1 - side].signal(Signal(gen=1, kind=signal.kind, sdp=there))
        for side in (0, 1):
            assert isinstance(await said[side].get(), Connected)
        await hub.expect(Camera, side=0, state="on")
        await asyncio.gather(*runs)
        await asyncio.gather(*(peer.close() for peer in peers))
