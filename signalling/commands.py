"""What the hub wants done: the outputs of `Hub.handle`. The mirror image is `events`."""

from __future__ import annotations

from typing import Literal

import msgspec

from media import control
from scheduler.presence import PresenceEvent
from signalling.close_codes import CloseCode
from signalling.wire import Message


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

    what: Literal["join", "first_frame"]
    label: str
    seconds: float


AnyCommand = Send | Close | LookUp | Record | TellWorker | Count | Observe
