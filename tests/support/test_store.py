"""The shared store is a real one, and empty for every test."""

from __future__ import annotations

import pytest
from redis.asyncio import Redis


@pytest.mark.parametrize("turn", [1, 2])
async def test_every_test_finds_an_empty_store(redis_client: Redis, turn: int) -> None:
    assert await redis_client.dbsize() == 0
    await redis_client.set("left behind", turn)


async def test_the_store_knows_functions(redis_client: Redis) -> None:
    code = "#!lua name=probe\nredis.register_function('probe', function() return 7 end)"
    await redis_client.function_load(code, replace=True)
    assert await redis_client.fcall("probe", 0) == 7
    await redis_client.function_delete("probe")
