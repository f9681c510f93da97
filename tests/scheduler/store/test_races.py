"""Many at once: whatever the order, the ledger stays whole."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from typing import Any

import pytest
from redis.asyncio import Redis

from scheduler import errors
from scheduler.bookings import Booking
from scheduler.events import Ended
from scheduler.rules import MINUTE_MS
from scheduler.store.ledger import Ledger
from tests.scheduler.store.invariants import check, snapshot
from tests.scheduler.store.servers import connected
from tests.scheduler.store.town import Town


@pytest.fixture
async def doors(store_url: str, town: Town) -> AsyncIterator[list[Ledger]]:
    """Ledgers of several processes: each with connections of its own."""
    clients = [await connected(store_url) for _ in range(4)]
    yield [Ledger(client) for client in clients]
    for client in clients:
        await client.aclose()


async def at_once(*calls: Awaitable[Any]) -> list[Any]:
    return await asyncio.gather(*calls, return_exceptions=True)


async def whole(redis: Redis, ledger: Ledger) -> None:
    check(await snapshot(redis, "a", await ledger.now_ms()))


async def test_two_hundred_at_one_slot_make_a_hundred_pairs(
    town: Town, doors: list[Ledger]
) -> None:
    await at_once(*(doors[n % 4].book("r", f"m{n}", town.wish()) for n in range(200)))
    state = await snapshot(town.redis, "a", await town.ledger.now_ms())
    check(state)
    assert [each["state"] for each in state.bookings.values()] == ["matched"] * 200
    assert len(state.pairs) == 100


async def test_of_many_claims_on_one_members_time_one_is_granted(
    town: Town, doors: list[Ledger]
) -> None:
    starts = [town.noon, town.noon + 15 * MINUTE_MS]
    answers = await at_once(
        *(
            doors[n % 4].book(f"r{n}", "ana", town.wish(starts[n % 2], length_min=50))
            for n in range(40)
        )
    )
    assert sum(isinstance(each, Booking) for each in answers) == 1
    assert sum(isinstance(each, errors.Overlap) for each in answers) == 39


async def test_one_request_sent_twenty_times_books_once(town: Town, doors: list[Ledger]) -> None:
    answers = await at_once(*(doors[n % 4].book("same", "ana", town.wish()) for n in range(20)))
    assert answers == [answers[0]] * 20
    assert len(await town.ledger.bookings_of("ana", 0, town.noon + 1)) == 1


async def test_both_partners_cancelling_at_once_leaves_nothing_behind(
    town: Town, doors: list[Ledger]
) -> None:
    for n in range(20):
        await town.pair_of(f"a{n}", f"b{n}")
    await at_once(
        *(doors[n % 4].cancel("r", f"a{n}", f"b{2 * n + 1}") for n in range(20)),
        *(doors[n % 3].cancel("r", f"b{n}", f"b{2 * n + 2}") for n in range(20)),
    )
    state = await snapshot(town.redis, "a", await town.ledger.now_ms())
    check(state)
    assert {each["state"] for each in state.bookings.values()} == {"cancelled"}


async def test_booking_cancelling_and_blocking_at_once(town: Town, doors: list[Ledger]) -> None:
    for n in range(0, 30, 2):
        await town.book(f"m{n}")
    await at_once(
        *(doors[n % 4].book("r", f"m{n}", town.wish()) for n in range(1, 30, 2)),
        *(doors[n % 4].cancel("r", f"m{2 * n}", f"b{n + 1}") for n in range(0, 15, 3)),
        *(doors[n % 4].block("r", f"m{n}", f"m{n + 1}") for n in range(0, 30, 5)),
    )
    await whole(town.redis, town.ledger)


async def test_timers_of_many_processes_fire_once(town: Town, doors: list[Ledger]) -> None:
    for n in range(0, 40, 2):
        await town.pair_of(f"m{n}", f"m{n + 1}")
    await town.go_to(town.noon)
    await town.tick()
    await town.go_to(town.noon + 26 * MINUTE_MS)
    await town.news()
    ticks = await at_once(*(doors[n % 4].tick(limit=7) for n in range(40)))
    assert sum(tick.fired for tick in ticks) == 60
    news = await town.news()
    told = [type(event).__name__ for event in news]
    assert [told.count(name) for name in ("LateDue", "NoShowDue")] == [40, 40]
    ended = [booking for event in news if isinstance(event, Ended) for booking in event.bookings]
    assert sorted(ended) == sorted(f"b{n}" for n in range(1, 41))
    await whole(town.redis, town.ledger)
