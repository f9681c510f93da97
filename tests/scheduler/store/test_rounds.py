"""Looking again and again: what a look says, and what an outage changes."""

from __future__ import annotations

import pytest
from redis.asyncio import Redis

from scheduler import errors
from scheduler.store.backoff import FIRST_S
from scheduler.store.connection import connect
from scheduler.store.rounds import Rounds, history_of


class Looking(Rounds):
    """Says a minute, unless the store is away."""

    def __init__(self) -> None:
        super().__init__()
        self.away = False

    async def look(self) -> float:
        if self.away:
            raise errors.Unavailable
        return 60.0


async def test_a_look_says_when_the_next_is_due() -> None:
    assert await Looking().turn() == 60.0


async def test_an_outage_is_looked_at_ever_more_seldom_and_forgotten_when_it_is_over() -> None:
    looking = Looking()
    looking.away = True
    assert [await looking.turn(), await looking.turn()] == [FIRST_S, 2 * FIRST_S]
    looking.away = False
    assert await looking.turn() == 60.0
    looking.away = True
    assert await looking.turn() == FIRST_S


async def test_a_store_has_a_history_of_its_own(redis_client: Redis) -> None:
    first = await history_of(redis_client)
    assert len(first) == 40
    assert await history_of(redis_client) == first


async def test_a_store_that_is_away_has_none() -> None:
    nowhere = connect("redis://127.0.0.1:1/0")
    with pytest.raises(errors.Unavailable):
        await history_of(nowhere)
    await nowhere.aclose()
