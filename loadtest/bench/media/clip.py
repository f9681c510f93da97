"""Two seconds of camera and microphone, encoded once: VP8 640x360 at 15 frames a second, and Opus.

Packets of real media, as the naive relay looks into them: noise would only make it drop frames.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from fractions import Fraction

import msgspec
from aiortc.codecs.opus import OpusEncoder
from aiortc.codecs.vpx import Vp8Encoder
from av import AudioFrame, VideoFrame

from loadtest.bench.media.descriptions import AUDIO_PT, VIDEO_PT

WIDTH, HEIGHT, FPS = 640, 360, 15
SECONDS = 2
VIDEO_CLOCK, AUDIO_CLOCK = 90_000, 48_000
CHUNK = 960
CHUNKS_A_SECOND = AUDIO_CLOCK // CHUNK
RTP = struct.Struct("!BBHII")


class Piece(msgspec.Struct, frozen=True):
    """What one frame or chunk of sound comes to, and when it is sent, in seconds of the clip."""

    at_s: float
    payload_type: int
    payloads: tuple[bytes, ...]


def clip() -> list[Piece]:
    """Both streams in the order of time."""
    return sorted([*pictures(), *sounds()], key=lambda piece: piece.at_s)


def pictures() -> Iterator[Piece]:
    encoder = Vp8Encoder()
    for n in range(FPS * SECONDS):
        frame = picture(n)
        frame.pts, frame.time_base = n * VIDEO_CLOCK // FPS, Fraction(1, VIDEO_CLOCK)
        payloads, _ = encoder.encode(frame, force_keyframe=n == 0)
        yield Piece(n / FPS, VIDEO_PT, tuple(payloads))


def picture(n: int) -> VideoFrame:
    """A texture that drifts, with a grain that changes: about what a webcam costs to encode."""
    frame = VideoFrame(WIDTH, HEIGHT, "yuv420p")
    wave = bytes(128 + int(60 * math.sin(x / 17) + 40 * math.sin(x / 5)) for x in range(2 * WIDTH))
    luma = frame.planes[0]
    rows = bytearray()
    for y in range(HEIGHT):
        begin = (3 * n + y * (y // 40 + 1)) % WIDTH
        rows += wave[begin : begin + WIDTH].ljust(luma.line_size, b"\0")
    for k in range(0, len(rows), 61):
        rows[k] = (rows[k] + (k * 2654435761 + n * 40503 >> 7) % 24) & 0xFF
    luma.update(bytes(rows))
    for plane in frame.planes[1:]:
        plane.update(bytes([120]) * plane.buffer_size)
    return frame


def sounds() -> Iterator[Piece]:
    encoder = OpusEncoder()
    for n in range(CHUNKS_A_SECOND * SECONDS):
        frame = AudioFrame(format="s16", layout="stereo", samples=CHUNK)
        frame.planes[0].update(tone(n))
        frame.sample_rate = AUDIO_CLOCK
        frame.pts, frame.time_base = n * CHUNK, Fraction(1, AUDIO_CLOCK)
        payloads, _ = encoder.encode(frame)
        yield Piece(n / CHUNKS_A_SECOND, AUDIO_PT, tuple(payloads))


def tone(n: int) -> bytes:
    samples = (math.sin((n * CHUNK + k) / 20) + math.sin((n * CHUNK + k) / 7) for k in range(CHUNK))
    return b"".join(struct.pack("<hh", int(4000 * each), int(4000 * each)) for each in samples)


class Reel:
    """One caller's clip, played again and again: sequence numbers and timestamps run on."""

    def __init__(self, ssrcs: dict[int, int]) -> None:
        self._ssrcs = ssrcs
        self._seqs = dict.fromkeys(ssrcs, 0)

    def packets(self, piece: Piece, turn: int) -> Iterator[bytes]:
        """RTP of a piece in so manieth a showing."""
        kind = piece.payload_type
        clock = VIDEO_CLOCK if kind == VIDEO_PT else AUDIO_CLOCK
        stamp = round((turn * SECONDS + piece.at_s) * clock) & 0xFFFFFFFF
        for payload in piece.payloads:
            last = kind == VIDEO_PT and payload is piece.payloads[-1]
            seq = self._seqs[kind] = (self._seqs[kind] + 1) & 0xFFFF
            yield RTP.pack(0x80, kind | last << 7, seq, stamp, self._ssrcs[kind]) + payload
