"""What goes over the wire of flags."""

from __future__ import annotations

from typing import Literal

from scheduler.flags import Fault
from scheduler.presence import Cause, Seen
from scheduler.web.schemas import Instant, Out


class SeenView(Out, frozen=True, kw_only=True):
    """One thing that was seen in the room."""

    who: Literal["you", "partner"]
    seen: Seen
    at: Instant
    minutes: int
    closed: bool
    """Of a drop: the page was closed, no line was lost."""
    cause: Cause
    """Of a camera that is off: the fault, if it was one."""


class FlagView(Out, frozen=True, kw_only=True):
    """An own flag: the fault, what was measured, the limit it passed, and what was seen."""

    pair: str
    booking: str
    fault: Fault
    at: Instant
    measured_ms: int
    limit_ms: int
    start: Instant
    length_min: int
    announced: bool
    """Of lateness: you had written to the partner shortly before."""
    timeline: list[SeenView]


class FlagsOut(Out, frozen=True, kw_only=True):
    flags: list[FlagView]
