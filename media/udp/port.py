"""The one UDP port of a worker, and the loop that carries media across it.

A datagram from an accepted address that looks like media takes the short way: decrypt with its
leg's keys, encrypt with the partner leg's, send. Everything else goes to the handler, which knows
STUN, DTLS and strangers. Nothing here looks into a payload.

`Port` moves one datagram at a time: one system call in, one out. It needs nothing of the machine but
a socket, which makes it the one to fall back on. Packets it protects as the fast loop does, by the
calls into libsrtp that `Keys` makes: where those are not what we take them for, no worker starts.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterable

from media.demux import DATAGRAM_MAX, Kind, kind_of, ssrc_of
from media.ice import Address
from media.rtc.dtls import Keys, SrtpError
from media.udp import kernel
from media.udp.names import address_from
from media.udp.route import Route

BATCH = 64
"""Datagrams read at one wake-up, or by one system call; then the event loop gets its turn."""

BURST_S = 2
"""A leg may send so many seconds' worth at once."""

Handler = Callable[[Kind, bytes, Address], None]


def _nobody(kind: Kind, datagram: bytes, source: Address) -> None:
    """Before there is a handler nothing is answered."""


class Totals:
    """What a port has done so far, as plain numbers; the metrics read them now and then."""

    __slots__ = ("bytes_in", "bytes_out", "dropped", "packets_in", "packets_out")

    def __init__(self) -> None:
        self.packets_in = 0
        self.packets_out = 0
        self.bytes_in = 0
        self.bytes_out = 0
        self.dropped: dict[str, int] = {}

    def drop(self, reason: str, count: int = 1) -> None:
        self.dropped[reason] = self.dropped.get(reason, 0) + count


def open_socket(host: str, port: int, *, one_family: bool = False) -> socket.socket:
    """The bound, non-blocking socket; `one_family` leaves IPv4 to a socket of its own."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_DGRAM)
    try:
        if one_family and family == socket.AF_INET6:
            opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        kernel.make_room(opened)
        opened.bind((host, port))
    except OSError:
        opened.close()
        raise
    opened.setblocking(False)
    return opened


class Port:
    """The loop with one system call and one object a packet."""

    def __init__(self, opened: socket.socket, *others: socket.socket) -> None:
        """One socket, or one for each family of addresses."""
        self.socket = opened
        self.sockets = (opened, *others)
        self.clock = time.monotonic
        self.totals = Totals()
        self.handler: Handler = _nobody
        """Takes what is not media from an accepted address."""
        self._routes: dict[Address, Route] = {}
        self._lost = 0

    @property
    def port(self) -> int:
        return int(self.socket.getsockname()[1])

    def close(self) -> None:
        self._routes.clear()
        for opened in self.sockets:
            opened.close()

    def count_lost(self) -> None:
        """Count what the kernel dropped since the last time."""
        lost = sum(map(kernel.drops, self.sockets))
        if lost > self._lost:
            self.totals.drop("kernel", lost - self._lost)
            self._lost = lost

    def attach(self, address: Address, route: Route) -> None:
        """Media from this address is this leg's."""
        self._routes[address] = route

    def detach(self, address: Address, route: Route) -> None:
        if self._routes.get(address) is route:
            del self._routes[address]

    def aim(self, route: Route, target: Address | None) -> None:
        """Send this leg's media there; None is nowhere."""
        route.target = target

    def arm(self, route: Route, keys: Keys | None) -> None:
        """Give a leg its keys, or take them away before they are closed."""
        route.keys = keys

    def send(self, datagram: bytes, target: Address) -> None:
        """Send one datagram of the handler's."""
        try:
            self._socket_for(target).sendto(datagram, target)
        except OSError:
            self.totals.drop("send")
            return
        self.totals.packets_out += 1
        self.totals.bytes_out += len(datagram)

    def _socket_for(self, target: Address) -> socket.socket:
        family = socket.AF_INET6 if ":" in target[0] else socket.AF_INET
        return next((each for each in self.sockets if each.family == family), self.socket)

    def ask_key_frames(self, route: Route, requests: Iterable[bytes]) -> None:
        """Send RTCP of our own to a leg, through its one session of keys."""
        if route.keys is None or route.target is None:
            return
        for request in requests:
            self.send(route.keys.protect_rtcp(request), route.target)

    def step(self, at: int = 0) -> None:
        """Deal with what has arrived at one of the sockets, `BATCH` datagrams at most."""
        opened = self.sockets[at]
        for _ in range(BATCH):
            try:
                datagram, source = opened.recvfrom(DATAGRAM_MAX + 1)
            except BlockingIOError:
                return
            except OSError:
                self.totals.drop("receive")
                continue
            self.totals.packets_in += 1
            self.totals.bytes_in += len(datagram)
            self._take(datagram, address_from(source))

    def _take(self, datagram: bytes, source: Address) -> None:
        """Deal with one datagram, whatever it is."""
        kind = kind_of(datagram)
        if kind is Kind.JUNK:
            self.totals.drop("parse" if datagram else "empty")
            return
        route = self._routes.get(source)
        if route is None or kind is Kind.STUN or (kind is Kind.DTLS and not route.blind):
            self.handler(kind, datagram, source)
        else:
            self._send_on(route, self._carry(route, kind, datagram))

    def _carry(self, route: Route, kind: Kind, datagram: bytes) -> bytes | None:
        """What the partner gets for a datagram of this leg; None if nothing."""
        if not route.spend(len(datagram)):
            self.totals.drop("rate")
            return None
        if not self._allowed(route, kind, datagram):
            return None
        if route.blind:
            return self._unread(route, kind, datagram)
        packet = self._opened(route, kind, datagram)
        return None if packet is None else self._sealed(route, kind, packet)

    def forward(self, route: Route, kind: Kind, datagram: bytes) -> bool:
        """Pass a packet of this leg on to its partner; False if it is not authentic."""
        if not self._allowed(route, kind, datagram):
            return False
        packet = self._opened(route, kind, datagram)
        if packet is not None:
            self._send_on(route, self._sealed(route, kind, packet))
        return packet is not None

    def _send_on(self, route: Route, datagram: bytes | None) -> None:
        if datagram is not None and route.peer is not None and route.peer.target is not None:
            self.send(datagram, route.peer.target)

    def _allowed(self, route: Route, kind: Kind, datagram: bytes) -> bool:
        allowed = kind is not Kind.RTP or route.allows(datagram[1] & 0x7F, ssrc_of(datagram, kind))
        if not allowed:
            self.totals.drop("ssrc")
        return allowed

    def _unread(self, route: Route, kind: Kind, datagram: bytes) -> bytes | None:
        """The datagram as it is; headers of RTP are in clear and are counted."""
        route.see(kind, datagram)
        if route.peer is None or route.peer.target is None:
            self.totals.drop("peer")
            return None
        return datagram

    def _opened(self, route: Route, kind: Kind, datagram: bytes) -> bytes | None:
        """The packet inside, if this leg may send it and did."""
        keys, ssrc = route.keys, ssrc_of(datagram, kind)
        if keys is None or not route.knows(ssrc):
            self.totals.drop("ssrc" if keys else "early")
            return None
        unprotect = keys.unprotect if kind is Kind.RTP else keys.unprotect_rtcp
        try:
            packet = unprotect(datagram)
        except SrtpError:
            self.totals.drop("srtp")
            return None
        route.take_in(kind, ssrc, packet)
        if route.tap is not None and kind is Kind.RTP:
            route.tap(packet)
        return packet

    def _sealed(self, route: Route, kind: Kind, packet: bytes) -> bytes | None:
        """The packet as the partner's keys protect it."""
        peer = route.peer
        if peer is None or peer.keys is None or peer.target is None:
            self.totals.drop("peer")
            return None
        if kind is Kind.RTCP and not (packet := route.thinned(packet, self.clock())):
            self.totals.drop("pli")
            return None
        protect = peer.keys.protect if kind is Kind.RTP else peer.keys.protect_rtcp
        try:
            return protect(packet)
        except SrtpError:
            self.totals.drop("srtp")
            return None
