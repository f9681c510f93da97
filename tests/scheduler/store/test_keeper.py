"""When a journal is replayed: once a history of the store, and into the ledger it was written for."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from scheduler.store.connection import ask
from scheduler.store.journal import FILE_MS, Journal
from scheduler.store.keeper import EVERY_S, Keeper
from scheduler.store.ledger import Ledger
from tests.scheduler.store.town import Town


@pytest.fixture
async def journal(town: Town, tmp_path: Path) -> AsyncIterator[Journal]:
    now = await town.ledger.now_ms()
    journal = Journal(tmp_path, ledger=await town.ledger.epoch(), now_ms=lambda: now)
    journal.open()
    town.ledger.calls.write_down(journal)
    yield journal
    await journal.close()


@pytest.fixture
async def keeper(town: Town, journal: Journal) -> Keeper:
    keeper = Keeper(town.redis, town.ledger, journal, grace_s=0)
    await keeper.turn()
    return keeper


async def take_over(town: Town) -> None:
    """A new history, as after a promotion."""
    await ask(town.redis, "REPLICAOF", "127.0.0.1", "1")
    await ask(town.redis, "REPLICAOF", "NO", "ONE")


async def forget_bookings(town: Town) -> None:
    """As if they had never been passed on."""
    keys = [key async for key in town.redis.scan_iter("{a}:*") if key != b"{a}:meta"]
    await town.redis.delete(*keys)
    await town.redis.hdel("{a}:meta", "bookings", "pairs")


async def bookings(town: Town) -> list[str]:
    return [b.member for b in await town.ledger.bookings_of("ana", 0, 2 * town.noon)]


async def test_it_replays_when_another_store_took_over_and_not_before(
    town: Town, keeper: Keeper
) -> None:
    await town.book("ana")
    await forget_bookings(town)
    assert await keeper.turn() == EVERY_S
    assert await bookings(town) == []
    await take_over(town)
    await keeper.turn()
    assert await bookings(town) == ["ana"]


async def test_timers_are_mended_after_it(town: Town, keeper: Keeper) -> None:
    await town.pair_of("ana", "ben")
    await forget_bookings(town)
    await town.book("cem")
    await town.redis.delete("{a}:timers")
    await take_over(town)
    await keeper.turn()
    timers = await town.redis.zrange("{a}:timers", 0, -1)
    assert {timer.partition(b":")[2] for timer in timers} >= {b"b1", b"b2", b"b3"}


async def test_a_process_that_was_away_meanwhile_does_it_as_it_comes_back(
    town: Town, keeper: Keeper, journal: Journal
) -> None:
    await town.book("ana")
    await journal.close()
    await forget_bookings(town)
    await take_over(town)
    now = await town.ledger.now_ms()
    successor = Journal(journal._home, ledger=journal.ledger, now_ms=lambda: now)
    successor.open()
    ledger = Ledger(town.redis)
    ledger.calls.write_down(successor)
    await Keeper(town.redis, ledger, successor, grace_s=0).turn()
    assert await bookings(town) == ["ana"]
    await successor.close()


async def test_a_second_promotion_may_lose_what_the_first_one_brought_back(
    town: Town, keeper: Keeper
) -> None:
    await town.book("ana")
    for _ in range(2):
        await forget_bookings(town)
        await take_over(town)
        await keeper.turn()
        assert await bookings(town) == ["ana"]


async def test_nothing_is_done_in_another_ledger(
    town: Town, keeper: Keeper, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    await town.book("ana")
    await town.redis.flushdb()
    await town.ledger.load_functions()
    await take_over(town)
    for _ in range(3):
        await keeper.turn()
    assert await bookings(town) == []
    assert caplog.text.count("another ledger") == 1


async def test_a_replica_is_left_alone(town: Town, keeper: Keeper) -> None:
    await ask(town.redis, "REPLICAOF", "127.0.0.1", "1")
    try:
        assert await keeper.turn() < EVERY_S
    finally:
        await ask(town.redis, "REPLICAOF", "NO", "ONE")


async def test_while_no_store_answers_nothing_is_dropped(
    town: Town, journal: Journal, tmp_path: Path
) -> None:
    await journal.keep("book", ("r", "ana"))
    nowhere = Redis(host="127.0.0.1", port=1)
    journal._now_ms = lambda: 10**13 + 20 * FILE_MS
    assert 0 < await Keeper(nowhere, Ledger(nowhere), journal).turn() < EVERY_S
    assert len(await journal.entries()) == 1
    await nowhere.aclose()
