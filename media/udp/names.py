"""Addresses as the kernel writes them (`sockaddr`), and as `Address` has them.

The fast loop never makes an `Address` of a packet that has a leg: it looks legs up by the bytes the
kernel left. For IPv4 the first eight tell all (family, port, address), read as one number; for
IPv6 it is all twenty-eight.
"""

from __future__ import annotations

import socket
import struct
import sys
from typing import Any

from media.ice import Address

V4_SIZE = 16
V6_SIZE = 28

_HOST_ORDER = "<" if sys.byteorder == "little" else ">"
_FAMILY = struct.Struct(f"{_HOST_ORDER}H")
_PORT = struct.Struct("!H")
_SCOPE = struct.Struct(f"{_HOST_ORDER}I")


def name_of(address: Address) -> bytes:
    """The sockaddr of an address."""
    host, _, scope = address[0].partition("%")
    port = _PORT.pack(address[1])
    if ":" in host:
        place = socket.inet_pton(socket.AF_INET6, host)
        tail = _SCOPE.pack(int(scope or 0))
        return _FAMILY.pack(socket.AF_INET6) + port + bytes(4) + place + tail
    return _FAMILY.pack(socket.AF_INET) + port + socket.inet_aton(host) + bytes(8)


def address_of(name: bytes) -> Address:
    """The address of a sockaddr."""
    (port,) = _PORT.unpack_from(name, 2)
    if len(name) == V6_SIZE:
        host = socket.inet_ntop(socket.AF_INET6, name[8:24])
        return _scoped(host, _SCOPE.unpack_from(name, 24)[0]), port
    return socket.inet_ntoa(name[4:8]), port


def address_from(source: tuple[Any, ...]) -> Address:
    """The address of what Python's sockets say of a source."""
    return (source[0] if len(source) == 2 else _scoped(source[0], source[3])), source[1]


def key_of(name: bytes) -> int | bytes:
    """What the fast loop looks a sockaddr up by."""
    return name if len(name) == V6_SIZE else int.from_bytes(name[:8], sys.byteorder)


def _scoped(host: str, scope: int) -> str:
    """A link-local address means nothing without its link."""
    return f"{host}%{scope}" if scope else host
