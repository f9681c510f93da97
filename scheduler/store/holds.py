"""What is held through invites' links, and which member it was handed to.

The ledger keeps others off a held slot and knows its holder by a hash. Here the same hash leads back to the
slot, so that a request for a sign-in link needs to carry the key alone, and whoever signs in by that link has
the slot in any browser. All of it ends with the hold.
"""

from __future__ import annotations

import msgspec
from redis.asyncio import Redis

from scheduler.people import Held
from scheduler.ports import Clock
from scheduler.store import keys
from scheduler.store.calls import watched

_helds = msgspec.json.Decoder(Held)


class HoldStore:
    """Held slots by the hash of their key, and by the member they were handed to."""

    def __init__(self, redis: Redis, *, tag: str, clock: Clock) -> None:
        self._redis = redis
        self._tag = tag
        self._clock = clock

    async def keep(self, held: Held) -> None:
        """Remember which slot a key holds."""
        await self._write(keys.holder(self._tag, held.holder), held)

    async def by_key(self, holder: str) -> Held | None:
        """The slot that is held by the key of this hash."""
        return await self._read(keys.holder(self._tag, holder))

    async def give(self, member: str, held: Held) -> None:
        """Hand it to a member, who needs no key from then on. Of several it is the last that counts."""
        await self._write(keys.held_by(self._tag, member), held)

    async def of_member(self, member: str) -> Held | None:
        """What was handed to a member and is still held."""
        return await self._read(keys.held_by(self._tag, member))

    async def _write(self, place: str, held: Held) -> None:
        left_ms = max(1, held.until_ms - self._clock.now_ms())
        async with watched("keep_held"):
            await self._redis.set(place, msgspec.json.encode(held), px=left_ms)

    async def _read(self, place: str) -> Held | None:
        async with watched("held"):
            raw = await self._redis.get(place)
        held = _helds.decode(raw) if raw else None
        return held if held and self._clock.now_ms() < held.until_ms else None
