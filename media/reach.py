"""Which addresses a leg may be checked from at all.

Whoever knows a leg's password could forge the source of a check, and so have the partner's media
sent there. That takes an answer from there as well (`ice`); but some addresses nobody calls from.
"""

from __future__ import annotations

import ipaddress

from media.ice import Address

PORT_MIN = 1024
"""Below are the ports of services: names, time, directories. No browser sends from one."""

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


def plain(host: str) -> IpAddress:
    """The address without its link; IPv4 where IPv6 only carries it."""
    found = ipaddress.ip_address(host.partition("%")[0])
    return getattr(found, "ipv4_mapped", None) or found


def is_public(host: str) -> bool:
    """Whether an address means the same everywhere."""
    return plain(host).is_global


def may_call(source: Address, *, private: bool) -> bool:
    """Whether a browser may be there; `private` where callers share a network with the worker."""
    host, port = plain(source[0]), source[1]
    nobodys = host.is_multicast or host.is_unspecified or (host.version == 4 and host.is_reserved)
    if port < PORT_MIN or nobodys:
        return False
    return private or host.is_global
