"""Keeps a journal in step with the store: replays it when another one has taken over.

A history of the store (its replication id) ends when a replica is promoted, and when a store starts again
from its file. In both cases the end of it may be missing.
"""

from __future__ import annotations

import logging

from redis.asyncio import Redis

from scheduler.journal import to_replay
from scheduler.store.journal import Journal
from scheduler.store.ledger import Ledger
from scheduler.store.reconcile import reconcile
from scheduler.store.replay import Replay
from scheduler.store.rounds import Rounds, history_of

log = logging.getLogger(__name__)

EVERY_S = 1.0
GRACE_S = 3.0
"""In this time every process that can will have noticed that another store took over."""


class Keeper(Rounds):
    """Looks which store answers, replays and reconciles if it is another, and lets old files go."""

    def __init__(
        self, redis: Redis, ledger: Ledger, journal: Journal, *, grace_s: float = GRACE_S
    ) -> None:
        super().__init__()
        self._redis = redis
        self._ledger = ledger
        self._journal = journal
        self._grace_s = grace_s
        self._foreign = ""
        """The history of a store that holds another ledger, told once."""

    async def look(self) -> float:
        history = await history_of(self._redis)
        if history not in (self._journal.history, self._foreign):
            await self._took_over(history)
        if history == self._journal.history:
            await self._journal.forget()
        return EVERY_S

    async def _took_over(self, history: str) -> None:
        if await self._ledger.epoch() != self._journal.ledger:
            log.error("journal: this store holds another ledger; nothing is done again")
            self._foreign = history
            return
        lost = to_replay(await self._journal.entries(), history)
        replay = Replay(self._redis, self._ledger, history, grace_s=self._grace_s)
        replayed = await replay.run(lost)
        if replayed.done:
            await reconcile(self._ledger.calls)
        await self._journal.mark(history)
        level = logging.WARNING if replayed.done + replayed.conflict else logging.INFO
        log.log(level, "journal: the store has another history now: %s", replayed)
