"""A copy of the ledger's time that can be asked without waiting.

Between two looks at the store it runs on this machine's monotonic clock, so that a step of the wall
clock here changes nothing. It never goes back; the store's time decides.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from typing import Protocol

from scheduler import errors

EVERY_S = 1.0


class TimeSource(Protocol):
    """What the clock copies: the ledger."""

    async def now_ms(self) -> int: ...


class StoreClock:
    """Satisfies `signalling.ports.Clock`. Sync it once before the first question."""

    def __init__(
        self,
        source: TimeSource,
        *,
        every_s: float = EVERY_S,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._source = source
        self._every_s = every_s
        self._monotonic = monotonic
        self._ahead_ms: float | None = None
        """The ledger's time minus our monotonic time."""
        self._told_ms = 0

    async def sync(self) -> None:
        """Look at the store; half the way there and back counts as the way back."""
        asked = self._monotonic()
        now_ms = await self._source.now_ms()
        middle = (asked + self._monotonic()) / 2
        self._ahead_ms = now_ms - middle * 1_000

    def now_ms(self) -> int:
        """The ledger's time, never before what was told already."""
        if self._ahead_ms is None:
            raise errors.Unavailable
        self._told_ms = max(self._told_ms, int(self._ahead_ms + self._monotonic() * 1_000))
        return self._told_ms

    async def run(self) -> None:
        """Sync again and again; while the store is away the monotonic clock goes on."""
        while True:
            with contextlib.suppress(errors.Unavailable):
                await self.sync()
            await asyncio.sleep(self._every_s)
