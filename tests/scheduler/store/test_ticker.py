"""The loop that lets timers fire."""

from __future__ import annotations

import asyncio
import contextlib

from redis.asyncio import Redis

from scheduler.events import Ended
from scheduler.rules import MINUTE_MS
from scheduler.store.connection import connect
from scheduler.store.ledger import Ledger, Tick
from scheduler.store.ticker import Ticker, pause_ms
from tests.scheduler.store.town import Town


def tick(next_due_ms: int | None) -> Tick:
    return Tick(fired=0, next_due_ms=next_due_ms, pending=0, lateness_ms=[], now_ms=1_000)


def test_it_sleeps_until_the_next_timer_but_never_longer_than_its_idle_time() -> None:
    assert pause_ms(tick(None), 250) == 250
    assert pause_ms(tick(1_100), 250) == 100
    assert pause_ms(tick(9_000), 250) == 250


def test_it_does_not_sleep_while_timers_are_due() -> None:
    assert pause_ms(tick(1_000), 250) == 0
    assert pause_ms(tick(500), 250) == 0


async def test_a_turn_lets_due_timers_fire(town: Town) -> None:
    await town.book("ana")
    await town.go_to(town.noon + 25 * MINUTE_MS)
    await town.news()
    assert await Ticker(town.ledger).turn() == 0.25
    assert await town.told() == ["Ended"]


async def test_the_loop_goes_on_until_cancelled(town: Town) -> None:
    await town.book("ana")
    await town.go_to(town.noon + 25 * MINUTE_MS)
    offset = await town.ledger.last_offset()
    loop = asyncio.create_task(Ticker(town.ledger).run())
    [(_, event)] = await town.ledger.outbox_after(offset, block_ms=5_000)
    assert isinstance(event, Ended)
    loop.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await loop


async def test_an_outage_is_waited_out_longer_each_time() -> None:
    nobody = connect("redis://127.0.0.1:1/0")
    ticker = Ticker(Ledger(nobody))
    waits = [await ticker.turn() for _ in range(7)]
    assert waits == [0.1, 0.2, 0.4, 0.8, 1.6, 2.0, 2.0]
    await nobody.aclose()


async def test_a_store_that_lost_everything_is_prepared_again(
    town: Town, redis_client: Redis
) -> None:
    await redis_client.flushall()
    await redis_client.execute_command("FUNCTION", "FLUSH")
    assert await Ticker(town.ledger).turn() == 0.25
    assert await town.ledger.ready()
