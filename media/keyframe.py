"""Gathers one key frame of a stream from its RTP packets, without decoding anything.

Which codec it is, the key frame says itself: VP8 by its start code, H.264 by the parameter sets that come
before it. Chromium wraps each packet in RED, so that others may mend it: the wrapping is taken off. Packets
are kept only from the first of a key frame to its last, and only while somebody collects. A frame with a
hole is given up; the next one may be whole.
"""

from __future__ import annotations

import struct
from typing import Literal

import msgspec

Codec = Literal["vp8", "h264"]

PACKETS_MAX = 400
BYTES_MAX = 512 * 1024
"""More is no key frame of a camera that anybody here may send."""

_HEADER = struct.Struct("!BBHII")
_VP8_START = b"\x9d\x01\x2a"
_H264_PARAMETERS, _H264_SEVERAL = 7, 24


class Packet(msgspec.Struct, frozen=True):
    """What of an RTP packet matters here."""

    sequence: int
    timestamp: int
    ssrc: int
    last: bool
    """The marker: of a picture this is the last packet."""
    payload: bytes


class KeyFrame(msgspec.Struct, frozen=True):
    """All payloads of one, in order, descriptors included."""

    codec: Codec
    payloads: list[bytes]


def read(packet: bytes) -> Packet | None:
    """An RTP packet without header, extensions and padding; None if it is too short for what it says."""
    if len(packet) < _HEADER.size:
        return None
    first, second, sequence, timestamp, ssrc = _HEADER.unpack_from(packet)
    begin = _HEADER.size + 4 * (first & 0x0F)
    if first & 0x10:
        if len(packet) < begin + 4:
            return None
        begin += 4 + 4 * int.from_bytes(packet[begin + 2 : begin + 4], "big")
    end = len(packet) - (packet[-1] if first & 0x20 else 0)
    if begin >= end:
        return None
    return Packet(sequence, timestamp, ssrc, second > 127, packet[begin:end])


def begins(payload: bytes) -> Codec | None:
    """The codec of the key frame that this payload begins, if it begins one."""
    if _begins_h264(payload):
        return "h264"
    return "vp8" if _begins_vp8(payload) else None


def _begins_vp8(payload: bytes) -> bool:
    """RFC 7741: start of partition 0, and a frame tag that says key frame, with its start code."""
    if payload[0] & 0x1F != 0x10:
        return False
    frame = payload[_vp8_descriptor_size(payload) :]
    return len(frame) >= 10 and not frame[0] & 0x01 and frame[3:6] == _VP8_START


def _vp8_descriptor_size(payload: bytes) -> int:
    if not payload[0] & 0x80 or len(payload) < 3:
        return 1
    extended = payload[1]
    size = 2
    if extended & 0x80:
        size += 2 if payload[2] & 0x80 else 1
    return size + bool(extended & 0x40) + bool(extended & 0x30)


def _begins_h264(payload: bytes) -> bool:
    """RFC 6184: a sequence parameter set, alone or first of several."""
    kind = payload[0] & 0x1F
    if payload[0] & 0x80 or len(payload) < 4:
        return False
    return kind == _H264_PARAMETERS or (
        kind == _H264_SEVERAL and payload[3] & 0x1F == _H264_PARAMETERS
    )


def lead(payload: bytes) -> bytes:
    """The one byte of RED (RFC 2198) before what begins a key frame; nothing if it stands there bare."""
    if len(payload) < 2 or payload[0] & 0x80 or begins(payload[1:]) is None:
        return b""
    return payload[:1]


class Collector:
    """Fed with all packets of a leg's camera until it has one key frame."""

    def __init__(self, ssrcs: frozenset[int]) -> None:
        """Streams that may hold it; a retransmission's is not worth waiting for."""
        self.found: KeyFrame | None = None
        self._ssrcs = ssrcs
        self._codec: Codec | None = None
        self._lead = b""
        """What each packet of the picture begins with beside its own."""
        self._begun: Packet | None = None
        self._held: dict[int, Packet] = {}
        self._bytes = 0

    def feed(self, raw: bytes) -> None:
        """Take in one decrypted RTP packet."""
        if self.found is not None:
            return
        packet = read(raw)
        if packet is None or packet.ssrc not in self._ssrcs:
            return
        if self._begun is None or packet.timestamp != self._begun.timestamp:
            self._begin(packet)
        if self._begun is not None:
            self._take(packet)

    def _begin(self, packet: Packet) -> None:
        """Another picture: is it a key frame?"""
        self._lead = lead(packet.payload)
        codec = begins(packet.payload[len(self._lead) :])
        self._begun = packet if codec else None
        self._codec = codec
        self._held, self._bytes = {}, 0

    def _take(self, packet: Packet) -> None:
        assert self._begun is not None
        if not packet.payload.startswith(self._lead):
            return
        self._held[(packet.sequence - self._begun.sequence) & 0xFFFF] = packet
        self._bytes += len(packet.payload)
        if len(self._held) > PACKETS_MAX or self._bytes > BYTES_MAX:
            self._begun = None
            return
        last = next((at for at, held in self._held.items() if held.last), None)
        if last is not None and len(self._held) == last + 1 and self._codec is not None:
            bare = len(self._lead)
            payloads = [self._held[at].payload[bare:] for at in range(last + 1) if at in self._held]
            if len(payloads) == last + 1:
                self.found = KeyFrame(self._codec, payloads)
