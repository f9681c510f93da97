"""The process between the namespaces: `python -m tests.support.network.bridge NAME [NAME …]`.

It makes a namespace for each name, and reads commands, a JSON object a line; each is answered by a
line. It ends with its standard input, and the namespaces with it and what lives in them.
"""

from __future__ import annotations

import contextlib
import heapq
import json
import os
import select
import socket
import struct
import sys
import time
from collections import Counter
from typing import Any

from tests.support.network import wiring
from tests.support.network.conditions import PERFECT, Conditions, Line

SERVER = "server"
SERVER_ADDRESS = "11.77.0.1"
"""Of a range that looks public: what may not be relayed to private addresses is relayed here."""
UDP = 17
PROTOCOLS = {1: "icmp", 6: "tcp", UDP: "udp"}
READ_AT_ONCE = 64


def address_of(index: int) -> str:
    return f"11.77.{index}.2"


class End:
    """One namespace: its device, and by which address and ports others see its UDP."""

    def __init__(self, name: str, tun: int, address: str, namespace: int) -> None:
        self.name = name
        self.tun = tun
        self.address = socket.inet_aton(address)
        self.namespace = namespace
        self.outside = self.address
        self._there: dict[int, int] = {}
        self._back: dict[int, int] = {}

    def rebind(self, outside: str) -> None:
        """Another address and other ports from now on; what is sent to the old ones is lost."""
        self.outside = socket.inet_aton(outside)
        self._there.clear()
        self._back.clear()

    def leave(self, packet: bytearray) -> None:
        """Translate the source of a UDP packet."""
        if self.outside == self.address or packet[9] != UDP:
            return
        at = (packet[0] & 15) * 4
        (port,) = struct.unpack_from("!H", packet, at)
        mapped = self._there.setdefault(port, 40_000 + len(self._there))
        self._back[mapped] = port
        packet[12:16] = self.outside
        struct.pack_into("!H", packet, at, mapped)
        _sums(packet, at)

    def arrive(self, packet: bytearray) -> bool:
        """Translate the destination back; False if nobody is behind it."""
        if packet[9] != UDP or self.outside == self.address:
            return True
        at = (packet[0] & 15) * 4
        (mapped,) = struct.unpack_from("!H", packet, at + 2)
        if bytes(packet[16:20]) != self.outside or mapped not in self._back:
            return False
        packet[16:20] = self.address
        struct.pack_into("!H", packet, at + 2, self._back[mapped])
        _sums(packet, at)
        return True


def kind_of(packet: bytearray) -> str:
    """What a UDP packet carries, by its first two bytes: rtp, rtcp, or anything else."""
    at = (packet[0] & 15) * 4 + 8
    if len(packet) < at + 2 or packet[at] >> 6 != 2:
        return "other"
    return "rtcp" if 192 <= packet[at + 1] <= 223 else "rtp"


def _sums(packet: bytearray, at: int) -> None:
    """The header's checksum anew; a UDP packet may do without one."""
    packet[10:12] = b"\0\0"
    total = sum(struct.unpack_from(f"!{at // 2}H", packet, 0))
    total = (total & 0xFFFF) + (total >> 16)
    struct.pack_into("!H", packet, 10, ~(total + (total >> 16)) & 0xFFFF)
    packet[at + 6 : at + 8] = b"\0\0"


class Bridge:
    """Where every packet passes."""

    def __init__(self, names: list[str]) -> None:
        home = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        # One name, so that a second lab fails at once instead of sharing the first one's routes.
        tun = wiring.open_tun("lab", SERVER_ADDRESS)
        self.server = End(SERVER, tun, SERVER_ADDRESS, home)
        self.ends = {SERVER: self.server}
        for index, name in enumerate(names, start=1):
            namespace = wiring.new_namespace()
            wiring.without_loopback_address()
            tun = wiring.open_tun("net0", address_of(index))
            wiring.add_route("net0", "127.0.0.0", "255.0.0.0")
            wiring.add_route("net0", "0.0.0.0", "0.0.0.0")
            self.ends[name] = End(name, tun, address_of(index), namespace)
            wiring.enter(home)
        self.lines: dict[tuple[str, str], Line] = {}
        self.cuts: set[tuple[str, str, str]] = set()
        self.counts: Counter[str] = Counter()
        self.arrivals: dict[str, list[tuple[float, str]]] | None = None
        self._late: list[tuple[float, int, End, bytearray]] = []
        self._serial = 0

    # Packets.

    def run(self) -> None:
        poll, commands = select.epoll(), sys.stdin.fileno()
        poll.register(commands, select.EPOLLIN)
        for end in self.ends.values():
            poll.register(end.tun, select.EPOLLIN)
        by_tun = {end.tun: end for end in self.ends.values()}
        while True:
            wait = max(0.0, self._late[0][0] - time.monotonic()) if self._late else -1
            for found, _ in poll.poll(wait):
                if found != commands:
                    self.read(by_tun[found])
                elif not self.obey():
                    return
            self.release()

    def read(self, source: End) -> None:
        for _ in range(READ_AT_ONCE):
            try:
                packet = bytearray(os.read(source.tun, 65_536))
            except BlockingIOError:
                return
            if len(packet) >= 20 and packet[0] >> 4 == 4:
                self.carry(source, packet)

    def carry(self, source: End, packet: bytearray) -> None:
        source.leave(packet)
        target = self.target_of(bytes(packet[16:20]))
        if target is None or target is source:
            self.counts["nowhere"] += 1
            return
        way, protocol = (source.name, target.name), PROTOCOLS.get(packet[9], "other")
        if self.cuts & {(*way, protocol), (*way, "all")}:
            self.counts["cut"] += 1
            return
        line, now = self.lines.get(way), time.monotonic()
        at = line.out_at(now, len(packet)) if line else now
        if at is None:
            self.counts["lost"] += 1
        elif at <= now:
            self.hand_over(target, packet)
        else:
            self._serial += 1
            heapq.heappush(self._late, (at, self._serial, target, packet))

    def target_of(self, address: bytes) -> End | None:
        if address[0] == 127:
            return self.server
        return next((e for e in self.ends.values() if address in (e.address, e.outside)), None)

    def release(self) -> None:
        now = time.monotonic()
        while self._late and self._late[0][0] <= now:
            _, _, target, packet = heapq.heappop(self._late)
            self.hand_over(target, packet)

    def hand_over(self, target: End, packet: bytearray) -> None:
        if not target.arrive(packet):
            self.counts["nobody"] += 1
            return
        self.counts["carried"] += 1
        if self.arrivals is not None and packet[9] == UDP:
            self.arrivals.setdefault(target.name, []).append((time.time(), kind_of(packet)))
        with contextlib.suppress(OSError):
            os.write(target.tun, packet)

    # Commands.

    def obey(self) -> bool:
        line = sys.stdin.readline()
        if not line:
            return False
        said = json.loads(line)
        answer = getattr(self, f"do_{said.pop('do')}")(**said)
        print(json.dumps({"at": time.time(), "answer": answer}), flush=True)  # noqa: T201
        return True

    def do_places(self) -> Any:
        pid = os.getpid()
        ends = self.ends.values()
        return {
            e.name: (socket.inet_ntoa(e.address), f"/proc/{pid}/fd/{e.namespace}") for e in ends
        }

    def do_shape(self, source: str, target: str, seed: str, **conditions: float) -> None:
        said = Conditions(**conditions)
        self.lines.pop((source, target), None)
        if said != PERFECT:
            self.lines[source, target] = Line(said, f"{seed}:{source}:{target}")

    def do_cut(self, source: str, target: str, protocol: str) -> None:
        self.cuts.add((source, target, protocol))

    def do_mend(self) -> None:
        self.cuts.clear()
        self.lines.clear()

    def do_rebind(self, who: str, outside: str) -> None:
        self.ends[who].rebind(outside)

    def do_counts(self) -> Any:
        return self.counts

    def do_record(self, on: bool) -> Any:
        """Begin to note when UDP packets come out, or end it and tell."""
        noted, self.arrivals = self.arrivals, {} if on else None
        return noted


if __name__ == "__main__":
    Bridge(sys.argv[1:]).run()
