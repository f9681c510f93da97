"""The little RTCP a worker understands: requests for key frames, its own and those that pass, and limits
that one page sets the other."""

from __future__ import annotations

import struct
from collections.abc import Callable, Collection, Iterator

_PLI = struct.Struct("!BBHII")
_PSFB = 206
_REQUESTS = frozenset({1, 4})
"""Feedback about a picture (RFC 4585 §6.3.1, RFC 5104 §4.3.1): loss of it, and a full one wanted."""
_FIR_ENTRY = 8

NOBODYS = -1
"""Stands for every stream that is not there."""
_RTPFB = 205
_TMMBR = 3
"""A wish for less (RFC 5104 §4.2.1); no browser here needs one, as they estimate."""
_REMB = 15
_REMB_AT = 12
_RATE_AT = 17

LEAST_BPS = 60_000
"""No page limits what its partner sends to less: sound and a small picture. Who sends no picture is
judged, so nobody else may see to it that none is sent."""


def key_frame_request(media_ssrc: int) -> bytes:
    """Picture Loss Indication (RFC 4585 §6.3.1) about one video stream."""
    return _PLI.pack(0x81, _PSFB, 2, 1, media_ssrc)


def asks_key_frame(compound: bytes) -> bool:
    """Whether any part of a decrypted packet is a request for a key frame."""
    return any(_is_request(part) for part in _parts(compound))


def thinned(
    compound: bytes, may_ask: Callable[[int], bool], *, known: Collection[int] = ()
) -> bytes:
    """The packet without the requests about streams that must not be asked again yet; `known` are the
    streams there are."""
    return b"".join(part for part in _parts(compound) if _may_pass(part, may_ask, known))


def loosened(compound: bytes) -> bytes:
    """The packet without limits that leave no picture to the one who is limited."""
    limited = any(_is(part, _RTPFB, _TMMBR) or _is_remb(part) for part in _parts(compound))
    return b"".join(map(_loosened, _parts(compound))) if limited else compound


def _loosened(part: bytes) -> bytes:
    if _is(part, _RTPFB, _TMMBR):
        return b""
    return _at_least(part) if _is_remb(part) else part


def _is_remb(part: bytes) -> bool:
    """A receiver's estimate (draft-alvestrand-rmcat-remb)."""
    long_enough = len(part) >= _RATE_AT + 3
    return long_enough and _is(part, _PSFB, _REMB) and part[_REMB_AT : _REMB_AT + 4] == b"REMB"


def _at_least(part: bytes) -> bytes:
    """A receiver's estimate, raised if it is too low: six bits of exponent, eighteen of mantissa."""
    field = int.from_bytes(part[_RATE_AT : _RATE_AT + 3], "big")
    if (field & 0x3FFFF) << (field >> 18) >= LEAST_BPS:
        return part
    return part[:_RATE_AT] + LEAST_BPS.to_bytes(3, "big") + part[_RATE_AT + 3 :]


def _is(part: bytes, kind: int, form: int) -> bool:
    return len(part) >= _PLI.size and part[1] == kind and part[0] & 0x1F == form


def _may_pass(part: bytes, may_ask: Callable[[int], bool], known: Collection[int]) -> bool:
    """All streams of a request count together: whichever is asked, the sender makes a whole picture.
    Those that are not there count as one, or a request would pass for each number somebody makes up."""
    if not _is_request(part):
        return True
    asked = {ssrc if ssrc in known else NOBODYS for ssrc in _streams(part)}
    counted = sorted(asked - {NOBODYS} or asked)
    # Every stream is tried, so that each of them counts.
    return sum(map(may_ask, counted)) == len(counted)


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
