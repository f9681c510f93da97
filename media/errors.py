"""Everything the media package refuses, as one tree.

    MediaError
    ├── BadConfig               the worker cannot be set up like that
    ├── BadSdp                  a browser's session description is not one we pass on
    ├── BadFrame                a frame on the control link is not a message of ours
    ├── PairError               a pair cannot be had like that
    │   ├── StaleGeneration     a newer generation of this pair exists
    │   ├── UnknownPair         no such pair, or not this generation
    │   ├── Full                the worker carries as many pairs as it may
    │   └── Draining            the worker takes no new pairs
    └── Unsupported             the installed DTLS or SRTP library is not the one we know

Each class has a stable `code`. A datagram that makes no sense is not an error but a counted drop:
anyone can send one.
"""

from __future__ import annotations

from typing import ClassVar


class MediaError(Exception):
    """Base of the tree."""

    code: ClassVar[str] = "media"


class BadConfig(MediaError):
    code = "bad_config"


class BadSdp(MediaError):
    """`reason` is one word for the log; `detail` never holds an address, a candidate or a key."""

    code = "bad_sdp"

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


class BadFrame(MediaError):
    code = "bad_frame"


class PairError(MediaError):
    code = "pair"


class StaleGeneration(PairError):
    code = "stale_generation"


class UnknownPair(PairError):
    code = "unknown_pair"


class Full(PairError):
    code = "full"


class Draining(PairError):
    code = "draining"


class Unsupported(MediaError):
    code = "unsupported"
