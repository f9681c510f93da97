"""Which lines of a session description may pass to the other page, and what is taken out of them.

What passes is on a list, in exactly the form that browsers write: to some parsers `a=Candidate:` and
`a=candidate 1` are candidates, too, and the other page's browser is not ours to know. No bandwidth
passes and no parameter that sets one: how much a page sends is not its partner's to say.
"""

from __future__ import annotations

import re

_MARKS = frozenset(
    {"sendrecv", "sendonly", "recvonly", "inactive", "bundle-only", "end-of-candidates"}
    | {"rtcp-mux", "rtcp-mux-only", "rtcp-rsize", "extmap-allow-mixed"}
)
"""Attributes that stand alone."""

_VALUED = frozenset(
    {"group", "mid", "msid", "msid-semantic", "ssrc", "ssrc-group", "extmap", "rtcp", "rtcp-fb"}
    | {"rtcp-xr", "rtpmap", "fmtp", "ptime", "maxptime", "sctp-port", "sctpmap"}
    | {"max-message-size", "fingerprint", "setup", "tls-id", "ice-ufrag", "ice-pwd", "ice-options"}
    | {"candidate"}
)
"""Attributes with a value."""

_PLAIN = frozenset("vostcm")
"""Lines that are no attributes."""

_ATTRIBUTE = re.compile(r"a=(?P<name>[a-z-]+)(?::(?P<value>.*))?")
_NAME = re.compile(r"a=([^: \t]*)")
_DISCARD = 9


def attribute(line: str) -> str:
    """The attribute's name as the most lenient parser takes it; empty if it is none."""
    found = _NAME.match(line)
    return found[1].lower() if found else ""


def passes(line: str) -> bool:
    """Whether a line may go to the other page at all."""
    if not line.startswith("a="):
        return line[:1] in _PLAIN
    found = _ATTRIBUTE.fullmatch(line)
    if found is None:
        return False
    if found["value"] is None:
        return found["name"] in _MARKS
    # Several encodings of one picture are for servers that choose among them.
    return found["name"] in _VALUED and not line.upper().startswith("A=SSRC-GROUP:SIM")


def readdressed(line: str) -> str:
    """A line without the browser's own address and port."""
    if line.startswith("c="):
        return "c=IN IP4 0.0.0.0"
    if line.startswith("a=rtcp:"):
        return f"a=rtcp:{_DISCARD} IN IP4 0.0.0.0"
    if line.startswith("o="):
        return " ".join([*line.split(" ")[:3], "IN", "IP4", "127.0.0.1"])
    if line.startswith("m="):
        kind, port, rest = line.split(" ", 2)
        return line if port == "0" else f"{kind} {_DISCARD} {rest}"
    return line
