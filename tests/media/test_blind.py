"""Blind pairs: the worker carries bytes between two browsers who end DTLS with each other."""

from __future__ import annotations

import asyncio

import pytest

from media.control import Camera, LegRestarted, LegState, PairOpened, RestartLeg
from media.ice import CONSENT_S
from tests.media.caller import AUDIO_PT, Caller
from tests.media.conftest import Bench, Hub, MakeBench


@pytest.fixture
async def call(bench: Bench, hub: Hub) -> tuple[Caller, Caller]:
    return await bench.connected_blind(hub)


async def through(a: Caller, b: Caller, seq: int, **other: int) -> None:
    assert a.send_rtp(seq, b"x" * 500, **other) == await b.next_rtp()


async def test_its_legs_have_no_certificate_of_the_workers(bench: Bench, hub: Hub) -> None:
    a, b = await bench.open(hub, blind=True)
    assert a.fingerprint == b.fingerprint == ""
    assert a.ufrag != b.ufrag


async def test_the_browsers_keys_are_each_others(call: tuple[Caller, Caller]) -> None:
    a, b = call
    for seq in range(1, 30):
        await through(a, b, seq)
        await through(b, a, seq, pt=AUDIO_PT, ssrc=9)
    assert (a.unread, b.unread) == (0, 0)


async def test_the_data_channel_passes_too(call: tuple[Caller, Caller]) -> None:
    a, b = call
    await a.dtls.send_data(b"to b")
    await b.dtls.send_data(b"to a")
    assert await b.wait(b.data) == b"to b"
    assert await a.wait(a.data) == b"to a"


async def test_the_worker_holds_no_keys(bench: Bench, call: tuple[Caller, Caller]) -> None:
    await through(*call, 1)
    for pair in bench.worker.sfu.pairs:
        assert [(leg.dtls, leg.route.keys) for leg in pair.legs] == [(None, None)] * 2


async def test_a_leg_is_connected_once_more_than_checks_came_from_it(
    bench: Bench, hub: Hub
) -> None:
    a, b = await bench.introduced_blind(hub)
    for _ in range(4):
        await a.check()
        await b.check()
        bench.tick()
    assert not [m for m in hub.heard if isinstance(m, LegState)]
    connecting = asyncio.gather(a.connect(b.fingerprint), b.connect(a.fingerprint))
    assert await connecting == [True, True]
    bench.tick()
    for side in (0, 1):
        await hub.expect(LegState, side=side, state="connected")


async def test_the_camera_is_told_by_clear_headers(
    bench: Bench, hub: Hub, call: tuple[Caller, Caller]
) -> None:
    a, b = call
    for seq in range(1, 8):
        bench.tick()
        await through(a, b, seq)
    bench.tick()
    await hub.expect(Camera, side=0, state="on")
    for seq in range(1, 12):
        await through(a, b, seq, pt=AUDIO_PT, ssrc=8)
        bench.tick()
    await hub.expect(Camera, side=0, state="off")


async def test_a_silent_leg_is_stalled_and_after_consent_has_run_out_gone(
    bench: Bench, hub: Hub, call: tuple[Caller, Caller]
) -> None:
    a, b = call
    for _ in range(int(CONSENT_S) + 1):
        await b.check()
        bench.tick(times=4)
    await hub.expect(LegState, side=0, state="stalled")
    await hub.expect(LegState, side=0, state="gone")
    await a.check()
    bench.tick()
    assert not [m for m in hub.heard if isinstance(m, LegState) and m.state != "connected"]
    await through(a, b, 1)
    bench.tick()
    await hub.expect(LegState, side=0, state="connected")


async def test_goodbye_of_a_browser_reaches_the_other(call: tuple[Caller, Caller]) -> None:
    a, b = call
    await a.dtls.close()
    await asyncio.wait_for(b.closed.wait(), 5)


async def test_another_certificate_than_the_described_one_is_refused_by_the_other_page(
    bench: Bench, hub: Hub
) -> None:
    a, b = await bench.introduced_blind(hub)
    foreign = await bench.caller(a.leg)
    await asyncio.gather(a.check(), b.check())
    connecting = asyncio.gather(a.connect(foreign.fingerprint), b.connect(a.fingerprint))
    assert (await connecting)[0] is False


async def test_nothing_but_a_check_moves_a_leg(bench: Bench, call: tuple[Caller, Caller]) -> None:
    a, b = call
    await through(a, b, 1)
    await a.move()
    a.send_rtp(2, b"authentic, which nobody here can know")
    await b.check()
    assert bench.dropped["src"] == 1
    assert b.media.empty()
    await a.check()
    await through(a, b, 3)
    await through(b, a, 1, ssrc=9)


async def test_strangers_reach_nobody(bench: Bench, call: tuple[Caller, Caller]) -> None:
    a, b = call
    stranger = await bench.caller(a.leg)
    for datagram in (
        a.protected(a.rtp(9, b"taken from the wire")),
        b"\x16\xfe\xfd" + bytes(90),
        b"",
    ):
        stranger.send(datagram)
    await b.check()
    assert b.media.empty()
    assert b.unread == 0
    assert bench.dropped["src"] == 2
    await through(a, b, 1)


async def test_what_was_not_negotiated_does_not_pass(bench: Bench, hub: Hub) -> None:
    a, b = await bench.introduced_blind(hub)
    await hub.say(a.remote("p1", 1, 0, payloads=[96, 111], ssrcs=[7]))
    await bench.open(hub)  # said and answered in order
    await asyncio.gather(a.check(), b.check())
    connecting = asyncio.gather(a.connect(b.fingerprint), b.connect(a.fingerprint))
    assert await connecting == [True, True]
    a.send_rtp(1, b"x", ssrc=8)
    a.send_rtp(1, b"x", pt=99)
    await through(a, b, 2)
    assert bench.dropped["ssrc"] == 2


async def test_one_sender_has_the_same_limits(make_bench: MakeBench) -> None:
    bench = await make_bench(packets_per_s=30)
    a, b = await bench.connected_blind(await bench.hub())
    for seq in range(1, 100):
        a.send_rtp(seq, b"flood")
    await b.check()
    assert bench.dropped["rate"] > 40


async def test_asked_again_it_stays_what_it_is(bench: Bench, hub: Hub) -> None:
    legs = await bench.open(hub, blind=True)
    assert await bench.open(hub, blind=False) == legs


async def test_it_can_be_restarted(bench: Bench, hub: Hub, call: tuple[Caller, Caller]) -> None:
    a, b = call
    await hub.say(RestartLeg(pair="p1", gen=1, side=0))
    a.leg = (await hub.expect(LegRestarted, side=0)).leg
    assert a.leg.fingerprint == ""
    await a.check()
    await through(a, b, 1)
    assert not [m for m in hub.heard if isinstance(m, PairOpened)]
