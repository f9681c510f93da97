"""The loop that lets timers fire.

Any number of processes may run one: a timer is claimed and takes effect in one call of the store, so
none fires twice, and a process that dies loses nothing.
"""

from __future__ import annotations

import asyncio

from scheduler import errors
from scheduler.store import metrics
from scheduler.store.backoff import Backoff
from scheduler.store.ledger import Ledger, Tick

AT_ONCE = 500
"""Timers of one tick at most; the store gives fewer back if their effects take long."""
IDLE_MS = 250
"""Longest sleep: a timer set by another process is at most this late."""


class Ticker:
    """Sleeps until the next timer is due, or `idle_ms`, whichever is sooner."""

    def __init__(self, ledger: Ledger, *, idle_ms: int = IDLE_MS) -> None:
        self._ledger = ledger
        self._idle_ms = idle_ms
        self._backoff = Backoff()

    async def run(self) -> None:
        """Tick until cancelled; outages of the store are waited out."""
        while True:
            pause_s = await self.turn()
            await asyncio.sleep(pause_s)

    async def turn(self) -> float:
        """Tick once; gives the seconds to sleep before the next turn."""
        try:
            tick = await self._ledger.tick(AT_ONCE)
        except errors.Unavailable:
            return self._backoff.failed()
        self._backoff.worked()
        measure(tick)
        return pause_ms(tick, self._idle_ms) / 1_000


def pause_ms(tick: Tick, idle_ms: int) -> int:
    """How long nothing will be due, as far as this tick knows."""
    if tick.next_due_ms is None:
        return idle_ms
    return min(max(tick.next_due_ms - tick.now_ms, 0), idle_ms)


def measure(tick: Tick) -> None:
    metrics.timers_pending.set(tick.pending)
    for kind, lateness_ms in zip(tick.kinds, tick.lateness_ms, strict=True):
        metrics.timer_lateness_seconds.labels(kind).observe(lateness_ms / 1_000)
