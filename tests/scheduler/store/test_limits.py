"""Rate limits: so many at once, then one at a time, for all processes together."""

from __future__ import annotations

import asyncio

import pytest
from redis.asyncio import Redis

from scheduler.errors import TooMany
from scheduler.store import keys
from scheduler.store.limits import Limit, Limiter, per_minute

HOUR_MS = 3_600_000
THREE = Limit(name="three", burst=3, every_ms=HOUR_MS)


async def taken(limiter: Limiter, limit: Limit, subject: str, times: int) -> int:
    """How many of these calls were let through."""
    done = await asyncio.gather(
        *(limiter.take(limit, subject) for _ in range(times)), return_exceptions=True
    )
    assert all(each is None or isinstance(each, TooMany) for each in done)
    return done.count(None)


async def test_a_burst_and_no_more(redis_client: Redis) -> None:
    limiter = Limiter(redis_client, tag="a")
    assert await taken(limiter, THREE, "ana", 10) == 3


async def test_all_processes_count_together(redis_client: Redis) -> None:
    one, other = Limiter(redis_client, tag="a"), Limiter(redis_client, tag="a")
    assert await taken(one, THREE, "ana", 2) + await taken(other, THREE, "ana", 2) == 3


async def test_subjects_and_kinds_are_counted_apart(redis_client: Redis) -> None:
    limiter = Limiter(redis_client, tag="a")
    assert await taken(limiter, THREE, "ana", 5) == 3
    assert await taken(limiter, THREE, "ben", 5) == 3
    assert await taken(limiter, Limit(name="two", burst=2, every_ms=HOUR_MS), "ana", 5) == 2


async def test_a_refusal_says_how_long_to_wait_and_uses_nothing_up(redis_client: Redis) -> None:
    limiter = Limiter(redis_client, tag="a")
    await taken(limiter, THREE, "ana", 50)
    with pytest.raises(TooMany) as refusal:
        await limiter.take(THREE, "ana")
    assert 0 < refusal.value.data["wait_ms"] <= HOUR_MS
    assert await redis_client.pttl(keys.limit("a", "three", "ana")) <= 3 * HOUR_MS


async def test_calls_come_back_one_by_one(redis_client: Redis) -> None:
    limiter, key = Limiter(redis_client, tag="a"), keys.limit("a", "three", "ana")
    assert await taken(limiter, THREE, "ana", 3) == 3
    whole = int(await redis_client.get(key) or 0)
    await redis_client.set(key, whole - HOUR_MS)
    assert await taken(limiter, THREE, "ana", 3) == 1


def test_a_limit_a_minute() -> None:
    assert per_minute("calls", 100) == Limit(name="calls", burst=100, every_ms=600)
    assert per_minute("many", 1_000_000).every_ms == 1
