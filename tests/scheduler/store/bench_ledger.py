"""What the ledger costs the store: CPU a call, with tens of thousands of members in it.

`python -m tests.scheduler.store.bench_ledger [members]` starts a store of its own, fills it, and
prints a line of JSON a figure. CPU is the server's own account of itself, so that a busy machine
does not change it much; nothing here is asserted anywhere.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec
from redis.asyncio import Redis

from scheduler.bookings import Gender, Profile, Task, Wish
from scheduler.rules import DEFAULT, MINUTE_MS
from scheduler.store import keys
from scheduler.store.connection import connect
from scheduler.store.ledger import Ledger
from scheduler.store.library import SUFFIX
from tests.support.store import running_store

MEMBERS = 30_000
BATCH = 100
CALLS = 6_000
RUNS = 3

Call = tuple[str | int | bytes, ...]


def say(figure: str, value: float, unit: str, **more: object) -> None:
    line = {"bench": "ledger", "figure": figure, "subject": "ours", **more}
    print(json.dumps({**line, "value": round(value, 1), "unit": unit}))  # noqa: T201


async def cpu_us(redis: Redis) -> float:
    cpu = await redis.info("cpu")
    return 1e6 * (float(cpu["used_cpu_user"]) + float(cpu["used_cpu_sys"]))


async def send(redis: Redis, calls: list[Call]) -> list[list[bytes]]:
    answers = []
    for begin in range(0, len(calls), BATCH):
        async with redis.pipeline(transaction=False) as pipeline:
            for name, *args in calls[begin : begin + BATCH]:
                pipeline.execute_command("FCALL", f"{name}{SUFFIX}", 1, keys.root("a"), *args)
            answers += await pipeline.execute()
    return answers


async def cost(redis: Redis, figure: str, calls: list[Call]) -> list[list[bytes]]:
    """CPU a call, batch by batch: the median, and the least tenth, which other work disturbs least."""
    answers, spent = [], []
    for begin in range(0, len(calls), BATCH):
        batch = calls[begin : begin + BATCH]
        before = await cpu_us(redis)
        answers += await send(redis, batch)
        spent.append((await cpu_us(redis) - before) / len(batch))
    spent.sort()
    refused = sum(each[0] == b"refused" for each in answers)
    say(figure, spent[len(spent) // 2], "us", at="median", calls=len(calls), refused=refused)
    say(figure, spent[len(spent) // 10], "us", at="least tenth", calls=len(calls), refused=refused)
    return answers


class Crowd:
    """Members with all sorts of profiles who book all sorts of slots."""

    def __init__(self, now_ms: int, members: int) -> None:
        self.dice = random.Random(7)
        self.first = now_ms - now_ms % DEFAULT.grid_ms + DEFAULT.grid_ms
        self.members = [f"m_{n:016x}" for n in range(members)]
        self.requests = (f"request-{n:08x}" for n in range(10**9))

    def profile(self) -> Profile:
        gender = self.dice.choice(list(Gender))
        asks = gender is not Gender.UNSAID and self.dice.random() < 0.2
        return Profile(
            gender=gender,
            only_gender=gender if asks else None,
            accepts_quiet=self.dice.random() < 0.8,
        )

    def profiles(self) -> Iterator[Call]:
        for member in self.members:
            yield "set_profile", next(self.requests), member, msgspec.msgpack.encode(self.profile())

    def wish(self, days: int) -> bytes:
        start = self.first + self.dice.randrange(days * 96) * DEFAULT.grid_ms
        wish = Wish(
            start_ms=start,
            length_min=self.dice.choice(DEFAULT.lengths_min),
            quiet=self.dice.random() < 0.15,
            task=self.dice.choice([Task.ANYTHING, Task.DESK, Task.DESK, Task.MOVING]),
            title="Chapter three",
        )
        return msgspec.msgpack.encode(wish)

    def bookings(self, count: int, days: int) -> list[Call]:
        return [
            ("book", next(self.requests), self.dice.choice(self.members), self.wish(days))
            for _ in range(count)
        ]

    def cancels(self, booked: list[list[bytes]]) -> list[Call]:
        made = [msgspec.msgpack.decode(each[1]) for each in booked if each[0] == b"ok"]
        return [("cancel", next(self.requests), each["member"], each["id"]) for each in made]


async def one_at_a_time(ledger: Ledger, crowd: Crowd) -> None:
    loop, spent = asyncio.get_running_loop(), []
    for _, request, member, wish in crowd.bookings(1_000, 14):
        begun = loop.time()
        try:
            await ledger.book(str(request), str(member), msgspec.msgpack.decode(wish, type=Wish))  # type: ignore[arg-type]
        except Exception:
            continue
        spent.append(1e6 * (loop.time() - begun))
    spent.sort()
    say("book_latency_p50", spent[len(spent) // 2], "us", at="one connection")
    say("book_latency_p99", spent[len(spent) * 99 // 100], "us", at="one connection")


async def main(url: str, members: int) -> None:
    redis = connect(url)
    ledger = Ledger(redis)
    await ledger.load_functions()
    crowd = Crowd(await ledger.now_ms(), members)
    await send(redis, list(crowd.profiles()))
    await send(redis, crowd.bookings(members, 14))
    say("loaded", (await redis.info("memory"))["used_memory"] / 2**20, "MiB", members=members)
    for _ in range(RUNS):
        booked = await cost(redis, "cpu_us_per_book_and_match", crowd.bookings(CALLS, 14))
        await cost(redis, "cpu_us_per_cancel_and_rematch", crowd.cancels(booked))
    await cost(redis, "cpu_us_per_book_in_crowded_slots", crowd.bookings(CALLS, 1))
    calls: list[Call] = [
        ("waiting", member, crowd.first, crowd.first + 24 * 60 * MINUTE_MS, 50, 0, 100)
        for member in crowd.dice.sample(crowd.members, 200)
    ]
    await cost(redis, "cpu_us_per_day_of_waiting", calls)
    await one_at_a_time(ledger, crowd)
    await ledger.move_clock(2 * 24 * 60 * MINUTE_MS)
    before, fired = await cpu_us(redis), 0
    while (tick := await ledger.tick(100)).fired:
        fired += tick.fired
    say("cpu_us_per_timer", (await cpu_us(redis) - before) / fired, "us", timers=fired)
    await redis.aclose()


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else MEMBERS
    with tempfile.TemporaryDirectory() as place, running_store(Path(place)) as address:
        asyncio.run(main(address, count))
