"""`bench timers`: how late timers fire, spread and all at one instant, by one process and by several,
one of them killed on the way; that none fires twice and none is missing is counted from the outbox.

The timers are those of real bookings, and their effect is the real one. Time is set forward to just
before they are due.
"""

from __future__ import annotations

import argparse
import asyncio
import collections
import multiprocessing
import os
import signal
import tempfile
import time
from collections.abc import Iterator
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import NamedTuple

import msgspec
import uvloop
from redis.asyncio import Redis

from loadtest.bench.figures import Figure
from loadtest.bench.store.servers import valkey
from scheduler.bookings import Wish
from scheduler.events import Ended
from scheduler.rules import MINUTE_MS, Rules
from scheduler.store import keys
from scheduler.store.connection import ask, connect
from scheduler.store.ledger import Ledger
from scheduler.store.library import SUFFIX
from scheduler.store.ticker import Ticker

BENCH = "timers"
PIPELINE = 200
LENGTH_MIN = 25
SPREAD_MS = 30_000
STEP_MS = 100
LEAD_MS = 1_000
"""So long before the first is due is time set."""
PATIENCE_S = 120.0
BURST_MS = 0

pack = msgspec.msgpack.encode


class Told(NamedTuple):
    """The bookings whose end was told, when, and when the first of them was due."""

    due_ms: int
    ends: list[tuple[int, int]]
    """A member's number, and when their booking's end was told."""

    def late_ms(self, spread_ms: int) -> list[int]:
        """How late each was told, the soonest first."""
        return sorted(
            at_ms - self.due_ms - (number * STEP_MS % spread_ms if spread_ms else 0)
            for number, at_ms in self.ends
        )


def rules(spread_ms: int) -> Rules:
    """Starts a tenth of a second apart, so that the ends are too."""
    return msgspec.structs.replace(Rules(), grid_ms=STEP_MS if spread_ms else 15 * MINUTE_MS)


async def load(ledger: Ledger, redis: Redis, count: int, spread_ms: int) -> int:
    """So many bookings, most of them matched; gives when the first of their ends is due."""
    now_ms = await ledger.now_ms()
    first = now_ms - now_ms % (15 * MINUTE_MS) + 60 * MINUTE_MS
    for begin in range(0, count, PIPELINE):
        async with redis.pipeline(transaction=False) as pipeline:
            for number in range(begin, min(begin + PIPELINE, count)):
                start = first + (number * STEP_MS % spread_ms if spread_ms else 0)
                pipeline.execute_command(
                    "FCALL",
                    f"book{SUFFIX}",
                    1,
                    keys.root("a"),
                    "bench-request",
                    f"m{number:07}",
                    pack(Wish(start_ms=start, length_min=LENGTH_MIN)),
                )
            await pipeline.execute()
    return first + LENGTH_MIN * MINUTE_MS


def tick_for_ever(url: str, spread_ms: int) -> None:
    """One scheduler process."""

    async def run() -> None:
        ledger = Ledger(connect(url), rules=rules(spread_ms))
        await Ticker(ledger).run()

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    uvloop.run(run())


def start(count: int, url: str, spread_ms: int) -> list[BaseProcess]:
    context = multiprocessing.get_context("spawn")
    ticking: list[BaseProcess] = [
        context.Process(target=tick_for_ever, args=(url, spread_ms), daemon=True)
        for _ in range(count)
    ]
    for each in ticking:
        each.start()
    return ticking


async def drained(redis: Redis, left: int) -> None:
    """Wait until only so many timers are left, or patience is over."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if await redis.zcard(f"{keys.root('a')}:timers") <= left:
            return
        await asyncio.sleep(0.05)


async def ends(ledger: Ledger) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    offset = "0-0"
    while entries := await ledger.outbox_after(offset, count=5_000):
        offset = entries[-1][0]
        for _, event in entries:
            if isinstance(event, Ended):
                found += [(int(member[1:]), event.at_ms) for member in event.members]
    return found


async def run(url: str, count: int, spread_ms: int, processes: int, kill: bool) -> Told:
    redis = connect(url)
    await redis.flushall()
    ledger = Ledger(redis, rules=rules(spread_ms))
    await ledger.load_functions()
    due_ms = await load(ledger, redis, count, spread_ms)
    ticking = start(processes, url, spread_ms)
    # Everything before the ends first: reminders, passes, and who is late.
    await ledger.move_clock(due_ms - 5 * MINUTE_MS - await ledger.now_ms())
    await drained(redis, count)
    pairs = int(await ask(redis, "HGET", keys.meta("a"), "pairs") or 0)
    await redis.delete(keys.outbox("a"))
    await ledger.move_clock(due_ms - LEAD_MS - await ledger.now_ms())
    if kill:
        await asyncio.sleep((LEAD_MS + spread_ms / 2) / 1_000)
        os.kill(ticking[0].pid or 0, signal.SIGKILL)
    await drained(redis, pairs)  # of each pair the closing of the doors is left
    for each in ticking:
        each.kill()
        each.join()
    told = await ends(ledger)
    await redis.aclose()
    return Told(due_ms, told)


def report(told: Told, count: int, spread_ms: int, at: str) -> Iterator[Figure]:
    """Lateness from the outbox: when each end was told, by the store's own clock."""
    times = collections.Counter(number for number, _ in told.ends)
    late = told.late_ms(spread_ms)
    table = (
        ("lateness_p50", late[len(late) // 2], "ms"),
        ("lateness_p99", late[len(late) * 99 // 100], "ms"),
        ("lateness_max", late[-1], "ms"),
        ("fired_twice", sum(n - 1 for n in times.values()), "timers"),
        ("missing", count - len(times), "timers"),
    )
    for name, value, unit in table:
        yield Figure(
            bench=BENCH, figure=name, subject="ours", at=at, value=value, unit=unit, runs=1
        )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--timers", type=int, default=100_000)


def figures(options: argparse.Namespace) -> Iterator[Figure]:
    count = 5_000 if options.quick else options.timers
    with tempfile.TemporaryDirectory() as place, valkey(Path(place)) as server:
        for when, spread_ms, processes, kill in RUNS:
            who = "1 process" if processes == 1 else f"{processes} processes"
            at = f"{count} {when}, {who}{', one killed' if kill else ''}"
            told = uvloop.run(run(server.url, count, spread_ms, processes, kill))
            yield from report(told, count, spread_ms, at)


RUNS = (
    ("spread over 30 s", SPREAD_MS, 1, False),
    ("spread over 30 s", SPREAD_MS, 3, False),
    ("spread over 30 s", SPREAD_MS, 3, True),
    ("at one instant", BURST_MS, 1, False),
    ("at one instant", BURST_MS, 3, False),
)
"""When they are due, by how many processes they are fired, and whether one of these dies on the way."""
