"""Personal tokens in the store, known by their hashes only."""

from __future__ import annotations

from typing import Any

import msgspec
from redis.asyncio import Redis

from scheduler.store import keys
from scheduler.store.calls import watched
from scheduler.store.replicas import Command, Replicas
from scheduler.tokens import PersonalToken

_tokens = msgspec.json.Decoder(PersonalToken)


class TokenStore:
    """Every member's tokens."""

    def __init__(self, redis: Redis, *, tag: str, replicas: Replicas) -> None:
        self._redis = redis
        self._tag = tag
        self._replicas = replicas

    async def keep(self, hashed: str, token: PersonalToken) -> None:
        """A new token under its hash."""
        async with watched("token_keep"), self._redis.pipeline(transaction=True) as step:
            step.set(keys.token(self._tag, hashed), msgspec.json.encode(token))
            step.hset(keys.tokens(self._tag, token.member), token.id, hashed)
            await step.execute()

    async def known(self, hashed: str) -> PersonalToken | None:
        """Whose this is, and what it is good for."""
        async with watched("token"):
            raw = await self._redis.get(keys.token(self._tag, hashed))
        return _tokens.decode(raw) if raw else None

    async def touch(self, hashed: str, token: PersonalToken, now_ms: int) -> None:
        """It was used now; one that was revoked meanwhile stays away."""
        used = msgspec.structs.replace(token, used_ms=now_ms)
        async with watched("token_touch"):
            await self._redis.set(keys.token(self._tag, hashed), msgspec.json.encode(used), xx=True)

    async def of(self, member: str) -> list[PersonalToken]:
        """A member's tokens, the oldest first."""
        async with watched("tokens"):
            hashes: Any = await self._redis.hvals(keys.tokens(self._tag, member))
            places = [keys.token(self._tag, hashed.decode()) for hashed in hashes]
            found = await self._redis.mget(places) if places else []
        known = [_tokens.decode(raw) for raw in found if raw]
        return sorted(known, key=lambda each: (each.created_ms, each.id))

    async def drop(self, member: str, id: str) -> bool:
        """Revoke one; whether there was one."""
        mine, gone = keys.tokens(self._tag, member), list[Command]()
        async with watched("token_drop"):
            hashed: Any = await self._redis.hget(mine, id)
            if hashed:
                gone = [("DEL", keys.token(self._tag, hashed.decode())), ("HDEL", mine, id)]
            await self._replicas.step(*gone)
        return bool(gone)
