"""Whether a member's camera is on: what the page says, and what the SFU sees of the packets.

Through the relay the packets are the truth; on the direct path only the page can tell. Transitions
are recorded with their witness. A member whose camera is off is told twice, in private.
"""

from __future__ import annotations

from scheduler.presence import Seen, Witness
from signalling.transitions import Transition

MERGE_MS = 1_000
"""Of changes that follow each other faster than this only the outcome is recorded."""
SECOND_NUDGE = 3
"""The second hint comes at this many times the first one's delay: 30 s and 90 s."""


class Camera:
    """One member's camera in one session."""

    def __init__(self, nudge_ms: int) -> None:
        self.claimed = True
        self._nudge_ms = nudge_ms
        self._relayed = False
        self._seen: bool | None = None
        self._off_ms: int | None = None
        self._changed_ms = 0
        self._nudges = 0
        self._nudged_from_ms: int | None = None
        self._witness = Witness.HUB
        self._told_on = True
        self._told_ms: int | None = None

    @property
    def shown(self) -> bool:
        """What the room shows: off if either the page or the packets say so."""
        return self.claimed and (self._seen is not False or not self._relayed)

    def claim(self, on: bool, now_ms: int) -> list[Transition]:
        """The page says whether the camera is on."""
        self.claimed = on
        return self._settle(now_ms, Witness.HUB)

    def observe(self, on: bool, at_ms: int) -> list[Transition]:
        """The SFU saw the picture stop or begin at this moment."""
        if not self._relayed:
            return []
        self._seen = on
        return self._settle(at_ms, Witness.SFU)

    def connects_anew(self) -> None:
        """The page has no connection yet. That packets ceased holds until packets come again."""
        if self._seen:
            self._seen = None

    def travel(self, relayed: bool, now_ms: int) -> list[Transition]:
        """The media takes this path from now on. What the SFU saw holds until it sees otherwise."""
        if relayed is self._relayed:
            return []
        self._relayed = relayed
        self._seen = None
        return self._settle(now_ms, Witness.HUB)

    def follow(self, former: Camera, now_ms: int) -> list[Transition]:
        """Go on in another session of the same two, on the same connection."""
        self.claimed, self._relayed, self._seen = former.claimed, former._relayed, former._seen
        return self._settle(now_ms, Witness.SFU if former._seen is False else Witness.HUB)

    def nudge_due(self, counts_from_ms: int) -> int | None:
        """When to tell the member next; time before `counts_from_ms` does not count."""
        if self._off_ms is None:
            return None
        since_ms = max(self._off_ms, counts_from_ms)
        told = self._nudges if since_ms == self._nudged_from_ms else 0
        return None if told >= 2 else since_ms + self._nudge_ms * (SECOND_NUDGE if told else 1)

    def nudged(self, counts_from_ms: int) -> int:
        """Account for one hint; which one of this stretch it is."""
        since_ms = max(self._off_ms or 0, counts_from_ms)
        self._nudges = self._nudges + 1 if since_ms == self._nudged_from_ms else 1
        self._nudged_from_ms = since_ms
        return self._nudges

    def next_deadline(self) -> int | None:
        """When a change that came too soon after the last one is recorded, if it still holds."""
        pending = self._told_on is not self._on and self._told_ms is not None
        return self._told_ms + MERGE_MS if pending and self._told_ms is not None else None

    def woke(self, now_ms: int) -> list[Transition]:
        """Record what holds by now."""
        return self._tell(now_ms)

    def replay(self, seen: Seen, at_ms: int) -> None:
        """Take in a line of the session's log."""
        if seen in (Seen.CAMERA_OFF, Seen.CAMERA_ON):
            self.claim(seen is Seen.CAMERA_ON, at_ms)
            self._told_on, self._told_ms = self._on, at_ms

    @property
    def _on(self) -> bool:
        return self._off_ms is None

    def _settle(self, at_ms: int, witness: Witness) -> list[Transition]:
        on = self._seen if self._relayed and self._seen is not None else self.claimed
        if on is self._on:
            return []
        at_ms = self._changed_ms = max(at_ms, self._changed_ms)
        self._off_ms = None if on else at_ms
        self._witness = witness
        return self._tell(at_ms)

    def _tell(self, now_ms: int) -> list[Transition]:
        soon = self._told_ms is not None and now_ms < self._told_ms + MERGE_MS
        if self._told_on is self._on or soon:
            return []
        self._told_on, self._told_ms = self._on, self._changed_ms
        seen = Seen.CAMERA_ON if self._on else Seen.CAMERA_OFF
        return [Transition(seen, self._changed_ms, self._witness)]
