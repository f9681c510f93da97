"""Notices that wait to be sent, and what each booking's calendar was told last."""

from __future__ import annotations

from typing import Any

import msgspec
from redis.asyncio import Redis

from scheduler.notices import QUIET_MS, Mailed, Told, may_mail
from scheduler.rules import DAY_MS
from scheduler.store import keys
from scheduler.store.calls import watched
from scheduler.store.queue import Queue

TOLD_MS = 60 * DAY_MS
"""Longer than any booking lives."""

MAILED_MS = 2 * QUIET_MS

_mailed = msgspec.json.Decoder(Mailed)
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

    async def begin(self, key: str, fresh: Mailed) -> bool:
        """Whether a mail may go out now; of several hands that ask at once, one may."""
        place, packed = keys.mailed(self._tag, key), msgspec.json.encode(fresh)
        async with watched("mail_begin"):
            before: Any = await self._redis.set(place, packed, nx=True, get=True, px=MAILED_MS)
            if before is None:
                return True
            allowed = may_mail(_mailed.decode(before), fresh)
            if allowed:
                await self._redis.set(place, packed, px=MAILED_MS)
        return allowed

    async def sent(self, key: str, done: Mailed) -> None:
        """It went out."""
        packed = msgspec.json.encode(msgspec.structs.replace(done, sent=True))
        async with watched("mail_sent"):
            await self._redis.set(keys.mailed(self._tag, key), packed, px=MAILED_MS)
