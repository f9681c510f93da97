"""Read a browser's session description, and readdress it to a leg of the worker.

The description goes from page to page but for the lines that say where and with whom to speak (ICE,
fingerprint, set-up, connection address and port) and those that nobody needs (`lines`). Everything a
codec, a header extension or feedback needs stays the sender's own, so that all of it works end to end.
On a blind leg the two browsers end DTLS with each other: fingerprint and set-up stay, too.

A description has to take sound and picture. Else a page could see to it that its partner's browser
sends none, and who sends none is judged.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from media import description
from media.control import Leg, SetRemote, Side
from media.lines import attribute, passes, readdressed

_IDENTITY = frozenset({"fingerprint", "tls-id", "setup"})
"""Who ends DTLS, and in which role."""

_OF_THE_WAY = frozenset({"candidate", "end-of-candidates", "ice-ufrag", "ice-pwd", "ice-options"})
"""Where the sender is."""

_PRIORITY = 2130706431
"""Of the first address, as a host's own; each further one's local preference is one less."""


class Remote(msgspec.Struct, frozen=True, kw_only=True):
    """What a browser's description says of the browser."""

    ufrag: str
    pwd: str
    fingerprints: list[str]
    """`<hash> <hex>`, in order of appearance, each once."""
    audio_pts: list[int]
    video_pts: list[int]
    """Payload types that carry a picture; repair formats are left out."""
    camera_ssrcs: list[int]
    """Streams of the first video section, if the description names them; the second is the screen."""
    payloads: list[int]
    """Every payload type of sound and picture, repair formats too."""
    ssrcs: list[int]
    """Every stream the description names; empty if a section that may send names none."""


def remote_of(sdp: str, *, blind: bool = False) -> Remote:
    """Read a description, or raise `BadSdp`. On a `blind` leg either browser may be the DTLS server."""
    session, media = description.sections(sdp)
    description.check(session, media, blind=blind)
    return Remote(
        ufrag=description.ufrag(session, media),
        pwd=description.pwd(session, media),
        fingerprints=description.fingerprints(session, media),
        audio_pts=description.payload_types(media, "m=audio"),
        video_pts=description.payload_types(media, "m=video"),
        camera_ssrcs=description.camera_ssrcs(media),
        payloads=description.formats(media),
        ssrcs=description.all_ssrcs(session, media),
    )


def set_remote(pair: str, gen: int, side: Side, sdp: str, *, blind: bool = False) -> SetRemote:
    """The message that tells a worker of the browser behind a leg."""
    remote = remote_of(sdp, blind=blind)
    return SetRemote(
        pair=pair,
        gen=gen,
        side=side,
        ufrag=remote.ufrag,
        pwd=remote.pwd,
        fingerprints=remote.fingerprints,
        audio_pts=remote.audio_pts,
        video_pts=remote.video_pts,
        camera_ssrcs=remote.camera_ssrcs,
        payloads=remote.payloads,
        ssrcs=remote.ssrcs,
    )


def for_leg(sdp: str, leg: Leg) -> str:
    """The description as the partner's page gets it: this leg of the worker in the sender's place. A
    leg without a fingerprint is blind."""
    session, media = description.sections(sdp)
    dropped = _OF_THE_WAY | _IDENTITY if leg.fingerprint else _OF_THE_WAY
    description.check(session, media, blind=not leg.fingerprint)
    head = [*_kept(session, dropped), "a=ice-lite"]
    sections = (line for section in media for line in _rewritten(section, leg, dropped))
    return "\r\n".join([*head, *sections]) + "\r\n"


def _kept(lines: list[str], dropped: frozenset[str]) -> Iterator[str]:
    for line in lines:
        if passes(line) and attribute(line) not in dropped:
            yield readdressed(line)


def _rewritten(section: list[str], leg: Leg, dropped: frozenset[str]) -> Iterator[str]:
    live = not description.is_rejected(section)
    for line in _kept(section, dropped):
        yield line
        if line.startswith("c=") and live:
            yield from _transport(leg)


def _transport(leg: Leg) -> Iterator[str]:
    yield f"a=ice-ufrag:{leg.ufrag}"
    yield f"a=ice-pwd:{leg.pwd}"
    if leg.fingerprint:
        yield f"a=fingerprint:{leg.fingerprint}"
        yield "a=setup:passive"
    for at, (host, port) in enumerate([(leg.host, leg.port), *leg.more]):
        yield f"a=candidate:{at + 1} 1 udp {_PRIORITY - at * 256} {host} {port} typ host"
    yield "a=end-of-candidates"
