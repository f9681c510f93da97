"""Replicas that must have a change before it is acknowledged: waited for and counted, for all who write.

Functions are waited for by `Caller`; what a store writes by plain commands and must not come back after a
failover (a token that was revoked, a sign-in that was ended) goes through `Replicas.step`.
"""

from __future__ import annotations

from typing import Any

from redis.asyncio import Redis

from scheduler import errors
from scheduler.store import keys, metrics

REPLICAS_MS = 300
"""How long replicas have to confirm."""

Command = tuple[Any, ...]
"""One command as the protocol has it: its name, then its arguments."""


class NotDurable(errors.Unavailable):
    """Done, but too few replicas have it yet to promise that it lasts."""


class Replicas:
    """The copies of one store, of which `least` must have a change; none is waited for if that is 0."""

    def __init__(self, redis: Redis, *, tag: str, least: int) -> None:
        self._redis = redis
        self._written = f"{keys.root(tag)}:waited"
        self.least = least

    async def step(self, *commands: Command) -> list[Any]:
        """Commands in one transaction, answered once enough replicas have it, else `NotDurable`.

        Without commands it is waited for what was done before: so a repeat is promised no sooner
        than the first time.
        """
        answers, reached = await self.send(("MULTI",), *commands, ("EXEC",))
        done: list[Any] = answers[-1]
        for answer in done:
            if isinstance(answer, Exception):
                raise answer
        self.require(reached)
        return done

    async def send(self, *commands: Command) -> tuple[list[Any], int]:
        """Their answers, and how many replicas have all that was written until then."""
        # One pipeline, for WAIT speaks of the writes of its own connection. A repeat writes nothing, and WAIT
        # would be content at once, wherever the first answer got lost: so something is written each time.
        waiting = [("SET", self._written, "1"), ("WAIT", self.least, REPLICAS_MS)]
        async with self._redis.pipeline(transaction=False) as pipeline:
            for command in [*commands, *(waiting if self.least else [])]:
                pipeline.execute_command(*command)
            answers = await pipeline.execute()
        return answers[: len(commands)], int(answers[-1]) if self.least else 0

    def require(self, reached: int) -> None:
        """Raise `NotDurable` unless so many are enough."""
        if not self.least:
            return
        result = "ok" if reached >= self.least else "short"
        metrics.wait_replicas.labels(result).inc()
        if result == "short":
            raise NotDurable
