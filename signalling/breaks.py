"""Declared breaks of one member: a few minutes each, a share of the session in all."""

from __future__ import annotations

from scheduler.presence import Seen
from scheduler.rules import MINUTE_MS, Rules
from signalling.errors import BadBreak, BreakUsedUp
from signalling.transitions import Transition


class Breaks:
    """A break is over at its due time, whether or not the member says so.

    Its overrun is left alone: nothing is recorded until the member comes back.
    """

    def __init__(self, rules: Rules, length_min: int) -> None:
        self.budget_ms = int(length_min * MINUTE_MS * rules.break_share)
        self._max_ms = rules.break_max_ms
        self._started_ms: int | None = None
        self._due_ms = 0
        self._spent_ms = 0
        self._told = True
        self._last_over_ms = 0

    @property
    def until_ms(self) -> int:
        """When the break is due to end; 0 outside breaks."""
        return 0 if self._started_ms is None else self._due_ms

    def used_ms(self, now_ms: int) -> int:
        """Break time used so far, a running break included."""
        if self._started_ms is None:
            return self._spent_ms
        return self._spent_ms + min(now_ms, self._due_ms) - self._started_ms

    def over_ms(self) -> int:
        """When the last break was over, or will be: from then on a camera counts again."""
        return self._last_over_ms if self._started_ms is None else self._due_ms

    def start(self, minutes: int, now_ms: int) -> list[Transition]:
        """Begin a break, or raise; asking again during one changes nothing."""
        if not 1 <= minutes <= self._max_ms // MINUTE_MS:
            raise BadBreak(longest=self._max_ms // MINUTE_MS)
        if self._started_ms is not None and now_ms < self._due_ms:
            return []
        left_ms = self.budget_ms - self.used_ms(now_ms)
        if left_ms <= 0:
            raise BreakUsedUp(used_ms=self.used_ms(now_ms), budget_ms=self.budget_ms)
        transitions = self.back(now_ms)
        self._started_ms = now_ms
        self._due_ms = now_ms + min(minutes * MINUTE_MS, left_ms)
        self._told = False
        return [*transitions, Transition(Seen.BREAK, now_ms, minutes=minutes)]

    def back(self, now_ms: int) -> list[Transition]:
        """The member is back, early or late."""
        if self._started_ms is None:
            return []
        self._spent_ms = self.used_ms(now_ms)
        self._last_over_ms = min(now_ms, self._due_ms)
        self._started_ms = None
        return [Transition(Seen.BACK, now_ms)]

    def next_deadline(self) -> int | None:
        return None if self._started_ms is None or self._told else self._due_ms

    def woke(self, now_ms: int) -> bool:
        """Whether the member is to be told now that the break is over."""
        due = self.next_deadline()
        if due is None or now_ms < due:
            return False
        self._told = True
        return True

    def replay(self, seen: Seen, at_ms: int, minutes: int) -> None:
        """Take in a line of the session's log."""
        if seen is Seen.BREAK and self.budget_ms > self.used_ms(at_ms):
            self.start(min(max(minutes, 1), self._max_ms // MINUTE_MS), at_ms)
        elif seen is Seen.BACK:
            self.back(at_ms)
