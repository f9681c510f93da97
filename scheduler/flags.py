"""A flag: a fault with its evidence."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Fault(StrEnum):
    """What a flag says, heaviest first."""

    NO_SHOW = "no_show"
    EARLY_LEAVE = "early_leave"
    LATE = "late"
    CAMERA_OFF = "camera_off"
    LATE_CANCEL = "late_cancel"


class Flag(msgspec.Struct, frozen=True, kw_only=True):
    """A fault of one member in one session, with everything needed to check it again."""

    pair: str
    member: str
    booking: str
    fault: Fault
    at_ms: int
    """The moment the fault is about: the late join, the leave, the camera going off, T for a no-show."""
    measured_ms: int
    """What was measured: how late, how long off, how long before E or T."""
    limit_ms: int
    """The rule's number it was held against."""
    start_ms: int
    length_min: int
    rules_version: int
    announced: bool = False
    """Of lateness: the member had written to the partner shortly before T."""
