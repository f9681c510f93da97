"""Do again what another store lost: after a failover each process looks for what it acknowledged.

Replication is a prefix: what the new primary lacks is the end of what the old one did. The same functions
do it again, in the order of time, and request ids make what is there harmless. What is refused now is a
conflict, for an operator to read.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator

import msgspec
from redis.asyncio import Redis

from scheduler import errors
from scheduler.bookings import Booking
from scheduler.journal import KEPT_MS, Entry, decode, encode
from scheduler.replay import (
    NO_COMMANDS,
    booking_named,
    conflict_of,
    fulfilled,
    renamed,
    same_booking,
    thing_of,
)
from scheduler.store import keys, metrics
from scheduler.store.calls import Answer, watched
from scheduler.store.connection import ask
from scheduler.store.ledger import Ledger

log = logging.getLogger(__name__)

AT_ONCE = 500
"""Entries looked for in one go."""
CONFLICTS_KEPT = 1_000


class Replayed(msgspec.Struct, kw_only=True):
    """What became of the changes looked for."""

    kept: int = 0
    done: int = 0
    conflict: int = 0

    def count(self, result: str, number: int = 1) -> None:
        setattr(self, result, getattr(self, result) + number)
        metrics.journal_replayed.labels(result).inc(number)


class Replay:
    """One look for what may be lost, into a store of this history.

    All processes lay what they miss side by side, wait a moment for each other, and go through all of it in
    the same order: so each change finds what went before it, whoever had acknowledged that.
    """

    def __init__(self, redis: Redis, ledger: Ledger, history: str, *, grace_s: float) -> None:
        self._redis = redis
        self._ledger = ledger
        self._shared = keys.lost(ledger.tag, history)
        self._grace_s = grace_s
        self._moved: dict[str, str] = {}
        """Ids that lost things had, and those they came back under."""
        self._own: set[Entry] = set()
        self.replayed = Replayed()

    async def run(self, entries: list[Entry]) -> Replayed:
        """Do again what the store lacks of these."""
        lost = await self._lost(entries)
        if lost:
            self._own = set(lost)
            await self._share(lost)
            await asyncio.sleep(self._grace_s)
            for entry in await self._of_all():
                if entry in self._own or entry.op not in NO_COMMANDS:
                    await self._try(entry)
        return self.replayed

    async def _lost(self, entries: list[Entry]) -> list[Entry]:
        lost: list[Entry] = []
        for part in parts(entries):
            known = await self._known(part)
            lost += [entry for entry, there in zip(part, known, strict=True) if not there]
        self.replayed.count("kept", len(entries) - len(lost))
        return lost

    async def _known(self, entries: list[Entry]) -> list[bool]:
        """Whether the request left its key; what is no command leaves none, and counts as lost."""
        async with watched("replay"), self._redis.pipeline(transaction=False) as pipeline:
            for entry in entries:
                pipeline.exists(self._key(entry))
            found = await pipeline.execute()
        return [
            bool(number) and entry.op not in NO_COMMANDS
            for number, entry in zip(found, entries, strict=True)
        ]

    def _key(self, entry: Entry) -> str:
        request, member = entry.args[0].decode(), entry.args[1].decode()
        return keys.request(self._ledger.tag, entry.op, member, request)

    async def _share(self, lost: list[Entry]) -> None:
        for part in parts(lost):
            async with watched("replay"):
                scores = {encode(entry): entry.at_ms for entry in part}
                await self._redis.zadd(self._shared, scores)
                await self._redis.pexpire(self._shared, KEPT_MS)

    async def _of_all(self) -> list[Entry]:
        async with watched("replay"):
            records = await ask(self._redis, "ZRANGE", self._shared, 0, -1)
        return [entry for record in records for entry in decode(record)]

    async def _try(self, entry: Entry) -> None:
        try:
            await self._again(entry)
        except errors.Unavailable:
            raise
        except errors.SchedulerError as refusal:
            await self._refused(entry, refusal)

    def _count(self, entry: Entry, result: str) -> None:
        """What was done is counted by who did it, all else by who had acknowledged it."""
        if result == "done" or entry in self._own:
            self.replayed.count(result)

    async def _again(self, entry: Entry) -> None:
        was = booking_named(entry)
        booking = await self._today(was) if was is not None else None
        answer = await self._send(entry.op, renamed(entry, self._now, booking=booking))
        self._learn(entry, answer)
        self._count(entry, "kept" if answer.status == "replay" else "done")

    async def _send(self, op: str, args: tuple[bytes, ...]) -> Answer:
        if op in NO_COMMANDS:
            return await self._ledger.calls.write(op, *args)
        request, member, *rest = args
        return await self._ledger.calls.command(op, request.decode(), member.decode(), *rest)

    def _learn(self, entry: Entry, answer: Answer) -> None:
        was = thing_of(entry)
        now = thing_of(msgspec.structs.replace(entry, answer=answer.packed))
        if was is not None and now is not None:
            self._moved[was.id] = now.id

    def _now(self, id: str) -> str:
        return self._moved.get(id, id)

    async def _today(self, was: Booking) -> str:
        """The id of a booking: a member has one live booking at a start, whatever its id was."""
        for id in (self._now(was.id), was.id):
            if await self._is(id, was):
                return id
        live = await self._live(was)
        if not live:
            raise errors.NotFound(field="booking")
        return live[0].id

    async def _is(self, id: str, was: Booking) -> bool:
        try:
            return same_booking(await self._ledger.booking(id), was)
        except errors.NotFound:
            return False

    async def _live(self, was: Booking) -> list[Booking]:
        return await self._ledger.bookings_of(was.member, was.start_ms, was.start_ms + 1)

    async def _refused(self, entry: Entry, refusal: errors.SchedulerError) -> None:
        was = thing_of(entry)
        live = await self._live(was) if isinstance(was, Booking) else []
        if fulfilled(entry, refusal, live):
            self._count(entry, "kept")
            return
        self._count(entry, "conflict")
        log.warning("journal: an acknowledged %s is refused now: %s", entry.op, refusal.code)
        line = msgspec.json.encode(conflict_of(entry, refusal))
        key = keys.conflicts(self._ledger.tag)
        async with watched("conflicts"):
            await ask(self._redis, "LREM", key, 0, line)  # another process may say the same
            await ask(self._redis, "LPUSH", key, line)
            await ask(self._redis, "LTRIM", key, 0, CONFLICTS_KEPT - 1)


def parts(entries: list[Entry]) -> Iterator[list[Entry]]:
    """A few at a time: the store answers nobody else meanwhile."""
    for at in range(0, len(entries), AT_ONCE):
        yield entries[at : at + AT_ONCE]
