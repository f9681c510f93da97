"""What the hub wants done: the outputs of `Hub.handle`. The mirror image is `events`."""

from __future__ import annotations

from typing import Literal

import msgspec

from media import control
from scheduler.presence import PresenceEvent
from signalling.close_codes import CloseCode
from signalling.wire import Message, Path


class Command(msgspec.Struct, frozen=True):
    """Base of all outputs."""


class Send(Command, frozen=True):
    """Say this to a page."""

    conn: str
    message: Message


class Close(Command, frozen=True):
    """Close a socket, after what was said to it."""

    conn: str
    code: CloseCode


class LookUp(Command, frozen=True):
    """Ask the ledger for a booking and all that a room needs; answered by `Found` or `NotFound`."""

    conn: str
    ask: int
    """Comes back with the answer, so that an overtaken one is known."""
    booking: str


class LookUpNext(Command, frozen=True):
    """Ask the ledger whether the two of a room have another session that starts in [from, to)."""

    room: str
    members: tuple[str, str]
    from_ms: int
    to_ms: int


class Here(Command, frozen=True):
    """A member is in the seat, maybe without a partner. May be lost: it is said again."""

    member: str
    booking: str
    lost: bool = False
    """Was there until now, as far as the session's log tells, and may come back."""


class Gone(Command, frozen=True):
    """The seat was given up."""

    booking: str


class Standby(Command, frozen=True, kw_only=True):
    """Base of what a member without a partner wants; answered, or `StandbyFailed`."""

    conn: str
    request: str
    """An id of its own, so that done twice is done once."""
    member: str
    booking: str


class Seek(Standby, frozen=True, kw_only=True):
    """Look for another partner; answered by `Sought`."""

    newcomers: bool
    locked: bool


class StopSeeking(Standby, frozen=True, kw_only=True):
    """Look no longer."""


class AnswerAsk(Standby, frozen=True, kw_only=True):
    """Yes or no to what the ledger asks; answered by `Answered`."""

    accept: bool


class Record(Command, frozen=True):
    """Append to a session's event log; in order, and again until the store takes it."""

    pair: str
    events: list[PresenceEvent]


class TellWorker(Command, frozen=True):
    """Say this to an SFU worker. Lost if the link is down: every answer has its deadline."""

    worker: str
    message: control.HubMessage


class Count(Command, frozen=True):
    """One more of these, for the metrics."""

    what: Literal["messages", "rejected", "resume", "ice"]
    labels: tuple[str, ...] = ()


class Observe(Command, frozen=True):
    """How long something took, for the metrics."""

    what: Literal["join", "first_frame", "gap"]
    label: str
    seconds: float


class Report(Command, frozen=True):
    """A member sent the figures of a call that went badly."""

    path: Path
    figures: dict[str, int]


AnyCommand = (
    Send
    | Close
    | LookUp
    | LookUpNext
    | Here
    | Gone
    | Seek
    | StopSeeking
    | AnswerAsk
    | Record
    | TellWorker
    | Count
    | Observe
    | Report
)
