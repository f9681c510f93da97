"""Fixtures of the ledger's tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from scheduler.store.connection import ask, connect
from tests.scheduler.store.town import Town
from tests.support.store import running_store


@pytest.fixture
async def town(redis_client: Redis) -> Town:
    """A ledger without bookings, its clock turned by hand."""
    return await Town(redis_client).open()


@pytest.fixture
async def replica(tmp_path: Path, town: Town, store_url: str) -> AsyncIterator[Redis]:
    """A store that has all that the town's has."""
    port = store_url.rpartition(":")[2].partition("/")[0]
    await ask(town.redis, "CONFIG", "SET", "repl-diskless-sync-delay", "0")
    with running_store(tmp_path) as url:
        client = connect(url)
        await ask(client, "REPLICAOF", "127.0.0.1", port)
        while (await ask(client, "INFO", "replication"))["master_link_status"] != "up":
            pass
        yield client
        await client.aclose()
