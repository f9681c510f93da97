"""Whether the two of a room go on together in their next session, and when.

The ledger is asked shortly before E whether there is such a session, and again at the moment itself,
so that what was cancelled or booked meanwhile counts. Without one nothing is asked a second time.
"""

from __future__ import annotations

from zlib import crc32

from scheduler.rules import MINUTE_MS, SECOND_MS, Rules
from signalling.plan import Plan

GAP_MS = 15 * MINUTE_MS
"""The next session starts at most so long after E."""
LOOK_MS = 2 * MINUTE_MS
"""When to look for one first, before E; rooms that end together spread over the minute after it."""
AGAIN_MS = SECOND_MS


class Onward:
    """Says when to look, and whether it is time to go."""

    def __init__(self, plan: Plan, rules: Rules, closes_ms: int) -> None:
        self._rules = rules
        self._closes_ms = closes_ms
        self.from_ms = rules.end_ms(plan.start_ms, plan.length_min)
        """E: the next session starts at or after it."""
        self.to_ms = self.from_ms + GAP_MS + 1
        """And before this."""
        spread_ms = crc32(plan.pair.encode()) % MINUTE_MS
        self._due_ms: int | None = self.from_ms - LOOK_MS + spread_ms if plan.pair else None
        self._exists = False
        self._both_wish = False

    def next_deadline(self) -> int | None:
        return self._due_ms

    def may_wish(self, now_ms: int) -> bool:
        """Whether leaving for the next session is no early leave any more."""
        return now_ms >= self.from_ms - self._rules.early_leave_ms

    def wish(self, now_ms: int) -> None:
        """Both want to go on at once."""
        self._both_wish = True
        self._due_ms = now_ms

    def may_exist(self, now_ms: int) -> None:
        """The two got another session after this one."""
        self._due_ms = now_ms if now_ms >= self.from_ms - LOOK_MS else self._due_ms

    def returned(self, now_ms: int) -> None:
        """A page took its seat: if they would have gone on, now is the time."""
        if self._exists and now_ms >= self.from_ms:
            self._due_ms = now_ms

    def look(self, now_ms: int) -> bool:
        """Whether the ledger is to be asked now."""
        if self._due_ms is None or now_ms < self._due_ms:
            return False
        self._due_ms = None
        return now_ms < self._closes_ms

    def away(self, now_ms: int) -> None:
        """The ledger does not answer."""
        self._due_ms = now_ms + AGAIN_MS

    def none(self) -> None:
        """There is no such session."""
        self._exists = False

    def found(self, opens_ms: int, now_ms: int) -> bool:
        """There is one, whose doors open then; whether to go now."""
        self._exists = True
        go_ms = opens_ms if self._both_wish else max(self.from_ms, opens_ms)
        if now_ms < go_ms:
            self._due_ms = go_ms
        return now_ms >= go_ms
