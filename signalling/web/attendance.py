"""Tells the ledger who is in a room without a partner. What is lost is said again five seconds later.

Only the newest word about a booking waits, so that a store which is away leaves no queue behind, and
nothing here ever holds up a room.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from itertools import islice

import structlog

from signalling.ports import Standby
from signalling.web import metrics

log = structlog.get_logger(__name__)

AT_ONCE = 16
WAITING_MAX = 20_000
"""Beyond, the newest are dropped: they come again."""
TIMEOUT_S = 2.0


Word = Callable[[], Awaitable[object]]


class Attendance:
    """The newest word about each booking, a few at a time."""

    def __init__(self, standby: Standby) -> None:
        self._standby = standby
        self._waiting: dict[str, Word] = {}
        self._more = asyncio.Event()
        self._failing = False

    def here(self, member: str, booking: str, *, lost: bool = False) -> None:
        """A member is in the seat, or was until it was `lost`."""
        self._add(booking, lambda: self._standby.here(member, booking, lost=lost))

    def gone(self, booking: str) -> None:
        """The seat was given up."""
        self._add(booking, lambda: self._standby.gone(booking))

    def _add(self, booking: str, word: Word) -> None:
        if booking in self._waiting or len(self._waiting) < WAITING_MAX:
            self._waiting[booking] = word
            self._more.set()

    async def run(self) -> None:
        """Say what is to be said, for ever."""
        while True:
            await self._more.wait()
            batch = [self._waiting.pop(booking) for booking in list(islice(self._waiting, AT_ONCE))]
            if not batch:
                self._more.clear()
            await asyncio.gather(*map(self._say, batch))

    async def _say(self, word: Word) -> None:
        try:
            async with asyncio.timeout(TIMEOUT_S):
                await word()
            self._failing = False
        except Exception as problem:
            metrics.UNSAID.inc()
            if not self._failing:
                log.warning("attendance.unsaid", problem=type(problem).__name__)
            self._failing = True
