"""What the kernel does to datagrams before anybody here sees them: it drops those it has no room for."""

from __future__ import annotations

import socket
import struct

import structlog

RECEIVE_BUFFER = 4 * 1024 * 1024
"""Kernel buffer of a port's socket: with one socket for all, the default loses packets in bursts."""

_SO_MEMINFO = 55
_DROPS_AT = 8
_MEMINFO = struct.Struct("=9I")

log = structlog.get_logger(__name__)


def make_room(opened: socket.socket) -> None:
    """Ask for a large buffer. What is granted is up to the machine (`net.core.rmem_max`)."""
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)


def warn_of_little_room(opened: socket.socket, wanted: int = RECEIVE_BUFFER) -> bool:
    """Say in the log if less was granted; the kernel itself says nothing."""
    granted = (
        opened.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) // 2
    )  # it doubles what it grants
    if granted < wanted:
        log.warning("port.small_buffer", granted=granted, wanted=wanted, set="net.core.rmem_max")
    return granted < wanted


def drops(opened: socket.socket) -> int:
    """How many datagrams a socket has lost so far; 0 where the kernel does not tell."""
    try:
        told = opened.getsockopt(socket.SOL_SOCKET, _SO_MEMINFO, _MEMINFO.size)
    except OSError:
        return 0
    return int(_MEMINFO.unpack(told)[_DROPS_AT]) if len(told) == _MEMINFO.size else 0
