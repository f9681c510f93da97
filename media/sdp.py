"""Read a browser's session description, and readdress it to a leg of the worker.

The description goes from page to page but for the lines that say where and with whom to speak (ICE,
fingerprint, set-up, connection address and port) and those that nobody needs (`lines`). Everything a
codec, a header extension or feedback needs stays the sender's own, so that all of it works end to end.
On a blind leg the two browsers end DTLS with each other: fingerprint and set-up stay, too.

A description has to take sound and picture. Else a page could see to it that its partner's browser
sends none, and who sends none is judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from media.control import Leg, SetRemote, Side
from media.errors import BadSdp
from media.lines import attribute, passes, readdressed

SDP_MAX = 16 * 1024
"""Bytes. Chromium's largest seen here has 13 KiB."""

CANDIDATES_MAX = 20
"""In any one media section."""

SECTIONS_MAX = 8

SSRC_MAX = 2**32 - 1

SSRCS_MAX = 32
"""Streams one description may name: as many as a leg may send."""

CODECS = frozenset(
    {"opus", "g722", "pcmu", "pcma", "cn", "telephone-event"}
    | {"vp8", "vp9", "av1", "h264", "h265"}
    | {"red", "rtx", "ulpfec", "flexfec-03"}
)
"""What may be described; names in lower case."""

HASHES = frozenset({"sha-256", "sha-384", "sha-512"})

_PICTURELESS = frozenset({"rtx", "ulpfec", "flexfec-03"})
"""Video payload types that repair and carry no picture of their own."""

_PROTOCOLS = frozenset(
    {"UDP/TLS/RTP/SAVPF", "TCP/TLS/RTP/SAVPF", "UDP/DTLS/SCTP", "TCP/DTLS/SCTP", "DTLS/SCTP"}
)

_IDENTITY = frozenset({"fingerprint", "tls-id", "setup"})
"""Who ends DTLS, and in which role."""

_OF_THE_WAY = frozenset({"candidate", "end-of-candidates", "ice-ufrag", "ice-pwd", "ice-options"})
"""Where the sender is."""

_PICTURES = frozenset({"vp8", "h264"})
"""What every browser can send: one of them has to be taken."""

_PRIORITY = 2130706431
"""Of the first address, as a host's own; each further one's local preference is one less."""

_LINE = re.compile(r"[a-z]=[^\x00-\x1f\x7f]*")
_MEDIA = re.compile(r"m=(audio|video|application) (\d{1,5}) (\S+) (\S.*)")
_STREAMED = ("m=audio ", "m=video ")
_DIRECTIONS = frozenset({"a=sendrecv", "a=sendonly", "a=recvonly", "a=inactive"})
_UFRAG = re.compile(r"[A-Za-z0-9+/]{4,256}")
_PWD = re.compile(r"[A-Za-z0-9+/]{22,256}")
_NUMBER = re.compile(r"[0-9]{1,10}")
_FINGERPRINT = re.compile(r"([a-z0-9-]+) ((?:[0-9A-F]{2}:){15,63}[0-9A-F]{2})", re.IGNORECASE)
_RTPMAP = re.compile(r"a=rtpmap:([0-9]{1,3}) ([^/ ]+)/[0-9]+(?:/[0-9]+)?")


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
    session, media = _sections(sdp)
    _check(session, media, blind=blind)
    return Remote(
        ufrag=_ufrag(session, media),
        pwd=_pwd(session, media),
        fingerprints=_fingerprints(session, media),
        audio_pts=_payload_types(media, "m=audio"),
        video_pts=_payload_types(media, "m=video"),
        camera_ssrcs=_camera_ssrcs(media),
        payloads=_formats(media),
        ssrcs=_all_ssrcs(session, media),
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
    session, media = _sections(sdp)
    dropped = _OF_THE_WAY | _IDENTITY if leg.fingerprint else _OF_THE_WAY
    _check(session, media, blind=not leg.fingerprint)
    head = [*_kept(session, dropped), "a=ice-lite"]
    sections = (line for section in media for line in _rewritten(section, leg, dropped))
    return "\r\n".join([*head, *sections]) + "\r\n"


# Rewriting.


def _kept(lines: list[str], dropped: frozenset[str]) -> Iterator[str]:
    for line in lines:
        if passes(line) and attribute(line) not in dropped:
            yield readdressed(line)


def _rewritten(section: list[str], leg: Leg, dropped: frozenset[str]) -> Iterator[str]:
    live = not _is_rejected(section)
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


# Reading.


def _sections(sdp: str) -> tuple[list[str], list[list[str]]]:
    """The session's lines, and each media section's."""
    if len(sdp.encode("utf-8", "replace")) > SDP_MAX:
        raise BadSdp("too_long")
    lines = sdp.replace("\r\n", "\n").removesuffix("\n").split("\n")
    if lines[0] != "v=0" or not all(map(_LINE.fullmatch, lines)):
        raise BadSdp("syntax")
    session: list[str] = []
    media: list[list[str]] = []
    for line in lines:
        if line.startswith("m="):
            media.append([])
        (media[-1] if media else session).append(line)
    return session, media


def _check(session: list[str], media: list[list[str]], *, blind: bool) -> None:
    if not media or all(map(_is_rejected, media)):
        raise BadSdp("no_media")
    if len(media) > SECTIONS_MAX:
        raise BadSdp("too_many_sections")
    for section in media:
        _check_section(section)
    if not blind and any(_is_passive(lines) for lines in (session, *media)):
        raise BadSdp("setup", "the browser has to be the DTLS client")
    if len(media) > 1 and not any(line.startswith("a=group:BUNDLE ") for line in session):
        raise BadSdp("not_bundled")
    for kind in _STREAMED:
        if not _takes(session, media, kind):
            raise BadSdp("takes_nothing", kind.removeprefix("m=").strip())
    _ufrag(session, media)
    _fingerprints(session, media)


def _check_section(section: list[str]) -> None:
    heading = _MEDIA.fullmatch(section[0])
    if heading is None or heading[3] not in _PROTOCOLS:
        raise BadSdp("media", section[0][:20])
    if not _is_rejected(section) and not any(line.startswith("c=") for line in section):
        raise BadSdp("no_connection_line")
    if sum(line.startswith("a=candidate:") for line in section) > CANDIDATES_MAX:
        raise BadSdp("too_many_candidates")
    for _, codec in _codecs(section):
        if codec not in CODECS:
            raise BadSdp("codec", codec[:20])
    if any(line.startswith("a=fmtp:") and "x-google-" in line.lower() for line in section):
        raise BadSdp("fmtp", "a bit rate for the partner")


def _takes(session: list[str], media: list[list[str]], kind: str) -> bool:
    """Whether the partner may send sound, or the camera: in the first section of that kind. Without
    sound there may be none."""
    section = next((section for section in media if section[0].startswith(kind)), None)
    if section is None or _is_rejected(section):
        return section is None and kind != "m=video "
    said = {line for line in (*session, *section) if line in _DIRECTIONS}
    usable = kind != "m=video " or any(codec in _PICTURES for _, codec in _offered(section))
    return said <= {"a=sendrecv"} and usable


def _offered(section: list[str]) -> Iterator[tuple[int, str]]:
    """Formats that the heading names, too: others are not negotiated."""
    named = section[0].split(" ")[3:]
    return ((pt, codec) for pt, codec in _codecs(section) if str(pt) in named)


def _is_rejected(section: list[str]) -> bool:
    """Port 0 means refused, unless the section only rides on another's transport."""
    return section[0].split(" ")[1:2] == ["0"] and "a=bundle-only" not in section


def _is_passive(lines: list[str]) -> bool:
    return "a=setup:passive" in lines or "a=setup:holdconn" in lines


def _bundled(session: list[str], media: list[list[str]], prefix: str) -> list[str]:
    """Values of the transport that carries the bundle: the first live section's (RFC 9143 §7.2)."""
    first = next(section for section in media if not _is_rejected(section))
    return list(dict.fromkeys(_values(first, prefix))) or list(_values(session, prefix))


def _ufrag(session: list[str], media: list[list[str]]) -> str:
    found = _bundled(session, media, "a=ice-ufrag:")
    if len(found) != 1 or not _UFRAG.fullmatch(found[0]):
        raise BadSdp("ufrag")
    return found[0]


def _pwd(session: list[str], media: list[list[str]]) -> str:
    found = _bundled(session, media, "a=ice-pwd:")
    if len(found) != 1 or not _PWD.fullmatch(found[0]):
        raise BadSdp("pwd")
    return found[0]


def _fingerprints(session: list[str], media: list[list[str]]) -> list[str]:
    found = _bundled(session, media, "a=fingerprint:")
    if not found or not all(map(_FINGERPRINT.fullmatch, found)):
        raise BadSdp("fingerprint")
    if not any(value.split(" ")[0].lower() in HASHES for value in found):
        raise BadSdp("fingerprint", "no hash we can check")
    return found


def _payload_types(media: list[list[str]], heading: str) -> list[int]:
    found = [
        pt
        for section in media
        if section[0].startswith(heading)
        for pt, codec in _codecs(section)
        if heading == "m=audio" or codec not in _PICTURELESS
    ]
    return sorted(set(found))


def _codecs(section: list[str]) -> Iterator[tuple[int, str]]:
    for line in section:
        if line.startswith("a=rtpmap:"):
            match = _RTPMAP.fullmatch(line)
            if match is None or int(match[1]) > 127:
                raise BadSdp("rtpmap")
            yield int(match[1]), match[2].lower()


def _camera_ssrcs(media: list[list[str]]) -> list[int]:
    camera = next((section for section in media if section[0].startswith("m=video")), [])
    return sorted(set(_ssrcs(camera)))


def _formats(media: list[list[str]]) -> list[int]:
    """Payload types as the headings have them, those with a fixed meaning and no other line too."""
    listed = [heading.split(" ")[3:] for heading, *_ in media if heading.startswith(_STREAMED)]
    found = {pt for formats in listed for pt in formats}
    return sorted(_number(pt, 127, "media") for pt in found)


def _all_ssrcs(session: list[str], media: list[list[str]]) -> list[int]:
    sending = [section for section in media if _may_send(session, section)]
    named = [set(_ssrcs(section)) for section in sending]
    found = set().union(*named) if all(named) else set()
    if len(found) > SSRCS_MAX:
        raise BadSdp("too_many_streams")
    return sorted(found)


def _may_send(session: list[str], section: list[str]) -> bool:
    if not section[0].startswith(_STREAMED) or _is_rejected(section):
        return False
    said = [line for line in (*section, *session) if line in _DIRECTIONS]
    return said[:1] not in (["a=recvonly"], ["a=inactive"])


def _ssrcs(section: list[str]) -> list[int]:
    found = {value.split(" ")[0] for value in _values(section, "a=ssrc:")}
    return [_number(ssrc, SSRC_MAX, "ssrc") for ssrc in found]


def _number(text: str, most: int, reason: str) -> int:
    """A number within bounds; how long the digits may be is decided before they are read."""
    if not _NUMBER.fullmatch(text) or int(text) > most:
        raise BadSdp(reason)
    return int(text)


def _values(lines: list[str], prefix: str) -> Iterator[str]:
    return (line.removeprefix(prefix) for line in lines if line.startswith(prefix))
