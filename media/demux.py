"""What a datagram is, told from its first bytes (RFC 7983, RFC 5761)."""

from __future__ import annotations

import enum

DATAGRAM_MAX = 2048 - 160
"""Longer datagrams are dropped: protecting adds up to 144 bytes in place, within 2048."""

RTP_HEADER = 12
RTCP_HEADER = 8


class Kind(enum.Enum):
    STUN = "stun"
    DTLS = "dtls"
    RTP = "rtp"
    RTCP = "rtcp"
    JUNK = "junk"


def kind_of(datagram: bytes) -> Kind:
    """Sort a datagram. Empty, oversize and too short ones are junk."""
    if not 0 < len(datagram) <= DATAGRAM_MAX:
        return Kind.JUNK
    first = datagram[0]
    if first < 4:
        return Kind.STUN
    if 20 <= first < 64:
        return Kind.DTLS
    if 128 <= first < 192:
        return _media_kind(datagram)
    return Kind.JUNK


def _media_kind(datagram: bytes) -> Kind:
    if len(datagram) < RTCP_HEADER:
        return Kind.JUNK
    if 192 <= datagram[1] < 224:
        return Kind.RTCP
    return Kind.RTP if len(datagram) >= RTP_HEADER else Kind.JUNK


def ssrc_of(datagram: bytes, kind: Kind) -> int:
    """The sender named in an RTP or RTCP packet; both have it in clear."""
    at = 8 if kind is Kind.RTP else 4
    return int.from_bytes(datagram[at : at + 4], "big")
