"""Begins DTLS handshakes in turn, no more a second than the worker has time for.

A full hour brings everybody at once, and so does another worker's death. Nobody is turned away: a
leg waits, its browser's first flight with it, and is begun as soon as there is room. What the event
loop does in between is carry the calls that are there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from media.limits import Bucket
from media.rtc.leg import Leg

AT_ONCE_S = 0.1
"""Handshakes of so much time may begin at once, after a rest."""

PAUSE_S = 0.02
"""Between two looks at who waits; about the time of four handshakes."""

STRAINED = 0.2
"""The share of handshakes that is left when the worker is strained."""


class Handshakes:
    """Who waits for one."""

    def __init__(self, per_s: int, *, clock: Callable[[], float]) -> None:
        self._per_s = per_s
        self._clock = clock
        self._room = Bucket(per_s, max(1.0, per_s * AT_ONCE_S), clock())
        self._waiting: dict[Leg, None] = {}
        self._timer: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return len(self._waiting)

    def strain(self, strained: bool) -> None:
        """Leave more of the time to the calls that are there, or no longer."""
        self._room.rate = self._per_s * (STRAINED if strained else 1.0)

    def want(self, leg: Leg) -> None:
        """Begin this leg's handshake as soon as there is room, if it is time for it."""
        if leg.may_begin:
            self._waiting[leg] = None
            self._go_on()

    def forget(self, leg: Leg) -> None:
        self._waiting.pop(leg, None)

    def _go_on(self) -> None:
        while self._waiting and self._room.take(self._clock()):
            leg = next(iter(self._waiting))
            del self._waiting[leg]
            leg.begin()
        if self._waiting and self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(PAUSE_S, self._again)

    def _again(self) -> None:
        self._timer = None
        self._go_on()
