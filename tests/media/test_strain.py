"""A worker under strain, and one that slept: the pairs it has do not pay for it."""

from __future__ import annotations

from media.control import Camera, LegState, Load, OpenPair, PairRefused
from media.rtcp import key_frame_request
from tests.media.caller import AUDIO_PT, Caller
from tests.media.conftest import Bench, Hub, MakeBench


class Cpu:
    """CPU time, as much as a test says."""

    def __init__(self) -> None:
        self.used = 0.0

    def __call__(self) -> float:
        return self.used


async def through(a: Caller, b: Caller, seq: int, **other: int) -> None:
    assert a.send_rtp(seq, b"x" * 500, **other) == await b.next_rtp()


async def test_the_heartbeat_says_how_strained_the_worker_is(make_bench: MakeBench) -> None:
    bench = await make_bench(max_pairs=4)
    hub = await bench.hub()
    assert bench.worker.sfu.load() == Load(pairs=0, packets_per_s=0, draining=False, stress=0.0)
    await bench.open(hub)
    assert bench.worker.sfu.load().stress == 0.25


async def test_a_busy_core_refuses_new_pairs_and_keeps_the_old_ones(make_bench: MakeBench) -> None:
    cpu = Cpu()
    bench = await make_bench(cpu=cpu)
    hub = await bench.hub()
    a, b = await bench.connected(hub)
    for seq in range(1, 13):
        cpu.used += 0.249
        bench.tick()
        await through(a, b, seq)
    assert bench.worker.sfu.load().stress > 1.0
    await hub.say(OpenPair(pair="p2", gen=1))
    await hub.expect(PairRefused, pair="p2", code="full")
    c, d = await bench.connected(hub, gen=2)
    await through(c, d, 1)
    await through(a, b, 20)
    bench.tick(times=12)
    await bench.open(hub, "p2")


async def test_more_packets_than_a_worker_is_for_are_strain_too(make_bench: MakeBench) -> None:
    bench = await make_bench(worker_packets_per_s=10)
    hub = await bench.hub()
    a, b = await bench.connected(hub)
    for seq in range(1, 30):
        bench.tick()
        for again in range(4):
            await through(a, b, seq * 4 + again)
    assert bench.worker.sfu.load().stress > 1.0
    await hub.say(OpenPair(pair="p2", gen=1))
    await hub.expect(PairRefused, pair="p2", code="full")


async def test_a_worker_that_slept_has_no_news_of_that_time(bench: Bench, hub: Hub) -> None:
    a, b = await bench.connected(hub)
    for seq in range(1, 8):
        await through(a, b, seq)
        await through(b, a, seq, ssrc=9)
        bench.tick()
    for side in (0, 1):
        await hub.expect(LegState, side=side, state="connected")
        await hub.expect(Camera, side=side, state="on")
    bench.tick(20.0)
    a.send_rtp(50, b"sound", pt=AUDIO_PT, ssrc=8)
    await b.next_rtp()
    bench.tick()
    await bench.open(hub)  # answered in order, after all that was told
    told = [m for m in hub.heard if isinstance(m, LegState | Camera)]
    assert {(type(m), m.state) for m in told} <= {(LegState, "connected"), (Camera, "on")}


async def test_after_a_sleep_both_pictures_begin_anew(bench: Bench, hub: Hub) -> None:
    a, b = await bench.connected(hub)
    await through(a, b, 1)
    bench.tick(3.0)
    assert await a.next_rtcp() == key_frame_request(7)


async def test_after_a_sleep_beyond_consent_a_check_is_all_it_takes(bench: Bench, hub: Hub) -> None:
    a, b = await bench.connected(hub)
    bench.tick(60.0)
    await a.check()
    await b.check()
    await through(a, b, 1)


async def test_what_goes_on_after_a_sleep_is_told_in_its_own_time(bench: Bench, hub: Hub) -> None:
    a, b = await bench.connected(hub)
    await through(a, b, 1)
    bench.tick(60.0)
    await hub.expect(LegState, side=0, state="connected")
    await hub.expect(LegState, side=1, state="connected")
    bench.tick(times=16)
    await bench.open(hub)
    assert not [m for m in hub.heard if isinstance(m, LegState) and m.state == "stalled"]
    bench.tick(times=8)
    await hub.expect(LegState, side=0, state="stalled")
