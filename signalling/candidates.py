"""What of a page's addresses goes on to the other page, and what the hub keeps to itself.

A page knows by itself how not to tell its address; the hub does not rely on that, as both pages run
what their members make them run. A candidate is taken apart and written anew from the parts that ICE
needs; descriptions lose every other place where an address may stand. Where a member hides the address
only relayed candidates pass, whoever sends them: a page that is told another one would try to reach
it, and show itself.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

import msgspec

from media.lines import attribute, passes, readdressed
from signalling.errors import BadSignal
from signalling.wire import Signal

CANDIDATE_TEXT_MAX = 512
LINES_MAX = 64

_CANDIDATE = re.compile(
    r"candidate:(?P<foundation>[A-Za-z0-9+/]{1,32}) (?P<component>[12]) (?P<transport>udp|tcp)"
    r" (?P<priority>\d{1,10}) (?P<address>[0-9A-Za-z.:-]{2,64}) (?P<port>\d{1,5})"
    r" typ (?P<type>host|srflx|prflx|relay)(?P<more>(?: [\x21-\x7e]+ [\x21-\x7e]+)*)",
    re.IGNORECASE | re.ASCII,
)
_LOCAL_NAME = re.compile(r"[0-9a-f-]{36}\.local", re.IGNORECASE)
"""The name a browser gives its address on its own network; only browsers there can resolve it."""
_KEPT = {
    "tcptype": re.compile(r"active|passive|so"),
    "generation": re.compile(r"[0-9]{1,5}"),
    "ufrag": re.compile(r"[A-Za-z0-9+/]{4,256}"),
}
"""What may follow; all else, related addresses above all, is left out or zero."""


class Policy(msgspec.Struct, frozen=True):
    """Which candidates pass."""

    hides: bool
    """Relayed ones only."""
    turn_addresses: tuple[str, ...] = ()
    """If any, relayed ones have one of these."""


def well_made(signal: Signal) -> bool:
    """Whether a candidate's frame is one: short, printable, of a line that may be."""
    texts = (signal.candidate, signal.mid)
    plain = all(text.isascii() and (text.isprintable() or not text) for text in texts)
    short = len(signal.candidate) <= CANDIDATE_TEXT_MAX and len(signal.mid) <= 16
    return plain and short and 0 <= signal.line < LINES_MAX


def cleaned(candidate: str, policy: Policy) -> str:
    """The candidate as it may pass; an empty one ends them. Raises `BadSignal`."""
    if not candidate:
        return ""
    found = _CANDIDATE.fullmatch(candidate)
    if found is None or not _may_pass(found, policy):
        raise BadSignal
    part = {name: text.lower() for name, text in found.groupdict().items()}
    head = f"candidate:{found['foundation']} {part['component']} {part['transport']}"
    place = f"{part['priority']} {part['address']} {int(part['port'])} typ {part['type']}"
    return " ".join([head, place, *_related(part["type"]), *_kept(found["more"])])


def cleaned_description(sdp: str, policy: Policy) -> str:
    """The description as it may pass on the direct path. Raises `BadSignal`."""
    lines = sdp.replace("\r\n", "\n").removesuffix("\n").split("\n")
    kept = (_line(line, policy) for line in lines)
    return "\r\n".join(line for line in kept if line is not None) + "\r\n"


def _line(line: str, policy: Policy) -> str | None:
    """The line as it may pass; None if it may not."""
    name = attribute(line)
    if name == "remote-candidates":
        raise BadSignal
    if not passes(line):
        return None
    return (
        "a=" + cleaned(line.removeprefix("a="), policy)
        if name == "candidate"
        else readdressed(line)
    )


def _may_pass(found: re.Match[str], policy: Policy) -> bool:
    kind, port = found["type"].lower(), int(found["port"])
    if kind == "prflx" or not 0 < port < 65_536:
        return False  # Nobody signals what only checks can find.
    if kind != "relay":
        return not policy.hides and _is_place(found["address"], local=kind == "host")
    if not _is_place(found["address"], local=False):
        return False
    known = set(map(ipaddress.ip_address, policy.turn_addresses))
    return not known or ipaddress.ip_address(found["address"]) in known


def _is_place(address: str, *, local: bool) -> bool:
    """One host's address, or the name that hides it on its own network."""
    if _LOCAL_NAME.fullmatch(address):
        return local
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    return not (ip.is_multicast or ip.is_unspecified or str(ip) == "255.255.255.255")


def _related(kind: str) -> list[str]:
    """Standard demands a related address where there was one; it need not be the true one."""
    return [] if kind == "host" else ["raddr", "0.0.0.0", "rport", "0"]


def _kept(more: str) -> Iterator[str]:
    words = more.split()
    for name, value in zip(words[::2], words[1::2], strict=True):
        known = _KEPT.get(name)
        if known is not None and known.fullmatch(value):
            yield f"{name} {value}"
