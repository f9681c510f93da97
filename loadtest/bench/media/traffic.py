"""The load: packets protected beforehand, sent evenly over time, counted where they arrive.

A packet's age is looked up by its sequence number, which no server here changes: the moment before
the system call that sent it, to the moment after the one that read it. So nothing has to be
written into a packet, and encrypted, while the clock runs.
"""

from __future__ import annotations

import gc
import select
import struct
import time
from array import array
from collections.abc import Sequence

import msgspec
from pylibsrtp import Error as SrtpError

from loadtest.bench.media.batches import LARGEST, PACKET, Letterbox, Sheaf
from loadtest.bench.media.caller import Line
from loadtest.bench.media.descriptions import VIDEO_PT
from loadtest.bench.store.servers import NotHere

HEADER = struct.Struct("!BBHII")
MARK = struct.Struct("!II")
FILLER = bytes(range(256)) * 5
VERIFY_EVERY = 16
LINGER_S = 0.3
"""How long after the last packet is sent those on their way are waited for."""
WARM_UP_S = 8.0
WARM_UP_EVERY_S = 0.05


class Counted(msgspec.Struct, kw_only=True):
    """What one run came to."""

    sent: int = 0
    got: int = 0
    verified: int = 0
    wrong: int = 0
    took_s: float = 0.0
    ages: list[float] = []
    """Of one packet in `VERIFY_EVERY`, in seconds."""


class Lane:
    """A line in use: its packets and when they left."""

    def __init__(self, number: int, line: Line, sheaf: Sheaf) -> None:
        self.number = number
        self.line = line
        self.sheaf = sheaf
        self.fd = line.sock.fileno()
        self.first = 1
        """Sequence number of the sheaf's first packet."""
        self.left: array[float] = array("d")
        self._next = 1

    def fill(self, count: int) -> None:
        """Protect that many packets more; they follow on the last ones."""
        self.first = self._next
        self._next = (self._next + count) & 0xFFFF
        self.left = array("d", bytes(8 * count))
        for n in range(count):
            self.sheaf.put(n, self.line.tx.protect(self.packet(n)))

    def packet(self, n: int) -> bytes:
        """The n-th packet as it is before it is protected."""
        seq = (self.first + n) & 0xFFFF
        head = HEADER.pack(0x80, 0x80 | VIDEO_PT, seq, seq * 3000 & 0xFFFFFFFF, self.line.ssrc)
        return head + self.payload(n)

    def payload(self, n: int) -> bytes:
        mark = MARK.pack(self.number, (self.first + n) & 0xFFFF)
        return mark + FILLER[: PACKET - HEADER.size - MARK.size]

    def send(self, n: int, count: int) -> int:
        """Send from the n-th on; how many left."""
        now = time.perf_counter()
        done = self.sheaf.send(self.fd, n, count)
        for each in range(n, n + done):
            self.left[each] = now
        return done


class Road:
    """All lanes of a server; an even one and the odd one after it are a pair."""

    def __init__(self, lines: Sequence[Line], sheaves: Sequence[Sheaf]) -> None:
        pairs = zip(lines, sheaves, strict=False)
        self.lanes = [Lane(number, line, sheaf) for number, (line, sheaf) in enumerate(pairs)]
        self._box = Letterbox()
        self._by_fd = {lane.fd: lane for lane in self.lanes}
        self._poll = select.epoll()
        for fd in self._by_fd:
            self._poll.register(fd, select.EPOLLIN)

    def close(self) -> None:
        self._poll.close()

    def warm_up(self) -> None:
        """Send now and then until every lane has heard its partner, or `NotHere`."""
        silent, end = set(self._by_fd), time.monotonic() + WARM_UP_S
        while silent and time.monotonic() < end:
            for lane in self.lanes:
                lane.fill(1)
                lane.send(0, 1)
            time.sleep(WARM_UP_EVERY_S)
            for fd, _ in self._poll.poll(0):
                counted = Counted()
                self._read(fd, counted)
                if counted.got:
                    silent.discard(fd)
        if silent:
            raise NotHere(f"nothing arrives at {len(silent)} of {len(self.lanes)} callers")

    def run(self, rate: int, seconds: float, burst: int) -> Counted:
        """Send at this rate for so long, `burst` packets of a lane at a time."""
        each = max(burst, int(rate * seconds / len(self.lanes)) // burst * burst)
        for lane in self.lanes:
            lane.line.remind()
            lane.fill(each)
        self._discard()
        gc.collect()
        gc.disable()
        try:
            return self._pace(rate, each, burst)
        finally:
            gc.enable()

    def _pace(self, rate: int, each: int, burst: int) -> Counted:
        counted, begun, step = Counted(), time.perf_counter(), burst / rate
        due = begun
        for n in range(0, each, burst):
            for lane in self.lanes:
                while time.perf_counter() < due:
                    self._collect(counted)
                counted.sent += lane.send(n, burst)
                due += step
            self._collect(counted)
        counted.took_s = time.perf_counter() - begun
        end = time.perf_counter() + LINGER_S
        while time.perf_counter() < end:
            self._collect(counted)
        return counted

    def _collect(self, counted: Counted) -> None:
        for fd, _ in self._poll.poll(0):
            self._read(fd, counted)

    def _discard(self) -> None:
        nobody = Counted()
        while ready := self._poll.poll(0.05):
            for fd, _ in ready:
                self._read(fd, nobody)

    def _read(self, fd: int, counted: Counted) -> None:
        box = self._box
        came = box.receive(fd)
        now = time.perf_counter()
        for n in range(came):
            first = box.view[n * LARGEST]
            if not 128 <= first < 192 or 192 <= box.view[n * LARGEST + 1] < 224:
                continue
            counted.got += 1
            if counted.got % VERIFY_EVERY == 0:
                self._verify(self._by_fd[fd], box.datagram(n), now, counted)

    def _verify(self, lane: Lane, datagram: bytes, now: float, counted: Counted) -> None:
        """Decrypt one, compare it with what its sender's packet of that number was, take its age."""
        sender = self.lanes[lane.number ^ 1]
        n = (int.from_bytes(datagram[2:4], "big") - sender.first) & 0xFFFF
        try:
            plain = lane.line.rx.unprotect(datagram)
        except SrtpError:
            counted.wrong += 1
            return
        if n < len(sender.left) and plain[HEADER.size :] == sender.payload(n):
            counted.verified += 1
            counted.ages.append(now - sender.left[n])
        else:
            counted.wrong += 1
