"""Rate limits that all processes share: how often, and how many at once.

The generic cell rate algorithm: one number a subject says when its whole allowance is back; a call
moves it on by one call's share and is refused if that would be further off than the allowance
reaches. The number lives in the store, by the store's own clock, and expires with its meaning.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
from redis.asyncio import Redis

from scheduler.errors import TooMany
from scheduler.store import keys
from scheduler.store.calls import watched

SCRIPTS = Path(__file__).parent / "scripts"


class Limit(msgspec.Struct, frozen=True, kw_only=True):
    """`burst` calls at once, and then one each `every_ms`."""

    name: str
    burst: int
    every_ms: int


def per_minute(name: str, calls: int) -> Limit:
    """So many calls in a minute, at once or spread."""
    return Limit(name=name, burst=calls, every_ms=max(1, 60_000 // calls))


class Limiter:
    """Counts calls in the store."""

    def __init__(self, redis: Redis, *, tag: str) -> None:
        self._tag = tag
        self._take: Any = redis.register_script((SCRIPTS / "take.lua").read_text())

    async def take(self, limit: Limit, subject: str) -> None:
        """Use one call up, or raise `TooMany` with the milliseconds until the next."""
        key = keys.limit(self._tag, limit.name, subject)
        async with watched("take"):
            wait_ms = int(await self._take(keys=[key], args=[limit.every_ms, limit.burst]))
        if wait_ms > 0:
            raise TooMany(wait_ms=wait_ms)
