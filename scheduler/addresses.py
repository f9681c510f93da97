"""Whom a request counts for: the address it came from, and the network that limits are kept by."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

UNKNOWN = "unknown"

WITH_PORT = re.compile(r"\[(?P<v6>[^]]*)\](:\d+)?|(?P<v4>[\d.]+):\d+")
"""How proxies write an address that has a port, and IPv6 even without one."""


def client_address(remote: str, forwarded: Sequence[str], proxies: Collection[str]) -> str:
    """The nearest address that is no proxy of ours.

    `forwarded` holds every `X-Forwarded-For` line in the order received. Each proxy we trust speaks
    for the hop before it, so they are read from the right; what a stranger wrote stands further
    left and is never reached. Where a proxy names no address, it stands for its callers itself.
    """
    trusted = {str(known) for known in map(_address, proxies) if known}
    nearest = _address(remote)
    for hop in _from_the_right(forwarded):
        before = _address(hop)
        if str(nearest) not in trusted or before is None:
            break
        nearest = before
    return str(nearest) if nearest else UNKNOWN


def network_of(address: str) -> str:
    """What one subscriber holds, for limits: an IPv4 address or an IPv6 /64."""
    parsed = _address(address)
    if parsed is None:
        return UNKNOWN
    return str(parsed) if parsed.version == 4 else str(ip_network((parsed, 64), strict=False))


def _from_the_right(lines: Sequence[str]) -> Iterable[str]:
    return reversed([hop.strip() for hop in ",".join(lines).split(",") if hop.strip()])


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """The address without port, brackets and zone; IPv4 inside IPv6 is IPv4."""
    found = WITH_PORT.fullmatch(text)
    bare = (found["v6"] or found["v4"]) if found else text
    with suppress(ValueError):
        parsed = ip_address(bare.partition("%")[0])
        mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
        return mapped or parsed
    return None
