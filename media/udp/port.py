"""The one UDP port of a worker, and the loop that carries media across it.

A datagram from an accepted address that looks like media takes the short way: decrypt with its
leg's keys, encrypt with the partner leg's, send. Everything else goes to the handler, which knows
STUN, DTLS and strangers. Nothing here looks into a payload.

`Port` moves one datagram at a time with the objects of pylibsrtp: one system call in, one out.
"""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable, Iterable

from media.demux import DATAGRAM_MAX, Kind, kind_of, ssrc_of
from media.ice import Address
from media.limits import Spacing
from media.rtc.dtls import Keys, SrtpError
from media.rtcp import asks_key_frame, thinned
from media.watch import Counts

BATCH = 64
"""Datagrams read at one wake-up; then the event loop gets its turn."""

RECEIVE_BUFFER = 4 * 1024 * 1024
"""Kernel buffer of the socket: with one socket for all, the default loses packets in bursts."""

BURST_S = 2
"""A leg may send so many seconds' worth at once."""

ASK_EVERY_S = 0.5
"""Requests for a key frame of one stream pass at most this often; each costs the sender a burst."""

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
        "asked",
        "blind",
        "bytes_left",
        "camera_ssrcs",
        "frames",
        "keys",
        "others",
        "packets_left",
        "payloads",
        "peer",
        "pictures",
        "ssrcs",
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
        self.blind = False
        """Its bytes go to the partner as they are: no keys, no DTLS end here."""
        self.payloads: frozenset[int] = frozenset()
        """Payload types that may pass; empty: any."""
        self.ssrcs: frozenset[int] = frozenset()
        """Streams that may pass; empty: any."""
        self.asked = Spacing(ASK_EVERY_S)
        """Key frames this leg has asked for, by stream."""
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

    def allows(self, payload: int, ssrc: int) -> bool:
        """Whether RTP of this kind was negotiated."""
        known = not self.payloads or payload in self.payloads
        return known and (not self.ssrcs or ssrc in self.ssrcs)

    def thinned(self, packet: bytes, now: float) -> bytes:
        """Decrypted RTCP without requests for key frames that come too soon; empty: nothing left."""
        if not asks_key_frame(packet):
            return packet
        return thinned(packet, lambda ssrc: self.asked.take(ssrc, now))

    def knows(self, ssrc: int) -> bool:
        """Whether this stream is one of the leg's, or may become one."""
        return ssrc in self.streams or len(self.streams) < STREAMS_MAX

    def see(self, kind: Kind, datagram: bytes) -> None:
        """Count a packet that passes unread. Streams beyond a most are not told apart."""
        ssrc = ssrc_of(datagram, kind)
        if kind is Kind.RTP and self.knows(ssrc):
            self.take_in(kind, ssrc, datagram)
        else:
            self.others += 1

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


def open_socket(host: str, port: int, *, one_family: bool = False) -> socket.socket:
    """The bound, non-blocking socket; `one_family` leaves IPv4 to a socket of its own."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_DGRAM)
    try:
        if one_family and family == socket.AF_INET6:
            opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
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

    @property
    def port(self) -> int:
        return int(self.socket.getsockname()[1])

    def close(self) -> None:
        self._routes.clear()
        for opened in self.sockets:
            opened.close()

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
            self.send(route.keys.tx.protect_rtcp(request), route.target)

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
            self._take(datagram, source[:2])

    def _take(self, datagram: bytes, source: Address) -> None:
        self.totals.packets_in += 1
        self.totals.bytes_in += len(datagram)
        kind = kind_of(datagram)
        if kind is Kind.JUNK:
            self.totals.drop("parse" if datagram else "empty")
            return
        route = self._routes.get(source)
        if route is None or kind is Kind.STUN or (kind is Kind.DTLS and not route.blind):
            self.handler(kind, datagram, source)
        elif not route.spend(len(datagram)):
            self.totals.drop("rate")
        elif route.blind:
            self._pass_blindly(route, kind, datagram)
        else:
            self.forward(route, kind, datagram)

    def _pass_blindly(self, route: Route, kind: Kind, datagram: bytes) -> None:
        """To the partner as it is; headers of RTP are in clear and are counted."""
        if not self._allowed(route, kind, datagram):
            return
        route.see(kind, datagram)
        peer = route.peer
        if peer is None or peer.target is None:
            self.totals.drop("peer")
        else:
            self.send(datagram, peer.target)

    def _allowed(self, route: Route, kind: Kind, datagram: bytes) -> bool:
        allowed = kind is not Kind.RTP or route.allows(datagram[1] & 0x7F, ssrc_of(datagram, kind))
        if not allowed:
            self.totals.drop("ssrc")
        return allowed

    def forward(self, route: Route, kind: Kind, datagram: bytes) -> bool:
        """Pass a packet of this leg on to its partner; False if it is not authentic."""
        if not self._allowed(route, kind, datagram):
            return False
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
        if kind is Kind.RTCP and not (packet := route.thinned(packet, self.clock())):
            self.totals.drop("pli")
            return
        tx = peer.keys.tx
        try:
            datagram = tx.protect(packet) if kind is Kind.RTP else tx.protect_rtcp(packet)
        except (SrtpError, ValueError):
            self.totals.drop("srtp")
            return
        self.send(datagram, peer.target)
