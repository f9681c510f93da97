"""`bench changes`: how long somebody whose partner did not come waits for the store to name another.

One slot of many couples, of each of which only one comes. Two minutes after T all who came ask for
somebody else, from many hands at once; so for all but the last somebody compatible waits. What a page
sees on top is two messages on sockets that are open.
"""

from __future__ import annotations

import argparse
import asyncio
import collections
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import uvloop

from loadtest.bench.figures import Figure
from loadtest.bench.store.servers import valkey
from scheduler.bookings import Booking, Wish
from scheduler.presence import PresenceEvent, Seen
from scheduler.rules import DEFAULT, MINUTE_MS
from scheduler.standby import Outcome
from scheduler.store.connection import connect
from scheduler.store.ledger import Ledger
from scheduler.store.standby import Standby

BENCH = "changes"
LENGTH_MIN = 50


class Asked(collections.Counter[Outcome]):
    """What came of the asking, and how long each took, in milliseconds."""

    def __init__(self) -> None:
        super().__init__()
        self.took_ms: list[float] = []


async def half_empty_slot(ledger: Ledger, standby: Standby, couples: int) -> list[Booking]:
    """A slot that has begun; the bookings of those who came, one of each couple."""
    now_ms = await ledger.now_ms()
    start_ms = now_ms - now_ms % DEFAULT.grid_ms + 2 * DEFAULT.grid_ms
    wish = Wish(start_ms=start_ms, length_min=LENGTH_MIN)
    made = [await ledger.book(f"r{n}", f"m{n}", wish) for n in range(2 * couples)]
    await ledger.move_clock(start_ms - MINUTE_MS - now_ms)
    came = [await ledger.booking(each.id) for each in made[1::2]]
    for booking in came:
        join = PresenceEvent(
            id=f"{booking.id}:came", member=booking.member, seen=Seen.JOIN, at_ms=start_ms
        )
        await ledger.record(str(booking.pair), [join])
    await ledger.move_clock(start_ms + DEFAULT.late_ms - await ledger.now_ms())
    while (await ledger.tick(500)).fired:
        pass
    await all_here(standby, came)
    return came


async def all_here(standby: Standby, bookings: list[Booking]) -> None:
    for booking in bookings:
        await standby.here(booking.member, booking.id)


async def ask(standby: Standby, bookings: list[Booking], hands: int) -> Asked:
    """All of them ask, from so many hands."""
    asked, waiting = Asked(), iter(bookings)

    async def hand() -> None:
        for booking in waiting:
            begun = time.perf_counter()
            found = await standby.seek(f"s{booking.id}", booking.member, booking.id, newcomers=True)
            asked.took_ms.append(1e3 * (time.perf_counter() - begun))
            asked[found.outcome] += 1

    await asyncio.gather(*(hand() for _ in range(hands)))
    return asked


async def run(url: str, couples: int, hands: int) -> Asked:
    redis = connect(url)
    ledger = Ledger(redis)
    await ledger.load_functions()
    standby = Standby(ledger.calls)
    came = await half_empty_slot(ledger, standby, couples)
    asked = await ask(standby, came, hands)
    await redis.aclose()
    return asked


def report(asked: Asked, at: str) -> Iterator[Figure]:
    took, total = sorted(asked.took_ms), sum(asked.values())
    table = (
        ("seek_p50", took[len(took) // 2], "ms"),
        ("seek_p99", took[len(took) * 99 // 100], "ms"),
        ("nobody_free", 100 * asked[Outcome.NOBODY] / total, "%"),
    )
    for name, value, unit in table:
        yield Figure(
            bench=BENCH, figure=name, subject="ours", at=at, value=value, unit=unit, runs=1
        )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--couples", type=int, default=2_000, help="in one slot, half of each here")
    parser.add_argument("--hands", type=int, default=50, help="who ask at the same time")


def figures(options: argparse.Namespace) -> Iterator[Figure]:
    couples = 100 if options.quick else options.couples
    with tempfile.TemporaryDirectory() as place, valkey(Path(place)) as server:
        asked = uvloop.run(run(server.url, couples, options.hands))
    yield from report(asked, f"{couples} couples, {options.hands} at a time")
