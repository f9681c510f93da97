"""What a room is made from, and what a page brings along."""

from __future__ import annotations

from typing import Any

import msgspec

from scheduler.bookings import State
from scheduler.rules import Rules
from signalling.call import Held
from signalling.config import HubConfig
from signalling.events import Found, Missed
from signalling.fleet import Fleet
from signalling.ports import Member
from signalling.transitions import Ids


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """A session as the ledger has it, for a pair or for a member who waits alone."""

    pair: str
    """Empty for a member who waits alone."""
    bookings: tuple[str, ...]
    members: tuple[Member, ...]
    """In the order of `bookings`."""
    start_ms: int
    length_min: int
    locked: bool = False
    met_ms: int = 0
    """When the two were brought together, if that was after the start."""
    zero_gap: tuple[bool, ...] = (False, False)
    """Whose session before ended at the start."""
    friends: bool = False

    @property
    def key(self) -> str:
        """The room's name inside the hub."""
        return self.pair or self.bookings[0]

    def in_order_of(self, members: tuple[str, ...]) -> Plan:
        """The same with its two sides as named, so that a side stays a side from room to room."""
        if members[0] == self.members[0].id:
            return self
        turned = ("bookings", "members", "zero_gap")
        return msgspec.structs.replace(
            self, **{name: tuple(reversed(getattr(self, name))) for name in turned}
        )


class Shared(msgspec.Struct, frozen=True, kw_only=True):
    """What all rooms of a hub have in common."""

    rules: Rules
    config: HubConfig
    fleet: Fleet
    ids: Ids


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """A page that takes a seat."""

    conn: str
    tab: str
    title: str
    camera: bool
    mic: bool
    held: Held = Held()
    came_ms: int = 0
    """When its member came to this session, if not now: from another room of the same booking."""
    missed: Missed | None = None


def plan_of(found: Found) -> Plan:
    """The room of a booking that was looked up."""
    booking, pair = found.booking, found.pair
    session: dict[str, Any] = {
        "members": found.members,
        "start_ms": booking.start_ms,
        "length_min": booking.length_min,
    }
    if pair is None or booking.state is State.WAITING:
        return Plan(pair="", bookings=(booking.id,), **session)
    return Plan(
        pair=pair.id,
        bookings=pair.bookings,
        locked=pair.locked,
        met_ms=pair.met_ms,
        zero_gap=pair.zero_gap,
        friends=found.friends,
        **session,
    )
