"""What is seen of a room's members, on its way into the sessions' logs."""

from __future__ import annotations

from collections.abc import Sequence

from scheduler.presence import Seen
from scheduler.rules import Rules
from signalling.admission import doors
from signalling.commands import AnyCommand, Record
from signalling.plan import Plan
from signalling.seat import Seat
from signalling.transitions import Ids, Transition, lines


class Recording:
    """Nothing is recorded for a member without a pair, but that who was given up in one came."""

    def __init__(self, plan: Plan, seats: Sequence[Seat], rules: Rules, ids: Ids) -> None:
        self._pair = plan.pair
        self._seats = seats
        self._doors = doors(rules, plan.start_ms, plan.length_min)
        self._ids = ids
        self._over = False

    def end(self) -> None:
        """The pair is no more."""
        self._over = True

    def lines(self, side: int, seen: list[Transition]) -> list[AnyCommand]:
        """Record what was seen of this side."""
        if self._over or not seen:
            return []
        missed = self._seats[side].missed
        came = [transition for transition in seen if transition.seen is Seen.JOIN]
        # The verdict on who was given up depends on when they came after all.
        out = self._record(missed.pair, side, came) if missed else []
        return out + (self._record(self._pair, side, seen) if self._pair else [])

    def _record(self, pair: str, side: int, seen: list[Transition]) -> list[AnyCommand]:
        events = lines(self._ids, self._seats[side].member.id, seen, *self._doors)
        return [Record(pair, events)] if events else []
