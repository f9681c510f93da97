"""Fixtures of the ledger's tests."""

from __future__ import annotations

import pytest
from redis.asyncio import Redis

from tests.scheduler.store.town import Town


@pytest.fixture
async def town(redis_client: Redis) -> Town:
    """A ledger without bookings, its clock turned by hand."""
    return await Town(redis_client).open()
