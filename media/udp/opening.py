"""Which loop a worker gets: the fast one, if it proves itself on this machine; else the plain one."""

from __future__ import annotations

import contextlib
import select
import socket
import struct
from collections.abc import Iterator

import structlog

from media.demux import DATAGRAM_MAX
from media.errors import Unsupported
from media.rtc.dtls import SrtpError
from media.rtc.proof import keys_in_memory, must
from media.udp.metrics import FAST_PATH
from media.udp.port import Port, open_socket
from media.udp.route import Route

log = structlog.get_logger(__name__)

LOOPBACK = {socket.AF_INET: "127.0.0.1", socket.AF_INET6: "::1"}
WAIT_S = 1.0
"""Loopback delivers at once; a machine that stands still for a moment is no reason to be slow."""


def make_port(opened: socket.socket, *others: socket.socket, fast: bool = True) -> Port:
    """The loop over these sockets. `fast=False` is for comparing."""
    port = (_fast_port(opened, *others) if fast else None) or Port(opened, *others)
    FAST_PATH.set(type(port) is not Port)
    return port


def _fast_port(*opened: socket.socket) -> Port | None:
    try:
        from media.udp.fast import FastPort  # binds to the C library, which may not have it

        for family in {each.family for each in opened}:
            must(prove(FastPort, LOOPBACK[family]).flows, "nothing was learnt")
        return FastPort(*opened)
    except (ImportError, AttributeError, TypeError, OSError, SrtpError, Unsupported) as error:
        log.warning("port.slow", why=repr(error))
        return None


def prove(kind: type[Port], host: str) -> Route:
    """Pass packets through a port of this kind on loopback, or raise; gives back the sender's leg."""
    with _bound(host) as inner, _bound(host) as sender, _bound(host) as receiver:
        port = kind(inner)
        ours, theirs = keys_in_memory(), keys_in_memory()
        routes = Route(), Route()
        for route, keys, end in zip(routes, (ours, theirs), (sender, receiver), strict=True):
            port.attach(end.getsockname()[:2], route)
            port.aim(route, end.getsockname()[:2])
            port.arm(route, keys[0])
            route.refill(9, 9_999, packets_max=9, bytes_max=9_999)
        routes[0].peer, routes[1].peer = routes[1], routes[0]
        packets = [struct.pack("!BBHII", 0x80, 96, seq, 0, 7) + bytes(900) for seq in range(3)]
        there = inner.getsockname()
        for packet in packets:
            sender.sendto(ours[1].protect(packet), there)
        sender.sendto(b"\x80" + bytes(DATAGRAM_MAX), there)
        for _ in range(4):
            if port.totals.packets_in < 4:
                must(select.select([inner], [], [], WAIT_S)[0], "nothing came")
                port.step()
        passed = [theirs[1].unprotect(receiver.recv(2048)) for _ in packets]
        must(passed == packets, "other packets than were sent")
        must(port.totals.dropped == {"parse": 1}, "one that is too long was not dropped")
        return routes[0]


@contextlib.contextmanager
def _bound(host: str) -> Iterator[socket.socket]:
    with open_socket(host, 0, one_family=True) as opened:
        yield opened
