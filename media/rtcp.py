"""The little RTCP a worker understands: requests for key frames, its own and those that pass."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator

_PLI = struct.Struct("!BBHII")
_PSFB = 206
_REQUESTS = frozenset({1, 4})
"""Feedback about a picture (RFC 4585 §6.3.1, RFC 5104 §4.3.1): loss of it, and a full one wanted."""
_FIR_ENTRY = 8


def key_frame_request(media_ssrc: int) -> bytes:
    """Picture Loss Indication (RFC 4585 §6.3.1) about one video stream."""
    return _PLI.pack(0x81, _PSFB, 2, 1, media_ssrc)


def asks_key_frame(compound: bytes) -> bool:
    """Whether any part of a decrypted packet is a request for a key frame."""
    return any(_is_request(part) for part in _parts(compound))


def thinned(compound: bytes, may_ask: Callable[[int], bool]) -> bytes:
    """The packet without the requests about streams that must not be asked again yet."""
    return b"".join(part for part in _parts(compound) if _may_pass(part, may_ask))


def _may_pass(part: bytes, may_ask: Callable[[int], bool]) -> bool:
    if not _is_request(part):
        return True
    # Every stream is tried, so that each of them counts; one that may be asked is enough.
    return sum(may_ask(ssrc) for ssrc in _streams(part)) > 0


def _is_request(part: bytes) -> bool:
    return len(part) >= _PLI.size and part[1] == _PSFB and part[0] & 0x1F in _REQUESTS


def _streams(part: bytes) -> Iterator[int]:
    """The streams a request is about: one in its header, or one in each entry that follows."""
    if part[0] & 0x1F == 1:
        yield int.from_bytes(part[8:12], "big")
        return
    for at in range(_PLI.size, len(part) - _FIR_ENTRY + 1, _FIR_ENTRY):
        yield int.from_bytes(part[at : at + 4], "big")


def _parts(compound: bytes) -> Iterator[bytes]:
    """The packets of a compound one; what is left over at its end counts as one more."""
    at = 0
    while at < len(compound):
        length = 4 * (int.from_bytes(compound[at + 2 : at + 4], "big") + 1)
        yield compound[at : at + length]
        at += length
