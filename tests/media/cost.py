"""What a forwarded packet costs the worker's process in CPU time: `python -m tests.media.cost`.

Workers of several kinds run pinned to one core and are measured in turn, at each rate several
times; callers send from another core, in bursts of one system call, what they protected before
the clock started. One arrived packet in sixteen is decrypted and compared. Prints a line of JSON a
figure: the median, and all values. Figures of different runs or machines do not compare.

A kind is `fast`, `plain`, or either with `-blind`; `fast:DIRECTORY` runs the code of another tree.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import struct
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import uvloop
from aiohttp import web

from media.codec import decode_worker, encode
from media.config import MediaConfig
from media.control import OpenPair, PairOpened
from media.rtc.dtls import Keys, raw_session, srtp
from media.rtc.proof import keys_in_memory
from media.udp.batch import BATCH, Arena, Inbox, ffi, libc
from media.web.worker import Worker
from tests.media.caller import Caller

SECRET = "a secret for measuring"
PAIRS = 20
VERIFY_EVERY = 16
ROUND_S = 0.002
"""Callers send so often; at a high rate each sends a few packets at once, as pacers do."""


# The measured process.


async def serve(kind: str) -> None:
    """A worker; it ends when its input does."""
    fast = {} if "fast" in kind else {"fast": False}
    config = MediaConfig(secret=SECRET, packets_per_s=10**6, bytes_per_s=10**9, freeze=True, **fast)
    worker = Worker(config)
    await worker.start()
    runner = web.AppRunner(worker.app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(runner.addresses[0][1], flush=True)  # noqa: T201
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()
    await worker.stop()


# The callers.


class Sender:
    """One caller's side of the load: what it will send, made beforehand, and what it gets."""

    def __init__(self, caller: Caller, keys: Keys, arena: Arena) -> None:
        self.socket = caller._socket.dup()
        self.socket.connect((caller.leg.host, caller.leg.port))
        caller._transport.close()
        self._caller = caller
        self.keys = keys
        self._inbox = Inbox(self.socket, arena)
        self._arena = arena
        self._seq = 0
        self._sent = 0
        self.got = 0
        self.verified = 0

    def prepare(self, count: int, octets: int) -> None:
        """Protect this many packets and lay out their headers for the kernel."""
        payload = bytes(octets)
        packets = []
        for _ in range(count):
            self._seq = self._seq + 1 & 0xFFFF
            header = struct.pack("!BBHII", 0x80, 96, self._seq, 0, 7)
            packets.append(self.keys.protect(header + payload))
        stride = len(packets[0])
        self._memory = ffi.from_buffer(bytearray().join(packets))
        self._vectors = ffi.new("struct iovec[]", count)
        self._messages = ffi.new("struct mmsghdr[]", count)
        for at in range(count):
            self._vectors[at].iov_base = self._memory + at * stride
            self._vectors[at].iov_len = stride
            self._messages[at].msg_hdr.msg_iov = self._vectors + at
            self._messages[at].msg_hdr.msg_iovlen = 1
        self._sent = self.got = self.verified = 0
        self.socket.send(self._caller.request())  # or consent to send would run out

    def send(self, until: int) -> None:
        """Send as many as are due by now."""
        while self._sent < until:
            sent = libc.sendmmsg(
                self.socket.fileno(), self._messages + self._sent, until - self._sent, 0
            )
            assert sent > 0
            self._sent += sent

    def drain(self, octets: int) -> None:
        while count := self._inbox.receive():
            for slot in range(count):
                first, second = self._arena.datagram(slot, 2)
                if 128 <= first < 192 and not 192 <= second < 224:
                    self.got += 1
                    if self.got % VERIFY_EVERY == 0:
                        self._verify(slot, octets)
            if count < BATCH:
                return

    def _verify(self, slot: int, octets: int) -> None:
        size = self._inbox.sizes[slot]
        if isinstance(self.keys, _Shared):
            packet = self.keys.unprotect(self._arena.datagram(slot, size[0]))
        else:
            rx = raw_session(self.keys.rx)
            assert srtp.srtp_unprotect(rx, self._arena.data[slot], size) == 0
            packet = self._arena.datagram(slot, size[0])
        assert packet[12:] == bytes(octets)
        self.verified += 1


class _Shared(Keys):
    """Keys two callers of a blind pair have agreed on with each other."""


@dataclass
class Subject:
    """One worker under measurement."""

    kind: str
    process: Any
    senders: list[Sender]

    def cpu_s(self) -> float:
        """CPU seconds of all its threads so far."""
        tasks = Path(f"/proc/{self.process.pid}/task").glob("*/schedstat")
        return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9


async def start(session: aiohttp.ClientSession, kind: str) -> Subject:
    name, _, tree = kind.partition(":")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.media.cost", "--serve", name),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=tree or None,
    )
    assert process.stdout is not None
    os.sched_setaffinity(process.pid, {0})
    line = ""
    while not line.strip().isdigit():
        line = (await process.stdout.readline()).decode()
    senders = await call(session, int(line), Arena(), blind="blind" in name)
    return Subject(kind, process, senders)


async def call(
    session: aiohttp.ClientSession, port: int, arena: Arena, *, blind: bool
) -> list[Sender]:
    headers = {"Authorization": f"Bearer {SECRET}"}
    hub = await session.ws_connect(f"http://127.0.0.1:{port}/control", headers=headers)
    senders: list[Sender] = []
    for n in range(PAIRS):
        await hub.send_bytes(encode(OpenPair(pair=f"p{n}", gen=1, blind=blind)))
        while not isinstance(opened := decode_worker((await hub.receive()).data), PairOpened):
            pass
        pair = [await Caller(leg).open() for leg in opened.legs]
        await hub.send_bytes(encode(pair[0].remote(f"p{n}", 1, 0)))
        await hub.send_bytes(encode(pair[1].remote(f"p{n}", 1, 1)))
        for caller, keys in zip(pair, await _agree(pair, blind=blind), strict=True):
            senders.append(Sender(caller, keys, arena))
    return senders


async def _agree(pair: list[Caller], *, blind: bool) -> tuple[Keys, ...]:
    if not blind:
        assert await asyncio.gather(*(caller.connect() for caller in pair)) == [True, True]
        return tuple(caller.keys for caller in pair if caller.keys)
    await asyncio.gather(*(caller.check() for caller in pair))
    return tuple(_Shared(rx=k.rx, tx=k.tx, profile=k.profile) for k in keys_in_memory())


def run(subject: Subject, rate: int, seconds: float, octets: int) -> dict[str, float]:
    """Send at this rate for a while; count, and decrypt a sample of, what arrives."""
    each = int(rate * seconds / len(subject.senders))
    for sender in subject.senders:
        sender.prepare(each, octets)
    begun, cpu, sent, rounds = time.perf_counter(), subject.cpu_s(), 0, 0
    while sent < each:
        rounds += 1
        ahead = begun + rounds * ROUND_S - time.perf_counter()
        if ahead > 0:
            time.sleep(ahead)
        due = (time.perf_counter() - begun) * rate / len(subject.senders)
        for at, sender in enumerate(subject.senders):
            # Each caller's turn comes at another moment of the interval between two packets.
            sender.send(min(int(due + at / len(subject.senders)), each))
        sent = min(int(due), each)
        for sender in subject.senders:
            sender.drain(octets)
    took = time.perf_counter() - begun
    time.sleep(0.1)
    for sender in subject.senders:
        sender.drain(octets)
    spent, got = subject.cpu_s() - cpu, sum(sender.got for sender in subject.senders)
    return {
        "us": spent / max(got, 1) * 1e6,
        "delivered": got / (each * len(subject.senders)),
        "verified": sum(sender.verified for sender in subject.senders),
        "rate": got / took,
    }


async def measure(asked: argparse.Namespace) -> None:
    os.sched_setaffinity(0, {1})
    async with aiohttp.ClientSession() as session:
        subjects = [await start(session, kind) for kind in asked.kinds]
        for rate in asked.rates:
            runs: dict[str, list[dict[str, float]]] = {each.kind: [] for each in subjects}
            for repeat in range(asked.repeats):
                for subject in subjects if repeat % 2 == 0 else subjects[::-1]:
                    runs[subject.kind].append(run(subject, rate, asked.seconds, asked.octets))
            for kind, results in runs.items():
                print(json.dumps(figure(kind, rate, results)), flush=True)  # noqa: T201
        for subject in subjects:
            subject.process.stdin.close()
            await subject.process.wait()


def figure(kind: str, rate: int, results: list[dict[str, float]]) -> dict[str, object]:
    values = [round(result["us"], 2) for result in results]
    return {
        "bench": "media",
        "figure": "cpu_us_per_packet",
        "subject": kind,
        "at": f"{rate}pps",
        "value": round(statistics.median(values), 2),
        "unit": "us",
        "values": values,
        "delivered": round(min(result["delivered"] for result in results), 4),
        "reached": round(statistics.median(result["rate"] for result in results)),
        "verified": round(sum(result["verified"] for result in results)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kinds", nargs="*", default=["fast", "plain"])
    parser.add_argument("--rates", type=int, nargs="+", default=[2_000, 10_000, 25_000, 60_000])
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--octets", type=int, default=1100)
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    uvloop.run(serve(asked.serve)) if asked.serve else asyncio.run(measure(asked))


if __name__ == "__main__":
    main()
