"""The outbox: a stream of events, appended by the call that made the change they tell.

An entry is one field, `e`, holding the event in msgpack; its stream id is its offset. Functions
append in Lua; `append` is for the few events that are not the ledger's (sign-outs).
"""

from __future__ import annotations

from typing import Any

import msgspec
from redis.asyncio import Redis

from scheduler.events import AnyEvent, Event
from scheduler.store import keys
from scheduler.store.connection import ask

FIELD = b"e"
MAXLEN = 500_000
"""Far above the worst backlog: what is trimmed vanishes from the groups' pending lists too."""
BEGINNING = "0-0"

Entry = tuple[str, AnyEvent]

_decoder = msgspec.msgpack.Decoder(AnyEvent)
_encoder = msgspec.msgpack.Encoder()


def encode(event: Event) -> dict[bytes, bytes]:
    """An event as the fields of a stream entry."""
    return {FIELD: _encoder.encode(event)}


def decode(fields: dict[bytes, bytes]) -> AnyEvent:
    """The event of a stream entry."""
    event: AnyEvent = _decoder.decode(fields[FIELD])
    return event


async def append(redis: Redis, tag: str, event: Event) -> str:
    """Append one event; gives its offset."""
    key, payload = keys.outbox(tag), encode(event)[FIELD]
    offset = await ask(redis, "XADD", key, "MAXLEN", "~", MAXLEN, "*", FIELD, payload)
    return str(offset, "ascii")


async def after(redis: Redis, tag: str, offset: str, *, count: int, block_ms: int) -> list[Entry]:
    """Entries after an offset, waiting for the first if `block_ms` is above zero."""
    block = ["BLOCK", block_ms] if block_ms > 0 else []
    streams = await ask(redis, "XREAD", "COUNT", count, *block, "STREAMS", keys.outbox(tag), offset)
    return [(str(at, "ascii"), decode(fields)) for at, fields in entries(streams)]


async def first(redis: Redis, tag: str) -> str:
    """The oldest offset held."""
    return _offset(await redis.xrange(keys.outbox(tag), count=1))


async def last(redis: Redis, tag: str) -> str:
    """The newest offset."""
    return _offset(await redis.xrevrange(keys.outbox(tag), count=1))


def _offset(found: Any) -> str:
    return str(found[0][0], "ascii") if found else BEGINNING


def entries(streams: Any) -> list[tuple[bytes, dict[bytes, bytes]]]:
    """The entries of the one stream asked for, from whichever protocol's answer."""
    if not streams:
        return []
    [entries] = streams.values() if isinstance(streams, dict) else [streams[0][1]]
    return list(entries)
