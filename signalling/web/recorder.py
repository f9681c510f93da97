"""Presence events on their way into the ledger: in order, and until it takes them.

A running call needs no store, so what was seen waits here while the store is away. Events carry
their ids: writing one twice writes it once.
"""

from __future__ import annotations

import asyncio

import structlog

from scheduler.errors import NotFound
from scheduler.presence import PresenceEvent
from signalling.ports import Ledger
from signalling.web import metrics

log = structlog.get_logger(__name__)

FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 2.0
TIMEOUT_S = 5.0
PAIRS_AT_ONCE = 16
EVENTS_MAX = 200_000
"""Hours of a busy hub. Beyond, the newest are dropped: the earlier ones say who came at all."""


class Recorder:
    """A queue of events by pair. Pairs do not wait for each other; a pair's events keep order."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._waiting: dict[str, list[PresenceEvent]] = {}
        self._count = 0
        self._more = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()

    def add(self, pair: str, events: list[PresenceEvent]) -> None:
        """Queue events of a pair."""
        if self._count + len(events) > EVENTS_MAX:
            log.error("presence.dropped", count=len(events))
            return
        self._waiting.setdefault(pair, []).extend(events)
        self._counted(len(events))
        self._idle.clear()
        self._more.set()

    async def run(self) -> None:
        """Write what is queued, for ever."""
        pause_s = FIRST_PAUSE_S
        while True:
            if not self._waiting:
                self._idle.set()
                self._more.clear()
                await self._more.wait()
            if await self._write_some():
                pause_s = FIRST_PAUSE_S
            else:
                await asyncio.sleep(pause_s)
                pause_s = min(pause_s * 2, LONGEST_PAUSE_S)

    async def flush(self, within_s: float) -> bool:
        """Wait until all is written; False if that took too long."""
        try:
            await asyncio.wait_for(self._idle.wait(), within_s)
        except TimeoutError:
            return False
        return True

    async def _write_some(self) -> bool:
        pairs = list(self._waiting)[:PAIRS_AT_ONCE]
        results = await asyncio.gather(*(self._write(pair) for pair in pairs))
        return all(results)

    async def _write(self, pair: str) -> bool:
        events = list(self._waiting[pair])
        try:
            await asyncio.wait_for(self._ledger.record(pair, events), TIMEOUT_S)
        except NotFound:
            log.warning("presence.pair_unknown", pair=pair, count=len(events))
        except Exception as problem:  # Whatever ails the store: keep the events and come again.
            log.warning("presence.waiting", pair=pair, problem=type(problem).__name__)
            return False
        self._done(pair, len(events))
        return True

    def _done(self, pair: str, count: int) -> None:
        left = self._waiting[pair][count:]
        if left:
            self._waiting[pair] = left
        else:
            del self._waiting[pair]
        self._counted(-count)

    def _counted(self, change: int) -> None:
        self._count += change
        metrics.RECORDS.set(self._count)
