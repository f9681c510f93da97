"""Work that is due later and must not be lost: put in, claimed with a lease, finished or put off.

Any number of processes may work on one queue. What a process claimed and did not finish, because it
died or failed, is claimed again when its lease ends; so everything is done at least once. Putting work
in under an id that waits already replaces what it is about: several changes become one piece of work.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Protocol

from redis.asyncio import Redis

from scheduler import errors
from scheduler.store import keys, metrics
from scheduler.store.backoff import Backoff
from scheduler.store.calls import watched
from scheduler.work import Later, Piece

log = logging.getLogger(__name__)

SCRIPTS = Path(__file__).parent / "scripts"
LEASE_MS = 60_000
BATCH = 20
"""Pieces one process works on at the same time."""
IDLE_S = 0.5


Handler = Callable[[Piece], Awaitable[Later | None]]


class Clock(Protocol):
    def now_ms(self) -> int:
        """The ledger's time."""


class Queue:
    """One kind of work."""

    def __init__(self, redis: Redis, *, tag: str, name: str) -> None:
        self.name = name
        self._redis = redis
        self._keys = [keys.queue(tag, name), keys.queued(tag, name)]
        self._claim: Any = redis.register_script((SCRIPTS / "claim.lua").read_text())
        self._finish: Any = redis.register_script((SCRIPTS / "finish.lua").read_text())

    async def put(self, id: str, what: bytes, due_ms: int) -> None:
        """Put work in; if it waits already, it is about this from now on and due no later than before."""
        due, queued = self._keys
        async with watched("queue_put"), self._redis.pipeline(transaction=True) as step:
            step.hset(queued, id, what)
            step.zadd(due, {id: due_ms}, lt=True)
            await step.execute()

    async def drop(self, id: str) -> None:
        """Take work out, done or not."""
        due, queued = self._keys
        async with watched("queue_drop"), self._redis.pipeline(transaction=True) as step:
            step.zrem(due, id)
            step.hdel(queued, id)
            await step.execute()

    async def claim(self, now_ms: int, limit: int = BATCH) -> list[Piece]:
        """Lease what is due; nobody else gets it before the lease ends."""
        async with watched("queue_claim"):
            flat = await self._claim(keys=self._keys, args=[now_ms, now_ms + LEASE_MS, limit])
        return [Piece(id.decode(), what) for id, what in zip(flat[::2], flat[1::2], strict=True)]

    async def done(self, piece: Piece) -> None:
        """Finished, unless it is about something newer by now."""
        async with watched("queue_finish"):
            await self._finish(keys=self._keys, args=[piece.id, piece.what])

    async def put_off(self, piece: Piece, later: Later) -> None:
        """Due again then, unless it is about something newer by now."""
        async with watched("queue_finish"):
            args = [piece.id, piece.what, later.due_ms, later.what]
            await self._finish(keys=self._keys, args=args)

    async def late_ms(self, now_ms: int) -> int:
        """For how long the oldest work that nobody works on has been due; 0 if there is none."""
        async with watched("queue_late"):
            first = await self._redis.zrange(self._keys[0], 0, 0, withscores=True)
        return max(0, now_ms - int(first[0][1])) if first else 0

    async def size(self) -> int:
        """How much waits, due or not."""
        async with watched("queue_size"):
            return int(await self._redis.zcard(self._keys[0]))


class Worker:
    """Works on a queue with a handler; what the handler raises is logged, and comes again."""

    def __init__(self, queue: Queue, *, clock: Clock, handler: Handler) -> None:
        self._queue = queue
        self._clock = clock
        self._handler = handler
        self._backoff = Backoff()

    async def run(self) -> None:
        """Work until cancelled; outages of the store are waited out."""
        while True:
            try:
                worked = await self.turn()
                self._backoff.worked()
            except errors.Unavailable:
                await asyncio.sleep(self._backoff.failed())
                continue
            if not worked:
                await asyncio.sleep(IDLE_S)

    async def turn(self) -> int:
        """Work on what is due now; gives how much that was."""
        pieces = await self._queue.claim(self._clock.now_ms())
        await asyncio.gather(*map(self._work, pieces))
        await self._tell_lateness(full=len(pieces) == BATCH)
        return len(pieces)

    async def _tell_lateness(self, *, full: bool) -> None:
        """Whoever got less than a full batch left nothing behind that is due."""
        late_ms = await self._queue.late_ms(self._clock.now_ms()) if full else 0
        metrics.queue_late_seconds.labels(self._queue.name).set(late_ms / 1_000)

    async def _work(self, piece: Piece) -> None:
        try:
            later = await self._handler(piece)
        except Exception as failure:
            # Whatever it was, it comes again when the lease ends, and the others go on. The text of a
            # failure may quote what somebody wrote: the class must do.
            log.warning("queue %s: %s", self._queue.name, type(failure).__name__)
            metrics.queue_handled.labels(self._queue.name, "failed").inc()
            return
        metrics.queue_handled.labels(self._queue.name, "later" if later else "done").inc()
        await (self._queue.put_off(piece, later) if later else self._queue.done(piece))
