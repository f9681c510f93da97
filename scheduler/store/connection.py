"""How we connect to the store, and what its failures mean to us.

The client's own defaults would retry any command ten times, a write whose answer was lost included,
and would raise at a hundred connections. Here a command is tried once; who may safely ask again,
asks again with the same request id.
"""

from __future__ import annotations

from typing import Any

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.maint_notifications import MaintNotificationsConfig

CONNECTIONS = 32
POOL_WAIT_S = 2.0
"""Longer than this for a free connection is an outage to the one who waits."""
CONNECT_S = 1.0
ANSWER_S = 3.0
BLOCK_MS = 1_000
"""Longest a blocking read waits in one go; shorter than `ANSWER_S`, so that any client may block."""


def connect(url: str) -> Redis:
    """A client for short calls."""
    return _client(url, socket_timeout=ANSWER_S)


def connect_blocking(url: str) -> Redis:
    """A client for reads that wait for news, so that they never hold up short calls."""
    return _client(url, socket_timeout=ANSWER_S + BLOCK_MS / 1_000)


def _client(url: str, **settings: Any) -> Redis:
    pool: BlockingConnectionPool = BlockingConnectionPool.from_url(
        url,
        max_connections=CONNECTIONS,
        timeout=POOL_WAIT_S,
        socket_connect_timeout=CONNECT_S,
        retry=Retry(NoBackoff(), 0),
        maint_notifications_config=MaintNotificationsConfig(enabled=False),
        **settings,
    )
    return Redis.from_pool(pool)


async def ask(redis: Redis, *command: Any) -> Any:
    """One command as the protocol has it; the client's own typing of commands says less than none."""
    return await redis.execute_command(*command)  # type: ignore[no-untyped-call]
