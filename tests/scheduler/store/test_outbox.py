"""The stream of events: reading it alone, and sharing its work in a group."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

import pytest
from redis.asyncio import Redis

from scheduler.events import AnyEvent, Booked, SignedOut
from scheduler.store import keys, outbox
from scheduler.store.connection import connect
from scheduler.store.ledger import Ledger
from scheduler.store.outbox import DELIVERIES, Consumer
from tests.scheduler.store.town import Town


class Desk:
    """Whoever handles events; fails as often as it is told to."""

    def __init__(self, failures: int = 0) -> None:
        self.failures = failures
        self.handled: list[str] = []
        self.tries = 0

    async def handle(self, offset: str, event: AnyEvent) -> None:
        self.tries += 1
        if self.tries <= self.failures:
            raise RuntimeError("not now")
        self.handled.append(type(event).__name__)


def consumer(redis: Redis, desk: Desk, *, group: str = "judge", idle_ms: int = 0) -> Consumer:
    return Consumer(redis, tag="a", group=group, handler=desk.handle, idle_ms=idle_ms)


# Reading alone


async def test_entries_come_after_an_offset_in_order(town: Town) -> None:
    await town.book("ana")
    entries = await town.ledger.outbox_after("0-0")
    assert [type(event).__name__ for _, event in entries] == ["ClockMoved", "Booked", "PoolChanged"]
    assert await town.ledger.outbox_after(entries[1][0]) == entries[2:]
    assert await town.ledger.outbox_after("0-0", count=1) == entries[:1]
    assert await town.ledger.outbox_begins() == entries[0][0]
    assert await town.ledger.last_offset() == entries[-1][0]


async def test_an_empty_outbox_begins_and_ends_nowhere(redis_client: Redis) -> None:
    ledger = Ledger(redis_client)
    assert (await ledger.outbox_begins(), await ledger.last_offset()) == ("0-0", "0-0")


async def test_waiting_for_news_ends_with_the_first(town: Town) -> None:
    offset = await town.ledger.last_offset()
    waiting = asyncio.create_task(town.ledger.outbox_after(offset, block_ms=10_000))
    await town.book("ana")
    assert (await waiting)[0][1] == (await town.news())[0]


async def test_waiting_in_vain_ends(town: Town) -> None:
    assert await town.ledger.outbox_after(await town.ledger.last_offset(), block_ms=5) == []


async def test_an_event_of_a_newer_release_is_passed_over(town: Town) -> None:
    offset = await town.ledger.last_offset()
    await town.redis.xadd(keys.outbox("a"), {"e": b"\x81\xa5event\xa3new"})
    await town.book("ana")
    _, booked = (await town.ledger.outbox_after(offset))[0]
    assert isinstance(booked, Booked)


async def test_an_event_of_ours_survives_the_stream(town: Town) -> None:
    offset = await town.ledger.last_offset()
    signed_out = SignedOut(at_ms=1, member="ana")
    await town.redis.xadd(keys.outbox("a"), outbox.encode(signed_out))  # type: ignore[arg-type]
    [(_, event)] = await town.ledger.outbox_after(offset)
    assert event == signed_out


async def test_the_epoch_changes_only_when_the_store_was_lost(town: Town) -> None:
    epoch = await town.ledger.epoch()
    await town.ledger.load_functions()
    assert await town.ledger.epoch() == epoch
    await town.redis.flushall()
    assert await town.ledger.epoch() != epoch


# Sharing the work


async def test_every_event_is_handled_once_and_acknowledged(town: Town) -> None:
    desk = Desk()
    worker = consumer(town.redis, desk)
    await town.book("ana")
    assert await worker.turn(block_ms=0) == 3
    assert await worker.turn(block_ms=0) == 0
    assert desk.handled == ["ClockMoved", "Booked", "PoolChanged"]
    assert (await town.redis.xpending(keys.outbox("a"), "judge"))["pending"] == 0


async def test_two_of_one_group_share_and_two_groups_do_not(town: Town) -> None:
    one, two, mailer = Desk(), Desk(), Desk()
    await consumer(town.redis, one).turn(block_ms=0)
    await consumer(town.redis, two).turn(block_ms=0)
    await consumer(town.redis, mailer, group="mail").turn(block_ms=0)
    assert (one.handled, two.handled, mailer.handled) == (["ClockMoved"], [], ["ClockMoved"])


async def test_a_failed_event_comes_again(town: Town) -> None:
    desk = Desk(failures=1)
    worker = consumer(town.redis, desk)
    await worker.turn(block_ms=0)
    assert desk.handled == []
    await worker.turn(block_ms=0)
    assert desk.handled == ["ClockMoved"]


async def test_a_failed_event_rests_before_it_comes_again(town: Town) -> None:
    desk = Desk(failures=1)
    worker = consumer(town.redis, desk, idle_ms=60_000)
    await worker.turn(block_ms=0)
    assert await worker.turn(block_ms=0) == 0


async def test_what_a_dead_worker_left_is_taken_over(town: Town) -> None:
    stream = keys.outbox("a")
    await town.redis.xgroup_create(stream, "judge", "0")
    await town.redis.xreadgroup("judge", outbox.NAME, {stream: ">"})
    desk = Desk()
    await consumer(town.redis, desk).turn(block_ms=0)
    assert desk.handled == ["ClockMoved"]


async def test_an_event_nobody_can_handle_ends_among_the_dead_letters(town: Town) -> None:
    desk = Desk(failures=100)
    worker = consumer(town.redis, desk)
    for _ in range(DELIVERIES + 3):
        await worker.turn(block_ms=0)
    assert desk.tries == DELIVERIES
    [(_, letter)] = await town.redis.xrange(keys.dead_letters("a"))
    assert letter[b"group"] == b"judge"
    assert outbox.decode(letter)
    assert (await town.redis.xpending(keys.outbox("a"), "judge"))["pending"] == 0


async def test_a_store_that_lost_the_group_gets_it_again(town: Town) -> None:
    desk = Desk()
    worker = consumer(town.redis, desk)
    await worker.turn(block_ms=0)
    await town.redis.flushall()
    await town.ledger.book("r", "ana", town.wish())
    await worker.turn(block_ms=0)
    assert desk.handled == ["ClockMoved", "Booked", "PoolChanged"]


async def test_the_loop_outlives_an_outage(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    desk, handled = Desk(), asyncio.Event()
    worker = consumer(town.redis, desk)
    real, times = worker.turn, iter(range(3))

    async def turn(**options: Any) -> int:
        if next(times, 9) < 2:
            return await consumer(nobody, desk).turn()
        seen = await real(block_ms=0)
        handled.set()
        return seen

    nobody = connect("redis://127.0.0.1:1/0")
    monkeypatch.setattr(worker, "turn", turn)
    loop = asyncio.create_task(worker.run())
    await asyncio.wait_for(handled.wait(), 10)
    loop.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await loop
    await nobody.aclose()
    assert desk.handled == ["ClockMoved"]
