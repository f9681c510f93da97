"""Calendar feeds in the store: whose a secret is, by its hash, and what each member's is made from."""

from __future__ import annotations

from typing import Any

import msgspec
from redis.asyncio import Redis

from scheduler.store import keys
from scheduler.store.calls import watched
from scheduler.store.replicas import Replicas


class FeedSeed(msgspec.Struct, frozen=True, kw_only=True):
    """What a feed's secret is made from, together with the instance's: worth nothing alone."""

    nonce: str
    hashed: str
    """Of the secret."""


_seeds = msgspec.json.Decoder(FeedSeed)


class FeedStore:
    """One feed a member, or none."""

    def __init__(self, redis: Redis, *, tag: str, replicas: Replicas) -> None:
        self._redis = redis
        self._tag = tag
        self._replicas = replicas

    async def seed(self, member: str) -> FeedSeed | None:
        async with watched("feed_seed"):
            raw = await self._redis.get(keys.feed_of(self._tag, member))
        return _seeds.decode(raw) if raw else None

    async def owner(self, hashed: str) -> str | None:
        """Whose feed has this secret."""
        async with watched("feed_owner"):
            member: Any = await self._redis.get(keys.feed(self._tag, hashed))
        return member.decode() if member else None

    async def put(self, member: str, nonce: str, hashed: str) -> None:
        """The member's feed from now on; the one before opens nothing any more."""
        seed = FeedSeed(nonce=nonce, hashed=hashed)
        before = await self.seed(member)
        async with watched("feed_put"):
            await self._replicas.step(
                *([("DEL", keys.feed(self._tag, before.hashed))] if before else []),
                ("SET", keys.feed(self._tag, seed.hashed), member),
                ("SET", keys.feed_of(self._tag, member), msgspec.json.encode(seed)),
            )

    async def drop(self, member: str) -> None:
        """No feed any more."""
        before = await self.seed(member)
        gone = [("DEL", keys.feed_of(self._tag, member))]
        if before:
            gone.append(("DEL", keys.feed(self._tag, before.hashed)))
        async with watched("feed_drop"):
            await self._replicas.step(*gone)
