"""Pictures to look at, encoded as a browser would: key frames in RTP payloads, made on the spot."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from math import sin

import av
from aiortc.codecs.h264 import H264Encoder
from aiortc.codecs.vpx import Vp8Encoder

from media.keyframe import Codec, KeyFrame

WIDTH, HEIGHT = 320, 180
Painter = Callable[[int, int], float]

_chance = random.Random(7)


def black(x: int, y: int) -> float:
    return 16


def dark(x: int, y: int) -> float:
    """A covered camera: hardly any light, and noise."""
    return 25 + _chance.gauss(0, 2)


def finger(x: int, y: int) -> float:
    """A finger before the lens: some light that comes through, softly uneven, and noise."""
    return 66 + 4 * sin(x / 150) + _chance.gauss(0, 3)


def desk(x: int, y: int) -> float:
    """Somebody at a desk: shapes, edges, light and shade."""
    face = 70 if (x - 160) ** 2 + (y - 80) ** 2 < 45**2 else 0
    table = -40 if y > 140 else 0
    return 90 + face + table + 25 * sin(x / 11) * sin(y / 17) + _chance.gauss(0, 2)


def moved(x: int, y: int) -> float:
    """The same desk a moment later."""
    return desk(x + 3, y + 1)


def dim(x: int, y: int) -> float:
    """The same by the light of a screen alone: dark, and still somebody."""
    return 22 + desk(x, y) / 5


def picture(paint: Painter) -> av.VideoFrame:
    frame = av.VideoFrame(WIDTH, HEIGHT, "yuv420p")
    for plane, is_luma in zip(frame.planes, (True, False, False), strict=True):
        values = (
            bytes(
                min(235, max(16, int(paint(x, y)))) if is_luma and x < WIDTH else 128
                for x in range(plane.line_size)
            )
            for y in range(plane.height)
        )
        plane.update(b"".join(values))
    frame.pts, frame.time_base = 0, Fraction(1, 90_000)
    return frame


@cache
def key_frame(paint: Painter, codec: Codec = "vp8") -> KeyFrame:
    encoder = Vp8Encoder() if codec == "vp8" else H264Encoder()
    payloads, _ = encoder.encode(picture(paint), force_keyframe=True)
    return KeyFrame(codec, payloads)


def rtp(
    payloads: list[bytes],
    *,
    ssrc: int = 7,
    sequence: int = 65_534,
    timestamp: int = 9_000,
    extension: bytes = b"",
) -> list[bytes]:
    """The payloads as packets, the last one with the marker, across the turn of the sequence numbers."""
    first = 0x90 if extension else 0x80
    packets = []
    for at, payload in enumerate(payloads):
        last = 0x80 if at == len(payloads) - 1 else 0
        head = struct.pack("!BBHII", first, 96 | last, (sequence + at) & 0xFFFF, timestamp, ssrc)
        more = struct.pack("!HH", 0xBEDE, len(extension) // 4) + extension if extension else b""
        packets.append(head + more + payload)
    return packets


ALL: tuple[Painter, ...] = (black, dark, finger, desk, dim)
