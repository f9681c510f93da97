"""Read a browser's session description, or refuse it: what `sdp` passes on is only ever one of these.

A description is its session's lines and each media section's. Whatever is read of it has been held
against bounds first; the text comes from a page that may have been changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from media.errors import BadSdp

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

_LINE = re.compile(r"[a-z]=[^\x00-\x1f\x7f]*")
_MEDIA = re.compile(r"m=(audio|video|application) ([0-9]{1,5}) (\S+) (\S.*)")
_STREAMED = ("m=audio ", "m=video ")
_USUAL = re.compile(r"a=rtpmap:([0-9]{1,3}) VP8/90000", re.IGNORECASE)
"""What every browser can send (RFC 7742 §5) whatever its parameters, unlike H.264: it has to be taken."""
_DIRECTIONS = frozenset({"a=sendrecv", "a=sendonly", "a=recvonly", "a=inactive"})
_UFRAG = re.compile(r"[A-Za-z0-9+/]{4,256}")
_PWD = re.compile(r"[A-Za-z0-9+/]{22,256}")
_NUMBER = re.compile(r"[0-9]{1,10}")
_FINGERPRINT = re.compile(r"([a-z0-9-]+) ((?:[0-9A-F]{2}:){15,63}[0-9A-F]{2})", re.IGNORECASE)
_RTPMAP = re.compile(r"a=rtpmap:([0-9]{1,3}) ([^/ ]+)/[0-9]+(?:/[0-9]+)?")


def sections(sdp: str) -> tuple[list[str], list[list[str]]]:
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


def check(session: list[str], media: list[list[str]], *, blind: bool) -> None:
    if not media or all(map(is_rejected, media)):
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
    ufrag(session, media)
    fingerprints(session, media)


def _check_section(section: list[str]) -> None:
    heading = _MEDIA.fullmatch(section[0])
    if heading is None or heading[3] not in _PROTOCOLS:
        raise BadSdp("media", section[0][:20])
    if not is_rejected(section) and not any(line.startswith("c=") for line in section):
        raise BadSdp("no_connection_line")
    if sum(line.startswith("a=candidate:") for line in section) > CANDIDATES_MAX:
        raise BadSdp("too_many_candidates")
    codecs = list(_codecs(section))
    if len({pt for pt, _ in codecs}) < len(codecs):
        raise BadSdp("rtpmap", "said twice")
    for _, codec in codecs:
        if codec not in CODECS:
            raise BadSdp("codec", codec[:20])
    if any(line.startswith("a=fmtp:") and "x-google-" in line.lower() for line in section):
        raise BadSdp("fmtp", "a bit rate for the partner")


def _takes(session: list[str], media: list[list[str]], kind: str) -> bool:
    """Whether the partner may send sound, or the camera: in the first section of that kind. Without
    sound there may be none."""
    section = next((section for section in media if section[0].startswith(kind)), None)
    if section is None or is_rejected(section):
        return section is None and kind != "m=video "
    said = {line for line in (*session, *section) if line in _DIRECTIONS}
    return said <= {"a=sendrecv"} and (kind != "m=video " or _takes_usual(section))


def _takes_usual(section: list[str]) -> bool:
    """Whether a picture may come as every browser can send it, by a format that the heading names."""
    named = section[0].split(" ")[3:]
    return any(found[1] in named for found in map(_USUAL.fullmatch, section) if found)


def is_rejected(section: list[str]) -> bool:
    """Port 0 means refused, unless the section only rides on another's transport."""
    return section[0].split(" ")[1:2] == ["0"] and "a=bundle-only" not in section


def _is_passive(lines: list[str]) -> bool:
    return "a=setup:passive" in lines or "a=setup:holdconn" in lines


def _bundled(session: list[str], media: list[list[str]], prefix: str) -> list[str]:
    """Values of the transport that carries the bundle: the first live section's (RFC 9143 §7.2)."""
    first = next(section for section in media if not is_rejected(section))
    return list(dict.fromkeys(_values(first, prefix))) or list(_values(session, prefix))


def ufrag(session: list[str], media: list[list[str]]) -> str:
    found = _bundled(session, media, "a=ice-ufrag:")
    if len(found) != 1 or not _UFRAG.fullmatch(found[0]):
        raise BadSdp("ufrag")
    return found[0]


def pwd(session: list[str], media: list[list[str]]) -> str:
    found = _bundled(session, media, "a=ice-pwd:")
    if len(found) != 1 or not _PWD.fullmatch(found[0]):
        raise BadSdp("pwd")
    return found[0]


def fingerprints(session: list[str], media: list[list[str]]) -> list[str]:
    found = _bundled(session, media, "a=fingerprint:")
    if not found or not all(map(_FINGERPRINT.fullmatch, found)):
        raise BadSdp("fingerprint")
    if not any(value.split(" ")[0].lower() in HASHES for value in found):
        raise BadSdp("fingerprint", "no hash we can check")
    return found


def payload_types(media: list[list[str]], heading: str) -> list[int]:
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


def camera_ssrcs(media: list[list[str]]) -> list[int]:
    camera = next((section for section in media if section[0].startswith("m=video")), [])
    return sorted(set(_ssrcs(camera)))


def formats(media: list[list[str]]) -> list[int]:
    """Payload types as the headings have them, those with a fixed meaning and no other line too."""
    listed = [heading.split(" ")[3:] for heading, *_ in media if heading.startswith(_STREAMED)]
    found = {pt for formats in listed for pt in formats}
    return sorted(_number(pt, 127, "media") for pt in found)


def all_ssrcs(session: list[str], media: list[list[str]]) -> list[int]:
    sending = [section for section in media if _may_send(session, section)]
    named = [set(_ssrcs(section)) for section in sending]
    found = set().union(*named) if all(named) else set()
    if len(found) > SSRCS_MAX:
        raise BadSdp("too_many_streams")
    return sorted(found)


def _may_send(session: list[str], section: list[str]) -> bool:
    if not section[0].startswith(_STREAMED) or is_rejected(section):
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
