"""The few lines of SDP a caller writes, and what it takes from a server's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

VIDEO_PT = 96
AUDIO_PT = 111
CODECS = {"video": f"{VIDEO_PT} VP8/90000", "audio": f"{AUDIO_PT} opus/48000/2"}

CANDIDATE = re.compile(r"a=candidate:\S+ 1 udp \d+ (\d+\.\d+\.\d+\.\d+) (\d+) ", re.IGNORECASE)
"""Of UDP and IPv4."""

Media = Literal["video", "audio"]


class End(msgspec.Struct, frozen=True, kw_only=True):
    """One end of a transport: where it is and how it proves itself."""

    ufrag: str
    pwd: str
    fingerprint: str
    """`sha-256 AB:CD:…`"""
    host: str
    port: int


class Stream(msgspec.Struct, frozen=True, kw_only=True):
    """One section of a description."""

    media: Media
    ssrc: int
    mid: str = "0"


def description(own: End, streams: Sequence[Stream]) -> str:
    """An offer, or an answer: always the DTLS client, so that the server chooses the profile."""
    mids = " ".join(stream.mid for stream in streams)
    head = ["v=0", f"o=- 1 1 IN IP4 {own.host}", "s=-", "t=0 0", f"a=group:BUNDLE {mids}"]
    sections = [line for stream in streams for line in section(own, stream)]
    return "".join(f"{line}\r\n" for line in [*head, *sections])


def section(own: End, stream: Stream) -> Iterator[str]:
    payload_type = CODECS[stream.media].partition(" ")[0]
    yield f"m={stream.media} 9 UDP/TLS/RTP/SAVPF {payload_type}"
    yield "c=IN IP4 0.0.0.0"
    yield f"a=mid:{stream.mid}"
    yield f"a=rtpmap:{CODECS[stream.media]}"
    yield "a=sendrecv"
    yield "a=rtcp-mux"
    yield f"a=ice-ufrag:{own.ufrag}"
    yield f"a=ice-pwd:{own.pwd}"
    yield f"a=fingerprint:{own.fingerprint}"
    yield "a=setup:active"
    yield f"a=candidate:1 1 udp 2130706431 {own.host} {own.port} typ host"
    yield "a=end-of-candidates"
    yield f"a=msid:caller {stream.media}{stream.ssrc}"
    yield f"a=ssrc:{stream.ssrc} cname:caller"


def server_end(sdp: str, preferred: str = "") -> End:
    """Where a server's description says that it is: there if it can be, or its first address."""
    found = CANDIDATE.findall(sdp) or [("", "0")]
    host, port = next((each for each in found if each[0] == preferred), found[0])
    return End(
        ufrag=value_of(sdp, "ice-ufrag"),
        pwd=value_of(sdp, "ice-pwd"),
        fingerprint=value_of(sdp, "fingerprint"),
        host=host,
        port=int(port),
    )


def mids_of(sdp: str) -> list[str]:
    return re.findall(r"^a=mid:(\S+)", sdp, re.MULTILINE)


def value_of(sdp: str, name: str) -> str:
    """The first attribute of that name; empty without one."""
    found = re.search(rf"^a={name}:(.+?)\s*$", sdp, re.MULTILINE)
    return found[1] if found else ""
