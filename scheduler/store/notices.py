"""Notices that wait to be sent, and what each booking's calendar was told last."""

from __future__ import annotations

import msgspec
from redis.asyncio import Redis

from scheduler.notices import Told
from scheduler.rules import DAY_MS
from scheduler.store import keys
from scheduler.store.calls import watched
from scheduler.store.queue import Queue

TOLD_MS = 60 * DAY_MS
"""Longer than any booking lives."""

_told = msgspec.json.Decoder(Told)


class NoticeStore:
    """What the notifier remembers."""

    def __init__(self, redis: Redis, *, tag: str) -> None:
        self._redis = redis
        self._tag = tag
        self.queue = Queue(redis, tag=tag, name="notices")

    async def put(self, key: str, packed: bytes, due_ms: int) -> None:
        """A notice to send then."""
        await self.queue.put(key, packed, due_ms)

    async def told(self, booking: str) -> Told | None:
        """What was said of a booking last."""
        async with watched("told"):
            raw = await self._redis.get(keys.told(self._tag, booking))
        return _told.decode(raw) if raw else None

    async def tell(self, booking: str, told: Told) -> None:
        """Remember what was said."""
        async with watched("tell"):
            await self._redis.set(
                keys.told(self._tag, booking), msgspec.json.encode(told), px=TOLD_MS
            )
