"""What a hub and an SFU worker say to each other.

The worker serves one WebSocket on its private HTTP port (`/control`, shared secret in the
Authorization header); every hub connects to every worker. Binary frames, one msgpack map each,
named by `t`. Many pairs share the link. When a link breaks, its pairs go on forwarding until
`ORPHAN_S`, so that a restarted hub can claim them again with the same `pair` and `gen`.
"""

from __future__ import annotations

from typing import Literal

import msgspec

HEARTBEAT_S = 0.25
"""A worker says `load` this often; three misses and the hub calls it dead."""

ORPHAN_S = 90.0
"""How long a pair lives without any hub."""

Side = Literal[0, 1]
"""Which of a pair's two legs, in the order of `scheduler.bookings.Pair.members`."""


class Message(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="t"):
    """Base of all control messages."""


class Leg(msgspec.Struct, frozen=True, kw_only=True):
    """How a browser reaches one leg of a relayed pair: the ICE-lite, DTLS-passive end of the worker."""

    ufrag: str
    pwd: str
    fingerprint: str
    """`sha-256 AB:CD:…`, as an SDP fingerprint attribute has it."""
    host: str
    port: int
    more: list[tuple[str, int]] = []
    """Further addresses of the same end, as where IPv6 and IPv4 are both at hand."""


# What a hub says.


class OpenPair(Message, frozen=True, kw_only=True, tag="open_pair"):
    """Make both legs of this generation. Asking again answers the same legs."""

    pair: str
    gen: int
    blind: bool = False
    """Forward bytes without ending DTLS here: the two browsers' own fingerprints hold, and the
    worker cannot see what it carries."""
    moved: bool = False
    """The call runs already, and comes from elsewhere: a strained worker takes it all the same."""


class ClaimPair(Message, frozen=True, kw_only=True, tag="claim_pair"):
    """A hub that began anew looks for the worker of this generation: answer its legs, make none."""

    pair: str
    gen: int


class SetRemote(Message, frozen=True, kw_only=True, tag="set_remote"):
    """What one leg's browser said in its SDP: whom to expect, and which payload types are video."""

    pair: str
    gen: int
    side: Side
    ufrag: str
    fingerprints: list[str]
    """`<hash> <hex>`; all of them must match the certificate."""
    audio_pts: list[int]
    video_pts: list[int]
    camera_ssrcs: list[int] = []
    """The camera's streams, so that a shared screen is not taken for it; empty: all video is."""
    payloads: list[int] = []
    """Every payload type that was negotiated, repair formats too; others are dropped. Empty: any."""
    ssrcs: list[int] = []
    """Every stream that was named, the screen's and repair's too; others are dropped. Empty: any."""
    pwd: str = ""
    """The browser's ICE password: by it the worker checks an address before media goes there. Empty:
    it cannot, and trusts checks alone."""


class RestartLeg(Message, frozen=True, kw_only=True, tag="restart_leg"):
    """Give one leg new ICE credentials; DTLS and keys stay. The old ones hold until a check with the
    new ones nominates (RFC 8445 §9)."""

    pair: str
    gen: int
    side: Side


class ClosePair(Message, frozen=True, kw_only=True, tag="close_pair"):
    """Forget both legs."""

    pair: str
    gen: int


# What a worker says.


class PairOpened(Message, frozen=True, kw_only=True, tag="pair_opened"):
    pair: str
    gen: int
    legs: tuple[Leg, Leg]


class LegRestarted(Message, frozen=True, kw_only=True, tag="leg_restarted"):
    """The answer to `restart_leg`: how the browser reaches this leg from now on."""

    pair: str
    gen: int
    side: Side
    leg: Leg


class PairRefused(Message, frozen=True, kw_only=True, tag="pair_refused"):
    """The worker is full or draining, or has a newer generation of this pair (`stale`); or it does
    not carry what was claimed (`unknown`)."""

    pair: str
    gen: int
    code: Literal["full", "draining", "stale", "unknown"]


class LegState(Message, frozen=True, kw_only=True, tag="leg_state"):
    """A leg changed: `connected` after DTLS, `stalled` after 5 s without an authenticated packet,
    `flowing` again after that, `gone` by DTLS close or failed handshake. Also the answer `gone` to
    a `set_remote` about a pair this worker does not carry (any more)."""

    pair: str
    gen: int
    side: Side
    state: Literal["connected", "stalled", "flowing", "gone"]


class Camera(Message, frozen=True, kw_only=True, tag="camera"):
    """What the packets say of a leg's camera: no picture for two seconds is off.

    `suspect` is a picture of almost no information (black, covered or frozen): told, never judged.
    """

    pair: str
    gen: int
    side: Side
    state: Literal["on", "off", "suspect"]
    since_ms: int
    """How long ago it began, in milliseconds."""
    why: Literal["", "thin", "black", "covered", "frozen"] = ""
    """What makes it suspect: packets alone (`thin`), or a key frame that was looked at."""


class Load(Message, frozen=True, kw_only=True, tag="load"):
    """The heartbeat."""

    pairs: int
    packets_per_s: int
    draining: bool
    stress: float = 0.0
    """How much of what this worker can do it does: 1 is all. From 0.8 on hubs ask it for blind pairs
    only; from 1 on it refuses new ones."""


HubMessage = OpenPair | ClaimPair | SetRemote | RestartLeg | ClosePair
WorkerMessage = PairOpened | LegRestarted | PairRefused | LegState | Camera | Load
