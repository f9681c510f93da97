"""One call: errors made ours, replicas waited for."""

from __future__ import annotations

import asyncio

import pytest
from redis.asyncio import Redis

from scheduler import errors
from scheduler.store import metrics
from scheduler.store.calls import NotDurable, Refusal, judged
from scheduler.store.connection import ask
from scheduler.store.ledger import Ledger
from tests.scheduler.store.servers import frozen
from tests.scheduler.store.town import Town


def test_a_refusal_becomes_the_error_of_its_code() -> None:
    error = Refusal("off_grid", "start", {"grid_ms": 5}).error()
    assert isinstance(error, errors.OffGrid)
    assert (error.field, error.data) == ("start", {"grid_ms": 5})


def test_an_answer_is_taken_as_it_is() -> None:
    assert judged([b"ok", b"\x01"]) == ("ok", b"\x01")
    assert judged([b"replay", b"\x01"]).status == "replay"


async def test_a_failure_inside_the_store_is_unavailable(town: Town) -> None:
    await town.redis.set("{a}:cal:ana", "not a calendar")
    with pytest.raises(errors.Unavailable):
        await town.book("ana")
    assert await town.news() == []


async def test_a_loop_around_the_store_stops_when_it_is_told_to(town: Town) -> None:
    async def ask_for_ever() -> None:
        while True:
            await town.ledger.now_ms()

    for moment in range(100):
        loop = asyncio.create_task(ask_for_ever())
        for _ in range(moment % 37):
            await asyncio.sleep(0)
        loop.cancel()
        await asyncio.wait([loop], timeout=5)
        assert loop.cancelled()


async def test_commands_are_counted_by_what_became_of_them(town: Town) -> None:
    def count(result: str) -> float:
        return metrics.booking_requests.labels("book", result)._value.get()

    before = [count(result) for result in ("ok", "replay", "conflict")]
    for request in ("one", "one", "two"):
        try:
            await town.ledger.book(request, "ana", town.wish())
        except errors.Overlap:
            continue
    after = [count(result) for result in ("ok", "replay", "conflict")]
    assert [b - a for a, b in zip(before, after, strict=True)] == [1, 1, 1]


async def test_without_the_replica_asked_for_nothing_is_promised(town: Town) -> None:
    careful = Ledger(town.redis, replicas=1)
    with pytest.raises(NotDurable):
        await careful.book("r", "ana", town.wish())
    # It was done all the same: asking again with the same id gives the booking.
    assert (await town.ledger.book("r", "ana", town.wish())).id == "b1"


async def test_a_repeat_is_promised_no_sooner_than_the_first_time(
    town: Town, replica: Redis
) -> None:
    careful = Ledger(town.redis, replicas=1)
    await careful.book("before", "ben", town.wish())
    async with frozen(replica):
        # The replica is still there for the primary. Others' connections wrote nothing that it lacks.
        for _ in range(3):
            await asyncio.gather(*(ask(town.redis, "PING") for _ in range(4)))
            with pytest.raises(NotDurable):
                await careful.book("r", "ana", town.wish())
    booking = await careful.book("r", "ana", town.wish())
    assert await Ledger(replica).booking(booking.id) == booking


async def test_with_its_replica_a_booking_is_there_too(town: Town, replica: Redis) -> None:
    careful = Ledger(town.redis, replicas=1)
    booking = await careful.book("r", "ana", town.wish())
    assert await Ledger(replica).booking(booking.id) == booking
