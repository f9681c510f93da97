"""The one RTCP message the worker sends by itself: a request for a key frame."""

from __future__ import annotations

import struct

_PLI = struct.Struct("!BBHII")


def key_frame_request(media_ssrc: int) -> bytes:
    """Picture Loss Indication (RFC 4585 §6.3.1) about one video stream."""
    return _PLI.pack(0x81, 206, 2, 1, media_ssrc)
