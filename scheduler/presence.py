"""What was seen in a room: the transitions that hub and SFU report into a session's event log.

Only transitions are recorded, never heartbeats. The log is append-only and is the single evidence
for flags: `scheduler.judge` is a pure function of it, the rules and the platform's own outages.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

import msgspec

Cause = Literal["", "unplugged", "denied", "busy", "weak", "asleep"]
"""Why there is no picture though there should be one: a fault of device, permission or line, or a page that
its browser put to sleep. Empty: by choice, or nobody said."""


class Seen(StrEnum):
    """What can be seen of a member in a room."""

    JOIN = "join"
    """Took the seat for the first time."""
    LEAVE = "leave"
    """Pressed leave, or closed the page on purpose: gone for good unless a join follows."""
    DROP = "drop"
    """The connection ended without goodbye; a network grace begins. `closed` says whether the page
    itself closed it (a tab shut, a page left) or the line was lost."""
    REJOIN = "rejoin"
    """Back in the seat after a leave or a drop."""
    CAMERA_OFF = "camera_off"
    CAMERA_ON = "camera_on"
    BREAK = "break"
    """A declared break begins; `minutes` says how long it may last."""
    BACK = "back"
    OFF_AGREED = "off_agreed"
    """Both agreed that cameras may be off from now on; recorded once for each member."""
    OFF_OVER = "off_over"
    """One of them took that back: cameras count again for both."""
    END_AGREED = "end_agreed"
    """Both agreed to end now; recorded once for each member."""


class Witness(StrEnum):
    """Who saw it. A member's own client speaks through the hub."""

    HUB = "hub"
    SFU = "sfu"


class PresenceEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of a session's event log."""

    id: str
    """Unique per transition (`<hub epoch>:<sequence>`); the same id is recorded once."""
    member: str
    seen: Seen
    at_ms: int
    """Server time of the transition."""
    witness: Witness = Witness.HUB
    minutes: int = 0
    """Length of a declared break, else 0."""
    closed: bool = False
    """Of a drop: the page closed the connection in order, so it was no fault of a network."""
    cause: Cause = ""
    """Of a camera that is off: the fault, if it was one. Without: it is off by choice from here on."""
