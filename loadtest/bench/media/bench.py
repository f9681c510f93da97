"""`bench media`: CPU a forwarded packet, delivery and added delay, beside other servers.

Every server gets the same pairs of callers, each of whom did ICE and DTLS once as a browser does, and
the same packets, protected before the clock starts. Servers are on one core, the load on another.
They come in turns, in another order each time; one in 16 packets that arrive is decrypted and
compared. A comparator that cannot run on this machine is a figure without a value that says why.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import msgspec
import uvloop

from loadtest.bench.figures import Figure
from loadtest.bench.media import tally
from loadtest.bench.media.batches import Sheaf
from loadtest.bench.media.debian import cache_place
from loadtest.bench.media.direct import direct
from loadtest.bench.media.janus import janus, janus_openssl
from loadtest.bench.media.limit import limit
from loadtest.bench.media.naive import naive_rooms
from loadtest.bench.media.ours import ours
from loadtest.bench.media.pion import pion
from loadtest.bench.media.process import Served, Wanted, cores_of, cpu_s, own_address
from loadtest.bench.media.tally import OURS, Cost, Delay, Room
from loadtest.bench.media.traffic import Counted, Road
from loadtest.bench.store.servers import NotHere

Server = Callable[[Wanted, Path], AbstractAsyncContextManager[Served]]

SERVERS: dict[str, Server] = {
    OURS: ours,
    "janus": janus,
    "janus-openssl": janus_openssl,
    "pion": pion,
    "c": limit,
}
NAIVE = "naive"
RATES = (25_000, 60_000)
QUICK_RATES = (5_000,)
MOST = 60_000
"""Packets a second the load reaches by itself."""
BEFORE_OTHERS = -20
"""How far server and load go before other work of the machine, if that is allowed."""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be measured."""

    against: tuple[str, ...]
    rates: tuple[int, ...]
    seconds: float
    repeats: int
    burst: int
    pairs: int
    delays: bool = True
    quiet: bool = False


class Notes:
    """All that was measured, and what could not be."""

    def __init__(self, plan: Plan, place: Path) -> None:
        self.plan = plan
        self.place = place
        self.costs: list[Cost] = []
        self.delays: list[Delay] = []
        self.rooms: list[Room] = []
        self.missing: dict[str, str] = {}
        self.wanted = Wanted(
            pairs=plan.pairs,
            host=own_address(),
            cores=cores_of(os.sched_getaffinity(0)),
            cache=cache_place(),
        )
        most = max([*plan.rates, MOST if plan.delays else 0])
        each = int(most * plan.seconds / (2 * plan.pairs)) + plan.burst
        self.sheaves = [Sheaf(each) for _ in range(2 * plan.pairs)]

    def progress(self, text: str) -> None:
        if not self.plan.quiet:
            sys.stderr.write(f"{text}\n")
            sys.stderr.flush()


async def measure(plan: Plan, place: Path) -> Notes:
    """All repeats of all servers."""
    notes = Notes(plan, place)
    names = [OURS, *(name for name in plan.against if name != NAIVE)]
    for repeat in range(plan.repeats):
        for name in tally.rotated(names, repeat):
            if name not in notes.missing:
                await one_server(notes, name, repeat)
        if NAIVE in plan.against and NAIVE not in notes.missing:
            await naive_server(notes, repeat)
    return notes


async def one_server(notes: Notes, name: str, repeat: int) -> None:
    """Start it, measure it at each rate and at half load, end it."""
    notes.progress(f"[{repeat + 1}/{notes.plan.repeats}] {name}")
    delays: list[Delay] = []
    try:
        async with carrying(notes, SERVERS[name]) as (served, road):
            notes.progress(f"  SRTP: {served.crypto}")
            costs = [at_rate(notes, name, repeat, rate, served, road) for rate in notes.plan.rates]
            if notes.plan.delays:
                delays.append(await at_half_load(notes, name, repeat, costs[-1], road))
    except NotHere as why:
        notes.missing[name] = str(why)
        notes.progress(f"  not measured: {why}")
        return
    notes.costs += costs
    notes.delays += delays


@contextlib.asynccontextmanager
async def carrying(notes: Notes, server: Server) -> AsyncIterator[tuple[Served, Road]]:
    """A server whose callers all hear each other."""
    async with server(notes.wanted, notes.place) as served:
        road = Road(served.lines, notes.sheaves)
        try:
            road.warm_up()
            yield served, road
        finally:
            road.close()
            for line in served.lines:
                line.sock.close()


def at_rate(notes: Notes, name: str, repeat: int, rate: int, served: Served, road: Road) -> Cost:
    before = cpu_s(served.pid)
    counted = road.run(rate, notes.plan.seconds, notes.plan.burst)
    cost = cost_of(name, repeat, rate, counted, cpu_s(served.pid) - before)
    notes.progress(
        f"  {rate} packets/s: {cost.cpu_us:.2f} us a packet, {cost.delivery:.2%} delivered, "
        f"{cost.verified} verified"
    )
    return cost


def cost_of(name: str, repeat: int, rate: int, counted: Counted, spent: float) -> Cost:
    """`NotHere` if a server delivers something else than what was sent: its cost means nothing."""
    if counted.wrong or not counted.verified:
        raise NotHere(f"{counted.wrong} wrong packets, {counted.verified} right ones")
    return Cost(
        subject=name,
        repeat=repeat,
        rate=rate,
        offered=counted.sent / counted.took_s,
        sent=counted.sent,
        got=counted.got,
        verified=counted.verified,
        cpu_s=spent,
    )


async def at_half_load(notes: Notes, name: str, repeat: int, cost: Cost, road: Road) -> Delay:
    """The way of packets through the server and, right after, without it."""
    rate, plan = tally.half_load(cost.cpu_us, MOST), notes.plan
    through = road.run(rate, plan.seconds, plan.burst).ages
    async with carrying(notes, direct) as (_, alone):
        without = alone.run(rate, plan.seconds, plan.burst).ages
    delay = Delay(
        subject=name,
        repeat=repeat,
        rate=rate,
        p50_ms=1e3 * tally.percentile(through, 0.5),
        p99_ms=1e3 * tally.percentile(through, 0.99),
        direct_p50_ms=1e3 * tally.percentile(without, 0.5),
        direct_p99_ms=1e3 * tally.percentile(without, 0.99),
    )
    notes.progress(
        f"  {rate} packets/s: added p50 {delay.added_p50_ms:.2f} ms, p99 {delay.added_p99_ms:.2f} ms"
    )
    return delay


async def naive_server(notes: Notes, repeat: int) -> None:
    notes.progress(f"[{repeat + 1}/{notes.plan.repeats}] {NAIVE}")
    try:
        room = await naive_rooms(notes.wanted, notes.place, repeat)
    except NotHere as why:
        notes.missing[NAIVE] = str(why)
        notes.progress(f"  not measured: {why}")
        return
    notes.rooms.append(room)
    notes.progress(f"  {room.pairs:.2f} pairs a core")


def found(notes: Notes) -> Iterator[Figure]:
    """All figures, and those that could not be had."""
    plan = notes.plan
    yield from tally.cost_figures(notes.costs)
    yield from tally.ratio_figures(notes.costs)
    yield from tally.delay_figures(notes.delays)
    if NAIVE in plan.against:
        top = max(plan.rates)
        rooms = [*tally.rooms_of(notes.costs, top), *notes.rooms]
        yield from tally.room_figures(rooms, f"{tally.PAIR_PPS} packets/s a pair")
    for name, why in notes.missing.items():
        yield from (
            tally.missing_room(name, why) if name == NAIVE else tally.missing(name, plan.rates, why)
        )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    choices = [*(name for name in SERVERS if name != OURS), NAIVE]
    parser.add_argument("--against", default="", help=f"separated by commas: {', '.join(choices)}")
    parser.add_argument("--rates", default="", help="packets a second, separated by commas")
    parser.add_argument("--seconds", type=float, default=4.0, help="of each run")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--pairs", type=int, default=20)
    parser.add_argument("--burst", type=int, default=2, help="packets of one caller at a time")


def plan_of(options: argparse.Namespace) -> Plan:
    against = words(options.against)
    if unknown := [name for name in against if name not in {*SERVERS, NAIVE} - {OURS}]:
        raise SystemExit(f"nothing to compare with is called {', '.join(unknown)}")
    quick = bool(options.quick)
    rates = tuple(map(int, words(options.rates))) or (QUICK_RATES if quick else RATES)
    return Plan(
        against=against,
        rates=tuple(sorted(rates)),
        seconds=1.0 if quick else options.seconds,
        repeats=1 if quick else options.repeats,
        burst=options.burst,
        pairs=options.pairs,
    )


def words(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))


def figures(options: argparse.Namespace) -> Iterator[Figure]:
    plan: Plan = plan_of(options)
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, BEFORE_OTHERS)
    with tempfile.TemporaryDirectory() as place:
        yield from found(uvloop.run(measure(plan, Path(place))))
