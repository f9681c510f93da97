"""Two callers through a real worker on loopback: what one sends is what the other gets."""

from __future__ import annotations

import asyncio
import struct
import sys
import threading

import msgspec
import pytest

from media.control import Camera, LegState
from media.rtcp import key_frame_request
from tests.media.caller import AUDIO_PT, Caller
from tests.media.conftest import Bench, Hub, MakeBench

RECEIVER_REPORT = struct.pack("!BBHI", 0x80, 201, 1, 77)


async def test_media_arrives_unchanged_both_ways(bench: Bench, hub: Hub) -> None:
    a, b = await bench.connected(hub)
    for seq in range(1, 30):
        assert a.send_rtp(seq, bytes([seq]) * 900) == await b.next_rtp()
        assert b.send_rtp(seq, bytes([seq]) * 90, pt=AUDIO_PT, ssrc=9) == await a.next_rtp()
    assert (a.unread, b.unread) == (0, 0)


async def test_feedback_passes_from_end_to_end(bench: Bench, hub: Hub) -> None:
    a, b = await bench.connected(hub)
    b.send_rtcp(RECEIVER_REPORT)
    assert await a.next_rtcp() == RECEIVER_REPORT


async def test_data_channel_packets_pass_both_ways(bench: Bench, hub: Hub) -> None:
    a, b = await bench.connected(hub)
    await a.dtls.send_data(b"to b")
    await b.dtls.send_data(b"to a")
    assert await b.wait(b.data) == b"to b"
    assert await a.wait(a.data) == b"to a"


async def test_data_sent_before_the_partner_is_there_waits_for_them(bench: Bench, hub: Hub) -> None:
    a, b = await bench.introduced(hub)
    assert await a.connect()
    await a.dtls.send_data(b"first")
    await a.check()
    assert await b.connect()
    assert await b.wait(b.data) == b"first"


async def test_both_legs_use_the_cheapest_cipher(bench: Bench, hub: Hub) -> None:
    a, b = await bench.connected(hub)
    assert a.keys is not None
    assert b.keys is not None
    assert a.keys.profile == b.keys.profile == "SRTP_AEAD_AES_128_GCM"


async def test_dtls_may_begin_before_the_browser_is_described(bench: Bench, hub: Hub) -> None:
    legs = await bench.open(hub)
    a = await bench.caller(legs[0])
    await a.check()
    connecting = asyncio.create_task(a.dtls.handshake([a.leg.fingerprint]))
    await a.check()  # answered in order: the first flight is there
    await hub.say(a.remote("p1", 1, 0))
    assert await connecting


async def test_a_certificate_that_was_not_described_is_refused(bench: Bench, hub: Hub) -> None:
    a, _ = await bench.introduced(hub)
    stranger = (await bench.caller(a.leg)).remote("p1", 1, 0)
    await hub.say(stranger)
    await bench.open(hub)  # said and answered in order: the description has been taken in
    connecting = asyncio.create_task(a.connect())
    await hub.expect(LegState, side=0, state="gone")
    connecting.cancel()


async def test_every_described_fingerprint_has_to_match(bench: Bench, hub: Hub) -> None:
    a, b = await bench.introduced(hub)
    right = a.remote("p1", 1, 0).fingerprints
    wrong = b.remote("p1", 1, 1).fingerprints
    await hub.say(a.remote("p1", 1, 0, fingerprints=right + wrong))
    await bench.open(hub)
    connecting = asyncio.create_task(a.connect())
    await hub.expect(LegState, side=0, state="gone")
    connecting.cancel()


async def test_the_client_refuses_a_worker_with_another_certificate(bench: Bench, hub: Hub) -> None:
    a, b = await bench.introduced(hub)
    a.leg = msgspec.structs.replace(a.leg, fingerprint=b.remote("p1", 1, 1).fingerprints[0])
    assert not await a.connect()


async def test_key_frames_are_asked_of_both_once_the_second_connects(
    bench: Bench, hub: Hub
) -> None:
    a, b = await bench.introduced(hub)
    assert await a.connect()
    a.send_rtp(1, b"picture")
    await a.check()  # answered in order: the picture has been taken in
    assert await b.connect()
    assert await a.next_rtcp() == key_frame_request(7)


async def test_key_frames_are_asked_after_a_silence_at_most_once_a_second(
    bench: Bench, hub: Hub
) -> None:
    a, b = await bench.connected(hub)
    await through(a, b, 1)
    bench.tick(times=8)
    await through(a, b, 2)
    bench.tick()
    assert await a.next_rtcp() == key_frame_request(7)
    bench.tick(times=3)
    await through(a, b, 3)
    b.send_rtcp(RECEIVER_REPORT)
    assert await a.next_rtcp() == RECEIVER_REPORT


async def through(a: Caller, b: Caller, seq: int, payload: bytes = b"x" * 500) -> None:
    a.send_rtp(seq, payload)
    await b.next_rtp()


async def test_goodbye_of_a_browser_is_told_at_once(bench: Bench, hub: Hub) -> None:
    a, b = await bench.connected(hub)
    await hub.expect(LegState, side=0, state="connected")
    await a.dtls.close()
    await hub.expect(LegState, side=0, state="gone")
    b.send_rtp(1, b"to nobody")
    await b.check()
    assert bench.dropped["peer"] == 1


async def test_a_silent_leg_is_stalled_until_it_flows_again(bench: Bench, hub: Hub) -> None:
    a, b = await bench.connected(hub)
    await hub.expect(LegState, side=1, state="connected")
    for seq in range(1, 26):
        bench.tick()
        await through(b, a, seq)
    await hub.expect(LegState, side=0, state="stalled")
    assert not [m for m in hub.heard if isinstance(m, LegState) and m.side == 1]
    await through(a, b, 1)
    bench.tick()
    await hub.expect(LegState, side=0, state="flowing")


async def test_the_camera_is_told_from_packets_alone(bench: Bench, hub: Hub) -> None:
    a, b = await bench.connected(hub)
    for seq in range(1, 8):
        await through(a, b, seq)
        bench.tick()
    await hub.expect(Camera, side=0, state="on")
    for seq in range(1, 12):
        a.send_rtp(seq, b"sound", pt=AUDIO_PT, ssrc=8)
        await b.next_rtp()
        bench.tick()
    assert (await hub.expect(Camera, side=0, state="off")).since_ms > 2000


async def test_a_shared_screen_is_not_taken_for_the_camera(bench: Bench, hub: Hub) -> None:
    a, b = await bench.introduced(hub)
    await hub.say(a.remote("p1", 1, 0, camera_ssrcs=[7]))
    assert await asyncio.gather(a.connect(), b.connect()) == [True, True]
    for seq in range(1, 12):
        a.send_rtp(seq, b"screen", ssrc=99)
        await b.next_rtp()
        bench.tick()
    await hub.expect(Camera, side=0, state="off")


async def test_media_from_a_new_address_moves_the_leg_until_no_check_confirms_it(
    bench: Bench, hub: Hub
) -> None:
    a, b = await bench.introduced(hub)
    await hub.say(a.remote("p1", 1, 0, pwd=""))  # so the worker cannot ask whether a is there
    await bench.open(hub)
    assert await asyncio.gather(a.connect(), b.connect()) == [True, True]
    await through(a, b, 1)
    await a.move()
    a.send_rtp(2, b"from elsewhere")
    await b.next_rtp()
    b.send_rtp(1, b"to the new address", ssrc=9)
    assert (await a.next_rtp()).endswith(b"to the new address")
    bench.tick(5.0)
    b.send_rtp(2, b"lost", ssrc=9)
    await a.check()
    b.send_rtp(3, b"found", ssrc=9)
    assert (await a.next_rtp()).endswith(b"found")


async def test_more_than_a_leg_may_send_is_dropped(make_bench: MakeBench) -> None:
    bench = await make_bench(packets_per_s=30)
    a, b = await bench.connected(await bench.hub())
    for seq in range(1, 100):
        a.send_rtp(seq, b"flood")
    await b.check()  # answered in order: the flood has been dealt with
    assert bench.dropped["rate"] > 40
    assert b.media.qsize() < 60
    bench.tick(1.0)
    await a.check()


async def test_too_many_streams_of_one_leg_are_dropped(bench: Bench, hub: Hub) -> None:
    a, _ = await bench.connected(hub)
    for ssrc in range(100, 140):
        a.send_rtp(1, b"x", ssrc=ssrc)
    await a.check()
    assert bench.dropped["ssrc"] == 8


async def test_forwarding_loads_no_codec_and_starts_no_thread(bench: Bench, hub: Hub) -> None:
    threads = threading.active_count()
    a, b = await bench.connected(hub)
    for seq in range(1, 50):
        await through(a, b, seq)
    assert threading.active_count() == threads


def test_no_module_of_the_worker_names_a_codec_library() -> None:
    from media.web import worker

    decoder = "media.frames.decoder"  # a process of its own, which no worker loads
    ours = [m for name, m in sys.modules.items() if name.startswith("media.") and name != decoder]
    assert worker in ours
    for module in ours:
        assert not {"av", "codecs", "RTCPeerConnection", "MediaStreamTrack"} & set(vars(module))


@pytest.mark.parametrize("length", [1, 500, 1200])
async def test_every_usual_length_passes(bench: Bench, hub: Hub, length: int) -> None:
    a, b = await bench.connected(hub)
    assert a.send_rtp(1, b"x" * length) == await b.next_rtp()
