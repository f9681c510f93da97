"""Repeats in the store, and what became of each of their dates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import msgspec
from redis.asyncio import Redis

from scheduler.errors import NotFound
from scheduler.repeats import DateState, Kept, Repeat
from scheduler.rules import DAY_MS
from scheduler.store import keys
from scheduler.store.calls import watched
from scheduler.store.queue import SCRIPTS, Queue

NAMED_MS = 120 * DAY_MS
"""How long a booking's repeat is known: until well after the session."""

_repeats = msgspec.json.Decoder(Repeat)
_kept = msgspec.json.Decoder(Kept)


def _dates(found: Any) -> dict[str, Kept]:
    return {day.decode(): _kept.decode(raw) for day, raw in found.items()}


class RepeatStore:
    """Everything about repeats but the bookings they make."""

    def __init__(self, redis: Redis, *, tag: str) -> None:
        self._redis = redis
        self._tag = tag
        self.queue = Queue(redis, tag=tag, name="repeats")
        """Which repeats are to be looked at, and when."""
        self._keep_date: Any = redis.register_script((SCRIPTS / "keep_date.lua").read_text())

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

    async def drop(self, repeat: Repeat) -> dict[str, Kept]:
        """Forget a repeat; the bookings it made stay. Gives its dates as they are when it goes."""
        await self.queue.drop(repeat.id)
        async with watched("repeat_drop"), self._redis.pipeline(transaction=True) as step:
            step.hgetall(keys.repeat_dates(self._tag, repeat.id))
            step.delete(keys.repeat(self._tag, repeat.id), keys.repeat_dates(self._tag, repeat.id))
            step.srem(keys.repeats(self._tag, repeat.member), repeat.id)
            found, *_ = await step.execute()
        return _dates(found)

    # Dates.

    async def dates(self, id: str) -> dict[str, Kept]:
        """What became of each date, by date."""
        async with watched("repeat_dates"):
            found: Any = await self._redis.hgetall(keys.repeat_dates(self._tag, id))
        return _dates(found)

    async def keep(self, id: str, day: date, kept: Kept) -> bool:
        """Write down what became of a date. False if the repeat is gone by now, or its owner took the date
        out: then nothing was written."""
        return await self._keep(id, day, kept) is not None

    async def take_out(self, id: str, day: date, start_ms: int) -> Kept | None:
        """Its owner takes a date out; gives what it was before."""
        raw = await self._keep(id, day, Kept(state=DateState.SKIPPED, start_ms=start_ms))
        return _kept.decode(raw) if raw else None

    async def _keep(self, id: str, day: date, kept: Kept) -> bytes | None:
        tag, booking = self._tag, kept.booking or ""
        places = [keys.repeat(tag, id), keys.repeat_dates(tag, id), keys.repeated(tag, booking)]
        args = [day.isoformat(), msgspec.json.encode(kept), kept.state.value]
        async with watched("repeat_keep"):
            found: bytes | None = await self._keep_date(
                keys=places, args=[*args, id, NAMED_MS] if booking else args
            )
        return found

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
