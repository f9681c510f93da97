"""Repeats in the store, and what became of each of their dates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import msgspec
from redis.asyncio import Redis

from scheduler.errors import NotFound
from scheduler.repeats import Kept, Repeat
from scheduler.rules import DAY_MS
from scheduler.store import keys
from scheduler.store.calls import watched
from scheduler.store.queue import Queue

NAMED_MS = 120 * DAY_MS
"""How long a booking's repeat is known: until well after the session."""

_repeats = msgspec.json.Decoder(Repeat)
_kept = msgspec.json.Decoder(Kept)


class RepeatStore:
    """Everything about repeats but the bookings they make."""

    def __init__(self, redis: Redis, *, tag: str) -> None:
        self._redis = redis
        self._tag = tag
        self.queue = Queue(redis, tag=tag, name="repeats")
        """Which repeats are to be looked at, and when."""

    async def create(self, fresh: Repeat) -> Repeat:
        """Keep a repeat; gives the one that has this id already, if there is one."""
        async with watched("repeat_create"):
            await self._redis.sadd(keys.repeats(self._tag, fresh.member), fresh.id)
            await self._redis.set(
                keys.repeat(self._tag, fresh.id), msgspec.json.encode(fresh), nx=True
            )
        await self.queue.put(fresh.id, b"", fresh.created_ms)
        return await self.one(fresh.id)

    async def one(self, id: str) -> Repeat:
        """One repeat, or `NotFound`."""
        async with watched("repeat"):
            raw = await self._redis.get(keys.repeat(self._tag, id))
        if raw is None:
            raise NotFound(field="repeat")
        return _repeats.decode(raw)

    async def of(self, member: str) -> list[Repeat]:
        """A member's repeats, the oldest first."""
        async with watched("repeats"):
            ids: Any = await self._redis.smembers(keys.repeats(self._tag, member))
            places = [keys.repeat(self._tag, id.decode()) for id in ids]
            found = await self._redis.mget(places) if places else []
        known = [_repeats.decode(raw) for raw in found if raw]
        return sorted(known, key=lambda each: (each.created_ms, each.id))

    async def drop(self, repeat: Repeat) -> None:
        """Forget a repeat; the bookings it made stay."""
        await self.queue.drop(repeat.id)
        async with watched("repeat_drop"), self._redis.pipeline(transaction=True) as step:
            step.delete(keys.repeat(self._tag, repeat.id), keys.repeat_dates(self._tag, repeat.id))
            step.srem(keys.repeats(self._tag, repeat.member), repeat.id)
            await step.execute()

    # Dates.

    async def dates(self, id: str) -> dict[str, Kept]:
        """What became of each date, by date."""
        async with watched("repeat_dates"):
            found: Any = await self._redis.hgetall(keys.repeat_dates(self._tag, id))
        return {day.decode(): _kept.decode(raw) for day, raw in found.items()}

    async def keep(self, id: str, day: date, kept: Kept) -> None:
        """Write down what became of a date."""
        async with watched("repeat_keep"), self._redis.pipeline(transaction=True) as step:
            step.hset(keys.repeat_dates(self._tag, id), day.isoformat(), msgspec.json.encode(kept))
            if kept.booking:
                step.set(keys.repeated(self._tag, kept.booking), id, px=NAMED_MS)
            await step.execute()

    async def forget(self, id: str, days: Iterable[str]) -> None:
        """Dates that are past."""
        past = list(days)
        if past:
            async with watched("repeat_forget"):
                await self._redis.hdel(keys.repeat_dates(self._tag, id), *past)

    async def makers(self, bookings: Iterable[str]) -> dict[str, str]:
        """Of these bookings those that a repeat made, with its id."""
        asked = list(bookings)
        if not asked:
            return {}
        async with watched("repeat_makers"):
            found: Any = await self._redis.mget([keys.repeated(self._tag, each) for each in asked])
        return {each: id.decode() for each, id in zip(asked, found, strict=True) if id}
