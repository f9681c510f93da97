"""What members, strangers and people between can do to a call, tried with real packets."""

from __future__ import annotations

import asyncio
import struct

import pytest

from media.control import LegState
from media.ice import CONSENT_S, HOLD_S
from media.rtcp import key_frame_request
from tests.media.caller import AUDIO_PT, VIDEO_PT, Caller
from tests.media.conftest import Bench, Hub, MakeBench

REPORT = struct.pack("!BBHI", 0x80, 201, 1, 77)


@pytest.fixture
async def call(bench: Bench, hub: Hub) -> tuple[Caller, Caller]:
    return await bench.connected(hub)


async def through(a: Caller, b: Caller, seq: int, **other: int) -> None:
    assert a.send_rtp(seq, b"x" * 500, **other) == await b.next_rtp()


# Who is who.


async def test_the_browser_refuses_a_worker_it_was_not_told_of(bench: Bench, hub: Hub) -> None:
    a, b = await bench.introduced(hub)
    assert not await a.connect(b.fingerprint)


async def test_the_worker_refuses_a_browser_it_was_not_told_of(bench: Bench, hub: Hub) -> None:
    a, b = await bench.introduced(hub)
    await hub.say(a.remote("p1", 1, 0, fingerprints=[b.fingerprint]))
    await bench.open(hub)  # said and answered in order
    connecting = asyncio.create_task(a.connect())
    await hub.expect(LegState, side=0, state="gone")
    connecting.cancel()


@pytest.mark.parametrize("server", [0, 1])
async def test_between_two_browsers_either_role_checks_the_other(
    bench: Bench, hub: Hub, server: int
) -> None:
    """Whoever ends DTLS with a certificate that was not described is refused: client or server."""
    call = await bench.introduced_blind(hub)
    foreign = await bench.caller(call[0].leg)
    await asyncio.gather(call[0].check(), call[1].check())
    told = [call[1].fingerprint, call[0].fingerprint]
    told[server] = foreign.fingerprint
    connecting = [c.connect(f) for c, f in zip(call, told, strict=True)]
    done = await asyncio.gather(*connecting, return_exceptions=True)
    assert done[server] is not True


async def test_a_leg_cannot_be_taken_over_by_its_partner(bench: Bench, hub: Hub) -> None:
    a, b = await bench.connected(hub)
    for username in (f"{a.leg.ufrag}:{b.ufrag}", f"{a.leg.ufrag}:{a.ufrag}"):
        b.send(b.request(username=username))  # by the password of its own leg
    await b.check()
    assert bench.dropped["stun"] == 2
    await through(b, a, 1, ssrc=9)


async def test_an_address_that_another_leg_took_over_gets_nothing_any_more(
    bench: Bench, hub: Hub, call: tuple[Caller, Caller]
) -> None:
    a, b = call
    legs = await bench.open(hub, "p2")
    bench.clock.turn(HOLD_S)
    a.leg, a.ufrag = legs[0], "any"
    await a.check()
    before = bench.totals.packets_out
    for seq in range(1, 9):
        b.send_rtp(seq, b"to nobody", ssrc=9)
    await b.check()
    assert bench.dropped["peer"] == 8
    assert bench.totals.packets_out == before + 1


async def impostor_of(bench: Bench, caller: Caller) -> Caller:
    """Somewhere else, from where the same member's checks seem to come."""
    victim = await bench.caller(caller.leg)
    victim.ufrag, victim.keys, victim.is_there = caller.ufrag, caller.keys, False
    return victim


async def test_media_cannot_be_aimed_at_somebody_who_did_not_ask_for_it(
    bench: Bench, hub: Hub, call: tuple[Caller, Caller]
) -> None:
    a, b = call
    victim = await impostor_of(bench, a)
    for _ in range(3):
        await victim.check()
    await through(b, a, 1, ssrc=9)
    assert victim.media.empty()
    assert len(victim.asked) == 3
    victim.send(victim.answer_to(victim.asked[-1], pwd="w" * 22))
    await a.check()
    await through(b, a, 2, ssrc=9)
    victim.is_there = True
    await victim.check()
    await victim.check()  # answered in order: so has been what the victim said in between
    await through(b, victim, 3, ssrc=9)


async def test_nor_by_media_that_seems_to_come_from_there(
    bench: Bench, call: tuple[Caller, Caller]
) -> None:
    a, b = call
    await through(a, b, 1)
    victim = await impostor_of(bench, a)
    victim.send_rtp(2, b"moved?")
    await b.next_rtp()
    await through(b, a, 1, ssrc=9)
    assert victim.media.empty()


async def test_nor_on_a_blind_leg_which_nobody_has_shaken_hands_with(
    bench: Bench, hub: Hub
) -> None:
    legs = await bench.open(hub, blind=True)
    a, b = await bench.caller(legs[0]), await bench.caller(legs[1], "server")
    a.is_there = False
    await asyncio.gather(a.check(), b.check())
    await hub.say(b.remote("p1", 1, 1))
    await hub.say(a.remote("p1", 1, 0))
    await bench.open(hub, blind=True)
    before = bench.totals.bytes_out
    for seq in range(20):
        b.send(b.rtp(seq, bytes(900)))
    await b.check()
    assert bench.totals.bytes_out - before < 200


async def test_from_an_address_that_nobody_has_no_check_is_taken(make_bench: MakeBench) -> None:
    bench = await make_bench(private_sources=False)
    a, _ = await bench.introduced(await bench.hub())
    a.send(a.request())
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(a.answers.get(), 0.2)
    assert bench.dropped["stun"] == 1


# Packets that are not what they seem.


async def test_packets_by_the_partners_or_a_foreign_key(
    bench: Bench, hub: Hub, call: tuple[Caller, Caller]
) -> None:
    a, b = call
    c, _ = await bench.connected(hub, "p2")
    for other in (b, c):
        a.send(other.protected(a.rtp(1, b"by another's key")))
    await through(a, b, 2)
    assert bench.dropped["srtp"] == 2
    assert b.unread == 0


async def test_a_replayed_packet_of_feedback(bench: Bench, call: tuple[Caller, Caller]) -> None:
    a, b = call
    assert a.keys is not None
    protected = a.keys.protect_rtcp(REPORT)
    for _ in range(3):
        a.send(protected)
    assert await b.next_rtcp() == REPORT
    await through(a, b, 1)
    assert bench.dropped["srtp"] == 2


async def test_the_same_stream_number_in_both_legs_and_in_another_call(
    bench: Bench, hub: Hub, call: tuple[Caller, Caller]
) -> None:
    a, b = call
    c, d = await bench.connected(hub, "p2")
    for seq in range(1, 10):
        await through(a, b, seq, ssrc=7)
        await through(b, a, seq, ssrc=7)
        await through(c, d, seq, ssrc=7)
    assert [each.unread for each in (a, b, c, d)] == [0] * 4


async def test_a_stream_number_taken_from_another_call_steals_nothing(
    bench: Bench, hub: Hub, call: tuple[Caller, Caller]
) -> None:
    a, b = call
    thief, partner = await bench.connected(hub, "p2")
    await through(a, b, 1, ssrc=7)
    await through(thief, partner, 1, ssrc=7)
    await thief.move()
    thief.send_rtp(2, b"whose is it", ssrc=7)
    await a.check()
    assert bench.dropped["src"] == 1
    assert partner.media.empty()
    await through(a, b, 2, ssrc=7)
    await through(b, a, 1, ssrc=9)


@pytest.mark.parametrize(
    "sent", [{"ssrc": 8}, {"pt": 99}, {"pt": AUDIO_PT, "ssrc": 8}], ids=["stream", "type", "both"]
)
async def test_what_was_not_negotiated_is_dropped(
    bench: Bench, hub: Hub, sent: dict[str, int]
) -> None:
    a, b = await bench.introduced(hub)
    await hub.say(a.remote("p1", 1, 0, payloads=[VIDEO_PT, AUDIO_PT, 97], ssrcs=[7, 70]))
    assert await asyncio.gather(a.connect(), b.connect()) == [True, True]
    for seq in range(1, 4):
        a.send_rtp(seq, b"x", **sent)
    await through(a, b, 1, ssrc=7)
    await through(a, b, 1, ssrc=70, pt=97)
    assert bench.dropped["ssrc"] == 3


async def test_a_type_that_only_the_partner_listed_may_be_sent_to_them(
    bench: Bench, hub: Hub
) -> None:
    a, b = await bench.introduced(hub)
    await hub.say(a.remote("p1", 1, 0, payloads=[VIDEO_PT]))
    await hub.say(b.remote("p1", 1, 1, payloads=[VIDEO_PT, 100]))
    assert await asyncio.gather(a.connect(), b.connect()) == [True, True]
    await through(a, b, 1, pt=100)


async def test_who_raced_one_packet_cannot_eat_a_members_allowance(
    bench: Bench, call: tuple[Caller, Caller]
) -> None:
    a, b = call
    await through(a, b, 1)
    thief = await impostor_of(bench, a)
    thief.send(a.protected(a.rtp(2, b"caught on its way")))
    await b.next_rtp()
    for seq in range(1500):
        thief.send(bytes([0x80, VIDEO_PT]) + bytes(900))
        if seq % 8 == 0:
            await asyncio.sleep(0)
    await through(a, b, 3)
    await a.check()
    assert bench.worker.sfu.gate.ice.owner(thief.address) is None
    assert bench.dropped["rate"] > 1000


# Too much of everything.


async def test_a_thousand_requests_for_key_frames_a_second(make_bench: MakeBench) -> None:
    bench = await make_bench(packets_per_s=10_000)
    a, b = await bench.connected(await bench.hub())
    for _ in range(4):
        for _ in range(250):
            b.send_rtcp(key_frame_request(7))
            b.send_rtcp(full_intra_request(7))
        b.send_rtcp(REPORT)
        assert await asked_before_report(a) <= 1
        bench.tick()
    assert bench.dropped["pli"] >= 1990


async def test_requests_for_key_frames_pass_again_in_time_and_apart_by_stream(
    bench: Bench, call: tuple[Caller, Caller]
) -> None:
    a, b = call
    await through(a, b, 1, ssrc=7)
    await through(a, b, 1, ssrc=8)
    for request in (key_frame_request(7), key_frame_request(8)):
        b.send_rtcp(request)
        assert await a.next_rtcp() == request
    bench.tick(times=2)
    b.send_rtcp(REPORT + key_frame_request(7))
    assert await a.next_rtcp() == REPORT + key_frame_request(7)
    b.send_rtcp(REPORT + key_frame_request(7))
    assert await a.next_rtcp() == REPORT


async def test_made_up_streams_are_no_way_around_that(make_bench: MakeBench) -> None:
    bench = await make_bench(packets_per_s=10_000)
    a, b = await bench.connected(await bench.hub())
    await through(a, b, 1)
    for made_up in range(1000, 1200):
        b.send_rtcp(full_intra_request(7, made_up))
        b.send_rtcp(key_frame_request(made_up))
    b.send_rtcp(REPORT)
    assert await asked_before_report(a) <= 2


def full_intra_request(*ssrcs: int) -> bytes:
    entries = b"".join(struct.pack("!IBxxx", ssrc, 1) for ssrc in ssrcs)
    return struct.pack("!BBHII", 0x84, 206, 2 + 2 * len(ssrcs), 77, 0) + entries


async def asked_before_report(caller: Caller) -> int:
    asked = 0
    while await caller.next_rtcp() != REPORT:
        asked += 1
    return asked


async def test_fifty_megabits_a_second_of_one_member(make_bench: MakeBench) -> None:
    """Of 6 MB in a second no more passes than two seconds' worth of the allowance at once and one as
    it goes, and the pair beside it loses nothing."""
    bench = await make_bench()
    hub = await bench.hub()
    a, _ = await bench.connected(hub)
    c, d = await bench.connected(hub, "p2")
    sent, before = 0, bench.totals.bytes_out
    for quarter in range(4):
        for n in range(1300):
            sent += len(a.send_rtp(quarter * 1300 + n, bytes(1150)))
            if n % 8 == 0:
                await asyncio.sleep(0)
        await through(c, d, quarter + 1)
        bench.tick()
    await c.check()
    passed = bench.totals.bytes_out - before
    assert sent > 5_900_000
    assert 700_000 < passed < 3 * 375_000 + 10_000
    assert bench.dropped["rate"] > 4000


# Nobody is sent anything who does not want it.


@pytest.mark.parametrize("blind", [False, True])
async def test_without_consent_not_one_byte_is_sent(bench: Bench, hub: Hub, blind: bool) -> None:
    connected = bench.connected_blind if blind else bench.connected
    a, b = await connected(hub)
    await through(a, b, 1)
    for _ in range(int(CONSENT_S) + 1):
        await a.check()
        bench.tick(times=4)
    before = bench.totals.bytes_out
    for seq in range(2, 200):
        a.send_rtp(seq, bytes(1000))
        a.send_rtcp(REPORT + key_frame_request(9))
    await a.dtls.send_data(b"anybody there?")
    bench.tick(times=20)
    asked = a.request()
    answer = await a.check()
    assert bench.totals.bytes_out - before == len(bytes(answer)) <= len(asked)
    assert b.media.empty()


async def test_consent_that_comes_back_is_enough(bench: Bench, hub: Hub) -> None:
    a, b = await bench.connected(hub)
    bench.tick(times=int(CONSENT_S * 4) + 4)
    await a.check()
    await b.check()
    await through(a, b, 1)


async def test_an_address_that_checked_and_then_only_listens_gets_nothing_of_another_leg(
    bench: Bench, hub: Hub, call: tuple[Caller, Caller]
) -> None:
    a, b = call
    listener = await bench.caller(a.leg)
    listener.send(a.request(pwd="x" * 22))
    listener.send(a.request(username=f"{a.leg.ufrag}:{a.ufrag}", pwd=b.leg.pwd))
    await through(b, a, 1, ssrc=9)
    assert listener.answers.empty()
    assert bench.dropped["stun"] == 2
