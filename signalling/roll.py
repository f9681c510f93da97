"""Who is missing, when the other is told, and from when on they may look for somebody else."""

from __future__ import annotations

from collections.abc import Sequence

from scheduler.rules import SECOND_MS, Rules
from scheduler.standby import change_from_ms
from signalling import wire
from signalling.plan import Plan
from signalling.seat import Seat

HEARD_WITHIN_MS = SECOND_MS
"""So long it may take the ledger, which decides, to hear that somebody went."""


class Roll:
    """The roll of one session, called at each limit."""

    def __init__(self, plan: Plan, rules: Rules, now_ms: int) -> None:
        self._plan = plan
        self._rules = rules
        self._end_ms = rules.end_ms(plan.start_ms, plan.length_min)
        self._called_ms = now_ms
        self._limits = {limit_ms for side in (0, 1) for limit_ms, _ in self._limits_of(side)}

    def next_deadline(self) -> int | None:
        return min((at for at in self._limits if at > self._called_ms), default=None)

    def call(self, now_ms: int) -> bool:
        """Whether a limit has passed since the last call."""
        due = any(self._called_ms < at <= now_ms for at in self._limits)
        self._called_ms = now_ms
        return due

    def missing(self, side: int, seats: Sequence[Seat], now_ms: int) -> wire.PartnerLate | None:
        """The last limit that this side's partner let pass, not having been in the seat since."""
        if len(seats) < 2 or now_ms >= self._end_ms:
            return None
        presence = seats[1 - side].presence
        for limit_ms, no_show in reversed(self._limits_of(1 - side)):
            if limit_ms <= now_ms and presence.absent_since(limit_ms):
                return wire.PartnerLate(
                    no_show=no_show,
                    next_ms=self._plan.start_ms + self._rules.no_show_ms,
                    change_from_ms=self.change_from_ms(side, seats),
                )
        return None

    def change_from_ms(self, side: int, seats: Sequence[Seat]) -> int:
        """From when on this side may look for another partner: never before the ledger agrees."""
        if len(seats) < 2:
            return self._start(self._rules.late_ms)
        went_ms = seats[1 - side].presence.went_ms
        return change_from_ms(
            self._rules,
            self._plan.start_ms,
            joined_ms=seats[side].came_ms,
            zero_gap=self._plan.zero_gap[1 - side],
            # Two who were brought together were both here then.
            went_ms=max(went_ms + HEARD_WITHIN_MS if went_ms else 0, self._plan.met_ms),
        )

    def _limits_of(self, side: int) -> tuple[tuple[int, bool], ...]:
        """When this side counts as late, and when as a no-show."""
        late = (self._late_ms(side), False)
        # Two who were brought together after the start are both here, or were a moment ago.
        return (late,) if self._plan.met_ms else (late, (self._start(self._rules.no_show_ms), True))

    def _late_ms(self, side: int) -> int:
        rules = self._rules
        if self._plan.met_ms:
            return self._plan.met_ms + rules.partner_gone_ms
        hurried = self._plan.zero_gap[side]
        return self._start(rules.zero_gap_late_ms if hurried else rules.late_ms)

    def _start(self, plus_ms: int) -> int:
        return self._plan.start_ms + plus_ms
