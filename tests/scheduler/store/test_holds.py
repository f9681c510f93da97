"""Held slots, by their key and by the member they were handed to: known as long as they are held."""

from __future__ import annotations

import pytest
from redis.asyncio import Redis

from scheduler.people import Held
from scheduler.rules import MINUTE_MS
from scheduler.store.holds import HoldStore


class Clock:
    """Turned by hand."""

    def __init__(self) -> None:
        self.at_ms = 1_000_000

    def now_ms(self) -> int:
        return self.at_ms


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(redis_client: Redis, clock: Clock) -> HoldStore:
    return HoldStore(redis_client, tag="a", clock=clock)


def a_hold(clock: Clock, holder: str = "abc", start_ms: int = 9_000_000) -> Held:
    until_ms = clock.at_ms + 30 * MINUTE_MS
    return Held(holder=holder, invite="i1", start_ms=start_ms, length_min=25, until_ms=until_ms)


async def test_a_key_leads_to_the_slot_it_holds(store: HoldStore, clock: Clock) -> None:
    held = a_hold(clock)
    await store.keep(held)
    assert await store.by_key("abc") == held
    assert await store.by_key("other") is None


async def test_nobody_has_it_before_it_is_handed_over(store: HoldStore, clock: Clock) -> None:
    held = a_hold(clock)
    await store.keep(held)
    assert await store.of_member("eva") is None
    await store.give("eva", held)
    assert await store.of_member("eva") == held
    assert await store.of_member("ben") is None


async def test_the_last_of_several_counts(store: HoldStore, clock: Clock) -> None:
    first, second = a_hold(clock), a_hold(clock, "def", 9_900_000)
    await store.give("eva", first)
    await store.give("eva", second)
    assert await store.of_member("eva") == second


async def test_all_of_it_ends_with_the_hold(
    store: HoldStore, clock: Clock, redis_client: Redis
) -> None:
    held = a_hold(clock)
    await store.keep(held)
    await store.give("eva", held)
    for place in await redis_client.keys("*"):
        assert 0 < await redis_client.pttl(place) <= 30 * MINUTE_MS
    clock.at_ms = held.until_ms
    assert await store.by_key("abc") is await store.of_member("eva") is None


async def test_two_instances_in_one_store_know_nothing_of_each_other(
    store: HoldStore, clock: Clock, redis_client: Redis
) -> None:
    await store.keep(a_hold(clock))
    assert await HoldStore(redis_client, tag="b", clock=clock).by_key("abc") is None


def test_it_covers_its_own_slot_and_link_alone(clock: Clock) -> None:
    held = a_hold(clock)
    assert held.covers("i1", 9_000_000, 25)
    assert not held.covers("i2", 9_000_000, 25)
    assert not held.covers("i1", 9_000_000, 50)
    assert not held.covers("i1", 9_000_001, 25)
