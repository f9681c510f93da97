"""One key frame out of a stream of packets, and nothing but a whole one."""

from __future__ import annotations

import random

import pytest

from media.keyframe import BYTES_MAX, Codec, Collector, KeyFrame, begins, read
from tests.media.frames.clips import desk, key_frame, rtp

SSRCS = frozenset({7})
FRAME = key_frame(desk)
LATER = b"\x90\x80\x01\x01" + b"a later picture"


def collected(packets: list[bytes]) -> KeyFrame | None:
    collector = Collector(SSRCS)
    for packet in packets:
        collector.feed(packet)
    return collector.found


@pytest.mark.parametrize("codec", ["vp8", "h264"])
def test_a_key_frame_is_gathered_from_its_packets(codec: Codec) -> None:
    frame = key_frame(desk, codec)
    assert len(frame.payloads) > 1
    assert collected(rtp(frame.payloads)) == frame


def test_what_comes_before_and_after_does_not_matter() -> None:
    before = rtp([LATER, LATER], timestamp=6_000, sequence=65_532)
    after = rtp([LATER], timestamp=12_000, sequence=100)
    assert collected([*before, *rtp(FRAME.payloads), *after]) == FRAME


def test_packets_may_come_in_another_order_once_it_has_begun() -> None:
    first, *rest = rtp(FRAME.payloads)
    assert collected([first, *reversed(rest), *rest]) == FRAME


def test_extensions_and_padding_are_no_part_of_it() -> None:
    padded = [
        bytes([packet[0] | 0x20]) + packet[1:] + b"\0\0\3"
        for packet in rtp(FRAME.payloads, extension=b"abcdefgh")
    ]
    assert collected(padded) == FRAME


@pytest.mark.parametrize("codec", ["vp8", "h264"])
@pytest.mark.parametrize("lead", [b"\x60", b"\x67", b"\x78"])
def test_what_chromium_wraps_it_in_is_taken_off(codec: Codec, lead: bytes) -> None:
    frame = key_frame(desk, codec)
    assert collected(rtp([lead + each for each in frame.payloads])) == frame


def test_a_frame_with_a_hole_is_given_up_and_the_next_one_taken() -> None:
    broken = rtp(FRAME.payloads)
    del broken[1]
    assert collected(broken) is None
    whole = rtp(FRAME.payloads, timestamp=12_000, sequence=900)
    assert collected([*broken, *whole]) == FRAME


def test_other_streams_and_other_pictures_are_left_alone() -> None:
    assert collected(rtp(FRAME.payloads, ssrc=8)) is None
    assert collected(rtp([LATER, LATER])) is None


def test_no_end_is_no_key_frame_and_takes_no_more_memory_than_allowed() -> None:
    first = rtp(FRAME.payloads)[0]
    packets = rtp([FRAME.payloads[0]] + [b"\x80" + b"x" * 1_200] * (2 * BYTES_MAX // 1_200))
    assert collected([first, *packets[1:-1]]) is None


def test_junk_is_nothing() -> None:
    chance = random.Random(3)
    collector = Collector(SSRCS)
    for _ in range(5_000):
        junk = chance.randbytes(chance.randrange(0, 60))
        collector.feed(junk)
        collector.feed(rtp([junk])[0] if junk else b"")
        if junk:
            begins(junk)
    assert read(b"\x80" * 11) is None
    assert read(b"\x90" + b"\0" * 12) is None
