"""The one UDP port of a worker, and the loop that carries media across it.

A datagram from an accepted address that looks like media takes the short way: decrypt with its
leg's keys, encrypt with the partner leg's, send. Everything else goes to the handler, which knows
STUN, DTLS and strangers. Nothing here looks into a payload.

`Port` moves one datagram at a time with the objects of pylibsrtp: one system call in, one out.
"""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Iterable

from media.demux import DATAGRAM_MAX, Kind, kind_of, ssrc_of
from media.ice import Address
from media.rtc.dtls import Keys, SrtpError
from media.watch import Counts

BATCH = 64
"""Datagrams read at one wake-up; then the event loop gets its turn."""

RECEIVE_BUFFER = 4 * 1024 * 1024
"""Kernel buffer of the socket: with one socket for all, the default loses packets in bursts."""

BURST_S = 2
"""A leg may send so many seconds' worth at once."""

STREAMS_MAX = 32
"""Streams (SSRCs) of one leg; libsrtp keeps a state for each, so their number has an end."""

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

    def drop(self, reason: str) -> None:
        self.dropped[reason] = self.dropped.get(reason, 0) + 1


class Route:
    """One leg as the loop sees it: keys, where to send, whom to pass packets to, counters."""

    __slots__ = (
        "bytes_left",
        "camera_ssrcs",
        "frames",
        "keys",
        "others",
        "packets_left",
        "peer",
        "pictures",
        "streams",
        "target",
        "video_bytes",
        "video_packets",
        "video_pts",
    )

    def __init__(self) -> None:
        self.keys: Keys | None = None
        """Set while DTLS is connected."""
        self.target: Address | None = None
        """Where this leg's browser is."""
        self.peer: Route | None = None
        self.video_pts: frozenset[int] = frozenset()
        self.camera_ssrcs: frozenset[int] = frozenset()
        self.pictures: dict[int, None] = {}
        """Video streams seen, for asking key frames of them."""
        self.streams: set[int] = set()
        """All streams seen, by which a leg is known when it comes from an unknown address."""
        self.video_packets = 0
        self.video_bytes = 0
        self.frames = 0
        self.others = 0
        self.packets_left = 0
        self.bytes_left = 0

    def counts(self) -> Counts:
        return Counts(self.video_packets, self.video_bytes, self.frames, self.others)

    def refill(self, packets: int, octets: int, *, packets_max: int, bytes_max: int) -> None:
        """Grant more to send, up to a most."""
        self.packets_left = min(self.packets_left + packets, packets_max)
        self.bytes_left = min(self.bytes_left + octets, bytes_max)

    def spend(self, octets: int) -> bool:
        """Whether this leg may have one more datagram looked at; if so, it is counted."""
        if self.packets_left <= 0 or self.bytes_left <= 0:
            return False
        self.packets_left -= 1
        self.bytes_left -= octets
        return True

    def knows(self, ssrc: int) -> bool:
        """Whether this stream is one of the leg's, or may become one."""
        return ssrc in self.streams or len(self.streams) < STREAMS_MAX

    def take_in(self, kind: Kind, ssrc: int, packet: bytes) -> None:
        """Count an authentic packet."""
        self.streams.add(ssrc)
        if kind is Kind.RTP and packet[1] & 0x7F in self.video_pts:
            self.pictures[ssrc] = None
            if not self.camera_ssrcs or ssrc in self.camera_ssrcs:
                self.video_packets += 1
                self.video_bytes += len(packet)
                self.frames += packet[1] > 127
                return
        self.others += 1


def open_socket(host: str, port: int) -> socket.socket:
    """The bound, non-blocking socket."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_DGRAM)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        opened.bind((host, port))
    except OSError:
        opened.close()
        raise
    opened.setblocking(False)
    return opened


class Port:
    """The loop with one system call and one object a packet."""

    def __init__(self, opened: socket.socket) -> None:
        self.socket = opened
        self.totals = Totals()
        self.handler: Handler = _nobody
        """Takes what is not media from an accepted address."""
        self._routes: dict[Address, Route] = {}

    @property
    def port(self) -> int:
        return int(self.socket.getsockname()[1])

    def close(self) -> None:
        self._routes.clear()
        self.socket.close()

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
            self.socket.sendto(datagram, target)
        except OSError:
            self.totals.drop("send")
            return
        self.totals.packets_out += 1
        self.totals.bytes_out += len(datagram)

    def ask_key_frames(self, route: Route, requests: Iterable[bytes]) -> None:
        """Send RTCP of our own to a leg, through its one session of keys."""
        if route.keys is None or route.target is None:
            return
        for request in requests:
            self.send(route.keys.tx.protect_rtcp(request), route.target)

    def step(self) -> None:
        """Deal with what has arrived, `BATCH` datagrams at most."""
        for _ in range(BATCH):
            try:
                datagram, source = self.socket.recvfrom(DATAGRAM_MAX + 1)
            except BlockingIOError:
                return
            except OSError:
                self.totals.drop("receive")
                continue
            self._take(datagram, source[:2])

    def _take(self, datagram: bytes, source: Address) -> None:
        self.totals.packets_in += 1
        self.totals.bytes_in += len(datagram)
        kind = kind_of(datagram)
        if kind is Kind.JUNK:
            self.totals.drop("parse" if datagram else "empty")
            return
        route = self._routes.get(source)
        if route is None or kind is Kind.STUN or kind is Kind.DTLS:
            self.handler(kind, datagram, source)
        elif route.spend(len(datagram)):
            self.forward(route, kind, datagram)
        else:
            self.totals.drop("rate")

    def forward(self, route: Route, kind: Kind, datagram: bytes) -> bool:
        """Pass a packet of this leg on to its partner; False if it is not authentic."""
        packet = self._unprotect(route, kind, datagram)
        if packet is not None:
            self._pass_on(route, kind, packet)
        return packet is not None

    def _unprotect(self, route: Route, kind: Kind, datagram: bytes) -> bytes | None:
        packet = None
        ssrc = ssrc_of(datagram, kind)
        if route.keys is not None and route.knows(ssrc):
            rx = route.keys.rx
            with contextlib.suppress(SrtpError, ValueError):
                packet = rx.unprotect(datagram) if kind is Kind.RTP else rx.unprotect_rtcp(datagram)
        if packet is None:
            self.totals.drop("srtp" if route.keys else "early")
            return None
        route.take_in(kind, ssrc, packet)
        return bytes(packet)

    def _pass_on(self, route: Route, kind: Kind, packet: bytes) -> None:
        peer = route.peer
        if peer is None or peer.keys is None or peer.target is None:
            self.totals.drop("peer")
            return
        tx = peer.keys.tx
        try:
            datagram = tx.protect(packet) if kind is Kind.RTP else tx.protect_rtcp(packet)
        except (SrtpError, ValueError):
            self.totals.drop("srtp")
            return
        self.send(datagram, peer.target)
