"""What a datagram is, by its first bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.demux import DATAGRAM_MAX, Kind, kind_of, ssrc_of
from media.rtcp import key_frame_request


@pytest.mark.parametrize(
    ("first", "kind"),
    [
        (0, Kind.STUN),
        (3, Kind.STUN),
        (4, Kind.JUNK),
        (19, Kind.JUNK),
        (20, Kind.DTLS),
        (63, Kind.DTLS),
        (64, Kind.JUNK),
        (127, Kind.JUNK),
        (128, Kind.RTP),
        (191, Kind.RTP),
        (192, Kind.JUNK),
        (255, Kind.JUNK),
    ],
)
def test_sorted_by_the_first_byte(first: int, kind: Kind) -> None:
    assert kind_of(bytes([first]) + bytes(50)) is kind


@pytest.mark.parametrize(
    ("second", "kind"),
    [(191, Kind.RTP), (192, Kind.RTCP), (223, Kind.RTCP), (224, Kind.RTP), (96, Kind.RTP)],
)
def test_control_is_told_from_media_by_the_second(second: int, kind: Kind) -> None:
    assert kind_of(bytes([128, second]) + bytes(50)) is kind


def test_empty_and_oversize_are_junk() -> None:
    assert kind_of(b"") is Kind.JUNK
    assert kind_of(bytes([128]) + bytes(DATAGRAM_MAX - 1)) is Kind.RTP
    assert kind_of(bytes([128]) + bytes(DATAGRAM_MAX)) is Kind.JUNK


def test_too_short_for_a_header_is_junk() -> None:
    assert kind_of(bytes([128, 96]) + bytes(9)) is Kind.JUNK
    assert kind_of(bytes([128, 200]) + bytes(5)) is Kind.JUNK
    assert kind_of(bytes([128])) is Kind.JUNK


def test_the_sender_is_read_from_its_place() -> None:
    assert ssrc_of(bytes(8) + b"\x01\x02\x03\x04", Kind.RTP) == 0x01020304
    assert ssrc_of(key_frame_request(9), Kind.RTCP) == 1


@given(st.binary(max_size=64))
def test_anything_is_something(datagram: bytes) -> None:
    kind = kind_of(datagram)
    if kind in (Kind.RTP, Kind.RTCP):
        assert ssrc_of(datagram, kind) >= 0
