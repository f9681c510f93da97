"""Looking at the store again and again: each look says when the next is due, and outages are waited out."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod

from redis.asyncio import Redis

from scheduler import errors
from scheduler.store.backoff import Backoff
from scheduler.store.calls import watched


class Rounds(ABC):
    """A loop of looks; what one does is the heir's."""

    def __init__(self) -> None:
        self._backoff = Backoff()

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            pause_s = await self.turn()
            await asyncio.sleep(pause_s)

    async def turn(self) -> float:
        """Look once; gives the seconds to sleep before the next look."""
        try:
            pause_s = await self.look()
        except errors.Unavailable:
            return self._backoff.failed()
        self._backoff.worked()
        return pause_s

    @abstractmethod
    async def look(self) -> float:
        """Do what is due; gives the seconds until the next look. `Unavailable` if the store does not answer."""


async def history_of(redis: Redis) -> str:
    """The replication id of the store that answers: another one when a replica was promoted, or a store
    began again from its file. `Unavailable` if it is not a primary."""
    async with watched("replication"):
        info = await redis.info("replication")
    if info["role"] != "master":
        raise errors.Unavailable
    return str(info["master_replid"])
