"""What happened in the ledger, told to others through the outbox stream.

Each ledger function appends its events in the same call that makes the change. The hubs, the
mailer and the judge read them; an entry's stream id is its offset for every reader.
"""

from __future__ import annotations

import re

import msgspec


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


class Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag=_snake):
    """Base of all outbox events; `at_ms` is the ledger's own time."""

    at_ms: int


class Booked(Event, frozen=True, kw_only=True):
    """A booking was made and waits for a partner."""

    booking: str
    member: str
    start_ms: int
    length_min: int


class Matched(Event, frozen=True, kw_only=True):
    """Two bookings became a pair."""

    pair: str
    bookings: tuple[str, str]
    members: tuple[str, str]
    start_ms: int
    length_min: int
    waited_ms: tuple[int, int] = (0, 0)
    """How long each had waited since booking, in the order of `members`."""


class Unmatched(Event, frozen=True, kw_only=True):
    """The partner cancelled: this booking waits again."""

    booking: str
    member: str
    former: str
    """The member who went."""
    start_ms: int
    length_min: int


class Cancelled(Event, frozen=True, kw_only=True):
    """A booking was cancelled by its member, or by the system when `by_system`."""

    booking: str
    member: str
    start_ms: int
    length_min: int
    created_ms: int
    pair: str | None = None
    """The pair it ended, if it was matched."""
    partner: str | None = None
    by_system: bool = False


class PoolChanged(Event, frozen=True, kw_only=True):
    """Somebody began or ceased to wait at this slot."""

    start_ms: int
    length_min: int


class LateDue(Event, frozen=True, kw_only=True):
    """T plus `late_ms` passed and this member has not joined."""

    pair: str
    booking: str
    member: str


class NoShowDue(Event, frozen=True, kw_only=True):
    """T plus `no_show_ms` passed and this member has not joined."""

    pair: str
    booking: str
    member: str


class Ended(Event, frozen=True, kw_only=True):
    """E passed: the bookings are done. `pair` is None for a booking that never found a partner."""

    bookings: tuple[str, ...]
    members: tuple[str, ...]
    pair: str | None = None


class Closed(Event, frozen=True, kw_only=True):
    """Doors closed: the session can be judged. Told again when its log grew after the verdict."""

    pair: str


class Settled(Event, frozen=True, kw_only=True):
    """A session was judged; the flagged members are named."""

    pair: str
    members: tuple[str, ...]
    flagged: tuple[str, ...]


class SignedOut(Event, frozen=True, kw_only=True):
    """Sign-in sessions of a member ended: hubs close the sockets that used them."""

    member: str
    session: str | None = None
    """Hash of the one session, or None for all."""


class ClockMoved(Event, frozen=True, kw_only=True):
    """The ledger's clock was set forward (tests and the demo only)."""

    offset_ms: int


AnyEvent = (
    Booked
    | Matched
    | Unmatched
    | Cancelled
    | PoolChanged
    | LateDue
    | NoShowDue
    | Ended
    | Closed
    | Settled
    | SignedOut
    | ClockMoved
)
