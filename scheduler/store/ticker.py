"""The loop that lets timers fire.

Any number of processes may run one: a timer is claimed and takes effect in one call of the store, so
none fires twice, and a process that dies loses nothing.
"""

from __future__ import annotations

import asyncio

from scheduler.store import metrics
from scheduler.store.ledger import Ledger, Tick
from scheduler.store.rounds import Rounds

AT_ONCE = 500
"""Timers of one tick at most; the store gives fewer back if their effects take long."""
IDLE_MS = 250
"""Longest sleep: a timer set by another process is at most this late."""
LOOPS = 2
"""In a process: while one reads what fired, the store works for the other."""


class Ticker(Rounds):
    """Sleeps until the next timer is due, or `idle_ms`, whichever is sooner."""

    def __init__(self, ledger: Ledger, *, idle_ms: int = IDLE_MS) -> None:
        super().__init__()
        self._ledger = ledger
        self._idle_ms = idle_ms

    async def run(self) -> None:
        """Look until cancelled."""
        async with asyncio.TaskGroup() as loops:
            for _ in range(LOOPS):
                loops.create_task(super().run())

    async def look(self) -> float:
        tick = await self._ledger.tick(AT_ONCE)
        measure(tick)
        return pause_ms(tick, self._idle_ms) / 1_000


def pause_ms(tick: Tick, idle_ms: int) -> int:
    """How long nothing will be due, as far as this tick knows."""
    if tick.next_due_ms is None:
        return idle_ms
    return min(max(tick.next_due_ms - tick.now_ms, 0), idle_ms)


def measure(tick: Tick) -> None:
    metrics.timers_pending.set(tick.pending)
    lateness = {kind: metrics.timer_lateness_seconds.labels(kind) for kind in set(tick.kinds)}
    for kind, lateness_ms in zip(tick.kinds, tick.lateness_ms, strict=True):
        lateness[kind].observe(lateness_ms / 1_000)
