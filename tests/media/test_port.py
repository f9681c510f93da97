"""What the port keeps of a leg."""

from __future__ import annotations

import struct

from media.demux import Kind
from media.udp.port import Port, open_socket
from media.udp.route import STREAMS_MAX, Route
from media.watch import Counts


def rtp(pt: int, *, ends_frame: bool = False, size: int = 100) -> bytes:
    second = pt | 0x80 if ends_frame else pt
    return struct.pack("!BBHII", 0x80, second, 1, 0, 7).ljust(size, b"\0")


def test_video_and_the_rest_are_counted_apart() -> None:
    route = Route()
    route.video_pts = frozenset({96})
    route.take_in(Kind.RTP, 7, rtp(96))
    route.take_in(Kind.RTP, 7, rtp(96, ends_frame=True))
    route.take_in(Kind.RTP, 8, rtp(111, ends_frame=True))
    route.take_in(Kind.RTCP, 7, bytes(8))
    assert route.counts() == Counts(video_packets=2, video_bytes=200, frames=1, others=2)
    assert list(route.pictures) == [7]


def test_another_picture_than_the_cameras_counts_as_the_rest() -> None:
    route = Route()
    route.video_pts, route.camera_ssrcs = frozenset({96}), frozenset({7})
    route.take_in(Kind.RTP, 99, rtp(96))
    assert route.counts() == Counts(others=1)
    assert list(route.pictures) == [99]


def test_streams_have_a_most() -> None:
    route = Route()
    for ssrc in range(STREAMS_MAX):
        assert route.knows(ssrc)
        route.take_in(Kind.RTCP, ssrc, bytes(8))
    assert route.knows(0)
    assert not route.knows(STREAMS_MAX)


def test_what_a_leg_may_send_is_granted_up_to_a_most() -> None:
    route = Route()
    assert not route.spend(1)
    route.refill(5, 1000, packets_max=2, bytes_max=150)
    assert [route.spend(100), route.spend(100), route.spend(100)] == [True, True, False]


async def test_sending_to_nowhere_is_a_drop_not_an_error() -> None:
    port = Port(open_socket("127.0.0.1", 0))
    port.send(b"x" * 70_000, ("127.0.0.1", 9))
    assert port.totals.dropped == {"send": 1}
    assert port.totals.packets_out == 0
    port.close()


async def test_an_address_is_detached_by_its_own_leg_only() -> None:
    port = Port(open_socket("127.0.0.1", 0))
    one, two = Route(), Route()
    port.attach(("192.0.2.1", 1), one)
    port.attach(("192.0.2.1", 1), two)
    port.detach(("192.0.2.1", 1), one)
    assert port._routes == {("192.0.2.1", 1): two}
    port.detach(("192.0.2.1", 1), two)
    assert port._routes == {}
    port.close()
