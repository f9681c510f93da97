"""What a port does with datagrams, whichever loop it runs."""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator

import pytest

from media.demux import DATAGRAM_MAX, Kind
from media.rtc.dtls import ROOM
from media.rtcp import key_frame_request
from media.udp.batch import BATCH
from media.udp.fast import ROUNDS, FastPort
from media.udp.port import Port
from media.watch import Counts
from tests.media.rig import AUDIO, Rig, rigged, rtp

REPORT = struct.pack("!BBHI", 0x80, 201, 1, 77)
KINDS = [Port, FastPort]


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> type[Port]:
    return request.param


@pytest.fixture
def rig(kind: type[Port]) -> Iterator[Rig]:
    with rigged(kind) as rig:
        yield rig


@pytest.mark.parametrize(("a", "b"), [("v4", "v4"), ("v6", "v6"), ("v4", "v6"), ("v6", "v4")])
def test_packets_pass_both_ways_in_their_order(kind: type[Port], a: str, b: str) -> None:
    with rigged(kind, a=a, b=b) as rig:
        there = [rig.a.send_rtp(seq, size=20 + seq) for seq in range(150)]
        back = [rig.b.send_rtp(seq, pt=AUDIO, ssrc=9) for seq in range(70)]
        rig.step()
        assert rig.b.read() == there
        assert rig.a.read() == back
        assert rig.dropped == {}
        totals = rig.port.totals
        assert totals.packets_in == totals.packets_out == 220
        assert totals.bytes_in == totals.bytes_out


def test_every_length_up_to_the_most_passes(rig: Rig) -> None:
    sizes = [12, 13, 1340, 1341, 1357, 1500, DATAGRAM_MAX - 16]
    sent = [rig.a.send_rtp(seq, size=size) for seq, size in enumerate(sizes * 2)]
    rig.step()
    assert rig.b.read() == sent


def test_longer_ones_empty_ones_and_headless_ones_are_dropped(rig: Rig) -> None:
    rig.a.send_rtp(1)
    for size in (1, 7, DATAGRAM_MAX + 1, ROOM, ROOM + 1, 9_000):
        rig.a.send(rtp(2)[:1].ljust(size, b"\x60"))
    rig.a.send(b"")
    rig.step()
    assert len(rig.b.read()) == 1
    assert rig.dropped == {"parse": 6, "empty": 1}


def test_a_replayed_or_changed_packet_is_dropped_and_does_not_count(rig: Rig) -> None:
    protected = [rig.a.keys.protect(rtp(seq)) for seq in range(1, 5)]
    for datagram in [*protected, *protected, protected[0][:-1] + b"\0"]:
        rig.a.send(datagram)
    rig.step()
    assert len(rig.b.read()) == 4
    assert rig.dropped == {"srtp": 5}
    assert rig.a.route.counts().video_packets == 4


def test_late_packets_pass_within_the_window_and_not_beyond_it(rig: Rig) -> None:
    first, early, within, late = (rig.a.keys.protect(rtp(seq)) for seq in (0, 1, 1000, 1500))
    for datagram in (first, late, within, early):
        rig.a.send(datagram)
    rig.step()
    assert rig.b.read() == [rtp(0), rtp(1500), rtp(1000)]
    assert rig.dropped == {"srtp": 1}


def test_video_and_the_rest_are_counted_apart(rig: Rig) -> None:
    for seq in range(4):
        rig.a.send_rtp(seq, ends=seq % 2 == 1)
        rig.a.send_rtp(seq, pt=AUDIO, ssrc=8, ends=True)
    rig.a.send(rig.a.keys.protect_rtcp(REPORT))
    rig.step()
    assert rig.a.route.counts() == Counts(video_packets=4, video_bytes=400, frames=2, others=5)
    assert list(rig.a.route.pictures) == [7]
    assert rig.a.route.streams == {7, 8, 77}


def test_a_leg_may_send_so_much_and_no_more(rig: Rig) -> None:
    rig.a.route.packets_left = 10
    for seq in range(20):
        rig.a.send_rtp(seq)
    rig.step()
    assert len(rig.b.read()) == 10
    assert rig.dropped == {"rate": 10}
    rig.a.route.packets_left, rig.a.route.bytes_left = 10, 117
    for seq in range(20, 25):
        rig.a.send_rtp(seq)
    rig.step()
    assert len(rig.b.read()) == 2
    assert rig.dropped == {"rate": 13}


def test_what_was_not_negotiated_is_dropped(rig: Rig) -> None:
    route = rig.a.route
    for seq in range(2):
        rig.a.send_rtp(seq, pt=AUDIO, ssrc=8)
        rig.a.send_rtp(seq)
    rig.step()
    route.payloads, route.ssrcs = frozenset({96, 97}), frozenset({7})
    route.forget()
    for seq in range(2, 4):
        rig.a.send_rtp(seq, pt=AUDIO, ssrc=7)
        rig.a.send_rtp(seq, ssrc=8)
        rig.a.send_rtp(seq + 10)
    rig.a.send(rig.a.keys.protect_rtcp(REPORT))
    rig.step()
    assert rig.dropped == {"ssrc": 4}
    assert len(rig.b.received()) == 7


def test_a_picture_becomes_another_one_when_that_is_negotiated(rig: Rig) -> None:
    rig.a.send_rtp(1)
    rig.step()
    rig.a.route.camera_ssrcs = frozenset({8})
    rig.a.route.forget()
    rig.a.send_rtp(2)
    rig.step()
    assert rig.a.route.counts() == Counts(video_packets=1, video_bytes=100, others=1)


def test_streams_have_a_most(rig: Rig) -> None:
    for ssrc in range(40):
        rig.a.send_rtp(1, ssrc=ssrc)
        rig.a.send_rtp(2, ssrc=ssrc)
    rig.step()
    assert rig.dropped == {"ssrc": 16}
    assert len(rig.a.route.flows) <= 32


def test_without_keys_nothing_passes_and_a_partner_without_them_gets_nothing(rig: Rig) -> None:
    rig.a.send_rtp(1)
    rig.step()
    rig.arm(rig.b, None)
    rig.a.send_rtp(2)
    rig.b.send_rtp(1, ssrc=9)
    rig.step()
    assert rig.dropped == {"peer": 1, "early": 1}
    assert rig.a.route.counts().video_packets == 2
    rig.arm(rig.a, None)
    rig.a.send_rtp(3)
    rig.step()
    assert rig.dropped == {"peer": 1, "early": 2}


def test_a_partner_who_is_nowhere_gets_nothing_until_they_are_found(rig: Rig) -> None:
    rig.port.aim(rig.b.route, None)
    rig.a.send_rtp(1)
    rig.step()
    assert rig.dropped == {"peer": 1}
    rig.port.aim(rig.b.route, rig.b.address)
    rig.a.send_rtp(2)
    rig.step()
    assert len(rig.b.read()) == 1


def test_one_that_cannot_be_sent_takes_no_other_with_it(rig: Rig) -> None:
    rig.a.send_rtp(0)
    rig.b.send_rtp(0, ssrc=9)
    rig.step()
    rig.a.received()
    rig.port.aim(rig.b.route, ("127.0.0.1", 0))
    for seq in range(1, 21):
        rig.a.send_rtp(seq)
        rig.b.send_rtp(seq, ssrc=9)
    rig.step()
    assert len(rig.a.read()) == 20
    assert rig.dropped == {"send": 20}
    assert rig.port.totals.packets_out == 22


def test_key_frames_are_asked_twice_a_second_at_most(rig: Rig) -> None:
    def ask(*ssrcs: int) -> list[bytes]:
        for ssrc in ssrcs:
            rig.b.send(rig.b.keys.protect_rtcp(key_frame_request(ssrc)))
        rig.step()
        return rig.a.read(rtcp=True)

    rig.a.send_rtp(1)
    rig.a.send_rtp(1, ssrc=8)
    assert ask(7, 7, 8, 7) == [key_frame_request(7), key_frame_request(8)]
    assert rig.dropped == {"pli": 2}
    rig.b.send(rig.b.keys.protect_rtcp(REPORT + key_frame_request(7)))
    rig.step()
    assert rig.a.read(rtcp=True) == [REPORT]
    rig.clock.turn(0.5)
    assert ask(7, 7) == [key_frame_request(7)]


def test_behind_a_request_that_is_cut_out_nothing_comes_under_another_name(rig: Rig) -> None:
    rig.a.send_rtp(1)
    rig.b.send(rig.b.keys.protect_rtcp(key_frame_request(7)))
    for name in range(100, 200):
        made_up = struct.pack("!BBHI", 0x80, 201, 1, name)
        rig.b.send(rig.b.keys.protect_rtcp(key_frame_request(7) + made_up))
    rig.step()
    assert rig.a.read(rtcp=True) == [key_frame_request(7)]
    assert rig.dropped == {"pli": 100}


@pytest.mark.parametrize(("a", "b"), [("v4", "v4"), ("v6", "v4")])
def test_a_blind_leg_is_passed_unread(kind: type[Port], a: str, b: str) -> None:
    with rigged(kind, a=a, b=b, blind=True) as rig:
        sent = [
            rtp(1),
            rtp(2, ends=True),
            rtp(1),
            b"\x16\xfe\xfd" + bytes(50),
            bytes([128, 200, *bytes(20)]),
        ]
        for datagram in sent * 2:
            rig.a.send(datagram)
        rig.a.send(b"\x00\x01" + bytes(18))
        rig.a.send(b"\x50junk")
        rig.step()
        assert sorted(rig.b.received()) == sorted(sent * 2)
        assert rig.dropped == {"parse": 1}
        assert [each[0] for each in rig.handled] == [Kind.STUN]
        assert rig.a.route.counts() == Counts(video_packets=6, video_bytes=600, frames=2, others=4)


def test_a_blind_leg_is_held_to_what_was_negotiated_too(kind: type[Port]) -> None:
    with rigged(kind, blind=True) as rig:
        rig.a.route.payloads = frozenset({96})
        rig.a.route.packets_left = 5
        for seq in range(3):
            rig.a.send(rtp(seq))
            rig.a.send(rtp(seq, pt=5))
        rig.step()
        assert len(rig.b.received()) == 3
        assert rig.dropped == {"ssrc": 2, "rate": 1}


def test_what_is_not_media_of_a_leg_goes_to_the_handler(rig: Rig) -> None:
    check, hello = b"\x00\x01" + bytes(30), b"\x16\xfe\xfd" + bytes(30)
    rig.a.send(check)
    rig.a.send(hello)
    rig.port.detach(rig.b.address, rig.b.route)
    rig.b.send(rtp(1))
    rig.step()
    assert rig.handled == [
        (Kind.STUN, check, rig.a.address),
        (Kind.DTLS, hello, rig.a.address),
        (Kind.RTP, rtp(1), rig.b.address),
    ]


def test_a_flood_at_one_wake_up_leaves_others_their_turn(rig: Rig) -> None:
    for seq in range(BATCH * ROUNDS + 1):
        rig.a.send_rtp(seq)
    rig.port.step()
    assert rig.port.totals.packets_in <= BATCH * ROUNDS


async def test_sending_to_nowhere_is_a_drop_not_an_error(rig: Rig) -> None:
    rig.port.send(b"x" * 70_000, ("127.0.0.1", 9))
    assert rig.port.totals.dropped == {"send": 1}
    assert rig.port.totals.packets_out == 0


def test_an_address_is_detached_by_its_own_leg_only(rig: Rig) -> None:
    rig.port.attach(rig.a.address, rig.b.route)
    rig.port.detach(rig.a.address, rig.a.route)
    assert rig.port._routes[rig.a.address] is rig.b.route
    rig.port.detach(rig.a.address, rig.b.route)
    assert rig.a.address not in rig.port._routes


@pytest.mark.parametrize("blind", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_both_loops_do_the_same_with_the_same(seed: int, blind: bool) -> None:
    with rigged(Port, blind=blind) as plain, rigged(FastPort, blind=blind) as fast:
        assert outcome(plain, seed) == outcome(fast, seed)


def outcome(rig: Rig, seed: int) -> object:
    """What comes of a seeded jumble of packets, some of them wrong."""
    chance = random.Random(seed)
    rig.a.route.payloads, rig.a.route.ssrcs = frozenset({96, 97, 111}), frozenset(range(6))
    rig.a.route.refill(0, 0, packets_max=700, bytes_max=10**6)
    arrived = []
    for _ in range(40):
        for _ in range(chance.randrange(1, 100)):
            rig.a.send(jumble(rig, chance))
        rig.step()
        arrived += rig.b.received()
    sizes = sorted(len(datagram) for datagram in arrived)
    route, totals = rig.a.route, rig.port.totals
    return (
        [sizes, rig.dropped, route.counts(), route.streams, set(route.pictures)],
        [route.packets_left, route.bytes_left, len(rig.handled)],
        [totals.packets_in, totals.packets_out, totals.bytes_in, totals.bytes_out],
    )


def jumble(rig: Rig, chance: random.Random) -> bytes:
    packet = rtp(
        chance.randrange(300),
        pt=chance.choice([96, 96, 96, 97, 111, 5]),
        ssrc=chance.choice([1, 1, 2, 3, 8]),
        ends=chance.random() < 0.3,
        size=chance.randrange(12, 1500),
    )
    rtcp = chance.choice([REPORT, key_frame_request(1), REPORT + key_frame_request(2)])
    match chance.randrange(12):
        case 0:
            return rig.a.keys.protect_rtcp(rtcp)
        case 1:
            return packet[: chance.randrange(len(packet))]
        case 2:
            return chance.choice([b"", b"\x00\x01", b"\x16\xfe", b"\x50"]) + bytes(40)
        case 3:
            damaged = bytearray(rig.a.keys.protect(packet))
            damaged[-1] ^= 1
            return bytes(damaged)
        case _:
            return rig.a.keys.protect(packet)
