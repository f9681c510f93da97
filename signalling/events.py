"""What happens to the hub: the inputs of `Hub.handle`. The mirror image is `commands`."""

from __future__ import annotations

from typing import Literal

import msgspec

from media import control
from scheduler import events as ledger
from scheduler.bookings import Booking, Pair
from scheduler.presence import PresenceEvent
from scheduler.standby import Search
from signalling.ports import Member
from signalling.wire import ClientMessage


class Event(msgspec.Struct, frozen=True):
    """Base of all inputs."""


# From sockets.


class Opened(Event, frozen=True):
    """A socket of a signed-in member opened."""

    conn: str
    member: str
    session: str
    """Hash of the sign-in session."""


class Received(Event, frozen=True):
    """A page said something."""

    conn: str
    message: ClientMessage


class Garbled(Event, frozen=True):
    """A page sent a frame that is no message."""

    conn: str
    code: str
    text: str


class Lost(Event, frozen=True):
    """A socket is gone, by whichever side."""

    conn: str
    closed: bool = False
    """The page closed it in order: its tab was shut, or went elsewhere."""


class SignInEnded(Event, frozen=True):
    """A look at the sign-in of an open socket found it ended."""

    conn: str


# From the ledger.


class Missed(msgspec.Struct, frozen=True, kw_only=True):
    """A pair in which a member was late, and whose other member did not wait."""

    pair: str
    former: str
    """The name of the partner of then."""
    at_ms: int
    """When they went on with somebody else."""


class Found(Event, frozen=True):
    """The answer to `LookUp`."""

    conn: str
    ask: int
    booking: Booking
    pair: Pair | None
    """The booking's pair, while it is not dissolved."""
    members: tuple[Member, ...]
    """In the order of the pair; the one member alone without a pair."""
    log: list[PresenceEvent]
    """The session's event log so far."""
    friends: bool = False
    """The two are friends; asked only where that decides who may connect directly."""
    missed: Missed | None = None


class NotFound(Event, frozen=True):
    """The other answer to `LookUp`: there is no such booking, or the store is `away`."""

    conn: str
    ask: int
    away: bool


class FoundNext(Event, frozen=True):
    """The answer to `LookUpNext`: the next session of the same two, if there is one."""

    room: str
    next: Found | None
    titles: tuple[str, ...] = ()
    """Of the bookings, in the order of the pair."""
    away: bool = False
    """The store did not answer."""


class Sought(Event, frozen=True):
    """The answer to `Seek`."""

    conn: str
    request: str
    search: Search


class Answered(Event, frozen=True):
    """The ledger took an answer to what it asks."""

    conn: str
    request: str


class StandbyFailed(Event, frozen=True):
    """What a page wanted of the ledger was refused, or the store is away (`unavailable`)."""

    conn: str
    request: str
    what: Literal["seek", "stop_seeking", "answer"]
    code: str
    from_ms: int = 0
    """When it will be possible, if it is too early."""


class Told(Event, frozen=True):
    """The outbox tells of a change."""

    offset: str
    event: ledger.AnyEvent


class OutboxBroken(Event, frozen=True):
    """Events were missed, or the outbox began anew: continue from here."""

    epoch: str
    offset: str


# From the links to SFU workers.


class WorkerUp(Event, frozen=True):
    worker: str


class WorkerSilent(Event, frozen=True):
    """Three heartbeats did not come: it is frozen, or far away. `WorkerUp` when they come again."""

    worker: str


class WorkerDown(Event, frozen=True):
    """The link broke: the worker is gone, or was silent for long."""

    worker: str


class WorkerSaid(Event, frozen=True):
    worker: str
    message: control.WorkerMessage


# From the loop.


class Woke(Event, frozen=True):
    """The deadline has come."""


class Draining(Event, frozen=True):
    """The process is about to end: pages are sent elsewhere, room after room."""

    at_once: bool = False
    """No time is left for that."""


AnyInput = (
    Opened
    | Received
    | Garbled
    | Lost
    | SignInEnded
    | Found
    | NotFound
    | FoundNext
    | Sought
    | Answered
    | StandbyFailed
    | Told
    | OutboxBroken
    | WorkerUp
    | WorkerSilent
    | WorkerDown
    | WorkerSaid
    | Woke
    | Draining
)
