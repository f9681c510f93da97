"""`bench scheduler`: what booking and matching costs the store, beside PostgreSQL doing the same.

Both get the same members and the same requests in turns, from the same kind of client on as many
connections; CPU is what the kernel counted for the server's processes, which a busy machine changes
little. Nothing here is asserted anywhere.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import hiredis
import msgspec
import uvloop
from redis.asyncio import Redis

from loadtest.bench.figures import Figure
from loadtest.bench.store.crowd import Crowd
from loadtest.bench.store.postgres import Postgres
from loadtest.bench.store.servers import NotHere, Server, postgres, valkey
from scheduler.bookings import Wish
from scheduler.errors import SchedulerError
from scheduler.store import keys
from scheduler.store.ledger import Ledger
from scheduler.store.library import SUFFIX

BENCH = "scheduler"
SLOW_US = 10_000
PIPELINE = 200

Request = tuple[str, str, Wish]
"""Request id, member and wish."""
Book = Callable[[str, str, Wish], Awaitable[bool]]
pack = msgspec.msgpack.encode


class Round(msgspec.Struct, frozen=True, kw_only=True):
    """One batch of bookings against one server."""

    cpu_us: float
    """Of the server, per booking."""
    rate: float
    """Bookings a second, the client's own work included."""
    p50_ms: float
    p99_ms: float


class Line(asyncio.Protocol):
    """One connection, one command at a time: as little of a client as the other's driver, which is in C.
    With one that takes longer than the store, it is the client that is measured."""

    def __init__(self) -> None:
        self._reader = hiredis.Reader()
        self._answer: asyncio.Future[Any] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._reader.feed(data)
        answer = self._reader.gets()
        if answer is not False and self._answer:
            self._answer.set_result(answer)

    async def ask(self, *words: str | bytes | int) -> Any:
        assert self._transport
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(hiredis.pack_command(cast(Any, words)))
        return await self._answer

    def close(self) -> None:
        if self._transport:
            self._transport.close()


class Ours:
    """The ledger's `book`, sent as bare as the other's statement: one function call a booking."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._idle: asyncio.Queue[Line] = asyncio.Queue()
        self.redis = Redis.from_url(url)
        self.ledger = Ledger(Redis.from_url(url))

    async def connect(self, connections: int) -> None:
        where, loop = urlsplit(self._url), asyncio.get_running_loop()
        host, port = where.hostname or "", where.port or 0
        for _ in range(connections):
            _, line = await loop.create_connection(Line, host, port)
            self._idle.put_nowait(line)

    async def load(self, crowd: Crowd, before: list[Request]) -> None:
        """Members first, then what they have booked already."""
        await self.ledger.load_functions()
        await self.send([("set_profile", crowd.request(), m, pack(p)) for m, p in crowd.profiles()])
        await self.send([("book", r, m, pack(wish)) for r, m, wish in before])

    async def send(self, calls: list[tuple[Any, ...]]) -> None:
        for begin in range(0, len(calls), PIPELINE):
            async with self.redis.pipeline(transaction=False) as pipeline:
                for name, *args in calls[begin : begin + PIPELINE]:
                    pipeline.execute_command("FCALL", name + SUFFIX, 1, keys.root("a"), *args)
                await pipeline.execute()

    async def book(self, request: str, member: str, wish: Wish) -> bool:
        """Whether it was booked."""
        line = await self._idle.get()
        function, tag = f"book{SUFFIX}", keys.root("a")
        answer = await line.ask("FCALL", function, 1, tag, request, member, pack(wish))
        self._idle.put_nowait(line)
        return bool(answer[0] == b"ok")

    async def matched_share(self) -> float:
        """How many of all bookings found somebody."""
        pairs, bookings = await self.redis.hmget(keys.meta("a"), ["pairs", "bookings"])
        return 200 * int(pairs or 0) / max(1, int(bookings or 0))

    async def close(self) -> None:
        while not self._idle.empty():
            self._idle.get_nowait().close()
        await self.redis.aclose()


async def measured(server: Server, book: Book, requests: list[Request], hands: int) -> Round:
    """All requests, from so many hands at once."""
    waiting, took = iter(requests), []

    async def hand() -> None:
        for request, member, wish in waiting:
            begun = time.perf_counter()
            await book(request, member, wish)
            took.append(time.perf_counter() - begun)

    cpu, begun = server.cpu_s(), time.perf_counter()
    await asyncio.gather(*(hand() for _ in range(hands)))
    spent, passed = server.cpu_s() - cpu, time.perf_counter() - begun
    took.sort()
    return Round(
        cpu_us=1e6 * spent / len(requests),
        rate=len(requests) / passed,
        p50_ms=1e3 * took[len(took) // 2],
        p99_ms=1e3 * took[len(took) * 99 // 100],
    )


def figure(name: str, subject: str, at: str, value: float | None, unit: str, **more: Any) -> Figure:
    return Figure(
        bench=BENCH,
        figure=name,
        subject=subject,
        at=at,
        value=value,
        unit=unit,
        **{"runs": 1, **more},
    )


def middle(rounds: list[Round]) -> Round:
    """The median of each figure."""
    names = Round.__struct_fields__
    return Round(**{n: statistics.median(getattr(each, n) for each in rounds) for n in names})


def costs(subject: str, round: Round, at: str, runs: int) -> list[Figure]:
    return [
        figure("store_cpu_us_per_booking", subject, at, round.cpu_us, "us", runs=runs),
        figure("rate", subject, at, round.rate, "bookings/s", runs=runs),
        figure("latency_p50", subject, at, round.p50_ms, "ms", runs=runs),
        figure("latency_p99", subject, at, round.p99_ms, "ms", runs=runs),
    ]


def ratios(ours: Round, theirs: Round, at: str, runs: int) -> list[Figure]:
    table = (("rate_ratio", ours.rate / theirs.rate), ("cpu_ratio", ours.cpu_us / theirs.cpu_us))
    return [figure(name, "ours/postgres", at, value, "x", runs=runs) for name, value in table]


async def slowest(redis: Redis) -> list[Figure]:
    """The longest call of any kind since the start, and how many took over 10 ms."""
    log = await redis.slowlog_get(10_000)
    calls = [each["duration"] for each in log if bytes(each["command"]).startswith(b"FCALL")]
    over = sum(call > SLOW_US for call in calls)
    return [
        figure("slowest_call", "ours", "all calls", max(calls, default=0) / 1e3, "ms"),
        figure("calls_over_10_ms", "ours", "all calls", over, "calls"),
    ]


async def in_turns(options: argparse.Namespace, mine: Server, peer: Server | None) -> list[Figure]:
    """Both loaded alike, then the same requests to one and to the other, again and again."""
    crowd = Crowd(options.members, int(time.time() * 1_000))
    ours = Ours(mine.url)
    await ours.connect(options.connections)
    await ours.redis.config_set("slowlog-log-slower-than", 1_000)
    await ours.redis.config_set("slowlog-max-len", 10_000)
    before = crowd.bookings(options.loaded)
    await ours.load(crowd, before)
    theirs = await loaded(peer, crowd, before, options) if peer else None
    rounds: dict[str, list[Round]] = {"ours": [], "postgres": []}
    batched: list[float] = []
    for _ in range(options.rounds):
        requests = crowd.bookings(options.bookings)
        rounds["ours"].append(await measured(mine, ours.book, requests, options.connections))
        if peer and theirs:
            done = await measured(peer, theirs.book, requests, options.connections)
            rounds["postgres"].append(done)
        batched.append(await in_batches(mine, ours, crowd.bookings(options.bookings)))
    at = f"{options.members} members, {options.connections} connections"
    found = compared(rounds, at)
    alone, spent = f"{options.members} members, in batches", statistics.median(batched)
    found.append(figure("store_cpu_us_per_booking", "ours", alone, spent, "us", runs=len(batched)))
    found.append(figure("matched", "ours", at, await ours.matched_share(), "%"))
    if theirs:
        found.append(figure("matched", "postgres", at, await theirs.matched_share(), "%"))
    found += await one_at_a_time(mine, ours, crowd, options)
    found += await slowest(ours.redis)
    if theirs:
        await theirs.close()
    await ours.close()
    return found


def compared(rounds: dict[str, list[Round]], at: str) -> list[Figure]:
    middles = {subject: middle(each) for subject, each in rounds.items() if each}
    runs = len(rounds["ours"])
    found = [f for subject, each in middles.items() for f in costs(subject, each, at, runs)]
    if "postgres" in middles:
        found += ratios(middles["ours"], middles["postgres"], at, runs)
    return found


async def in_batches(server: Server, ours: Ours, requests: list[Request]) -> float:
    """CPU a booking without the network's share: what the function itself costs, in microseconds."""
    before = server.cpu_s()
    await ours.send([("book", request, who, pack(wish)) for request, who, wish in requests])
    return 1e6 * (server.cpu_s() - before) / len(requests)


async def loaded(
    server: Server, crowd: Crowd, before: list[Request], options: argparse.Namespace
) -> Postgres:
    theirs = await Postgres.open(server.url, crowd, options.connections)
    await measured(server, theirs.book, before, options.connections)
    await theirs.tidy()
    return theirs


async def one_at_a_time(
    server: Server, ours: Ours, crowd: Crowd, options: argparse.Namespace
) -> list[Figure]:
    """The waiting of one member whom nobody is in the way of, through the ledger's own face."""

    async def book(request: str, member: str, wish: Wish) -> bool:
        with contextlib.suppress(SchedulerError):
            await ours.ledger.book(request, member, wish)
            return True
        return False

    done = await measured(server, book, crowd.bookings(options.bookings // 4), 1)
    return [
        figure("latency_p50", "ours", "one connection", done.p50_ms, "ms"),
        figure("latency_p99", "ours", "one connection", done.p99_ms, "ms"),
    ]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--against", choices=["postgres"], help="measure this one too, in turns")
    parser.add_argument("--members", type=int, default=100_000)
    parser.add_argument("--loaded", type=int, default=100_000, help="bookings made beforehand")
    parser.add_argument("--bookings", type=int, default=10_000, help="in each round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--connections", type=int, default=50)


def figures(options: argparse.Namespace) -> Iterator[Figure]:
    if options.quick:
        options.members, options.loaded, options.bookings, options.rounds = 5_000, 5_000, 1_000, 3
    with contextlib.ExitStack() as stack:
        places = [Path(stack.enter_context(tempfile.TemporaryDirectory())) for _ in range(2)]
        mine, peer = stack.enter_context(valkey(places[0])), None
        if options.against:
            try:
                peer = stack.enter_context(postgres(places[1]))
            except NotHere as why:
                yield figure("rate_ratio", "ours/postgres", "", None, "x", why=str(why))
        yield from uvloop.run(in_turns(options, mine, peer))
