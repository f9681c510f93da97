"""Puts the use cases beside booking and meeting together with their stores."""

from __future__ import annotations

from redis.asyncio import Redis

from scheduler.config import Config
from scheduler.ports import Clock, Ledger
from scheduler.services.repeats import Repeats
from scheduler.services.tools import Tools
from scheduler.store.repeats import RepeatStore


def assemble_tools(
    redis: Redis, *, tag: str, ledger: Ledger, clock: Clock, config: Config
) -> Tools:
    """All of them, over one store."""
    return Tools(
        repeats=Repeats(
            ledger=ledger, store=RepeatStore(redis, tag=tag), clock=clock, config=config
        ),
    )
