"""A port with two legs on loopback sockets, their keys agreed on beforehand."""

from __future__ import annotations

import contextlib
import select
import struct
from collections.abc import Iterator
from typing import Any

from media.demux import Kind
from media.ice import Address
from media.rtc.dtls import Keys
from media.rtc.proof import keys_in_memory
from media.udp.names import address_from
from media.udp.port import Port, open_socket
from media.udp.route import Route
from tests.media.clock import HandClock

HOSTS = {"v4": "127.0.0.1", "v6": "::1"}
VIDEO, AUDIO = 96, 111


def rtp(seq: int, *, pt: int = VIDEO, ssrc: int = 7, ends: bool = False, size: int = 100) -> bytes:
    head = struct.pack("!BBHII", 0x80, pt | 0x80 if ends else pt, seq & 0xFFFF, 0, ssrc)
    return head.ljust(size, b"x")


class End:
    """A browser's socket and keys, and the port's side of them."""

    def __init__(self, port: Port, host: str, *, blind: bool = False) -> None:
        self.socket = open_socket(host, 0)
        self.address: Address = address_from(self.socket.getsockname())
        own = [each for each in port.sockets if each.family == self.socket.family]
        self.there = own[0].getsockname()
        self.keys, self.route = keys_in_memory()[0], Route()
        self.route.blind = blind
        self.route.video_pts = frozenset({VIDEO})

    def send(self, datagram: bytes) -> None:
        self.socket.sendto(datagram, self.there)

    def send_rtp(self, seq: int, **other: Any) -> bytes:
        packet = rtp(seq, **other)
        self.send(self.keys.protect(packet))
        return packet

    def received(self) -> list[bytes]:
        """Everything that has come, as it came."""
        found = []
        with contextlib.suppress(BlockingIOError):
            while True:
                found.append(self.socket.recv(4096))
        return found

    def read(self, *, rtcp: bool = False) -> list[bytes]:
        """Everything that has come, decrypted."""
        read = self.keys.unprotect_rtcp if rtcp else self.keys.unprotect
        return [read(datagram) for datagram in self.received()]


class Rig:
    """The port, two ends, and what the handler was given."""

    def __init__(
        self, kind: type[Port], a: str = "v4", b: str = "v4", *, blind: bool = False
    ) -> None:
        hosts = [HOSTS[family] for family in sorted({a, b})]
        self.port = kind(*(open_socket(host, 0, one_family=True) for host in hosts))
        self.clock = HandClock()
        self.port.clock = self.clock
        self.handled: list[tuple[Kind, bytes, Address]] = []
        self.port.handler = lambda *given: self.handled.append(given)
        self.a, self.b = (
            End(self.port, HOSTS[a], blind=blind),
            End(self.port, HOSTS[b], blind=blind),
        )
        self.a.route.peer, self.b.route.peer = self.b.route, self.a.route
        for end in (self.a, self.b):
            ours, end.keys = keys_in_memory()
            end.route.refill(10**6, 10**9, packets_max=10**6, bytes_max=10**9)
            self.port.attach(end.address, end.route)
            self.port.aim(end.route, end.address)
            if not blind:
                self.arm(end, ours)

    def arm(self, end: End, keys: Keys | None) -> None:
        self.port.arm(end.route, keys)

    def step(self) -> None:
        """Deal with everything that has come."""
        for at, opened in enumerate(self.port.sockets):
            while select.select([opened], [], [], 0)[0]:
                self.port.step(at)

    @property
    def dropped(self) -> dict[str, int]:
        return self.port.totals.dropped

    def close(self) -> None:
        for each in (self.port, self.a.socket, self.b.socket):
            each.close()


@contextlib.contextmanager
def rigged(kind: type[Port], **other: Any) -> Iterator[Rig]:
    rig = Rig(kind, **other)
    try:
        yield rig
    finally:
        rig.close()
