"""Nonsense against a worker: `python -m tests.media.fuzz --datagrams 1000000`.

A call runs; a stranger, and one of the callers' own addresses, send seeded nonsense of every sort.
Whatever comes, the worker lives, the call goes on, nobody is answered, nothing is written beside
the buffers, and nothing grows without end.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import resource
from collections.abc import Iterator

from media.udp.batch import BATCH, ROOM, STRIDE
from media.udp.fast import FastPort
from media.udp.route import FLOWS_MAX, STREAMS_MAX
from tests.media.caller import Caller
from tests.media.conftest import Bench, open_bench
from tests.media.test_strangers import Stranger, lives

PLENTY = {"strangers_per_s": 10**9, "packets_per_s": 10**9, "bytes_per_s": 10**12}
AT_ONCE = 40
"""Sent before the worker gets its turn, so that batches are of every size."""

CANARY = b"\xa5" * (STRIDE - ROOM)


async def fuzz(bench: Bench, *, count: int, seed: int) -> dict[str, int]:
    """Send this many datagrams of nonsense through a call and check what has to hold."""
    a, b = call = await bench.connected(await bench.hub())
    stranger = await Stranger(bench.worker.port).open()
    arena = guarded(bench)
    real = [a.send_rtp(seq, bytes(seq)) for seq in range(1, 200)]
    for packet in real:
        assert await b.next_rtp() == packet
    protected = [*map(a.protected, real), b""]
    for at, datagram in enumerate(nonsense(a, protected, seed=seed, count=count)):
        (a if at % 2 else stranger).send(datagram)
        if at % AT_ONCE == AT_ONCE - 1:
            await asyncio.sleep(0)
        if at % 20_000 == 19_999:  # consent and allowances, as in a long call
            await a.check()
            await b.check()
            bench.tick()
    await b.check()  # answered in order: all has been dealt with
    assert b.media.empty()
    assert b.unread == 0
    assert stranger.answers == []
    assert arena is None or intact(arena)
    assert await lives(call, seq=1000)
    stranger.close()
    bounded(bench)
    return {"packets_in": bench.totals.packets_in} | bench.dropped


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


def nonsense(caller: Caller, real: list[bytes], *, seed: int, count: int) -> Iterator[bytes]:
    """Random bytes under every kind of first byte, and real packets, cut, changed and replayed."""
    chance = random.Random(seed)
    asked = [caller.request(pwd="x" * 22), caller.request(username="\u00e9:\u00e9")]
    for _ in range(count):
        yield chance.choice(_MAKERS)(chance, chance.choice([*real, *asked]))


def _random(chance: random.Random, real: bytes) -> bytes:
    sizes = [1, 2, 7, 11, 12, 13, 20, 28, 60, 1200, 1888, 1889, 2048, 2500, 9000]
    return chance.randbytes(chance.choice(sizes))


def _under_a_kind(chance: random.Random, real: bytes) -> bytes:
    heads = [
        b"\x00\x01",
        b"\x16\xfe\xfd",
        b"\x17",
        b"\x80\x60",
        b"\x90\xe0",
        b"\x80\xc8",
        b"\x81\xce",
    ]
    return chance.choice(heads) + _random(chance, real)


def _of_a_stream(chance: random.Random, real: bytes) -> bytes:
    """Under the header of a stream that passes, with extensions and lists of any length."""
    head = bytes([chance.choice([0x80, 0x8F, 0x90, 0xBF]), 0xE0]) + chance.randbytes(6)
    return head + real[8:12] + _random(chance, real)


def _cut(chance: random.Random, real: bytes) -> bytes:
    return real[: chance.randrange(len(real) + 1)]


def _flipped(chance: random.Random, real: bytes) -> bytes:
    damaged = bytearray(real or b"?")
    damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
    return bytes(damaged)


def _lengthened(chance: random.Random, real: bytes) -> bytes:
    return real + _random(chance, real)


def _replayed(chance: random.Random, real: bytes) -> bytes:
    return real


_MAKERS = [_random, _under_a_kind, _of_a_stream, _cut, _flipped, _lengthened, _replayed]


async def main(count: int, seed: int) -> None:
    for loop in ("fast", "plain"):
        bench = await open_bench(fast=loop == "fast", **PLENTY)
        await fuzz(bench, count=count // 10, seed=seed + 1)
        await bench.close()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        bench = await open_bench(fast=loop == "fast", **PLENTY)
        seen = await fuzz(bench, count=count, seed=seed)
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        await bench.close()
        print(json.dumps({"loop": loop, "grown_kib": grown} | seen), flush=True)  # noqa: T201


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--datagrams", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    asyncio.run(main(asked.datagrams, asked.seed))
