"""Nonsense against a worker: `python -m tests.media.fuzz --datagrams 1000000`.

A call runs; a stranger, and one of the callers' own addresses, send seeded nonsense of every sort: to
an ordinary call, to one that comes by IPv6 and leaves by IPv4, to a blind one. Whatever comes, the
worker reads all of it and lives, the call goes on, nobody is answered, nothing but harmless RTCP
reaches the partner, nothing is written beside the buffers, and nothing grows.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import itertools
import json
import random
import resource
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

from media.demux import Kind, kind_of, ssrc_of
from media.rtcp import key_frame_request, loosened, thinned
from media.udp.batch import BATCH, ROOM, STRIDE
from media.udp.fast import FastPort
from media.udp.route import ASK_EVERY_S, FLOWS_MAX, STREAMS_MAX
from tests.media.caller import Caller
from tests.media.conftest import Bench, open_bench
from tests.media.nonsense import feedback, nonsense
from tests.media.test_strangers import Stranger, lives

PLENTY = {"strangers_per_s": 10**9, "packets_per_s": 10**9, "bytes_per_s": 10**12}
BURSTS = (1, 7, 40, 64, 100)
"""So many are sent before the worker gets its turn, so that batches are of every size."""
TURNS = 10_000
"""The worker has so many turns to read a burst, and the partner what came of it."""
TICK_EVERY = 2_000
"""Datagrams from one tick to the next."""
GROWTH_MAX_KIB = 8 * 1024
CANARY = b"\xa5" * (STRIDE - ROOM)
WORKERS_OWN = 1
"""The stream by whose name the worker itself asks for pictures."""

Call = tuple[Caller, Caller]
Connect = Callable[[Bench], Awaitable[Call]]


async def ordinary(bench: Bench) -> Call:
    return await bench.connected(await bench.hub())


async def across_families(bench: Bench) -> Call:
    """The one who sends nonsense has IPv6, its partner IPv4."""
    hub = await bench.hub()
    legs = await bench.open(hub)
    a, b = await bench.caller(legs[0], at=1), await bench.caller(legs[1])
    await hub.say(a.remote("p1", 1, 0))
    await hub.say(b.remote("p1", 1, 1))
    assert await asyncio.gather(a.connect(), b.connect()) == [True, True]
    return a, b


async def blind(bench: Bench) -> Call:
    return await bench.connected_blind(await bench.hub())


WAYS: dict[str, Connect] = {"ordinary": ordinary, "ipv6": across_families, "blind": blind}
SETTINGS = {"ordinary": PLENTY, "ipv6": PLENTY | {"host6": "::1"}, "blind": PLENTY}


class Fuzz:
    """One call under fire."""

    def __init__(self, bench: Bench, call: Call, stranger: Stranger, *, blind: bool) -> None:
        self.bench = bench
        self.a, self.b = call
        self.stranger = stranger
        self.blind = blind
        self.sent = 0
        self.passes: Counter[Kind] = Counter()
        """What a blind leg has to hand on as it is."""
        self.asked = 0
        """How often the partner was asked for a picture."""
        self._read_before = bench.totals.packets_in
        self._began = bench.clock()
        self._heard_before = {who: Counter(who.heard) for who in call}

    def send(self, at: int, datagram: bytes) -> None:
        """The two take turns."""
        self.sent += 1
        if at % 2 == 0:
            self.stranger.send(datagram)
            return
        self.a.send(datagram)
        if kind_of(datagram) not in (Kind.STUN, Kind.JUNK):
            self.passes[kind_of(datagram)] += 1

    async def says(self, datagrams: Iterator[bytes], count: int) -> list[bytes]:
        """Let the caller send so many of these alone, so that they are nothing new from anybody else."""
        said = list(itertools.islice(datagrams, count))
        for datagram in said:
            self.send(1, datagram)
        await self.caught_up()
        return said

    async def caught_up(self) -> None:
        """Let the worker read all that was sent, and the partner what is handed on."""
        for _ in range(TURNS):
            if self._read() >= self.sent and self._nothing_under_way():
                return
            await asyncio.sleep(0)
        raise AssertionError(f"{self._read()} of {self.sent} were read; {self.passes}")

    def _read(self) -> int:
        return self.bench.totals.packets_in - self._read_before

    def _nothing_under_way(self) -> bool:
        return not self.blind or self.heard(self.b) == self.passes

    def heard(self, caller: Caller) -> Counter[Kind]:
        """What has come since the nonsense began, but for checks."""
        found = caller.heard - self._heard_before[caller]
        del found[Kind.STUN]
        return found

    async def tick(self) -> None:
        """Consent and allowances, as in a long call; and a look at what came of it all."""
        await self.a.check()
        await self.b.check()
        self.bench.tick()
        self.look()

    def look(self) -> None:
        """Nobody is answered; what reaches the two is harmless."""
        assert self.stranger.answers == []
        assert self.a.answers.empty()
        assert set(self.heard(self.a)) <= {Kind.RTCP}
        while not self.a.media.empty():
            assert self.a.media.get_nowait() == (Kind.RTCP, key_frame_request(7))
        proven = self.bench.streams(0) | {WORKERS_OWN}
        while not self.b.media.empty():
            kind, packet = self.b.media.get_nowait()
            assert kind is Kind.RTCP
            if self.blind:
                continue
            assert loosened(packet) == packet
            ssrc = ssrc_of(packet, kind)
            assert ssrc in proven
            self.asked += asks_somebody(packet) and ssrc != WORKERS_OWN
        assert self.blind or self.b.unread == 0
        of_streams = 2  # the one there is, and all that are not, which count as one
        assert self.asked <= of_streams * (1 + (self.bench.clock() - self._began) / ASK_EVERY_S)


async def fuzz(bench: Bench, *, count: int, seed: int, way: str = "ordinary") -> dict[str, int]:
    """Send this many datagrams of nonsense through a call and check what has to hold."""
    a, _ = call = await WAYS[way](bench)
    stranger = await Stranger(bench.worker.port, a.at[0]).open()
    arena, chance = guarded(bench), random.Random(seed)
    assert a.keys is not None
    authentic = feedback(a.keys.protect_rtcp, seed=seed)
    real = await some_of(call)
    under_fire = Fuzz(bench, call, stranger, blind=way == "blind")
    real += await under_fire.says(authentic, 100)
    burst, at_quarter = 0, 0
    for at, datagram in enumerate(nonsense(a, [*real, b""], seed=seed, count=count)):
        under_fire.send(at, next(authentic) if at % 8 == 7 else datagram)
        if at >= burst:
            await under_fire.caught_up()
            burst = at + chance.choice(BURSTS)
        if at % TICK_EVERY == TICK_EVERY - 1:
            await under_fire.tick()
        if at == count // 4:
            at_quarter = resident_kib()
    await under_fire.caught_up()
    await under_fire.tick()
    grown = resident_kib() - at_quarter
    assert grown < GROWTH_MAX_KIB
    assert "kernel" not in bench.dropped
    assert arena is None or intact(arena)
    assert await lives(call, seq=1000)
    stranger.close()
    bounded(bench)
    return {"packets_in": bench.totals.packets_in, "grown_kib": grown} | bench.dropped


def asks_somebody(packet: bytes) -> bool:
    """Whether it holds a request for a picture that names a stream, of whoever it may be."""
    return thinned(packet, lambda _: False) != packet


async def some_of(call: Call) -> list[bytes]:
    """A call's own packets, which its partner has had already; and both are known by a stream."""
    a, b = call
    sent = [a.send_rtp(seq, bytes(seq)) for seq in range(1, 200)]
    for packet in sent:
        assert await b.next_rtp() == packet
    assert b.send_rtp(1, b"seen", ssrc=9) == await a.next_rtp()
    return [*map(a.protected, sent)]


def resident_kib() -> int:
    """What this process holds now; where the kernel does not tell, the most it ever held."""
    gc.collect()
    told = Path("/proc/self/statm")
    if told.exists():
        return int(told.read_text().split()[1]) * resource.getpagesize() // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def guarded(bench: Bench) -> memoryview | None:
    """The fast loop's buffers, with something we know between them."""
    port = bench.worker._port
    if not isinstance(port, FastPort):
        return None
    for slot in range(BATCH):
        port.arena.bytes[slot * STRIDE + ROOM : (slot + 1) * STRIDE] = CANARY
    return port.arena.bytes


def intact(arena: memoryview) -> bool:
    between = (arena[slot * STRIDE + ROOM : (slot + 1) * STRIDE] for slot in range(BATCH))
    return all(bytes(gap) == CANARY for gap in between)


def bounded(bench: Bench) -> None:
    for pair in bench.worker.sfu.pairs:
        for leg in pair.legs:
            assert len(leg.route.streams) <= STREAMS_MAX
            assert len(leg.route.pictures) <= STREAMS_MAX
            assert len(leg.route.flows) <= FLOWS_MAX


async def main(count: int, seed: int) -> None:
    for way in WAYS:
        dropped = [await one(loop, way, count, seed) for loop in ("fast", "plain")]
        assert dropped[0] == dropped[1], "one loop drops what the other does not"


async def one(loop: str, way: str, count: int, seed: int) -> dict[str, int]:
    """So much through one loop; what it dropped, by reasons."""
    bench = await open_bench(fast=loop == "fast", **SETTINGS[way])
    began = time.monotonic()
    seen = await fuzz(bench, count=count, seed=seed, way=way)
    took = {"seconds": round(time.monotonic() - began)}
    await bench.close()
    print(json.dumps({"loop": loop, "way": way} | took | seen), flush=True)  # noqa: T201
    return dict(bench.dropped)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--datagrams", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    asyncio.run(main(asked.datagrams, asked.seed))
