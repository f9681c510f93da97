"""Webhooks in the store, how their calls go, and the calls that wait."""

from __future__ import annotations

from typing import Any

import msgspec
from redis.asyncio import Redis

from scheduler.rules import DAY_MS
from scheduler.store import keys, metrics
from scheduler.store.calls import watched
from scheduler.store.queue import Queue
from scheduler.store.replicas import Replicas
from scheduler.webhooks import WAITING_MAX, Health, Webhook

_hooks = msgspec.json.Decoder(Webhook)
_healths = msgspec.json.Decoder(Health)


class WebhookStore:
    """Every member's webhooks. Their secrets are not here: they are made anew when needed."""

    def __init__(self, redis: Redis, *, tag: str, replicas: Replicas) -> None:
        self._redis = redis
        self._tag = tag
        self._replicas = replicas
        self.queue = Queue(redis, tag=tag, name="webhooks")

    async def keep(self, hook: Webhook) -> None:
        """A new webhook."""
        async with watched("hook_keep"), self._redis.pipeline(transaction=True) as step:
            step.hset(keys.webhooks(self._tag, hook.member), hook.id, msgspec.json.encode(hook))
            step.set(keys.webhook_health(self._tag, hook.id), msgspec.json.encode(Health()))
            await step.execute()

    async def of(self, member: str) -> list[Webhook]:
        """A member's webhooks, the oldest first."""
        async with watched("hooks"):
            found: Any = await self._redis.hvals(keys.webhooks(self._tag, member))
        known = [_hooks.decode(raw) for raw in found]
        return sorted(known, key=lambda each: (each.created_ms, each.id))

    async def one(self, member: str, id: str) -> Webhook | None:
        """One of a member's."""
        async with watched("hook"):
            raw: Any = await self._redis.hget(keys.webhooks(self._tag, member), id)
        return _hooks.decode(raw) if raw else None

    async def drop(self, member: str, id: str) -> bool:
        """Forget one; whether there was one."""
        async with watched("hook_drop"):
            gone, _ = await self._replicas.step(
                ("HDEL", keys.webhooks(self._tag, member), id),
                ("DEL", keys.webhook_health(self._tag, id), keys.webhook_waiting(self._tag, id)),
            )
        return bool(gone)

    async def health(self, id: str) -> Health:
        """How calls go."""
        async with watched("hook_health"):
            raw = await self._redis.get(keys.webhook_health(self._tag, id))
        return _healths.decode(raw) if raw else Health()

    async def note(self, id: str, health: Health) -> None:
        """How the last call went; nothing if the webhook is gone."""
        async with watched("hook_note"):
            await self._redis.set(
                keys.webhook_health(self._tag, id), msgspec.json.encode(health), xx=True
            )

    async def put(self, hook: str, key: str, packed: bytes, due_ms: int) -> None:
        """A call to make then. Of more calls than may wait for one webhook, the oldest are dropped."""
        await self.queue.put(key, packed, due_ms)
        waiting = keys.webhook_waiting(self._tag, hook)
        async with watched("hook_put"), self._redis.pipeline(transaction=True) as step:
            step.zadd(waiting, {key: due_ms}, nx=True)
            step.zrange(waiting, 0, -WAITING_MAX - 1)
            step.zremrangebyrank(waiting, 0, -WAITING_MAX - 1)
            step.pexpire(waiting, DAY_MS)
            _, oldest, *_ = await step.execute()
        for each in oldest:
            if await self.queue.drop(each.decode()):
                metrics.queue_handled.labels(self.queue.name, "dropped").inc()

    async def made(self, hook: str, key: str) -> None:
        """A call that does not wait any more."""
        async with watched("hook_made"):
            await self._redis.zrem(keys.webhook_waiting(self._tag, hook), key)
