"""Two who agree to work without pictures, where the instance allows it.

Both must say so, and either takes it back at any time, for both. It is recorded for each, so that the
judge needs nobody's word for it. Who is not there agrees to nothing. Who was declined asks again only
after a while.
"""

from __future__ import annotations

from collections.abc import Sequence

from scheduler.rules import Rules
from signalling import wire
from signalling.commands import AnyCommand
from signalling.errors import NotNow, NotYet
from signalling.plan import Plan
from signalling.recording import Recording
from signalling.seat import Seat
from signalling.telling import Telling

ASK_AGAIN_MS = 180_000
"""How long after a no the same member may ask again."""


class CamerasOff:
    """The agreement of one room's two seats."""

    def __init__(
        self,
        plan: Plan,
        seats: Sequence[Seat],
        rules: Rules,
        recording: Recording,
        tell: Telling,
    ) -> None:
        self._from_ms = plan.start_ms
        self._to_ms = rules.end_ms(plan.start_ms, plan.length_min)
        self._possible = rules.cameras_off_agreed and len(seats) == 2
        self._seats = seats
        self._recording = recording
        self._tell = tell
        self._declined_ms: dict[int, int] = {}
        """When each side's wish was declined."""

    def wish(self, side: int, on: bool, now_ms: int) -> list[AnyCommand]:
        """One of the two asks for it, agrees to it or takes it back. Raises `NotNow`, `NotYet`."""
        if not self._from_ms <= now_ms < self._to_ms:
            raise NotNow
        agreed = self._seats[side].off_agreed
        if not on:
            return self._take_back(side, now_ms) if agreed else self._unwish(side, now_ms)
        return [] if agreed else self._want(side, now_ms)

    def _want(self, side: int, now_ms: int) -> list[AnyCommand]:
        """Asked, or agreed to; both need to be there for either."""
        if not self._possible or not all(seat.presence.here for seat in self._seats):
            raise NotNow
        asked = self._seats[1 - side].wants_off
        declined_ms = self._declined_ms.get(side)
        if not asked and declined_ms is not None and now_ms < declined_ms + ASK_AGAIN_MS:
            raise NotYet
        self._seats[side].wants_off = True
        return self._settle(now_ms, on=True) if asked else []

    def _unwish(self, side: int, now_ms: int) -> list[AnyCommand]:
        """Not asked any more; or the partner's wish is declined, and so is gone."""
        for other, seat in enumerate(self._seats):
            if seat.wants_off and other != side:
                self._declined_ms[other] = now_ms
            seat.wants_off = False
        return []

    def _take_back(self, side: int, now_ms: int) -> list[AnyCommand]:
        told = self._tell.send(1 - side, wire.Nudge(kind="cameras_count"))
        return [*self._settle(now_ms, on=False), *told]

    def _settle(self, now_ms: int, *, on: bool) -> list[AnyCommand]:
        return [
            command
            for side, seat in enumerate(self._seats)
            for command in self._recording.lines(side, seat.agree_off(now_ms, on=on))
        ]
