"""Presence events on their way into the ledger: in order, and until it takes them.

A running call needs no store, so what was seen waits here while the store is away. Events carry
their ids: writing one twice writes it once.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from typing import NamedTuple

import structlog

from scheduler.errors import SchedulerError, Unavailable
from scheduler.presence import PresenceEvent
from signalling.ports import Ledger
from signalling.web import metrics

log = structlog.get_logger(__name__)

FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 2.0
TIMEOUT_S = 5.0
PAIRS_AT_ONCE = 16
SLICE = 500
"""So many events of a pair are written at once."""
EVENTS_MAX = 200_000
"""Hours of a busy hub. Beyond, the newest are dropped: the earlier ones say who came at all."""


class Pause(NamedTuple):
    """How long a pair waits after a failure, and until when."""

    length_s: float
    until_s: float


NO_PAUSE = Pause(0.0, 0.0)


class Recorder:
    """A queue of events by pair. Pairs do not wait for each other; a pair's events keep order."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._waiting: dict[str, list[PresenceEvent]] = {}
        self._pauses: dict[str, Pause] = {}
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
        while True:
            if not self._waiting:
                self._idle.set()
            self._more.clear()
            if pairs := self._ready():
                await asyncio.gather(*(self._write(pair) for pair in pairs))
            else:
                await self._rest()

    async def flush(self, within_s: float) -> bool:
        """Wait until all is written; False if that took too long."""
        try:
            await asyncio.wait_for(self._idle.wait(), within_s)
        except TimeoutError:
            return False
        return True

    def _ready(self) -> list[str]:
        """Some pairs with something to write that do not pause after a failure."""
        now_s = asyncio.get_running_loop().time()
        ready = (pair for pair in self._waiting if self._pause_of(pair).until_s <= now_s)
        return list(itertools.islice(ready, PAIRS_AT_ONCE))

    async def _rest(self) -> None:
        """Until there is more, or a pause is over."""
        until_s = min((self._pause_of(pair).until_s for pair in self._waiting), default=None)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout_at(until_s):
                await self._more.wait()

    def _pause_of(self, pair: str) -> Pause:
        return self._pauses.get(pair, NO_PAUSE)

    async def _write(self, pair: str) -> None:
        events = self._waiting[pair][:SLICE]
        try:
            await asyncio.wait_for(self._ledger.record(pair, events), TIMEOUT_S)
        except Exception as problem:
            if not isinstance(problem, SchedulerError) or isinstance(problem, Unavailable):
                # Whatever ails the store: keep the events and come again.
                self._failed(pair, problem)
                return
            # The ledger would not take it the next time either.
            log.warning("presence.refused", pair=pair, count=len(events), code=problem.code)
        self._done(pair, len(events))

    def _failed(self, pair: str, problem: Exception) -> None:
        """Come again later, with this pair alone: another one's write may go well."""
        pause_s = min(self._pause_of(pair).length_s * 2 or FIRST_PAUSE_S, LONGEST_PAUSE_S)
        if pair not in self._pauses:
            log.warning("presence.waiting", pair=pair, problem=type(problem).__name__)
        self._pauses[pair] = Pause(pause_s, asyncio.get_running_loop().time() + pause_s)

    def _done(self, pair: str, count: int) -> None:
        self._pauses.pop(pair, None)
        left = self._waiting[pair][count:]
        if left:
            self._waiting[pair] = left
        else:
            del self._waiting[pair]
        self._counted(-count)

    def _counted(self, change: int) -> None:
        self._count += change
        metrics.RECORDS.set(self._count)
