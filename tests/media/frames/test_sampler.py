"""Cameras are looked at while a call runs: real callers, a real worker, a real decoder, a hand-turned clock."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Callable

import pytest

from media.control import Camera, ClosePair
from media.frames import process
from media.frames.sampler import COLLECT_S
from media.keyframe import KeyFrame
from media.samples import STILL_S
from tests.media.caller import Caller
from tests.media.conftest import Bench, Hub, MakeBench
from tests.media.frames.clips import black, desk, key_frame, moved, rtp

STEP_S = 0.25


class Scene:
    """A call in which one side sends pictures."""

    def __init__(self, bench: Bench, hub: Hub, sender: Caller, receiver: Caller) -> None:
        self.bench, self.hub, self.sender, self.receiver = bench, hub, sender, receiver
        self.sequence = 100

    async def send(self, packets: list[bytes]) -> None:
        """Send RTP and wait until it has passed the worker."""
        for packet in packets:
            self.sender.send(self.sender.protected(packet))
            assert await self.receiver.next_rtp() == packet

    async def thin(self, seconds: float) -> None:
        """One small packet a frame, as of a black picture."""
        for _ in range(round(seconds / STEP_S)):
            self.sequence += 1
            small = rtp([b"\x80" * 60], sequence=self.sequence, timestamp=self.sequence * 9_000)
            await self.send(small)
            self.bench.tick(STEP_S)

    def forget(self) -> None:
        """Requests that came up to now are not what is waited for."""
        while not self.sender.media.empty():
            self.sender.media.get_nowait()

    async def idle(self) -> None:
        """Wait until the decoder has answered."""
        decoder = self.bench.worker.decoder
        assert decoder is not None
        await settled(lambda: not decoder.busy)

    async def key_frame(self, frame: KeyFrame) -> None:
        """Answer the request for a key frame that has come."""
        await asked(self.sender)
        stamp = (self.sequence + 1) * 9_000
        packets = rtp(frame.payloads, sequence=self.sequence + 1, timestamp=stamp)
        self.sequence += len(packets)
        await self.send(packets)
        self.bench.tick(STEP_S)


async def settled(so: Callable[[], bool]) -> None:
    """Let other tasks run until it is so; the suite's own time limit ends it otherwise."""
    while not so():  # noqa: ASYNC110
        await asyncio.sleep(0.01)


async def asked(sender: Caller) -> None:
    """Wait for a request for a key frame of the camera, and for no more than the ones that came."""
    packet = await sender.next_rtcp()
    assert struct.unpack_from("!BBHII", packet)[:2] == (0x81, 206)


@pytest.fixture
async def scene(make_bench: MakeBench, monkeypatch: pytest.MonkeyPatch) -> Scene:
    monkeypatch.setattr(process, "DEADLINE_S", 20.0)
    bench = await make_bench(camera_samples=True)
    hub = await bench.hub()
    return Scene(bench, hub, *await bench.connected(hub))


async def suspected(scene: Scene) -> None:
    """Its packets have become doubtful just now, and it is looked at."""
    await scene.thin(5)
    scene.forget()
    await scene.thin(2)
    await scene.hub.expect(Camera, side=0, state="suspect", why="thin")


async def test_a_doubtful_picture_is_looked_at_and_named(scene: Scene) -> None:
    await suspected(scene)
    await scene.key_frame(key_frame(black))
    await scene.hub.expect(Camera, side=0, state="suspect", why="black")


async def test_a_picture_that_is_there_and_moves_is_on_after_all(scene: Scene) -> None:
    await suspected(scene)
    await scene.key_frame(key_frame(desk))
    await scene.idle()
    scene.bench.tick(STILL_S)
    await scene.key_frame(key_frame(moved))
    await scene.hub.expect(Camera, side=0, state="on", why="")


async def test_a_picture_that_stands_still_is_frozen(scene: Scene) -> None:
    await suspected(scene)
    await scene.key_frame(key_frame(desk))
    await scene.idle()
    scene.bench.tick(STILL_S)
    await scene.key_frame(key_frame(desk))
    await scene.hub.expect(Camera, side=0, state="suspect", why="frozen")


async def test_nobody_listens_but_while_a_key_frame_is_looked_for(scene: Scene) -> None:
    (pair,) = scene.bench.worker.sfu.pairs
    assert pair.legs[0].route.tap is None
    await suspected(scene)
    assert pair.legs[0].route.tap is not None
    assert pair.legs[1].route.tap is None
    scene.bench.tick(COLLECT_S)
    assert pair.legs[0].route.tap is None


async def test_a_leg_that_goes_is_forgotten(scene: Scene) -> None:
    await suspected(scene)
    (pair,) = scene.bench.worker.sfu.pairs
    await scene.hub.say(ClosePair(pair="p1", gen=1))
    await settled(lambda: not len(scene.bench.worker.sfu.pairs))
    scene.bench.tick()
    assert pair.legs[0].route.tap is None


async def test_a_blind_call_is_never_looked_at(make_bench: MakeBench) -> None:
    bench = await make_bench(camera_samples=True)
    hub = await bench.hub()
    a, b = await bench.connected_blind(hub)
    scene = Scene(bench, hub, a, b)
    await scene.thin(7)
    await hub.expect(Camera, side=0, state="suspect", why="thin")
    assert [leg.route.tap for pair in bench.worker.sfu.pairs for leg in pair.legs] == [None, None]


async def test_without_the_operator_s_leave_nothing_is_looked_at(make_bench: MakeBench) -> None:
    bench = await make_bench()
    assert bench.worker.sfu.sample is None
