"""Work that is due later and must not be lost: put in, claimed with a lease, finished or put off.

Any number of processes may work on one queue. What a process claimed and did not finish, because it
died or failed, is claimed again when its lease ends; so everything is done at least once. Putting work
in under an id that waits already replaces what it is about: several changes become one piece of work.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from redis.asyncio import Redis

from scheduler import errors
from scheduler.ports import Clock
from scheduler.store import keys, metrics
from scheduler.store.backoff import Backoff
from scheduler.store.calls import watched
from scheduler.work import Lane, Later, Piece

log = logging.getLogger(__name__)

SCRIPTS = Path(__file__).parent / "scripts"
LEASE_MS = 60_000
CLAIMS = 8
"""Tries before a piece is laid among the dead letters."""
DEAD_MAX = 500_000
BATCH = 20
"""Pieces one process works on at the same time."""
IDLE_S = 0.5
STEP_MS = 250
"""What finds its lane full comes back after the others of it, so far apart."""


Handler = Callable[[Piece], Awaitable[Later | None]]
Lanes = Callable[[Piece], Sequence[Lane]]


def no_lanes(piece: Piece) -> Sequence[Lane]:
    """Work that is in nobody's way."""
    return ()


class Queue:
    """One kind of work."""

    def __init__(self, redis: Redis, *, tag: str, name: str) -> None:
        self.name = name
        self._redis = redis
        self._keys = [keys.queue(tag, name), keys.queued(tag, name), keys.leases(tag, name)]
        self._dead = keys.dead_letters(tag)
        self._claim: Any = redis.register_script((SCRIPTS / "claim.lua").read_text())
        self._finish: Any = redis.register_script((SCRIPTS / "finish.lua").read_text())

    async def put(self, id: str, what: bytes, due_ms: int) -> None:
        """Put work in; if it waits already, it is about this from now on and due no later than before."""
        due, queued, leases = self._keys
        async with watched("queue_put"), self._redis.pipeline(transaction=True) as step:
            step.hset(queued, id, what)
            step.zadd(due, {id: due_ms}, lt=True)
            step.hdel(leases, id)
            await step.execute()

    async def drop(self, id: str) -> bool:
        """Take work out, done or not; whether it was there."""
        due, queued, leases = self._keys
        async with watched("queue_drop"), self._redis.pipeline(transaction=True) as step:
            step.zrem(due, id)
            step.hdel(queued, id)
            step.hdel(leases, id)
            gone, *_ = await step.execute()
        return bool(gone)

    async def claim(self, now_ms: int, limit: int = BATCH) -> list[Piece]:
        """Lease what is due; nobody else gets it before the lease ends."""
        args = [now_ms, now_ms + LEASE_MS, limit, CLAIMS, self.name, DEAD_MAX]
        async with watched("queue_claim"):
            buried, flat = await self._claim(keys=[*self._keys, self._dead], args=args)
        if buried:
            log.error("queue %s: gave up on %d", self.name, len(buried))
            metrics.queue_handled.labels(self.name, "dead").inc(len(buried))
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

    def __init__(
        self, queue: Queue, *, clock: Clock, handler: Handler, lanes: Lanes = no_lanes
    ) -> None:
        self._queue = queue
        self._clock = clock
        self._handler = handler
        self._lanes = _Lanes(lanes)
        self._tasks: set[asyncio.Task[None]] = set()
        self._backoff = Backoff()

    async def run(self) -> None:
        """Work until cancelled; outages of the store are waited out."""
        try:
            while True:
                await self._room()
                try:
                    claimed, _ = await self._begin()
                    self._backoff.worked()
                except errors.Unavailable:
                    await asyncio.sleep(self._backoff.failed())
                    continue
                if not claimed:
                    await asyncio.sleep(IDLE_S)
        finally:
            for task in self._tasks:
                task.cancel()

    async def turn(self) -> int:
        """Work on what is due now, to its end; gives how much that was, without what found no room."""
        _, begun = await self._begin()
        await asyncio.gather(*self._tasks)
        return begun

    async def _room(self) -> None:
        """Wait until one more piece can be worked on. Each is a task: a slow one keeps nobody waiting."""
        if len(self._tasks) >= BATCH:
            await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)

    async def _begin(self) -> tuple[int, int]:
        """Claim what there is room for, and begin what finds its lanes free; gives how much of each."""
        room = BATCH - len(self._tasks)
        pieces = await self._queue.claim(self._clock.now_ms(), room)
        begun = 0
        for piece in pieces:
            if self._lanes.enter(piece):
                self._own(piece)
                begun += 1
            else:
                back_ms = self._lanes.back_ms(piece, self._clock.now_ms())
                await self._queue.put_off(piece, Later(back_ms, piece.what))
        await self._tell_lateness(full=len(pieces) == room)
        return len(pieces), begun

    def _own(self, piece: Piece) -> None:
        task = asyncio.create_task(self._work(piece))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _tell_lateness(self, *, full: bool) -> None:
        """Whoever got less than there was room for left nothing behind that is due."""
        late_ms = await self._queue.late_ms(self._clock.now_ms()) if full else 0
        metrics.queue_late_seconds.labels(self._queue.name).set(late_ms / 1_000)

    async def _work(self, piece: Piece) -> None:
        try:
            later = await self._handler(piece)
            await (self._queue.put_off(piece, later) if later else self._queue.done(piece))
        except Exception as failure:
            # Whatever it was, it comes again when the lease ends, and the others go on. The text of a
            # failure may quote what somebody wrote: the class must do.
            log.warning("queue %s: %s", self._queue.name, type(failure).__name__)
            metrics.queue_handled.labels(self._queue.name, "failed").inc()
        else:
            metrics.queue_handled.labels(self._queue.name, "later" if later else "done").inc()
        finally:
            self._lanes.leave(piece)


class _Lanes:
    """How much of whose work is under way, and when what found no room comes back."""

    def __init__(self, lanes: Lanes) -> None:
        self._of = lanes
        self._busy: Counter[str] = Counter()
        self._back_ms: dict[str, int] = {}

    def enter(self, piece: Piece) -> bool:
        """Take a place in each of its lanes, if there is one in all."""
        lanes = self._of(piece)
        if any(self._busy[lane.name] >= lane.most for lane in lanes):
            return False
        self._busy.update(lane.name for lane in lanes)
        return True

    def leave(self, piece: Piece) -> None:
        for lane in self._of(piece):
            self._busy[lane.name] -= 1
            if not self._busy[lane.name]:
                del self._busy[lane.name]

    def back_ms(self, piece: Piece, now_ms: int) -> int:
        """A moment of its own for each, so that a thousand that wait for one receiver are not looked at
        all the time."""
        full = next(lane for lane in self._of(piece) if self._busy[lane.name] >= lane.most)
        self._back_ms = {name: at for name, at in self._back_ms.items() if at > now_ms}
        self._back_ms[full.name] = max(now_ms, self._back_ms.get(full.name, 0)) + STEP_MS
        return self._back_ms[full.name]
