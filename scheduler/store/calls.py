"""One call of a ledger function: sent, measured, its failures and refusals made ours.

Every failure of the store becomes `Unavailable` here and nowhere else: it may or may not have
happened, so the honest advice is to ask again with the same request id.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, NamedTuple, TypeVar

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError

from scheduler import errors
from scheduler.replay import NO_COMMANDS
from scheduler.store import keys, metrics
from scheduler.store.connection import ask
from scheduler.store.journal import Journal
from scheduler.store.library import SUFFIX
from scheduler.store.replicas import NotDurable, Replicas

log = logging.getLogger(__name__)

T = TypeVar("T")

FAILURES = (RedisError, OSError, asyncio.TimeoutError)
REQUEST_ID_MAX = 200
UNPREPARED = ("Function not found", "UNPREPARED")
"""A store that was emptied or replaced says one of these; then nothing was done."""


class Refusal(msgspec.Struct, frozen=True):
    """What a function answers instead of changing anything."""

    code: str
    field: str | None = None
    data: dict[str, Any] | None = None

    def error(self) -> errors.SchedulerError:
        """The typed error of this code."""
        return errors.BY_CODE[self.code](field=self.field, **(self.data or {}))


class Answer(NamedTuple):
    """A function's answer: `ok`, or `replay` when this request had been done before."""

    status: str
    packed: bytes


def unpack(answer: Answer, type_: type[T]) -> T:
    """An answer as its type."""
    return msgspec.msgpack.decode(answer.packed, type=type_)


_refusals = msgspec.msgpack.Decoder(Refusal)


def is_unprepared(failure: BaseException) -> bool:
    """Whether the store lacks our functions or rules: a release step mends that."""
    return isinstance(failure, ResponseError) and any(text in str(failure) for text in UNPREPARED)


@asynccontextmanager
async def watched(name: str) -> AsyncIterator[None]:
    """Measure a use of the store, translate its failures, and let no cancellation get lost."""
    begun, before = time.perf_counter(), cancellations()
    try:
        yield
    except FAILURES as failure:
        metrics.redis_errors.labels(name, type(failure).__name__).inc()
        log.warning("store call %s failed: %s", name, type(failure).__name__)
        raise errors.Unavailable from failure
    finally:
        metrics.redis_command_seconds.labels(name).observe(time.perf_counter() - begun)
        if cancellations() > before:
            raise asyncio.CancelledError


def cancellations() -> int:
    """How often the current task was asked to stop.

    The client sends under `asyncio.wait_for`, which before Python 3.12 drops a cancellation that comes
    in the moment the sending is done: the loop around the call would then go on for ever.
    """
    task = asyncio.current_task()
    return task.cancelling() if task else 0


class Caller:
    """Calls functions under one tag, and waits for replicas after those that write.

    `prepare` gives functions and rules to a store that has lost them; the call is then made again.
    """

    def __init__(
        self, redis: Redis, *, tag: str, replicas: int, prepare: Callable[[], Awaitable[None]]
    ) -> None:
        self._redis = redis
        self._key = keys.root(tag)
        self.replicas = Replicas(redis, tag=tag, least=replicas)
        self._prepare = prepare
        self._journal: Journal | None = None

    def write_down(self, journal: Journal) -> None:
        """From now on nothing is acknowledged before it is in this journal."""
        self._journal = journal

    async def read(self, name: str, *args: Any) -> Answer:
        """Call a function that only reads."""
        async with watched(name):
            reply = await self._prepared(self._send, "FCALL_RO", name, args)
        return judged(reply)

    async def write(self, name: str, *args: Any) -> Answer:
        """Call a function that changes something, and wait until enough replicas have it."""
        answer = await self._write(name, args)
        if name in NO_COMMANDS:
            await self._keep(name, args, answer)
        return answer

    async def _write(self, name: str, args: tuple[Any, ...]) -> Answer:
        if self.replicas.least == 0:
            async with watched(name):
                return judged(await self._prepared(self._send, "FCALL", name, args))
        async with watched(name):
            reply, reached = await self._prepared(self._send_and_wait, "FCALL", name, args)
        answer = judged(reply)
        self.replicas.require(reached)
        return answer

    async def _keep(self, name: str, args: tuple[Any, ...], answer: Answer) -> None:
        if self._journal is not None:
            await self._journal.keep(name, args, answer.packed)

    async def command(self, op: str, request_id: str, member: str, *args: Any) -> Answer:
        """A member's command: done once a request id, whatever happens on the way."""
        if not 0 < len(request_id) <= REQUEST_ID_MAX:
            raise errors.BadField(field="request_id", limit=REQUEST_ID_MAX)
        begun = time.perf_counter()
        result = "error"
        try:
            answer = await self.write(op, request_id, member, *args)
            await self._keep(op, (request_id, member, *args), answer)
            result = answer.status
        except NotDurable:
            result = "not_durable"
            raise
        except (errors.BadRequest, errors.NotFound, errors.Conflict, errors.Forbidden):
            result = "conflict"
            raise
        finally:
            metrics.booking_requests.labels(op, result).inc()
            metrics.booking_seconds.labels(op).observe(time.perf_counter() - begun)
        return answer

    async def _prepared(self, send: Callable[..., Awaitable[Any]], *what: Any) -> Any:
        try:
            return await send(*what)
        except ResponseError as failure:
            if not is_unprepared(failure):
                raise
        await self._prepare()
        return await send(*what)

    async def _send(self, verb: str, name: str, args: tuple[Any, ...]) -> Any:
        return await ask(self._redis, verb, name + SUFFIX, 1, self._key, *args)

    async def _send_and_wait(self, verb: str, name: str, args: tuple[Any, ...]) -> tuple[Any, int]:
        [reply], reached = await self.replicas.send((verb, name + SUFFIX, 1, self._key, *args))
        return reply, reached


def judged(reply: list[bytes]) -> Answer:
    """The answer, or the refusal raised as its typed error."""
    answer = Answer(reply[0].decode(), reply[1])
    if answer.status == "refused":
        raise _refusals.decode(answer.packed).error()
    return answer
