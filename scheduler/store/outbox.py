"""The outbox: a stream of events, appended by the call that made the change they tell.

An entry is one field, `e`, holding the event in msgpack; its stream id is its offset. Functions
append in Lua; `encode` is for the few events that are not the ledger's (sign-outs). Hubs read it each
for itself (`after`); work that must be done once is shared by a group (`Consumer`).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from redis.asyncio import Redis
from redis.exceptions import ResponseError

from scheduler import errors
from scheduler.events import AnyEvent, Event, Matched
from scheduler.store import keys, metrics
from scheduler.store.backoff import Backoff
from scheduler.store.calls import watched
from scheduler.store.connection import BLOCK_MS, ask

log = logging.getLogger(__name__)

FIELD = b"e"
MAXLEN = 500_000
"""Far above the worst backlog: what is trimmed vanishes from the groups' pending lists too."""
BEGINNING = "0-0"

Entry = tuple[str, AnyEvent]
Raw = tuple[bytes, dict[bytes, bytes]]
Handler = Callable[[str, AnyEvent], Awaitable[None]]

IDLE_MS = 60_000
"""An event not acknowledged for this long is given to whoever asks next."""
DELIVERIES = 8
"""Tries before an event is laid among the dead letters."""
BATCH = 50
NAME = "worker"
"""All members of a group share one name: a successor finds what its predecessor left."""

_decoder = msgspec.msgpack.Decoder(AnyEvent)
_encoder = msgspec.msgpack.Encoder()


def encode(event: Event) -> dict[bytes, bytes]:
    """An event as the fields of a stream entry."""
    return {FIELD: _encoder.encode(event)}


def decode(fields: dict[bytes, bytes]) -> AnyEvent:
    """The event of a stream entry."""
    event: AnyEvent = _decoder.decode(fields[FIELD])
    return event


async def after(redis: Redis, tag: str, offset: str, *, count: int, block_ms: int) -> list[Entry]:
    """Entries after an offset, waiting for the first if `block_ms` is above zero."""
    block = ["BLOCK", block_ms] if block_ms > 0 else []
    streams = await ask(redis, "XREAD", "COUNT", count, *block, "STREAMS", keys.outbox(tag), offset)
    return [entry for at, fields in entries(streams) if (entry := readable(at, fields))]


def readable(offset: bytes, fields: dict[bytes, bytes]) -> Entry | None:
    """An event of a newer release is nothing to a process of this one; it must not stop it."""
    try:
        return str(offset, "ascii"), decode(fields)
    except (msgspec.DecodeError, KeyError):
        log.warning("outbox: %s is not an event this release knows", offset.decode())
        return None


async def first(redis: Redis, tag: str) -> str:
    """The oldest offset held."""
    return _offset(await redis.xrange(keys.outbox(tag), count=1))


async def last(redis: Redis, tag: str) -> str:
    """The newest offset."""
    return _offset(await redis.xrevrange(keys.outbox(tag), count=1))


def _offset(found: Any) -> str:
    return str(found[0][0], "ascii") if found else BEGINNING


def entries(streams: Any) -> list[Raw]:
    """The entries of the one stream asked for, from whichever protocol's answer."""
    if not streams:
        return []
    [entries] = streams.values() if isinstance(streams, dict) else [streams[0][1]]
    return list(entries)


class Consumer:
    """Hands every event to a handler at least once, shared with others of the same group.

    An event is acknowledged after its handler returned. One whose handler failed comes again after
    `idle_ms`; after eight tries it is laid among the dead letters, so that it cannot wear anybody out.
    """

    def __init__(
        self, redis: Redis, *, tag: str, group: str, handler: Handler, idle_ms: int = IDLE_MS
    ) -> None:
        self._redis = redis
        self._stream = keys.outbox(tag)
        self._dead = keys.dead_letters(tag)
        self._group = group
        self._handler = handler
        self._idle_ms = idle_ms
        self._backoff = Backoff()

    async def run(self) -> None:
        """Handle events until cancelled; outages of the store are waited out."""
        while True:
            try:
                await self.turn()
                self._backoff.worked()
            except errors.Unavailable:
                await asyncio.sleep(self._backoff.failed())

    async def turn(self, *, block_ms: int = BLOCK_MS) -> int:
        """What others left, then what is new; gives how many events were seen."""
        await self._measure()
        left = await self._left_behind()
        for offset, fields in left:
            await self._handle_or_bury(offset, fields)
        new = await self._new(0 if left else block_ms)
        for offset, fields in new:
            await self._handle(offset, fields)
        return len(left) + len(new)

    async def _ask(self, command: Callable[..., Any], *args: Any, **options: Any) -> Any:
        """A command that needs the group; a store that lost it gets it again, from the beginning."""
        async with watched("outbox"):
            try:
                return await command(self._stream, self._group, *args, **options)
            except ResponseError as failure:
                if "NOGROUP" not in str(failure):
                    raise
            await self._create_group()
            return await command(self._stream, self._group, *args, **options)

    async def _create_group(self) -> None:
        with contextlib.suppress(ResponseError):  # another member of the group was quicker
            await self._redis.xgroup_create(self._stream, self._group, BEGINNING, mkstream=True)

    async def _measure(self) -> None:
        summary = await self._ask(self._redis.xpending)
        metrics.outbox_pending.labels(self._group).set(summary["pending"])
        metrics.outbox_age_seconds.labels(self._group).set(await self._age_s(summary["min"]))

    async def _age_s(self, oldest: bytes | None) -> float:
        """How old this entry is, by the store's clock, which gave it its id."""
        if oldest is None:
            return 0.0
        async with watched("outbox"):
            seconds, micros = await self._redis.time()
        made_s = int(oldest.partition(b"-")[0]) / 1_000
        return max(0.0, seconds + micros / 1_000_000 - made_s)

    async def _left_behind(self) -> list[Raw]:
        claimed = await self._ask(
            self._redis.xautoclaim, NAME, min_idle_time=self._idle_ms, count=BATCH
        )
        return list(claimed[1])

    async def _new(self, block_ms: int) -> list[Raw]:
        streams = await self._ask(self._read_new, block_ms or None)
        return entries(streams)

    async def _read_new(self, stream: str, group: str, block_ms: int | None) -> Any:
        return await self._redis.xreadgroup(group, NAME, {stream: ">"}, count=BATCH, block=block_ms)

    async def _handle(self, offset: bytes, fields: dict[bytes, bytes]) -> None:
        try:
            event = decode(fields)
            await self._handler(str(offset, "ascii"), event)
        except Exception:
            # Whatever it was, the event stays pending and comes again; the others go on.
            log.exception("outbox group %s: handling %s failed", self._group, offset.decode())
            metrics.outbox_handled.labels(self._group, "failed").inc()
            return
        await self._ask(self._redis.xack, offset)
        metrics.outbox_handled.labels(self._group, "ok").inc()
        self._count(event)

    def _count(self, event: AnyEvent) -> None:
        if isinstance(event, Matched):
            for waited_ms in event.waited_ms:
                metrics.match_wait_seconds.labels(self._group).observe(waited_ms / 1_000)

    async def _handle_or_bury(self, offset: bytes, fields: dict[bytes, bytes]) -> None:
        if await self._deliveries(offset) > DELIVERIES:
            await self._bury(offset, fields)
        else:
            await self._handle(offset, fields)

    async def _deliveries(self, offset: bytes) -> int:
        rows = await self._ask(self._redis.xpending_range, min=offset, max=offset, count=1)
        return int(rows[0]["times_delivered"]) if rows else 0

    async def _bury(self, offset: bytes, fields: dict[bytes, bytes]) -> None:
        """Where an operator finds it, with where it came from."""
        log.error("outbox group %s: gave up on %s", self._group, offset.decode())
        async with watched("outbox"), self._redis.pipeline(transaction=True) as pipeline:
            entry: Any = {**fields, b"group": self._group, b"offset": offset}
            pipeline.xadd(self._dead, entry, maxlen=MAXLEN, approximate=True)
            pipeline.xack(self._stream, self._group, offset)
            await pipeline.execute()
        metrics.outbox_handled.labels(self._group, "dead").inc()
