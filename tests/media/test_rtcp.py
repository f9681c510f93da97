"""Requests for key frames: our own, and those that pass."""

from __future__ import annotations

import struct

import pytest
from aiortc.rtp import RtcpPacket, RtcpPsfbPacket, unpack_remb_fci

from media.rtcp import LEAST_BPS, NOBODYS, asks_key_frame, key_frame_request, loosened, thinned
from media.udp.route import Route

REPORT = struct.pack("!BBHI", 0x80, 201, 1, 77)
NACK = struct.pack("!BBHIIHH", 0x81, 205, 3, 77, 7, 1, 0)
REMB = struct.pack("!BBHII4sI", 0x8F, 206, 4, 77, 0, b"REMB", 0)


def full_intra_request(*ssrcs: int) -> bytes:
    entries = b"".join(struct.pack("!IBxxx", ssrc, 1) for ssrc in ssrcs)
    return struct.pack("!BBHII", 0x84, 206, 2 + 2 * len(ssrcs), 77, 0) + entries


def test_our_own_is_a_picture_loss_indication_as_another_library_reads_it() -> None:
    [packet] = RtcpPacket.parse(key_frame_request(0xCAFE))
    assert isinstance(packet, RtcpPsfbPacket)
    assert (packet.fmt, packet.media_ssrc) == (1, 0xCAFE)


@pytest.mark.parametrize("request_of", [key_frame_request, full_intra_request])
def test_requests_are_found_wherever_they_stand(request_of: object) -> None:
    assert callable(request_of)
    assert asks_key_frame(request_of(7))
    assert asks_key_frame(REPORT + NACK + request_of(7))


@pytest.mark.parametrize("packet", [b"", REPORT, NACK, REMB, REPORT + NACK + REMB])
def test_everything_else_is_none(packet: bytes) -> None:
    assert not asks_key_frame(packet)
    assert thinned(packet, lambda _: False) == packet


def test_only_the_request_is_taken_out() -> None:
    assert thinned(REPORT + key_frame_request(7) + NACK, lambda _: False) == REPORT + NACK
    assert thinned(key_frame_request(7), lambda _: False) == b""


def test_what_may_be_asked_passes_unchanged() -> None:
    packet = REPORT + key_frame_request(7) + key_frame_request(8)
    assert thinned(packet, lambda _: True) == packet
    assert thinned(packet, lambda ssrc: ssrc == 8, known={7, 8}) == REPORT + key_frame_request(8)


def test_all_streams_that_are_there_have_to_be_ones_that_may_be_asked() -> None:
    asked: list[int] = []
    packet = full_intra_request(9, 8, 7)
    assert (
        thinned(packet, lambda ssrc: bool(asked.append(ssrc)) or ssrc == 8, known={7, 8, 9}) == b""
    )
    assert asked == [7, 8, 9]
    assert thinned(packet, lambda ssrc: ssrc == 8, known={8}) == packet


def test_streams_that_are_not_there_count_as_one() -> None:
    asked: list[int] = []
    for request in (key_frame_request(500), full_intra_request(501, 502)):
        thinned(request, lambda ssrc: bool(asked.append(ssrc)), known={7})
    assert asked == [NOBODYS, NOBODYS]


def test_a_full_request_of_nothing_passes_nothing_on() -> None:
    assert thinned(full_intra_request(), lambda _: False, known={7}) == full_intra_request()


@pytest.mark.parametrize("cut", range(1, 12))
def test_a_cut_packet_is_no_request(cut: int) -> None:
    assert not asks_key_frame(key_frame_request(7)[:-cut])
    assert thinned(key_frame_request(7)[:-cut], lambda _: False) == key_frame_request(7)[:-cut]


def estimate(bits_per_s: int, exponent: int = 0) -> bytes:
    """A receiver's, as browsers write it."""
    rate = (1 << 24 | exponent << 18 | bits_per_s >> exponent).to_bytes(4, "big")
    return struct.pack("!BBHII4s", 0x8F, 206, 5, 77, 0, b"REMB") + rate + struct.pack("!I", 0xCAFE)


TMMBR = struct.pack("!BBHIIII", 0x83, 205, 4, 77, 0, 0xCAFE, 1_000 << 9)


@pytest.mark.parametrize("bits_per_s", [0, 1_000, LEAST_BPS - 1])
def test_nobody_limits_the_partner_to_less_than_a_small_picture(bits_per_s: int) -> None:
    raised = loosened(REPORT + estimate(bits_per_s) + NACK)
    assert raised == REPORT + estimate(LEAST_BPS) + NACK
    [_, packet, _] = RtcpPacket.parse(raised)
    assert isinstance(packet, RtcpPsfbPacket)
    assert unpack_remb_fci(packet.fci) == (LEAST_BPS, [0xCAFE])


@pytest.mark.parametrize("packet", [estimate(LEAST_BPS), estimate(1 << 24, 10), REPORT + NACK, b""])
def test_an_honest_estimate_stays_as_it_is(packet: bytes) -> None:
    assert loosened(packet) == packet


def test_a_wish_for_less_does_not_pass() -> None:
    assert loosened(REPORT + TMMBR + NACK) == REPORT + NACK


@pytest.mark.parametrize("cut", range(1, 24))
def test_a_limit_that_is_cut_short_is_no_error(cut: int) -> None:
    loosened(estimate(1)[:-cut])
    loosened(TMMBR[:-cut])


def test_a_leg_loosens_what_it_passes_on() -> None:
    route = Route()
    route.streams.add(77)
    assert route.thinned(REPORT + estimate(1) + TMMBR, 0.0) == REPORT + estimate(LEAST_BPS)


CHECK = b"\x00\x01\x00\x00" + (77).to_bytes(4, "big")
ANOTHERS = struct.pack("!BBHI", 0x80, 201, 1, 78)


@pytest.mark.parametrize("rest", [CHECK, ANOTHERS, REPORT[:7], b"\x80"])
def test_what_is_left_of_a_packet_goes_on_only_as_one_of_the_same_leg(rest: bytes) -> None:
    route = Route()
    route.streams.add(77)
    assert route.thinned(TMMBR + rest, 0.0) == b""
    assert route.thinned(TMMBR + REPORT + rest, 0.0) == REPORT + rest
