"""The mailbox of an instance on loopback: letters land in the store, and /dev/mail shows them.

In the store rather than in memory, because any process may write a letter and any may be asked.
Where the instance can be reached from elsewhere, nobody may construct one.
"""

from __future__ import annotations

import msgspec
from redis.asyncio import Redis

from scheduler.errors import SchedulerError
from scheduler.mail.letters import Letter
from scheduler.mail.post import NotCarried
from scheduler.ports import Clock
from scheduler.store import keys
from scheduler.store.calls import watched

KEPT = 100


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A letter, and when it came."""

    letter: Letter
    at_ms: int


_kept = msgspec.json.Decoder(Kept)


class DevMailbox:
    """Carries letters no further than the store."""

    def __init__(self, redis: Redis, *, tag: str, clock: Clock) -> None:
        self._redis = redis
        self._key = keys.mailbox(tag)
        self._clock = clock

    async def send(self, letter: Letter) -> None:
        """Keep the letter; the oldest beyond a hundred goes."""
        packed = msgspec.json.encode(Kept(letter=letter, at_ms=self._clock.now_ms()))
        try:
            async with watched("mailbox"), self._redis.pipeline(transaction=True) as step:
                step.lpush(self._key, packed)
                step.ltrim(self._key, 0, KEPT - 1)
                await step.execute()
        except SchedulerError as failure:
            raise NotCarried from failure

    async def mails(self) -> list[Kept]:
        """All letters kept, newest first."""
        async with watched("mailbox"):
            return [_kept.decode(raw) for raw in await self._redis.lrange(self._key, 0, -1)]
