"""How soon the next generation may follow: ever more slowly after failures, and spaced where one page asks."""

from __future__ import annotations

from signalling.restart import EVERY_MS, MINUTE_MAX, Spacing

RETRY_MS = (0, 1_000, 2_000, 4_000, 8_000, 15_000)
"""Pauses before the first, second … try again after a failure."""
PROVEN_MS = 10_000
"""A connection that both pages had for so long is no part of a row of failures."""
COMINGS_MAX = 10
"""So many times a minute a page may come without a connection before it has to wait."""


class Pace:
    """One pair's."""

    def __init__(self) -> None:
        self.failures = 0
        """In a row."""
        self._settled_ms = 0
        self._asked = Spacing(EVERY_MS, MINUTE_MAX)
        self._comings = Spacing(0, COMINGS_MAX)

    def settled(self, now_ms: int) -> None:
        """Both pages have a connection."""
        self._settled_ms = now_ms

    def ended(self, now_ms: int, *, asked: bool) -> None:
        """What both pages had is over; `asked`: so one page says, which may have made up all of it."""
        if not asked or now_ms >= self._settled_ms + PROVEN_MS:
            self.failures = 0

    def failed(self, now_ms: int, *, asked: bool) -> int:
        """How long until the next try."""
        pause_ms = RETRY_MS[min(self.failures, len(RETRY_MS) - 1)]
        self.failures += 1
        return max(pause_ms, self._asked.reserve(now_ms) if asked else 0)

    def came(self, now_ms: int, *, waits: bool) -> int | None:
        """A page came without a connection: how long until one is built; None: as long as it `waits`."""
        if self._comings.take(now_ms):
            return 0
        return None if waits else self._comings.reserve(now_ms)
