"""Whether a member's camera is on: what the page says, what the SFU sees, what the partner's page sees.

A page that says off is believed. One that says on is believed unless packets show otherwise, which
only the relay can tell. The partner's page is no witness: what it says of this camera is recorded
nowhere. Where two pages connected directly contradict each other for a while, the call moves to the
relay, so that packets decide.

A camera that is off by a fault is told apart from one that is off by choice. A picture that is there
and shows nothing is nobody's to judge; its member gets a hint.

Transitions are recorded with their witness. A member whose camera is off is told twice, in private.
"""

from __future__ import annotations

from typing import Literal

from scheduler.presence import Cause, Seen, Witness
from signalling.transitions import Transition
from signalling.wire import Picture, Trouble

MERGE_MS = 1_000
"""Of changes that follow each other faster than this only the outcome is recorded."""
SECOND_NUDGE = 3
"""The second hint comes at this many times the first one's delay: 30 s and 90 s."""
DISPUTE_MS = 5_000
"""So long do two pages contradict each other before the call moves to where it can be seen."""
HINT_EVERY_MS = 300_000
"""A picture that shows nothing is mentioned once in this time."""

State = Literal["on", "off", "fault"]


class Camera:
    """One member's camera in one session."""

    def __init__(self, nudge_ms: int) -> None:
        self.claimed = True
        self.trouble: Trouble = ""
        """Why the page has no picture to send; empty: it has one, or its member wants none."""
        self._nudge_ms = nudge_ms
        self._relayed = False
        self._seen: bool | None = None
        self._state: State = "on"
        self._off_ms: int | None = None
        self._changed_ms = 0
        self._nudges = 0
        self._nudged_from_ms: int | None = None
        self._witness = Witness.HUB
        self._told: State = "on"
        self._told_ms: int | None = None
        self._arrives: Picture = "on"
        """What the partner's page said last."""
        self._doubted_ms: int | None = None
        self._hinted_ms: int | None = None

    @property
    def shown(self) -> bool:
        """What the room shows: off if either the page or the packets say so."""
        return self.claimed and (self._seen is not False or not self._relayed)

    # The own page.

    def claim(self, on: bool, now_ms: int, trouble: Trouble | None = None) -> list[Transition]:
        """The page says whether the camera is on, and what is wrong if it is not; None: as before."""
        on = on and trouble in (None, "", "weak")
        if on and not self.claimed:
            # The partner's page spoke last while none was claimed: from now on it contradicts.
            self._doubted_ms = None if self._arrives == "on" else now_ms
        self.claimed = on
        if on:
            self.trouble = ""  # Of a picture that is sent nothing is wrong, whatever packets show.
        elif trouble is not None:
            self.trouble = trouble
        return self._settle(now_ms, Witness.HUB)

    def connects_anew(self) -> None:
        """The page has no connection yet. That packets ceased holds until packets come again."""
        self._hears_nothing()
        if self._seen:
            self._seen = None

    # The SFU.

    def observe(self, on: bool, at_ms: int) -> list[Transition]:
        """The SFU saw the picture stop or begin at this moment."""
        if not self._relayed:
            return []
        self._seen = on
        return self._settle(at_ms, Witness.SFU)

    @property
    def ceased_ms(self) -> int | None:
        """Since when packets alone say that there is no picture."""
        alone = self.claimed and not self.shown
        return self._changed_ms if alone else None

    def sleep(self, sleeps: bool, at_ms: int) -> list[Transition]:
        """The page that claims a picture was put to sleep at this moment; or its picture just misses again."""
        if self.ceased_ms is None:
            return []
        self.trouble = "asleep" if sleeps else ""
        return self._settle(at_ms, Witness.SFU)

    def travel(self, relayed: bool, now_ms: int) -> list[Transition]:
        """The media takes this path from now on. What the SFU saw holds until it sees otherwise."""
        if relayed is self._relayed:
            return []
        self._relayed = relayed
        self._seen = None
        self._hears_nothing()
        return self._settle(now_ms, Witness.HUB)

    def follow(self, former: Camera, now_ms: int) -> list[Transition]:
        """Go on in another session of the same two, on the same connection."""
        self.claimed, self.trouble = former.claimed, former.trouble
        self._relayed, self._seen = former._relayed, former._seen
        self._doubted_ms, self._arrives = former._doubted_ms, former._arrives
        self._hinted_ms = former._hinted_ms
        return self._settle(now_ms, Witness.SFU if former._seen is False else Witness.HUB)

    # The partner's page.

    def reported(self, picture: Picture, now_ms: int) -> None:
        """The partner's page says how this picture arrives there."""
        self._arrives = picture
        if picture == "on":
            self._doubted_ms = None
        elif self._doubted_ms is None:
            self._doubted_ms = now_ms

    def _hears_nothing(self) -> None:
        """Of this connection the partner's page has said nothing yet."""
        self._arrives, self._doubted_ms = "on", None

    def dispute_due(self) -> int | None:
        """When the two pages will have contradicted each other for too long."""
        told = self._doubted_ms
        if told is None or self._relayed or not self.claimed or self.trouble:
            return None
        return told + DISPUTE_MS

    # Private hints.

    def off_since(self, counts_from_ms: int) -> int | None:
        """Since when it has been off by no fault; time before `counts_from_ms` does not count."""
        return None if self._off_ms is None else max(self._off_ms, counts_from_ms)

    def nudge_due(self, counts_from_ms: int) -> int | None:
        """When to tell the member next."""
        since_ms = self.off_since(counts_from_ms)
        if since_ms is None:
            return None
        told = self._nudges if since_ms == self._nudged_from_ms else 0
        return None if told >= 2 else since_ms + self._nudge_ms * (SECOND_NUDGE if told else 1)

    def nudged(self, counts_from_ms: int) -> int:
        """Account for one hint; which one of this stretch it is."""
        since_ms = max(self._off_ms or 0, counts_from_ms)
        self._nudges = self._nudges + 1 if since_ms == self._nudged_from_ms else 1
        self._nudged_from_ms = since_ms
        return self._nudges

    def hint(self, now_ms: int) -> bool:
        """Whether to mention now that the picture shows nothing; if so, it is accounted for."""
        last = self._hinted_ms
        if not self.claimed or (last is not None and now_ms < last + HINT_EVERY_MS):
            return False
        self._hinted_ms = now_ms
        return True

    # Time, and the log.

    def next_deadline(self) -> int | None:
        """When a change that came too soon after the last one is recorded, if it still holds."""
        if self._told == self._state or self._told_ms is None:
            return None
        return self._told_ms + MERGE_MS

    def woke(self, now_ms: int) -> list[Transition]:
        """Record what holds by now."""
        return self._tell(now_ms)

    def replay(self, seen: Seen, at_ms: int, cause: Cause = "") -> None:
        """Take in a line of the session's log."""
        if seen in (Seen.CAMERA_OFF, Seen.CAMERA_ON):
            self.claim(seen is Seen.CAMERA_ON, at_ms, cause)
            self._told, self._told_ms = self._state, at_ms

    # Inside.

    def _settle(self, at_ms: int, witness: Witness) -> list[Transition]:
        if self.shown and self.trouble == "asleep":
            self.trouble = ""
        state: State = "on" if self.shown else "fault" if self.trouble else "off"
        if state == self._state:
            return []
        at_ms = self._changed_ms = max(at_ms, self._changed_ms)
        self._state = state
        self._off_ms = at_ms if state == "off" else None
        self._witness = witness
        return self._tell(at_ms)

    def _tell(self, now_ms: int) -> list[Transition]:
        soon = self._told_ms is not None and now_ms < self._told_ms + MERGE_MS
        if self._told == self._state or soon:
            return []
        self._told, self._told_ms = self._state, self._changed_ms
        seen = Seen.CAMERA_ON if self._state == "on" else Seen.CAMERA_OFF
        cause = self.trouble if self._state == "fault" else ""
        return [Transition(seen, self._changed_ms, self._witness, cause=cause)]
