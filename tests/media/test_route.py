"""What the loop keeps of a leg."""

from __future__ import annotations

from media.demux import Kind
from media.udp.route import FLOWS_MAX, LAST_OF_FRAME, PICTURE, REST, STREAMS_MAX, Route
from media.watch import Counts
from tests.media.rig import rtp


def test_another_picture_than_the_cameras_counts_as_the_rest() -> None:
    route = Route()
    route.video_pts, route.camera_ssrcs = frozenset({96}), frozenset({7})
    route.take_in(Kind.RTP, 99, rtp(1, ssrc=99))
    assert route.counts() == Counts(others=1)
    assert list(route.pictures) == [99]


def test_a_packet_is_told_by_its_second_byte_and_stream() -> None:
    route = Route()
    route.video_pts, route.camera_ssrcs = frozenset({96}), frozenset({7})
    assert route.role(96, 7) == PICTURE
    assert route.role(96 | 0x80, 7) == LAST_OF_FRAME
    assert route.role(96, 8) == route.role(111, 7) == REST


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


def test_only_flows_of_streams_that_passed_are_learnt_and_not_without_end() -> None:
    route = Route()
    route.learn(1, 96, 7)
    assert route.flows == {}
    route.streams.add(7)
    for flow in range(FLOWS_MAX + 1):
        route.learn(flow, 96, 7)
    assert route.flows == {FLOWS_MAX: REST}
